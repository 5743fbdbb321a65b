import { matchesPattern } from '../journey/evaluate.ts'
import type { Graph } from '../journey/graph.ts'
import { evaluate } from '../journey/evaluate.ts'
import type { Instant } from '../time/instant.ts'
import { judgeOutage } from '../wedding/late-policy.ts'
import { failStep } from './act.ts'
import { hold, obey, release } from './command.ts'
import { closeDraft, decide, type Draft, finish, isHeld, leave, leaveOrdinarily, nodeOf, openDraft, put, raise, recordAll, standAs, stick } from './draft.ts'
import { enter, passDelay, takeRound, toldAt } from './enter.ts'
import type { Outcome, OutsideEvent, RunEvent } from './event.ts'
import { gatherArms } from './fork.ts'
import { comeDue, passWindows } from './moment.ts'
import { changeDetails, planAgain, remember, replanWait, resend, waitAtTrigger } from './replan.ts'
import { isFinished, type Run, type Token } from './run.ts'
import type { Turn } from './turn.ts'
import type { View } from './view.ts'
import { worldOf } from './world.ts'

/**
 * Decides; does nothing. Same graph, run, event and view: same answer, for ever (I3). Now is `event.at`.
 *
 * A turn reads one event, lets it move the tokens it concerns, and then walks every token that has work until
 * it waits, or until the activation's steps are spent: then the run yields, due at once.
 */
export function advance(graph: Graph, before: Run, event: RunEvent, view: View): Turn {
  const draft = openDraft(graph, before, event.at, view)
  if (isFinished(before.status) && !canTouchFinished(event)) {
    decide(draft, 'ignored_event', null, { event: event.is, status: before.status })
    return closeDraft(draft)
  }
  read(draft, event)
  if (draft.ending === null) walk(draft)
  return closeDraft(draft)
}

/**
 * The first turn of a run, before there is a row. When the trigger's own condition does not hold the run comes back
 * cancelled, with the reason: there is nothing to insert.
 */
export function begin(graph: Graph, identity: Omit<Run, 'status' | 'state'>, by: OutsideEvent | null, at: Instant, view: View): Turn {
  const run: Run = {
    ...identity,
    status: 'active',
    state: {
      tokens: [{ id: 1, at: graph.trigger.id, visit: 0, is: 'ready' }],
      visits: {},
      steps: 0,
      nextToken: 2,
      startedAt: at,
      ...(by ? { startedBy: { event: by.id, type: by.type, depth: by.depth, data: by.data } } : {}),
    },
  }
  const draft = openDraft(graph, run, at, view)
  decide(draft, 'started', null, by ? { event: by.type, id: by.id } : {})
  if (view.client.holds.length > 0) draft.state.holds = [...view.client.holds]
  if (graph.triggerType.when) waitAtTrigger(draft, draft.tokens[0]!)
  else if (passTriggerFilter(draft)) enter(draft, draft.tokens[0]!)
  return closeDraft(draft)
}

function passTriggerFilter(draft: Draft): boolean {
  const filter = draft.graph.trigger.if
  if (!filter) return true
  const { verdict, why } = evaluate(filter, worldOf(draft, null))
  if (verdict) return true
  decide(draft, 'trigger_filter_failed', draft.tokens[0] ?? null, { why })
  finish(draft, 'cancelled', 'trigger_filter_failed')
  return false
}

const canTouchFinished = (event: RunEvent): boolean => event.is === 'commanded' && event.command.do === 'restart'

function read(draft: Draft, event: RunEvent): void {
  switch (event.is) {
    case 'due':
      return isHeld(draft) ? undefined : readDue(draft)
    case 'happened':
      return readHappened(draft, event.event)
    case 'settled':
      return readSettled(draft, event.effect, event.outcome)
    case 'task_done':
      return readTaskDone(draft, event.name, event.by)
    case 'approval_answered':
      return readApproval(draft, event.name, event.answer, event.by)
    case 'details_changed':
      return changeDetails(draft, event)
    case 'held':
      hold(draft, event.reason)
      return
    case 'released':
      if (draft.state.holds?.includes(event.reason)) release(draft, event.reason)
      return
    case 'commanded': {
      const refusal = obey(draft, event.command, event.by)
      if (refusal !== null) decide(draft, 'ignored_event', null, { command: event.command.do, why: refusal })
      return
    }
  }
}

function walk(draft: Draft): void {
  while (draft.ending === null && !isHeld(draft)) {
    const token = draft.tokens.find((one) => one.is === 'ready')
    if (!token) break
    if (draft.stepsLeft <= 0) {
      decide(draft, 'yielded', token, { steps: draft.view.limits.stepsPerActivationMax })
      return
    }
    enter(draft, token)
    gatherArms(draft)
  }
  if (draft.ending === null) gatherArms(draft)
}

function readDue(draft: Draft): void {
  for (const token of [...draft.tokens]) {
    if (draft.ending !== null) return
    if (token.is === 'waiting' && token.due !== null && token.due <= draft.now) comeDueAt(draft, token)
    else if (token.is === 'awaiting' && token.until !== null && token.until <= draft.now) {
      decide(draft, 'timed_out', token, { until: toldAt(token.until) })
      leave(draft, token, 'timeout')
    } else if (token.is === 'gated' && token.until !== null && token.until <= draft.now) passGate(draft, token)
  }
}

function comeDueAt(draft: Draft, token: Token & { is: 'waiting' }): void {
  const node = nodeOf(draft, token)
  if (token.side) return resend(draft, token)
  switch (node.kind) {
    case 'module':
    case 'action':
    case 'approval':
      return comeDue(draft, token, node)
    case 'delay':
      decide(draft, 'due', token, { due: toldAt(token.due) })
      if (token.for !== 'snooze' && 'every' in node.wait) return takeRound(draft, token, node)
      return passDelay(draft, afterOutage(draft, token), token.nominal ?? draft.now, token.for === 'undo' ? (token.anchor ?? null) : null)
    case 'trigger':
      decide(draft, 'due', token, { due: toldAt(token.due) })
      return passTriggerFilter(draft) ? leave(draft, { ...token, visit: 1 }, 'next') : undefined
    default:
      return leaveOrdinarily(draft, token)
  }
}

/** Something was down for so long that what follows this wait must not simply go on as if it were in time. */
function afterOutage(draft: Draft, token: Token & { is: 'waiting' }): Token {
  if (token.due === null || token.for === 'undo') return token
  const outage = judgeOutage(token.due, draft.now)
  recordAll(draft, token, outage.because)
  return outage.is === 'task' ? standAs(draft, token, { overdue: token.due }) : token
}

/** Nobody answered in time. */
function passGate(draft: Draft, token: Token & { is: 'gated' }): void {
  const node = nodeOf(draft, token)
  if (token.by === 'task') {
    const waiting = put(draft, token, { is: 'waiting', for: 'moment', due: token.until, nominal: token.until, generation: 0 })
    return replanWait(draft, waiting as Token & { is: 'waiting' }, node)
  }
  decide(draft, 'approval_timed_out', token, { until: toldAt(token.until) })
  draft.effects.push({ do: 'close_approval', name: token.gate })
  raise(draft, 'approval_timed_out', token, {})
  if (node.kind === 'approval') return leave(draft, token, 'timeout')
  leaveOrdinarily(draft, token)
}

function readHappened(draft: Draft, event: OutsideEvent): void {
  draft.heardNow = event
  draft.state.heard = { ...draft.state.heard, [event.type]: event.at }
  const world = worldOf(draft, event)
  for (const goal of draft.graph.goals) {
    if (!matchesPattern(goal.for, event, world).verdict) continue
    decide(draft, 'goal_reached', null, { goal: goal.id, event: event.id })
    return finish(draft, 'completed', 'goal_reached')
  }
  for (const way of draft.graph.journey.leaveOn ?? []) {
    if (!matchesPattern(way.on, event, world).verdict) continue
    decide(draft, 'left', null, { on: event.type, event: event.id })
    return finish(draft, way.as, 'left')
  }
  for (const token of [...draft.tokens]) {
    if (token.is !== 'awaiting') continue
    const node = nodeOf(draft, token)
    if (node.kind !== 'await' || !matchesPattern(node.for, event, world).verdict) continue
    decide(draft, 'woken', token, { event: event.id, type: event.type })
    keepOutputs(draft, token, event.data)
    leave(draft, token, 'happened')
  }
}

function keepOutputs(draft: Draft, token: Token, outputs: { readonly [key: string]: import('../ids.ts').Json }): void {
  if (Object.keys(outputs).length === 0) return
  draft.state.outputs = { ...draft.state.outputs, [token.at]: outputs }
}

function readSettled(draft: Draft, effect: string, outcome: Outcome): void {
  const token = draft.tokens.find((one) => one.is === 'acting' && one.effects.includes(effect))
  if (token?.is !== 'acting') {
    // Its step was skipped, jumped over or cancelled meanwhile; the effect's own row keeps what became of it.
    return decide(draft, 'ignored_event', null, { effect, outcome: outcome.is })
  }
  const node = nodeOf(draft, token)
  if (outcome.is === 'stale') return planAgain(draft, token)
  if (outcome.is === 'blocked') {
    return stick(draft, token, { code: outcome.code, severity: 'error', message: outcome.message, path: '', node: token.at })
  }
  const result = outcome.is === 'done' ? `done:${outcome.exit}` : outcome.is
  const results = { ...token.results, [effect]: result }
  tellOutcome(draft, token, effect, outcome)
  if (outcome.is === 'done' && outcome.outputs) keepOutputs(draft, token, outcome.outputs)
  const settled = put(draft, token, { is: 'acting', effects: token.effects, results, ...(token.edition ? { edition: token.edition } : {}) })
  if (token.effects.some((name) => results[name] === undefined)) return
  if (token.side) return leave(draft, settled, 'next')
  const all = Object.values(results)
  const done = all.find((one) => one.startsWith('done:'))
  if (done !== undefined) {
    rememberForResend(draft, token)
    return leave(draft, settled, node.kind === 'action' ? 'next' : done.slice('done:'.length))
  }
  if (all.includes('unresolved')) return leaveOrdinarily(draft, settled)
  if (node.kind === 'module' || node.kind === 'action') return failStep(draft, settled, node, all[0] ?? 'failed')
  leaveOrdinarily(draft, settled)
}

function tellOutcome(draft: Draft, token: Token, effect: string, outcome: Exclude<Outcome, { is: 'stale' | 'blocked' }>): void {
  switch (outcome.is) {
    case 'done':
      return decide(draft, 'sent', token, { effect, exit: outcome.exit })
    case 'failed':
      decide(draft, 'refused', token, { effect, cause: outcome.cause })
      return raise(draft, 'failed_send', token, { effect, cause: outcome.cause })
    case 'unresolved':
      decide(draft, 'unresolved', token, { effect, cause: outcome.cause })
      return raise(draft, 'unresolved', token, { effect, cause: outcome.cause })
    case 'suppressed':
      return decide(draft, 'suppressed', token, { effect, cause: outcome.cause })
  }
}

function rememberForResend(draft: Draft, token: Token & { is: 'acting' }): void {
  const node = nodeOf(draft, token)
  if (node.kind !== 'module' || node.move !== 'resend' || !node.when || 'every' in node.when) return
  const anchor = 'of' in node.when ? node.when.of : undefined
  if (!anchor || anchor === 'now') return
  const known = draft.view.anchors[anchor]
  remember(draft, { node: token.at, visit: token.visit, edition: token.edition ?? 1, anchor, generation: known?.generation ?? 0, value: known?.value ?? null })
}

function readTaskDone(draft: Draft, name: string, by: string): void {
  const token = draft.tokens.find((one) => one.is === 'gated' && one.by === 'task' && one.gate === name)
  if (!token) return
  decide(draft, 'task_done', token, { by })
  leave(draft, token, 'next')
}

function readApproval(draft: Draft, name: string, answer: 'approved' | 'skipped', by: string): void {
  const token = draft.tokens.find((one) => one.is === 'gated' && one.by === 'approval' && one.gate === name)
  if (!token) return decide(draft, 'ignored_event', null, { approval: name })
  const node = nodeOf(draft, token)
  decide(draft, answer === 'approved' ? 'approved' : 'approval_skipped', token, { by })
  if (node.kind === 'approval') return leave(draft, token, answer)
  if (answer === 'skipped' || node.kind !== 'module') return leaveOrdinarily(draft, token)
  const approved = put(draft, { ...token, approved: true }, { is: 'waiting', for: 'moment', due: draft.now, nominal: draft.now, generation: 0 })
  if (!isHeld(draft)) passWindows(draft, approved, node, { nominal: draft.now, anchor: null, generation: 0 })
}
