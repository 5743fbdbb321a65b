import type { NodeId } from '../ids.ts'
import { evaluate, matchesPattern, type World } from '../journey/evaluate.ts'
import type { Graph, Node, NodeOf } from '../journey/graph.ts'
import { type Instant, instant } from '../time/instant.ts'
import { judgeOutage } from '../wedding/late-policy.ts'
import { endCalledOff, readDetails } from './called-off.ts'
import { hold, noAnswer, obey, release } from './command.ts'
import {
  closeDraft,
  closeGates,
  type Draft,
  decide,
  finish,
  isHeld,
  leave,
  leaveOrdinarily,
  nodeOf,
  openDraft,
  put,
  recordAll,
  standAs,
} from './draft.ts'
import { enter, enterRound, passLate, takeRound, toldAt } from './enter.ts'
import type { OutsideEvent, RunEvent } from './event.ts'
import { gatherArms } from './fork.ts'
import { comeDue, nominalOf, passWindows } from './moment.ts'
import { isMoveGate, replanWait, resend, waitAtTrigger } from './replan.ts'
import { type Chosen, isFinished, type Run, type Token } from './run.ts'
import { keepOutputs, readSettled } from './settle.ts'
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
 * cancelled, with the reason: there is nothing to insert. `chosen`: what a person wants of its late steps.
 */
export function begin(
  graph: Graph,
  identity: Omit<Run, 'status' | 'state'>,
  by: OutsideEvent | null,
  at: Instant,
  view: View,
  chosen?: Chosen,
): Turn {
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
      ...(chosen ? { chosen } : {}),
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

const canTouchFinished = (event: RunEvent): boolean =>
  event.is === 'commanded' && event.command.do === 'restart'

function read(draft: Draft, event: RunEvent): void {
  switch (event.is) {
    case 'due':
      if ((draft.state.endsAt ?? Infinity) <= draft.now) return endCalledOff(draft)
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
      return readDetails(draft, event)
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
      leave(draft, afterOutage(draft, token, token.until), 'timeout')
    } else if (token.is === 'gated' && token.until !== null && token.until <= draft.now)
      passGate(draft, token)
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
      return comeDueAtDelay(draft, token, node)
    case 'trigger':
      decide(draft, 'due', token, { due: toldAt(token.due) })
      if (passTriggerFilter(draft))
        leave(draft, token.late === undefined ? afterOutage(draft, token, token.due) : token, 'next')
      return
    default:
      return leaveOrdinarily(draft, token)
  }
}

function comeDueAtDelay(draft: Draft, token: Token & { is: 'waiting' }, node: NodeOf<'delay'>): void {
  if (token.for !== 'undo') {
    const standing = afterOutage(draft, token, token.due)
    return 'every' in node.wait ? takeRound(draft, standing, node) : leave(draft, standing, 'next')
  }
  if ('every' in node.wait) return enterRound(draft, token, node)
  passLate(draft, token, node, token.nominal ?? draft.now)
}

/** Something was down for so long that what follows this wait must not simply go on as if it were in time. */
function afterOutage(draft: Draft, token: Token, due: Instant | null): Token {
  if (due === null) return token
  const outage = judgeOutage(due, draft.now)
  recordAll(draft, token, outage.because)
  return outage.is === 'task' ? standAs(draft, token, { overdue: due }) : token
}

function passGate(draft: Draft, token: Token & { is: 'gated' }): void {
  const node = nodeOf(draft, token)
  if (token.by === 'task') return follow(draft, token, node)
  noAnswer(draft, token)
  if (node.kind === 'approval') return leave(draft, afterOutage(draft, token, token.until), 'timeout')
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
  const woken = new Set<NodeId>()
  for (const token of [...draft.tokens]) {
    if (token.is !== 'awaiting') continue
    const node = nodeOf(draft, token)
    if (node.kind !== 'await' || !matchesPattern(node.for, event, world).verdict) continue
    woken.add(node.id)
    decide(draft, 'woken', token, { event: event.id, type: event.type })
    keepOutputs(draft, token.at, event.data)
    leave(draft, token, 'happened')
  }
  keepForLater(draft, event, world, woken)
}

/** Whoever answers before being asked is not asked again: an event is gone when its wait begins, so the wait is noted now. */
function keepForLater(draft: Draft, event: OutsideEvent, world: World, woken: ReadonlySet<NodeId>): void {
  for (const node of draft.graph.journey.nodes) {
    if (node.kind !== 'await' || !node.alsoPast || woken.has(node.id)) continue
    if (!matchesPattern(node.for, event, world).verdict) continue
    draft.state.answered = { ...draft.state.answered, [node.id]: event.at }
    keepOutputs(draft, node.id, event.data)
  }
}

function readTaskDone(draft: Draft, name: string, by: string): void {
  const token = draft.tokens.find((one) => one.is === 'gated' && one.by === 'task' && one.gate === name)
  if (!token) return
  const node = nodeOf(draft, token)
  decide(draft, 'task_done', token, { by })
  if (token.is === 'gated' && isMoveGate(token)) return follow(draft, token, node)
  leave(draft, token, 'next')
}

/** The question what a move does to this step is closed without an answer: the step follows its date. */
function follow(draft: Draft, token: Token & { is: 'gated' }, node: Node): void {
  closeGates(draft, [token])
  const waiting = put(draft, token, {
    is: 'waiting',
    for: 'moment',
    due: token.until,
    nominal: token.until,
    generation: 0,
    ...(token.since === undefined ? {} : { since: token.since }),
  })
  replanWait(draft, waiting as Token & { is: 'waiting' }, node)
}

function readApproval(draft: Draft, name: string, answer: 'approved' | 'skipped', by: string): void {
  const token = draft.tokens.find((one) => one.is === 'gated' && one.by === 'approval' && one.gate === name)
  if (!token) return decide(draft, 'ignored_event', null, { approval: name })
  const node = nodeOf(draft, token)
  decide(draft, answer === 'approved' ? 'approved' : 'approval_skipped', token, { by })
  if (node.kind === 'approval') return leave(draft, token, answer)
  if (answer === 'skipped' || node.kind !== 'module') return leaveOrdinarily(draft, token)
  const approved = put(draft, { ...token, approved: true }, { is: 'ready' })
  if (node.move === 'keep' || !hangsOnDate(node)) {
    return passWindows(draft, approved, node, { nominal: draft.now, anchor: null, generation: 0 })
  }
  // The date may have moved while the yes was waited for: then the message waits for its new moment, or is parked.
  const planned = nominalOf(draft, approved, node)
  if (planned) passWindows(draft, approved, node, planned, instant(Math.max(planned.nominal, draft.now)))
}

const hangsOnDate = (node: NodeOf<'module'>): boolean =>
  node.when !== undefined && 'of' in node.when && node.when.of !== undefined && node.when.of !== 'now'
