import type { ClientId, RunId, VendorId } from '../core/ids.ts'
import { moduleKey, type Node } from '../core/journey/graph.ts'
import type { DecisionCode } from '../core/run/decision.ts'
import { type FutureStep, forecast } from '../core/run/forecast.ts'
import { sentenceOf } from '../core/run/sentences.ts'
import { titleOf } from '../core/run/step-title.ts'
import type { Teller } from '../core/run/teller.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import { readRunsAndClients } from '../store/views.ts'
import {
  countMessagesSince,
  countRunsDue,
  messagesSince,
  runsDueBefore,
  type SentToday,
} from '../store/work.ts'
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
export type OutlookDay = {
  readonly messages: number
  readonly gone: number
  readonly coming: number
  readonly about: boolean
}
export type Outlook = {
  readonly days: readonly OutlookDay[]
  readonly items: readonly OutlookItem[]
  /** Messages of today that went before the first of the items, and that go after the last of them. */
  readonly earlier: number
  readonly later: number
  /** The first message of another day. */
  readonly next: OutlookItem | null
  /** Until when all of it is told; null when that is the whole time. */
  readonly toldUntil: Instant | null
}

/** Runs that are run ahead for one answer; with more, it is told until where. */
const RUNS_MAX = 150
/** In brief nearly all is counted; what is told one by one is nearer than this many. */
export const OUTLOOK_BRIEF_RUNS_MAX = 64
/** Of what has gone out today the latest are told one by one, and all are counted. */
export const OUTLOOK_SENT_MAX = 20
/** In brief, of what goes out today the next are told one by one. */
export const OUTLOOK_AHEAD_MAX = 14
const STEPS_MAX = 40
const NOTHING_WRITTEN = { all: 0, gone: 0, coming: 0 }

/** `ends`: when each of the days is over, the first being today. `brief`: one by one only what is nearest to now. */
export async function outlookOf(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  now: Instant,
  dayBegan: Instant,
  ends: readonly Instant[],
  brief: boolean,
): Promise<Outlook> {
  const until = ends.at(-1)!
  const runsMax = brief ? OUTLOOK_BRIEF_RUNS_MAX : RUNS_MAX
  const [due, sent, written] = await Promise.all([
    runsDueBefore(sql, vendor, until, runsMax + 1),
    messagesSince(sql, vendor, dayBegan, OUTLOOK_SENT_MAX),
    countMessagesSince(sql, vendor, dayBegan),
  ])
  const first = due.slice(0, runsMax)
  const runs = [...new Set([...first, ...sent.map((one) => one.run_id)])]
  const { runs: rows, clients } = await readRunsAndClients(
    sql,
    runs.map((run) => ({ vendor, run })),
  )
  const last = due.length > runsMax ? rows.find((one) => one.run_id === first.at(-1)) : undefined
  const cut = last?.due_at ?? null
  const [found, beyond] = await Promise.all([
    loadRuns(engine, sql, now, rows, clients),
    cut === null ? [] : countRunsDue(sql, vendor, { at: cut, run: last!.run_id }, ends),
  ])
  const loaded = new Map(found.map((one) => [one.run.id, one]))
  const steps = first.flatMap((run) => {
    const of = loaded.get(run)
    return of ? plannedSteps(of, now, until) : []
  })
  steps.sort((a, b) => a.at - b.at || (a.of.run.id < b.of.run.id ? -1 : 1))
  const days = ends.map((end, index): OutlookDay => {
    const begins = index === 0 ? -Infinity : ends[index - 1]!
    const planned = steps.filter((one) => one.what !== 'task' && one.at >= begins && one.at < end)
    const more = beyond[index] ?? 0
    const { all, gone, coming } = index === 0 ? written : NOTHING_WRITTEN
    const asked = planned.filter((one) => one.what === 'approval').length
    return {
      messages: all + planned.length + more,
      gone,
      coming: coming + planned.length - asked + more,
      about: more > 0,
    }
  })
  const dayEnds = ends[0]!
  const ahead = steps.filter((one) => one.at < Math.min(brief ? dayEnds : until, cut ?? Infinity))
  const listed = brief ? ahead.slice(0, OUTLOOK_AHEAD_MAX) : ahead
  const next = steps.find((one) => one.what !== 'task' && one.at >= dayEnds)
  const items = [
    ...sent.flatMap((one) => {
      const of = loaded.get(one.run_id)
      return of ? [writtenDown(of, one)] : []
    }),
    ...listed.map((one) => planned(one, now)),
  ]
  const messagesListed = listed.filter((one) => one.what !== 'task' && one.at < dayEnds).length
  return {
    days,
    items: items.sort((a, b) => a.at - b.at || (a.run < b.run ? -1 : 1)),
    earlier: written.all - sent.length,
    later: days[0]!.messages - written.all - messagesListed,
    next: next ? planned(next, now) : null,
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

type Planned = {
  readonly of: Loaded
  readonly step: FutureStep
  readonly node: Node
  readonly what: OutlookItem['what']
  readonly at: Instant
}

function plannedSteps(of: Loaded, now: Instant, until: Instant): Planned[] {
  return forecast(of.graph, of.run, of.view, now, { until, stepsMax: STEPS_MAX }).steps.flatMap(
    (step): Planned[] => {
      const what = WHAT[step.what]
      const node = of.graph.node(step.node)
      const { at } = step
      if (what === undefined || node === null || node === undefined || at === null || at >= until) return []
      // What stands open already waits for a person, and is told where such things are.
      if (what !== 'message' && isOpenAlready(of, step)) return []
      const needsYes = what === 'message' && node.kind === 'module' && node.approval
      return [{ of, step, node, what: needsYes ? 'approval' : what, at }]
    },
  )
}

/** What the forecast decides once the message has gone: none of it is why it goes. */
const AFTERWARDS: ReadonlySet<DecisionCode> = new Set(['entered', 'sent', 'left_by', 'ended', 'completed'])

function planned({ of, step, node, what, at }: Planned, now: Instant): OutlookItem {
  const teller: Teller = { zone: zoneOf(of), now }
  return {
    ...about(of),
    node: step.node,
    name: step.name,
    what,
    module: node.kind === 'module' ? moduleKey(node.type, node.version) : null,
    recipients: step.recipients,
    at,
    is: 'planned',
    why: step.because
      .filter((one) => !AFTERWARDS.has(one.code))
      .map((one) => sentenceOf(one, teller))
      .join(' '),
    message: null,
    token: standingAt(of, step)?.id ?? null,
    assumes: step.assumes,
  }
}

const standingAt = ({ run }: Loaded, step: FutureStep) =>
  run.state.tokens.find((token) => token.at === step.node && token.visit === step.visit)

const isOpenAlready = (of: Loaded, step: FutureStep): boolean => standingAt(of, step)?.is === 'gated'
