import { expect, test } from 'vitest'
import { isWhole, readTime, timeAfterKey, timeProblem } from './time-of-day.ts'

test.each([
  ['14:30', '14:30'],
  ['9', '09:00'],
  ['930', '09:30'],
  ['1430', '14:30'],
  [' 9.30 ', '09:30'],
  ['14h30', '14:30'],
  ['14h', '14:00'],
  ['2:30 pm', '14:30'],
  ['2pm', '14:00'],
  ['12 a.m.', '00:00'],
  ['12:15 PM', '12:15'],
])('“%s” is %s', (typed, at) => {
  expect(readTime(typed)).toBe(at)
  expect(timeProblem(typed)).toBeNull()
})

test.each(['24:00', '14:60', '14:3', '13 pm', '0 am', 'noon', '-1', '12345'])(
  '“%s” is no time, and whoever typed it is told how one looks',
  (typed) => {
    expect(readTime(typed)).toBeNull()
    expect(timeProblem(typed)).toBe('A time such as 14:30.')
  },
)

test('nothing typed is nothing wrong', () => {
  expect(timeProblem(' ')).toBeNull()
})

test('only what was typed to its end is taken before the field is left', () => {
  expect(['1', '14', '14:', '14:3', '14:30', '9:30', '1430'].filter(isWhole)).toEqual(['14:30', '9:30'])
})

test('keys walk quarters and hours round the clock; others lead nowhere', () => {
  const walked = (at: string) =>
    ['ArrowUp', 'ArrowDown', 'PageUp', 'PageDown'].map((key) => timeAfterKey(at, key))
  expect(walked('14:30')).toEqual(['14:45', '14:15', '15:30', '13:30'])
  expect(walked('14:37')).toEqual(['14:45', '14:30', '15:37', '13:37'])
  expect(walked('23:50')).toEqual(['00:00', '23:45', '00:50', '22:50'])
  expect(walked('00:00')).toEqual(['00:15', '23:45', '01:00', '23:00'])
  expect(timeAfterKey('14:30', 'x')).toBeNull()
})
