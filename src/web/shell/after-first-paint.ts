/**
 * The room one came for and what stands in it come first: its parts, and the answers they ask for. Everything else
 * waits until nothing of that is on its way and the browser has nothing to do. On a quick line that is a second; on a
 * slow phone what nobody has opened yet would stand in the line before what is being waited for.
 */
const ROOM_FIRST_MS = 1_000
const LOOKED_EVERY_MS = 150
/** An answer that never comes keeps nothing from coming. */
const ON_ITS_WAY_MS_MAX = 8_000

let onTheirWay = 0
let quietSince = 0

/** Counts what a room waits for, from when it is asked until it is there. */
export async function onItsWay<Thing>(ask: () => Promise<Thing>): Promise<Thing> {
  onTheirWay += 1
  try {
    return await ask()
  } finally {
    onTheirWay -= 1
    quietSince = performance.now()
  }
}

/** A part that has just come is drawn before it asks for anything: a moment of quiet is not the end of it. */
const isQuiet = (now: number): boolean => onTheirWay === 0 && now - quietSince >= LOOKED_EVERY_MS

export function afterFirstPaint(work: () => void): () => void {
  const latest = performance.now() + ON_ITS_WAY_MS_MAX
  const look = (): void => {
    const now = performance.now()
    if (now < latest && !isQuiet(now)) timer = setTimeout(look, LOOKED_EVERY_MS)
    else if ('requestIdleCallback' in globalThis) requestIdleCallback(work)
    else work()
  }
  let timer = setTimeout(look, ROOM_FIRST_MS)
  return () => clearTimeout(timer)
}
