import { type PointerEvent, useRef, useState } from 'react'

/** How far a card must be drawn before letting go means something. */
export const SWIPE_PX = 96
/** Before it is clear that somebody does not want to scroll. */
const BEGIN_PX = 12

export type Swipe = { readonly dx: number; readonly means: 'right' | 'left' | null }
const STILL: Swipe = { dx: 0, means: null }

/** A card that a finger can draw to either side. A mouse has buttons to press instead. */
export function useSwipe(done: (means: 'right' | 'left') => void) {
  const from = useRef<{ readonly x: number; readonly y: number; readonly id: number; drawn: boolean } | null>(
    null,
  )
  const [swipe, setSwipe] = useState(STILL)
  const end = (): void => {
    from.current = null
    setSwipe(STILL)
  }
  return {
    swipe,
    handlers: {
      onPointerDown: (event: PointerEvent) => {
        if (event.pointerType !== 'mouse' && event.isPrimary)
          from.current = { x: event.clientX, y: event.clientY, id: event.pointerId, drawn: false }
      },
      onPointerMove: (event: PointerEvent) => {
        const start = from.current
        if (start?.id !== event.pointerId) return
        const dx = event.clientX - start.x
        if (!start.drawn) {
          if (Math.abs(dx) < BEGIN_PX || Math.abs(dx) < Math.abs(event.clientY - start.y)) return
          start.drawn = true
          event.currentTarget.setPointerCapture(event.pointerId)
        }
        setSwipe({ dx, means: dx >= SWIPE_PX ? 'right' : dx <= -SWIPE_PX ? 'left' : null })
      },
      onPointerUp: () => {
        const { means } = swipe
        end()
        if (means) done(means)
      },
      onPointerCancel: end,
    },
  }
}
