import type { NodeId } from '../ids.ts'
import type { Edge, Journey, ModuleType, Node, NodeOf } from './graph.ts'

/**
 * A step made of simpler ones. An author writes one node; when the journey runs, the nodes of its type stand in its
 * place, and everything that is true of them (waits, replans, forecasts, explanations) is true of it. Inner nodes are
 * named `<node>.<part>`, which no author can write, and follow behind the written ones, whose places stay theirs.
 */
export type Unfolded = {
  /** What stands where the node stood, under its own id. */
  readonly self: NodeOf<'module'>
  readonly inner: readonly Node[]
  readonly edges: readonly Edge[]
  /** Where each exit of the written node is left from. */
  readonly exits: { readonly [exit: string]: { readonly from: NodeId; readonly exit: string } }
}

export const innerId = (owner: NodeId, part: string): NodeId => `${owner}.${part}` as NodeId

/** The node an author wrote, of which this is a part, or which it is. */
export const ownerOf = (id: NodeId): NodeId => id.split('.')[0] as NodeId

/** The journey as it runs. One without such steps is given back as it is. */
export function unfolded(
  journey: Journey,
  typeOf: (node: NodeOf<'module'>) => ModuleType | undefined,
): Journey {
  const parts = new Map<NodeId, { type: ModuleType; whole: Unfolded }>()
  for (const node of journey.nodes) {
    if (node.kind !== 'module') continue
    const type = typeOf(node)
    if (type?.unfold) parts.set(node.id, { type, whole: type.unfold(node) })
  }
  if (parts.size === 0) return journey
  const all = [...parts.values()].map((one) => one.whole)
  return {
    ...journey,
    nodes: [
      ...journey.nodes.map((node) => parts.get(node.id)?.whole.self ?? node),
      ...all.flatMap((one) => one.inner),
    ],
    edges: [
      ...journey.edges.map((edge) => {
        const part = parts.get(edge.from)
        if (!part) return edge
        const exit = edge.exit ?? part.type.exits[0]
        return { ...edge, exit, ...part.whole.exits[exit] }
      }),
      ...all.flatMap((one) => one.edges),
    ],
  }
}
