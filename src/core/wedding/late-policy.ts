import type { Decision } from '../run/decision.ts'
import { HOUR_MS, type Instant, isoOf, MINUTE_MS } from '../time/instant.ts'
import { type CatchUpStep, type CatchUpView, firstCatchUp } from './catch-up.ts'
import type { LatePolicy } from './policy.ts'

/**
 * What becomes of a step whose moment is already past when a plan is made (start, replan, resume), and of
 * one that was planned in time and starts late because something was down. Nothing is dropped silently:
 * each answer carries its decision.
 */
export type LateStep = CatchUpStep & {
  /** What the journey says of this step; nothing leaves it to the vendor and then to the house. */
  readonly late?: LatePolicy | undefined
  /** A second word on something already asked for, as against news that are still true. */
  readonly reminds: boolean
  /** Whether a later message of this run goes to the same person and can carry this one. */
  readonly mergeable: boolean
}

export type LateOutcome =
  | { readonly is: 'skip'; readonly because: readonly Decision[] }
  | { readonly is: 'merge'; readonly because: readonly Decision[] }
  | { readonly is: 'task'; readonly because: readonly Decision[] }
  /** `at` is now, or when the windows open. */
  | { readonly is: 'send_now'; readonly at: Instant; readonly because: readonly Decision[] }
  /** Today is taken by another catch-up message of the same person, or the rest is to be spread. */
  | { readonly is: 'compressed'; readonly at: Instant; readonly because: readonly Decision[] }

/** Information is still true and goes or rides along; a late reminder or offer is noise; a deadline is a human's. */
export function lateDefaultFor(
  step: Pick<LateStep, 'class' | 'deadline' | 'reminds' | 'mergeable'>,
): LatePolicy {
  if (step.deadline !== null) return 'task'
  if (step.reminds || step.class === 'marketing') return 'skip'
  return step.mergeable ? 'merge' : 'send_now'
}

/** A vendor's habit for a class of messages does not reach steps with a deadline: those are never just dropped. */
export function latePolicyOf(
  step: LateStep,
  view: CatchUpView,
): { policy: LatePolicy; by: 'step' | 'vendor' | 'house' } {
  if (step.late !== undefined) return { policy: step.late, by: 'step' }
  const habit = step.deadline === null ? view.vendor.late[step.class] : undefined
  return habit === undefined ? { policy: lateDefaultFor(step), by: 'house' } : { policy: habit, by: 'vendor' }
}

/**
 * Judges one late step: it goes as soon as it may. One that is to be spread makes way besides: `spreadCatchUps`
 * judges it as one list with those that are late together with it, and those with deadlines come first.
 */
export function judgeLate(
  step: LateStep,
  nominal: Instant,
  view: CatchUpView,
  now: Instant,
  notBefore: Instant = now,
): LateOutcome {
  const lateMinutes = Math.floor((now - nominal) / MINUTE_MS)
  if (step.overAt != null && now >= step.overAt) return overAndOut(nominal, lateMinutes)
  const { policy, by } = latePolicyOf(step, view)
  const late: Decision = { code: 'late', values: { nominal: isoOf(nominal), lateMinutes, policy, by } }
  switch (policy) {
    case 'skip':
      return { is: 'skip', because: [late, { code: 'late_skipped', values: { nominal: isoOf(nominal) } }] }
    case 'task':
      return { is: 'task', because: [late, { code: 'late_task', values: { nominal: isoOf(nominal) } }] }
    case 'merge':
      // Nothing follows that could carry it: it goes by itself rather than not at all.
      return step.mergeable
        ? { is: 'merge', because: [late, { code: 'late_merged', values: { nominal: isoOf(nominal) } }] }
        : catchUp(late, step, view, now, notBefore)
    case 'send_now':
    case 'compress':
      return catchUp(late, step, view, now, notBefore)
  }
}

/** Not even a task: nobody can do on Monday what Saturday was for. It is told with everything that was left out. */
function overAndOut(nominal: Instant, lateMinutes: number): LateOutcome {
  const values = { nominal: isoOf(nominal), over: true }
  return {
    is: 'skip',
    because: [
      { code: 'late', values: { ...values, lateMinutes, policy: 'skip', by: 'house' } },
      { code: 'late_skipped', values },
    ],
  }
}

function catchUp(
  late: Decision,
  step: LateStep,
  view: CatchUpView,
  now: Instant,
  notBefore: Instant,
): LateOutcome {
  const slot = firstCatchUp(step, view, now, notBefore)
  switch (slot.is) {
    case 'skip':
    case 'merge':
      return { is: slot.is, because: [late, ...slot.because] }
    case 'none':
      return { is: 'task', because: [late, ...slot.because, { code: 'late_task', values: slot.values }] }
    case 'slot': {
      const to = isoOf(slot.at)
      return slot.first
        ? {
            is: 'send_now',
            at: slot.at,
            because: [late, { code: 'late_sent_now', values: { to } }, ...slot.because],
          }
        : {
            is: 'compressed',
            at: slot.at,
            because: [late, { code: 'late_compressed', values: { to, from: isoOf(now) } }, ...slot.because],
          }
    }
  }
}

// Outages

/** What an outage may delay and still be sent as if nothing had been. */
export const OUTAGE_HOURS_MAX = 12
/** Below this it is the ordinary delay of a busy house and not worth a word. */
export const OUTAGE_NOTICED_MS = 5 * MINUTE_MS

export type OutageOutcome = {
  readonly is: 'go' | 'task'
  readonly lateMs: number
  readonly because: readonly Decision[]
}

/**
 * A step planned in time that starts late. `insideWindows` is whether its windows are open at `at`: after an
 * outage a message outside of them is a human's business, not tomorrow's news.
 */
export function judgeOutage(due: Instant, at: Instant, insideWindows = true): OutageOutcome {
  const lateMs = Math.max(0, at - due)
  if (lateMs <= OUTAGE_NOTICED_MS) return { is: 'go', lateMs, because: [] }
  const is = lateMs <= OUTAGE_HOURS_MAX * HOUR_MS && insideWindows ? 'go' : 'task'
  const values = {
    due: isoOf(due),
    at: isoOf(at),
    lateMinutes: Math.floor(lateMs / MINUTE_MS),
    insideWindows,
  }
  return { is, lateMs, because: [{ code: 'outage_late', values: { ...values, outcome: is } }] }
}
