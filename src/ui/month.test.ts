import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addDays, addMonths, dayAfterKey, dayInMonth, isDay, monthOf, weekday, weeksOf } from './month.ts'

test('a sheet holds whole weeks from Monday, and every day of its month', () => {
  const weeks = weeksOf({ year: 2027, month: 6 })
  expect(weeks[0]).toEqual([
    '2027-05-31',
    '2027-06-01',
    '2027-06-02',
    '2027-06-03',
    '2027-06-04',
    '2027-06-05',
    '2027-06-06',
  ])
  expect(weeks.at(-1)?.at(-1)).toBe('2027-07-04')
  expect(weeks.flat().filter((day) => day.startsWith('2027-06'))).toHaveLength(30)
})

test('weeks can begin on a Sunday', () => {
  expect(weeksOf({ year: 2027, month: 6 }, 7)[0]?.[0]).toBe('2027-05-30')
})

test('the 31st of a month becomes the last day of a shorter one', () => {
  expect(dayInMonth('2027-01-31', { year: 2027, month: 2 })).toBe('2027-02-28')
  expect(dayAfterKey('2028-03-31', 'PageUp')).toBe('2028-02-29')
})

test('keys walk days, weeks and months; others lead nowhere', () => {
  const from = '2027-06-12'
  const keys = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End', 'PageUp', 'PageDown', 'x']
  expect(keys.map((key) => dayAfterKey(from, key))).toEqual([
    '2027-06-11',
    '2027-06-13',
    '2027-06-05',
    '2027-06-19',
    '2027-06-07',
    '2027-06-13',
    '2027-05-12',
    '2027-07-12',
    null,
  ])
})

test('only days that exist are days', () => {
  expect(['2027-02-28', '2027-02-29', '2028-02-29', '27-2-1', ''].filter(isDay)).toEqual([
    '2027-02-28',
    '2028-02-29',
  ])
})

test('months and days count there and back again', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -400, max: 400 }),
      fc.integer({ min: -5000, max: 5000 }),
      (months, days) => {
        const month = { year: 2027, month: 6 }
        expect(addMonths(addMonths(month, months), -months)).toEqual(month)
        expect(addDays(addDays('2027-06-12', days), -days)).toBe('2027-06-12')
        expect(Math.abs(weekday(addDays('2027-06-12', days)) - weekday('2027-06-12') - days) % 7).toBe(0)
        expect(monthOf(dayInMonth('2027-06-30', addMonths(month, months)))).toEqual(addMonths(month, months))
      },
    ),
  )
})
