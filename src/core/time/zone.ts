import { dateOfWall, dayNumber, dayOfWall, timeOfWall, wallAt, wallOfDay } from './calendar.ts'
import { DAY_MS, type Instant } from './instant.ts'
import type { LocalDate, LocalTime, Wall, Zone } from './local.ts'

/**
 * Between instants and walls. Gaps go later by the gap, overlaps take the earlier reading (*compatible*).
 *
 * The zone data are the runtime's, read through Temporal, which costs 2–4 µs each time. So the offset at
 * every UTC midnight that was asked for is kept, and a conversion is an addition wherever the offsets around
 * it agree; only near a change of clocks is Temporal asked for the very moment. The memory is bounded and
 * holds nothing but answers Temporal would give again: same input, same answer.
 *
 * It rests on one fact about zones: none changes its clocks and changes them back within three days. The
 * test beside this file asks every zone whether that is so.
 */
const ZONES_KEPT_MAX = 128
const MIDNIGHTS_KEPT_MAX = 8_192

const midnightsOf = new Map<Zone, Map<number, number>>()

/**
 * Places whose clocks go as those of another place, whatever the runtime's data say: so the simulator and the tests
 * live through another release of them. Nobody else does.
 */
let clocksOf: ReadonlyMap<string, Zone> = new Map()
export function playZoneData(clocks: Readonly<Record<string, string>>): void {
  clocksOf = new Map(Object.entries(clocks).map(([zone, other]) => [zone, other as Zone]))
  midnightsOf.clear()
}
const clocksIn = (zone: Zone): Zone => clocksOf.get(zone) ?? zone

export function wallOf(at: Instant, zone: Zone): Wall {
  return (at + offsetAt(at, zone)) as Wall
}

export function instantOfWall(wall: Wall, zone: Zone): Instant {
  // No place is more than 24 hours from Greenwich: the offset in force is one of these two days around.
  const day = dayOfWall(wall)
  const before = offsetAtMidnight(day - 1, zone)
  if (before === offsetAtMidnight(day + 2, zone)) return (wall - before) as Instant
  return plainOf(wall).toZonedDateTime(clocksIn(zone), { disambiguation: 'compatible' })
    .epochMilliseconds as Instant
}

export const instantOf = (date: LocalDate, time: LocalTime, zone: Zone): Instant =>
  instantOfWall(wallAt(date, time), zone)

/** The first moment of a day, which is not midnight everywhere: in Cairo a day in April begins at one. */
export function startOfDay(date: LocalDate, zone: Zone): Instant {
  const day = dayNumber(date)
  const before = offsetAtMidnight(day - 1, zone)
  if (before === offsetAtMidnight(day + 2, zone)) return (day * DAY_MS - before) as Instant
  return Temporal.PlainDate.from(date).toZonedDateTime(clocksIn(zone)).epochMilliseconds as Instant
}

export const localDateOf = (at: Instant, zone: Zone): LocalDate => dateOfWall(wallOf(at, zone))
export const localTimeOf = (at: Instant, zone: Zone): LocalTime => timeOfWall(wallOf(at, zone))
/** The day as a number, for comparing and counting. */
export const localDayOf = (at: Instant, zone: Zone): number => dayOfWall(wallOf(at, zone))

const GAP_OF_A_DAY_MS = 12 * 3_600_000

/**
 * The moment a day counted *backwards* has at this time. Where the place left the day out (Samoa had no
 * 30 December 2011), the day before it: "one day before" must never become the day itself.
 */
export function instantCountedBack(day: number, msIntoDay: number, zone: Zone): Instant {
  for (let earlier = day; ; earlier--) {
    const wall = wallOfDay(earlier, msIntoDay)
    const at = instantOfWall(wall, zone)
    if (wallOf(at, zone) - wall < GAP_OF_A_DAY_MS) return at
  }
}

/** The first time this o'clock comes at or after a moment. */
export function nextTimeOfDay(from: Instant, msIntoDay: number, zone: Zone): Instant {
  for (let day = localDayOf(from, zone); ; day++) {
    const at = instantOfWall(wallOfDay(day, msIntoDay), zone)
    if (at >= from) return at
  }
}

/** The last time this o'clock came at or before a moment. */
export function lastTimeOfDay(from: Instant, msIntoDay: number, zone: Zone): Instant {
  for (let day = localDayOf(from, zone); ; day--) {
    const at = instantOfWall(wallOfDay(day, msIntoDay), zone)
    if (at <= from) return at
  }
}

/** A zone this runtime knows by name, or null; offsets such as "+02:00" are no place and have no summer. */
export function parseZone(text: string): Zone | null {
  if (!/^[A-Za-z][A-Za-z0-9_+\-/]{0,59}$/.test(text)) return null
  try {
    new Temporal.ZonedDateTime(0n, text)
    return text as Zone
  } catch {
    return null
  }
}

function offsetAt(at: Instant, zone: Zone): number {
  const day = Math.floor(at / DAY_MS)
  const before = offsetAtMidnight(day, zone)
  return before === offsetAtMidnight(day + 1, zone) ? before : readOffset(at, zone)
}

function offsetAtMidnight(day: number, zone: Zone): number {
  let midnights = midnightsOf.get(zone)
  if (midnights === undefined) {
    if (midnightsOf.size >= ZONES_KEPT_MAX) midnightsOf.clear()
    midnights = new Map()
    midnightsOf.set(zone, midnights)
  }
  const known = midnights.get(day)
  if (known !== undefined) return known
  if (midnights.size >= MIDNIGHTS_KEPT_MAX) midnights.clear()
  const offset = readOffset(day * DAY_MS, zone)
  midnights.set(day, offset)
  return offset
}

const readOffset = (at: number, zone: Zone): number =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(clocksIn(zone)).offsetNanoseconds / 1e6

function plainOf(wall: Wall): Temporal.PlainDateTime {
  const at = new Date(wall)
  return new Temporal.PlainDateTime(
    at.getUTCFullYear(),
    at.getUTCMonth() + 1,
    at.getUTCDate(),
    at.getUTCHours(),
    at.getUTCMinutes(),
    at.getUTCSeconds(),
    at.getUTCMilliseconds(),
  )
}
