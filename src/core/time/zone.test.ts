import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dateOfWall, dayNumber, localDate, localTime, timeMs, wallOfDay } from './calendar.ts'
import { DAY_MS, type Instant, instant, instantFrom, isoOf } from './instant.ts'
import type { Wall, Zone } from './local.ts'
import {
  instantOf,
  instantOfWall,
  lastTimeOfDay,
  localDateOf,
  nextTimeOfDay,
  parseZone,
  startOfDay,
  wallOf,
} from './zone.ts'

const ZONES = Intl.supportedValuesOf('timeZone') as Zone[]
const anyZone = fc.constantFrom(...ZONES)
/** A quarter of the moments lie within a day of a change of clocks. */
const anyMoment = fc
  .tuple(
    anyZone,
    fc.integer({ min: 0, max: Date.UTC(2060, 0, 1) }),
    fc.integer({ min: -DAY_MS, max: DAY_MS }),
  )
  .chain(([zone, at, near]) => {
    const change = Temporal.Instant.fromEpochMilliseconds(at)
      .toZonedDateTimeISO(zone)
      .getTimeZoneTransition('next')
    const close = change === null ? at : change.epochMilliseconds + near
    return fc.tuple(fc.constant(zone), fc.constantFrom(at, at, at, close).map(instant))
  })

describe('what was kept says what Temporal says', () => {
  test('no zone changes its clocks and changes them back within three days', () => {
    const quick: string[] = []
    for (const zone of ZONES) {
      let last = Number.NEGATIVE_INFINITY
      let change = Temporal.Instant.from('1970-01-01T00:00Z')
        .toZonedDateTimeISO(zone)
        .getTimeZoneTransition('next')
      while (change !== null && change.year < 2050) {
        if (change.epochMilliseconds - last < 3 * DAY_MS) quick.push(`${zone} ${change.toString()}`)
        last = change.epochMilliseconds
        change = change.getTimeZoneTransition('next')
      }
    }
    expect(quick).toEqual([])
  })

  test('from a moment to the wall', () => {
    fc.assert(
      fc.property(anyMoment, ([zone, at]) => {
        const theirs = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone)
        expect(wallOf(at, zone)).toBe(Date.parse(`${theirs.toPlainDateTime().toString()}Z`))
        expect(localDateOf(at, zone)).toBe(theirs.toPlainDate().toString())
        const start = theirs.toPlainDate().toZonedDateTime(zone).epochMilliseconds
        expect(startOfDay(localDateOf(at, zone), zone)).toBe(start)
      }),
      { numRuns: 3_000 },
    )
  })

  test('from the wall to a moment: gaps later by the gap, overlaps the earlier reading', () => {
    fc.assert(
      fc.property(anyMoment, fc.integer({ min: -180, max: 180 }), ([zone, at], minutes) => {
        const wall = (wallOf(at, zone) + minutes * 60_000) as Wall
        const plain = Temporal.PlainDateTime.from(new Date(wall).toISOString().slice(0, -1))
        expect(instantOfWall(wall, zone)).toBe(plain.toZonedDateTime(zone).epochMilliseconds)
      }),
      { numRuns: 3_000 },
    )
  })

  test('asked in any order and any number of times, a question has one answer', () => {
    const zone = 'Europe/Rome' as Zone
    const wanted = instantOf(localDate('2027-06-12'), localTime('10:00'), zone)
    // More midnights and more zones than are kept.
    for (let day = 0; day < 9_000; day++) wallOf(instant(day * DAY_MS), zone)
    for (const other of ZONES) wallOf(wanted, other)
    expect(instantOf(localDate('2027-06-12'), localTime('10:00'), zone)).toBe(wanted)
    expect(isoOf(wanted)).toBe('2027-06-12T08:00:00.000Z')
  })
})

test('a wall read from a moment leads back to it, unless it is shown twice', () => {
  fc.assert(
    fc.property(anyMoment, ([zone, at]) => {
      const back = instantOfWall(wallOf(at, zone), zone)
      expect(back).toBeLessThanOrEqual(at)
      expect(wallOf(back, zone)).toBe(wallOf(at, zone))
    }),
    { numRuns: 2_000 },
  )
})

test('the next time of day is at or after, the last at or before, both within two days', () => {
  fc.assert(
    fc.property(anyMoment, fc.integer({ min: 0, max: 1_439 }), ([zone, at], minute) => {
      const next = nextTimeOfDay(at, minute * 60_000, zone)
      const last = lastTimeOfDay(at, minute * 60_000, zone)
      expect(next).toBeGreaterThanOrEqual(at)
      expect(last).toBeLessThanOrEqual(at)
      // Samoa's lost day and a change of clocks on top.
      expect(next - at).toBeLessThanOrEqual(2 * DAY_MS + 3_600_000)
      expect(at - last).toBeLessThanOrEqual(2 * DAY_MS + 3_600_000)
    }),
    { numRuns: 2_000 },
  )
})

test('a zone is a place this runtime knows', () => {
  expect(parseZone('Europe/Rome')).toBe('Europe/Rome')
  expect(parseZone('UTC')).toBe('UTC')
  for (const text of ['', '+02:00', 'Mars/Olympus', 'Europe/Rome; drop', '../etc']) {
    expect(parseZone(text)).toBeNull()
  }
})

test('a year of a thousand couples costs seconds, not minutes', () => {
  const couples = ZONES.slice(0, 50)
  const first = dayNumber(localDate('2026-01-01'))
  const ten = timeMs(localTime('10:00'))
  const begun = performance.now()
  let days = 0
  for (let count = 0; count < 200_000; count++) {
    const zone = couples[count % couples.length]!
    const at: Instant = instantOfWall(wallOfDay(first + (count % 540), ten), zone)
    days += dateOfWall(wallOf(at, zone)).length
  }
  const microseconds = ((performance.now() - begun) * 1_000) / 400_000
  expect(days).toBe(2_000_000)
  // 0.4 µs on a quiet machine; asking Temporal each time takes 2–4. The guard is loose: it fails on a lost cache.
  expect(microseconds).toBeLessThan(5)
})

test('an instant is read with its offset or not at all', () => {
  expect(isoOf(instantFrom('2027-05-01T10:00:00+02:00'))).toBe('2027-05-01T08:00:00.000Z')
  for (const text of ['2027-05-01', '2027-05-01T10:00:00', '2026-06-31T10:00:00Z', 'now']) {
    expect(() => instantFrom(text)).toThrow(RangeError)
  }
})
