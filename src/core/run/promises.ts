import type { Json, NodeId } from '../ids.ts'
import type { Graph, Node } from '../journey/graph.ts'
import { type Instant, instantFrom, MINUTE_MS } from '../time/instant.ts'
import type { Decision, DecisionCode } from './decision.ts'
import type { LogRow } from './log-row.ts'
import type { Run } from './run.ts'
import { holdInWords, sentenceOf } from './sentences.ts'
import { type Teller, tellAt } from './teller.ts'

/**
 * What a journey promised one couple and what came of it, read from its log alone. A moment is promised when the log
 * names it before it has come: what was late already when it was planned was promised for no earlier day.
 */
export type Verdict = 'kept' | 'late' | 'left_out' | 'not_delivered'
export type Promised = {
  readonly node: NodeId
  readonly visit: number
  /** Null where it followed at once on what came before. */
  readonly promised: Instant | null
  /** When it went; of what never went, when that was decided. */
  readonly at: Instant
  readonly verdict: Verdict
  readonly lateMs: number | null
  /** Why it was late, left out or not delivered, or to whom of them it did not get; null where all is well. */
  readonly sentence: string | null
}

/** Within this of its moment it is in time: sending takes a while, and nobody notices. */
export const PROMISE_TOLERANCE_MS = 15 * MINUTE_MS

export const isPromise = (node: Node): boolean =>
  node.kind === 'module' || (node.kind === 'action' && 'task' in node.do)

/** Every message and task the run is done with, in the order in which they came to be. */
export function promisesIn(graph: Graph, run: Run, log: readonly LogRow[], teller: Teller): Promised[] {
  const { visits, endings, holds } = readLog(graph, log)
  const stands = (one: Visit): boolean =>
    run.state.tokens.some((token) => !token.side && token.at === one.node && token.visit === one.number)
  return visits.flatMap((one): Promised[] => {
    const node = graph.node(one.node)
    if (!node || !isPromise(node) || stands(one)) return []
    const { promised } = one
    const of = { node: one.node, visit: one.number, promised }
    const wentAt = one.sentAt ?? one.openedAt
    if (wentAt !== null) {
      const lateMs = promised === null ? 0 : wentAt - promised
      const isLate = lateMs > PROMISE_TOLERANCE_MS
      const said = [
        ...(isLate ? [whyLate(one, holds, teller)] : []),
        ...sentencesOf(one, MISSED_BY_SOME, teller),
      ].filter((sentence) => sentence !== null)
      return [
        {
          ...of,
          at: wentAt,
          verdict: isLate ? 'late' : 'kept',
          lateMs: isLate ? lateMs : null,
          sentence: said.length > 0 ? said.join(' ') : null,
        },
      ]
    }
    const without = cameToNothing(one, endings, teller)
    return without === null ? [] : [{ ...of, lateMs: null, ...without }]
  })
}

// What came of it

const SAID_NO: readonly DecisionCode[] = ['skipped_by_person', 'approval_skipped']
const NOT_DELIVERED: readonly DecisionCode[] = [
  'unresolved',
  'refused',
  'suppressed',
  'no_address',
  'no_consent',
  'no_recipient',
]
/** One had it and the other not: who has no address is nobody's surprise. */
const MISSED_BY_SOME: readonly DecisionCode[] = ['unresolved', 'refused', 'suppressed']
const LEFT_OUT: readonly DecisionCode[] = [
  'late_skipped',
  'quiet_skipped',
  'cap_skipped',
  'late_merged',
  'cap_merged',
  'task_opened',
  'approval_timed_out',
  'jumped',
]
const ENDINGS: ReadonlySet<DecisionCode> = new Set([
  'goal_reached',
  'left',
  'stopped',
  'restarted',
  'fuel_spent',
  'cancelled',
  'failed',
  'completed',
])

function cameToNothing(
  one: Visit,
  endings: readonly Placed[],
  teller: Teller,
): Pick<Promised, 'verdict' | 'at' | 'sentence'> | null {
  for (const [verdict, codes] of [
    ['left_out', SAID_NO],
    ['not_delivered', NOT_DELIVERED],
    ['left_out', LEFT_OUT],
  ] as const) {
    const said = sentencesOf(one, codes, teller)
    if (said.length > 0) return { verdict, at: one.lastAt, sentence: said.join(' ') }
  }
  // Passed without a word: everybody it was meant for had it already. Or another branch of a race was there first.
  if (one.because.some(({ code }) => code === 'left_by' || code === 'arm_cancelled')) return null
  const ending = endings.find(({ place }) => place > one.place)
  if (!ending) return null
  return { verdict: 'left_out', at: ending.at, sentence: sentenceOf(ending.decision, teller) }
}

const sentencesOf = ({ because }: Visit, codes: readonly DecisionCode[], teller: Teller): string[] => [
  ...new Set(because.filter(({ code }) => codes.includes(code)).map((one) => sentenceOf(one, teller))),
]

function whyLate(one: Visit, holds: readonly Hold[], teller: Teller): string | null {
  const { why, promised, approvedAt, plannedAt } = one
  if (why !== null && why.code !== 'late') return sentenceOf(why, teller)
  if (approvedAt !== null) return `It waited for a person’s yes until ${tellAt(approvedAt, teller)}.`
  const hold = holds.find(({ from, until }) => from <= promised! && (until === null || until >= promised!))
  if (hold) return `It was held because ${holdInWords(hold.reason)}.`
  return plannedAt !== null && plannedAt - promised! <= PROMISE_TOLERANCE_MS
    ? 'It was ready in time, but sending it took until then.'
    : null
}

// How the log is read

type Visit = {
  readonly node: NodeId
  readonly number: number
  readonly because: Decision[]
  promised: Instant | null
  /** Its moment has come: what is planned from then on no longer changes what was promised. */
  settled: boolean
  /** It is tried again, so that no rule counts any more. */
  readonly again: boolean
  why: Decision | null
  approvedAt: Instant | null
  plannedAt: Instant | null
  sentAt: Instant | null
  openedAt: Instant | null
  /** It has been sent; what follows is an update. */
  updates: boolean
  lastAt: Instant
  place: number
}
type Placed = { readonly place: number; readonly at: Instant; readonly decision: Decision }
type Hold = { readonly reason: Json; readonly from: Instant; until: Instant | null }
/** What a step inherits from the wait it follows. */
type Carried = Pick<Visit, 'promised' | 'settled' | 'why' | 'approvedAt'>

const NOTHING: Carried = { promised: null, settled: false, why: null, approvedAt: null }

function readLog(
  graph: Graph,
  log: readonly LogRow[],
): {
  readonly visits: readonly Visit[]
  readonly endings: readonly Placed[]
  readonly holds: readonly Hold[]
} {
  const visits = new Map<string, Visit>()
  const latest = new Map<NodeId, Visit>()
  const carried = new Map<NodeId, Carried>()
  const endings: Placed[] = []
  const holds: Hold[] = []
  let place = 0
  for (const { at, because } of log)
    for (const decision of because) {
      place += 1
      const { code, node: id, visit: number } = decision
      if (ENDINGS.has(code)) endings.push({ place, at, decision })
      keepHold(holds, decision, at)
      if (id === undefined || number === undefined) continue
      const key = `${id}|${number}`
      let visit = visits.get(key)
      if (visit === undefined) {
        const before = latest.get(id)
        const last = before?.because.at(-1)
        const isAgain = last?.code === 'retried' || (last?.code === 'moves' && last.values?.stale === true)
        if (before && isAgain) visits.delete(`${id}|${before.number}`)
        visit = {
          ...(before && isAgain ? takenUp(before, last) : { ...NOTHING, ...carried.get(id), ...FRESH }),
          node: id,
          number,
          because: [],
          lastAt: at,
          place,
        }
        carried.delete(id)
        visits.set(key, visit)
        latest.set(id, visit)
      }
      visit.because.push(decision)
      visit.lastAt = at
      visit.place = place
      const node = graph.node(id)
      follow(visit, decision, at, node)
      if (!node || isPromise(node)) continue
      const { promised, settled, why, approvedAt } = visit
      for (const to of waysOn(graph, node, decision)) carried.set(to, { promised, settled, why, approvedAt })
    }
  return { visits: [...visits.values()], endings, holds }
}

const FRESH = { again: false, plannedAt: null, sentAt: null, openedAt: null, updates: false }

const takenUp = (before: Visit, last: Decision) => ({
  ...FRESH,
  promised: before.promised,
  settled: before.settled,
  why: last.code === 'retried' ? last : before.why,
  approvedAt: before.approvedAt,
  again: last.code === 'retried',
  sentAt: before.sentAt,
})

/** Where a wait, a decision or a tag hands its moment on to. */
function waysOn(graph: Graph, node: Node, { code, values }: Decision): readonly NodeId[] {
  if (code === 'left_by') return typeof values?.to === 'string' ? [values.to as NodeId] : []
  if (code !== 'forked') return []
  return graph.exits(node).flatMap((exit) => graph.next(node.id, exit) ?? [])
}

function keepHold(holds: Hold[], { code, values }: Decision, at: Instant): void {
  const reason = values?.reason ?? code
  if (code === 'paused' || code === 'held') holds.push({ reason, from: at, until: null })
  if (code !== 'resumed' && code !== 'released') return
  for (const hold of holds) if (hold.until === null && hold.reason === reason) hold.until = at
}

function promise(visit: Visit, at: Instant | null): void {
  visit.promised = at
  visit.settled = false
  visit.why = null
}

function follow(visit: Visit, decision: Decision, at: Instant, node: Node | undefined): void {
  const { code, values = {} } = decision
  switch (code) {
    case 'nominal': {
      const to = momentIn(values.to)
      if (!visit.again && to !== null && to >= at) promise(visit, to)
      return
    }
    case 'waits': {
      if (!visit.settled && !visit.again) promise(visit, momentIn(values.until))
      return
    }
    case 'due': {
      // A journey that begins on a day: nothing else tells which.
      if (node?.kind === 'trigger') promise(visit, momentIn(values.due))
      return
    }
    case 'waits_for_event':
    case 'snoozed':
      return promise(visit, momentIn(values.until))
    case 'moves': {
      // Of a question to a person only the time to answer has moved.
      const isGate = visit.approvedAt === null && visit.because.some((one) => one.code === 'approval_asked')
      if (values.stale !== true && !isGate) promise(visit, momentIn(values.to))
      return
    }
    case 'late_until_undo':
    case 'parked':
      return promise(visit, null)
    case 'late': {
      if (visit.promised !== null && !visit.settled) {
        visit.settled = true
        visit.why = decision
      }
      return
    }
    case 'outage_late': {
      visit.settled = true
      visit.why = decision
      return
    }
    case 'approval_asked': {
      visit.settled = visit.promised !== null
      return
    }
    case 'approved': {
      visit.approvedAt = at
      return
    }
    case 'woken':
    case 'approval_skipped':
    case 'approval_timed_out': {
      // What follows on an answer, or on none, follows at once.
      if (node && !isPromise(node)) promise(visit, null)
      return
    }
    case 'planned': {
      visit.plannedAt ??= at
      return
    }
    case 'sent': {
      if (!visit.updates) visit.sentAt = at
      return
    }
    case 'resend_planned': {
      visit.updates = true
      return
    }
    case 'task_opened': {
      if (values.why === 'journey') visit.openedAt = at
      return
    }
    default:
      return
  }
}

function momentIn(value: Json | undefined): Instant | null {
  return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T/.test(value) ? instantFrom(value) : null
}
