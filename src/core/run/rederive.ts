import type { Node, NodeOf } from '../journey/graph.ts'
import { type Instant, instant, isoOf } from '../time/instant.ts'
import { pushThrough } from '../wedding/push-through.ts'
import { resolveRound } from '../wedding/round.ts'
import { resolveWait } from '../wedding/wait.ts'
import type { SingleWaitRule, WaitRule } from '../wedding/wait-rule.ts'
import { askUntil, type PlannedBy } from './act.ts'
import { choiceAt, keptAt } from './chosen.ts'
import type { Decision } from './decision.ts'
import { type Draft, decide, isHeld, nodeOf, put, recordAll } from './draft.ts'
import { enterRound, toldAt, waitForUndo } from './enter.ts'
import { type ActingNode, comeToAt, hangingOn, passWindows, plannedBy } from './moment.ts'
import { askPerson, isActing, isMoveGate, putBackFromGate } from './replan.ts'
import type { Token } from './run.ts'
import { hasOwnMoment, stepFacts } from './step-facts.ts'

/**
 * The world of dates has changed and no couple's own date has: the business's zone, days or hours (`calendar`), or
 * what the clocks of a place do (`zone_data`). Every pending wait is derived again from its rule and where it was
 * counted from; one that comes out as it was is left alone, without a word.
 *
 * A business that changes its hours has moved something, so move policies count, and what that makes late stays open
 * until it can no longer be taken back. Other clocks move nothing: a moment that is over by them was missed, and goes
 * as after an outage. So does what came due while a change stood that is now taken back.
 */
export const WORLDS = ['calendar', 'zone_data'] as const
export type World = (typeof WORLDS)[number]
export const worldIn = (anchors: readonly string[]): World | undefined =>
  WORLDS.find((one) => anchors.includes(one))

type Waiting = Token & { is: 'waiting' }
type How = { readonly world: World; readonly undoUntil: Instant | null }

export function rederive(draft: Draft, world: World, undoUntil: Instant | null): void {
  const how = { world, undoUntil }
  for (const token of [...draft.tokens]) {
    const node = nodeOf(draft, token)
    if (token.side) continue
    if (token.is === 'waiting') waitAnew(draft, token, node, how)
    else if (token.is === 'awaiting') timeoutAnew(draft, token, node, how)
    else if (token.is === 'gated') gateAnew(draft, token, node, how)
  }
}

type Anew = {
  readonly nominal: Instant
  /** Null: the windows leave no moment, or the repeat is over. */
  readonly due: Instant | null
  readonly by: PlannedBy
  readonly because: readonly Decision[]
}

function waitAnew(draft: Draft, token: Waiting, node: Node, how: How): void {
  // A person's own moment stands; a catch-up looks again when it comes.
  if (token.for === 'snooze' || token.due === null || token.nominal === null || token.late !== undefined)
    return
  const anew = derived(draft, token, node)
  if (anew === null) return
  if (token.for === 'undo') return provisionalAnew(draft, token, node, anew, how)
  if (isHeld(draft)) {
    // Its windows are looked through when it is let go.
    if (anew.nominal !== token.nominal) place(draft, token, { ...anew, due: anew.nominal, because: [] }, how)
    return
  }
  if (anew.due === token.due) {
    if (anew.nominal !== token.nominal) putUnder(draft, token, anew.nominal, how)
    return
  }
  if (how.world === 'calendar' && how.undoUntil !== null) {
    const policy = choiceAt(draft, token) || !('move' in node) ? 'follow' : node.move
    if (policy === 'keep') return decide(draft, 'stays', token, { at: isoOf(token.due), why: how.world })
    if (policy === 'ask') return askPerson(draft, token, token.due, 'hours_changed')
  }
  settle(draft, token, node, anew, how)
}

/** What a change made late, and still is open: it may have been put right by this one. */
function provisionalAnew(draft: Draft, token: Waiting, node: Node, anew: Anew, how: How): void {
  if (anew.nominal === token.nominal) return
  if (anew.nominal > draft.now) return settle(draft, token, node, anew, how)
  if (how.world === 'calendar' && how.undoUntil === null)
    return place(draft, token, { ...anew, due: anew.nominal }, how)
  putUnder(draft, token, anew.nominal, how)
}

/** Another moment by its rule, which comes to the same one in the end. */
function putUnder(draft: Draft, token: Waiting, nominal: Instant, { world }: How): void {
  decide(draft, 'stays', token, { at: toldAt(token.due), why: world })
  put(draft, token, { ...token, nominal })
}

function settle(draft: Draft, token: Waiting, node: Node, anew: Anew, how: How): void {
  const isOpen = how.world === 'calendar' && how.undoUntil !== null
  if (anew.due !== null && (anew.due > draft.now || !isOpen)) return place(draft, token, anew, how)
  if (isOpen) return untilUndo(draft, token, anew, how.undoUntil!)
  tell(draft, token, null, how)
  if (isActing(node)) passWindows(draft, token, node, { nominal: anew.nominal, ...anew.by })
  else if (node.kind === 'delay') enterRound(draft, token, node)
}

/** A moment that lies in the past now is due at once, and judged as one that something has held up. */
function place(draft: Draft, token: Waiting, { nominal, due, by, because }: Anew, how: How): void {
  tell(draft, token, due, how)
  recordAll(draft, token, because)
  const reason = nominal > draft.now || nominal === due ? 'moment' : 'window'
  put(draft, token, { is: 'waiting', for: reason, due, nominal, ...hangingOn(by) })
}

function untilUndo(draft: Draft, token: Waiting, anew: Anew, undoUntil: Instant): void {
  draft.state.undoUntil = instant(Math.max(undoUntil, draft.state.undoUntil ?? 0))
  // Only its hours have opened earlier: it was never late, so it is not judged as if it were.
  if (anew.nominal === token.nominal && anew.due !== null)
    return place(draft, token, { ...anew, due: undoUntil, because: [] }, { world: 'calendar', undoUntil })
  tell(draft, token, anew.nominal, { world: 'calendar', undoUntil })
  waitForUndo(draft, token, anew.nominal, anew.by)
}

const tell = (draft: Draft, token: Waiting, to: Instant | null, { world }: How): void =>
  decide(draft, 'moves', token, { from: toldAt(token.due), to: toldAt(to), why: world })

function derived(draft: Draft, token: Waiting, node: Node): Anew | null {
  if (isActing(node)) return stepAnew(draft, token, node)
  if (node.kind === 'trigger')
    return ruleAnew(draft, token, draft.graph.triggerType.when?.(draft.graph.trigger.config ?? {}))
  if (node.kind !== 'delay') return null
  return 'every' in node.wait ? roundAnew(draft, token, node) : ruleAnew(draft, token, node.wait)
}

/** Null where it does not hang on its rule any more: a person, or the step itself, has kept it where it was. */
function ruleAnew(draft: Draft, token: Waiting, rule: WaitRule | null | undefined): Anew | null {
  const by = plannedBy(token)
  const kept = keptAt(draft, token)
  if (kept !== null) return { nominal: kept, due: kept, by, because: [] }
  if (!rule || 'every' in rule || !hangsOnRule(draft, token, rule)) return null
  const { nominal, because } = resolveWait(rule, comeToAt(token) ?? draft.now, draft.view)
  return nominal === null ? null : { nominal, due: nominal, by, because }
}

function hangsOnRule(draft: Draft, token: Waiting, rule: SingleWaitRule): boolean {
  const of = 'of' in rule && rule.of !== 'now' ? rule.of : undefined
  if (of === undefined) return token.anchor === undefined && token.since !== undefined
  return token.anchor === of && token.generation === (draft.view.anchors[of]?.generation ?? 0)
}

function stepAnew(draft: Draft, token: Waiting, node: ActingNode): Anew | null {
  const ruled = hasOwnMoment(node)
    ? ruleAnew(draft, token, node.when)
    : { nominal: token.nominal!, due: token.due, by: plannedBy(token), because: [] }
  if (ruled === null) return null
  const pushed = pushThrough(ruled.nominal, stepFacts(draft, token, node), draft.view, draft.now)
  // What is over is over: no window makes it a moment that is still to come.
  const isMissed = ruled.nominal < draft.now && ruled.nominal !== token.nominal
  const due = isMissed ? ruled.nominal : pushed.is === 'at' ? pushed.at : null
  return { ...ruled, due, because: [...ruled.because, ...(isMissed ? [] : pushed.because)] }
}

function roundAnew(draft: Draft, token: Waiting, node: NodeOf<'delay'>): Anew | null {
  const known = draft.state.rounds?.[node.id]
  if (!('every' in node.wait) || !known) return null
  const of = node.wait.until?.of
  if (token.anchor !== of) return null
  if (of !== undefined && token.generation !== (draft.view.anchors[of]?.generation ?? 0)) return null
  const round = resolveRound(node.wait, known, draft.view)
  const by = plannedBy(token)
  if (round.is === 'done') return { nominal: token.nominal!, due: null, by, because: round.because }
  const { nominal, because } = round
  return nominal === null ? null : { nominal, due: nominal, by, because }
}

function timeoutAnew(draft: Draft, token: Token & { is: 'awaiting' }, node: Node, how: How): void {
  if (node.kind !== 'await' || 'every' in node.timeout) return
  if (!isOfThisAnchor(draft, token, node.timeout)) return
  const until = notBeforeUndo(draft, resolveWait(node.timeout, token.since, draft.view).nominal, how)
  if (until === token.until) return
  decide(draft, 'moves', token, { from: toldAt(token.until), to: toldAt(until), why: how.world })
  put(draft, token, { ...token, until })
}

const isOfThisAnchor = (draft: Draft, token: Token & { is: 'awaiting' }, rule: SingleWaitRule): boolean =>
  !('of' in rule) ||
  rule.of === undefined ||
  rule.of === 'now' ||
  (token.anchor === rule.of && token.generation === (draft.view.anchors[rule.of]?.generation ?? 0))

function gateAnew(draft: Draft, token: Token & { is: 'gated' }, node: Node, how: How): void {
  if (isMoveGate(token)) return putBackFromGate(draft, token, node)
  if (node.kind !== 'module' && node.kind !== 'approval') return
  const rule = node.kind === 'module' ? node.approval?.timeout : node.timeout
  if (token.by !== 'approval' || !rule || 'every' in rule) return
  const counts = 'of' in rule && rule.of !== undefined && rule.of !== 'now'
  if (!counts && token.since === undefined) return
  const resolved = resolveWait(rule, token.since ?? draft.now, draft.view)
  const until = notBeforeUndo(draft, resolved.nominal, how)
  if (until === token.until) return
  decide(draft, 'moves', token, { from: toldAt(token.until), to: toldAt(until), why: how.world })
  askUntil(draft, token, node, until)
  put(draft, token, { ...token, until })
}

/** The time to answer, if it is over by the new hours, runs on until they can no longer be taken back. */
const notBeforeUndo = (draft: Draft, until: Instant | null, { undoUntil }: How): Instant | null =>
  until !== null && undoUntil !== null && until <= draft.now ? undoUntil : until
