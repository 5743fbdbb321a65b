import type { NodeId } from '../../ids.ts'
import type { Edge, Journey, Node } from '../graph.ts'
import { type Outline, outlineOf } from '../outline.ts'
import { reachable } from '../walk.ts'

/** A place where something can stand: behind one exit of one step, whether something follows there already or not. */
export type Place = { readonly from: NodeId; readonly exit: string }

export type Edited =
  | { readonly ok: true; readonly journey: Journey; readonly step: NodeId | null }
  | { readonly ok: false; readonly why: string }
export const refused = (why: string): Edited => ({ ok: false, why })

/** The way on when all went well; of a repeat, the way out of it. Null where a path ends. */
export function mainExit(outline: Outline, node: Node): string | null {
  if (node.kind === 'delay' && 'every' in node.wait) return 'done'
  if (node.kind === 'condition') return 'otherwise'
  return outline.exits(node)[0] ?? null
}

export const followerAt = (outline: Outline, { from, exit }: Place): NodeId | null =>
  outline.ways(from).find((way) => way.exit === exit)?.to ?? null

/** Whether this edge leaves by that exit; one without a name leaves by the first. */
export const leavesBy = (outline: Outline, edge: Edge, { from, exit }: Place): boolean => {
  if (edge.from !== from) return false
  const node = outline.node(from)
  return (edge.exit ?? (node && outline.exits(node)[0]) ?? 'next') === exit
}

/** What this exit leads to becomes `to`; null leaves it open. Where the edge stood, it stays. */
export function withFollower(outline: Outline, place: Place, to: NodeId | null): Journey {
  const { journey } = outline
  const kept = journey.edges.filter((edge) => !leavesBy(outline, edge, place))
  if (to === null) return { ...journey, edges: kept }
  const at = journey.edges.findIndex((edge) => leavesBy(outline, edge, place))
  const edge: Edge = { from: place.from, exit: place.exit, to }
  return { ...journey, edges: at === -1 ? [...kept, edge] : kept.toSpliced(at, 0, edge) }
}

/** Steps to which only this place leads: they would be gone with it, and where the paths among them lead out. */
export type Branch = { readonly steps: readonly NodeId[]; readonly leadsTo: readonly NodeId[] }

export function branchAt(outline: Outline, place: Place): Branch {
  const first = followerAt(outline, place)
  if (first === null) return { steps: [], leadsTo: [] }
  const without = outlineOf(withFollower(outline, place, null), outline.registry)
  const stay = reachedFrom(without)
  const steps = [...reachable([first], (id) => (stay.has(id) ? [] : outline.ways(id).map((way) => way.to)))]
  return {
    steps: steps.filter((id) => !stay.has(id)),
    leadsTo: steps.filter((id) => stay.has(id)),
  }
}

/** What the trigger leads to, and whatever stands by itself: nothing of it hangs on the place that was cut. */
function reachedFrom(outline: Outline): Set<NodeId> {
  const roots = outline.journey.nodes.filter(
    (node) => node.kind === 'trigger' || (outline.into(node.id).length === 0 && node.kind === 'goal'),
  )
  return reachable(
    roots.map((node) => node.id),
    (id) => outline.ways(id).map((way) => way.to),
  )
}

/** An id nobody has, near to what is wanted. */
export function freeId(taken: { has(id: NodeId): boolean }, wanted: string): NodeId {
  const base =
    wanted
      .normalize('NFKD')
      .toLowerCase()
      .replace(/[^a-z0-9_]+/g, '-')
      .replace(/^[-_]+|-+$/g, '')
      .slice(0, 52) || 'step'
  let id = base as NodeId
  for (let n = 2; taken.has(id); n++) id = `${base}-${n}` as NodeId
  return id
}

export const idsOf = (journey: Journey): Set<NodeId> => new Set(journey.nodes.map((node) => node.id))
