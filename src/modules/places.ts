/**
 * Places for attempts of one kind: so many at work at once, and a short line behind them, so that a place that
 * becomes free is taken at once and not when somebody looks again. The line is as long as it is quick: whoever joins
 * it should be at work within a fifth of a second, as the latest attempts went. Urgent work stands before all other,
 * and where attempts take too long for a line, some places are kept for it.
 */
export type Places = {
  /** How many more may come now. */
  room(urgent: boolean): number
  /** Null when there is a place; else it resolves when there is one. Among equals first come, first served. */
  take(urgent: boolean): Promise<void> | null
  /** Gives the place on; `tookMs` is null for an attempt that was not begun. */
  leave(tookMs: number | null): void
  /** How often a place becomes free, in milliseconds, as the latest attempts went; null while nobody knows. */
  paceMs(): number | null
}

const LINE_MS_MAX = 200
const LINE_LENGTH_MAX = 500
const RESERVED_SHARE = 0.2
/** The weight of the newest attempt in how long one takes: old ones are forgotten within a few dozen. */
const NEWEST_WEIGHT = 0.1

export function makePlaces(atOnceMax: number): Places {
  const urgentLine: (() => void)[] = []
  const line: (() => void)[] = []
  const reserved = Math.floor(atOnceMax * RESERVED_SHARE)
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
    room(urgent) {
      const places = atOnceMax - taken - urgentLine.length
      const behind = lineMax()
      if (urgent) return places + behind
      return behind > 0 ? places + behind - line.length : places - reserved
    },
    take(urgent) {
      if (taken < atOnceMax) {
        taken += 1
        return null
      }
      return new Promise((resolve) => (urgent ? urgentLine : line).push(resolve))
    },
    leave(tookMs) {
      if (tookMs !== null)
        attemptMs = attemptMs === null ? tookMs : attemptMs + NEWEST_WEIGHT * (tookMs - attemptMs)
      const next = urgentLine.shift() ?? line.shift()
      if (next) next()
      else taken -= 1
    },
    paceMs,
  }
}
