import { expect, test } from 'vitest'
import { hoursOf, hoursProblems } from './hours.ts'

test('hours are two times in their order, however they are typed, or none', () => {
  expect(hoursProblems('9', '5:30 pm')).toEqual({ from: null, to: null })
  expect(hoursOf('9', '5:30 pm')).toEqual({ from: '09:00', to: '17:30' })
  expect(hoursProblems('', ' ')).toEqual({ from: null, to: null })
  expect(hoursOf('', '')).toBeNull()
})

test('what is wrong is said at the hour it is wrong with', () => {
  expect(hoursProblems('08:00', '')).toEqual({ from: 'Both hours, or none.', to: null })
  expect(hoursProblems('20:00', '8')).toEqual({ from: 'It ends before it begins.', to: null })
  expect(hoursProblems('08:00', 'late')).toEqual({ from: null, to: 'A time such as 14:30.' })
})
