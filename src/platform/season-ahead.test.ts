import { expect, test } from 'vitest'
import { localDate } from '../core/time/calendar.ts'
import { instantFrom } from '../core/time/instant.ts'
import type { Zone } from '../core/time/local.ts'
import { type Place, seasonRise } from './season-ahead.ts'

const at = (zone: string, region: string | null, weddings: readonly string[] = [], weight = 1): Place => ({
  region,
  zone: zone as Zone,
  weight,
  weddings: new Set(weddings.map(localDate)),
})
const rises = (places: readonly Place[], ...moments: readonly string[]) =>
  moments.map((moment) => seasonRise(places, instantFrom(moment)))

test('from five on a Friday afternoon, where they are, Saturday is prepared for; once it is there nothing more rises', () => {
  const rome = [at('Europe/Rome', 'IT')]
  expect(rises(rome, '2027-06-11T14:59:00Z', '2027-06-11T15:00:00Z', '2027-06-11T22:00:00Z')).toEqual([
    1, 3, 1,
  ])
})

test('a wedding of the house makes its day rise above the week it is in, in season and out of it', () => {
  const friday = '2027-06-11T18:00:00Z'
  expect(rises([at('Europe/Rome', 'IT', ['2027-06-12'])], friday)).toEqual([(3 * 5) / 2])
  // The week begins: from Saturday at noon a wedding next Saturday is still eight days off in Rome.
  expect(rises([at('Europe/Rome', 'IT', ['2027-06-19'])], '2027-06-12T20:00:00Z')).toEqual([2])
})

test('a season that begins tomorrow asks for more today', () => {
  expect(rises([at('Europe/London', 'GB')], '2027-03-31T18:00:00Z', '2027-04-30T18:00:00Z')).toEqual([2, 7.5])
  expect(rises([at('Pacific/Auckland', 'NZ')], '2027-03-31T18:00:00Z')).toEqual([1])
})

test('a place counts by the work that lies there, and where nobody works nothing rises', () => {
  const both = [at('Europe/Rome', 'IT', [], 1), at('America/New_York', 'US', [], 3)]
  expect(rises(both, '2027-06-11T18:00:00Z')).toEqual([1.5])
  expect(rises([], '2027-06-11T18:00:00Z')).toEqual([1])
})
