import { ANYBODY } from '../answering.ts'
import type { Node } from '../journey/graph.ts'
import { type Instant, instant, isoOf } from '../time/instant.ts'
import { isOver } from '../wedding/over.ts'
import { pushThrough } from '../wedding/push-through.ts'
import { resolveWait } from '../wedding/wait.ts'
import { askUntil, type PlannedBy, send } from './act.ts'
import { choiceAt, takeChoices } from './chosen.ts'
import {
  change,
  closeGates,
  type Draft,
  decide,
  isHeld,
  leave,
  nodeOf,
  put,
  raise,
  standAs,
  wasKeptBy,
  withoutLate,
} from './draft.ts'
import { enterDelay, toldAt, waitForUndo } from './enter.ts'
import type { RunEvent } from './event.ts'
import {
  type ActingNode,
  comeToAt,
  hangingOn,
  passWindows,
  planHeldUp,
  plannedBy,
  planStep,
} from './moment.ts'
import { rederive, worldIn } from './rederive.ts'
import type { Resendable, Token } from './run.ts'
import { conclude, noteResults } from './settle.ts'
import { stepFacts } from './step-facts.ts'

/**
 * The details changed (a date, a zone, the calendar, the zone data): every wait that hangs on them is derived
 * again. What was sent stays sent (I6); a step's move policy says whether it follows, keeps or asks.
 */
export function changeDetails(draft: Draft, event: RunEvent & { is: 'details_changed' }): void {
  const world = worldIn(event.anchors)
  if (world !== undefined) return rederive(draft, world, event.undoUntil)
  if (event.undoUntil !== null) draft.state.undoUntil = event.undoUntil
  else if (event.takesBack !== undefined) delete draft.state.undoUntil
  takeChoices(draft, event)
  const touched = new Set(event.anchors)
  takeBack(draft, event)
  for (const token of [...draft.tokens])
    if (token.is !== 'acting' && !token.side) replanToken(draft, token, touched, event.published === true)
  planResends(draft, touched)
}

/** Those of a step's effects that were withdrawn with the move are planned anew; who has been written to is left in peace. */
function takeBack(draft: Draft, { withdrawn = [] }: RunEvent & { is: 'details_changed' }): void {
  for (const token of [...draft.tokens]) {
    if (token.is !== 'acting') continue
    const taken = token.effects.filter(
      (name) => withdrawn.includes(name) && token.results?.[name] === undefined,
    )
    if (taken.length === 0) continue
    const recalled = standAs(draft, token, { recalled: draft.now }) as typeof token
    conclude(draft, noteResults(draft, recalled, Object.fromEntries(taken.map((name) => [name, 'stale']))))
  }
}

function replanToken(draft: Draft, token: Token, touched: ReadonlySet<string>, isPublished: boolean): void {
  const isTouched = (name: string | null | undefined): boolean =>
    name != null && (touched.has(name) || touched.has('*'))
  const node = nodeOf(draft, token)
  if (token.is === 'gated') return replanGate(draft, token, node, isTouched)
  if (token.is === 'awaiting' && isTouched(token.anchor)) return replanTimeout(draft, token, node)
  if (token.is !== 'waiting' || token.for === 'snooze') return
  if (!isTouched(token.anchor)) {
    const deadline = 'deadline' in node ? node.deadline?.of : undefined
    // What is late already waits for its policy; a deadline does not change that.
    const isLate = token.for === 'undo' && token.nominal !== null && token.nominal < draft.now
    if (isActing(node) && isTouched(deadline) && token.nominal !== null && !isLate) {
      passWindows(draft, token, node, { nominal: token.nominal, ...plannedBy(token) })
    }
    return
  }
  // Nobody is asked about a move that has not been; what a move had left where it was is left there.
  const isMoved = !isPublished || token.generation !== draft.view.anchors[token.anchor ?? '']?.generation
  const policy = choiceAt(draft, token) || !isMoved ? 'follow' : 'move' in node ? node.move : undefined
  if (policy === 'keep' && token.due !== null) return decide(draft, 'stays', token, { at: isoOf(token.due) })
  // A move that is taken back is no new question.
  if (policy === 'ask' && token.due !== null && draft.takesBack === null)
    return askPerson(draft, token, token.due)
  replanWait(draft, token, node)
}

/** What was on its way has been taken back before it left: the step is planned as if it had just been reached. */
export function planAgain(draft: Draft, token: Token, heldUpSince: Instant | null = null): void {
  const node = nodeOf(draft, token)
  decide(draft, 'moves', token, { stale: true })
  if (token.side) return resendAgain(draft, token)
  if (!isActing(node)) return
  if (heldUpSince === null) planStep(draft, token, node)
  else planHeldUp(draft, token, node, heldUpSince)
}

function resendAgain(draft: Draft, token: Token): void {
  const sent = (draft.state.resendable ?? []).find((one) => one.node === token.at)
  if (!sent) return leave(draft, token, 'next')
  const generation = draft.view.anchors[sent.anchor]?.generation ?? 0
  resendWhenSure(draft, token, { anchor: sent.anchor, generation })
}

export const isActing = (node: Node): node is ActingNode =>
  node.kind === 'module' || node.kind === 'action' || node.kind === 'approval'

export function replanWait(draft: Draft, token: Token & { is: 'waiting' }, node: Node): void {
  const old = token.due
  const before = draft.because.length
  if (node.kind === 'delay') enterDelay(draft, token, node)
  else if (node.kind === 'trigger') waitAtTrigger(draft, token)
  else if (isActing(node)) planStep(draft, token, node)
  const now = draft.tokens.find((one) => one.id === token.id)
  const next = now?.is === 'waiting' ? now.due : null
  const code = now?.is === 'waiting' && old === next ? 'stays' : 'moves'
  const told = {
    code,
    node: token.at,
    visit: token.visit,
    values: { from: toldAt(old), to: toldAt(next) },
  } as const
  draft.because.splice(before, 0, told)
}

/** A date trigger that has not begun is a run that waits on its trigger node; it moves like any other wait. */
export function waitAtTrigger(draft: Draft, token: Token): void {
  const rule = draft.graph.triggerType.when?.(draft.graph.trigger.config ?? {})
  if (!rule || 'every' in rule) return leave(draft, token, 'next')
  const { nominal, anchor, generation } = resolveWait(rule, draft.now, draft.view)
  const by = { anchor, generation }
  const isLate = nominal !== null && nominal < draft.now && !wasKeptBy(draft, token, nominal)
  const over = isLate && isOver(rule, draft.view, draft.now) ? ({ lateBy: 'over' } as const) : {}
  const standing = isLate ? standAs(draft, token, { late: nominal, ...over }) : withoutLate(draft, token)
  if (isLate && anchor !== null && waitForUndo(draft, standing, nominal, by)) return
  put(draft, standing, { is: 'waiting', for: 'moment', due: nominal, nominal, ...hangingOn(by) })
}

function replanTimeout(draft: Draft, token: Token & { is: 'awaiting' }, node: Node): void {
  if (node.kind !== 'await' || 'every' in node.timeout) return
  const resolved = resolveWait(node.timeout, token.since, draft.view)
  const until = notBeforeUndo(draft, resolved.nominal)
  decide(draft, until === token.until ? 'stays' : 'moves', token, {
    from: toldAt(token.until),
    to: toldAt(until),
  })
  put(draft, token, { ...token, until, generation: resolved.generation })
}

/** What the move has ended stays open until the move can no longer be taken back. */
const notBeforeUndo = (draft: Draft, until: Instant | null): Instant | null =>
  until !== null && until <= draft.now && draft.state.undoUntil !== undefined
    ? instant(Math.max(until, draft.state.undoUntil))
    : until

/**
 * A step that waits for a person: the time to answer moves with the date it hangs on. A question that a move had
 * raised is void when the date is back where it was.
 */
function replanGate(
  draft: Draft,
  token: Token & { is: 'gated' },
  node: Node,
  isTouched: (name: string | undefined) => boolean,
): void {
  if (token.by === 'approval') {
    if (node.kind !== 'module' && node.kind !== 'approval') return
    const timeout = node.kind === 'module' ? node.approval?.timeout : node.timeout
    if (
      !timeout ||
      'every' in timeout ||
      !('of' in timeout) ||
      timeout.of === 'now' ||
      !isTouched(timeout.of)
    )
      return
    const until = notBeforeUndo(draft, resolveWait(timeout, draft.now, draft.view).nominal)
    decide(draft, until === token.until ? 'stays' : 'moves', token, {
      from: toldAt(token.until),
      to: toldAt(until),
    })
    if (until !== token.until) askUntil(draft, token, node, until)
    put(draft, token, { ...token, until })
    return
  }
  putBackFromGate(draft, token, node)
}

export function putBackFromGate(draft: Draft, token: Token & { is: 'gated' }, node: Node): void {
  const rule = node.kind === 'delay' ? node.wait : isActing(node) ? node.when : undefined
  if (!isMoveGate(token) || token.until === null || !rule || 'every' in rule) return
  const { nominal, because: _, ...by } = resolveWait(rule, comeToAt(token) ?? draft.now, draft.view)
  if (nominal === null || (nominal < draft.now && !wasKeptBy(draft, token, nominal))) return
  const pushed = isActing(node)
    ? pushThrough(nominal, stepFacts(draft, token, node), draft.view, draft.now)
    : ({ is: 'at', at: nominal } as const)
  if (pushed.is !== 'at' || pushed.at !== token.until) return
  closeGates(draft, [token])
  decide(draft, 'stays', token, { at: isoOf(token.until) })
  put(draft, token, {
    is: 'waiting',
    for: 'moment',
    due: token.until,
    nominal,
    ...hangingOn(by),
  })
}

export const isMoveGate = (token: Token & { is: 'gated' }): boolean =>
  token.by === 'task' && token.gate.startsWith('move|')

/** `ask`: a person decides what becomes of the step; if nobody has when its old moment comes, it follows. */
export function askPerson(
  draft: Draft,
  token: Token & { is: 'waiting' },
  old: Instant,
  why: 'date_moved' | 'hours_changed' = 'date_moved',
): void {
  const name = `move|${token.at}|${token.visit}`
  decide(draft, 'needs_you', token, { from: isoOf(old), ...(why === 'date_moved' ? {} : { why }) })
  change(draft, {
    do: 'open_task',
    name,
    node: token.at,
    visit: token.visit,
    title: nodeOf(draft, token).name ?? token.at,
    role: ANYBODY,
    due: old,
    why,
  })
  const { since } = token
  put(draft, token, {
    is: 'gated',
    by: 'task',
    gate: name,
    until: old,
    ...(since === undefined ? {} : { since }),
  })
}

/** Sent steps marked `resend` go out once more, as updated, with the next edition in their key (I5). */
export function planResends(draft: Draft, touched: ReadonlySet<string>): void {
  const outdated = (draft.state.resendable ?? []).filter(
    (one) => one.generation < (draft.view.anchors[one.anchor]?.generation ?? 0),
  )
  for (const one of outdated) {
    // Another version of the journey may have no such message any more: then a person tells the couple.
    if (draft.graph.node(one.node)?.kind !== 'module') {
      if (touched.has(one.anchor) || touched.has('*')) giveUpResend(draft, one)
      continue
    }
    if (!touched.has(one.anchor)) continue
    const side = draft.tokens.find((token) => token.side && token.at === one.node)
    // What is on its way already looks again once it is known whether it arrived.
    if (side && side.is !== 'waiting') continue
    const token: Token = side ?? {
      id: draft.state.nextToken,
      at: one.node,
      visit: one.visit,
      side: true,
      is: 'ready',
    }
    if (!side) {
      draft.state.nextToken += 1
      draft.tokens = [...draft.tokens, token]
    }
    resendWhenSure(draft, token, {
      anchor: one.anchor,
      generation: draft.view.anchors[one.anchor]?.generation ?? 0,
    })
  }
}

function giveUpResend(draft: Draft, sent: Resendable): void {
  const facts = { step: sent.node, anchor: sent.anchor }
  decide(draft, 'resend_gone', null, facts)
  raise(draft, 'resend_gone', null, facts)
  draft.state.resendable = (draft.state.resendable ?? []).filter((one) => one.node !== sent.node)
}

/** A move that may still be taken back, or a run that is held, sends nothing yet. */
function resendWhenSure(draft: Draft, token: Token, by: PlannedBy): void {
  if (waitForUndo(draft, token, null, by)) return
  if (isHeld(draft))
    put(draft, token, { is: 'waiting', for: 'undo', due: draft.now, nominal: null, ...hangingOn(by) })
  else resend(draft, token)
}

/** Sends the next edition of a message that was sent before, if its date really is another one now. */
export function resend(draft: Draft, token: Token): void {
  const sent = (draft.state.resendable ?? []).find((one) => one.node === token.at)
  const node = nodeOf(draft, token)
  if (!sent || node.kind !== 'module') return leave(draft, token, 'next')
  const anchor = draft.view.anchors[sent.anchor]
  // A date that is to be confirmed is no news to send; the day it is known it will be.
  const isNews =
    anchor &&
    anchor.value !== null &&
    anchor.generation > sent.generation &&
    !sameValue(sent.value, anchor.value)
  if (!isNews) return leave(draft, token, 'next')
  const edition = sent.edition + 1
  decide(draft, 'resend_planned', token, { edition, anchor: sent.anchor })
  raise(draft, 'resend_planned', token, { edition })
  // Only the number is taken now; which date the couple was told is known once it has arrived.
  remember(draft, { ...sent, edition })
  send(draft, token, node, { anchor: sent.anchor, generation: anchor.generation }, edition)
}

const sameValue = (a: Resendable['value'], b: Resendable['value']): boolean =>
  JSON.stringify(a) === JSON.stringify(b)

export function remember(draft: Draft, sent: Resendable): void {
  draft.state.resendable = [...(draft.state.resendable ?? []).filter((one) => one.node !== sent.node), sent]
}
