import { expect, test } from 'vitest'
import { localDate } from './calendar.ts'
import { instantFrom } from './instant.ts'
import type { Zone } from './local.ts'
import { placeOf, tellDay, tellMoment } from './spoken.ts'

test('a moment is told with its day, its hour and its place', () => {
  const at = instantFrom('2027-06-17T14:00:00Z')
  expect(tellMoment(at, 'America/Toronto' as Zone)).toBe('Thu 17 June 2027 10:00 Toronto')
  expect(tellMoment(at, 'Pacific/Auckland' as Zone)).toBe('Fri 18 June 2027 02:00 Auckland')
})

test('a day is told without an hour, a place without its continent', () => {
  expect(tellDay(localDate('2028-02-29'))).toBe('Tue 29 February 2028')
  expect(placeOf('America/Argentina/Buenos_Aires' as Zone)).toBe('Buenos Aires')
  expect(placeOf('UTC' as Zone)).toBe('UTC')
})
