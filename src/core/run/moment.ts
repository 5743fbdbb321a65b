import type { NodeOf } from '../journey/graph.ts'
import type { Instant } from '../time/instant.ts'
import { judgeLate, judgeOutage, lateDefaultFor } from '../wedding/late-policy.ts'
import type { LatePolicy, MessageClass } from '../wedding/policy.ts'
import { resolveDeadline, resolveWait } from '../wedding/wait.ts'
import { pushThrough, type WindowStep } from '../wedding/windows.ts'
import { act } from './act.ts'
import { change, decide, type Draft, leaveOrdinarily, put, raise, recordAll, withoutLate } from './draft.ts'
import { recipientsOf } from './recipient.ts'
import type { Token } from './run.ts'

/**
 * When a step that acts does so: its own rule, the late policy for a moment already past, and the windows of
 * the chain (engine 3). It decides the moment; `act` does what the step is for.
 */
export type ActingNode = NodeOf<'module'> | NodeOf<'action'> | NodeOf<'approval'>

type Planned = { nominal: Instant; anchor: string | null; generation: number }

/** A token has come to an acting step, or its plan must be made anew. */
export function planStep(draft: Draft, token: Token, node: ActingNode): void {
  const planned = nominalOf(draft, token, node)
  if (planned === null) return
  if (planned.nominal < draft.now) beLate(draft, token, node, planned)
  else passWindows(draft, token, node, planned)
}

/** The moment a step would have by its rule alone; null when its anchor is unknown and the token is parked. */
function nominalOf(draft: Draft, token: Token, node: ActingNode): Planned | null {
  if (!node.when || 'every' in node.when) {
    return { nominal: token.late ?? draft.now, anchor: null, generation: 0 }
  }
  const resolved = resolveWait(node.when, draft.now, draft.view)
  recordAll(draft, token, resolved.because)
  if (resolved.nominal === null) {
    put(draft, token, parked(resolved.anchor, resolved.generation))
    decide(draft, 'parked', token, { anchor: resolved.anchor })
    return null
  }
  return { nominal: resolved.nominal, anchor: resolved.anchor, generation: resolved.generation }
}

const parked = (anchor: string | null, generation: number) =>
  ({ is: 'waiting', for: 'moment', due: null, nominal: null, generation, ...(anchor ? { anchor } : {}) }) as const

/** Links 3 to 7: pushes the moment through the windows and waits for it, or acts when it is now. */
export function passWindows(draft: Draft, token: Token, node: ActingNode, planned: Planned): void {
  const pushed = pushThrough(planned.nominal, windowStep(draft, token, node), draft.view)
  recordAll(draft, token, pushed.because)
  switch (pushed.is) {
    case 'at':
      if (pushed.at <= draft.now) return act(draft, token, node, planned)
      put(draft, token, {
        is: 'waiting',
        for: planned.nominal > draft.now ? 'moment' : 'window',
        due: pushed.at,
        nominal: planned.nominal,
        generation: planned.generation,
        ...(planned.anchor ? { anchor: planned.anchor } : {}),
      })
      return decide(draft, 'waits', token, { until: pushed.at })
    case 'skip':
      return leftOut(draft, token, 'window_skipped', {})
    case 'merge':
      return mergeIntoNext(draft, token, node)
    case 'escalate':
      return handToHuman(draft, token, node, 'deadline_missed')
  }
}

/** Link 2: the plan finds the moment already past. Nothing is dropped silently. */
export function beLate(draft: Draft, token: Token, node: ActingNode, planned: Planned): void {
  const { undoUntil } = draft.state
  if (undoUntil !== undefined && draft.now < undoUntil) {
    // What a move decides about late steps is provisional until it can no longer be undone.
    put(draft, token, {
      is: 'waiting',
      for: 'undo',
      due: undoUntil,
      nominal: planned.nominal,
      generation: planned.generation,
      ...(planned.anchor ? { anchor: planned.anchor } : {}),
    })
    return decide(draft, 'late_until_undo', token, { nominal: planned.nominal, until: undoUntil })
  }
  applyLatePolicy(draft, token, node, planned, policyOf(draft, node))
}

export function applyLatePolicy(draft: Draft, token: Token, node: ActingNode, planned: Planned, policy: LatePolicy): void {
  const step = windowStep(draft, token, node)
  decide(draft, 'late', token, { nominal: planned.nominal, policy })
  const outcome = judgeLate(policy, { nominal: planned.nominal, now: draft.now, step, view: draft.view })
  recordAll(draft, token, outcome.because)
  switch (outcome.is) {
    case 'skip':
      return leftOut(draft, token, 'late_skipped', { nominal: planned.nominal })
    case 'merge':
      return mergeIntoNext(draft, token, node)
    case 'task':
      return handToHuman(draft, token, node, 'late_task')
    case 'send_now':
      return passWindows(draft, token, node, { ...planned, nominal: draft.now })
    case 'at':
      return passWindows(draft, token, node, { ...planned, nominal: outcome.at })
  }
}

/** A planned moment has come. An outage may have made it late, which is another matter than a late plan. */
export function comeDue(draft: Draft, token: Token & { is: 'waiting' }, node: ActingNode): void {
  const planned: Planned = { nominal: token.nominal ?? draft.now, anchor: token.anchor ?? null, generation: token.generation }
  if (token.for === 'undo') return applyLatePolicy(draft, token, node, planned, policyOf(draft, node))
  decide(draft, 'due', token, { due: token.due })
  if (token.due !== null && judgeOutage(token.due, draft.now) === 'task') {
    decide(draft, 'outage_late', token, { due: token.due, at: draft.now })
    return handToHuman(draft, token, node, 'outage_late')
  }
  passWindows(draft, token, node, { ...planned, nominal: draft.now })
}

export function policyOf(draft: Draft, node: ActingNode): LatePolicy {
  if (node.late) return node.late
  const messageClass = classOf(draft, node)
  const chosen = messageClass ? draft.view.vendor.late[messageClass] : undefined
  return chosen ?? lateDefaultFor({ kind: node.kind, class: messageClass, deadline: node.deadline !== undefined, asksForAnswer: asks(node) })
}

export function classOf(draft: Draft, node: ActingNode): MessageClass | null {
  if (node.kind !== 'module') return null
  return node.class ?? draft.graph.moduleType(node).class
}

const asks = (node: ActingNode): boolean => node.kind === 'module' && node.asksForAnswer === true

export function windowStep(draft: Draft, token: Token, node: ActingNode): WindowStep {
  const channel = node.kind === 'module' ? draft.graph.moduleType(node).channel : 'none'
  const person = node.kind === 'module' ? (recipientsOf(draft, token, node)[0] ?? null) : null
  return {
    windows: node.windows ?? {},
    class: classOf(draft, node),
    channel,
    to: person?.ref ?? null,
    recipientZone: person?.zone ?? draft.view.client.zone ?? draft.view.wedding?.zone ?? draft.view.vendor.zone,
    asksForAnswer: asks(node),
    deadline: node.deadline ? resolveDeadline(node.deadline, draft.view) : null,
  }
}

/** The step is left out and the walk goes on; it is told, with its reason. */
export function leftOut(draft: Draft, token: Token, code: 'late_skipped' | 'window_skipped', values: { [key: string]: number }): void {
  raise(draft, code, token, { visit: token.visit, ...values })
  leaveOrdinarily(draft, token)
}

function mergeIntoNext(draft: Draft, token: Token, node: ActingNode): void {
  const to = node.kind === 'module' ? (recipientsOf(draft, token, node)[0]?.ref ?? 'couple') : 'couple'
  draft.state.merged = [...(draft.state.merged ?? []), { node: token.at, visit: token.visit, to }]
  decide(draft, 'late_merged', token, { to })
  leaveOrdinarily(draft, token)
}

function handToHuman(draft: Draft, token: Token, node: ActingNode, why: 'late_task' | 'deadline_missed' | 'outage_late'): void {
  const step = withoutLate(draft, token)
  change(draft, {
    do: 'open_task',
    name: `${why}|${step.at}|${step.visit}`,
    node: step.at,
    visit: step.visit,
    title: node.name ?? step.at,
    role: 'owner',
    due: node.deadline ? resolveDeadline(node.deadline, draft.view) : null,
    why,
  })
  decide(draft, why === 'deadline_missed' ? 'deadline_missed' : 'late_task', step)
  raise(draft, why, step, { visit: step.visit })
  leaveOrdinarily(draft, step)
}
