import type { NodeId } from '../ids.ts'
import type { Problem } from '../problem.ts'
import { EXITS_MAX, type Node } from './graph.ts'
import { didYouMean } from './nearest.ts'
import { called, type Outline, problemAt, type Way } from './outline.ts'
import { pointerTo } from './pointer.ts'
import { loops, reachable } from './walk.ts'

/** Is it a graph that can be walked: one beginning, names once, ways that lead somewhere, no way without an end. */

export function checkIds(outline: Outline): Problem[] {
  const problems: Problem[] = []
  const { nodes } = outline.journey
  for (const [index, node] of nodes.entries()) {
    if (outline.indexOf(node.id) === index) continue
    const message = `The id "${node.id}" is taken by another node. Give this one its own: dates and migrations find a node by it.`
    problems.push({
      code: 'id_taken',
      severity: 'error',
      message,
      path: pointerTo('nodes', index, 'id'),
      node: node.id,
    })
  }
  const triggers = nodes.filter((node) => node.kind === 'trigger')
  if (triggers.length === 0) {
    const message = 'A journey needs a trigger: the node that says when it begins. Add one.'
    problems.push({ code: 'no_trigger', severity: 'error', message, path: '/nodes' })
  }
  for (const extra of triggers.slice(1)) {
    const message = `A journey begins in one place only. Remove ${called(extra)}, or move it into a journey of its own.`
    problems.push(problemAt(outline, extra, { code: 'second_trigger', message }))
  }
  return problems
}

/** Exits an author names: each once, and none that the node already has. */
export function checkExits(outline: Outline): Problem[] {
  return outline.journey.nodes.flatMap((node) => {
    const problems: Problem[] = []
    const exits = outline.exits(node)
    const twice = exits.filter((exit, index) => exits.indexOf(exit) !== index)
    for (const exit of new Set(twice)) {
      const message = `${called(node)} has the exit "${exit}" twice. Rename one of them.`
      problems.push(problemAt(outline, node, { code: 'exit_taken', message }))
    }
    if (exits.length > EXITS_MAX) {
      const message = `${called(node)} has ${exits.length} exits; ${EXITS_MAX} are allowed.`
      problems.push(problemAt(outline, node, { code: 'too_many_exits', message }))
    }
    if (node.kind === 'fork' && (node.each === undefined) === (node.arms === undefined)) {
      const message = `${called(node)} must have either named arms or somebody to walk for each of, not ${node.each ? 'both' : 'neither'}.`
      problems.push(problemAt(outline, node, { code: 'fork_form', message }))
    }
    return problems
  })
}

export function checkEdges(outline: Outline): Problem[] {
  const problems: Problem[] = []
  const ids = outline.journey.nodes.map((node) => node.id)
  const taken = new Map<NodeId, Set<string>>()
  for (const [index, edge] of outline.journey.edges.entries()) {
    const tell = (code: string, message: string, key: 'from' | 'exit' | 'to'): void => {
      problems.push({
        code,
        severity: 'error',
        message,
        path: pointerTo('edges', index, key),
        node: edge.from,
      })
    }
    const from = outline.node(edge.from)
    const to = outline.node(edge.to)
    if (!from) tell('unknown_node', `No node is called "${edge.from}".${didYouMean(edge.from, ids)}`, 'from')
    if (!to) tell('unknown_node', `No node is called "${edge.to}".${didYouMean(edge.to, ids)}`, 'to')
    if (to?.kind === 'trigger')
      tell('into_trigger', `No path leads into the trigger ${called(to)}. Remove it.`, 'to')
    if (!from) continue
    const exits = outline.exits(from)
    const exit = edge.exit ?? exits[0]
    if (exits.length === 0) {
      tell(
        'no_exit',
        `${called(from)} is where a path ends; nothing follows after it. Remove this edge.`,
        'from',
      )
    } else if (edge.exit === undefined && exits.length > 1 && !hasOrdinaryExit(from)) {
      tell('exit_unnamed', `Say by which exit of ${called(from)} this leaves: ${exits.join(', ')}.`, 'exit')
    } else if (edge.exit !== undefined && !exits.includes(edge.exit)) {
      const hint = didYouMean(edge.exit, exits) || ` It has ${exits.join(', ')}.`
      tell('unknown_exit', `${called(from)} has no exit "${edge.exit}".${hint}`, 'exit')
    } else if (taken.get(edge.from)?.has(exit!)) {
      const message = `Two edges leave ${called(from)} by "${exit}". Keep one; to walk both at once put a fork there.`
      tell('exit_doubled', message, 'exit')
    } else taken.set(edge.from, (taken.get(edge.from) ?? new Set()).add(exit!))
  }
  return problems
}

/** A step that does one thing may leave its ordinary exit unsaid; one that decides may not. */
const hasOrdinaryExit = (node: Node): boolean => node.kind === 'module' || node.kind === 'action'

export function checkReach(outline: Outline): Problem[] {
  if (!outline.trigger) return []
  const reached = reachable([outline.trigger.id], (id) => outline.ways(id).map((way) => way.to))
  return outline.journey.nodes
    .filter((node) => !reached.has(node.id) && node.kind !== 'goal' && node.kind !== 'trigger')
    .map((node) => {
      const message = `No path leads to ${called(node)}, so it would never happen. Connect it or remove it.`
      return problemAt(outline, node, { code: 'unreachable', message })
    })
}

/**
 * A loop must pass something that waits, else it would spin, and a repeat with a bound, else it would never
 * end. Only the `again` way of a repeat is bounded: a loop over its `done` would begin the count anew.
 */
export function checkLoops(outline: Outline): Problem[] {
  const ids = outline.journey.nodes.map((node) => node.id)
  const along = (keeps: (way: Way) => boolean) => (id: NodeId) =>
    outline
      .ways(id)
      .filter(keeps)
      .map((way) => way.to)
  const spinning = loops(
    ids,
    along((way) => !waits(outline.node(way.from)!)),
  )
  const told = new Set(spinning.flat())
  const endless = loops(
    ids,
    along((way) => way.exit !== 'again' || !isRepeat(outline.node(way.from)!)),
  ).filter((loop) => !loop.some((id) => told.has(id)))
  const tell = (code: string, loop: readonly NodeId[], advice: string): Problem => {
    const node = outline.node(loop[0]!)!
    const members = loop.slice(0, 5).join(' → ')
    return problemAt(outline, node, { code, message: `The steps ${members} go round in a circle ${advice}` })
  }
  return [
    ...spinning.map((loop) =>
      tell(
        'loop_without_wait',
        loop,
        'without waiting for anything. Put a repeating delay ("every 3 days") into it.',
      ),
    ),
    ...endless.map((loop) =>
      tell(
        'loop_without_bound',
        loop,
        'for ever. Go round by the "again" exit of a delay that says how often.',
      ),
    ),
  ]
}

export const isRepeat = (node: Node): boolean => node.kind === 'delay' && 'every' in node.wait

/** Nodes a token does not pass in the same moment. */
export function waits(node: Node): boolean {
  if (node.kind === 'action') return 'task' in node.do && node.do.task.gate === true
  return node.kind === 'delay' || node.kind === 'await' || node.kind === 'approval'
}
