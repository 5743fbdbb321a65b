import { Send } from 'lucide-react'
import { useState } from 'react'
import { changeChannels, readChannels, tryMailServer } from '../../../contract/channels.ts'
import { OWN_MAIL_PER_HOUR } from '../../../core/channel-settings.ts'
import { Banner } from '../../../ui/Banner.tsx'
import { Button } from '../../../ui/Button.tsx'
import { Switch } from '../../../ui/Checkbox.tsx'
import { Dialog } from '../../../ui/Dialog.tsx'
import { Field } from '../../../ui/Field.tsx'
import { Input, PasswordInput } from '../../../ui/Input.tsx'
import { Select } from '../../../ui/Select.tsx'
import { toast } from '../../../ui/toasts.ts'
import { api, askAgain, type Seen } from '../../api.ts'
import { useHere } from '../../session.ts'
import { useDoing } from '../../useDoing.ts'

type Ways = Seen<typeof readChannels>['data']
type Own = NonNullable<Ways['email']['own']>
type Tls = Own['tls']
type Tried = Seen<typeof tryMailServer>['data']

const PORT_OF: { readonly [tls in Tls]: string } = { starttls: '587', implicit: '465' }
const FRESH = {
  ...{ host: '', port: PORT_OF.starttls, tls: 'starttls' as Tls, user: '', password: '' },
  ...{ from: '', name: '', perHour: String(OWN_MAIL_PER_HOUR) },
}
type Words = typeof FRESH

const wordsOf = (own: Own | null): Words =>
  own === null
    ? FRESH
    : {
        ...{ host: own.host, port: String(own.port), tls: own.tls, user: own.user, password: '' },
        ...{ from: own.from, name: own.name ?? '', perHour: String(own.perHour) },
      }

const serverIn = (words: Words) => ({
  host: words.host.trim(),
  port: Number(words.port),
  tls: words.tls,
  user: words.user.trim(),
  from: words.from.trim(),
  name: words.name.trim() === '' ? null : words.name.trim(),
  ...(words.password === '' ? {} : { password: words.password }),
})

/** A mail server of one's own: closed until it is wanted, tried before it is kept, switched by hand. */
export function OwnMail({ of, etag }: { readonly of: Ways; readonly etag: string | null }) {
  const { own } = of.email
  const [open, setOpen] = useState(false)
  if (own === null && !open)
    return (
      <div className="grid justify-items-start gap-2">
        <p className="max-w-prose text-muted-foreground">
          Letters can also go by your own mail account, so that they come from your address and answers come
          back to it.
        </p>
        <Button onClick={() => setOpen(true)}>Use your own mail server</Button>
      </div>
    )
  const { hasPassword: _, use: __, ...kept } = own ?? { hasPassword: false, use: false }
  return <OwnServer key={JSON.stringify(kept)} of={of} etag={etag} onClose={() => setOpen(false)} />
}

function OwnServer({
  of,
  etag,
  onClose,
}: {
  readonly of: Ways
  readonly etag: string | null
  readonly onClose: () => void
}) {
  const { vendor } = useHere()
  const { own } = of.email
  const { busy, act } = useDoing()
  const [words, setWords] = useState<Words>(wordsOf(own))
  const [tried, setTried] = useState<Tried | null>(null)
  const [trying, setTrying] = useState(false)
  const set = (more: Partial<Words>) => {
    setWords((now) => ({ ...now, ...more }))
    setTried(null)
  }
  const text = (name: 'host' | 'port' | 'user' | 'from' | 'name' | 'perHour') => ({
    value: words[name],
    spellCheck: false,
    onChange: (event: { target: { value: string } }) => set({ [name]: event.target.value }),
  })
  const before = wordsOf(own)
  const same = (Object.keys(words) as (keyof Words)[]).every((name) => words[name] === before[name])
  const moved = (['host', 'port', 'tls', 'user'] as const).some((name) => words[name] !== before[name])
  const knowsPassword = words.password !== '' || (own?.hasPassword === true && !moved)
  const complete = [words.host, words.port, words.user, words.from].every((one) => one.trim() !== '')
  const ready = complete && knowsPassword

  const change = async (email: object, seen = etag) => {
    await api(changeChannels, { params: { vendor }, body: { email }, ifMatch: seen ?? '*' })
    await askAgain(readChannels)
  }
  const save = () =>
    act(async () => {
      await change({ own: { ...serverIn(words), perHour: Number(words.perHour) } })
      setWords((now) => ({ ...now, password: '' }))
      toast(own?.use ? 'Kept. Letters go this way.' : 'Kept. Switch it on when you are ready.')
    })
  const turn = (use: boolean) =>
    act(async () => {
      await change({ own: { use } })
      toast(use ? 'Letters go by your own server' : 'Letters go by the house’s way again', {
        undo: () => act(() => change({ own: { use: !use } }, null)),
      })
    })
  const [leaving, setLeaving] = useState(false)
  const forget = () =>
    act(async () => {
      await change({ own: null })
      onClose()
      toast('Forgotten, and its password with it')
    })
  const attempt = () =>
    act(async () => {
      setTrying(true)
      setTried(null)
      try {
        setTried((await api(tryMailServer, { params: { vendor }, body: serverIn(words) })).data)
      } finally {
        setTrying(false)
      }
    })

  return (
    <div className="grid gap-3 rounded-lg border border-border p-4">
      <h3 className="font-strong">Your own mail server</h3>
      <div className="grid items-start gap-4 md:grid-cols-2">
        <Field label="Server" hint="As your mail provider names it for outgoing mail.">
          <Input {...text('host')} placeholder="smtp.example.com" />
        </Field>
        <div className="grid grid-cols-[1fr_6rem] gap-3">
          <Field label="Encryption">
            <Select
              value={words.tls}
              choices={[
                { value: 'starttls', label: 'STARTTLS' },
                { value: 'implicit', label: 'TLS' },
              ]}
              onChange={(event) => {
                const tls: Tls = event.target.value === 'implicit' ? 'implicit' : 'starttls'
                const usual = words.port === '' || words.port === PORT_OF[words.tls]
                set({ tls, ...(usual ? { port: PORT_OF[tls] } : {}) })
              }}
            />
          </Field>
          <Field label="Port">
            <Input {...text('port')} inputMode="numeric" />
          </Field>
        </div>
        <Field label="User" hint="Mostly the whole mail address.">
          <Input {...text('user')} autoComplete="off" />
        </Field>
        <Field
          label="Password"
          hint={
            own?.hasPassword && !moved
              ? 'There is one. It is never shown again.'
              : own?.hasPassword
                ? 'For another server or user it is entered anew.'
                : 'Kept sealed, never shown again. Often one made for programs.'
          }
        >
          <PasswordInput
            value={words.password}
            autoComplete="off"
            placeholder={own?.hasPassword && !moved ? '••••••••' : ''}
            onChange={(event) => set({ password: event.target.value })}
          />
        </Field>
        <Field label="Letters come from" hint="An address this account may send for.">
          <Input {...text('from')} type="email" placeholder="hello@example.com" />
        </Field>
        <Field label="Sender’s name" optional hint="Otherwise the name of your business.">
          <Input {...text('name')} />
        </Field>
        <Field
          label="At most in an hour"
          hint="Providers shut out whoever sends too much. What is more waits."
        >
          <Input {...text('perHour')} inputMode="numeric" />
        </Field>
      </div>
      <div className="flex flex-wrap gap-2">
        <Button icon={Send} busy={trying} disabled={busy || !ready} onClick={attempt}>
          {trying ? 'Trying' : 'Try it: send me a letter'}
        </Button>
        <Button look="primary" busy={busy && !trying} disabled={busy || same || !ready} onClick={save}>
          {same && own !== null ? 'Nothing to save' : 'Keep this server'}
        </Button>
        <span className="flex-1" />
        {own === null ? (
          <Button look="ghost" onClick={onClose}>
            Cancel
          </Button>
        ) : (
          <Dialog
            open={leaving}
            onOpenChange={setLeaving}
            trigger={
              <Button look="ghost" disabled={busy}>
                Forget it
              </Button>
            }
            title="Forget your mail server?"
            description="Its address and its password are gone from this moment, and letters go by the house’s way. To use it again, type them again."
            actions={
              <>
                <Button onClick={() => setLeaving(false)}>Cancel</Button>
                <Button look="danger" busy={busy} onClick={forget}>
                  Forget the server
                </Button>
              </>
            }
          />
        )}
      </div>
      {tried && (
        <Banner live kind={tried.ok ? 'success' : 'warning'} title={tried.says}>
          {tried.help ?? `It took ${tried.tookMs} ms.`}
        </Banner>
      )}
      {own !== null && (
        <Switch checked={own.use} disabled={busy || !own.hasPassword} onChange={turn}>
          Send letters by this server
        </Switch>
      )}
      {own !== null && !own.use && (
        <p className="text-small text-muted-foreground">
          {of.house.from
            ? `Off: letters go by the mail server of this house, from ${of.house.from}.`
            : 'Off: this house has no mail server, so letters lie in the captured mailbox.'}
        </p>
      )}
    </div>
  )
}
