import type { NodeId } from '../ids.ts'
import type { Problem } from '../problem.ts'
import { isFinished, type Run, type Token } from '../run/run.ts'
import { isAtHome } from './branches.ts'
import type { Graph, Node } from './graph.ts'
import { didYouMean } from './nearest.ts'
import { called } from './outline.ts'

/**
 * Takes a run from one version of its journey to another. A plan only: it says where each token will stand and
 * why, or why that cannot be; the turn after it (`details_changed`) derives new due times from the new rules.
 *
 *  M1  A token stays on the node with the same id, as long as that is still the same kind of step.
 *  M2  A step that is on its way is never moved: its outcome would come back to a token that is somewhere else,
 *      and the message could be sent a second time by the new version (I5). It blocks until it is settled; so
 *      does an open task or approval on a step that is going away.
 *  M3  A moved token is `ready`: it begins its new step as a new visit, and nothing it has done is redone (I6).
 *  M4  A token stands in the forks its arms say, no more and no fewer: into or out of a branch nobody is put,
 *      because a join would wait for ever for one who left, or meet one it never sent.
 *      A message that waits to be told once more, as updated, is no place in the journey: it needs no redirect.
 *  M5  Nothing else of the run changes: visits, outputs and what was sent belong to it, not to the version.
 */
export type MigrationChoice =
  | { readonly is: 'finish_old' }
  | { readonly is: 'move'; readonly redirects: { readonly [from: NodeId]: NodeId } }
  | { readonly is: 'jump'; readonly to: NodeId }

export type MigrationPlan =
  | ({ readonly is: 'moved' } & Moved)
  | { readonly is: 'stays'; readonly why: string }
  | { readonly is: 'blocked'; readonly problems: readonly Problem[] }

export type Moved = {
  readonly tokens: readonly Token[]
  /** The run's visits with those that begin now: two tokens sent to one node are two visits, or their messages would share a key. */
  readonly visits: Run['state']['visits']
  readonly changes: readonly TokenChange[]
}

export type TokenChange = {
  readonly token: number
  readonly from: NodeId
  readonly to: NodeId
  readonly is: 'stays' | 'rule_changed' | 'redirected' | 'jumped'
}

export function planMigration(run: Run, from: Graph, to: Graph, choice: MigrationChoice): MigrationPlan {
  if (isFinished(run.status)) return { is: 'stays', why: 'The run is finished; what it did stays as it was.' }
  if (choice.is === 'finish_old') return { is: 'stays', why: 'It finishes on the version it began with.' }
  const plan =
    choice.is === 'jump' ? planJump(run, from, to, choice.to) : planMove(run, from, to, choice.redirects)
  return plan.problems.length > 0
    ? { is: 'blocked', problems: plan.problems }
    : { is: 'moved', ...plan.moved }
}

/** Live tokens that stand where the new version has nothing for them: each needs a redirect. */
export function tokensOnRemoved(run: Run, from: Graph, to: Graph): readonly Token[] {
  return isFinished(run.status)
    ? []
    : run.state.tokens.filter((token) => !isMereUpdate(token) && !stillStands(from, to, token.at))
}

/** It would only have told a changed date once more, beside the run's own way: with its message it goes, and the turn after the move tells a person. */
const isMereUpdate = (token: Token): boolean => token.side === true && token.is === 'waiting'

type Planned = { readonly problems: readonly Problem[]; readonly moved: Moved }

function planMove(run: Run, from: Graph, to: Graph, redirects: { readonly [from: NodeId]: NodeId }): Planned {
  const problems: Problem[] = []
  const tokens: Token[] = []
  const changes: TokenChange[] = []
  const visits = { ...run.state.visits }
  for (const token of run.state.tokens) {
    const stays = stillStands(from, to, token.at)
    if (!stays && isMereUpdate(token)) continue
    const target = stays ? token.at : redirects[token.at]
    const problem = target === undefined ? noRedirect(from, token) : obstacle(from, to, token, target, stays)
    if (problem) problems.push(problem)
    else if (stays) {
      tokens.push(token)
      const isSame = JSON.stringify(from.node(token.at)) === JSON.stringify(to.node(token.at))
      changes.push({ token: token.id, from: token.at, to: token.at, is: isSame ? 'stays' : 'rule_changed' })
    } else {
      // Its way is walked already, whichever message it still owes.
      tokens.push({ ...begun(token, target!, visits), ...(token.overtaken ? { overtaken: true } : {}) })
      changes.push({ token: token.id, from: token.at, to: target!, is: 'redirected' })
    }
  }
  return { problems, moved: { tokens, visits, changes } }
}

/** All tokens become one, outside every fork: a jump starts again from one place, as a person asked. */
function planJump(run: Run, from: Graph, to: Graph, target: NodeId): Planned {
  const problems = run.state.tokens.flatMap((token) => inFlight(from, token) ?? [])
  const [first] = run.state.tokens
  const node = to.node(target)
  if (!node) problems.push(unknownTarget(to, target))
  else if (!canStandOn(node)) problems.push(notAPlace(node))
  else if (!isAtHome(to, target, [])) problems.push(otherBranch(node, 'The jump would lead'))
  const visits = { ...run.state.visits }
  if (!first || problems.length > 0) return { problems, moved: { tokens: [], visits, changes: [] } }
  const { arms: _left, ...outside } = first
  return {
    problems,
    moved: {
      tokens: [begun(outside as Token, target, visits)],
      visits,
      changes: run.state.tokens.map((token) => ({
        token: token.id,
        from: token.at,
        to: target,
        is: 'jumped',
      })),
    },
  }
}

/** The same id is not enough: a delay that has become an email would find a token that waits for a moment. */
function stillStands(from: Graph, to: Graph, id: NodeId): boolean {
  const [before, after] = [from.node(id), to.node(id)]
  if (!before || before.kind !== after?.kind) return false
  if (before.kind === 'module' && after.kind === 'module') return before.type === after.type
  if (before.kind === 'delay' && after.kind === 'delay')
    return 'every' in before.wait === 'every' in after.wait
  if (before.kind === 'action' && after.kind === 'action') {
    return Object.keys(before.do)[0] === Object.keys(after.do)[0]
  }
  return true
}

function obstacle(from: Graph, to: Graph, token: Token, target: NodeId, stays: boolean): Problem | null {
  const lost = lostFork(to, token)
  if (lost) return lost
  const node = to.node(target)
  if (!node) return unknownTarget(to, target)
  if (!stays && !canStandOn(node)) return notAPlace(node)
  const walked = (token.arms ?? []).map((arm) => arm.fork)
  if (!isAtHome(to, target, walked)) return otherBranch(node, 'It would come')
  return stays ? null : inFlight(from, token)
}

/** A token of an arm counts on its fork: without it, or without the arm, no join would know how many to wait for. */
function lostFork(to: Graph, token: Token): Problem | null {
  for (const arm of token.arms ?? []) {
    const fork = to.node(arm.fork)
    if (fork?.kind !== 'fork') {
      return problem(
        'fork_removed',
        `It walks a branch of "${arm.fork}", which the new version does not have. Let it finish on the old version, or jump.`,
        token.at,
      )
    }
    if (fork.each === undefined && !fork.arms?.includes(arm.arm)) {
      return problem(
        'arm_removed',
        `It walks the branch "${arm.arm}" of ${called(fork)}, which the new version does not have. Let it finish on the old version, or jump.`,
        token.at,
      )
    }
  }
  return null
}

function inFlight(from: Graph, token: Token): Problem | null {
  const name = called(from.node(token.at) ?? ({ id: token.at } as Node))
  if (token.is === 'acting') {
    return problem(
      'in_flight',
      `${name} is on its way. Try again when it has arrived or failed; moving it now could send it twice.`,
      token.at,
    )
  }
  if (token.is === 'gated') {
    const gate = token.by === 'task' ? 'task is done' : 'approval is answered'
    return problem(
      'gate_open',
      `${name} waits for a person. Try again when the ${gate}, or close it first.`,
      token.at,
    )
  }
  return null
}

/** A trigger begins a run, a goal is reached by an event: on neither does a token stand. */
const canStandOn = (node: Node): boolean =>
  node.kind !== 'trigger' && node.kind !== 'goal' && node.kind !== 'join'

function begun(token: Token, at: NodeId, visits: { [node: NodeId]: number }): Token {
  const visit = (visits[at] ?? 0) + 1
  visits[at] = visit
  return { id: token.id, at, visit, ...(token.arms && { arms: token.arms }), is: 'ready' }
}

const noRedirect = (from: Graph, token: Token): Problem =>
  problem(
    'redirect_missing',
    `${called(from.node(token.at) ?? ({ id: token.at } as Node))} is gone or has become another kind of step. Say where those who stand there go.`,
    token.at,
  )
const otherBranch = (node: Node, how: string): Problem =>
  problem(
    'other_branch',
    `${how} to ${called(node)}, which stands in other branches than those it walks; a join would not know it. Choose a step in the same branch.`,
    node.id,
  )
const unknownTarget = (to: Graph, target: NodeId): Problem => {
  const ids = to.journey.nodes.map((node) => node.id)
  return problem('unknown_node', `The new version has no node "${target}".${didYouMean(target, ids)}`, target)
}
const notAPlace = (node: Node): Problem =>
  problem(
    'no_place',
    `Nobody can be put on ${called(node)}; a ${node.kind} is not a step of its own. Choose the step after it.`,
    node.id,
  )
const problem = (code: string, message: string, node: NodeId): Problem => ({
  code,
  severity: 'error',
  message,
  path: '',
  node,
})
