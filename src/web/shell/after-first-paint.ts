/** The room one came for and what stands in it come first; everything else waits until the browser has nothing to do. */
const ROOM_FIRST_MS = 1_000

export function afterFirstPaint(work: () => void): () => void {
  const timer = setTimeout(() => {
    if ('requestIdleCallback' in globalThis) requestIdleCallback(work)
    else work()
  }, ROOM_FIRST_MS)
  return () => clearTimeout(timer)
}
