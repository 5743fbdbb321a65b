import { expect, test } from 'vitest'
import { daysBetween, tellWhen, tellWhere } from './steps.ts'

test('the year is said when it is another one', () => {
  const now = '2027-06-10T08:42:00.000Z'
  expect(tellWhen('2027-06-17T14:00:00.000Z', 'America/Toronto', now)).not.toContain('2027')
  expect(tellWhen('2028-06-17T14:00:00.000Z', 'America/Toronto', now)).toContain('2028')
  expect(tellWhen('2028-06-17T14:00:00.000Z', 'America/Toronto', now)).toContain('10:00')
  expect(tellWhere('2028-06-17T14:00:00.000Z', 'America/Toronto')).toContain('Toronto')
})

test('days are counted by the calendar of the place, also over a change of the clocks', () => {
  expect(daysBetween('2027-03-13T14:00:00Z', '2027-03-15T13:00:00Z', 'America/Toronto')).toBe(2)
  expect(daysBetween('2027-07-17T14:00:00Z', '2027-09-04T14:00:00Z', 'Europe/Rome')).toBe(49)
})
