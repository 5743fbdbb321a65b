import { type Instant, MINUTE_MS, plusMs } from '../core/time/instant.ts'
import type { Db } from '../ports.ts'
import { countDueBefore } from '../store/claims.ts'
import { nextDue } from '../store/runs.ts'
import type { ScalingFacts, ScalingLimits } from './scaling.ts'

/** What scaling asks about, measured where it happens: the rows that wait, and what the workers tell of themselves. */

/** What lies in the rows, whoever works on them and whatever a doorbell says. */
export type WorkAhead = {
  /** Due and not taken for a while, all bands. */
  readonly backlog: number
  readonly oldestMs: number
  /** The busiest of the coming stretches, as far as it is planned already. */
  readonly expectedPerSecond: number
  /** The same of critical and high alone, what of it is overdue included. */
  readonly urgentPerSecond: number
}

const EVERY_BAND = [0, 1, 2, 3]
const URGENT_BANDS = [0, 1]
/** Younger than this a row is on its way into a worker's hands and no backlog. */
const TAKEN_WITHIN_MS = 1_000
/** Counted no further: so much work asks for every worker there may be in any case. */
export const COUNTED_MAX = 100_000
/** Where the next hour is cut: the nearest minutes by themselves, because a rush is over in minutes. */
const STRETCHES_MIN = [1, 5, 15, 60]

export async function measureAhead(db: Db, shards: readonly number[], now: Instant): Promise<WorkAhead> {
  const due = async (bands: readonly number[], at: Instant): Promise<number> => {
    const [runs, effects] = await Promise.all([
      countDueBefore(db, 'runs', bands, at, COUNTED_MAX),
      countDueBefore(db, 'effects', bands, at, COUNTED_MAX),
    ])
    return runs + effects
  }
  const [backlog, next, urgent, ...ahead] = await Promise.all([
    due(EVERY_BAND, plusMs(now, -TAKEN_WITHIN_MS)),
    nextDue(db, shards),
    due(URGENT_BANDS, plusMs(now, MINUTE_MS)),
    ...STRETCHES_MIN.map((minutes) => due(EVERY_BAND, plusMs(now, minutes * MINUTE_MS))),
  ])
  return {
    backlog,
    oldestMs: next === null ? 0 : Math.max(0, now - next),
    expectedPerSecond: busiest(backlog, ahead),
    urgentPerSecond: urgent / 60,
  }
}

/** The highest mean rate of the stretches, each counted from the end of the one before it. */
export function busiest(backlog: number, ahead: readonly number[]): number {
  return Math.max(
    0,
    ...ahead.map((upTo, i) => {
      const before = i === 0 ? backlog : ahead[i - 1]!
      const minutes = STRETCHES_MIN[i]! - (i === 0 ? 0 : STRETCHES_MIN[i - 1]!)
      return (upTo - before) / (minutes * 60)
    }),
  )
}

/** What one worker has told: how busy it is, and how much it has done since it began. */
export type WorkerTold = { readonly pid: number; readonly busyShare: number; readonly done: number }

/** Below this a worker's rate says more about the quiet than about the worker. */
const BUSY_ENOUGH = 0.3
/** How much a new look counts against those before it. */
const NEWS_SHARE = 0.3

/**
 * What one worker would get done in a second if it were busy all the time: what was done between two looks, divided
 * by the share of the time that took. Quiet looks say nothing; null until there was a busy one.
 */
export function perWorkerPerSecond(
  before: number | null,
  earlier: readonly WorkerTold[],
  now: readonly WorkerTold[],
  seconds: number,
): number | null {
  const rates = now.flatMap((one) => {
    const then = earlier.find((other) => other.pid === one.pid)
    return then && seconds > 0 && one.busyShare >= BUSY_ENOUGH && one.done > then.done
      ? [(one.done - then.done) / seconds / one.busyShare]
      : []
  })
  if (rates.length === 0) return before
  const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length
  return before === null ? mean : before + (mean - before) * NEWS_SHARE
}

/** What these workers got done in a second between two looks, the last looks counted together. */
export function perSecondOf(
  before: number,
  earlier: readonly WorkerTold[],
  now: readonly WorkerTold[],
  seconds: number,
): number {
  if (seconds <= 0) return before
  const done = now.reduce((sum, one) => {
    const then = earlier.find((other) => other.pid === one.pid)
    return sum + Math.max(0, then ? one.done - then.done : 0)
  }, 0)
  return before + (done / seconds - before) * NEWS_SHARE
}

export function scalingFacts(
  ahead: WorkAhead,
  workers: Omit<ScalingFacts, keyof WorkAhead | 'weddingShare' | 'emergency'>,
  limits: ScalingLimits,
): ScalingFacts {
  const { alive, perWorkerPerSecond: each } = workers
  const { urgentPerSecond, ...rest } = ahead
  const kept = each === null ? 0 : each * Math.max(1, alive) * limits.reserved
  // Incidents are not declared by anything yet: nobody jumps to the maximum by himself.
  return { ...workers, ...rest, weddingShare: kept > 0 ? urgentPerSecond / kept : 0, emergency: false }
}
