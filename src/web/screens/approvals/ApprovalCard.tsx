import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Check, Pencil, SkipForward } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { editMessage, previewMessage } from '../../../contract/messages.ts'
import { clientTimeline } from '../../../contract/runs.ts'
import { answerApproval } from '../../../contract/work.ts'
import { Badge } from '../../../ui/Badge.tsx'
import { Banner } from '../../../ui/Banner.tsx'
import { Button } from '../../../ui/Button.tsx'
import { classNames } from '../../../ui/class-names.ts'
import { type Bead, Dot, Why } from '../../../ui/Thread.tsx'
import { Answer } from '../../Answer.tsx'
import { asks } from '../../api.ts'
import { useHere, whom, whyNotYours } from '../../session.ts'
import { cityOf, tellSoon } from '../../times.ts'
import { Letter } from '../messages/Letter.tsx'
import { kindOf } from '../messages/words.ts'
import type { Approval, Yes } from './Approvals.tsx'
import { EditWords } from './EditWords.tsx'
import { useSwipe } from './useSwipe.ts'

const WHY_NOT = 'why-not-yours'

/** One message as the couple will get it, what stands around it, and the three things one can say. */
export function ApprovalCard({
  approval,
  answer,
}: {
  readonly approval: Approval
  readonly answer: (said: Yes) => void
}) {
  const { may } = useHere()
  const mayAnswer = may(answerApproval) && approval.yours
  const [editing, setEditing] = useState(false)
  const mayEdit = may(editMessage) && may(previewMessage) && approval.message !== null
  const { swipe, handlers } = useSwipe((means) => answer(means === 'right' ? 'approved' : 'skipped'))
  const kind = approval.message ? kindOf(approval.message.module) : null
  return (
    <div className="min-w-0">
      <article
        aria-label={`${approval.names}: ${approval.message?.name ?? approval.ask}`}
        {...(mayAnswer && !editing && handlers)}
        style={
          swipe.dx === 0 ? undefined : { transform: `translateX(${swipe.dx}px) rotate(${swipe.dx / 60}deg)` }
        }
        className={classNames(
          'relative touch-pan-y rounded-md border bg-card p-4 shadow-sm md:p-6',
          swipe.dx === 0 && 'transition-transform',
          swipe.means === 'right'
            ? 'border-success-mark'
            : swipe.means === 'left'
              ? 'border-held-mark'
              : 'border-border',
        )}
      >
        {swipe.means && (
          <p
            aria-hidden="true"
            className="absolute top-4 right-4 z-[1] rounded-sm bg-popover px-3 py-1 font-strong shadow-md"
          >
            {swipe.means === 'right' ? 'Approve' : 'Skip'}
          </p>
        )}
        <div className="flex items-center gap-2">
          {approval.yours ? (
            <Badge tone="primary">Needs your yes</Badge>
          ) : (
            <Badge>{whom(approval.role) ? `For ${whom(approval.role)}` : 'Needs a yes'}</Badge>
          )}
          {kind && (
            <span className="ml-auto flex">
              <Badge icon={kind.icon}>{kind.word}</Badge>
            </span>
          )}
        </div>
        <h2 className="mt-3 font-display text-h2">{approval.message?.name ?? approval.ask}</h2>
        <dl className="mt-2 grid grid-cols-[72px_minmax(0,1fr)] gap-y-1">
          <Fact name="To">
            <Link
              to="/clients/$clientId"
              params={{ clientId: approval.client }}
              className="rounded-xs font-strong hover:underline"
            >
              {approval.names}
            </Link>
          </Fact>
          <Fact name="Goes">
            once {approval.yours ? 'you have' : `${whom(approval.role) ?? 'somebody'} has`} approved it
          </Fact>
          {approval.until && (
            <Fact name="By">
              <span className="font-strong">{tellSoon(approval.until, approval.zone)}</span>{' '}
              <span className="text-muted-foreground">{cityOf(approval.zone)}</span>, then the journey goes on
              by itself
            </Fact>
          )}
        </dl>
        <div className="mt-4">
          {approval.message ? (
            <Words
              approval={approval}
              node={approval.message.node}
              editing={editing}
              onDone={() => setEditing(false)}
            />
          ) : null}
        </div>
        {approval.ask && ![approval.message?.name, approval.message?.node].includes(approval.ask) && (
          <div className="mt-4">
            <Why>{approval.ask}</Why>
          </div>
        )}
        <Around approval={approval} />
      </article>
      {may(answerApproval) && !editing && (
        <div className="sticky bottom-[calc(56px+env(safe-area-inset-bottom))] z-[var(--z-sticky)] -mx-5 mt-3 grid grid-cols-[auto_auto_1fr] gap-2 bg-background px-5 py-3 md:static md:mx-0 md:flex md:px-0">
          <Button
            size="touch"
            icon={SkipForward}
            disabled={!mayAnswer}
            aria-describedby={mayAnswer ? undefined : WHY_NOT}
            onClick={() => answer('skipped')}
          >
            Skip
          </Button>
          {mayEdit && (
            <Button id="edit-message" size="touch" icon={Pencil} onClick={() => setEditing(true)}>
              Edit
            </Button>
          )}
          <Button
            size="touch"
            look="primary"
            icon={Check}
            disabled={!mayAnswer}
            aria-describedby={mayAnswer ? undefined : WHY_NOT}
            onClick={() => answer('approved')}
          >
            Approve
          </Button>
          {!mayAnswer && (
            <p id={WHY_NOT} className="col-span-full self-center text-small text-muted-foreground">
              {whyNotYours(approval.role)}
            </p>
          )}
        </div>
      )}
    </div>
  )
}

const Fact = ({ name, children }: { readonly name: string; readonly children: ReactNode }) => (
  <>
    <dt className="text-muted-foreground">{name}</dt>
    <dd className="min-w-0">{children}</dd>
  </>
)

function Words({
  approval,
  node,
  editing,
  onDone,
}: {
  readonly approval: Approval
  readonly node: string
  readonly editing: boolean
  readonly onDone: () => void
}) {
  const { vendor, may } = useHere()
  const mayOpen = may(previewMessage)
  const preview = useQuery({
    ...asks(previewMessage, { params: { vendor, run: approval.run, node } }),
    enabled: mayOpen,
  })
  if (!mayOpen) return <p className="text-muted-foreground">Your role may not read what messages say.</p>
  return (
    <Answer of={preview} lines={5}>
      {({ data }) =>
        editing ? (
          <EditWords run={approval.run} node={node} words={data.words} onDone={onDone} />
        ) : data.content ? (
          <>
            {data.why && (
              <Banner kind="warning" title="It would be held back">
                {data.why}
              </Banner>
            )}
            <Letter content={data.content} kind={data.kind} />
            {data.edited && <p className="mt-2 text-small text-muted-foreground">Changed for this couple.</p>}
          </>
        ) : (
          <Banner kind="warning" title="It cannot be sent like this">
            {data.unresolved.length > 0
              ? `There is no value for ${data.unresolved.join(', ')}. Fill it in at the couple, then it can go.`
              : (data.why ?? 'The text could not be made.')}
          </Banner>
        )
      }
    </Answer>
  )
}

/** The message before it, itself, and the one after: what the couple hears around it. */
function Around({ approval }: { readonly approval: Approval }) {
  const { vendor, may } = useHere()
  const timeline = useQuery({
    ...asks(clientTimeline, { params: { vendor, client: approval.client } }),
    enabled: may(clientTimeline),
  })
  const items = timeline.data?.data.items.filter((one) => one.at !== null || one.run === approval.run) ?? []
  const at = items.findIndex((one) => one.run === approval.run && one.node === approval.node)
  if (at === -1) return null
  const before = items.slice(0, at).findLast((one) => one.is === 'sent')
  const after = items
    .slice(at + 1)
    .find((one) => one.side === 'planned' && (one.is === 'send' || one.is === 'will_be_sent'))
  const rows: readonly {
    readonly bead: Bead
    readonly name: string
    readonly when: string
    readonly strong?: true
  }[] = [
    ...(before?.at
      ? [{ bead: 'done' as const, name: before.name, when: tellSoon(before.at, approval.zone) }]
      : []),
    { bead: 'you', name: approval.message?.name ?? approval.ask, when: 'once approved', strong: true },
    ...(after?.at
      ? [{ bead: 'planned' as const, name: after.name, when: tellSoon(after.at, approval.zone) }]
      : []),
  ]
  if (rows.length === 1) return null
  return (
    <section className="mt-5">
      <h3 className="text-micro font-strong tracking-eyebrow text-muted-foreground uppercase">
        What they hear around it
      </h3>
      <ol className="mt-2 grid grid-cols-[minmax(0,1fr)] gap-2">
        {rows.map((one) => (
          <li key={one.name} className="flex items-start gap-3">
            <span className="flex pt-0.5">
              <Dot of={one.bead} />
            </span>
            <span className="flex min-w-0 flex-1 flex-wrap items-baseline justify-between gap-x-3">
              <span className={classNames('min-w-0', one.strong && 'font-strong')}>{one.name}</span>
              <span className="whitespace-nowrap text-muted-foreground">
                {one.when}
                {!one.strong && ` ${cityOf(approval.zone)}`}
              </span>
            </span>
          </li>
        ))}
      </ol>
    </section>
  )
}
