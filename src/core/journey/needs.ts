import type { Condition } from './condition.ts'
import type { Graph } from './graph.ts'

/**
 * Which parts of a view a journey can ever ask for, so that the engine loads no more. A run of pure steps
 * needs its client and wedding; a journey without forms needs no answers.
 */
export type Needs = {
  readonly people: boolean
  readonly sends: boolean
  readonly answers: boolean
  readonly fields: boolean
  readonly happened: boolean
}

const known = new WeakMap<Graph, Needs>()

export function needsOf(graph: Graph): Needs {
  const before = known.get(graph)
  if (before) return before
  const needs = readNeeds(graph)
  known.set(graph, needs)
  return needs
}

function readNeeds(graph: Graph): Needs {
  const { nodes, leaveOn } = graph.journey
  const conditions: Condition[] = (leaveOn ?? []).flatMap((way) => (way.on.if ? [way.on.if] : []))
  let messages = false
  let each = false
  let past = false
  for (const node of nodes) {
    if (node.kind === 'module') messages = true
    if (node.kind === 'fork' && node.each) each = true
    if (node.kind === 'await') past ||= node.alsoPast === true
    if (node.kind === 'condition') conditions.push(...node.cases.map((one) => one.if))
    if (node.kind === 'trigger' && node.if) conditions.push(node.if)
    if ((node.kind === 'await' || node.kind === 'goal') && node.for.if) conditions.push(node.for.if)
  }
  const leaves = conditions.flatMap(leavesOf)
  const asks = (prefix: string): boolean =>
    leaves.some((leaf) => 'fact' in leaf && leaf.fact.startsWith(prefix))
  return {
    people: messages || each,
    sends: messages,
    answers: asks('answers.'),
    fields: asks('client.fields.'),
    happened: past || leaves.some((leaf) => 'happened' in leaf),
  }
}

function leavesOf(condition: Condition): Condition[] {
  if ('all' in condition) return condition.all.flatMap(leavesOf)
  if ('any' in condition) return condition.any.flatMap(leavesOf)
  if ('not' in condition) return leavesOf(condition.not)
  return [condition]
}

/** Outside events that can move a run of this journey: others need not wake it. */
export function hearsOf(graph: Graph): ReadonlySet<string> {
  const before = heard.get(graph)
  if (before) return before
  const types = new Set<string>()
  for (const node of graph.journey.nodes)
    if (node.kind === 'await' || node.kind === 'goal') types.add(node.for.event)
  for (const way of graph.journey.leaveOn ?? []) types.add(way.on.event)
  heard.set(graph, types)
  return types
}
const heard = new WeakMap<Graph, ReadonlySet<string>>()
