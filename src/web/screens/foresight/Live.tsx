import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { flowCouples, journeyFlow } from '../../../contract/flow.ts'
import { readJob } from '../../../contract/jobs.ts'
import { journeyStatistics } from '../../../contract/journeys.ts'
import { type CommandDocument, commandRuns, listRuns } from '../../../contract/runs.ts'
import type { Node } from '../../../core/journey/graph.ts'
import { titleOf } from '../../../core/run/step-title.ts'
import { Button } from '../../../ui/Button.tsx'
import { Sheet } from '../../../ui/Dialog.tsx'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { Icon } from '../../../ui/Icon.tsx'
import { Segmented } from '../../../ui/Segmented.tsx'
import { DOOR } from '../../../ui/Type.tsx'
import { toast } from '../../../ui/toasts.ts'
import { Progress } from '../../../ui/Waiting.tsx'
import { Answer } from '../../Answer.tsx'
import { api, askAgain, asks } from '../../api.ts'
import { useHere } from '../../session.ts'
import { capital, inWords, today } from '../../times.ts'
import { useDoing } from '../../useDoing.ts'
import type { DesignerPart } from '../designer/context.ts'
import { useDesigner } from '../designer/context.ts'
import { CouplesBehind } from './CouplesBehind.tsx'
import { counted, stepIcon } from './steps.ts'
import { askForRuns } from './useCommand.ts'

const RANGES = { '7': 'Last 7 days', '30': 'Last 30 days', '90': 'Last 90 days', '365': 'Last year' } as const
type Range = keyof typeof RANGES
type Is = 'waiting' | 'done' | 'skipped' | 'failed'
export type Behind = { readonly node: string; readonly is: Is }

const daysAgo = (days: number): string =>
  new Date(Date.parse(today()) - days * 86_400_000).toISOString().slice(0, 10)

/** Where couples stand and what became of them, step by step. Every number is a door to those couples. */
export function Live({ document, journeyId }: DesignerPart) {
  const { vendor } = useHere()
  const { journey } = useDesigner()
  const [range, setRange] = useState<Range>('30')
  const [behind, setBehind] = useState<Behind | null>(null)
  const params = { vendor, journey: journeyId }
  const days = { from: daysAgo(Number(range) - 1), to: today() }
  const standing = useQuery(asks(journeyStatistics, { params }))
  const flow = useQuery(asks(journeyFlow, { params, query: days }))
  // What is live, not what is being drawn: the numbers are about that.
  const nodes = ((journey.live?.nodes as Node[] | undefined) ?? document.nodes).filter(
    ({ kind }) => kind !== 'end',
  )
  if (journey.version === null)
    return (
      <div className="mx-auto max-w-[560px] p-10">
        <EmptyState title="Nobody is on this journey yet">
          Once it is published, every step says here how many wait, went on, were left out or failed.
        </EmptyState>
      </div>
    )
  return (
    <div className="min-h-0 min-w-0 flex-1 overflow-y-auto px-5 py-5 pb-24 lg:px-10">
      <div className="flex flex-wrap items-start gap-3">
        <p className="max-w-[720px] flex-1 font-display text-h2 tracking-display text-pretty">
          {standing.data ? lede(standing.data.data.runs) : ' '}
        </p>
        <Segmented
          label="Which days"
          size="sm"
          value={range}
          segments={Object.entries(RANGES).map(([value, label]) => ({ value: value as Range, label }))}
          onChange={setRange}
        />
      </div>
      <Answer of={standing} lines={8}>
        {({ data: now }) => (
          <Answer of={flow} lines={8}>
            {({ data: then }) => (
              <div className="mt-4 overflow-x-auto rounded-md border border-border bg-card">
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
                    {nodes.map((node) => {
                      const step = then.steps.find((one) => one.node === node.id)
                      const waiting = now.standing
                        .filter((one) => one.node === node.id)
                        .reduce((sum, one) => sum + one.runs, 0)
                      const door = (is: Is, count: number) => (
                        <Figure
                          key={is}
                          count={count}
                          says={`${titleOf(node)}: ${WORDS[is]}`}
                          onOpen={() => setBehind({ node: node.id, is })}
                        />
                      )
                      return (
                        <tr key={node.id} className="border-b border-border last:border-b-0">
                          <th scope="row" className="px-3 py-2 text-left font-medium">
                            <span className="flex items-center gap-2">
                              <Icon
                                of={stepIcon(node.kind, node.kind === 'module' ? node.type : null)}
                                className="shrink-0 text-muted-foreground"
                              />
                              {titleOf(node)}
                            </span>
                          </th>
                          {door('waiting', waiting)}
                          {door('done', step?.done ?? 0)}
                          {door('skipped', step?.skipped ?? 0)}
                          {door('failed', step?.failed ?? 0)}
                          <td className="hidden px-3 py-2 text-small text-muted-foreground md:table-cell">
                            {shares(then.ways.filter((way) => way.from === node.id))}
                          </td>
                        </tr>
                      )
                    })}
                  </tbody>
                </table>
              </div>
            )}
          </Answer>
        )}
      </Answer>
      {behind && (
        <Door
          behind={behind}
          name={titleOfId(nodes, behind.node)}
          journeyId={journeyId}
          days={days}
          onClose={() => setBehind(null)}
        />
      )}
    </div>
  )
}

const WORDS: { readonly [is in Is]: string } = {
  waiting: 'waiting now',
  done: 'went on',
  skipped: 'left out',
  failed: 'failed',
}

const titleOfId = (nodes: readonly Node[], id: string): string => {
  const node = nodes.find((one) => one.id === id)
  return node ? titleOf(node) : id
}

function lede(runs: { onIt: number; paused: number; completed: number; failed: number }): string {
  const on = `${capital(inWords(runs.onIt))} ${runs.onIt === 1 ? 'couple is' : 'couples are'} on their way`
  const paused = runs.paused > 0 ? `, ${inWords(runs.paused)} of them paused` : ''
  const failed = runs.failed > 0 ? ` ${capital(inWords(runs.failed))} failed.` : ''
  return `${on}${paused}; ${runs.completed.toLocaleString()} have come to the end.${failed}`
}

/** "sent 92 %, failed 8 %": how they went on from here, where there is more than one way. */
function shares(ways: readonly { readonly exit: string; readonly runs: number }[]): string {
  const all = ways.reduce((sum, way) => sum + way.runs, 0)
  if (all === 0) return ''
  return [...ways]
    .sort((a, b) => b.runs - a.runs)
    .map(({ exit, runs }) => `${exit.replaceAll('_', ' ')} ${Math.round((runs / all) * 100)} %`)
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
  onOpen,
}: {
  readonly count: number
  readonly says: string
  readonly onOpen: () => void
}) {
  return (
    <td className="px-3 py-1.5 text-right">
      {count === 0 ? (
        <span className="text-muted-foreground">0</span>
      ) : (
        <button
          type="button"
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
  behind,
  name,
  journeyId,
  days,
  onClose,
}: {
  readonly behind: Behind
  readonly name: string
  readonly journeyId: string
  readonly days: { readonly from: string; readonly to: string }
  readonly onClose: () => void
}) {
  const { vendor, may } = useHere()
  const { busy, act } = useDoing()
  const [job, setJob] = useState<string | null>(null)
  const waits = behind.is === 'waiting'
  const waiting = useQuery({
    ...asks(listRuns, { params: { vendor }, query: { journey: journeyId, node: behind.node, limit: 200 } }),
    enabled: waits,
  })
  const others = useQuery({
    ...asks(flowCouples, {
      params: { vendor, journey: journeyId, node: behind.node },
      query: { ...days, is: behind.is === 'waiting' ? 'done' : behind.is },
    }),
    enabled: !waits,
  })
  const items = waits
    ? waiting.data?.data.items.map((run) => ({
        run: run.id,
        client: run.client,
        names: run.names,
        at: run.at.find((one) => one.node === behind.node)?.due ?? null,
      }))
    : others.data?.data.items
  const all = (says: string, command: CommandDocument): void =>
    act(async () => {
      const { data } = await api(commandRuns, {
        params: { vendor },
        body: { which: { like: { journey: journeyId, node: behind.node } }, command },
      })
      setJob(data.job)
      toast(`${says}: ${counted(data.total, 'couple')}`)
    })
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={name}
      description={capital(WORDS[behind.is])}
    >
      {waits && may(commandRuns) && (
        <div className="mb-3 flex flex-wrap gap-1.5">
          {COMMANDS.map(({ says, command }) => (
            <Button key={says} size="sm" busy={busy} onClick={() => all(says, command)}>
              {says}
            </Button>
          ))}
        </div>
      )}
      {job && <Done job={job} />}
      <Answer of={waits ? { ...waiting, data: items } : { ...others, data: items }}>
        {(list) => <CouplesBehind items={list} waits={waits} />}
      </Answer>
    </Sheet>
  )
}

const POLL_MS = 700

function Done({ job }: { readonly job: string }) {
  const { vendor } = useHere()
  const read = useQuery({
    ...asks(readJob, { params: { vendor, job }, query: {} }),
    refetchInterval: ({ state }) => (state.data?.data.state === 'running' ? POLL_MS : false),
  })
  const data = read.data?.data
  const isOver = data !== undefined && data.state !== 'running'
  useEffect(() => {
    if (isOver) void Promise.all([askForRuns(), askAgain(journeyStatistics, journeyFlow)])
  }, [isOver])
  if (!data) return null
  return (
    <div className="mb-3">
      <Progress
        label={data.state === 'running' ? 'Under way' : 'Done'}
        done={data.done + data.refused}
        of={data.total}
        {...(data.refused > 0 && { detail: `${data.refused} refused` })}
      />
      {data.results.length > 0 && (
        <p className="mt-1 text-small text-muted-foreground">
          {[...new Set(data.results.map((one) => one.why))].filter(Boolean).join(' ')}
        </p>
      )}
    </div>
  )
}
