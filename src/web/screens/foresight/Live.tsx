import { useQuery } from '@tanstack/react-query'
import { Rows3, Workflow } from 'lucide-react'
import { useCallback } from 'react'
import { flowCouples, journeyFlow } from '../../../contract/flow.ts'
import { undoJob } from '../../../contract/jobs.ts'
import { journeyStatistics } from '../../../contract/journeys.ts'
import { type CommandDocument, commandRuns, listRuns } from '../../../contract/runs.ts'
import type { NodeId } from '../../../core/ids.ts'
import type { Journey, Node } from '../../../core/journey/graph.ts'
import { Button } from '../../../ui/Button.tsx'
import { DateField } from '../../../ui/DateField.tsx'
import { Sheet } from '../../../ui/Dialog.tsx'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { Icon } from '../../../ui/Icon.tsx'
import { addDays, type Day } from '../../../ui/month.ts'
import { Segmented } from '../../../ui/Segmented.tsx'
import { DOOR } from '../../../ui/Type.tsx'
import { Answer } from '../../Answer.tsx'
import { api, asks } from '../../api.ts'
import { useHere } from '../../session.ts'
import { capital, inWords, today } from '../../times.ts'
import { useDoing } from '../../useDoing.ts'
import { JobProgress } from '../clients/JobProgress.tsx'
import { useBegun } from '../clients/useBegun.ts'
import type { DesignerPart } from '../designer/context.ts'
import { useDesigner } from '../designer/context.ts'
import { type Is, STANDS } from '../designer/modes.ts'
import { useIsPhone } from '../designer/useIsPhone.ts'
import { exitWord, nameOf } from '../designer/words.ts'
import { CountedDrawing } from './CountedDrawing.tsx'
import { CouplesBehind, LISTED_MAX } from './CouplesBehind.tsx'
import { doorName, type Figures, figuresOf, type Gone, goneSteps, shareOf, WORDS } from './figures.ts'
import { GONE, GoneLine, GoneSheet } from './GoneSteps.tsx'
import { SPAN_DAYS_MAX, SPANS, type Span, spanIn, spanSaid } from './span.ts'
import { counted, stepIcon } from './steps.ts'
import { useLook } from './useLook.ts'

/** Where couples stand and what became of them, step by step. Every number is a door to those couples. */
export function Live({ document, journeyId }: DesignerPart) {
  const { vendor } = useHere()
  const { journey } = useDesigner()
  const isPhone = useIsPhone()
  const { looked, look } = useLook()
  const { seen = 'drawing', at, stand } = looked
  const open = useCallback((node: NodeId, is: Is) => look({ at: node, stand: is }), [look])
  const params = { vendor, journey: journeyId }
  const span = spanIn(looked.days, today())
  const days = { from: span.from, to: span.to }
  const standing = useQuery(asks(journeyStatistics, { params }))
  const flow = useQuery(asks(journeyFlow, { params, query: days }))
  // What is live, not what is being drawn: the numbers are about that.
  const live = (journey.live as unknown as Journey | null) ?? document
  const now = standing.data?.data
  const then = flow.data?.data
  const figures = useCallback(
    (node: NodeId) => figuresOf(node, now?.standing ?? [], then?.steps ?? []),
    [now, then],
  )
  if (journey.version === null)
    return (
      <div className="mx-auto max-w-[560px] p-10">
        <EmptyState title="Nobody is on this journey yet">
          Once it is published, every step says here how many wait, went on, were left out or failed.
        </EmptyState>
      </div>
    )
  const gone = now ? goneSteps(live, now.standing) : []
  const close = (): void => look({ at: undefined, stand: undefined })
  const goesBackTo = () => doorOf(at ?? '', stand ?? 'waiting')
  const behind = live.nodes.find(({ id }) => id === at)
  const asDrawing = seen === 'drawing' && !isPhone
  return (
    <div className="flex min-h-0 min-w-0 flex-1 flex-col">
      <div className="flex shrink-0 flex-wrap items-center gap-x-4 gap-y-2 border-b border-border px-5 py-2.5">
        <p className="min-w-[240px] flex-1 font-display text-h3 tracking-display text-pretty">
          {now ? lede(now.runs) : ' '}
        </p>
        <WhichDays span={span} onChange={(next) => look({ days: undefined, ...spanSaid(next) })} />
        {!isPhone && (
          <Segmented
            label="How it is shown"
            size="sm"
            value={seen}
            segments={[
              { value: 'drawing', label: 'Drawing', icon: Workflow },
              { value: 'list', label: 'List', icon: Rows3 },
            ]}
            onChange={(next) => look({ seen: next === 'list' ? next : undefined })}
          />
        )}
        <GoneLine steps={gone} onOpen={() => look({ at: GONE, stand: 'waiting' })} />
      </div>
      {asDrawing && then && now ? (
        <CountedDrawing document={live} figures={figures} ways={then.ways} onOpen={open} />
      ) : (
        <div className="min-h-0 flex-1 overflow-y-auto px-5 py-4 pb-24 lg:px-10">
          <Answer of={standing} lines={8}>
            {() => (
              <Answer of={flow} lines={8}>
                {({ data }) =>
                  isPhone ? (
                    <FigureList document={live} figures={figures} onOpen={open} />
                  ) : (
                    <FigureTable document={live} figures={figures} ways={data.ways} onOpen={open} />
                  )
                }
              </Answer>
            )}
          </Answer>
        </div>
      )}
      {behind && stand !== undefined && (
        <Door
          key={`${behind.id} ${stand}`}
          node={behind.id}
          is={stand}
          name={nameOf(behind)}
          count={figures(behind.id)[stand]}
          journeyId={journeyId}
          days={days}
          goesBackTo={goesBackTo}
          onClose={close}
        />
      )}
      {at === GONE && now && (
        <GoneSheet steps={gone} journeyId={journeyId} goesBackTo={goesBackTo} onClose={close} />
      )}
    </div>
  )
}

/** Where one goes on from what stood behind a number: at that number, at its step, at the drawing. */
const doorOf = (node: string, is: Is): HTMLElement | null =>
  [
    `[data-door="${CSS.escape(doorName(node, is))}"]`,
    `[data-step="${CSS.escape(node)}"] button`,
    '[data-designer-canvas]',
  ]
    .map((one) => document.querySelector<HTMLElement>(one))
    .find((one) => one !== null) ?? null

function WhichDays({ span, onChange }: { readonly span: Span; readonly onChange: (span: Span) => void }) {
  const last = today()
  const own = (from: Day, to: Day): void => onChange({ is: 'own', from, to })
  return (
    <div className="flex flex-wrap items-center gap-2 max-md:w-full">
      <Segmented
        label="Which days"
        size="sm"
        value={span.is}
        segments={[
          ...Object.entries(SPANS).map(([value, label]) => ({ value: value as Span['is'], label })),
          { value: 'own', label: 'From … to' },
        ]}
        onChange={(is) => (is === 'own' ? own(span.from, span.to) : onChange(spanIn(is, last)))}
      />
      {span.is === 'own' && (
        <div className="flex items-center gap-2 max-md:w-full">
          <div className="min-w-0 flex-1 md:w-[168px]">
            <DateField
              label="The first day"
              value={span.from}
              today={last}
              min={addDays(span.to, 1 - SPAN_DAYS_MAX)}
              max={last}
              onChange={(from) => from && (from > span.to ? own(from, from) : own(from, span.to))}
            />
          </div>
          <div className="min-w-0 flex-1 md:w-[168px]">
            <DateField
              label="The last day"
              value={span.to}
              today={last}
              min={span.from}
              max={last}
              onChange={(to) => to && own(span.from, to)}
            />
          </div>
        </div>
      )}
    </div>
  )
}

/** Narrow: only the numbers that say something, under the name of their step. */
function FigureList({
  document,
  figures,
  onOpen,
}: {
  readonly document: Journey
  readonly figures: (node: NodeId) => Figures
  readonly onOpen: (node: NodeId, is: Is) => void
}) {
  return (
    <ul aria-label="Couples at each step">
      {stepsOf(document).map((node) => {
        const counts = figures(node.id)
        const told = STANDS.filter((is) => counts[is] > 0)
        return (
          <li key={node.id} className="flex gap-2.5 border-t border-border py-2.5 first:border-t-0">
            <Icon
              of={stepIcon(node.kind, node.kind === 'module' ? node.type : null)}
              className="mt-0.5 shrink-0 text-muted-foreground"
            />
            <div className="min-w-0">
              <p className={told.length > 0 ? 'font-strong' : 'text-muted-foreground'}>{nameOf(node)}</p>
              {told.length > 0 && (
                <p className="flex flex-wrap gap-x-4 text-muted-foreground">
                  {told.map((is) => (
                    <span key={is} className="inline-flex items-center gap-1">
                      <button
                        type="button"
                        data-door={doorName(node.id, is)}
                        onClick={() => onOpen(node.id, is)}
                        aria-label={`${counts[is].toLocaleString()}, ${nameOf(node)}: ${WORDS[is]}`}
                        className={`${DOOR} relative inline-flex min-h-6 items-center font-strong text-foreground after:absolute after:-inset-x-2.5 after:inset-y-0 touch:min-h-11 touch:after:-inset-x-4`}
                      >
                        {counts[is].toLocaleString()}
                      </button>
                      {WORDS[is]}
                    </span>
                  ))}
                </p>
              )}
            </div>
          </li>
        )
      })}
    </ul>
  )
}
const stepsOf = ({ nodes }: Journey): readonly Node[] => nodes.filter(({ kind }) => kind !== 'end')

function FigureTable({
  document,
  figures,
  ways,
  onOpen,
}: {
  readonly document: Journey
  readonly figures: (node: NodeId) => Figures
  readonly ways: readonly Gone[]
  readonly onOpen: (node: NodeId, is: Is) => void
}) {
  return (
    <div className="overflow-x-auto rounded-md border border-border bg-card">
      <table className="w-full border-collapse" aria-label="Couples at each step">
        <thead>
          <tr className="border-b border-border-strong text-micro text-muted-foreground">
            <th scope="col" className="px-3 py-1.5 text-left font-strong">
              Step
            </th>
            <Head>Waiting now</Head>
            <Head>Went on</Head>
            <Head>Left out</Head>
            <Head>Failed</Head>
            <th scope="col" className="hidden px-3 py-1.5 text-left font-strong md:table-cell">
              Which way
            </th>
          </tr>
        </thead>
        <tbody>
          {stepsOf(document).map((node) => {
            const counts = figures(node.id)
            return (
              <tr key={node.id} className="border-b border-border last:border-b-0">
                <th scope="row" className="px-3 py-2 text-left font-medium">
                  <span className="flex items-center gap-2">
                    <Icon
                      of={stepIcon(node.kind, node.kind === 'module' ? node.type : null)}
                      className="shrink-0 text-muted-foreground"
                    />
                    {nameOf(node)}
                  </span>
                </th>
                {STANDS.map((is) => (
                  <Figure
                    key={is}
                    count={counts[is]}
                    says={`${nameOf(node)}: ${WORDS[is]}`}
                    door={doorName(node.id, is)}
                    onOpen={() => onOpen(node.id, is)}
                  />
                ))}
                <td className="hidden px-3 py-2 text-small text-muted-foreground md:table-cell">
                  {shares(node, ways)}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

function lede(runs: { onIt: number; paused: number; completed: number; failed: number }): string {
  const on = `${capital(inWords(runs.onIt))} ${runs.onIt === 1 ? 'couple is' : 'couples are'} on their way`
  const allPaused = runs.onIt === 1 ? ', but paused' : ', all of them paused'
  const paused =
    runs.paused === 0
      ? ''
      : runs.paused === runs.onIt
        ? allPaused
        : `, ${inWords(runs.paused)} of them paused`
  const failed = runs.failed > 0 ? ` ${capital(inWords(runs.failed))} failed.` : ''
  const ended =
    runs.completed === 0
      ? 'nobody has come to the end yet'
      : `${runs.completed.toLocaleString()} ${runs.completed === 1 ? 'has' : 'have'} come to the end`
  return `${on}${paused}; ${ended}.${failed}`
}

/** "answered 92 %, after 5 days 8 %": how they went on from here, where there is more than one way. */
function shares(node: Node, ways: readonly Gone[]): string {
  const here = ways.filter((way) => way.from === node.id && way.runs > 0)
  if (here.length === 0 || (here.length === 1 && exitWord(node, here[0]?.exit ?? '') === '')) return ''
  return here
    .toSorted((a, b) => b.runs - a.runs)
    .map(({ exit }) => `${exitWord(node, exit) || 'on'} ${shareOf(ways, node.id, exit)}`)
    .join(', ')
}

const Head = ({ children }: { readonly children: React.ReactNode }) => (
  <th scope="col" className="px-3 py-1.5 text-right font-strong whitespace-nowrap">
    {children}
  </th>
)

function Figure({
  count,
  says,
  door,
  onOpen,
}: {
  readonly count: number
  readonly says: string
  readonly door: string
  readonly onOpen: () => void
}) {
  return (
    <td className="px-3 py-1.5 text-right">
      {count === 0 ? (
        <span className="text-muted-foreground">0</span>
      ) : (
        <button
          type="button"
          data-door={door}
          onClick={onOpen}
          aria-label={`${count.toLocaleString()}, ${says}`}
          className={`${DOOR} inline-flex min-h-6 min-w-6 items-center justify-end font-strong touch:min-h-11 touch:min-w-11`}
        >
          {count.toLocaleString()}
        </button>
      )}
    </td>
  )
}

const COMMANDS: readonly { readonly says: string; readonly command: CommandDocument }[] = [
  { says: 'Pause all', command: { do: 'pause' } },
  { says: 'Let all go on', command: { do: 'resume' } },
  { says: 'Do it now for all', command: { do: 'do_now' } },
  { says: 'Leave it out for all', command: { do: 'skip' } },
]

function Door({
  node,
  is,
  name,
  count,
  journeyId,
  days,
  goesBackTo,
  onClose,
}: {
  readonly node: string
  readonly is: Is
  readonly name: string
  /** The number it stands behind. */
  readonly count: number
  readonly journeyId: string
  readonly days: { readonly from: string; readonly to: string }
  readonly goesBackTo: () => HTMLElement | null
  readonly onClose: () => void
}) {
  const { vendor, may } = useHere()
  const { busy, act } = useDoing()
  const [begun, setBegun] = useBegun(`${journeyId}/${node}`)
  const waits = is === 'waiting'
  const waiting = useQuery({
    ...asks(listRuns, { params: { vendor }, query: { journey: journeyId, node, limit: LISTED_MAX } }),
    enabled: waits,
  })
  const others = useQuery({
    ...asks(flowCouples, {
      params: { vendor, journey: journeyId, node: node },
      query: { ...days, is: is === 'waiting' ? 'done' : is },
    }),
    enabled: !waits,
  })
  const items = waits
    ? waiting.data?.data.items.map((run) => ({
        run: run.id,
        client: run.client,
        names: run.names,
        at: run.at.find((one) => one.node === node)?.due ?? null,
      }))
    : others.data?.data.items
  const all = (says: string, command: CommandDocument): void =>
    act(async () => {
      const { data } = await api(commandRuns, {
        params: { vendor },
        body: { which: { like: { journey: journeyId, node: node } }, command },
      })
      setBegun({ job: data.job, label: `${says}, ${counted(data.total, 'couple')}`, undoable: true })
    })
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={name}
      description={capital(WORDS[is])}
      goesBackTo={goesBackTo}
    >
      {waits && items?.length !== 0 && may(commandRuns) && (
        <div className="mb-3 flex flex-wrap gap-1.5">
          {COMMANDS.map(({ says, command }) => (
            <Button key={says} size="sm" busy={busy} onClick={() => all(says, command)}>
              {says}
            </Button>
          ))}
        </div>
      )}
      {begun && (
        <div className="mb-3">
          <JobProgress
            key={begun.job}
            id={begun.job}
            label={begun.label}
            undoable={begun.undoable && may(undoJob)}
            onUndo={(job) => setBegun({ job, label: 'Taking it back', undoable: false })}
            onClose={() => setBegun(null)}
          />
        </div>
      )}
      <Answer of={waits ? { ...waiting, data: items } : { ...others, data: items }}>
        {(list) => <CouplesBehind items={list} waits={waits} count={count} />}
      </Answer>
    </Sheet>
  )
}
