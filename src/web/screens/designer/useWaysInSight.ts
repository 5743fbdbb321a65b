import { type ReactFlowState, useStore } from '@xyflow/react'
import { useMemo } from 'react'
import type { Drawn, Way } from './layout.ts'
import { plusOf } from './Ways.tsx'

/** The ways in sight, and a little beyond: what is far away is not drawn. */
export function useWaysInSight(drawn: Drawn): readonly Way[] {
  const seen = useStore(inSight)
  return useMemo(() => {
    const [left, top, right, bottom] = seen.split(' ').map(Number) as [number, number, number, number]
    return drawn.ways.filter((way) => {
      const { x, y } = plusOf(way)
      return x >= left && x <= right && y >= top && y <= bottom
    })
  }, [drawn, seen])
}

/** What part of the drawing is in sight, in steps of half a screen: it changes seldom while one pans. */
const SIGHT_PX = 600
function inSight({ transform: [x, y, zoom], width, height }: ReactFlowState): string {
  const step = (value: number, by: number): number => Math.floor(value / SIGHT_PX + by) * SIGHT_PX
  return [
    step(-x / zoom, -1),
    step(-y / zoom, -1),
    step((width - x) / zoom, 2),
    step((height - y) / zoom, 2),
  ].join(' ')
}
