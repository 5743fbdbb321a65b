import { ANYBODY } from '../answering.ts'
import type { NodeId } from '../ids.ts'
import type { Action, NodeOf } from '../journey/graph.ts'
import type { Instant } from '../time/instant.ts'
import { resolveDeadline } from '../wedding/deadline.ts'
import type { MessageClass } from '../wedding/policy.ts'
import { resolveWait } from '../wedding/wait.ts'
import { bandOf } from './band.ts'
import { choiceAt } from './chosen.ts'
import { change, type Draft, decide, leave, leaveOrdinarily, put, raise, withoutLate } from './draft.ts'
import type { SendEffect } from './effect.ts'
import { toldAt } from './enter.ts'
import type { ActingNode } from './moment.ts'
import { isDead, obstacleTo, recipientsOf } from './recipient.ts'
import type { ReadAnchor, Token } from './run.ts'
import type { PersonView } from './view.ts'

/** What a step does once its moment is now: plans effects, asks for a yes, changes the client, opens a task. */
export type PlannedBy = {
  readonly anchor: string | null
  readonly generation: number
  /** Where it was counted from, when no anchor says. */
  readonly since?: Instant | null
}

export function act(draft: Draft, token: Token, node: ActingNode, by: PlannedBy): void {
  if (choiceAt(draft, token)?.is === 'skip') {
    decide(draft, 'skipped_by_person', token, { by: draft.state.chosen!.who })
    return leaveOrdinarily(draft, token)
  }
  switch (node.kind) {
    case 'module':
      return node.approval && !token.approved ? ask(draft, token, node) : send(draft, token, node, by)
    case 'action':
      return doAction(draft, token, node, by)
    case 'approval':
      return ask(draft, withoutLate(draft, token), node)
  }
}

/** What leaves no message counts as part of the service. */
export function classOf(draft: Draft, node: ActingNode): MessageClass {
  return node.kind === 'module' ? (node.class ?? draft.graph.moduleType(node).class) : 'transactional'
}

export const effectName = (
  node: NodeId,
  visit: number,
  edition: number,
  ordinal: number,
  recipient: string,
): string => `${node}|${visit}|${edition}|${ordinal}|${recipient}`

/** Plans one effect for each recipient who can and may be written to. */
export function send(draft: Draft, token: Token, node: NodeOf<'module'>, by: PlannedBy, edition = 1): void {
  const catchUp = token.late !== undefined
  const step = withoutLate(draft, token)
  const type = draft.graph.moduleType(node)
  const meant = recipientsOf(draft, step, node)
  const people = meant.filter(
    (person) => !step.told?.includes(person.ref) && !isStillToBeTold(draft, step, person.ref),
  )
  if (people.length === 0 && meant.length > 0) return leaveOrdinarily(draft, step)
  if (people.length === 0) {
    decide(draft, 'no_recipient', step, { to: JSON.stringify(node.to ?? 'couple') })
    raise(draft, 'no_recipient', step, { visit: step.visit })
    return failStep(draft, step, node, 'no_recipient')
  }
  const messageClass = classOf(draft, node)
  const planned: SendEffect[] = []
  for (const person of people) {
    const obstacle = obstacleTo(person, type.channel, messageClass)
    if (obstacle) {
      const why = isDead(person, type.channel) ? { why: 'dead_address' } : {}
      decide(draft, obstacle, step, { to: person.ref, channel: type.channel, class: messageClass, ...why })
      raise(draft, obstacle, step, { to: person.ref, channel: type.channel, ...why })
      continue
    }
    planned.push({
      ...planEffect(draft, step, node, by, person, edition, type.channel),
      kind: { is: 'module', type: node.type, version: node.version },
      channel: type.channel,
      class: messageClass,
      delivery: node.delivery ?? type.delivery,
      ...(catchUp ? { catchUp } : {}),
    })
  }
  if (planned.length === 0) return failStep(draft, step, node, 'nobody_reachable')
  for (const effect of planned) {
    change(draft, effect)
    decide(draft, 'planned', step, { to: effect.recipient, edition, band: effect.band })
  }
  forgetMerged(draft, planned)
  const read = readForResend(draft, node)
  put(draft, step, {
    is: 'acting',
    effects: planned.map((effect) => effect.name),
    ...(edition > 1 ? { edition } : {}),
    ...(read ? { read } : {}),
  })
}

/** An update is for those who had the message; its step has yet to send it to the others, with the date that is true then. */
function isStillToBeTold(draft: Draft, update: Token, ref: string): boolean {
  if (!update.side) return false
  const step = draft.tokens.find((one) => !one.side && one.at === update.at && one.visit === update.visit)
  return step !== undefined && !step.told?.includes(ref)
}

/** The date this message tells of, kept until it has left: only then is it known which date the couple was told. */
function readForResend(draft: Draft, node: NodeOf<'module'>): ReadAnchor | null {
  if (node.move !== 'resend' || !node.when || !('of' in node.when)) return null
  const anchor = node.when.of
  if (anchor === undefined || anchor === 'now') return null
  const known = draft.view.anchors[anchor]
  return { anchor, generation: known?.generation ?? 0, value: known?.value ?? null }
}

function planEffect(
  draft: Draft,
  token: Token,
  node: ActingNode,
  by: PlannedBy,
  person: Pick<PersonView, 'ref'>,
  edition: number,
  channel: string,
) {
  const merged = (draft.state.merged ?? [])
    .filter((one) => one.to === person.ref && channelAt(draft, one.node) === channel)
    .map(({ node, visit }) => ({ node, visit }))
  const deadline = node.deadline ? resolveDeadline(node.deadline, draft.view) : null
  return {
    do: 'send',
    name: effectName(token.at, token.visit, edition, 0, person.ref),
    node: token.at,
    visit: token.visit,
    edition,
    ordinal: 0,
    recipient: person.ref,
    band: bandOf(draft.now, draft.view, node.kind === 'module' ? node.band : undefined, deadline),
    at: draft.now,
    deadline,
    anchor: by.anchor,
    generation: by.generation,
    ...(merged.length > 0 ? { merged } : {}),
  } as const
}

/** What was written for a letter rides along in a letter, not in a text message. */
function channelAt(draft: Draft, id: NodeId): string | null {
  const node = draft.graph.node(id)
  return node?.kind === 'module' ? draft.graph.moduleType(node).channel : null
}

function forgetMerged(draft: Draft, planned: readonly SendEffect[]): void {
  const isTold = (one: { node: NodeId; to: string }): boolean =>
    planned.some(
      (effect) => effect.recipient === one.to && effect.merged?.some((told) => told.node === one.node),
    )
  const left = (draft.state.merged ?? []).filter((one) => !isTold(one))
  if (left.length > 0) draft.state.merged = left
  else delete draft.state.merged
}

type Asking = NodeOf<'approval'> | NodeOf<'module'>

function ask(draft: Draft, token: Token, node: Asking): void {
  const timeout = node.kind === 'approval' ? node.timeout : node.approval!.timeout
  const resolved = 'every' in timeout ? null : resolveWait(timeout, draft.now, draft.view)
  const until = resolved?.nominal ?? null
  const { role, name } = askUntil(draft, token, node, until)
  decide(draft, 'approval_asked', token, { role, until: toldAt(until) })
  const since = resolved?.since ?? null
  put(draft, token, {
    is: 'gated',
    by: 'approval',
    gate: name,
    until,
    ...(since === null ? {} : { since }),
  })
}

/** The question as it lies on the desk; of one that lies there already only the time to answer is another. */
export function askUntil(draft: Draft, token: Token, node: Asking, until: Instant | null) {
  const name = `approval|${token.at}|${token.visit}`
  const [text, by] =
    node.kind === 'approval' ? [node.ask, node.by] : [node.name ?? node.id, node.approval?.by]
  const role = by ?? ANYBODY
  change(draft, { do: 'ask_approval', name, node: token.at, visit: token.visit, role, until, ask: text })
  return { name, role }
}

/** The step could not be done. What follows is the node's own choice; a message nobody can get is never silent. */
export function failStep(draft: Draft, token: Token, node: ActingNode, cause: string): void {
  decide(draft, 'failed_step', token, { cause })
  const exits = draft.graph.exits(node) as readonly string[]
  if (node.kind === 'module') {
    const policy = node.onFailure ?? (node.deadline ? 'task' : 'continue')
    if (policy === 'branch') return leave(draft, token, 'failed')
    if (policy === 'stop') {
      put(draft, token, {
        is: 'stuck',
        problem: {
          code: cause,
          severity: 'error',
          message: `The step failed: ${cause}.`,
          path: '',
          node: token.at,
        },
        since: draft.now,
      })
      return raise(draft, 'stuck', token, { code: cause })
    }
    if (policy === 'task')
      openTask(draft, token, { title: node.name ?? node.id, role: ANYBODY, due: null, why: cause })
    return leave(
      draft,
      token,
      exits.includes('refused') && draft.graph.next(token.at, 'refused') ? 'refused' : (exits[0] ?? 'next'),
    )
  }
  leave(draft, token, draft.graph.next(token.at, 'failed') ? 'failed' : 'next')
}

function openTask(
  draft: Draft,
  token: Token,
  task: { title: string; role: string; due: Instant | null; why: string },
): string {
  const name = `task|${token.at}|${token.visit}`
  change(draft, { do: 'open_task', name, node: token.at, visit: token.visit, ...task })
  decide(draft, 'task_opened', token, { why: task.why })
  return name
}

function doAction(draft: Draft, token: Token, node: NodeOf<'action'>, by: PlannedBy): void {
  const action = node.do
  if ('webhook' in action)
    return sendPlain(draft, withoutLate(draft, token), node, by, { is: 'webhook' }, 'house')
  if ('notify' in action)
    return sendPlain(
      draft,
      withoutLate(draft, token),
      node,
      by,
      { is: 'notify' },
      `member:${action.notify.role ?? 'owner'}`,
    )
  if ('task' in action) {
    const due =
      action.task.due && !('every' in action.task.due)
        ? resolveWait(action.task.due, draft.now, draft.view).nominal
        : null
    const name = openTask(draft, token, {
      title: action.task.title,
      role: action.task.role ?? ANYBODY,
      due,
      why: 'journey',
    })
    if (action.task.gate) {
      put(draft, withoutLate(draft, token), { is: 'gated', by: 'task', gate: name, until: null })
      return
    }
    return leave(draft, token, 'next')
  }
  changeFor(draft, token, action)
  decide(draft, 'changed', token, { what: Object.keys(action)[0] ?? '' })
  leave(draft, token, 'next')
}

function sendPlain(
  draft: Draft,
  token: Token,
  node: NodeOf<'action'>,
  by: PlannedBy,
  kind: SendEffect['kind'],
  recipient: string,
): void {
  const channel = kind.is === 'webhook' ? 'webhook' : 'none'
  const effect: SendEffect = {
    ...planEffect(draft, token, node, by, { ref: recipient }, 1, channel),
    kind,
    channel,
    class: 'transactional',
    // Receivers of a signed webhook can tell a repeat by its id; a note to the team does no harm twice.
    delivery: 'at_least_once',
  }
  change(draft, effect)
  decide(draft, 'planned', token, { to: recipient, edition: 1, band: effect.band })
  put(draft, token, { is: 'acting', effects: [effect.name] })
}

function changeFor(
  draft: Draft,
  token: Token,
  action: Exclude<Action, { task: unknown } | { webhook: unknown } | { notify: unknown }>,
): void {
  const name = `${token.at}|${token.visit}`
  if ('setStage' in action) return change(draft, { do: 'set_stage', stage: action.setStage })
  if ('addTag' in action) return change(draft, { do: 'add_tag', tag: action.addTag })
  if ('removeTag' in action) return change(draft, { do: 'remove_tag', tag: action.removeTag })
  if ('setField' in action)
    return change(draft, { do: 'set_field', field: action.setField, value: action.value })
  if ('startJourney' in action)
    return change(draft, { do: 'start_journey', journey: action.startJourney, name })
  if ('stopJourney' in action) return change(draft, { do: 'stop_journey', journey: action.stopJourney, name })
  const reason = 'holdJourneys' in action ? action.holdJourneys : action.releaseJourneys
  const { holding: before = [], ...state } = draft.state
  const others = before.filter((one) => one !== reason)
  const holding = 'holdJourneys' in action ? [...others, reason] : others
  draft.state = holding.length > 0 ? { ...state, holding } : state
  return change(draft, { do: 'holdJourneys' in action ? 'hold_journeys' : 'release_journeys', reason })
}
