import type { Json, NodeId } from '../ids.ts'
import { type WaitRule, waitRuleSchema } from '../wedding/wait-rule.ts'
import type { Edge, Journey, Node } from './graph.ts'
import { called } from './outline.ts'
import { phraseOf } from './phrase.ts'
import { pointerTo, type Step } from './pointer.ts'

/**
 * What one version of a journey has that the other has not. Nodes are the same when their ids are; where they
 * stand in the file, and in what order edges are written, changes nothing.
 */
export type JourneyDiff = {
  readonly added: readonly Node[]
  readonly removed: readonly Node[]
  readonly changed: readonly {
    readonly before: Node
    readonly after: Node
    readonly fields: readonly FieldChange[]
  }[]
  readonly edges: { readonly added: readonly Edge[]; readonly removed: readonly Edge[] }
  /** Name, re-entry, ways out: everything but nodes and edges. */
  readonly settings: readonly FieldChange[]
}
/** `undefined` on the side where the field is not written. A wait rule is one value, never half of one. */
export type FieldChange = {
  readonly path: string
  readonly before: Json | undefined
  readonly after: Json | undefined
}

export function diff(before: Journey, after: Journey): JourneyDiff {
  const old = new Map(before.nodes.map((node) => [node.id, node]))
  const now = new Map(after.nodes.map((node) => [node.id, node]))
  const oldEdges = new Map(before.edges.map((edge) => [edgeKey(edge), edge]))
  const nowEdges = new Map(after.edges.map((edge) => [edgeKey(edge), edge]))
  return {
    added: after.nodes.filter((node) => !old.has(node.id)),
    removed: before.nodes.filter((node) => !now.has(node.id)),
    changed: after.nodes.flatMap((node) => {
      const was = old.get(node.id)
      const fields = was ? fieldChanges(plain(was), plain(node)) : []
      return was && fields.length > 0 ? [{ before: was, after: node, fields }] : []
    }),
    edges: {
      added: [...nowEdges].filter(([key]) => !oldEdges.has(key)).map(([, edge]) => edge),
      removed: [...oldEdges].filter(([key]) => !nowEdges.has(key)).map(([, edge]) => edge),
    },
    settings: fieldChanges(
      plain({ ...before, nodes: [], edges: [] }),
      plain({ ...after, nodes: [], edges: [] }),
    ),
  }
}

export const isSame = (found: JourneyDiff): boolean =>
  [found.added, found.removed, found.changed, found.edges.added, found.edges.removed, found.settings].every(
    (list) => list.length === 0,
  )

/** Most nodes have but one exit, `next`, which may be left unsaid. */
const edgeKey = (edge: Edge): string => `${edge.from} ${edge.exit ?? 'next'} ${edge.to}`
/** As it would be written down: a parsed document holds nothing but JSON. */
const plain = (value: Node | Journey): Json => value as unknown as Json

const WHOLE = new Set(['when', 'wait', 'timeout', 'due', 'deadline', 'if', 'to'])

function fieldChanges(
  before: Json | undefined,
  after: Json | undefined,
  steps: readonly Step[] = [],
): FieldChange[] {
  const isWhole = WHOLE.has(String(steps.at(-1)))
  if (!isWhole && isObject(before) && isObject(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)])
    return [...keys].flatMap((key) => fieldChanges(before[key], after[key], [...steps, key]))
  }
  if (!isWhole && Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    return before.flatMap((item, index) => fieldChanges(item, after[index], [...steps, index]))
  }
  return isEqual(before, after) ? [] : [{ path: pointerTo(...steps), before, after }]
}

const isObject = (value: Json | undefined): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Equal whatever the order of keys. */
function isEqual(a: Json | undefined, b: Json | undefined): boolean {
  if (isObject(a) && isObject(b)) {
    const keys = new Set([...Object.keys(a), ...Object.keys(b)])
    return [...keys].every((key) => isEqual(a[key], b[key]))
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => isEqual(item, b[index]))
  }
  return a === b
}

/** The diff as sentences, for the publish screen and for a history of versions. */
export function summaryOf(found: JourneyDiff): string[] {
  const rewired = new Set([...found.edges.added, ...found.edges.removed].map((edge) => edge.from))
  const fresh = new Set<NodeId>([...found.added, ...found.removed].map((node) => node.id))
  const elsewhere = [...rewired].filter((id) => !fresh.has(id))
  return [
    ...found.added.map((node) => `${called(node)} is new (${kindOf(node)}).`),
    ...found.removed.map((node) => `${called(node)} is gone (${kindOf(node)}).`),
    ...found.changed.flatMap(({ after, fields }) =>
      fields.map((field) => `${called(after)}: ${sentence(field)}`),
    ),
    ...(elsewhere.length > 0
      ? [`What follows after ${elsewhere.map((id) => `"${id}"`).join(', ')} has changed.`]
      : []),
    ...found.settings.map((field) => `The journey: ${sentence(field)}`),
  ]
}

const kindOf = (node: Node): string =>
  node.kind === 'module' || node.kind === 'trigger' ? `${node.kind} ${node.type}` : node.kind

function sentence({ path, before, after }: FieldChange): string {
  const name = path.slice(1).replaceAll('/', ' ')
  if (before === undefined) return `${name} is now ${shown(after)}.`
  if (after === undefined) return `${name} is no longer set; it was ${shown(before)}.`
  const isLong = [before, after].some((value) => typeof value === 'string' && value.length > 80)
  return isLong
    ? `the text of ${name} has changed.`
    : `${name} is ${shown(after)} instead of ${shown(before)}.`
}

function shown(value: Json | undefined): string {
  if (!isObject(value)) return JSON.stringify(value)
  const rule = waitRuleSchema.safeParse(value)
  return rule.success ? phraseOf(rule.data satisfies WaitRule) : JSON.stringify(value)
}
