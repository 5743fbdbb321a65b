import { type Instant, plusMs, SECOND_MS } from '../core/time/instant.ts'
import type { Db } from '../ports.ts'
import { countDueBefore, placeOf } from '../store/claims.ts'
import type { EffectRef, RunRef } from '../store/refs.ts'

/** What whoever asks for an execution is told: how much stands before it, and when it will probably begin. */
export type Dispatch = {
  /** 1 is next. */
  readonly position: number
  /** True when so much stands before it that it was not counted to the end. */
  readonly orMore: boolean
  readonly due: Instant
  /** Null while nothing was measured: an invented moment would be believed. */
  readonly startsAt: Instant | null
}

/** Farther back the exact place tells nobody anything. */
export const POSITION_MAX = 10_000

/** When it begins: not before it is due, nor before what stands ahead has been worked off at the measured rate. */
export function estimateStart(
  ahead: number,
  due: Instant,
  now: Instant,
  perSecond: number | null,
): Pick<Dispatch, 'position' | 'orMore' | 'startsAt'> {
  const orMore = ahead >= POSITION_MAX
  const position = Math.min(ahead, POSITION_MAX) + 1
  if (ahead === 0) return { position, orMore, startsAt: plusMs(now, Math.max(0, due - now)) }
  if (perSecond === null || perSecond <= 0) return { position, orMore, startsAt: null }
  const workedOffMs = Math.ceil((ahead / perSecond) * 1_000)
  return { position, orMore, startsAt: plusMs(now, Math.max(workedOffMs, due - now)) }
}

/** How long work on many rows will still take, from its own pace so far; null while it has none. */
export function secondsLeft(
  job: { readonly through: number; readonly total: number; readonly at: Instant },
  now: Instant,
): number | null {
  if (job.through <= 0 || now <= job.at) return null
  return Math.ceil((((now - job.at) / job.through) * Math.max(0, job.total - job.through)) / SECOND_MS)
}

/**
 * Where a piece of work stands: what is due before it in its own band, and everything due by then in the bands above
 * it. Null when it is not waiting (any more). `perSecond` is what all workers together start in a second, measured.
 */
export async function dispatchOf(
  db: Db,
  ref: RunRef | EffectRef,
  now: Instant,
  perSecond: number | null,
): Promise<Dispatch | null> {
  const place = await placeOf(db, ref)
  if (place === null) return null
  const { band, due } = place
  const of = 'run' in ref ? 'runs' : 'effects'
  const above = Array.from({ length: band }, (_, one) => one)
  const untilThen = plusMs(now, Math.max(0, due - now) + 1)
  const [own, urgent] = await Promise.all([
    countDueBefore(db, of, [band], due, POSITION_MAX),
    above.length === 0 ? 0 : countDueBefore(db, of, above, untilThen, POSITION_MAX),
  ])
  return { due, ...estimateStart(own + urgent, due, now, perSecond) }
}
