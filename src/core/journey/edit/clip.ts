import type { JsonObject, NodeId } from '../../ids.ts'
import { EDGES_MAX, type Edge, type Journey, NODES_MAX, type Node, nodeSchema } from '../graph.ts'
import { readJson } from '../json-text.ts'
import type { Outline } from '../outline.ts'
import { freeId } from './places.ts'

/**
 * Steps in the hand: cut or copied out of one journey, to be put into another. As text they are JSON, so they pass
 * through any clipboard, letter or chat, and are read with suspicion.
 */
export type Clip = { readonly nodes: readonly Node[]; readonly edges: readonly Edge[] }

const FORMAT = 'wedsync steps'

/** These steps with what holds them together; the order of the document is kept. */
export function clipOf(outline: Outline, ids: ReadonlySet<NodeId>): Clip {
  return {
    nodes: outline.journey.nodes.filter((node) => ids.has(node.id)),
    edges: outline.journey.edges
      .filter((edge) => ids.has(edge.from) && ids.has(edge.to))
      .map((edge) => ({ ...edge, exit: edge.exit ?? exitOf(outline, edge) })),
  }
}

const exitOf = (outline: Outline, edge: Edge): string => {
  const node = outline.node(edge.from)
  return (node && outline.exits(node)[0]) ?? 'next'
}

export const clipText = (clip: Clip): string => JSON.stringify({ format: FORMAT, ...clip }, null, 2)

/** Null when the text is something else: whoever pastes words into a field must not paste steps. */
export function readClip(text: string): Clip | null {
  if (!text.includes(FORMAT)) return null
  const read = readJson(text)
  if (!read.ok || typeof read.value !== 'object' || read.value === null) return null
  const { format, nodes, edges } = read.value as {
    readonly format?: unknown
    readonly nodes?: unknown
    readonly edges?: unknown
  }
  if (format !== FORMAT || !Array.isArray(nodes) || !Array.isArray(edges)) return null
  if (nodes.length === 0 || nodes.length > NODES_MAX || edges.length > EDGES_MAX) return null
  const known = nodes.flatMap((node) => {
    const parsed = nodeSchema.safeParse(node)
    return parsed.success ? [parsed.data] : []
  })
  if (known.length < nodes.length) return null
  const ids = new Set<unknown>(known.map((node) => node.id))
  const isEdge = (edge: unknown): edge is Edge =>
    typeof edge === 'object' &&
    edge !== null &&
    ids.has((edge as Edge).from) &&
    ids.has((edge as Edge).to) &&
    typeof ((edge as Edge).exit ?? 'next') === 'string'
  return { nodes: known, edges: edges.filter(isEdge) }
}

/**
 * The same steps under ids nobody has yet, and whatever they say of one another follows: a condition that asks what
 * a step brought asks the copy.
 */
export function renamed(clip: Clip, taken: ReadonlySet<NodeId>): Clip {
  const used = new Set(taken)
  const names = new Map<NodeId, NodeId>()
  for (const { id } of clip.nodes) {
    const name = freeId(used, id)
    used.add(name)
    names.set(id, name)
  }
  const of = (id: NodeId): NodeId => names.get(id) ?? id
  return {
    nodes: clip.nodes.map((node) => ({ ...followed(node, names), id: of(node.id) })),
    edges: clip.edges.map((edge) => ({ ...edge, from: of(edge.from), to: of(edge.to) })),
  }
}

function followed<Value>(value: Value, names: ReadonlyMap<NodeId, NodeId>): Value {
  if (typeof value === 'string') {
    const [root, node, ...rest] = value.split('.')
    const name = root === 'outputs' && rest.length > 0 ? names.get(node as NodeId) : undefined
    return (name === undefined ? value : ['outputs', name, ...rest].join('.')) as Value
  }
  if (Array.isArray(value)) return value.map((one) => followed(one, names)) as Value
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value as JsonObject).map(([key, one]) => [key, followed(one, names)]),
  ) as Value
}

/** What is in the hand cannot bring a second beginning along. */
export const withoutTrigger = (clip: Clip): Clip => {
  const nodes = clip.nodes.filter((node) => node.kind !== 'trigger')
  const ids = new Set(nodes.map((node) => node.id))
  return { nodes, edges: clip.edges.filter((edge) => ids.has(edge.from) && ids.has(edge.to)) }
}

export const asJourney = (clip: Clip, like: Journey): Journey => ({
  ...like,
  nodes: [...clip.nodes],
  edges: [...clip.edges],
})
