import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { listMessages, readMessage } from '../../../contract/messages.ts'
import { listDeadLetters, requeueDeadLetters } from '../../../contract/work.ts'
import { Button } from '../../../ui/Button.tsx'
import { Sheet } from '../../../ui/Dialog.tsx'
import { StatusPill } from '../../../ui/StatusPill.tsx'
import { LINK } from '../../../ui/Type.tsx'
import { Answer } from '../../Answer.tsx'
import { api, askAgain, asks, newKey, type Seen } from '../../api.ts'
import { holdBack, useHeldBack } from '../../held-back.ts'
import { isNotHere, useNotHere } from '../../NotHere.tsx'
import { useHere } from '../../session.ts'
import { capital, cityOf, tellSoon } from '../../times.ts'
import { askForRuns } from '../foresight/useCommand.ts'
import { Letter } from './Letter.tsx'
import { causeWords, kindOf, messageStatus, recipientName } from './words.ts'

type Opened = Seen<typeof readMessage>['data']

/** One message as it was written, every attempt to send it, and what may still be done. */
export function MessageSheet({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const { vendor, may } = useHere()
  const mayOpen = may(readMessage)
  const message = useQuery({
    ...asks(readMessage, { params: { vendor, message: id } }),
    enabled: mayOpen,
  })
  const data = message.data?.data
  const notHere = useNotHere('message')
  const isGone = isNotHere(message.error)
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={isGone ? notHere.title : data ? data.name : 'A message'}
      {...(data && { description: `${kindOf(data.kind).word} to ${data.names}` })}
    >
      {!mayOpen ? (
        <p className="text-muted-foreground">
          Your role sees that a message was sent, to whom and when, but not what it says. An owner, manager or
          assistant can read it.
        </p>
      ) : isGone ? (
        <>
          <p className="text-muted-foreground">{notHere.why}</p>
          <div className="mt-4">
            <Button look="primary" onClick={onClose}>
              {notHere.all}
            </Button>
          </div>
        </>
      ) : (
        <Answer of={message} lines={6}>
          {({ data: opened }) => <Whole of={opened} />}
        </Answer>
      )}
    </Sheet>
  )
}

function Whole({ of }: { readonly of: Opened }) {
  const status = messageStatus(of.state, of.cause)
  return (
    <div className="grid gap-4">
      <div className="flex flex-wrap items-center gap-2">
        <StatusPill of={status.of}>{status.says}</StatusPill>
        {of.cause && <span>{causeWords(of.cause)}</span>}
      </div>
      <dl className="grid grid-cols-[96px_minmax(0,1fr)] gap-y-1">
        <dt className="text-muted-foreground">To</dt>
        <dd>
          <Link to="/clients/$clientId" params={{ clientId: of.client }} className={LINK}>
            {of.names}
          </Link>
          , to {recipientName(of.recipient, of.names)}
        </dd>
        <dt className="text-muted-foreground">Journey</dt>
        <dd>{of.journey}</dd>
        <Moment name="Planned" at={of.planned} zone={of.zone} />
        {of.settled && (
          <Moment
            name={status.of === 'sent' || status.of === 'delivered' ? 'Sent' : 'Ended'}
            at={of.settled}
            zone={of.zone}
          />
        )}
        {of.due && <Moment name="Next try" at={of.due} zone={of.zone} />}
      </dl>
      {of.content ? (
        <Letter content={of.content} kind={of.kind} />
      ) : (
        <p className="text-muted-foreground">Nothing is written yet: the words are made when it is sent.</p>
      )}
      <Tries of={of} />
      <Again of={of} />
    </div>
  )
}

const Moment = ({
  name,
  at,
  zone,
}: {
  readonly name: string
  readonly at: string
  readonly zone: string
}) => (
  <>
    <dt className="text-muted-foreground">{name}</dt>
    <dd>
      <time dateTime={at}>{tellSoon(at, zone)}</time>{' '}
      <span className="text-muted-foreground">{cityOf(zone)}</span>
    </dd>
  </>
)

function Tries({ of }: { readonly of: Opened }) {
  if (of.tries.length === 0) return null
  return (
    <section>
      <h3 className="text-micro font-strong tracking-eyebrow text-muted-foreground uppercase">
        {of.tries.length === 1 ? 'One attempt' : `${of.tries.length} attempts`}
      </h3>
      <ol className="mt-1">
        {of.tries.map((one) => (
          <li key={one.attempt} className="border-t border-border py-1.5 first:border-t-0">
            <time dateTime={one.started}>{tellSoon(one.started, of.zone)}</time>{' '}
            <span className="text-muted-foreground">{cityOf(of.zone)}</span>
            <span className="ml-2 font-strong">
              {one.result ? capital(one.result.replaceAll('_', ' ')) : 'Under way'}
            </span>
            {one.detail && (
              <p className="text-small text-muted-foreground [overflow-wrap:anywhere]">{one.detail}</p>
            )}
          </li>
        ))}
      </ol>
    </section>
  )
}

/** Sent is sent; what could not be delivered goes once more under its old key, so that it cannot come twice. */
function Again({ of }: { readonly of: Opened }) {
  const { vendor, may } = useHere()
  const isAway = useHeldBack().has(of.id)
  if (!of.maySendAgain || isAway) return null
  if (!may(requeueDeadLetters))
    return <p className="text-muted-foreground">An owner, manager or assistant can send it once more.</p>
  return (
    <div className="flex flex-wrap items-center gap-3">
      <Button
        look="primary"
        onClick={() => {
          const key = newKey()
          holdBack({
            ids: [of.id],
            says: 'It is sent once more',
            does: async () => {
              await api(requeueDeadLetters, { params: { vendor }, body: { message: of.id }, key })
              await Promise.all([askAgain(readMessage, listMessages, listDeadLetters), askForRuns()])
            },
          })
        }}
      >
        Send once more
      </Button>
      <span className="text-small text-muted-foreground">
        {of.state === 'unresolved'
          ? 'It may have arrived: they could get it a second time.'
          : 'It certainly did not arrive. It goes under the key it had.'}
      </span>
    </div>
  )
}
