import { useReactFlow } from '@xyflow/react'
import { type PointerEvent, useCallback, useRef, useState } from 'react'
import type { NodeId } from '../../../core/ids.ts'
import type { NewStep } from '../../../core/journey/edit/new-step.ts'
import { type Drawn, STEP_HEIGHT, STEP_WIDTH, type Way } from './layout.ts'
import { plusOf } from './Ways.tsx'

/** What is being pulled across the drawing, and over what it is. */
export type Pull = {
  readonly what: { readonly is: 'new'; readonly step: NewStep } | { readonly is: 'way'; readonly way: Way }
  /** In the window. */
  readonly x: number
  readonly y: number
  readonly over: string | null
}
/** A hand that trembles is not a hand that pulls. */
const BEGINS_AFTER_PX = 6
const NEAR_PX = 48

/**
 * Pulling with any pointer: a new step onto a way, or a way onto a step. Only legal targets take it; the pull ends
 * where the pointer is let go, or with Escape.
 */
export function usePull(
  drawn: Drawn,
  isLegal: (step: NewStep, way: Way) => boolean,
  onDrop: (what: Pull['what'], over: string) => void,
) {
  const { screenToFlowPosition, getZoom } = useReactFlow()
  const [pull, setPull] = useState<Pull | null>(null)
  const pulled = useRef(false)
  const latest = useRef({ drawn, isLegal, onDrop })
  latest.current = { drawn, isLegal, onDrop }

  const begin = useCallback(
    (what: Pull['what'], event: PointerEvent) => {
      if (event.button !== 0) return
      const from = { x: event.clientX, y: event.clientY }
      pulled.current = false
      const overAt = (x: number, y: number): string | null => {
        const at = screenToFlowPosition({ x, y })
        const now = latest.current
        return what.is === 'new'
          ? wayNear(now.drawn, at, NEAR_PX / getZoom(), (way) => now.isLegal(what.step, way))
          : stepAt(now.drawn, at, what.way.from)
      }
      const move = (moved: globalThis.PointerEvent): void => {
        const far = Math.hypot(moved.clientX - from.x, moved.clientY - from.y)
        if (!pulled.current && far < BEGINS_AFTER_PX) return
        pulled.current = true
        setPull({ what, x: moved.clientX, y: moved.clientY, over: overAt(moved.clientX, moved.clientY) })
      }
      const end = (ended: globalThis.PointerEvent): void => {
        stop()
        const over = pulled.current ? overAt(ended.clientX, ended.clientY) : null
        if (over !== null) latest.current.onDrop(what, over)
      }
      const onKey = (key: KeyboardEvent): void => {
        if (key.key === 'Escape') stop()
      }
      const stop = (): void => {
        removeEventListener('pointermove', move)
        removeEventListener('pointerup', end)
        removeEventListener('pointercancel', stop)
        removeEventListener('keydown', onKey)
        setPull(null)
      }
      addEventListener('pointermove', move)
      addEventListener('pointerup', end)
      addEventListener('pointercancel', stop)
      addEventListener('keydown', onKey)
    },
    [screenToFlowPosition, getZoom],
  )
  /** The press that ends a pull is no press. */
  const wasPulled = useCallback(() => pulled.current, [])
  return { pull, begin, wasPulled }
}

function wayNear(
  drawn: Drawn,
  at: { x: number; y: number },
  reach: number,
  isLegal: (way: Way) => boolean,
): string | null {
  let best: string | null = null
  let least = reach
  for (const way of drawn.ways) {
    const plus = plusOf(way)
    const far = Math.hypot(plus.x - at.x, plus.y - at.y)
    if (far < least && isLegal(way)) {
      least = far
      best = way.id
    }
  }
  return best
}

function stepAt(drawn: Drawn, at: { x: number; y: number }, from: NodeId): NodeId | null {
  for (const [id, spot] of drawn.spots)
    if (
      id !== from &&
      Math.abs(at.x - spot.x) < STEP_WIDTH / 2 &&
      at.y > spot.y &&
      at.y < spot.y + STEP_HEIGHT
    )
      return id
  return null
}
