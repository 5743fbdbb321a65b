import { isoOf, type Instant } from '../time/instant.ts'
import { armFor } from '../journey/arm.ts'
import { evaluate, matchesPattern } from '../journey/evaluate.ts'
import type { NodeOf } from '../journey/graph.ts'
import { resolveRound } from '../wedding/round.ts'
import { resolveWait } from '../wedding/wait.ts'
import { decide, type Draft, endToken, finish, leave, nodeOf, put, recordAll, spendStep, standAs, withoutLate } from './draft.ts'
import type { PlannedBy } from './act.ts'
import { arriveAtJoin, openFork } from './fork.ts'
import { hangingOn, planStep } from './moment.ts'
import type { Token } from './run.ts'
import { worldOf } from './world.ts'

/** A token comes to a node: counts the visit and does what the kind of node asks for. */
export function enter(draft: Draft, arriving: Token): void {
  if (!spendStep(draft)) return
  const node = nodeOf(draft, arriving)
  const visit = (draft.state.visits[node.id] ?? 0) + 1
  draft.state.visits = { ...draft.state.visits, [node.id]: visit }
  const token: Token = { ...arriving, visit, is: 'ready' }
  draft.tokens = draft.tokens.map((one) => (one.id === token.id ? token : one))
  switch (node.kind) {
    case 'trigger':
      return leave(draft, token, 'next')
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

export function enterDelay(draft: Draft, token: Token, node: NodeOf<'delay'>): void {
  if ('every' in node.wait) return enterRound(draft, token, node)
  const { nominal, because, ...by } = resolveWait(node.wait, draft.now, draft.view)
  recordAll(draft, token, because)
  if (nominal !== null && nominal <= draft.now) return comeLateToDelay(draft, token, nominal, by)
  put(draft, token, { is: 'waiting', for: 'moment', due: nominal, nominal, ...hangingOn(by) })
  decide(draft, nominal === null ? 'parked' : 'waits', token, { until: toldAt(nominal), anchor: by.anchor })
}

/** A wait that lies in the past is over at once, unless the move that put it there can still be undone. */
function comeLateToDelay(draft: Draft, token: Token, nominal: Instant, by: PlannedBy): void {
  const { undoUntil } = draft.state
  if (by.anchor === null || nominal === draft.now || undoUntil === undefined || draft.now >= undoUntil) {
    return passDelay(draft, token, nominal, by.anchor)
  }
  put(draft, token, { is: 'waiting', for: 'undo', due: undoUntil, nominal, ...hangingOn(by) })
  decide(draft, 'late_until_undo', token, { nominal: isoOf(nominal), until: isoOf(undoUntil) })
}

/** The next step that acts answers for the lateness of the wait before it. */
export function passDelay(draft: Draft, token: Token, nominal: Instant, anchor: string | null): void {
  const late = anchor !== null && nominal < draft.now
  if (late) decide(draft, 'late', token, { nominal: isoOf(nominal), policy: 'carried' })
  leave(draft, late ? standAs(draft, token, { late: nominal }) : token, 'next')
}

export const toldAt = (at: Instant | null): string | null => (at === null ? null : isoOf(at))

function enterRound(draft: Draft, token: Token, node: NodeOf<'delay'>): void {
  if (!('every' in node.wait)) return
  let before = draft.state.rounds?.[node.id] ?? { count: 0, from: draft.now }
  let round = resolveRound(node.wait, before, draft.view)
  // Rounds that a pause or an outage has swallowed are not made up for: that would be a burst.
  while (round.is === 'again' && round.nominal !== null && round.nominal < draft.now) {
    before = { ...before, count: before.count + 1 }
    round = resolveRound(node.wait, before, draft.view)
  }
  recordAll(draft, token, round.because)
  if (round.is === 'done') {
    const { [node.id]: _, ...others } = draft.state.rounds ?? {}
    if (Object.keys(others).length > 0) draft.state.rounds = others
    else delete draft.state.rounds
    return leave(draft, withoutLate(draft, token), 'done')
  }
  // A moved anchor resolves the same round again: it is counted when it comes due, not when it is planned.
  draft.state.rounds = { ...draft.state.rounds, [node.id]: before }
  put(draft, token, { is: 'waiting', for: 'moment', due: round.nominal, nominal: round.nominal, ...hangingOn(round) })
  decide(draft, round.nominal === null ? 'parked' : 'waits', token, { until: toldAt(round.nominal) })
}

/** One round of a repeat has come. */
export function takeRound(draft: Draft, token: Token, node: NodeOf<'delay'>): void {
  const before = draft.state.rounds?.[node.id] ?? { count: 0, from: draft.now }
  draft.state.rounds = { ...draft.state.rounds, [node.id]: { ...before, count: before.count + 1 } }
  leave(draft, token, 'again')
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
    return leave(draft, token, 'timeout')
  }
  put(draft, token, {
    is: 'awaiting',
    since: draft.now,
    until,
    ...hangingOn(resolved ?? { anchor: null, generation: 0 }),
  })
  decide(draft, 'waits_for_event', token, { event: node.for.event, until: toldAt(until) })
}

/** The trigger's own event counts as past too, when it fits the pattern. */
function hasHeard(draft: Draft, node: NodeOf<'await'>): boolean {
  const { startedBy, heard } = draft.state
  if (startedBy?.type === node.for.event) {
    const event = { id: startedBy.event as never, type: startedBy.type, at: draft.state.startedAt, data: startedBy.data, depth: 0 }
    return matchesPattern(node.for, event, worldOf(draft, event)).verdict
  }
  return node.for.if === undefined && (heard?.[node.for.event] !== undefined || draft.view.happened[node.for.event] !== undefined)
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
