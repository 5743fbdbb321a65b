/**
 * Arithmetic of the database's clock as seen from here. A sample says: at some moment between sending and
 * receiving, the server's clock showed this. The middle is the best guess, half the round trip the doubt; the
 * doubt grows with age, because two quartzes drift apart. All times in milliseconds; `local` is monotonic.
 */
export type Sample = { readonly sentLocal: number; readonly receivedLocal: number; readonly server: number }

export type Offset = { readonly offsetMs: number; readonly doubtMs: number; readonly measuredLocal: number }

/** What two ordinary quartzes may drift apart, 200 in a million: 12 ms in a minute. */
export const DRIFT_PER_MS = 200e-6
/** One minute of measurements at one every five seconds. */
export const SAMPLES_MAX = 12

export function offsetOf(sample: Sample): Offset {
  const middle = (sample.sentLocal + sample.receivedLocal) / 2
  return {
    offsetMs: sample.server - middle,
    doubtMs: (sample.receivedLocal - sample.sentLocal) / 2,
    measuredLocal: middle,
  }
}

export const doubtAt = (offset: Offset, local: number): number =>
  offset.doubtMs + Math.max(0, local - offset.measuredLocal) * DRIFT_PER_MS

/** The least doubtful of what is known, usually the one with the shortest round trip; null when nothing is. */
export function bestAt(offsets: readonly Offset[], local: number): Offset | null {
  let best: Offset | null = null
  for (const one of offsets) if (best === null || doubtAt(one, local) < doubtAt(best, local)) best = one
  return best
}

/**
 * Adds a measurement. One that contradicts the earlier ones beyond all doubt means that a clock was set (NTP,
 * failover, a laptop that slept): what was known before is then worth nothing.
 */
export function withMeasurement(offsets: readonly Offset[], latest: Offset): readonly Offset[] {
  const known = bestAt(offsets, latest.measuredLocal)
  const contradiction =
    known !== null &&
    Math.abs(known.offsetMs - latest.offsetMs) > doubtAt(known, latest.measuredLocal) + latest.doubtMs + 1
  return contradiction ? [latest] : [...offsets, latest].slice(-SAMPLES_MAX)
}
