import type { NodeId } from '../../ids.ts'
import { checkEdges, checkLoops } from '../check-graph.ts'
import { forksOf } from '../forks.ts'
import { EDGES_MAX, type Journey, NODES_MAX, type Node, type Registry } from '../graph.ts'
import { called, type Outline, outlineOf } from '../outline.ts'
import { asJourney, type Clip, renamed, withoutTrigger } from './clip.ts'
import {
  branchAt,
  type Edited,
  followerAt,
  idsOf,
  leavesBy,
  mainExit,
  type Place,
  refused,
  withFollower,
} from './places.ts'

/**
 * Everything one can do to a drawing, each as a function from a journey to the next one. What would make a graph
 * that cannot be walked is refused with the reason; all else is allowed, and `check` says what is still missing.
 */

/**
 * Puts steps behind an exit. What followed there follows after them: by the way on of each of their open ends, and by
 * every way a decision among them can go.
 */
export function insert(journey: Journey, registry: Registry, place: Place, clip: Clip): Edited {
  const outline = outlineOf(journey, registry)
  const bare = withoutTrigger(clip)
  const first = bare.nodes[0]
  if (!first) return refused('There is no step to add.')
  if (!outline.node(place.from)) return refused('That step is no longer there.')
  const copy = renamed(bare, idsOf(journey))
  const inside = outlineOf(asJourney(copy, journey), registry)
  const entry =
    copy.nodes.find((node) => node.kind !== 'goal' && inside.into(node.id).length === 0) ?? copy.nodes[0]!
  // A goal is reached from anywhere: it stands beside the path.
  if (copy.nodes.every((node) => node.kind === 'goal'))
    return sound(outline, { ...journey, nodes: [...journey.nodes, ...copy.nodes] }, entry.id)
  const after = followerAt(outline, place)
  const ends = openEnds(inside)
  if (after !== null && ends.length === 0 && outline.node(after)?.kind !== 'end')
    return refused(
      `${called(entry)} ends the path, and steps follow here. Put it where a path is open, or remove what follows first.`,
    )
  const led = withFollower(outline, place, entry.id)
  const next: Journey = {
    ...led,
    nodes: placed(led.nodes, place.from, copy.nodes),
    edges: [
      ...led.edges,
      ...copy.edges,
      ...(after === null ? [] : ends.map(({ from, exit }) => ({ from, exit, to: after }))),
    ],
  }
  return sound(outline, withoutLoneEnds(next, registry, after), entry.id)
}

/** In the document a step stands behind the one it follows: whoever reads the file reads it in order. */
function placed(nodes: readonly Node[], after: NodeId, added: readonly Node[]): Node[] {
  const at = nodes.findIndex((node) => node.id === after)
  return nodes.toSpliced(at + 1, 0, ...added)
}

/** An end that nothing leads to any more was only there to close the way that goes on now. */
function withoutLoneEnds(journey: Journey, registry: Registry, was: NodeId | null): Journey {
  if (was === null) return journey
  const outline = outlineOf(journey, registry)
  return outline.node(was)?.kind === 'end' && outline.into(was).length === 0
    ? { ...journey, nodes: journey.nodes.filter((node) => node.id !== was) }
    : journey
}

/** By which exits couples leave these steps when nobody said where to: the ways on, and all ways of a decision. */
function openEnds(outline: Outline): Place[] {
  return outline.journey.nodes.flatMap((node) => {
    const taken = new Set(outline.ways(node.id).map((way) => way.exit))
    return exitsThatGoOn(outline, node)
      .filter((exit) => !taken.has(exit))
      .map((exit) => ({ from: node.id, exit }))
  })
}

function exitsThatGoOn(outline: Outline, node: Node): readonly string[] {
  switch (node.kind) {
    case 'condition':
    case 'split':
    case 'await':
      return outline.exits(node)
    case 'delay':
      return 'every' in node.wait ? ['done'] : ['next']
    case 'module':
      return outline.exits(node).filter((exit, index) => index === 0 || exit === 'timeout')
    case 'approval':
      return ['approved', 'timeout']
    default:
      return outline.exits(node).slice(0, 1)
  }
}

/** One step goes, and what came before it leads to what follows by `keep`; other branches of it must be empty. */
export function remove(journey: Journey, registry: Registry, id: NodeId, keep: string | null = null): Edited {
  const outline = outlineOf(journey, registry)
  const node = outline.node(id)
  if (!node) return refused('That step is no longer there.')
  if (node.kind === 'trigger')
    return refused('A journey needs its beginning. Choose another kind of beginning instead.')
  const exit = keep ?? mainExit(outline, node)
  const after = exit === null ? null : followerAt(outline, { from: id, exit })
  const lost = lostWith(outline, id, exit)
  const gone = new Set<NodeId>([id, ...lost])
  return sound(outline, healed(outline, gone, after === null || gone.has(after) ? null : after), after)
}

/** Steps that only this one's other branches lead to: they go with it, so a person is asked first. */
export function lostWith(outline: Outline, id: NodeId, keep: string | null): readonly NodeId[] {
  const node = outline.node(id)
  if (!node) return []
  const kept = keep === null ? null : followerAt(outline, { from: id, exit: keep })
  const others = outline.exits(node).filter((exit) => exit !== keep)
  const without = outline.journey.edges.filter(
    (edge) => !others.some((exit) => leavesBy(outline, edge, { from: id, exit })),
  )
  const reached = reachedBy(outlineOf({ ...outline.journey, edges: without }, outline.registry))
  const before = reachedBy(outline)
  return [...before].filter((one) => !reached.has(one) && one !== kept && one !== id)
}

function reachedBy(outline: Outline): Set<NodeId> {
  const seen = new Set<NodeId>(
    outline.journey.nodes.filter((node) => node.kind === 'trigger').map((node) => node.id),
  )
  for (const id of seen) for (const way of outline.ways(id)) seen.add(way.to)
  return seen
}

/** Without these; whoever led to one of them leads to `to`, or nowhere. */
function healed(outline: Outline, gone: ReadonlySet<NodeId>, to: NodeId | null): Journey {
  const { journey } = outline
  return {
    ...journey,
    nodes: journey.nodes.filter((node) => !gone.has(node.id)),
    edges: journey.edges.flatMap((edge) => {
      if (gone.has(edge.from)) return []
      if (!gone.has(edge.to)) return [edge]
      // A round that led back to what is gone would lead to itself.
      return to === null || to === edge.from ? [] : [{ ...edge, to }]
    }),
  }
}

/** A branch goes: the steps to which only this place leads. Its couples go on at `to`, or their path ends here. */
export function removeBranch(journey: Journey, registry: Registry, place: Place, to: NodeId | null): Edited {
  const outline = outlineOf(journey, registry)
  const gone = new Set(branchAt(outline, place).steps)
  if (to !== null && gone.has(to)) return refused('That step goes with the branch. Choose one that stays.')
  const led = withFollower(outline, place, to)
  return sound(
    outline,
    {
      ...led,
      nodes: led.nodes.filter((node) => !gone.has(node.id)),
      edges: led.edges.filter((edge) => !gone.has(edge.from) && !gone.has(edge.to)),
    },
    place.from,
  )
}

/** All these steps go, as when they are cut: the way closes over them. */
export function removeAll(journey: Journey, registry: Registry, ids: ReadonlySet<NodeId>): Edited {
  const outline = outlineOf(journey, registry)
  const gone = new Set([...ids].filter((id) => outline.node(id)?.kind !== 'trigger'))
  if (gone.size === 0)
    return refused('A journey needs its beginning. Choose another kind of beginning instead.')
  const after = [...gone]
    .flatMap((id) => {
      const node = outline.node(id)
      const exit = node ? mainExit(outline, node) : null
      return exit === null ? [] : [followerAt(outline, { from: id, exit })]
    })
    .find((id) => id !== null && !gone.has(id))
  return sound(outline, healed(outline, gone, after ?? null), after ?? null)
}

/** Leads an exit to a step that is there. */
export function connect(journey: Journey, registry: Registry, place: Place, to: NodeId): Edited {
  const outline = outlineOf(journey, registry)
  const from = outline.node(place.from)
  const target = outline.node(to)
  if (!from || !target) return refused('That step is no longer there.')
  if (from.id === to) return refused('A step cannot follow itself.')
  if (target.kind === 'goal')
    return refused(`${called(target)} is a goal: it is reached by an event, from anywhere.`)
  return sound(outline, withFollower(outline, place, to), place.from)
}

export function disconnect(journey: Journey, registry: Registry, place: Place): Edited {
  const outline = outlineOf(journey, registry)
  return sound(outline, withFollower(outline, place, null), place.from)
}

/**
 * Another form of the same step. Ways by exits it no longer has are led on where that is plain (a repeat that
 * becomes a wait), or fall away.
 */
export function change(journey: Journey, registry: Registry, node: Node): Edited {
  const before = outlineOf(journey, registry)
  const was = before.node(node.id)
  if (!was) return refused('That step is no longer there.')
  const nodes = journey.nodes.map((one) => (one.id === node.id ? node : one))
  const after = outlineOf({ ...journey, nodes }, registry)
  const exits = after.exits(node)
  const [wasMain, isMain] = [mainExit(before, was), mainExit(after, node)]
  const edges = journey.edges.flatMap((edge) => {
    if (edge.from !== node.id) return [edge]
    const exit = edge.exit ?? before.exits(was)[0] ?? 'next'
    if (exits.includes(exit)) return [edge]
    return exit === wasMain && isMain !== null ? [{ ...edge, exit: isMain }] : []
  })
  return { ok: true, journey: { ...journey, nodes, edges }, step: node.id }
}

/** An exit that its author named gets another name, and what follows there still follows. */
export function renameExit(journey: Journey, registry: Registry, place: Place, name: string): Edited {
  const outline = outlineOf(journey, registry)
  const node = outline.node(place.from)
  if (!node) return refused('That step is no longer there.')
  if (!/^[a-z0-9][a-z0-9_]{0,39}$/.test(name))
    return refused('A way is named with small letters, digits and _.')
  if (outline.exits(node).includes(name))
    return refused(`${called(node)} has a way called "${name}" already.`)
  const next = withExitNamed(node, place.exit, name)
  if (next === node) return refused(`The way "${place.exit}" has a fixed name.`)
  return {
    ok: true,
    step: node.id,
    journey: {
      ...journey,
      nodes: journey.nodes.map((one) => (one === node ? next : one)),
      edges: journey.edges.map((edge) => (leavesBy(outline, edge, place) ? { ...edge, exit: name } : edge)),
    },
  }
}

function withExitNamed(node: Node, exit: string, name: string): Node {
  const named = <One extends { exit: string }>(list: One[]): One[] =>
    list.map((one) => (one.exit === exit ? { ...one, exit: name } : one))
  if (node.kind === 'condition' && node.cases.some((one) => one.exit === exit))
    return { ...node, cases: named(node.cases) }
  if (node.kind === 'split' && node.arms.some((one) => one.exit === exit))
    return { ...node, arms: named(node.arms) }
  if (node.kind === 'fork' && node.arms?.includes(exit))
    return { ...node, arms: node.arms.map((one) => (one === exit ? name : one)) }
  return node
}

/** A name of its own, or none: then it is called by what it does. */
export function rename(journey: Journey, id: NodeId, name: string): Journey {
  const said = name.trim().slice(0, 200)
  return {
    ...journey,
    nodes: journey.nodes.map((node) => {
      if (node.id !== id) return node
      const { name: _before, ...rest } = node
      return (said === '' ? rest : { ...rest, name: said }) as Node
    }),
  }
}

/** What cannot be walked is refused where this edit brought it about; what was wrong before stays tellable. */
function sound(before: Outline, next: Journey, step: NodeId | null): Edited {
  if (next.nodes.length > NODES_MAX)
    return refused(
      `A journey holds at most ${NODES_MAX} steps. Split it in two: the first starts the second.`,
    )
  if (next.edges.length > EDGES_MAX) return refused(`A journey holds at most ${EDGES_MAX} ways.`)
  const after = outlineOf(next, before.registry)
  const was = new Set(shapeOf(before).map(({ code }) => code))
  const broken = shapeOf(after).find(({ code }) => !was.has(code))
  return broken ? refused(broken.message) : { ok: true, journey: next, step }
}

const shapeOf = (outline: Outline) => [
  ...checkEdges(outline),
  ...checkLoops(outline),
  ...forksOf(outline).problems,
]
