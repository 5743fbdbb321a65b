import type { NodeId } from '../../../core/ids.ts'
import { mainExit } from '../../../core/journey/edit/places.ts'
import type { Outline } from '../../../core/journey/outline.ts'
import type { Drawn } from './layout.ts'

/** Where an arrow key leads: along the ways up and down, and to the neighbour in the same row sideways. */
export type Arrow = 'ArrowUp' | 'ArrowDown' | 'ArrowLeft' | 'ArrowRight'

export function stepFrom(outline: Outline, drawn: Drawn, from: NodeId | null, arrow: Arrow): NodeId | null {
  const node = from === null ? undefined : outline.node(from)
  if (from === null || !node) return inOrder(drawn)[0] ?? null
  const here = drawn.spots.get(from) ?? { x: 0, y: 0 }
  if (arrow === 'ArrowDown') {
    const main = mainExit(outline, node)
    const ways = outline.ways(from).filter((way) => (drawn.spots.get(way.to)?.y ?? 0) > here.y)
    return (ways.find((way) => way.exit === main) ?? ways[0])?.to ?? below(drawn, from)
  }
  if (arrow === 'ArrowUp') {
    const into = outline.into(from).filter((way) => (drawn.spots.get(way.from)?.y ?? 0) < here.y)
    // Back along the way that is nearest: the one that stands straight above.
    return (
      into.toSorted((a, b) => distance(drawn, a.from, here.x) - distance(drawn, b.from, here.x))[0]?.from ??
      null
    )
  }
  const side = arrow === 'ArrowRight' ? 1 : -1
  const beside = [...drawn.spots]
    .filter(([id, spot]) => id !== from && Math.sign(spot.x - here.x) === side)
    .map(([id, spot]) => ({ id, far: Math.abs(spot.x - here.x) + 3 * Math.abs(spot.y - here.y) }))
    .sort((a, b) => a.far - b.far)
  return beside[0]?.id ?? null
}

const distance = (drawn: Drawn, id: NodeId, x: number): number => Math.abs((drawn.spots.get(id)?.x ?? 0) - x)

/** At the end of a path: what stands by itself below, a goal for example. */
function below(drawn: Drawn, from: NodeId): NodeId | null {
  const all = inOrder(drawn)
  return all[all.indexOf(from) + 1] ?? null
}

/** From top to bottom, from left to right: the order in which a list reads the drawing. */
export const inOrder = (drawn: Drawn): readonly NodeId[] =>
  [...drawn.spots].sort(([, a], [, b]) => a.y - b.y || a.x - b.x).map(([id]) => id)
