import type { NodeId } from '../ids.ts'
import { type Forks, forksOf } from './forks.ts'
import { type Graph, moduleKey, type NodeOf, type Registry, waysFrom } from './graph.ts'
import { outlineOf } from './outline.ts'

/** Where a journey that runs stands in branches: what a join, a new version and a jump have to know. */
export type Branch = { readonly fork: NodeOf<'fork'>; readonly arm: string }

const framesOf = new WeakMap<Graph, Forks>()

/** Remembered by graph: a publish asks for every run. */
function forksIn(graph: Graph): Forks {
  const forks = framesOf.get(graph) ?? forksOf(outlineOf(graph.journey, typesOf(graph)))
  framesOf.set(graph, forks)
  return forks
}

/** As much of the registry as the graph has resolved. */
function typesOf(graph: Graph): Registry {
  const modules = graph.journey.nodes.flatMap((node) =>
    node.kind === 'module' ? [graph.moduleType(node)] : [],
  )
  return {
    modules: new Map(modules.map((type) => [moduleKey(type.type, type.version), type])),
    triggers: new Map([[graph.triggerType.type, graph.triggerType]]),
  }
}

/** The branches a step lies in, the outermost first. */
export function branchesAround(graph: Graph, id: NodeId): readonly Branch[] {
  const branches: Branch[] = []
  for (let frame = forksIn(graph).frameAt(id); frame; frame = frame.parent)
    branches.unshift({ fork: frame.fork, arm: frame.arm })
  return branches
}

/** Whether a token that walks these forks, the outermost first, would be at home on a node. */
export function isAtHome(graph: Graph, id: NodeId, walked: readonly NodeId[]): boolean {
  const forks = forksIn(graph)
  // Where no join asks, neither ahead of the token nor ahead of its siblings, it may stand anywhere.
  if (![id, ...walked].some((ahead) => forks.joinAhead(ahead))) return true
  return (
    branchesAround(graph, id)
      .map(({ fork }) => fork.id)
      .join() === walked.join()
  )
}

/** The join that gathers what begins at these steps: the first one met at their own depth. */
export function joinBehind(graph: Graph, from: readonly NodeId[]): NodeId | null {
  for (const { id, gathers } of stepsOfBranch(graph, from)) if (gathers) return id
  return null
}

export function isInBranch(graph: Graph, { fork, arm }: Branch, id: NodeId): boolean {
  const first = graph.next(fork.id, fork.each ? 'each' : arm)
  if (first === null) return false
  for (const step of stepsOfBranch(graph, [first])) if (step.id === id) return true
  return false
}

/** From here on, through the forks inside it, up to the joins that gather it. */
function* stepsOfBranch(
  graph: Graph,
  from: readonly NodeId[],
): Generator<{ readonly id: NodeId; readonly gathers: boolean }> {
  const seen = new Set<NodeId>()
  const ahead = from.map((id) => ({ id, depth: 0 }))
  for (let place = ahead.shift(); place; place = ahead.shift()) {
    if (seen.has(place.id)) continue
    seen.add(place.id)
    const kind = graph.node(place.id)?.kind
    const gathers = kind === 'join' && place.depth === 0
    yield { id: place.id, gathers }
    if (gathers) continue
    const depth = place.depth + (kind === 'fork' ? 1 : kind === 'join' ? -1 : 0)
    ahead.push(...waysFrom(graph, place.id).map((id) => ({ id, depth })))
  }
}
