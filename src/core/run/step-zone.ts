import type { NodeId } from '../ids.ts'
import type { Graph, Node } from '../journey/graph.ts'
import type { Zone } from '../time/local.ts'
import { zoneFor } from '../wedding/whose-zone.ts'
import { momentOf } from './chosen.ts'
import type { View } from './view.ts'

/** By which clock the moment of a step is meant: that of the rule that makes it; the venue's where there is none. */
export function zoneOfStep(graph: Graph, id: NodeId, view: View): Zone {
  const owner = momentOf(graph, id) ?? id
  const node = graph.node(owner)
  return zoneFor(node ? (ruleZone(node) ?? 'venue') : 'venue', view)
}

function ruleZone(node: Node) {
  if (node.kind === 'delay') return 'every' in node.wait ? undefined : node.wait.zone
  if (node.kind === 'await') return 'every' in node.timeout ? undefined : node.timeout.zone
  return 'when' in node && node.when && !('every' in node.when) ? node.when.zone : undefined
}
