import type { Node } from '../journey/graph.ts'
import { type Instant, isoOf } from '../time/instant.ts'
import { resolveWait } from '../wedding/wait.ts'
import { change, decide, type Draft, endToken, finish, leave, nodeOf, put, raise } from './draft.ts'
import { send } from './act.ts'
import { enterDelay, toldAt } from './enter.ts'
import type { RunEvent } from './event.ts'
import { planStep } from './moment.ts'
import type { Resendable, Token } from './run.ts'

/**
 * The details changed (a date, a zone, the calendar, the zone data): every wait that hangs on them is derived
 * again. What was sent stays sent (I6); a step's move policy says whether it follows, keeps or asks.
 */
export function changeDetails(draft: Draft, event: RunEvent & { is: 'details_changed' }): void {
  if (draft.view.wedding?.status === 'cancelled' && (draft.graph.journey.onWeddingCancelled ?? 'leave') === 'leave') {
    decide(draft, 'left', null, { on: 'wedding_cancelled' })
    return finish(draft, 'cancelled', 'wedding_cancelled')
  }
  if (event.undoUntil !== null) draft.state.undoUntil = event.undoUntil
  else delete draft.state.undoUntil
  const touched = new Set(event.anchors)
  for (const token of [...draft.tokens]) {
    if (token.is === 'acting' && token.effects.every((name) => event.withdrawn?.includes(name))) planAgain(draft, token)
    else replanToken(draft, token, touched)
  }
  planResends(draft, touched)
}

function replanToken(draft: Draft, token: Token, touched: ReadonlySet<string>): void {
  const anchor = 'anchor' in token ? token.anchor : undefined
  if (anchor === undefined || !(touched.has(anchor) || touched.has('*'))) return
  // A resend that has not begun is judged anew below, by what the date is now.
  if (token.side) return endToken(draft, token)
  const node = nodeOf(draft, token)
  if (token.is === 'awaiting') return replanTimeout(draft, token, node)
  if (token.is !== 'waiting' || token.for === 'snooze') return
  const policy = 'move' in node ? node.move : undefined
  if (policy === 'keep' && token.due !== null) return decide(draft, 'stays', token, { at: isoOf(token.due) })
  if (policy === 'ask' && token.due !== null) return askPerson(draft, token, token.due)
  replanWait(draft, token, node)
}

/** What was on its way has been taken back before it left: the step is planned as if it had just been reached. */
export function planAgain(draft: Draft, token: Token): void {
  const node = nodeOf(draft, token)
  decide(draft, 'moves', token, { stale: true })
  if (token.side) return resend(draft, token)
  if (node.kind === 'module' || node.kind === 'action' || node.kind === 'approval') planStep(draft, token, node)
}

export function replanWait(draft: Draft, token: Token & { is: 'waiting' }, node: Node): void {
  const old = token.due
  const before = draft.because.length
  if (node.kind === 'delay') enterDelay(draft, token, node)
  else if (node.kind === 'trigger') waitAtTrigger(draft, token)
  else if (node.kind === 'module' || node.kind === 'action' || node.kind === 'approval') planStep(draft, token, node)
  const now = draft.tokens.find((one) => one.id === token.id)
  const next = now?.is === 'waiting' ? now.due : null
  const code = now?.is === 'waiting' && old === next ? 'stays' : 'moves'
  const told = { code, node: token.at, visit: token.visit, values: { from: toldAt(old), to: toldAt(next) } } as const
  draft.because.splice(before, 0, told)
}

/** A date trigger that has not begun is a run that waits on its trigger node; it moves like any other wait. */
export function waitAtTrigger(draft: Draft, token: Token): void {
  const rule = draft.graph.triggerType.when?.(draft.graph.trigger.config ?? {})
  if (!rule || 'every' in rule) return leave(draft, token, 'next')
  const { nominal, anchor, generation } = resolveWait(rule, draft.now, draft.view)
  put(draft, token, { is: 'waiting', for: 'moment', due: nominal, nominal, generation, ...(anchor ? { anchor } : {}) })
}

function replanTimeout(draft: Draft, token: Token & { is: 'awaiting' }, node: Node): void {
  if (node.kind !== 'await' || 'every' in node.timeout) return
  const resolved = resolveWait(node.timeout, token.since, draft.view)
  const until = resolved.nominal === null ? null : (Math.max(resolved.nominal, draft.state.undoUntil ?? 0) as Instant)
  decide(draft, until === token.until ? 'stays' : 'moves', token, { from: toldAt(token.until), to: toldAt(until) })
  put(draft, token, { ...token, until, generation: resolved.generation })
}

/** `ask`: a person decides what becomes of the step; if nobody has when its old moment comes, it follows. */
function askPerson(draft: Draft, token: Token & { is: 'waiting' }, old: Instant): void {
  const name = `move|${token.at}|${token.visit}`
  decide(draft, 'needs_you', token, { from: isoOf(old) })
  change(draft, {
    do: 'open_task', name, node: token.at, visit: token.visit,
    title: nodeOf(draft, token).name ?? token.at, role: 'owner', due: old, why: 'date_moved',
  })
  put(draft, token, { is: 'gated', by: 'task', gate: name, until: old })
}

/** Sent steps marked `resend` go out once more, as updated, with the next edition in their key (I5). */
function planResends(draft: Draft, touched: ReadonlySet<string>): void {
  const list = draft.state.resendable ?? []
  const due = list.filter((one) => touched.has(one.anchor) && one.generation < (draft.view.anchors[one.anchor]?.generation ?? 0))
  for (const one of due) {
    const token: Token = { id: draft.state.nextToken, at: one.node, visit: one.visit, side: true, is: 'ready' }
    draft.state.nextToken += 1
    draft.tokens.push(token)
    const { undoUntil } = draft.state
    if (undoUntil !== undefined && undoUntil > draft.now) {
      put(draft, token, { is: 'waiting', for: 'undo', due: undoUntil, nominal: null, generation: draft.view.anchors[one.anchor]?.generation ?? 0, anchor: one.anchor })
    } else resend(draft, token)
  }
}

/** Sends the next edition of a message that was sent before, if its date really is another one now. */
export function resend(draft: Draft, token: Token): void {
  const sent = (draft.state.resendable ?? []).find((one) => one.node === token.at)
  const node = nodeOf(draft, token)
  if (!sent || node.kind !== 'module') return leave(draft, token, 'next')
  const anchor = draft.view.anchors[sent.anchor]
  // A date that is to be confirmed is no news to send; the day it is known it will be.
  const isNews = anchor && anchor.value !== null && anchor.generation > sent.generation && !sameValue(sent.value, anchor.value)
  if (!isNews) return leave(draft, token, 'next')
  const edition = sent.edition + 1
  decide(draft, 'resend_planned', token, { edition, anchor: sent.anchor })
  raise(draft, 'resend_planned', token, { edition })
  remember(draft, { ...sent, edition, generation: anchor.generation, value: anchor.value })
  send(draft, token, node, { anchor: sent.anchor, generation: anchor.generation }, edition)
}

const sameValue = (a: Resendable['value'], b: Resendable['value']): boolean => JSON.stringify(a) === JSON.stringify(b)

export function remember(draft: Draft, sent: Resendable): void {
  draft.state.resendable = [...(draft.state.resendable ?? []).filter((one) => one.node !== sent.node), sent]
}
