import type { NodeId } from '../ids.ts'
import { type NodeKind, waysFrom } from '../journey/graph.ts'
import { reachable } from '../journey/walk.ts'
import { type Instant, isoOf } from '../time/instant.ts'
import { act } from './act.ts'
import { spendChoice } from './chosen.ts'
import {
  change,
  closeGates,
  type Draft,
  decide,
  dueOfToken,
  finish,
  isHeld,
  leave,
  leaveOrdinarily,
  letGo,
  nodeOf,
  put,
  raise,
  wasKeptBy,
  withdraw,
} from './draft.ts'
import { countVisit, passLate, skipRound, takeRound, toldAt } from './enter.ts'
import type { Command } from './event.ts'
import { jump } from './jump.ts'
import { applyLatePolicy, beLate, nominalOf, passWindows, plannedBy } from './moment.ts'
import { isActing, isMoveGate, replanWait, resend, waitAtTrigger } from './replan.ts'
import type { Token } from './run.ts'
import { titleOf } from './step-title.ts'

/**
 * What a person may do with a run (engine 10). Each command answers why it cannot be obeyed, or obeys;
 * the answer null means it was obeyed.
 */
export function obey(draft: Draft, command: Command, by: string): string | null {
  switch (command.do) {
    case 'pause':
      if (draft.state.holds?.includes('paused')) return 'The run is paused already.'
      return hold(draft, 'paused')
    case 'resume':
      if (!draft.state.holds?.includes('paused')) return 'The run is not paused.'
      return release(draft, 'paused')
    case 'stop':
      decide(draft, 'stopped', null, { by, reason: command.reason })
      finish(draft, 'cancelled', 'stopped')
      return null
    case 'restart':
      return restart(draft)
    case 'edit':
      return edit(draft, command, by)
    case 'snooze':
    case 'skip':
    case 'do_now':
    case 'jump':
    case 'retry':
    case 'decide': {
      const token = tokenFor(draft, command)
      return typeof token === 'string' ? token : obeyFor(draft, token, command, by)
    }
  }
}

/** Words of one message for one couple; what is on its way already stays as it is (I6). */
function edit(draft: Draft, { node: id, edit: words }: Command & { do: 'edit' }, by: string): string | null {
  const node = draft.graph.node(id)
  if (node?.kind !== 'module') return 'Only a message can be edited.'
  const standing = draft.tokens.find((token) => token.at === id && token.visit > 0)
  if (standing?.is === 'acting') return 'This message is on its way already.'
  const still = reachable(
    draft.tokens.map((token) => token.at),
    (at) => waysFrom(draft.graph, at),
  )
  if (!standing && !still.has(id)) return 'They do not come to this message any more.'
  const visit = standing?.visit ?? (draft.state.visits[id] ?? 0) + 1
  draft.state.edits = { ...draft.state.edits, [`${id}|${visit}`]: words }
  decide(draft, 'edited', standing ?? null, { by, step: titleOf(node) })
  return null
}

function tokenFor(
  draft: Draft,
  { token: id, node }: { readonly token?: number; readonly node?: NodeId },
): Token | string {
  const standing = draft.tokens.filter(
    (token) => token.is !== 'joining' && (node === undefined || token.at === node),
  )
  if (node !== undefined && standing.length === 0) return 'They do not stand at this step any more.'
  if (id !== undefined) return standing.find((token) => token.id === id) ?? `The run has no branch ${id}.`
  // A message that is sent anew beside the walk is meant only when there is nothing else.
  const walking = standing.some((token) => !token.side) ? standing.filter((token) => !token.side) : standing
  if (walking.length === 1) return walking[0]!
  return walking.length === 0
    ? 'The run stands nowhere.'
    : `The run stands in ${walking.length} places; say which branch is meant.`
}

function obeyFor(
  draft: Draft,
  token: Token,
  command: Command & { token?: number },
  by: string,
): string | null {
  switch (command.do) {
    case 'snooze':
      if (command.until <= draft.now) return 'Snooze needs a moment in the future.'
      if (token.is !== 'waiting') return 'Only a step that waits can be snoozed.'
      put(draft, token, {
        is: 'waiting',
        for: 'snooze',
        due: command.until,
        nominal: command.until,
        generation: 0,
      })
      decide(draft, 'snoozed', token, { by, until: isoOf(command.until) })
      return null
    case 'skip':
      return skip(draft, token, by)
    case 'do_now':
      return doNow(draft, token, by)
    case 'jump':
      return jump(draft, token, command.to, by)
    case 'retry':
      return retry(draft, token, by)
    case 'decide':
      return decideMoved(draft, token, command.choice, by)
    default:
      return null
  }
}

const DECIDES_ITSELF: readonly NodeKind[] = ['trigger', 'condition', 'split', 'fork', 'join', 'goal', 'end']

function skip(draft: Draft, token: Token, by: string): string | null {
  const node = nodeOf(draft, token)
  if (DECIDES_ITSELF.includes(node.kind)) return 'Only a step that waits or acts can be skipped.'
  withdraw(draft, token)
  decide(draft, 'skipped_by_person', token, { by })
  if (node.kind === 'delay' && 'every' in node.wait) skipRound(draft, token, node)
  else leaveOrdinarily(draft, token)
  return null
}

/** The step is done now, under a new visit; who has had its message already does not get it again. */
function retry(draft: Draft, token: Token, by: string): string | null {
  if (token.is !== 'stuck') return 'Only a stuck step can be retried.'
  if (isHeld(draft)) return 'The run is held; release it first.'
  const node = nodeOf(draft, token)
  decide(draft, 'retried', token, { by })
  const ready = put(draft, token, { is: 'ready' })
  if (token.side) resend(draft, ready)
  else if (isActing(node)) {
    const again = countVisit(draft, ready)
    passWindows(
      draft,
      again,
      node,
      nominalOf(draft, again, node) ?? { nominal: draft.now, anchor: null, generation: 0 },
      draft.now,
    )
  }
  return null
}

function doNow(draft: Draft, token: Token, by: string): string | null {
  const node = nodeOf(draft, token)
  if (isHeld(draft)) return 'The run is held; release it first.'
  if (token.is !== 'waiting' && token.is !== 'awaiting') return 'Only a step that waits can be done now.'
  decide(draft, 'done_now', token, { by })
  // What is wanted now counts more than what was chosen with a move.
  spendChoice(draft, token)
  if (node.kind === 'module' || node.kind === 'action' || node.kind === 'approval') {
    act(draft, token, node, { anchor: token.anchor ?? null, generation: token.generation })
  } else if (node.kind === 'delay') {
    if ('every' in node.wait) takeRound(draft, token, node)
    else leave(draft, token, 'next')
  } else leaveOrdinarily(draft, token)
  return null
}

function decideMoved(
  draft: Draft,
  token: Token,
  choice: (Command & { do: 'decide' })['choice'],
  by: string,
): string | null {
  const node = nodeOf(draft, token)
  if (token.is !== 'gated' || !isMoveGate(token)) return 'This step asks for no decision.'
  if (choice !== 'keep' && choice !== 'follow') {
    if (!isActing(node)) return 'This step can only follow or keep.'
    if (isHeld(draft)) return 'The run is held; release it first.'
  }
  closeGates(draft, [token])
  decide(draft, 'task_done', token, { by, choice })
  const waiting = put(draft, token, {
    is: 'waiting',
    for: 'moment',
    due: token.until,
    nominal: token.until,
    generation: 0,
    ...(token.since === undefined || choice !== 'follow' ? {} : { since: token.since }),
  })
  if (choice === 'keep') return null
  if (choice === 'follow') {
    replanWait(draft, waiting as Token & { is: 'waiting' }, node)
    return null
  }
  if (isActing(node))
    applyLatePolicy(
      draft,
      waiting,
      node,
      { nominal: token.until ?? draft.now, anchor: null, generation: 0 },
      choice,
    )
  return null
}

/** The reason of whoever stops all journeys of a business at once. */
export const EVERYTHING = 'everything'
/** The wedding is called off: as long as that can be taken back its journeys are held by it. */
export const CALLED_OFF = 'wedding_cancelled'

export function hold(draft: Draft, reason: string): null {
  const holds = draft.state.holds ?? []
  if (!holds.includes(reason)) draft.state.holds = [...holds, reason]
  decide(draft, reason === 'paused' ? 'paused' : 'held', null, { reason })
  return null
}

/**
 * Lets a held run go on. Time has gone on meanwhile: what fell due is judged by its late policy, one step at a
 * time, so that no burst follows a pause.
 */
export function release(draft: Draft, reason: string): null {
  const holds = (draft.state.holds ?? []).filter((one) => one !== reason)
  if (holds.length > 0) draft.state.holds = holds
  else delete draft.state.holds
  decide(draft, reason === 'paused' ? 'resumed' : 'released', null, { reason })
  if (holds.length > 0) return null
  for (const token of [...draft.tokens]) {
    const due = dueOfToken(token, draft.now)
    if (due !== null && due < draft.now) beLateAfterHold(draft, token, due)
  }
  return null
}

function beLateAfterHold(draft: Draft, token: Token, due: Instant): void {
  const node = nodeOf(draft, token)
  if (wasKeptBy(draft, token, due)) return
  if (token.side || token.is === 'ready' || (token.is === 'waiting' && token.for === 'undo')) return
  if (token.is === 'waiting' && isActing(node)) {
    beLate(draft, token, node, { nominal: due, ...plannedBy(token) })
  } else if (node.kind === 'trigger') waitAtTrigger(draft, token)
  else if (node.kind === 'approval' && token.is === 'gated') {
    noAnswer(draft, token)
    passLate(draft, token, node, due)
  } else if (node.kind === 'delay' && token.is === 'waiting') passLate(draft, token, node, due)
  else if (node.kind === 'await') {
    decide(draft, 'timed_out', token, { until: isoOf(due) })
    passLate(draft, token, node, due)
  }
}

/** Nobody has said yes or no in time. */
export function noAnswer(draft: Draft, token: Token & { is: 'gated' }): void {
  decide(draft, 'approval_timed_out', token, { until: toldAt(token.until) })
  draft.effects.push({ do: 'close_approval', name: token.gate })
  raise(draft, 'approval_timed_out', token, {})
}

function restart(draft: Draft): null {
  change(draft, { do: 'cancel_sends', names: 'all', why: 'restarted' })
  closeGates(draft, draft.tokens)
  letGo(draft)
  const id = draft.state.nextToken
  // A new beginning lifts no brake of the whole business, nor that of a wedding that is called off.
  const { endsAt } = draft.state
  const stays = (draft.state.holds ?? []).filter((one) => one === EVERYTHING || one === CALLED_OFF)
  const holds = [...draft.view.client.holds, ...stays]
  draft.tokens = [{ id, at: draft.graph.trigger.id, visit: 0, is: 'ready' }]
  draft.state = {
    visits: draft.state.visits,
    steps: 0,
    nextToken: id + 1,
    startedAt: draft.now,
    ...(draft.state.startedBy ? { startedBy: draft.state.startedBy } : {}),
    ...(holds.length > 0 ? { holds } : {}),
    ...(endsAt === undefined ? {} : { endsAt }),
  }
  decide(draft, 'restarted')
  return null
}
