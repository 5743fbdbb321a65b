import type { Decision } from '../run/decision.ts'
import type { SendView, View } from '../run/view.ts'
import { isBusinessDay } from '../time/business-day.ts'
import { dayOfWall, msIntoDay, timeMs, wallOfDay } from '../time/calendar.ts'
import { DAY_MS, HOUR_MS, type Instant, instant, isoOf } from '../time/instant.ts'
import type { LocalDate, Zone } from '../time/local.ts'
import { instantOfWall, localDateOf, localDayOf, wallOf } from '../time/zone.ts'
import type { CapPolicy, MessageClass, Windows } from './policy.ts'

/**
 * The windows a moment may lie in, one by one: is it inside, and if not, where is the nearest opening.
 * How they work together, and against a deadline, is `push-through`.
 *
 *   free day, business day   the vendor's own days, by the vendor's calendar and zone
 *   quiet hours              the recipient's clock, by channel; a window may cross midnight
 *   cap                      so many messages of a class to one person in so many hours
 */

/** What a window must know of the step that wants to pass. */
export type WindowStep = {
  readonly windows: Windows
  readonly class: MessageClass
  readonly channel: 'email' | 'sms' | 'webhook' | 'none'
  /** The reference under which the view lists sends to the same person. */
  readonly recipient: string
  readonly recipientZone: Zone
  /** Where the others live who get the same message: it goes when it is open for all of them. */
  readonly alsoZones?: readonly Zone[]
  /** Whose wall keeps its time when the day changes: the zone of the rule. The recipient's if not named. */
  readonly zone?: Zone
  readonly asksForAnswer: boolean
}

/** What quiet hours must know of it. */
export type HoursStep = Pick<WindowStep, 'windows' | 'channel' | 'recipientZone' | 'alsoZones'>

export type WindowView = Pick<View, 'vendor' | 'sends'>
export type WindowName = 'free_day' | 'business_day' | 'quiet_hours' | 'cap'

/** How far a day is looked for in either direction. */
export const DAYS_SEARCHED_MAX = 60

export const wallZoneOf = (step: WindowStep): Zone => step.zone ?? step.recipientZone

/** The windows this moment lies outside of, in the order of the chain. */
export function closedAt(at: Instant, step: WindowStep, view: WindowView): WindowName[] {
  const closed: WindowName[] = []
  const day = dayFault(at, step, view)
  if (day?.is === 'free_day') closed.push('free_day')
  if (day !== null && breaksBusinessDay(day.on, step, view)) closed.push('business_day')
  if (!isOpen(at, step, view)) closed.push('quiet_hours')
  if (!isUnderCap(at, step, view)) closed.push('cap')
  return closed
}

// Days: links 3 and 4

/** A message that asks for an answer avoids the vendor's wedding days unless told otherwise. */
export const freeDayOf = (step: WindowStep): 'earlier' | 'later' | undefined =>
  step.windows.freeDay ?? (step.asksForAnswer ? 'earlier' : undefined)

export type DayFault = { readonly is: 'free_day' | 'business_day'; readonly on: LocalDate }

/** What is wrong with the day of a moment, or nothing. A wedding counts before a weekend. */
export function dayFault(at: Instant, step: WindowStep, view: WindowView): DayFault | null {
  if (freeDayOf(step) === undefined && step.windows.businessDay === undefined) return null
  const on = localDateOf(at, view.vendor.zone)
  if (freeDayOf(step) !== undefined && view.vendor.weddingDays.has(on)) return { is: 'free_day', on }
  return breaksBusinessDay(on, step, view) ? { is: 'business_day', on } : null
}

const breaksBusinessDay = (on: LocalDate, step: WindowStep, view: WindowView): boolean =>
  step.windows.businessDay !== undefined && !isBusinessDay(on, view.vendor)

/**
 * The nearest day without fault in one direction, at the same time on the wall, not before `floor`. Both
 * rules about days are looked at together, so that they cannot send a moment back and forth between them.
 */
export function nearestGoodDay(
  at: Instant,
  direction: 'earlier' | 'later',
  floor: Instant,
  step: WindowStep,
  view: WindowView,
): Instant | null {
  const zone = wallZoneOf(step)
  const wall = wallOf(at, zone)
  const sign = direction === 'earlier' ? -1 : 1
  for (let days = 1; days <= DAYS_SEARCHED_MAX; days++) {
    const candidate = instantOfWall(wallOfDay(dayOfWall(wall) + sign * days, msIntoDay(wall)), zone)
    if (candidate < floor) return null
    if (dayFault(candidate, step, view) === null) return candidate
  }
  return null
}

// Quiet hours: link 5

export type OpenHours = { readonly from: number; readonly to: number; readonly told: string }

/** Null when the channel is open at any hour. */
export function openHoursOf(step: HoursStep, view: WindowView): OpenHours | null {
  if (step.windows.quiet === 'ignore' || step.channel === 'webhook' || step.channel === 'none') return null
  const hours = view.vendor.openHours[step.channel]
  if (hours === undefined || hours.from === hours.to) return null
  return { from: timeMs(hours.from), to: timeMs(hours.to), told: `${hours.from}–${hours.to}` }
}

export function isOpen(at: Instant, step: HoursStep, view: WindowView): boolean {
  const hours = openHoursOf(step, view)
  return hours === null || zonesOf(step).every((zone) => isOpenIn(zone, at, hours))
}

const zonesOf = (step: HoursStep): readonly Zone[] => [step.recipientZone, ...(step.alsoZones ?? [])]

function isOpenIn(zone: Zone, at: Instant, hours: OpenHours): boolean {
  const now = msIntoDay(wallOf(at, zone))
  return hours.from < hours.to ? now >= hours.from && now < hours.to : now >= hours.from || now < hours.to
}

/** When the channel opens on a day. A change of clocks may leave no opening at all: the caller looks on. */
export const openingOn = (day: number, hours: OpenHours, zone: Zone): Instant =>
  instantOfWall(wallOfDay(day, hours.from), zone)

export function nextOpening(at: Instant, step: WindowStep, view: WindowView): Instant | null {
  const hours = openHoursOf(step, view)
  if (hours === null) return at
  const today = localDayOf(at, step.recipientZone)
  // Their days begin up to a day apart; where it opens last, it is open for all.
  for (let day = today - 1; day <= today + DAYS_SEARCHED_MAX; day++) {
    const openings = zonesOf(step).map((zone) => openingOn(day, hours, zone))
    const first = openings
      .sort((a, b) => a - b)
      .find((opening) => opening >= at && isOpen(opening, step, view))
    if (first !== undefined) return first
  }
  return null
}

// Frequency cap: link 6

export type Cap = {
  readonly max: number
  readonly windowHours: number
  readonly policy: CapPolicy
  /** Sends that count against it, in order of time. */
  readonly taken: readonly Instant[]
}

export function capOf(step: WindowStep, view: WindowView): Cap | null {
  const cap = view.vendor.caps[step.class]
  if (cap === undefined || step.channel === 'none') return null
  const counts = (send: SendView) => send.to === step.recipient && send.class === step.class
  const taken = view.sends.filter(counts).map((send) => send.at)
  return { ...cap, policy: step.windows.cap ?? cap.policy, taken: taken.sort((a, b) => a - b) }
}

export function isUnderCap(at: Instant, step: WindowStep, view: WindowView): boolean {
  const cap = capOf(step, view)
  return cap === null || fits(at, cap)
}

/** The first moment from `at` at which one more does not break the cap; null when there is none. */
export function nextUnderCap(at: Instant, cap: Cap): Instant | null {
  const freed = cap.taken.map((sent) => instant(sent + cap.windowHours * HOUR_MS))
  return [at, ...freed].find((candidate) => candidate >= at && fits(candidate, cap)) ?? null
}

/** No stretch of `windowHours` around the moment may hold more than `max`, planned sends included. */
function fits(at: Instant, cap: Cap): boolean {
  const widthMs = cap.windowHours * HOUR_MS
  const near = cap.taken.filter((sent) => Math.abs(sent - at) < widthMs)
  return [...near, at]
    .filter((start) => start <= at)
    .every((start) => {
      const inside = near.filter((sent) => sent >= start && sent < start + widthMs).length
      return inside + 1 <= cap.max
    })
}

/** Every moment in a stretch at which some window opens: if any moment there is good, one of these is. */
export function openingsBetween(from: Instant, to: Instant, step: WindowStep, view: WindowView): Instant[] {
  const openings: Instant[] = [from, to]
  const hours = openHoursOf(step, view)
  for (let at = from - DAY_MS; at <= to + DAY_MS; at += DAY_MS) {
    const vendorDay = localDayOf(instant(at), view.vendor.zone)
    openings.push(instantOfWall(wallOfDay(vendorDay, 0), view.vendor.zone))
    if (hours === null) continue
    for (const zone of zonesOf(step)) openings.push(openingOn(localDayOf(instant(at), zone), hours, zone))
  }
  const cap = capOf(step, view)
  for (const sent of cap?.taken ?? []) openings.push(instant(sent + cap!.windowHours * HOUR_MS))
  return openings.filter((at) => at >= from && at <= to)
}

/** Decisions of the links, each with what is needed to tell it. */
export const moved = (
  code: 'free_day' | 'business_day' | 'quiet_hours' | 'capped',
  from: Instant,
  to: Instant,
  values: { readonly [key: string]: string | number },
): Decision => ({ code, values: { from: isoOf(from), to: isoOf(to), ...values } })
