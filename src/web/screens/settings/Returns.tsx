import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Send } from 'lucide-react'
import { useState } from 'react'
import { changeChannels, readChannels, tryReturns } from '../../../contract/channels.ts'
import { Banner } from '../../../ui/Banner.tsx'
import { Button } from '../../../ui/Button.tsx'
import { Switch } from '../../../ui/Checkbox.tsx'
import { Field } from '../../../ui/Field.tsx'
import { Input } from '../../../ui/Input.tsx'
import { LINK } from '../../../ui/Type.tsx'
import { toast } from '../../../ui/toasts.ts'
import { api, askAgain, asks, type Seen } from '../../api.ts'
import { useHere } from '../../session.ts'
import { cityOf, hereZone, tellMoment } from '../../times.ts'
import { useDoing } from '../../useDoing.ts'

type Ways = Seen<typeof readChannels>['data']
type Kept = NonNullable<Ways['email']['returns']>
type Trial = NonNullable<Kept['trial']>
type Tried = Seen<typeof tryReturns>['data']

/** Mail that comes back: closed until it is wanted, tried before anything hangs on it, switched by hand. */
export function Returns({ of, etag }: { readonly of: Ways; readonly etag: string | null }) {
  const { returns } = of.email
  const [open, setOpen] = useState(false)
  if (returns === null && !open)
    return (
      <div className="grid justify-items-start gap-2">
        <p className="max-w-prose text-muted-foreground">
          When an address does not exist any more, a letter comes back minutes later, and answers go to your
          mailbox. With a mail domain of its own for them, both are heard here.
        </p>
        <Button onClick={() => setOpen(true)}>Hear what comes back</Button>
      </div>
    )
  return <Domain key={returns?.domain ?? ''} of={of} etag={etag} onClose={() => setOpen(false)} />
}

function Domain({
  of,
  etag,
  onClose,
}: {
  readonly of: Ways
  readonly etag: string | null
  readonly onClose: () => void
}) {
  const { vendor } = useHere()
  const { returns } = of.email
  const { busy, act } = useDoing()
  const [domain, setDomain] = useState(returns?.domain ?? '')
  const same = domain.trim().toLowerCase() === (returns?.domain ?? '')
  const change = async (body: Partial<Kept> | null, seen = etag) => {
    const email = { returns: body } as never
    await api(changeChannels, { params: { vendor }, body: { email }, ifMatch: seen ?? '*' })
    await askAgain(readChannels)
  }
  const save = () =>
    act(async () => {
      await change({ domain: domain.trim() })
      toast('Kept. Try it before you switch anything on.')
    })
  const forget = () =>
    act(async () => {
      await change(null)
      onClose()
      toast('Forgotten. Letters leave as they did before', {
        undo: () => act(() => change(returns && withoutTrial(returns), null)),
      })
    })
  const turn = (what: 'bounces' | 'answers', said: string) => (on: boolean) =>
    act(async () => {
      await change({ [what]: on })
      toast(on ? said : 'Switched off', { undo: () => act(() => change({ [what]: !on }, null)) })
    })
  return (
    <div className="grid gap-3 rounded-lg border border-border p-4">
      <h3 className="font-strong">Mail that comes back</h3>
      <Field
        label="Mail domain for returns"
        hint="One of its own, such as returns.example.com. Your usual mail stays where it is."
      >
        <Input
          value={domain}
          spellCheck={false}
          placeholder="returns.example.com"
          onChange={(event) => setDomain(event.target.value)}
        />
      </Field>
      <div className="flex flex-wrap gap-2">
        <Button look="primary" busy={busy} disabled={busy || same || domain.trim() === ''} onClick={save}>
          {same && returns !== null ? 'Nothing to save' : 'Keep this domain'}
        </Button>
        <span className="flex-1" />
        {returns === null ? (
          <Button look="ghost" onClick={onClose}>
            Cancel
          </Button>
        ) : (
          <Button look="ghost" disabled={busy} onClick={forget}>
            Forget it
          </Button>
        )}
      </div>
      {returns !== null && (
        <>
          <HowItComesIn domain={returns.domain} inbound={of.email.inbound} />
          <Attempt trial={returns.trial} />
          <Switch
            checked={returns.bounces}
            disabled={busy}
            onChange={turn('bounces', 'Letters that come back are heard from now on')}
          >
            Hear of letters that come back
          </Switch>
          <Switch
            checked={returns.answers}
            disabled={busy}
            onChange={turn('answers', 'Answers are heard from now on')}
          >
            Hear answers
          </Switch>
          <p className="max-w-prose text-small text-muted-foreground">
            Answers go on coming to your own mailbox: the return address stands beside it. An automatic reply
            is noted and never taken for an answer.
          </p>
        </>
      )}
    </div>
  )
}

const withoutTrial = ({ domain, bounces, answers }: Kept) => ({ domain, bounces, answers })

function HowItComesIn({ domain, inbound }: { readonly domain: string; readonly inbound: string }) {
  return (
    <details>
      <summary className="cursor-pointer rounded-xs text-small font-medium text-link">
        How mail for {domain} comes here
      </summary>
      <div className="mt-3 grid gap-3">
        <p className="max-w-prose">
          <b>In any case.</b> The SPF record of {domain} names the server that sends your letters, or they may
          be taken for spam.
        </p>
        <p className="max-w-prose">
          <b>By a mail provider.</b> Point the MX record of {domain} to a provider that receives mail and
          calls an address with it (often called “inbound parse”), and have it call the address below with the
          raw mail. Its password is an{' '}
          <Link to="/settings/$part" params={{ part: 'keys' }} className={LINK}>
            API key
          </Link>{' '}
          that may tell that something happened.
        </p>
        <Field label="Address to call" hint="As https://mail:KEY@… where the provider takes a password.">
          <Input value={inbound} readOnly onFocus={(event) => event.target.select()} />
        </Field>
        <p className="max-w-prose">
          <b>By a mail server of your own.</b> Whoever runs this house lets Postfix or Exim hand the mail of{' '}
          {domain} to <code className="whitespace-nowrap">wedsync mail-in</code>. The lines for both stand in
          docs/returned-mail.md.
        </p>
      </div>
    </details>
  )
}

const WATCHED_MS = 180_000
const ASKED_EVERY_MS = 3_000

function Attempt({ trial }: { readonly trial: Trial | null }) {
  const { vendor } = useHere()
  const { busy, act } = useDoing()
  const [tried, setTried] = useState<Tried | null>(null)
  const [until, setUntil] = useState(0)
  const waits = tried?.ok === true && trial?.heard === null && Date.now() < until
  useQuery({
    ...asks(readChannels, { params: { vendor } }),
    refetchInterval: waits ? ASKED_EVERY_MS : false,
  })
  const attempt = () =>
    act(async () => {
      setTried(null)
      setTried((await api(tryReturns, { params: { vendor } })).data)
      setUntil(Date.now() + WATCHED_MS)
      await askAgain(readChannels)
    })
  return (
    <div className="grid gap-2">
      <div>
        <Button icon={Send} busy={busy} onClick={attempt}>
          {busy ? 'Sending' : 'Try it: send a letter there'}
        </Button>
      </div>
      {tried && !tried.ok ? (
        <Banner live kind="warning" title={tried.says}>
          {tried.help}
        </Banner>
      ) : (
        trial && <Came trial={trial} waits={waits} />
      )}
    </div>
  )
}

const told = (at: string): string => `${tellMoment(at, hereZone())} ${cityOf(hereZone())}`

const Came = ({ trial, waits }: { readonly trial: Trial; readonly waits: boolean }) =>
  trial.heard === null ? (
    <Banner live kind={waits ? 'info' : 'warning'} title={waits ? 'On its way' : 'It has not come in yet'}>
      {`A letter was sent there on ${told(trial.sent)}. ${waits ? 'This page says when it comes in.' : 'Look at the MX record and at what your provider says of it, then try again.'}`}
    </Banner>
  ) : (
    <Banner live kind="success" title="Mail comes in">
      {`The letter that was sent there came in on ${told(trial.heard)}.`}
    </Banner>
  )
