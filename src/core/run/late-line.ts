import type { NodeId } from '../ids.ts'
import type { Node, NodeOf } from '../journey/graph.ts'
import type { Instant } from '../time/instant.ts'
import { type LateOutcome, type LateStep, latePolicyOf } from '../wedding/late-policy.ts'
import { isOver } from '../wedding/over.ts'
import type { LatePolicy } from '../wedding/policy.ts'
import { type LateInLine, spreadCatchUps } from '../wedding/spread.ts'
import { resolveWait } from '../wedding/wait.ts'
import { choiceAt, latePolicyChosen } from './chosen.ts'
import { type Draft, nodeOf, standingOf } from './draft.ts'
import type { ActingNode } from './moment.ts'
import type { Token } from './run.ts'
import { hasOwnMoment, stepFacts } from './step-facts.ts'

/**
 * The late messages of a run that stand in one line: those its tokens have come to, and those right behind them on
 * the way. A message that is to be spread is judged with all of them, so that one with a deadline goes before it.
 */
type InLine = LateInLine & { readonly token: number; readonly node: NodeId }

export type InLineOutcome = {
  readonly outcome: LateOutcome
  /** The first message behind this one on the way that goes before it. */
  readonly overtakenBy: NodeId | null
}

/** Twelve days of one message a day: farther ahead nothing is lost by being looked at again when it comes. */
const IN_LINE_MAX = 12

/** Null where it does not make way: only what is to be spread does, and only a message can wait for another. */
export function judgeInLine(
  draft: Draft,
  token: Token,
  node: ActingNode,
  facts: LateStep,
  nominal: Instant,
): InLineOutcome | null {
  if (facts.channel === 'none' || latePolicyOf(facts, draft.view).policy !== 'compress') return null
  const mine: InLine = { token: token.id, node: node.id, step: facts, nominal, ...promisedTo(token) }
  const behind = waysBehind(draft, token, node, nominal)
  const line = draft.tokens.flatMap((one) => (one.id === token.id ? [mine, ...behind] : lineOf(draft, one)))
  if (line.length === 1) return null
  const judged = line.slice(0, Math.max(IN_LINE_MAX, line.indexOf(mine) + 1))
  const outcomes = spreadCatchUps(judged, draft.view, draft.now)
  const outcome = outcomes[judged.indexOf(mine)]!
  const goesBefore = (one: InLine): boolean => {
    const its = outcomes[judged.indexOf(one)]
    return (
      one.step.recipient === facts.recipient &&
      'at' in outcome &&
      its !== undefined &&
      'at' in its &&
      its.at < outcome.at
    )
  }
  return { outcome, overtakenBy: behind.find(goesBefore)?.node ?? null }
}

/** What a person has chosen for a late step goes before what the journey says. They know what day it is. */
export function lateFacts(
  draft: Draft,
  token: Token,
  node: ActingNode,
  chosen: LatePolicy | undefined = latePolicyChosen(draft, token),
): LateStep {
  const facts = stepFacts(draft, token, node)
  return chosen ? { ...facts, late: chosen, overAt: null, atOnce: chosen === 'send_now' } : facts
}

function lineOf(draft: Draft, token: Token): InLine[] {
  if (token.side) return []
  if (token.is === 'ready' && token.visit === 0) return lineFrom(draft, token, token.at, null)
  const node = nodeOf(draft, token)
  if (token.is !== 'waiting' || token.late === undefined || token.for === 'undo' || node.kind !== 'module')
    return []
  const nominal = token.nominal ?? token.late
  const own = { token: token.id, node: node.id, step: lateFacts(draft, token, node), nominal }
  return [{ ...own, ...promisedTo(token) }, ...waysBehind(draft, token, node, nominal)]
}

const promisedTo = (token: Token): { readonly promised?: Instant } =>
  token.is === 'waiting' && token.for !== 'undo' && token.late !== undefined && token.due !== null
    ? { promised: token.due }
    : {}

/** Inside a fork nobody is passed: its joins count on everyone who went in. */
function waysBehind(draft: Draft, token: Token, node: ActingNode, nominal: Instant): InLine[] {
  if (token.overtaken || (token.arms?.length ?? 0) > 0 || !hasOneWayOn(draft, node)) return []
  const { late: _late, lateBy: _lateBy, ...standing } = standingOf(token)
  return lineFrom(draft, standing, ordinaryWayOn(draft, node), nominal)
}

type Walking = Pick<Token, 'id' | 'arms' | 'late' | 'lateBy'>

/** Waits that are over and messages that are late, one behind the other, until something else comes. */
function lineFrom(draft: Draft, from: Walking, start: NodeId | null, after: Instant | null): InLine[] {
  const line: InLine[] = []
  const seen = new Set<NodeId>()
  let { late, lateBy } = from
  let floor = after
  for (let at = start; at !== null && !seen.has(at) && line.length < IN_LINE_MAX; ) {
    seen.add(at)
    const node = draft.graph.node(at)
    if (node?.kind === 'delay') {
      const nominal = pastMomentOf(draft, node.wait)
      if (nominal === null || choiceAt(draft, { at: node.id })?.is === 'keep') return line
      late = nominal
      lateBy = isOver(node.wait, draft.view, draft.now) ? 'over' : node.late
      at = draft.graph.next(at, 'next')
    } else if (node?.kind === 'module' && !node.approval) {
      const nominal = hasOwnMoment(node) ? pastMomentOf(draft, node.when) : (late ?? null)
      if (nominal === null || choiceAt(draft, { at: node.id })?.is === 'keep') return line
      const token: Token = {
        id: from.id,
        at,
        visit: 0,
        is: 'ready',
        ...(from.arms ? { arms: from.arms } : {}),
        ...(late === undefined ? {} : { late }),
        ...(lateBy ? { lateBy } : {}),
      }
      // The way is the order: what stands behind is never the older one.
      floor = floor === null || nominal > floor ? nominal : floor
      line.push({ token: from.id, node: at, step: lateFacts(draft, token, node), nominal: floor })
      if (!hasOneWayOn(draft, node)) return line
      at = ordinaryWayOn(draft, node)
      late = undefined
      lateBy = undefined
    } else return line
  }
  return line
}

function pastMomentOf(draft: Draft, rule: NodeOf<'delay'>['wait'] | undefined): Instant | null {
  if (rule === undefined || 'every' in rule) return null
  const { nominal } = resolveWait(rule, draft.now, draft.view)
  return nominal !== null && nominal < draft.now ? nominal : null
}

export const ordinaryWayOn = (draft: Draft, node: Node): NodeId | null => {
  const [exit] = draft.graph.exits(node)
  return exit === undefined ? null : draft.graph.next(node.id, exit)
}

/** Whatever becomes of the message, the walk goes on the same way: nothing behind it asks what became of it. */
function hasOneWayOn(draft: Draft, node: ActingNode): boolean {
  if (node.kind !== 'module' || node.onFailure === 'branch' || node.onFailure === 'stop') return false
  return draft.graph
    .exits(node)
    .every((exit, place) => place === 0 || draft.graph.next(node.id, exit) === null)
}
