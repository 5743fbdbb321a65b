import { expect, test } from 'vitest'
import type { LocalDate } from '../time/local.ts'
import { strangeDay } from './believable.ts'

const today = '2027-02-28' as LocalDate

test('a year that was mistyped is asked about, and an old book is believed', () => {
  expect(strangeDay('9999-06-12', today)).toBe(
    '9999-06-12 is more than 10 years ahead: is the year right? A date of a couple lies between 1997-02-28 and 2037-02-28.',
  )
  expect(strangeDay('0202-06-12', today)).toContain('more than 30 years ago: is the year right?')
  expect(strangeDay('1987-06-12', today)).not.toBeNull()
  for (const on of ['1997-02-28', '2001-09-01', '2027-06-12', '2037-02-28'])
    expect(strangeDay(on, today)).toBeNull()
})
