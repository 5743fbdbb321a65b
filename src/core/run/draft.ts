import type { Json, NodeId } from '../ids.ts'
import type { Graph, Node } from '../journey/graph.ts'
import { STEPS_PER_RUN_MAX } from '../journey/graph.ts'
import type { Problem } from '../problem.ts'
import { earliest, type Instant } from '../time/instant.ts'
import { spendChoice } from './chosen.ts'
import type { Decision, DecisionCode } from './decision.ts'
import type { Effect } from './effect.ts'
import type { OutsideEvent } from './event.ts'
import { patchView } from './patch-view.ts'
import {
  isFinished,
  type Run,
  type RunState,
  type RunStatus,
  type Standing,
  type Token,
  type TokenState,
} from './run.ts'
import type { Turn } from './turn.ts'
import type { View } from './view.ts'

/**
 * The inside of one turn: a run being rewritten. Only functions of this folder touch it and none keeps it;
 * what leaves is a `Turn`. It owns the tokens' moves; what a node means is `enter`, when it acts `moment`.
 */
export type Draft = {
  readonly graph: Graph
  view: View
  readonly now: Instant
  readonly before: Run
  tokens: Token[]
  state: Writable<Omit<RunState, 'tokens'>>
  ending: 'completed' | 'failed' | 'cancelled' | null
  stepsLeft: number
  heardNow: OutsideEvent | null
  /** This turn takes a change back that was made then. */
  takesBack: Instant | null
  readonly effects: Effect[]
  readonly because: Decision[]
}
type Writable<T> = { -readonly [Key in keyof T]: T[Key] }

export function openDraft(graph: Graph, before: Run, now: Instant, view: View): Draft {
  const { tokens, ...state } = before.state
  return {
    graph,
    view,
    now,
    before,
    tokens: [...tokens],
    state: { ...state },
    ending: null,
    stepsLeft: view.limits.stepsPerActivationMax,
    heardNow: null,
    takesBack: null,
    effects: [],
    because: [],
  }
}

export function closeDraft(draft: Draft): Turn {
  if (draft.ending === null && draft.tokens.length === 0 && !isFinished(draft.before.status)) {
    tellUntold(draft)
    letGo(draft)
    decide(draft, 'completed')
    draft.ending = 'completed'
  }
  const status =
    draft.ending ??
    (isFinished(draft.before.status) && draft.tokens.length === 0 ? draft.before.status : statusOf(draft))
  const after: Run = { ...draft.before, status, state: { ...draft.state, tokens: draft.tokens } }
  return { after, effects: draft.effects, due: dueOf(draft, status), because: draft.because }
}

/** Messages that were to ride along with a later one, which never came: left out after all, and not in silence. */
function tellUntold(draft: Draft): void {
  for (const { node, visit, to } of draft.state.merged ?? []) {
    draft.effects.push({ do: 'raise', code: 'late_skipped', node, values: { visit, to } })
  }
  delete draft.state.merged
}

function statusOf(draft: Draft): RunStatus {
  if (isHeld(draft)) return 'paused'
  return draft.tokens.some((token) => token.is === 'ready' || token.is === 'acting') ? 'active' : 'waiting'
}

function dueOf(draft: Draft, status: RunStatus): Instant | null {
  if (isFinished(status)) return null
  if (status === 'paused') return draft.state.endsAt ?? null
  return draft.tokens.reduce<Instant | null>(
    (due, token) => earliest(due, dueOfToken(token, draft.now)),
    null,
  )
}

export function dueOfToken(token: Token, now: Instant): Instant | null {
  switch (token.is) {
    case 'ready':
      return now
    case 'waiting':
      return token.due
    case 'awaiting':
    case 'gated':
      return token.until
    case 'acting':
    case 'joining':
    case 'stuck':
      return null
  }
}

export const isHeld = (draft: Draft): boolean => (draft.state.holds?.length ?? 0) > 0

export function decide(
  draft: Draft,
  code: DecisionCode,
  token?: Token | null,
  values?: { readonly [key: string]: Json },
): void {
  draft.because.push({
    code,
    ...(token ? { node: token.at, visit: token.visit } : {}),
    ...(values ? { values } : {}),
  })
}

export function recordAll(draft: Draft, token: Token, because: readonly Decision[]): void {
  for (const one of because) draft.because.push({ ...one, node: token.at, visit: token.visit })
}

export function raise(
  draft: Draft,
  code: string,
  token: Token | null,
  values: { readonly [key: string]: Json } = {},
): void {
  draft.effects.push({ do: 'raise', code, values, ...(token ? { node: token.at } : {}) })
}

/** Adds an effect; what it changes of the view holds for the rest of the turn. */
export function change(draft: Draft, effect: Effect): void {
  draft.effects.push(effect)
  draft.view = patchView(draft.view, effect)
}

/** Puts a token into another state where it stands. */
export function put(draft: Draft, token: Token, state: TokenState): Token {
  const next = { ...standingOf(token), ...state } as Token
  draft.tokens = draft.tokens.map((one) => (one.id === token.id ? next : one))
  return next
}

export function standingOf(token: Token): Standing {
  const { id, at, visit, arms, late, overdue, lateBy, side, overtaken, approved, told, recalled } = token
  return {
    id,
    at,
    visit,
    ...(arms ? { arms } : {}),
    ...(late !== undefined ? { late } : {}),
    ...(overdue !== undefined ? { overdue } : {}),
    ...(lateBy ? { lateBy } : {}),
    ...(side ? { side } : {}),
    ...(overtaken ? { overtaken } : {}),
    ...(approved ? { approved } : {}),
    ...(told ? { told } : {}),
    ...(recalled !== undefined ? { recalled } : {}),
  }
}

/**
 * It would have come, or was on its way, while a change stood that is taken back now: it was not planned late, so it
 * goes as what something has held up, by the rule of outages.
 */
export const wasKeptBy = ({ takesBack, now }: Draft, token: Token, moment: Instant): boolean =>
  takesBack !== null && moment < now && (moment >= takesBack || (token.recalled ?? 0) >= takesBack)

/** Sends a token on through an exit. A path without successor ends there. */
export function leave(draft: Draft, token: Token, exit: string): void {
  const to = token.side || token.overtaken ? null : draft.graph.next(token.at, exit)
  spendChoice(draft, token)
  decide(draft, 'left_by', token, { exit, to })
  if (to === null) endToken(draft, token)
  else moveTo(draft, token, to)
}

export function moveTo(draft: Draft, token: Token, to: NodeId): void {
  const {
    approved: _approved,
    told: _told,
    overtaken: _overtaken,
    recalled: _recalled,
    ...standing
  } = standingOf(token)
  const moved: Token = { ...standing, at: to, visit: 0, is: 'ready' }
  draft.tokens = draft.tokens.map((one) => (one.id === token.id ? moved : one))
}

export function endToken(draft: Draft, token: Token): void {
  draft.tokens = draft.tokens.filter((one) => one.id !== token.id)
  if (!token.side) decide(draft, 'ended', token)
}

/**
 * The ordinary way on: the first exit of the node, taken when a step was done or left out. An approval that was
 * left out is no yes.
 */
export function leaveOrdinarily(draft: Draft, token: Token): void {
  const node = nodeOf(draft, token)
  const exit = node.kind === 'approval' ? 'skipped' : (draft.graph.exits(node)[0] ?? 'next')
  leave(draft, withoutLate(draft, token), exit)
}

/** Notes something about how a token stands, without moving it. */
export function standAs(
  draft: Draft,
  token: Token,
  note: Pick<Token, 'late' | 'overdue' | 'lateBy' | 'told' | 'overtaken' | 'recalled'>,
): Token {
  const noted = { ...token, ...note } as Token
  draft.tokens = draft.tokens.map((one) => (one.id === token.id ? noted : one))
  return noted
}

/** A step that acted, or was left out, has answered for the lateness it arrived with. */
export function withoutLate(draft: Draft, token: Token): Token {
  if (token.late === undefined && token.overdue === undefined) return token
  const { late: _late, overdue: _overdue, lateBy: _lateBy, ...rest } = token
  draft.tokens = draft.tokens.map((one) => (one.id === token.id ? (rest as Token) : one))
  return rest as Token
}

export function nodeOf(draft: Draft, token: Token): Node {
  const node = draft.graph.node(token.at)
  if (!node)
    throw new Error(
      `token ${token.id} stands on ${token.at}, which version ${draft.before.version} does not have`,
    )
  return node
}

/** What a token was about to do is taken back; what has left the house stays (I6). */
export function withdraw(draft: Draft, token: Token): void {
  if (token.is === 'acting') change(draft, { do: 'cancel_sends', names: token.effects, why: 'person' })
  closeGates(draft, [token])
}

export function stick(draft: Draft, token: Token, problem: Problem): void {
  put(draft, token, { is: 'stuck', problem, since: draft.now })
  decide(draft, 'stuck', token, { code: problem.code, message: problem.message })
  raise(draft, 'stuck', token, { code: problem.code, message: problem.message })
}

/** Ends the whole run: what has not left the house is withdrawn, what was sent stays sent (I6). */
export function finish(draft: Draft, ending: 'completed' | 'failed' | 'cancelled', why: string): void {
  draft.ending = ending
  if (draft.tokens.some((token) => token.is === 'acting')) {
    change(draft, { do: 'cancel_sends', names: 'all', why })
  }
  closeGates(draft, draft.tokens)
  letGo(draft)
  draft.tokens = []
  delete draft.state.queued
  delete draft.state.merged
  delete draft.state.endsAt
}

/** Whoever ends lets go of what it held: nobody else would, and the couple's other journeys would be silent for ever. */
export function letGo(draft: Draft): void {
  for (const reason of draft.state.holding ?? []) change(draft, { do: 'release_journeys', reason })
  delete draft.state.holding
}

export function closeGates(draft: Draft, tokens: readonly Token[]): void {
  for (const token of tokens) {
    if (token.is !== 'gated') continue
    change(draft, { do: token.by === 'task' ? 'close_task' : 'close_approval', name: token.gate })
  }
}

/** Counts a step against the run's fuel. A run that burns it all is stopped and shown, never left spinning. */
export function spendStep(draft: Draft): boolean {
  draft.state.steps += 1
  draft.stepsLeft -= 1
  if (draft.state.steps <= STEPS_PER_RUN_MAX) return true
  decide(draft, 'fuel_spent', null, { stepsMax: STEPS_PER_RUN_MAX })
  raise(draft, 'fuel_spent', null, { stepsMax: STEPS_PER_RUN_MAX })
  finish(draft, 'failed', 'fuel_spent')
  return false
}
