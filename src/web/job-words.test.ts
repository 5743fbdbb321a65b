import { expect, test } from 'vitest'
import { jobDetail, lineWords } from './job-words.ts'

test('how long it takes and who stands before it, in words; nothing where nobody knows', () => {
  expect(lineWords({ position: 3, secondsLeft: 40 })).toBe('about 40 s left, 3rd in line')
  expect(lineWords({ position: 1, secondsLeft: 0 })).toBe('about 1 s left')
  expect([170, 5_400, 7_300].map((secondsLeft) => lineWords({ position: 1, secondsLeft }))).toEqual([
    'about 3 min left',
    'about 90 min left',
    'about 2 h left',
  ])
  expect([2, 11, 12, 21, 22, 111].map((position) => lineWords({ position, secondsLeft: null }))).toEqual(
    ['2nd', '11th', '12th', '21st', '22nd', '111th'].map((one) => `${one} in line`),
  )
  expect(lineWords({ position: null, secondsLeft: null })).toBeNull()
  expect(jobDetail({ refused: 2, position: 1, secondsLeft: 9 }, 'left out')).toEqual({
    detail: '2 left out, about 9 s left',
  })
  expect(jobDetail({ refused: 0, position: null, secondsLeft: null }, 'left out')).toEqual({})
})
