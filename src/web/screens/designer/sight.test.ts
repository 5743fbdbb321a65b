import { expect, test } from 'vitest'
import type { Journey } from '../../../core/journey/graph.ts'
import { outlineOf } from '../../../core/journey/outline.ts'
import { nameAt } from './Lanes.tsx'
import { lanesOf } from './lanes.ts'
import { type Drawn, layout, STEP_HEIGHT, STEP_WIDTH } from './layout.ts'
import { registry } from './registry.ts'
import { nearView, openingView, wholeView } from './sight.ts'

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

test.each(examples)(
  '%s: no name of a phase lies over a step, nor over another, where it opens or is seen whole',
  (_, document) => {
    const drawn = layout(outlineOf(document, registry))
    const lanes = lanesOf(drawn, new Map(), null)
    for (const view of [openingView(drawn, DESK), wholeView(drawn, DESK)]) {
      const names = lanes.flatMap((lane, index) => nameAt(lane, lanes[index + 1], drawn, view) ?? [])
      const steps = [...drawn.spots.values()].map(({ x, y }) => ({
        left: (x - STEP_WIDTH / 2) * view.zoom + view.x,
        top: y * view.zoom + view.y,
        width: STEP_WIDTH * view.zoom,
        height: STEP_HEIGHT * view.zoom,
      }))
      for (const [index, name] of names.entries())
        expect([...steps, ...names.slice(index + 1)].filter((other) => touches(name, other))).toEqual([])
    }
  },
)

type Box = { readonly left: number; readonly top: number; readonly width: number; readonly height: number }
const touches = (a: Box, b: Box): boolean =>
  a.left < b.left + b.width &&
  b.left < a.left + a.width &&
  a.top < b.top + b.height &&
  b.top < a.top + a.height

test.each(examples)(
  '%s: one step seen near stands in the middle at full size, several all in sight',
  (_, document) => {
    const drawn = layout(outlineOf(document, registry))
    const spots = [...drawn.spots.values()]
    const last = spots.at(-1)!
    const near = nearView([last], DESK)
    expect(near.zoom).toBe(1)
    expect(Math.abs(last.y + STEP_HEIGHT / 2 + near.y - DESK.height / 2)).toBeLessThan(40)
    const all = nearView(spots, DESK)
    for (const { x, y } of spots) {
      expect((x - STEP_WIDTH / 2) * all.zoom + all.x).toBeGreaterThanOrEqual(0)
      expect((x + STEP_WIDTH / 2) * all.zoom + all.x).toBeLessThanOrEqual(DESK.width)
      expect(y * all.zoom + all.y).toBeGreaterThanOrEqual(0)
      expect((y + STEP_HEIGHT) * all.zoom + all.y).toBeLessThanOrEqual(DESK.height)
    }
  },
)
