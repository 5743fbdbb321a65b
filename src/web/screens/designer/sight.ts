import type { Viewport } from '@xyflow/react'
import { type Drawn, type Spot, STEP_HEIGHT, STEP_WIDTH } from './layout.ts'

/** From where one looks at a drawing: at first, and to see all of it. */
export type Box = { readonly width: number; readonly height: number }
type Insets = { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number }

/** What stands at the edges of the canvas: palette and phases on the left, the map on the right. */
const EDGES: Insets = { left: 276, right: 136, top: 28, bottom: 56 }
/** Narrow canvases have no edges to give away. */
const BARE: Insets = { left: 24, right: 24, top: 28, bottom: 56 }
const ROOMY_PX = 900
/** Smaller, the words on a step cannot be read any more. */
const READABLE = 0.8

const insetsOf = (box: Box): Insets => (box.width < ROOMY_PX ? BARE : EDGES)

/** All of it when it can be read so; else its beginning, with all of its width where that can be read. */
export function openingView(drawn: Drawn, box: Box): Viewport {
  const { left, right, top } = insetsOf(box)
  const room = box.width - left - right
  const whole = wholeView(drawn, box)
  if (whole.zoom >= READABLE) return whole
  // Smaller only where its whole width is seen for it; what is cut anyway is read, and moved, at full size.
  const fits = room / drawn.width
  const zoom = fits >= READABLE ? Math.min(1, fits) : 1
  // The beginning in the middle, unless the drawing then leaves room on one side while it is cut on the other.
  const middle = left + room / 2
  const furthestLeft = left - drawn.left * zoom
  const furthestRight = left + room - (drawn.left + drawn.width) * zoom
  const x =
    furthestRight > furthestLeft
      ? (furthestLeft + furthestRight) / 2
      : Math.max(furthestRight, Math.min(furthestLeft, middle))
  return { x, y: top, zoom }
}

/** All of it, however small, and never larger than life. */
export function wholeView(drawn: Drawn, box: Box): Viewport {
  const { left, right, top, bottom } = insetsOf(box)
  const [width, height] = [box.width - left - right, box.height - top - bottom]
  const zoom = Math.min(1, width / drawn.width, height / drawn.height)
  return {
    x: left + (width - drawn.width * zoom) / 2 - drawn.left * zoom,
    y: top,
    zoom,
  }
}

/** These steps in the middle, at full size where they fit so. */
export function nearView(spots: readonly Spot[], box: Box): Viewport {
  const { left, right, top, bottom } = insetsOf(box)
  const [width, height] = [box.width - left - right, box.height - top - bottom]
  const lefts = spots.map(({ x }) => x - STEP_WIDTH / 2)
  const tops = spots.map(({ y }) => y)
  const [x, y] = [Math.min(...lefts), Math.min(...tops)]
  const wide = Math.max(...lefts) + STEP_WIDTH - x
  const high = Math.max(...tops) + STEP_HEIGHT - y
  const zoom = Math.min(1, width / wide, height / high)
  return {
    x: left + (width - wide * zoom) / 2 - x * zoom,
    y: top + (height - high * zoom) / 2 - y * zoom,
    zoom,
  }
}
