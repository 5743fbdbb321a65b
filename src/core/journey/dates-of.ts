import type { AnchorName } from '../wedding/anchor.ts'
import { anchorNameSchema } from '../wedding/wait-rule.ts'
import type { Graph } from './graph.ts'

/** The dates of a couple that a journey's rules, deadlines and conditions hang on: without them these wait. */
export function datesOf(graph: Graph): ReadonlySet<AnchorName> {
  const before = known.get(graph)
  if (before) return before
  const names = new Set<AnchorName>()
  for (const node of graph.journey.nodes) {
    // What a module is given is its own; what a trigger is given says when the journey begins.
    const { config, ...rules } = { config: undefined, ...node }
    collect(rules, names)
    if (node.kind === 'trigger') collect(config, names)
  }
  known.set(graph, names)
  return names
}
const known = new WeakMap<Graph, ReadonlySet<AnchorName>>()

function collect(root: unknown, names: Set<AnchorName>): void {
  const left = [root]
  while (left.length > 0) {
    const one = left.pop()
    if (typeof one !== 'object' || one === null) continue
    left.push(...Object.values(one))
    const name =
      'of' in one && ('before' in one || 'after' in one) ? one.of : 'daysUntil' in one && one.daysUntil
    if (anchorNameSchema.safeParse(name).success) names.add(name as AnchorName)
  }
}
