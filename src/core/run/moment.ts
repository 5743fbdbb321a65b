import { ANYBODY } from '../answering.ts'
import { type NodeOf, TOKENS_MAX } from '../journey/graph.ts'
import { HOUR_MS, type Instant, instant, isoOf } from '../time/instant.ts'
import { firstCatchUp } from '../wedding/catch-up.ts'
import { resolveDeadline } from '../wedding/deadline.ts'
import { judgeLate, judgeOutage, type LateStep, OUTAGE_HOURS_MAX } from '../wedding/late-policy.ts'
import { isOver } from '../wedding/over.ts'
import type { LatePolicy } from '../wedding/policy.ts'
import { pushThrough } from '../wedding/push-through.ts'
import { closedAt } from '../wedding/send-window.ts'
import { resolveWait } from '../wedding/wait.ts'
import { act, type PlannedBy } from './act.ts'
import { keptAt, latePolicyChosen, momentOf } from './chosen.ts'
import type { Decision } from './decision.ts'
import {
  change,
  type Draft,
  decide,
  isHeld,
  leaveOrdinarily,
  put,
  raise,
  recordAll,
  standAs,
  wasKeptBy,
  withoutLate,
} from './draft.ts'
import { waitForUndo } from './enter.ts'
import { liveTokens } from './fork.ts'
import { type InLineOutcome, judgeInLine, lateFacts, ordinaryWayOn } from './late-line.ts'
import { recipientsOf } from './recipient.ts'
import type { Token } from './run.ts'
import { hasOwnMoment, hasPassed, stepFacts } from './step-facts.ts'
import { titleOf } from './step-title.ts'

/**
 * When a step that acts does so: its own rule, the late policy for a moment already past, and the windows of
 * the chain (engine 3). It decides the moment; `act` does what the step is for.
 */
export type ActingNode = NodeOf<'module'> | NodeOf<'action'> | NodeOf<'approval'>

export type Planned = PlannedBy & { readonly nominal: Instant }

/** A token has come to an acting step, or its plan must be made anew. */
export function planStep(draft: Draft, token: Token, node: ActingNode): void {
  if (!hasOwnMoment(node) && staysInHouse(node) && node.late === undefined) {
    return passWindows(draft, token, node, { nominal: draft.now, anchor: null, generation: 0 })
  }
  const planned = nominalOf(draft, token, node)
  if (planned === null) return
  if (isHeld(draft)) return waitUntil(draft, token, planned.nominal, planned)
  if (wasKeptBy(draft, token, planned.nominal)) return waitUntil(draft, token, planned.nominal, planned)
  const isLate = planned.nominal < draft.now
  if (token.overdue !== undefined && (isLate || !hasOwnMoment(node)))
    return handToHuman(draft, token, node, 'outage_late')
  if (isLate) return beLate(draft, token, node, planned)
  const isNow = planned.nominal === draft.now && planned.anchor !== null
  if (!isNow || !waitForUndo(draft, token, planned.nominal, planned))
    passWindows(draft, withoutLate(draft, token), node, planned)
}

/**
 * A hold, a provider or an outage kept back what was about to leave. It catches up, by day; after half a day it is as
 * late as one that was never begun.
 */
export function planHeldUp(draft: Draft, token: Token, node: ActingNode, plannedAt: Instant): void {
  const ruled = nominalOf(draft, token, node)
  if (ruled === null) return
  const planned = hasOwnMoment(node) ? ruled : { ...ruled, nominal: plannedAt }
  // Held up a second time it is as late as its own moment, not as its second plan.
  const since = instant(Math.min(planned.nominal, plannedAt))
  if (isHeld(draft) || planned.nominal > draft.now) return planStep(draft, token, node)
  const from = momentOf(draft.graph, node.id)
  const rule = from === null ? undefined : draft.graph.node(from)
  const isWorthless = rule?.kind === 'delay' && isOver(rule.wait, draft.view, draft.now)
  const late = standAs(draft, token, { late: since, ...(isWorthless ? { lateBy: 'over' } : {}) })
  if (draft.now - since > OUTAGE_HOURS_MAX * HOUR_MS) return beLate(draft, late, node, planned)
  catchUpAgain(draft, late, node, planned, stepFacts(draft, late, node))
}

/** A tag or a task is no message: it is never too late for it, and what comes behind it is as late as before. */
const staysInHouse = (node: ActingNode): boolean =>
  node.kind === 'action' && !('webhook' in node.do || 'notify' in node.do)

/** The moment a step would have by its rule alone; null when its anchor is unknown and the token is parked. */
export function nominalOf(draft: Draft, token: Token, node: ActingNode): Planned | null {
  if (!node.when || 'every' in node.when) {
    return { nominal: token.late ?? draft.now, anchor: null, generation: 0 }
  }
  const from = comeToAt(token) ?? draft.now
  const { nominal, anchor, generation, since, because } = resolveWait(node.when, from, draft.view)
  const kept = keptAt(draft, token)
  if (kept !== null) {
    decide(draft, 'kept_by_person', token, { by: draft.state.chosen!.who, at: isoOf(kept) })
    return { nominal: kept, anchor, generation, since }
  }
  recordAll(draft, token, because)
  if (nominal !== null) return { nominal, anchor, generation, since }
  put(draft, withoutLate(draft, token), {
    is: 'waiting',
    for: 'moment',
    due: null,
    nominal: null,
    ...hangingOn({ anchor, generation }),
  })
  decide(draft, 'parked', token, { anchor })
  return null
}

/** When a token that stands there came to its step, where that is known: a rule without an anchor counts from it. */
export const comeToAt = (token: Token): Instant | undefined =>
  token.is === 'waiting' || token.is === 'awaiting' || token.is === 'gated' ? token.since : undefined

export const hangingOn = ({
  anchor,
  generation,
  since,
}: PlannedBy): { generation: number; anchor?: string; since?: Instant } =>
  anchor !== null ? { generation, anchor } : { generation, ...(since == null ? {} : { since }) }

export const plannedBy = (token: Token & { is: 'waiting' }): PlannedBy => ({
  anchor: token.anchor ?? null,
  generation: token.generation,
  since: token.since ?? null,
})

/** Links 3 to 7: pushes a moment through the windows and waits for it, or acts when it is now. */
export function passWindows(
  draft: Draft,
  token: Token,
  node: ActingNode,
  planned: Planned,
  wished = planned.nominal,
): void {
  if (isHeld(draft)) return waitUntil(draft, token, wished, planned)
  const pushed = pushThrough(wished, stepFacts(draft, token, node), draft.view, draft.now)
  // A move that lets the deadline or a window decide about a later step today may still be taken back.
  const endsWait = wished > draft.now && !(pushed.is === 'at' && pushed.at > draft.now)
  if (endsWait && waitForUndo(draft, token, planned.nominal, planned)) return
  recordAll(draft, token, pushed.because)
  switch (pushed.is) {
    case 'at':
      return pushed.at <= draft.now
        ? act(draft, token, node, planned)
        : waitUntil(draft, token, pushed.at, planned)
    case 'skip':
      return leftOut(draft, token, 'window_skipped', {})
    case 'merge':
      return mergeIntoNext(draft, token, node)
    case 'escalate':
      switch (latePolicyChosen(draft, token)) {
        case 'send_now':
          return act(draft, token, node, planned)
        case 'skip':
          return leftOut(draft, token, 'late_skipped', {})
        default:
          return handToHuman(draft, token, node, 'deadline_missed')
      }
  }
}

function waitUntil(draft: Draft, token: Token, at: Instant, planned: Planned): void {
  const reason = planned.nominal > draft.now ? 'moment' : 'window'
  put(draft, token, { is: 'waiting', for: reason, due: at, nominal: planned.nominal, ...hangingOn(planned) })
  decide(draft, 'waits', token, { until: isoOf(at) })
}

/** Link 2: the plan finds the moment already past. Nothing is dropped silently. */
export function beLate(draft: Draft, token: Token, node: ActingNode, planned: Planned): void {
  // What a move decides about late steps is provisional until it can no longer be undone.
  if (!waitForUndo(draft, token, planned.nominal, planned)) applyLatePolicy(draft, token, node, planned)
}

export function applyLatePolicy(
  draft: Draft,
  token: Token,
  node: ActingNode,
  planned: Planned,
  chosen: LatePolicy | undefined = latePolicyChosen(draft, token),
): void {
  const facts = lateFacts(draft, token, node, chosen)
  const inLine = judgeInLine(draft, token, node, facts, planned.nominal)
  const outcome = inLine?.outcome ?? judgeLate(facts, planned.nominal, draft.view, draft.now)
  recordAll(draft, token, outcome.because)
  switch (outcome.is) {
    case 'skip':
      return leftOut(draft, token, 'late_skipped', { nominal: isoOf(planned.nominal) })
    case 'merge':
      return mergeIntoNext(draft, token, node)
    case 'task':
      return handToHuman(draft, token, node, 'late_task')
    case 'send_now':
    case 'compressed': {
      const catchingUp = standAs(draft, token, { late: planned.nominal })
      if (outcome.at <= draft.now) return act(draft, catchingUp, node, planned)
      return waitUntil(draft, letPass(draft, catchingUp, node, inLine), outcome.at, planned)
    }
  }
}

/** The walk goes on to the message that has to go before this one, which waits for its own day and ends with it. */
function letPass(draft: Draft, token: Token, node: ActingNode, inLine: InLineOutcome | null): Token {
  const to = ordinaryWayOn(draft, node)
  if (inLine === null || inLine.overtakenBy === null || to === null) return token
  if (liveTokens(draft) >= TOKENS_MAX) return token
  draft.tokens = [...draft.tokens, { id: draft.state.nextToken, at: to, visit: 0, is: 'ready' }]
  draft.state.nextToken += 1
  const first = draft.graph.node(inLine.overtakenBy)
  decide(draft, 'overtaken', token, { by: first ? titleOf(first) : inLine.overtakenBy, to })
  return standAs(draft, token, { overtaken: true })
}

/** A planned moment has come. An outage may have made it late, which is another matter than a late plan. */
export function comeDue(draft: Draft, token: Token & { is: 'waiting' }, node: ActingNode): void {
  const planned: Planned = {
    nominal: token.nominal ?? draft.now,
    ...plannedBy(token),
  }
  if (token.for === 'undo') {
    return planned.nominal < draft.now
      ? applyLatePolicy(draft, token, node, planned)
      : passWindows(draft, token, node, planned)
  }
  decide(draft, 'due', token, { due: token.due === null ? null : isoOf(token.due) })
  const facts = stepFacts(draft, token, node)
  const outage = judgeOutage(
    token.due ?? draft.now,
    draft.now,
    !hasPassed(facts, draft.now) && closedAt(draft.now, facts, draft.view).length === 0,
  )
  recordAll(draft, token, outage.because)
  if (outage.is === 'task') return handToHuman(draft, token, node, 'outage_late')
  // A catch-up looks again whether this day is still free of others: another journey may have taken it meanwhile.
  if (token.late !== undefined) return catchUpAgain(draft, token, node, planned, facts)
  passWindows(draft, token, node, planned, draft.now)
}

function catchUpAgain(draft: Draft, token: Token, node: ActingNode, planned: Planned, facts: LateStep): void {
  if (hasPassed(facts, draft.now)) return applyLatePolicy(draft, token, node, planned)
  const inLine = judgeInLine(draft, token, node, lateFacts(draft, token, node), planned.nominal)
  if (inLine?.outcome.is === 'compressed' && inLine.outcome.at > draft.now) {
    recordAll(
      draft,
      token,
      inLine.outcome.because.filter((one) => one.code !== 'late'),
    )
    return waitUntil(draft, letPass(draft, token, node, inLine), inLine.outcome.at, planned)
  }
  const slot = firstCatchUp(facts, draft.view, draft.now)
  // That it goes now was said when it was planned; said again is only what it goes against.
  const goes = slot.is === 'slot' && slot.at <= draft.now
  recordAll(draft, token, goes ? slot.because.filter(givesUpWindows) : slot.because)
  switch (slot.is) {
    case 'slot':
      return goes ? act(draft, token, node, planned) : waitUntil(draft, token, slot.at, planned)
    case 'skip':
      return leftOut(draft, token, 'window_skipped', {})
    case 'merge':
      return mergeIntoNext(draft, token, node)
    case 'none':
      return handToHuman(draft, token, node, 'late_task')
  }
}

const givesUpWindows = ({ values }: Decision): boolean =>
  Array.isArray(values?.over) && values.over.length > 0

/** The step is left out and the walk goes on; it is told, with its reason. */
function leftOut(
  draft: Draft,
  token: Token,
  code: 'late_skipped' | 'window_skipped',
  values: { [key: string]: string },
): void {
  raise(draft, code, token, { visit: token.visit, ...values })
  leaveOrdinarily(draft, token)
}

function mergeIntoNext(draft: Draft, token: Token, node: ActingNode): void {
  const people = node.kind === 'module' ? recipientsOf(draft, token, node) : []
  const merged = people.map((person) => ({ node: token.at, visit: token.visit, to: person.ref }))
  if (merged.length > 0) draft.state.merged = [...(draft.state.merged ?? []), ...merged]
  leaveOrdinarily(draft, token)
}

function handToHuman(
  draft: Draft,
  token: Token,
  node: ActingNode,
  why: 'late_task' | 'deadline_missed' | 'outage_late',
): void {
  const step = withoutLate(draft, token)
  change(draft, {
    do: 'open_task',
    name: `${why}|${step.at}|${step.visit}`,
    node: step.at,
    visit: step.visit,
    title: node.name ?? step.at,
    role: ANYBODY,
    due: node.deadline ? resolveDeadline(node.deadline, draft.view) : null,
    why,
  })
  decide(draft, 'task_opened', step, { why })
  raise(draft, why, step, { visit: step.visit })
  leaveOrdinarily(draft, step)
}
