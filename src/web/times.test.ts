import { expect, test } from 'vitest'
import { capital, cityOf, dayIn, fromTodayWords, inWords } from './times.ts'

test('a moment is a day of its zone', () => {
  const at = new Date('2027-06-12T22:30:00Z')
  expect(dayIn(at, 'Europe/Rome')).toBe('2027-06-13')
  expect(dayIn(at, 'America/Toronto')).toBe('2027-06-12')
})

test('zones are called by their city', () => {
  expect(cityOf('America/Argentina/Buenos_Aires')).toBe('Buenos Aires')
  expect(cityOf('UTC')).toBe('UTC')
})

test('how far a day is', () => {
  expect(fromTodayWords('2027-07-17', '2027-06-10')).toBe('in 37 days')
  expect(fromTodayWords('2027-06-10', '2027-06-10')).toBe('today')
  expect(fromTodayWords('2027-06-09', '2027-06-10')).toBe('yesterday')
  expect(fromTodayWords('2027-06-11', '2027-06-10')).toBe('tomorrow')
  expect(fromTodayWords('2027-06-07', '2027-06-10')).toBe('3 days ago')
})

test('numbers of a sentence', () => {
  expect(capital(inWords(3))).toBe('Three')
  expect(inWords(0)).toBe('no')
  expect(inWords(40)).toBe('40')
})
