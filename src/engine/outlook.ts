import type { ClientId, RunId, VendorId } from '../core/ids.ts'
import { moduleKey } from '../core/journey/graph.ts'
import { type FutureStep, forecast } from '../core/run/forecast.ts'
import { sentenceOf } from '../core/run/sentences.ts'
import { titleOf } from '../core/run/step-title.ts'
import type { Teller } from '../core/run/teller.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import { readRuns } from '../store/runs.ts'
import { messagesSince, runsDueBefore, type SentToday } from '../store/work.ts'
import type { Engine } from './engine.ts'
import { type Loaded, loadRuns } from './turns.ts'

/**
 * What goes out in the next days, of everybody: each run that has something to do by then, run ahead by the functions
 * that will do it. And what went out since the day began, as it was written down.
 */
export type OutlookItem = {
  readonly run: RunId
  readonly client: ClientId
  readonly journey: string
  readonly node: string
  readonly name: string
  readonly what: 'message' | 'approval' | 'task'
  readonly module: string | null
  readonly recipients: readonly string[]
  readonly at: Instant
  readonly zone: string
  readonly is: 'sent' | 'not_sent' | 'on_its_way' | 'planned' | 'held'
  readonly why: string
  readonly message: string | null
  readonly token: number | null
  readonly assumes: readonly string[]
}
export type Outlook = {
  readonly items: readonly OutlookItem[]
  /** Until when all of it is told; null when that is the whole time. */
  readonly toldUntil: Instant | null
}

/** Runs that are run ahead for one answer; with more, it is told until where. */
export const OUTLOOK_RUNS_MAX = 150
export const OUTLOOK_SENT_MAX = 100
const STEPS_MAX = 40

export async function outlookOf(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  now: Instant,
  dayBegan: Instant,
  until: Instant,
): Promise<Outlook> {
  const [due, sent] = await Promise.all([
    runsDueBefore(sql, vendor, until, OUTLOOK_RUNS_MAX + 1),
    messagesSince(sql, vendor, dayBegan, OUTLOOK_SENT_MAX),
  ])
  const ahead = due.slice(0, OUTLOOK_RUNS_MAX)
  const runs = [...new Set([...ahead, ...sent.map((one) => one.run_id)])]
  const rows = await readRuns(
    sql,
    runs.map((run) => ({ vendor, run })),
  )
  const loaded = new Map((await loadRuns(engine, sql, now, rows)).map((one) => [one.run.id, one]))
  const cut = due.length > OUTLOOK_RUNS_MAX ? (loaded.get(ahead.at(-1)!)?.row.due_at ?? null) : null
  const items = [
    ...sent.flatMap((one) => {
      const of = loaded.get(one.run_id)
      return of ? [writtenDown(of, one)] : []
    }),
    ...ahead.flatMap((run) => {
      const of = loaded.get(run)
      return of ? planned(of, now, cut ?? until) : []
    }),
  ]
  return {
    items: items.sort((a, b) => a.at - b.at || (a.run < b.run ? -1 : 1)),
    toldUntil: cut,
  }
}

const zoneOf = ({ view }: Loaded): Teller['zone'] => view.wedding?.zone ?? view.vendor.zone

const about = (of: Loaded) => ({
  run: of.run.id,
  client: of.run.client,
  journey: of.graph.journey.name,
  zone: zoneOf(of) as string,
})

const STATE: { readonly [state: string]: OutlookItem['is'] } = {
  accepted: 'sent',
  delivered: 'sent',
  planned: 'on_its_way',
  sending: 'on_its_way',
  retryable: 'on_its_way',
  unknown: 'on_its_way',
}

function writtenDown(of: Loaded, one: SentToday): OutlookItem {
  const node = of.graph.node(one.node as never)
  return {
    ...about(of),
    node: one.node,
    name: node ? titleOf(node) : one.node,
    what: 'message',
    module: one.kind,
    recipients: [one.recipient],
    at: one.settled_at ?? one.planned_at,
    is: STATE[one.state] ?? 'not_sent',
    why: one.cause ?? '',
    message: one.effect_id,
    token: null,
    assumes: [],
  }
}

const WHAT: { readonly [what in FutureStep['what']]?: OutlookItem['what'] } = {
  send: 'message',
  approval: 'approval',
  task: 'task',
}

function planned(of: Loaded, now: Instant, until: Instant): OutlookItem[] {
  const teller: Teller = { zone: zoneOf(of), now }
  return forecast(of.graph, of.run, of.view, now, { until, stepsMax: STEPS_MAX }).steps.flatMap(
    (step): OutlookItem[] => {
      const what = WHAT[step.what]
      const node = of.graph.node(step.node)
      if (what === undefined || node === null || node === undefined || step.at === null || step.at >= until)
        return []
      // What stands open already waits for a person, and is told where such things are.
      if (what !== 'message' && isOpenAlready(of, step)) return []
      const isMessage = node.kind === 'module'
      return [
        {
          ...about(of),
          node: step.node,
          name: step.name,
          what: what === 'message' && isMessage && node.approval ? 'approval' : what,
          module: isMessage ? moduleKey(node.type, node.version) : null,
          recipients: step.recipients,
          at: step.at,
          is: 'planned',
          why: step.because.map((one) => sentenceOf(one, teller)).join(' '),
          message: null,
          token: standingAt(of, step)?.id ?? null,
          assumes: step.assumes,
        },
      ]
    },
  )
}

const standingAt = ({ run }: Loaded, step: FutureStep) =>
  run.state.tokens.find((token) => token.at === step.node && token.visit === step.visit)

const isOpenAlready = (of: Loaded, step: FutureStep): boolean => standingAt(of, step)?.is === 'gated'
