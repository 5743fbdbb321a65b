import { expect, test } from 'vitest'
import { localDate, monthOf, weekdayOf } from '../core/time/calendar.ts'
import { instantFrom } from '../core/time/instant.ts'
import type { LocalDate, Zone } from '../core/time/local.ts'
import { localDateOf } from '../core/time/zone.ts'
import { imaginedBook, imaginedVendor } from './imagined.ts'

const COUPLES = 3_000
const book = (region: string, zone: Zone) => {
  // Twelve months of inquiries, so that no month of them is asked twice.
  const from = instantFrom('2027-01-01T12:00:00Z')
  const couples = imaginedBook(COUPLES, from, 20, zone, imaginedVendor(zone, region, 'photographer'))
  const share = (days: readonly LocalDate[], is: (day: LocalDate) => boolean) =>
    days.filter(is).length / days.length
  const weddings = couples.map(({ view }) => {
    const wedding = view.anchors.wedding?.value
    return wedding?.is === 'day' ? wedding.on : localDate('1900-01-01')
  })
  const inquiries = couples.map(({ since }) => localDateOf(since, zone))
  return {
    saturdays: share(weddings, (day) => weekdayOf(day) === 6),
    october: share(weddings, (day) => monthOf(day) === 10),
    august: share(weddings, (day) => monthOf(day) === 8),
    january: share(weddings, (day) => monthOf(day) === 1),
    asked: share(inquiries, (day) => monthOf(day) === 1),
  }
}

test('an imagined book is as busy as its region: weddings in its season and on its days, inquiries after Christmas', () => {
  const gb = book('GB', 'Europe/London' as Zone)
  // 41.9 of 100 weddings are on a Saturday, 14 of 100 inquiries come in January.
  expect(gb.saturdays).toBeCloseTo(0.419, 1)
  expect(gb.asked).toBeCloseTo(0.14, 1)
  expect(gb.august).toBeGreaterThan(3 * gb.january)
  const us = book('US', 'America/New_York' as Zone)
  expect(us.october).toBeGreaterThan(1.5 * us.august)
  expect(us.saturdays).toBeGreaterThan(gb.saturdays + 0.1)
})

test('the same words imagine the same book', () => {
  expect(book('FR', 'Europe/Paris' as Zone)).toEqual(book('FR', 'Europe/Paris' as Zone))
})
