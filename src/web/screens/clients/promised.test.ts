import { expect, test } from 'vitest'
import { lateWords, onTime, otherwise, wereKept } from './promised.ts'

const of = (kept: number, late = 0, left_out = 0, not_delivered = 0) => ({
  kept,
  late,
  left_out,
  not_delivered,
  ahead: 0,
})

test.each([
  [of(41, 1, 1), '41 of 43 promises came on time.', 'One came late, one was left out.'],
  [of(3), 'All three promises came on time.', null],
  [of(1), 'The one promise came on time.', null],
  [of(0, 0, 0, 1), 'The one promise was not kept.', 'It did not arrive.'],
  [of(0, 2, 3), 'None of five promises came on time.', 'Two came late, three were left out.'],
])('%o', (counts, first, second) => {
  expect([onTime(counts), otherwise(counts)]).toEqual([first, second])
})

test('on the page of a couple they were kept', () => {
  expect([of(1), of(2), of(1, 1)].map(wereKept)).toEqual([
    'The one promise was kept.',
    'Both promises were kept.',
    'One of two promises was kept.',
  ])
})

test.each([
  [16, '16 minutes late'],
  [60, 'One hour late'],
  [47 * 60, '47 hours late'],
  [48 * 60, 'Two days late'],
  [400 * 24 * 60, '400 days late'],
])('%i minutes are %s', (minutes, words) => expect(lateWords(minutes)).toBe(words))
