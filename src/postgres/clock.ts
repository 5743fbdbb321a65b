import { type Instant, instant } from '../core/time/instant.ts'
import type { Clock, Log } from '../ports.ts'
import type { Target } from './client.ts'
import { bestAt, doubtAt, type Offset, offsetOf, withMeasurement } from './clock-offset.ts'
import { keepSideLine } from './side-line.ts'

/**
 * The database's clock, read over a line of its own at connect and every five seconds, and carried on by the
 * monotonic clock in between. This file is the only place that asks the database for the time.
 */
export const MEASURE_EVERY_MS = 5_000
/** A longer sleep is cut in pieces, so that a clock that was set is noticed and a timer never overflows. */
export const SLEEP_PIECE_MS = 30_000
/** The monotonic clock stands still while a machine sleeps; the wall clock tells that it did. */
const SUSPEND_MS = 1_000
/** Back-corrections up to this are waited out, so that time does not run backwards within a process. */
const STAND_STILL_MS = 1_000
const FIRST_MEASUREMENTS = 3

export type DatabaseClock = Clock & {
  /** Settles with the first measurement; rejects when none succeeds in time. */
  ready(timeoutMs: number): Promise<void>
  close(): Promise<void>
}

type Asks = { query(text: string): Promise<{ rows: unknown[] }> }

export function startClock(target: Target, log: Log): DatabaseClock {
  let offsets: readonly Offset[] = []
  let shown = Number.NEGATIVE_INFINITY
  let wallMinusLocal = Date.now() - performance.now()
  const first = Promise.withResolvers<void>()

  async function measure(client: Asks): Promise<void> {
    const sentLocal = performance.now()
    const { rows } = await client.query(`select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms`)
    const sample = { sentLocal, receivedLocal: performance.now(), server: (rows[0] as { ms: number }).ms }
    forgetAfterSuspend()
    offsets = withMeasurement(offsets, offsetOf(sample))
    first.resolve()
  }

  function forgetAfterSuspend(): void {
    const difference = Date.now() - performance.now()
    if (Math.abs(difference - wallMinusLocal) > SUSPEND_MS && offsets.length > 0) {
      log.warn('The machine slept or its clock was set; the time is asked for anew.', {
        byMs: Math.round(difference - wallMinusLocal),
      })
      offsets = []
    }
    wallMinusLocal = difference
  }

  const line = keepSideLine(target, 'wedsync clock', log, async (client) => {
    for (let i = 0; i < FIRST_MEASUREMENTS; i++) await measure(client)
  })
  let asking = false
  const measuring = setInterval(() => {
    const client = line.client()
    if (client === null) return
    // Still no answer since the last time: the line is dead and does not know it yet.
    if (asking) client.connection.stream.destroy(new Error(`No answer for ${MEASURE_EVERY_MS} ms.`))
    else void askAgain(client)
  }, MEASURE_EVERY_MS)
  measuring.unref()

  async function askAgain(client: Asks): Promise<void> {
    asking = true
    try {
      await measure(client)
    } catch (error) {
      log.warn('The time was not told.', { cause: (error as Error).message })
    } finally {
      asking = false
    }
  }

  function now(): Instant {
    forgetAfterSuspend()
    const local = performance.now()
    const best = bestAt(offsets, local)
    // Before the first measurement and after a suspend: the machine's own clock, of unlimited doubt.
    const value = Math.floor(best === null ? Date.now() : local + best.offsetMs)
    if (value < shown && shown - value < STAND_STILL_MS) return instant(shown)
    shown = value
    return instant(value)
  }

  return {
    now,
    uncertaintyMs() {
      forgetAfterSuspend()
      const local = performance.now()
      const best = bestAt(offsets, local)
      return best === null ? Number.POSITIVE_INFINITY : doubtAt(best, local)
    },
    sleepUntil: (at, _label, signal) => sleepUntil(now, at, signal),
    async ready(timeoutMs) {
      const late = Promise.withResolvers<never>()
      const timer = setTimeout(
        () => late.reject(new Error(`The database did not tell its time within ${timeoutMs} ms.`)),
        timeoutMs,
      )
      await Promise.race([first.promise, late.promise]).finally(() => clearTimeout(timer))
    },
    async close() {
      clearInterval(measuring)
      await line.close()
    },
  }
}

export async function sleepUntil(now: () => Instant, at: Instant, signal?: AbortSignal): Promise<void> {
  while (!signal?.aborted) {
    const leftMs = at - now()
    if (!(leftMs > 0)) return
    await pause(Math.min(leftMs, SLEEP_PIECE_MS), signal)
  }
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal?.addEventListener('abort', done, { once: true })
  })
}
