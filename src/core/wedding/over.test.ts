import { expect, test } from 'vitest'
import { instantFrom } from '../time/instant.ts'
import type { LocalDate, LocalTime, Zone } from '../time/local.ts'
import { exampleView, withWedding } from './example-view.ts'
import { isOver } from './over.ts'

const weekBefore = { before: { days: 7 }, of: 'wedding' }
const rome = withWedding('2027-06-12', 'Europe/Rome')

test('a step counted in days towards the wedding is over when its day begins at the venue', () => {
  expect(isOver(weekBefore, rome, instantFrom('2027-06-11T21:59:59Z'))).toBe(false)
  expect(isOver(weekBefore, rome, instantFrom('2027-06-11T22:00:00Z'))).toBe(true)
  expect(isOver(weekBefore, rome, instantFrom('2028-01-01T00:00:00Z'))).toBe(true)
})

test('one counted in hours is over with the hour itself', () => {
  const at = {
    is: 'hour',
    on: '2027-06-12' as LocalDate,
    at: '15:00' as LocalTime,
    zone: 'Europe/Rome' as Zone,
  } as const
  const view = withWedding(at, 'Europe/Rome')
  const rule = { before: { hours: 3 }, of: 'wedding' }
  expect(isOver(rule, view, instantFrom('2027-06-12T12:59:59Z'))).toBe(false)
  expect(isOver(rule, view, instantFrom('2027-06-12T13:00:00Z'))).toBe(true)
})

test('a recorded moment is over with its day, where days are counted', () => {
  const view = withWedding({ is: 'moment', at: instantFrom('2027-06-12T15:00:00Z') }, 'Europe/Rome')
  expect(isOver(weekBefore, view, instantFrom('2027-06-12T06:00:00Z'))).toBe(true)
})

test('what is counted from a date, or towards one nobody knows, is never over', () => {
  const now = instantFrom('2030-01-01T00:00:00Z')
  expect(isOver({ after: { days: 1 }, of: 'wedding' }, rome, now)).toBe(false)
  expect(isOver(weekBefore, withWedding(null, 'Europe/Rome'), now)).toBe(false)
  expect(isOver(weekBefore, exampleView, now)).toBe(false)
  expect(isOver(undefined, rome, now)).toBe(false)
})
