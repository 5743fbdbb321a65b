/**
 * Places for attempts of one kind: so many at work at once, and a short line behind them, so that a place that
 * becomes free is taken at once and not when somebody looks again. The line is as long as it is quick: whoever joins
 * it should be at work within a fifth of a second, as the latest attempts went.
 */
export type Places = {
  /** How many more may come now. */
  room(): number
  /** Null when there is a place; else it resolves when there is one. First come, first served. */
  take(): Promise<void> | null
  /** Gives the place on; `tookMs` is null for an attempt that was not begun. */
  leave(tookMs: number | null): void
  /** How often a place becomes free, in milliseconds, as the latest attempts went; null while nobody knows. */
  paceMs(): number | null
}

const LINE_MS_MAX = 200
const LINE_LENGTH_MAX = 500
/** The weight of the newest attempt in how long one takes: old ones are forgotten within a few dozen. */
const NEWEST_WEIGHT = 0.1

export function makePlaces(atOnceMax: number): Places {
  const line: (() => void)[] = []
  let taken = 0
  let attemptMs: number | null = null

  const paceMs = (): number | null => (attemptMs === null ? null : attemptMs / atOnceMax)
  const lineMax = (): number => {
    const pace = paceMs()
    return pace === null
      ? 0
      : Math.min(LINE_LENGTH_MAX, Math.floor(LINE_MS_MAX / Math.max(pace, Number.EPSILON)))
  }

  return {
    room: () => atOnceMax - taken + lineMax() - line.length,
    take() {
      if (taken < atOnceMax) {
        taken += 1
        return null
      }
      return new Promise((resolve) => line.push(resolve))
    },
    leave(tookMs) {
      if (tookMs !== null)
        attemptMs = attemptMs === null ? tookMs : attemptMs + NEWEST_WEIGHT * (tookMs - attemptMs)
      const next = line.shift()
      if (next) next()
      else taken -= 1
    },
    paceMs,
  }
}
