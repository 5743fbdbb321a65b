import { useQuery } from '@tanstack/react-query'
import { PlugZap } from 'lucide-react'
import { useState } from 'react'
import { changeChannels, checkChannel, readChannels } from '../../../contract/channels.ts'
import { liftSuppression, listSuppressions } from '../../../contract/suppressions.ts'
import { Badge } from '../../../ui/Badge.tsx'
import { Banner } from '../../../ui/Banner.tsx'
import { Button } from '../../../ui/Button.tsx'
import { Switch } from '../../../ui/Checkbox.tsx'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { Field } from '../../../ui/Field.tsx'
import { Input, PasswordInput } from '../../../ui/Input.tsx'
import { Section } from '../../../ui/Type.tsx'
import { toast } from '../../../ui/toasts.ts'
import { Answer } from '../../Answer.tsx'
import { api, askAgain, asks, newKey, type Seen } from '../../api.ts'
import { holdBack, useHeldBack } from '../../held-back.ts'
import { useHere } from '../../session.ts'
import { cityOf, hereZone, tellMoment } from '../../times.ts'
import { useDoing } from '../../useDoing.ts'
import { OwnMail } from './OwnMail.tsx'
import { Returns } from './Returns.tsx'

type Ways = Seen<typeof readChannels>['data']
type Way = 'email' | 'sms'

/** By which ways messages leave, whether they do, and whom they never reach. */
export function Channels() {
  const { vendor } = useHere()
  const ways = useQuery(asks(readChannels, { params: { vendor } }))
  return (
    <>
      <Answer of={ways} lines={8}>
        {({ data, etag }) => (
          <>
            <Mail of={data} etag={etag} />
            <Texts of={data} etag={etag} />
          </>
        )}
      </Answer>
      <KeptFrom />
    </>
  )
}

async function change(
  vendor: string,
  body: { email?: { sending: boolean }; sms?: Record<string, unknown> },
  etag: string | null,
) {
  await api(changeChannels, { params: { vendor }, body: body as never, ifMatch: etag ?? '*' })
  await askAgain(readChannels)
}

/** Whether messages of this way leave, in a word and what stands in the way. */
function Standing({
  leaves,
  missing,
  captured,
}: {
  leaves: boolean
  missing: readonly string[]
  captured: string
}) {
  if (leaves && missing.length === 0) return null
  return (
    <Banner
      kind={leaves ? 'warning' : 'info'}
      title={leaves ? 'Something is missing' : `Nothing leaves: ${captured}`}
    >
      <ul>
        {missing.map((one) => (
          <li key={one}>{one}</li>
        ))}
      </ul>
    </Banner>
  )
}

const Word = ({ leaves }: { readonly leaves: boolean }) => (
  <Badge tone={leaves ? 'success' : 'quiet'}>{leaves ? 'Leaves the house' : 'Captured'}</Badge>
)

function Mail({ of, etag }: { readonly of: Ways; readonly etag: string | null }) {
  const { vendor, may } = useHere()
  const { busy, act } = useDoing()
  const turn = (sending: boolean) =>
    act(async () => {
      await change(vendor, { email: { sending } }, etag)
      toast(sending ? 'Letters are sent from now on' : 'Letters are captured from now on', {
        undo: () => act(() => change(vendor, { email: { sending: !sending } }, null)),
      })
    })
  return (
    <Section title="Mail" meta={<Word leaves={of.email.leaves} />}>
      <div className="grid gap-3 py-2">
        <Standing
          leaves={of.email.leaves}
          missing={of.email.missing}
          captured="letters lie in the captured mailbox"
        />
        {of.email.from && (
          <p>
            Letters come from <b>{of.email.from}</b>,{' '}
            {of.email.by === 'own' ? 'by your own mail server.' : 'in the name of your business.'}
          </p>
        )}
        {may(changeChannels) && (
          <>
            <Switch checked={of.email.sending} disabled={busy} onChange={turn}>
              Send letters
            </Switch>
            {of.email.by === 'house' && of.house.from !== null && <Check way="email" />}
            <OwnMail of={of} etag={etag} />
            <Returns of={of} etag={etag} />
          </>
        )}
      </div>
    </Section>
  )
}

function Texts({ of, etag }: { readonly of: Ways; readonly etag: string | null }) {
  const { vendor, may } = useHere()
  const { busy, act } = useDoing()
  const [account, setAccount] = useState(of.sms.account ?? '')
  const [from, setFrom] = useState(of.sms.from ?? '')
  const [token, setToken] = useState('')
  const setUp = of.sms.account !== null && of.sms.from !== null && of.sms.hasToken
  const same = account === (of.sms.account ?? '') && from === (of.sms.from ?? '') && token === ''
  const save = () =>
    act(async () => {
      const sms: Record<string, unknown> = {
        ...(account === '' ? {} : { account: account.trim() }),
        ...(from === '' ? {} : { from: from.replace(/[\s()-]/g, '') }),
        ...(token === '' ? {} : { token: token.trim() }),
      }
      await change(vendor, { sms }, etag)
      setToken('')
      toast('Saved. Test the connection before you switch texts on.')
    })
  const turn = (sending: boolean) =>
    act(async () => {
      await change(vendor, { sms: { sending } }, etag)
      toast(sending ? 'Texts are sent from now on' : 'Texts are captured from now on', {
        undo: () => act(() => change(vendor, { sms: { sending: !sending } }, null)),
      })
    })
  return (
    <Section title="Texts" meta={<Word leaves={of.sms.leaves} />}>
      <div className="grid gap-3 py-2">
        <Standing
          leaves={of.sms.leaves}
          missing={of.sms.missing}
          captured="texts lie on the captured phone"
        />
        {may(changeChannels) ? (
          <>
            <div className="grid items-start gap-4 md:grid-cols-2">
              <Field
                label="Account"
                hint="Of Twilio, or of a provider that speaks its form: AC and 32 signs."
              >
                <Input
                  value={account}
                  spellCheck={false}
                  onChange={(event) => setAccount(event.target.value)}
                />
              </Field>
              <Field
                label="Token"
                hint={
                  of.sms.hasToken
                    ? 'There is one. It is never shown again.'
                    : 'Kept sealed, never shown again.'
                }
              >
                <PasswordInput
                  value={token}
                  autoComplete="off"
                  placeholder={of.sms.hasToken ? '••••••••' : ''}
                  onChange={(event) => setToken(event.target.value)}
                />
              </Field>
              <Field label="From" hint="Your number with the provider, or its messaging service.">
                <Input value={from} spellCheck={false} onChange={(event) => setFrom(event.target.value)} />
              </Field>
              <Field
                label="Answers come to"
                hint="Tell your provider to call this address: STOP is heard there."
              >
                <Input value={of.sms.inbound} readOnly onFocus={(event) => event.target.select()} />
              </Field>
            </div>
            <div>
              <Button look="primary" busy={busy} disabled={same} onClick={save}>
                {same ? 'Nothing to save' : 'Save the account'}
              </Button>
            </div>
            <Switch checked={of.sms.sending} disabled={busy || !setUp} onChange={turn}>
              Send texts
            </Switch>
            <Check way="sms" />
          </>
        ) : (
          <p>{setUp ? `Texts come from ${of.sms.from}.` : 'No provider is set up yet.'}</p>
        )}
      </div>
    </Section>
  )
}

function Check({ way }: { readonly way: Way }) {
  const { vendor } = useHere()
  const { busy, act } = useDoing()
  const [answer, setAnswer] = useState<{ ok: boolean; says: string; tookMs: number } | null>(null)
  return (
    <div className="grid gap-2">
      <div>
        <Button
          icon={PlugZap}
          busy={busy}
          onClick={() =>
            act(async () => {
              setAnswer(null)
              setAnswer((await api(checkChannel, { params: { vendor }, body: { channel: way } })).data)
            })
          }
        >
          {busy ? 'Asking' : 'Test the connection'}
        </Button>
      </div>
      {answer && (
        <Banner live kind={answer.ok ? 'success' : 'warning'} title={answer.says}>
          {`It answered in ${answer.tookMs} ms. Nothing was sent.`}
        </Banner>
      )}
    </div>
  )
}

const REASONS = {
  unsubscribed: 'They unsubscribed',
  stop: 'They answered STOP',
  dead_address: 'Nothing arrives there',
  complaint: 'They complained',
  by_vendor: 'You decided it',
} as const
const KINDS = {
  transactional: 'everything',
  relationship: 'letters about the wedding',
  marketing: 'news and offers',
} as const

function KeptFrom() {
  const { vendor, may } = useHere()
  const gone = useHeldBack()
  const list = useQuery(asks(listSuppressions, { params: { vendor }, query: { limit: 100 } }))
  const lift = (id: string) => {
    const key = newKey()
    holdBack({
      ids: [id],
      says: 'They may be written to again',
      does: async () => {
        await api(liftSuppression, { params: { vendor, suppression: id }, key })
        await askAgain(listSuppressions)
      },
    })
  }
  return (
    <Section title="Whom nothing is sent to">
      <Answer of={list}>
        {({ data }) =>
          data.items.every(({ id }) => gone.has(id)) ? (
            <div className="pt-2">
              <EmptyState title="Everybody hears from you" level={3}>
                Whoever unsubscribes, answers STOP or cannot be reached stands here, and hears nothing of that
                kind.
              </EmptyState>
            </div>
          ) : (
            <ul>
              {data.items
                .filter(({ id }) => !gone.has(id))
                .map((one) => (
                  <li
                    key={`${one.id}`}
                    className="flex flex-wrap items-center gap-x-3 gap-y-1 border-t border-border py-2.5 first:border-t-0"
                  >
                    <span className="min-w-0 flex-1 basis-56">
                      <span className="font-strong">
                        {one.clients.map((client) => client.name).join(', ') ||
                          'Somebody no longer in your book'}
                      </span>
                      <span className="block text-small text-muted-foreground">
                        {one.channel === 'sms' ? 'Texts' : 'Mail'}: no{' '}
                        {one.classes.includes('transactional')
                          ? 'messages at all'
                          : one.classes.map((kind) => KINDS[kind]).join(', no ')}
                        . {REASONS[one.reason]}, {tellMoment(one.at, hereZone())} {cityOf(hereZone())}.
                      </span>
                    </span>
                    {may(liftSuppression) && one.reason !== 'complaint' && (
                      <Button size="sm" onClick={() => lift(one.id)}>
                        Write again
                      </Button>
                    )}
                  </li>
                ))}
            </ul>
          )
        }
      </Answer>
    </Section>
  )
}
