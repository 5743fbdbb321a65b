import type { Decision } from '../run/decision.ts'
import { dayOfWall, msIntoDay, wallOfDay } from '../time/calendar.ts'
import { DAY_MS, type Instant, instant, isoOf, MINUTE_MS } from '../time/instant.ts'
import { instantOfWall, localTimeOf, wallOf } from '../time/zone.ts'
import {
  capOf,
  closedAt,
  DAYS_SEARCHED_MAX,
  dayFault,
  freeDayOf,
  isOpen,
  moved,
  nearestGoodDay,
  nextOpening,
  nextUnderCap,
  openHoursOf,
  openingsBetween,
  type WindowName,
  type WindowStep,
  type WindowView,
  wallZoneOf,
} from './send-window.ts'

/**
 * Links 3 to 7 of a wait: a moment is pushed through the vendor's days, the business days, the recipient's
 * hours and the caps until nothing moves it any more, and then held against the deadline.
 *
 * What holds of every answer `at`:
 *   P1  it is not before `now`, and never after the deadline;
 *   P2  it lies inside every window, or a `deadline_wins` names those it lies outside of;
 *   P3  pushed through again it stays where it is.
 */
export type PushStep = WindowStep & { readonly deadline: Instant | null }

export type Pushed =
  | { readonly is: 'at'; readonly at: Instant; readonly because: readonly Decision[] }
  | { readonly is: 'skip'; readonly because: readonly Decision[] }
  | { readonly is: 'merge'; readonly because: readonly Decision[] }
  /** A human has to see to it: the deadline has passed, or the windows leave no moment at all. */
  | { readonly is: 'escalate'; readonly because: readonly Decision[] }

export const ROUNDS_MAX = 10
/** What is brought before its deadline keeps off the very moment if it can: whoever wakes for it comes a little later. */
export const ROOM_BEFORE_DEADLINE_MS = 15 * MINUTE_MS

/** `now` is when the plan is made: looking for an earlier day must not find one that is over. */
export function pushThrough(wished: Instant, step: PushStep, view: WindowView, now: Instant): Pushed {
  const from = wished < now ? now : wished
  const { deadline } = step
  if (deadline !== null && now > deadline) {
    const values = { at: isoOf(from), deadline: isoOf(deadline) }
    return { is: 'escalate', because: [{ code: 'deadline_missed', values }] }
  }
  const settled = settle(from, step, view, now)
  if (settled.is === 'skip' || settled.is === 'merge') return settled
  if (settled.is === 'at' && (deadline === null || settled.at <= deadline)) return settled
  return deadline === null ? settled : beforeDeadline(from, deadline, step, view, now, settled.because)
}

/** Round and round until a whole round moves nothing. Links that undo each other end by all going later. */
function settle(from: Instant, step: PushStep, view: WindowView, now: Instant): Pushed {
  const because: Decision[] = []
  const seen = new Set<Instant>([from])
  let at = from
  let onlyLater = false
  for (let round = 1; round <= ROUNDS_MAX; round++) {
    const told = because.length
    for (const link of [throughDays, throughQuietHours, throughCap]) {
      const passed = link(at, step, view, now, onlyLater)
      because.push(...passed.because)
      if (passed.is === 'skip' || passed.is === 'merge') return { is: passed.is, because }
      if (passed.is === 'escalate') return { is: 'escalate', because: [...because, unsettled(at, round)] }
      at = passed.at
    }
    // Not `at` as it was: a day earlier and a cap a day later look the same from outside.
    if (because.length === told) return { is: 'at', at, because }
    onlyLater ||= seen.has(at)
    seen.add(at)
  }
  return { is: 'escalate', because: [...because, unsettled(at, ROUNDS_MAX)] }
}

const unsettled = (at: Instant, rounds: number): Decision => ({
  code: 'windows_unsettled',
  values: { at: isoOf(at), rounds },
})

type Link = (at: Instant, step: PushStep, view: WindowView, now: Instant, onlyLater: boolean) => Pushed

const stays = (at: Instant): Pushed => ({ is: 'at', at, because: [] })
const nowhere: Pushed = { is: 'escalate', because: [] }

const throughDays: Link = (at, step, view, now, onlyLater) => {
  const fault = dayFault(at, step, view)
  if (fault === null) return stays(at)
  const wanted = (fault.is === 'free_day' ? freeDayOf(step) : step.windows.businessDay) ?? 'later'
  const earlier = wanted === 'earlier' && !onlyLater ? nearestGoodDay(at, 'earlier', now, step, view) : null
  const to = earlier ?? nearestGoodDay(at, 'later', now, step, view)
  if (to === null) return nowhere
  const values = { day: fault.on, rule: wanted, zone: view.vendor.zone }
  return { is: 'at', at: to, because: [moved(fault.is, at, to, values)] }
}

const throughQuietHours: Link = (at, step, view) => {
  const hours = openHoursOf(step, view)
  if (hours === null || isOpen(at, step, view)) return stays(at)
  const zone = step.recipientZone
  const values = { open: hours.told, time: localTimeOf(at, zone), zone, channel: step.channel }
  if (step.windows.quiet === 'skip') {
    return { is: 'skip', because: [{ code: 'quiet_skipped', values: { at: isoOf(at), ...values } }] }
  }
  const to = nextOpening(at, step, view)
  return to === null ? nowhere : { is: 'at', at: to, because: [moved('quiet_hours', at, to, values)] }
}

const throughCap: Link = (at, step, view) => {
  const cap = capOf(step, view)
  if (cap === null) return stays(at)
  const to = nextUnderCap(at, cap)
  if (to === at) return stays(at)
  const values = { max: cap.max, windowHours: cap.windowHours, class: step.class }
  if (cap.policy !== 'later') {
    const code = cap.policy === 'merge' ? 'cap_merged' : 'cap_skipped'
    return { is: cap.policy, because: [{ code, values: { at: isoOf(at), ...values } }] }
  }
  return to === null ? nowhere : { is: 'at', at: to, because: [moved('capped', at, to, values)] }
}

/** What is given up for a deadline, least harm first: a night message disturbs more than one too many. */
const GIVEN_UP: readonly (readonly WindowName[])[] = [
  [],
  ['cap'],
  ['cap', 'business_day'],
  ['cap', 'business_day', 'free_day'],
  ['cap', 'business_day', 'free_day', 'quiet_hours'],
]

/**
 * The windows lead past the deadline. The best moment before it is looked for: one inside all windows if there
 * is any, at the wished time of day if possible, near the wished moment; else the deadline wins over as few
 * windows as it must, and says over which.
 */
function beforeDeadline(
  wished: Instant,
  deadline: Instant,
  step: PushStep,
  view: WindowView,
  now: Instant,
  tried: readonly Decision[],
): Pushed {
  const from = instant(Math.max(now, deadline - DAYS_SEARCHED_MAX * DAY_MS))
  const latest = instant(Math.max(from, deadline - ROOM_BEFORE_DEADLINE_MS))
  const sameTime = sameTimeBetween(wished, from, deadline, step)
  const rank = (at: Instant) => (at > latest ? 2 : sameTime.has(at) ? 0 : 1)
  const candidates = [...new Set([...sameTime, latest, ...openingsBetween(from, deadline, step, view)])]
    .sort((a, b) => rank(a) - rank(b) || Math.abs(a - wished) - Math.abs(b - wished) || a - b)
    .map((at) => ({ at, closed: closedAt(at, step, view) }))
  for (const givenUp of GIVEN_UP) {
    const best = candidates.find(({ closed }) => closed.every((name) => givenUp.includes(name)))
    if (best === undefined) continue
    const values = { from: isoOf(wished), to: isoOf(best.at), deadline: isoOf(deadline), over: best.closed }
    return { is: 'at', at: best.at, because: [...tried, { code: 'deadline_wins', values }] }
  }
  throw new Error('giving up every window left no moment between now and the deadline')
}

function sameTimeBetween(wished: Instant, from: Instant, to: Instant, step: PushStep): Set<Instant> {
  const zone = wallZoneOf(step)
  const time = msIntoDay(wallOf(wished, zone))
  const found = new Set<Instant>(wished >= from && wished <= to ? [wished] : [])
  const last = dayOfWall(wallOf(to, zone))
  for (let day = dayOfWall(wallOf(from, zone)); day <= last; day++) {
    const at = instantOfWall(wallOfDay(day, time), zone)
    if (at >= from && at <= to) found.add(at)
  }
  return found
}
