import { armFor } from '../journey/arm.ts'
import { evaluate, matchesPattern } from '../journey/evaluate.ts'
import type { NodeOf } from '../journey/graph.ts'
import { type Instant, isoOf, MINUTE_MS } from '../time/instant.ts'
import { isOver } from '../wedding/over.ts'
import { resolveRound } from '../wedding/round.ts'
import { resolveWait } from '../wedding/wait.ts'
import type { PlannedBy } from './act.ts'
import { keptAt } from './chosen.ts'
import {
  type Draft,
  decide,
  endToken,
  finish,
  leave,
  nodeOf,
  put,
  recordAll,
  spendStep,
  standAs,
  wasKeptBy,
  withoutLate,
} from './draft.ts'
import { arriveAtJoin, openFork } from './fork.ts'
import { comeToAt, hangingOn, planStep } from './moment.ts'
import { waitAtTrigger } from './replan.ts'
import type { Token } from './run.ts'
import { worldOf } from './world.ts'

/** A token comes to a node: counts the visit and does what the kind of node asks for. */
export function enter(draft: Draft, arriving: Token): void {
  if (!spendStep(draft)) return
  const node = nodeOf(draft, arriving)
  const token = countVisit(draft, arriving)
  switch (node.kind) {
    case 'trigger':
      return draft.graph.triggerType.when ? waitAtTrigger(draft, token) : leave(draft, token, 'next')
    case 'delay':
      return enterDelay(draft, token, node)
    case 'await':
      return enterAwait(draft, token, node)
    case 'condition':
      return enterCondition(draft, token, node)
    case 'split': {
      const exit = armFor(node, draft.before.client)
      decide(draft, 'arm_chosen', token, { exit, salt: node.salt ?? node.id })
      return leave(draft, token, exit)
    }
    case 'module':
    case 'action':
    case 'approval':
      return planStep(draft, token, node)
    case 'fork':
      return openFork(draft, token, node)
    case 'join':
      return arriveAtJoin(draft, token, node)
    case 'goal':
      decide(draft, 'goal_reached', token)
      return finish(draft, 'completed', 'goal_reached')
    case 'end':
      return endToken(draft, token)
  }
}

export function countVisit(draft: Draft, arriving: Token): Token {
  const visit = (draft.state.visits[arriving.at] ?? 0) + 1
  draft.state.visits = { ...draft.state.visits, [arriving.at]: visit }
  return put(draft, { ...arriving, visit }, { is: 'ready' })
}

export function enterDelay(draft: Draft, token: Token, node: NodeOf<'delay'>): void {
  if ('every' in node.wait) return enterRound(draft, token, node)
  const from = comeToAt(token) ?? draft.now
  const { nominal: ruled, because, ...by } = resolveWait(node.wait, from, draft.view)
  const kept = keptAt(draft, token)
  if (kept === null) recordAll(draft, token, because)
  else decide(draft, 'kept_by_person', token, { by: draft.state.chosen!.who, at: isoOf(kept) })
  const nominal = kept ?? ruled
  const isPast = nominal !== null && nominal <= draft.now && !wasKeptBy(draft, token, nominal)
  if (isPast) return comeLateToDelay(draft, token, node, nominal, by)
  put(draft, withoutLate(draft, token), {
    is: 'waiting',
    for: 'moment',
    due: nominal,
    nominal,
    ...hangingOn(by),
  })
  decide(draft, nominal === null ? 'parked' : 'waits', token, { until: toldAt(nominal), anchor: by.anchor })
}

/** A wait that lies in the past is over at once, unless the move that put it there can still be undone. */
function comeLateToDelay(
  draft: Draft,
  token: Token,
  node: NodeOf<'delay'>,
  nominal: Instant,
  by: PlannedBy,
): void {
  if (by.anchor !== null && waitForUndo(draft, token, nominal, by)) return
  if (nominal === draft.now) leave(draft, token, 'next')
  else passLate(draft, token, node, nominal)
}

/** True when the move that made this late can still be taken back, and the token now waits for that to pass. */
export function waitForUndo(draft: Draft, token: Token, nominal: Instant | null, by: PlannedBy): boolean {
  const { undoUntil } = draft.state
  if (undoUntil === undefined || draft.now >= undoUntil) return false
  put(draft, token, { is: 'waiting', for: 'undo', due: undoUntil, nominal, ...hangingOn(by) })
  decide(draft, 'late_until_undo', token, { nominal: toldAt(nominal), until: isoOf(undoUntil) })
  return true
}

/** The next step that acts answers for the lateness of the wait before it. */
export function passLate(
  draft: Draft,
  token: Token,
  node: NodeOf<'delay' | 'await' | 'approval'>,
  late: Instant,
): void {
  const lateMinutes = Math.floor((draft.now - late) / MINUTE_MS)
  decide(draft, 'late', token, { nominal: isoOf(late), lateMinutes, policy: 'carried' })
  const own = node.kind === 'delay' ? node.late : undefined
  const lateBy = isOver(node.kind === 'delay' ? node.wait : node.timeout, draft.view, draft.now)
    ? 'over'
    : own
  const noted = standAs(draft, token, { late, ...(lateBy ? { lateBy } : {}) })
  if (node.kind === 'delay' && 'every' in node.wait) takeRound(draft, noted, node)
  else leave(draft, noted, node.kind === 'delay' ? 'next' : 'timeout')
}

export const toldAt = (at: Instant | null): string | null => (at === null ? null : isoOf(at))

export function enterRound(draft: Draft, token: Token, node: NodeOf<'delay'>): void {
  if (!('every' in node.wait)) return
  let before = draft.state.rounds?.[node.id] ?? { count: 0, from: draft.now }
  let round = resolveRound(node.wait, before, draft.view)
  // Rounds that a pause or an outage has swallowed are not made up for: that would be a burst.
  const isLost = (at: Instant): boolean => at < draft.now && !wasKeptBy(draft, token, at)
  while (round.is === 'again' && round.nominal !== null && isLost(round.nominal)) {
    before = { ...before, count: before.count + 1 }
    round = resolveRound(node.wait, before, draft.view)
  }
  recordAll(draft, token, round.because)
  if (round.is === 'done') {
    const { until, timesMax } = node.wait
    const by = { anchor: until?.of ?? null, generation: 0 }
    if (by.anchor !== null && before.count < timesMax && waitForUndo(draft, token, null, by)) return
    const { [node.id]: _, ...others } = draft.state.rounds ?? {}
    if (Object.keys(others).length > 0) draft.state.rounds = others
    else delete draft.state.rounds
    return leave(draft, withoutLate(draft, token), 'done')
  }
  // A moved anchor resolves the same round again: it is counted when it comes due, not when it is planned.
  draft.state.rounds = { ...draft.state.rounds, [node.id]: before }
  put(draft, withoutLate(draft, token), {
    is: 'waiting',
    for: 'moment',
    due: round.nominal,
    nominal: round.nominal,
    ...hangingOn(round),
  })
  decide(draft, round.nominal === null ? 'parked' : 'waits', token, { until: toldAt(round.nominal) })
}

/** One round of a repeat has come. */
export function takeRound(draft: Draft, token: Token, node: NodeOf<'delay'>): void {
  countRound(draft, node)
  leave(draft, token, 'again')
}

/** This round is left out; the repeat goes on with the next, or is over. */
export function skipRound(draft: Draft, token: Token, node: NodeOf<'delay'>): void {
  countRound(draft, node)
  enterRound(draft, token, node)
}

function countRound(draft: Draft, node: NodeOf<'delay'>): void {
  const before = draft.state.rounds?.[node.id] ?? { count: 0, from: draft.now }
  draft.state.rounds = { ...draft.state.rounds, [node.id]: { ...before, count: before.count + 1 } }
}

function enterAwait(draft: Draft, token: Token, node: NodeOf<'await'>): void {
  if (node.alsoPast && hasHeard(draft, node)) {
    decide(draft, 'woken', token, { event: node.for.event, past: true })
    return leave(draft, token, 'happened')
  }
  const resolved = 'every' in node.timeout ? null : resolveWait(node.timeout, draft.now, draft.view)
  if (resolved) recordAll(draft, token, resolved.because)
  const until = resolved?.nominal ?? null
  if (until !== null && until <= draft.now) {
    decide(draft, 'timed_out', token, { until: isoOf(until) })
    // Nobody was given time to answer: what follows is as late as the time that had run out before it began.
    return until < draft.now ? passLate(draft, token, node, until) : leave(draft, token, 'timeout')
  }
  put(draft, withoutLate(draft, token), {
    is: 'awaiting',
    since: draft.now,
    until,
    ...hangingOn(resolved ?? { anchor: null, generation: 0 }),
  })
  decide(draft, 'waits_for_event', token, { event: node.for.event, until: toldAt(until) })
}

/** The trigger's own event counts as past too, when it fits the pattern. */
function hasHeard(draft: Draft, node: NodeOf<'await'>): boolean {
  if (draft.state.answered?.[node.id] !== undefined) return true
  const { startedBy, heard } = draft.state
  if (startedBy?.type === node.for.event) {
    const event = {
      id: startedBy.event as never,
      type: startedBy.type,
      at: draft.state.startedAt,
      data: startedBy.data,
      depth: 0,
    }
    if (matchesPattern(node.for, event, worldOf(draft, event)).verdict) return true
  }
  return (
    node.for.if === undefined &&
    (heard?.[node.for.event] !== undefined || draft.view.happened[node.for.event] !== undefined)
  )
}

function enterCondition(draft: Draft, token: Token, node: NodeOf<'condition'>): void {
  const world = worldOf(draft, null)
  for (const one of node.cases) {
    const { verdict, why } = evaluate(one.if, world)
    if (verdict) {
      decide(draft, 'case_chosen', token, { exit: one.exit, why })
      return leave(draft, token, one.exit)
    }
  }
  const why = node.cases.map((one) => evaluate(one.if, world).why)
  decide(draft, 'otherwise_chosen', token, { exit: 'otherwise', why })
  leave(draft, token, 'otherwise')
}
