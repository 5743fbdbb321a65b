import type { NodeId } from '../ids.ts'
import type { Problem } from '../problem.ts'
import {
  exitsFor,
  type Journey,
  type ModuleType,
  moduleKey,
  type Node,
  type NodeOf,
  type Registry,
} from './graph.ts'
import { pointerTo, type Step } from './pointer.ts'

/**
 * A journey indexed for those who judge or compare it. Unlike `graphOf` it never throws: a draft may have two
 * triggers, edges into nowhere and types nobody registered, and all of that is to be told, not to be fatal.
 */
export type Outline = {
  readonly journey: Journey
  readonly registry: Registry
  /** The trigger, when there is exactly one. */
  readonly trigger: NodeOf<'trigger'> | null
  node(id: NodeId): Node | undefined
  /** The place of a node in the document; of the first, where an id is taken twice. */
  indexOf(id: NodeId): number
  exits(node: Node): readonly string[]
  moduleType(node: NodeOf<'module'>): ModuleType | null
  /** Edges that leave a node for one that exists, their exit named. */
  ways(id: NodeId): readonly Way[]
  into(id: NodeId): readonly Way[]
}
export type Way = {
  readonly index: number
  readonly from: NodeId
  readonly exit: string
  readonly to: NodeId
}

const NO_WAYS: readonly Way[] = []

export function outlineOf(journey: Journey, registry: Registry): Outline {
  const nodes = new Map<NodeId, Node>()
  const places = new Map<NodeId, number>()
  for (const [index, node] of journey.nodes.entries()) {
    if (nodes.has(node.id)) continue
    nodes.set(node.id, node)
    places.set(node.id, index)
  }
  const moduleType = (node: NodeOf<'module'>): ModuleType | null =>
    registry.modules.get(moduleKey(node.type, node.version)) ?? null
  const exits = new Map<NodeId, readonly string[]>()
  const written = writtenExits(journey)
  for (const node of nodes.values()) {
    const known = node.kind !== 'module' || moduleType(node) !== null
    exits.set(node.id, known ? exitsFor(node, (module) => moduleType(module)!) : (written.get(node.id) ?? []))
  }
  const ways = new Map<NodeId, Way[]>()
  const into = new Map<NodeId, Way[]>()
  for (const [index, edge] of journey.edges.entries()) {
    if (!nodes.has(edge.from) || !nodes.has(edge.to)) continue
    const way = {
      index,
      from: edge.from,
      exit: edge.exit ?? exits.get(edge.from)?.[0] ?? 'next',
      to: edge.to,
    }
    listUnder(ways, edge.from).push(way)
    listUnder(into, edge.to).push(way)
  }
  const triggers = journey.nodes.filter((node) => node.kind === 'trigger')
  return {
    journey,
    registry,
    trigger: triggers.length === 1 ? triggers[0]! : null,
    node: (id) => nodes.get(id),
    indexOf: (id) => places.get(id) ?? -1,
    exits: (node) => exits.get(node.id) ?? [],
    moduleType,
    ways: (id) => ways.get(id) ?? NO_WAYS,
    into: (id) => into.get(id) ?? NO_WAYS,
  }
}

/** What a module type nobody knows seems to offer: the exits its edges name. */
function writtenExits(journey: Journey): Map<NodeId, string[]> {
  const exits = new Map<NodeId, string[]>()
  for (const edge of journey.edges) listUnder(exits, edge.from).push(edge.exit ?? 'next')
  return exits
}

function listUnder<Key, Value>(lists: Map<Key, Value[]>, key: Key): Value[] {
  const list = lists.get(key) ?? []
  lists.set(key, list)
  return list
}

/** How a person sees a node: its name, else its id. */
export const called = (node: Node): string => `"${node.name ?? node.id}"`

/** Something found at a node, with its place in the document. */
export function problemAt(
  outline: Outline,
  node: Node,
  found: { code: string; message: string; inside?: readonly Step[]; severity?: Problem['severity'] },
): Problem {
  return {
    code: found.code,
    severity: found.severity ?? 'error',
    message: found.message,
    path: pointerTo('nodes', outline.indexOf(node.id), ...(found.inside ?? [])),
    node: node.id,
  }
}
