import { DAY_MS, type Instant, plusMs, SECOND_MS } from './time/instant.ts'

/**
 * When a failed attempt is tried again. Waits double and carry jitter upwards, so that no gap is shorter than
 * the schedule says and a crowd that failed together does not come back together. Near the wedding the first
 * tries come quickly and there are more of them, for as long as the deadline leaves room.
 */
type Schedule = { readonly firstMs: number; readonly waitMsMax: number; readonly attemptsMax: number }

export const ORDINARY: Schedule = { firstMs: 2 * SECOND_MS, waitMsMax: 300 * SECOND_MS, attemptsMax: 3 }
export const WEDDING_WEEK: Schedule = { firstMs: 500, waitMsMax: 300 * SECOND_MS, attemptsMax: 6 }
/** With a deadline that leaves room: some ten hours of trying, longer than a provider is usually down. */
export const WEDDING_WEEK_WITH_DEADLINE: Schedule = { ...WEDDING_WEEK, attemptsMax: 120 }

export const WEDDING_WEEK_DAYS = 7
/** Jitter adds up to this share of the wait. */
export const JITTER_MAX = 0.5
/** A provider that asks for more patience than this is answered after it all the same. */
export const RETRY_AFTER_MS_MAX = DAY_MS

export type RetryView = {
  readonly daysToWedding: number | null
  readonly deadline: Instant | null
  readonly now: Instant
  /** Drawn by the caller, from 0 to below 1. */
  readonly random01: number
  readonly providerRetryAfterMs: number | null
}

export type NextAttempt =
  | { readonly is: 'again'; readonly at: Instant; readonly waitMs: number; readonly attemptsMax: number }
  | { readonly is: 'exhausted'; readonly by: 'attempts' | 'deadline'; readonly attemptsMax: number }

/** `attempt` is the number of the one that has just failed; the first is 1. */
export function nextAttempt(attempt: number, view: RetryView): NextAttempt {
  const schedule = scheduleFor(view)
  const { attemptsMax } = schedule
  if (attempt >= attemptsMax) return { is: 'exhausted', by: 'attempts', attemptsMax }
  const asked = Math.min(Math.max(view.providerRetryAfterMs ?? 0, 0), RETRY_AFTER_MS_MAX)
  const plain = Math.max(waitMsAfter(attempt, schedule), asked)
  const waitMs = Math.ceil(plain * (1 + JITTER_MAX * view.random01))
  const at = plusMs(view.now, waitMs)
  // A message after its deadline is worth nothing: better a human now than a try too late.
  if (view.deadline !== null && at > view.deadline) return { is: 'exhausted', by: 'deadline', attemptsMax }
  return { is: 'again', at, waitMs, attemptsMax }
}

export function scheduleFor({
  daysToWedding,
  deadline,
}: Pick<RetryView, 'daysToWedding' | 'deadline'>): Schedule {
  const near = daysToWedding !== null && daysToWedding >= 0 && daysToWedding <= WEDDING_WEEK_DAYS
  if (!near) return ORDINARY
  return deadline === null ? WEDDING_WEEK : WEDDING_WEEK_WITH_DEADLINE
}

/** The wait the schedule asks for at least. Doubling stops where the ceiling is reached, long before it overflows. */
export const waitMsAfter = (attempt: number, { firstMs, waitMsMax }: Schedule): number =>
  Math.min(firstMs * 2 ** Math.min(attempt - 1, 30), waitMsMax)
