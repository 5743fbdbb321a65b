import { useEffect } from 'react'
import { afterFirstPaint } from './after-first-paint.ts'

/** Hears what changes at this business while the house is open. Its script comes after the first paint. */
export function useLive(vendor: string | undefined): void {
  useEffect(() => {
    if (vendor === undefined) return
    let end: (() => void) | null = null
    let over = false
    const forget = afterFirstPaint(() => {
      import('../live.ts')
        .then(({ keepListening }) => {
          if (!over) end = keepListening(vendor)
        })
        // Without it the app asks as it always did: when one comes to a room, or back to the page.
        .catch(() => undefined)
    })
    return () => {
      over = true
      forget()
      end?.()
    }
  }, [vendor])
}
