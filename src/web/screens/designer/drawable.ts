import type { Journey } from '../../../core/journey/graph.ts'

/**
 * Whether there is enough of a journey to draw it and mend it by hand. A draft need not be whole: a title may be
 * empty, a rule half written. What lacks even its bones (a draft written through the API) is shown as a list of what
 * is wrong, and not drawn.
 */
export function isDrawable(document: unknown): document is Journey {
  if (!isObject(document)) return false
  const { nodes, edges, name } = document
  return (
    typeof name === 'string' &&
    Array.isArray(nodes) &&
    nodes.every(hasBones) &&
    Array.isArray(edges) &&
    edges.every((edge) => isObject(edge) && typeof edge.from === 'string' && typeof edge.to === 'string')
  )
}

const BONES: { readonly [kind: string]: (node: Record<string, unknown>) => boolean } = {
  trigger: (node) => typeof node.type === 'string',
  module: (node) =>
    typeof node.type === 'string' && typeof node.version === 'number' && isObject(node.config),
  delay: (node) => isObject(node.wait),
  await: (node) => isPattern(node.for) && isObject(node.timeout),
  condition: (node) => isListOf(node.cases, (one) => typeof one.exit === 'string' && isObject(one.if)),
  split: (node) =>
    isListOf(node.arms, (one) => typeof one.exit === 'string' && typeof one.weight === 'number'),
  action: (node) => isObject(node.do) && Object.keys(node.do).length > 0,
  approval: (node) => typeof node.ask === 'string' && isObject(node.timeout),
  fork: (node) =>
    node.arms === undefined ||
    (Array.isArray(node.arms) && node.arms.every((arm) => typeof arm === 'string')),
  join: (node) => typeof node.mode === 'string',
  goal: (node) => isPattern(node.for),
  end: () => true,
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isPattern = (value: unknown): boolean => isObject(value) && typeof value.event === 'string'
const isListOf = (value: unknown, holds: (one: Record<string, unknown>) => boolean): boolean =>
  Array.isArray(value) && value.every((one) => isObject(one) && holds(one))

function hasBones(node: unknown): boolean {
  if (!isObject(node) || typeof node.id !== 'string' || typeof node.kind !== 'string') return false
  return Object.hasOwn(BONES, node.kind) && BONES[node.kind]!(node)
}
