import fc from 'fast-check'
import { expect, test } from 'vitest'
import { instant, instantFrom, isoOf } from './instant.ts'
import { quarterNamed, quarterOf, quartersBetween } from './quarter.ts'

const moment = fc.integer({ min: Date.UTC(1971, 0, 1), max: Date.UTC(2120, 0, 1) }).map((ms) => instant(ms))

test('a quarter begins with its first month and ends where the next begins', () => {
  const quarter = quarterOf(instantFrom('2027-05-10T12:00:00Z'))
  expect([quarter.name, isoOf(quarter.from), isoOf(quarter.until)]).toEqual([
    '2027q2',
    '2027-04-01T00:00:00.000Z',
    '2027-07-01T00:00:00.000Z',
  ])
  expect(quarterOf(quarter.until).name).toBe('2027q3')
  expect(quarterOf(instantFrom('2027-12-31T23:59:59.999Z')).name).toBe('2027q4')
})

test('every moment lies in its quarter, whose name reads back as the same', () => {
  fc.assert(
    fc.property(moment, (at) => {
      const quarter = quarterOf(at)
      expect(quarter.from <= at && at < quarter.until).toBe(true)
      expect(quarterNamed(quarter.name)).toEqual(quarter)
    }),
  )
  expect(quarterNamed('default')).toBe(null)
})

test('the quarters between two moments follow each other without a gap', () => {
  fc.assert(
    fc.property(moment, fc.nat(2_000), (first, days) => {
      const last = instant(first + days * 86_400_000)
      const all = quartersBetween(first, last)
      expect(all[0]).toEqual(quarterOf(first))
      expect(all.at(-1)).toEqual(quarterOf(last))
      for (const [i, one] of all.slice(1).entries()) expect(one.from).toBe(all[i]?.until)
    }),
  )
})
