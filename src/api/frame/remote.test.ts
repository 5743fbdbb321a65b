import { expect, test } from 'vitest'
import { seenThrough } from './remote.ts'

const LINE = '10.0.0.1'

test('without a proxy of our own the line is believed, whatever a header says', () => {
  expect(seenThrough(0, LINE, undefined)).toBe(LINE)
  expect(seenThrough(0, LINE, '198.51.100.7')).toBe(LINE)
})

test('each proxy of ours is counted from the end: what was written before them is nobody’s word', () => {
  expect(seenThrough(1, LINE, '203.0.113.9')).toBe('203.0.113.9')
  expect(seenThrough(1, LINE, '198.51.100.7, 203.0.113.9')).toBe('203.0.113.9')
  expect(seenThrough(2, LINE, '198.51.100.7,203.0.113.9 , 10.0.0.2')).toBe('203.0.113.9')
})

test('who came past a proxy came from nowhere that is known', () => {
  expect(seenThrough(1, LINE, undefined)).toBeUndefined()
  expect(seenThrough(2, LINE, '203.0.113.9')).toBeUndefined()
})
