import { Link } from '@tanstack/react-router'
import { AlarmClock, Check, CornerDownRight, Eye, Mail, RotateCcw, Send, SkipForward } from 'lucide-react'
import { useId, useState } from 'react'
import { type CommandDocument, commandRun } from '../../../contract/runs.ts'
import { finishTask, listTasks } from '../../../contract/work.ts'
import { Button } from '../../../ui/Button.tsx'
import { DateField } from '../../../ui/DateField.tsx'
import { Icon } from '../../../ui/Icon.tsx'
import { StatusWord } from '../../../ui/StatusPill.tsx'
import { ThreadRow, Why } from '../../../ui/Thread.tsx'
import { LINK, Zone } from '../../../ui/Type.tsx'
import { toast } from '../../../ui/toasts.ts'
import { api, askAgain, newKey } from '../../api.ts'
import { useHere, whom, whyNotYours } from '../../session.ts'
import { type Act, useActs } from '../../shell/commands.ts'
import { cityOf, dayIn } from '../../times.ts'
import { useDoing } from '../../useDoing.ts'
import { signOf, stepIcon, tellsWhy, tellWhen } from '../foresight/steps.ts'
import { askForRuns, useCommand } from '../foresight/useCommand.ts'
import { MessageSheet } from '../messages/MessageSheet.tsx'
import type { Timeline, TimelineRow } from './ClientTimeline.tsx'
import { tellAssumed } from './words.ts'

/** One thing on a couple's thread. Opened, it says why and what can be done about it. */
export function TimelineItem({
  row,
  timeline,
  open,
  onOpen,
}: {
  readonly row: TimelineRow
  readonly timeline: Timeline
  readonly open: boolean
  readonly onOpen: () => void
}) {
  const { may } = useHere()
  const sign = signOf(row.is, row.side === 'planned' ? row.because : [])
  const run = timeline.runs.find((one) => one.id === row.run)
  const place = run?.at.find((one) => one.token === row.token)
  const paused = run?.status === 'paused' && row.side === 'planned'
  const stuck = place?.is === 'stuck'
  useStepActs(row, stuck)
  return (
    <ThreadRow
      bead={paused ? 'held' : sign.bead}
      past={row.side === 'past'}
      when={row.at ? tellWhen(row.at, row.zone) : 'No moment yet'}
      {...(row.at && { zone: cityOf(row.zone), dateTime: row.at })}
      icon={stepIcon(row.kind, row.type)}
      // Which wait an assumption hangs on, and on which journey, is told by the note.
      sub={[forWhom(row), tellAssumed(row.assumes)].filter(Boolean).join(', ')}
      end={
        <>
          <StatusWord of={paused ? 'paused' : sign.status}>{paused ? 'Paused' : sign.word}</StatusWord>
          <button
            type="button"
            aria-expanded={open}
            aria-label={`Why: ${row.name}`}
            onClick={onOpen}
            className="relative inline-flex h-5 items-center rounded-xs px-1.5 font-display text-body text-muted-foreground italic hover:bg-muted aria-expanded:bg-info-surface aria-expanded:text-info-text touch:after:absolute touch:after:-inset-3"
          >
            why?
          </button>
        </>
      }
      {...(open && {
        more: (
          <>
            <Because row={row} journey={run?.journey} />
            {(may(commandRun) || row.messages.length > 0 || row.waits) && (
              <Actions row={row} many={(run?.at.length ?? 0) > 1} stuck={stuck} />
            )}
          </>
        ),
      })}
    >
      {row.name}
    </ThreadRow>
  )
}

/** What can be done with the step they stand at; with those to come it is done on the thread. */
function useStepActs(row: TimelineRow, stuck: boolean): void {
  const { may } = useHere()
  const { command } = useCommand()
  const { run, token, name } = row
  const stands = row.side === 'planned' && token !== null && may(commandRun)
  const asks = row.because.some(({ code }) => code === 'needs_you')
  const here = token === null ? {} : { token, node: row.node }
  const writes = row.kind === 'module'
  const act = (label: string, icon: Act['icon'], wanted: CommandDocument, says: string): Act => ({
    label: `${label}: ${name}`,
    icon,
    run: () => command(run, wanted, says),
  })
  useActs(
    stands
      ? [
          ...(stuck ? [act('Try again', RotateCcw, { do: 'retry', ...here }, `${name}: tried again`)] : []),
          ...(row.waits || asks
            ? []
            : [act(writes ? 'Send now' : 'Go on now', Send, { do: 'do_now', ...here }, saysNow(row))]),
          ...(row.waits?.yours === false
            ? []
            : [act('Skip', SkipForward, { do: 'skip', ...here }, `${name} is left out`)]),
        ]
      : [],
  )
}

const saysNow = ({ kind, name }: TimelineRow): string =>
  kind === 'module' ? `${name} goes now` : `${name}: gone on`

/** For whom a yes or a task is, where not anybody may answer. */
const forWhom = ({ waits }: TimelineRow): string =>
  waits && !waits.yours && whom(waits.role) ? `for ${whom(waits.role)}` : ''

/** The rule or the setting that decided, where it can be changed. */
function Decider({ row, journey }: { readonly row: TimelineRow; readonly journey: string | undefined }) {
  if (row.decidedBy.startsWith('vendor'))
    return (
      <Link to="/settings" className={LINK}>
        Your settings
      </Link>
    )
  if (row.decidedBy.startsWith('couple:')) return <>What you know of them</>
  if (row.decidedBy.startsWith('person')) return <>Somebody of you</>
  return journey ? (
    <Link to="/journeys/$journeyId" params={{ journeyId: journey }} className={LINK}>
      {row.journey}
    </Link>
  ) : (
    row.journey
  )
}

/** A reason that the sentence names already, whatever day it goes on to tell. */
function isSaid(reason: string, said: string): boolean {
  const words = reason.replace(/\.$/, '').split(', so it ')[0] ?? reason
  return said.toLowerCase().includes(words.toLowerCase())
}

function Because({ row, journey }: { readonly row: TimelineRow; readonly journey: string | undefined }) {
  const said = row.sentence || row.because.at(-1)?.sentence || 'It comes in its turn.'
  const more = row.because.filter((one) => tellsWhy(one) && !isSaid(one.sentence, said))
  return (
    <Why
      evidence={[
        ...more.map(({ sentence, code }, index) => ({
          term: code === 'nominal' ? 'Rule' : index === 0 ? 'Because' : '',
          is: code === 'nominal' ? sentence.replace(/^The rule is "(.*)": (.*)\.$/, '$1: $2') : sentence,
        })),
        ...(row.at
          ? [
              {
                term: row.side === 'past' ? 'It was' : 'It goes',
                is: (
                  <>
                    <b className="font-strong">{tellWhen(row.at, row.zone)}</b>{' '}
                    <Zone>{cityOf(row.zone)}</Zone>
                  </>
                ),
              },
            ]
          : []),
        ...(row.assumes.length > 0 ? [{ term: 'Assumes', is: row.assumes.join(', ') }] : []),
        { term: 'Decided by', is: <Decider row={row} journey={journey} /> },
      ]}
    >
      {said}
    </Why>
  )
}

function Actions({
  row,
  many,
  stuck,
}: {
  readonly row: TimelineRow
  readonly many: boolean
  readonly stuck: boolean
}) {
  const { may } = useHere()
  const { busy, command } = useCommand()
  const [snoozing, setSnoozing] = useState(false)
  const [reading, setReading] = useState<string | null>(null)
  const { run, token, name } = row
  const here = token === null ? {} : { token, node: row.node }
  const stands = row.side === 'planned' && token !== null && may(commandRun)
  const asks = row.because.some(({ code }) => code === 'needs_you')
  const writes = row.kind === 'module'
  const isOfOthers = row.waits !== null && !row.waits.yours
  const whyId = useId()
  const todayHere = dayIn(new Date(), row.zone)
  return (
    <div className="mt-3 flex flex-wrap items-center gap-1.5">
      {row.messages.map((message, index) => (
        <Button key={message} size="sm" icon={Mail} onClick={() => setReading(message)}>
          {row.messages.length > 1 ? `Read message ${index + 1}` : 'Read it'}
        </Button>
      ))}
      {reading && <MessageSheet id={reading} onClose={() => setReading(null)} />}
      {stands && stuck && (
        <Button
          size="sm"
          icon={RotateCcw}
          busy={busy}
          onClick={() => command(run, { do: 'retry', ...here }, `${name}: tried again`)}
        >
          Try again
        </Button>
      )}
      {stands && asks && token !== null ? (
        <>
          <Button
            size="sm"
            icon={Check}
            busy={busy}
            onClick={() =>
              command(run, { do: 'decide', token, choice: 'follow' }, `${name} follows the date`)
            }
          >
            Follow the date
          </Button>
          <Button
            size="sm"
            busy={busy}
            onClick={() =>
              command(run, { do: 'decide', token, choice: 'keep' }, `${name} stays where it was`)
            }
          >
            Keep it
          </Button>
        </>
      ) : row.waits ? (
        <Answering row={row} waits={row.waits} />
      ) : (
        stands && (
          <>
            <Button
              size="sm"
              icon={Send}
              busy={busy}
              onClick={() => command(run, { do: 'do_now', ...here }, saysNow(row))}
            >
              {writes ? 'Send now' : 'Go on now'}
            </Button>
            <Button
              size="sm"
              icon={AlarmClock}
              aria-expanded={snoozing}
              onClick={() => setSnoozing(!snoozing)}
            >
              Snooze
            </Button>
          </>
        )
      )}
      {stands && (
        <Button
          size="sm"
          icon={SkipForward}
          busy={busy}
          disabled={isOfOthers}
          aria-describedby={isOfOthers ? whyId : undefined}
          onClick={() => command(run, { do: 'skip', ...here }, `${name} is left out`)}
        >
          Skip
        </Button>
      )}
      {stands && row.waits && isOfOthers && (
        <span id={whyId} className="text-small text-muted-foreground">
          {whyNotYours(row.waits.role)}
        </span>
      )}
      {row.side === 'planned' && token === null && may(commandRun) && (
        <Button
          size="sm"
          look="ghost"
          icon={CornerDownRight}
          busy={busy}
          disabled={many}
          title={many ? 'They walk on several branches: act on the step where the branch stands.' : undefined}
          onClick={() => command(run, { do: 'jump', to: row.node }, `They go on at ${name}`)}
        >
          Jump here
        </Button>
      )}
      {snoozing && token !== null && (
        <div className="flex basis-full flex-wrap items-center gap-2 pt-1">
          <span className="text-small text-muted-foreground">
            Until 10:00 <Zone>{cityOf(row.zone)}</Zone> on
          </span>
          <div className="w-[180px]">
            <DateField
              label="Snooze until"
              value={null}
              placeholder="Choose a day"
              today={todayHere}
              min={todayHere}
              onChange={(day) => {
                if (!day) return
                setSnoozing(false)
                command(
                  run,
                  { do: 'snooze', token, node: row.node, until: atTen(day, row.zone) },
                  `${name} waits until ${tellWhen(atTen(day, row.zone), row.zone)} ${cityOf(row.zone)}`,
                )
              }}
            />
          </div>
        </div>
      )}
    </div>
  )
}

/** Where a yes or a task is waited for, that is what can be given. */
function Answering({
  row,
  waits,
}: {
  readonly row: TimelineRow
  readonly waits: NonNullable<TimelineRow['waits']>
}) {
  const { vendor, may } = useHere()
  const { busy, act } = useDoing()
  if (waits.is === 'approval')
    return (
      <Button asChild size="sm">
        <Link
          to="/approvals"
          search={{ run: row.run, name: waits.name, ...(!waits.yours && { whose: 'all' }) }}
        >
          <Icon of={Eye} size={12} />
          {waits.yours ? 'Review' : 'Read it'}
        </Link>
      </Button>
    )
  if (!may(finishTask)) return null
  const done = (): void =>
    act(async () => {
      await api(finishTask, { params: { vendor, run: row.run }, body: { name: waits.name }, key: newKey() })
      await Promise.all([askForRuns(), askAgain(listTasks)])
      toast(`Done: ${row.name}`)
    })
  return (
    <Button size="sm" icon={Check} busy={busy} disabled={!waits.yours} onClick={done}>
      Done
    </Button>
  )
}

/** Ten in the morning of a day, by this clock. */
export function atTen(day: string, zone: string): string {
  const guess = new Date(`${day}T10:00:00Z`)
  const shown = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    day: '2-digit',
  }).formatToParts(guess)
  const part = (type: string) => Number(shown.find((one) => one.type === type)?.value ?? 0)
  const days = part('day') - Number(day.slice(8))
  // Across the end of a month the day falls back to a small number, or jumps to a large one.
  const away = Math.abs(days) > 1 ? -Math.sign(days) : days
  const offset = away * 24 * 60 + part('hour') * 60 + part('minute') - 10 * 60
  return new Date(guess.getTime() - offset * 60_000).toISOString()
}
