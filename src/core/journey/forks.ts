import type { NodeId } from '../ids.ts'
import type { Problem } from '../problem.ts'
import { type NodeKind, type NodeOf, TOKENS_MAX } from './graph.ts'
import { called, type Outline, problemAt } from './outline.ts'
import { reachable } from './walk.ts'

/**
 * Who walks beside whom. Each node is given the frame a token stands in when it first comes there: the arm of
 * the innermost open fork. From the frames follow what a join may join, where `each` has a meaning, and how many
 * tokens can be alive at once.
 */
export type Frame = {
  readonly parent: Frame | null
  readonly fork: NodeOf<'fork'>
  readonly arm: string
  readonly depth: number
}

export type Forks = {
  readonly problems: readonly Problem[]
  /** Null outside every fork, undefined where nothing leads. Exact wherever it matters. */
  frameAt(id: NodeId): Frame | null | undefined
  /** Whether a join lies ahead: only then does anybody ask which branches a token walks. */
  joinAhead(id: NodeId): boolean
}

export function forksOf(outline: Outline): Forks {
  const frames = new Map<NodeId, Frame | null>()
  const problems: Problem[] = []
  const interned = new Map<Frame | null, Map<string, Frame>>()
  const merged: [Frame, Frame][] = []
  const crossings = new Set<NodeId>()

  const frameFor = (parent: Frame | null, fork: NodeOf<'fork'>, arm: string): Frame => {
    const inside = interned.get(parent) ?? new Map<string, Frame>()
    interned.set(parent, inside)
    const key = `${fork.id} ${arm}`
    const frame = inside.get(key) ?? { parent, fork, arm, depth: (parent?.depth ?? 0) + 1 }
    inside.set(key, frame)
    return frame
  }

  const todo: NodeId[] = []
  const arrive = (id: NodeId, frame: Frame | null): void => {
    const before = frames.get(id)
    if (before === undefined) {
      frames.set(id, frame)
      todo.push(id)
    } else if (before !== frame) {
      if (before && frame && before.parent === frame.parent && before.fork === frame.fork) {
        // At a join the arms end; anywhere else what follows belongs to both.
        if (outline.node(id)?.kind !== 'join') merged.push([before, frame])
      } else crossings.add(id)
    }
  }

  if (outline.trigger) arrive(outline.trigger.id, null)
  for (let id = todo.pop(); id !== undefined; id = todo.pop()) {
    const node = outline.node(id)!
    const frame = frames.get(id) ?? null
    if (node.kind === 'join' && frame === null) {
      const message = `${called(node)} joins paths, but no fork is open there. Remove it or put a fork before it.`
      problems.push(problemAt(outline, node, { code: 'join_without_fork', message }))
    }
    for (const way of outline.ways(id)) {
      if (node.kind === 'fork') arrive(way.to, frameFor(frame, node, way.exit))
      else arrive(way.to, node.kind === 'join' ? (frame?.parent ?? null) : frame)
    }
  }
  problems.push(...crossingProblems(outline, crossings), ...tokenProblems(outline, frames, merged))
  const beforeJoins = leadingTo(outline, (kind) => kind === 'join')
  return { problems, frameAt: (id) => frames.get(id), joinAhead: (id) => beforeJoins.has(id) }
}

/** True where a *for each* is open: there `each` names somebody. */
export function eachIsOpen(frame: Frame | null | undefined): boolean {
  for (let here = frame; here; here = here.parent) if (here.fork.each) return true
  return false
}

/**
 * Where paths meet that stand in different forks. It only matters when a join would not know its siblings, or
 * when the path leads back to a fork and every round would leave tokens behind.
 */
function crossingProblems(outline: Outline, crossings: ReadonlySet<NodeId>): Problem[] {
  if (crossings.size === 0) return []
  const leading = leadingTo(outline, (kind) => kind === 'join' || kind === 'fork')
  return [...crossings]
    .filter((id) => leading.has(id))
    .map((id) => {
      const node = outline.node(id)!
      const message = `At ${called(node)} paths meet that stand in different forks. Join each fork's branches before they meet others.`
      return problemAt(outline, node, { code: 'mixed_forks', message })
    })
}

function leadingTo(outline: Outline, isGate: (kind: NodeKind) => boolean): Set<NodeId> {
  const gates = outline.journey.nodes.filter((node) => isGate(node.kind))
  return reachable(
    gates.map((node) => node.id),
    (id) => outline.into(id).map((way) => way.from),
  )
}

function tokenProblems(
  outline: Outline,
  frames: ReadonlyMap<NodeId, Frame | null>,
  merged: readonly (readonly [Frame, Frame])[],
): Problem[] {
  const group = groupsOf(merged)
  const alive = new Map<Frame, number>()
  const inFrame = (frame: Frame): number => alive.get(group(frame)) ?? 1
  const armsOf = new Map<NodeOf<'fork'>, Frame[]>()
  for (const node of outline.journey.nodes) {
    const frame = frames.get(node.id)
    if (node.kind !== 'fork' || frame === undefined) continue
    armsOf.set(node, [])
  }
  for (const frame of new Set([...frames.values(), ...merged.flat()])) {
    for (let here = frame; here; here = here.parent) {
      const arms = armsOf.get(here.fork)
      if (!arms || arms.includes(here)) break
      arms.push(here)
    }
  }
  const problems: Problem[] = []
  // The innermost forks first: what they hold counts in the arm of the fork around them.
  const innermost = [...armsOf].sort(
    ([a], [b]) => (frames.get(b.id)?.depth ?? 0) - (frames.get(a.id)?.depth ?? 0),
  )
  for (const [fork, arms] of innermost) {
    const own = arms.map(inFrame)
    const tokens = fork.each
      ? atOnceOf(fork) * Math.max(1, ...own)
      : own.reduce((sum, count) => sum + count, 0) + Math.max(0, (fork.arms?.length ?? 0) - arms.length)
    if (tokens > TOKENS_MAX && Math.max(...own, 1) <= TOKENS_MAX)
      problems.push(tooMany(outline, fork, tokens, own))
    const around = frames.get(fork.id)
    if (around) alive.set(group(around), Math.max(inFrame(around), tokens))
  }
  return problems
}

const atOnceOf = (fork: NodeOf<'fork'>): number =>
  fork.atOnceMax ?? (fork.each === 'partner' ? 2 : TOKENS_MAX)

function tooMany(outline: Outline, fork: NodeOf<'fork'>, tokens: number, own: readonly number[]): Problem {
  const message = `From ${called(fork)} up to ${tokens} paths would be walked at once; ${TOKENS_MAX} are allowed. Join branches earlier or walk fewer at once.`
  const problem = problemAt(outline, fork, { code: 'too_many_tokens', message })
  if (!fork.each) return problem
  const atOnceMax = Math.max(1, Math.floor(TOKENS_MAX / Math.max(1, ...own)))
  return {
    ...problem,
    fix: {
      label: `Walk ${atOnceMax} at once`,
      change: [{ op: 'add', path: `${problem.path}/atOnceMax`, value: atOnceMax }],
    },
  }
}

/** Arms that flow into one another without a join share whatever is forked after that. */
function groupsOf(merged: readonly (readonly [Frame, Frame])[]): (frame: Frame) => Frame {
  const leader = new Map<Frame, Frame>()
  const find = (frame: Frame): Frame => {
    let here = frame
    for (let up = leader.get(here); up !== undefined; up = leader.get(here)) here = up
    return here
  }
  for (const [a, b] of merged) {
    const [first, second] = [find(a), find(b)]
    if (first !== second) leader.set(second, first)
  }
  return find
}
