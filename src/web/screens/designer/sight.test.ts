import { expect, test } from 'vitest'
import type { Journey } from '../../../core/journey/graph.ts'
import { outlineOf } from '../../../core/journey/outline.ts'
import { freeLeft } from './Lanes.tsx'
import { lanesOf } from './lanes.ts'
import { type Drawn, layout, STEP_HEIGHT, STEP_WIDTH } from './layout.ts'
import { registry } from './registry.ts'
import { openingView, wholeView } from './sight.ts'

const examples = Object.entries(
  import.meta.glob<Journey>('../../../../examples/*.json', { eager: true, import: 'default' }),
)
const DESK = { width: 1386, height: 850 }
const first = (drawn: Drawn) => [...drawn.spots.values()][0]!

test.each(examples)(
  '%s opens readable, with its beginning in sight; all of it fits when asked',
  (_, document) => {
    const drawn = layout(outlineOf(document, registry))
    const at = openingView(drawn, DESK)
    expect(at.zoom).toBeGreaterThanOrEqual(0.8)
    const spot = first(drawn)
    const left = (spot.x - STEP_WIDTH / 2) * at.zoom + at.x
    expect([left >= 0, left + STEP_WIDTH * at.zoom <= DESK.width, spot.y * at.zoom + at.y >= 0]).toEqual([
      true,
      true,
      true,
    ])
    const whole = wholeView(drawn, DESK)
    const edges = [...drawn.spots.values()].flatMap(({ x, y }) => [
      (x - STEP_WIDTH / 2) * whole.zoom + whole.x >= 0,
      (x + STEP_WIDTH / 2) * whole.zoom + whole.x <= DESK.width,
      (y + STEP_HEIGHT) * whole.zoom + whole.y <= DESK.height,
    ])
    expect(edges.every(Boolean)).toBe(true)
  },
)

test.each(examples)('%s: no name of a phase lies over a step where it opens', (_, document) => {
  const drawn = layout(outlineOf(document, registry))
  const view = openingView(drawn, DESK)
  for (const lane of lanesOf(document, drawn, new Map(), 'Europe/Rome' as never)) {
    const top = Math.round(lane.top * view.zoom + view.y)
    const plate = 240
    const left = freeLeft(drawn, view, top, plate)
    const [from, to, bottom] = left === null ? [92, 260, top + 58] : [left, left + plate, top + 24]
    const covered = [...drawn.spots].filter(
      ([, { x, y }]) =>
        (x - STEP_WIDTH / 2) * view.zoom + view.x < to &&
        (x + STEP_WIDTH / 2) * view.zoom + view.x > from &&
        y * view.zoom + view.y < bottom &&
        (y + STEP_HEIGHT) * view.zoom + view.y > top,
    )
    expect(covered.map(([id]) => id)).toEqual([])
  }
})
