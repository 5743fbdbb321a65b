import type { Decision } from '../run/decision.ts'
import type { View } from '../run/view.ts'
import { msIntoDay, timeMs, wallOfDay } from '../time/calendar.ts'
import { HOUR_MS, type Instant, instant, isoOf } from '../time/instant.ts'
import type { LocalTime, Zone } from '../time/local.ts'
import { instantOfWall, localDayOf, wallOf } from '../time/zone.ts'
import { type PushStep, pushThrough } from './push-through.ts'
import { DEFAULT_TIME } from './wait.ts'

/**
 * Catch-up messages stand in for moments that are over. A couple who books late must not get a burst: at most
 * one a day for each person, some hours apart, through all windows like any other message.
 */
export const CATCH_UP_GAP_HOURS_MIN = 12
/** Whoever has to wait longer than this for a free day is better served by a human. */
export const CATCH_UP_DAYS_MAX = 60
/** What is late already can wait for the morning, whatever hours the vendor's mail may keep. */
const WAKES_AT = timeMs('08:00' as LocalTime)
const RESTS_AT = timeMs('21:00' as LocalTime)

/** Whether what is late rests at this moment, by the clock of who gets it. */
export function restsAt(at: Instant, zone: Zone): boolean {
  const wall = msIntoDay(wallOf(at, zone))
  return wall < WAKES_AT || wall >= RESTS_AT
}

export type CatchUpStep = PushStep & {
  /** When what the step counts down to begins: from then on it is worth nothing. */
  readonly overAt?: Instant | null
  /** Somebody wants it to go today, beside whatever else goes today. */
  readonly atOnce?: boolean
}
export type CatchUpView = Pick<View, 'vendor' | 'sends'>

export type CatchUpSlot =
  /** `first`: it goes as soon as it may, nothing had to make room. */
  | {
      readonly is: 'slot'
      readonly at: Instant
      readonly first: boolean
      readonly because: readonly Decision[]
    }
  | { readonly is: 'skip' | 'merge'; readonly because: readonly Decision[] }
  | {
      readonly is: 'none'
      readonly values: { readonly [key: string]: string | number }
      readonly because: readonly Decision[]
    }

/**
 * The first moment at or after `notBefore` that no other catch-up message of this person is near. Sends in
 * the view that are catch-ups count, those already planned too. A letter that has its own day is not crowded by
 * one that has lost it, unless there is no other day left.
 */
export function firstCatchUp(
  step: CatchUpStep,
  view: CatchUpView,
  now: Instant,
  notBefore: Instant = now,
): CatchUpSlot {
  const isTooLate = (slot: CatchUpSlot): boolean =>
    slot.is === 'none' || (slot.is === 'slot' && step.overAt != null && slot.at >= step.overAt)
  const quiet = slotFor(step, view, now, notBefore, 'own_day')
  if (!isTooLate(quiet)) return quiet
  const crowded = slotFor(step, view, now, notBefore, 'any_day')
  if (crowded.is !== 'slot' || !isTooLate(crowded)) return crowded
  return { is: 'none', values: { over: isoOf(step.overAt!), from: isoOf(notBefore) }, because: [] }
}

function slotFor(
  step: CatchUpStep,
  view: CatchUpView,
  now: Instant,
  notBefore: Instant,
  which: 'own_day' | 'any_day',
): CatchUpSlot {
  // What leaves no message is no burst.
  if (step.channel === 'none') return { is: 'slot', at: now, first: true, because: [] }
  const zone = step.recipientZone
  const mine = step.atOnce ? [] : view.sends.filter((send) => send.to === step.recipient)
  const others = mine.filter((send) => send.catchUp).map((send) => send.at)
  const ordinary = which === 'own_day' ? mine.filter((send) => !send.catchUp) : []
  const taken = new Set(ordinary.map((send) => localDayOf(send.at, zone)))
  // Late in the evening the day is over.
  const today = localDayOf(notBefore, zone) + (msIntoDay(wallOf(notBefore, zone)) >= RESTS_AT ? 1 : 0)
  for (let day = today; day <= today + CATCH_UP_DAYS_MAX; day++) {
    if (taken.has(day)) continue
    const wished = wishedOn(day, notBefore, others, zone)
    const pushed = pushThrough(wished, step, view, now)
    if (pushed.is === 'skip' || pushed.is === 'merge') return pushed
    if (pushed.is === 'escalate')
      return { is: 'none', values: { tried: isoOf(wished) }, because: pushed.because }
    if (pushed.at >= notBefore && isApart(pushed.at, others, zone)) {
      return {
        is: 'slot',
        at: pushed.at,
        first: wished === now,
        because: pushed.because,
      }
    }
    // The deadline holds every later wish back as well: no day is left before it.
    if (step.deadline !== null && wished >= step.deadline) break
  }
  return { is: 'none', values: { days: CATCH_UP_DAYS_MAX, from: isoOf(notBefore) }, because: [] }
}

/** As soon as it may, but not at night; on later days at ten, or a little later after one that went late in the evening. */
function wishedOn(day: number, notBefore: Instant, others: readonly Instant[], zone: Zone): Instant {
  if (day === localDayOf(notBefore, zone)) {
    return instant(Math.max(notBefore, instantOfWall(wallOfDay(day, WAKES_AT), zone)))
  }
  const ten = instantOfWall(wallOfDay(day, timeMs(DEFAULT_TIME)), zone)
  const gapMs = CATCH_UP_GAP_HOURS_MIN * HOUR_MS
  const evening = others.filter((at) => at <= ten && ten - at < gapMs && localDayOf(at, zone) < day)
  return instant(Math.max(ten, ...evening.map((at) => at + gapMs)))
}

function isApart(at: Instant, others: readonly Instant[], zone: Zone): boolean {
  const day = localDayOf(at, zone)
  return others.every(
    (other) => localDayOf(other, zone) !== day && Math.abs(other - at) >= CATCH_UP_GAP_HOURS_MIN * HOUR_MS,
  )
}
