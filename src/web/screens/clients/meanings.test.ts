import { expect, test } from 'vitest'
import { meaningWord, ownField } from './meanings.ts'

test('a column of one’s own gets a name that a field can have', () => {
  expect(ownField('Notes (private!)')).toBe('field:notes_private')
  expect(ownField('2nd shooter?')).toBe('field:nd_shooter')
  expect(ownField('Größe')).toBe('field:gro_e')
  expect(ownField('!!')).toBe('field:note')
})

test('what a column means is said in words', () => {
  expect(meaningWord('partner_b_email')).toBe('The other: email')
  expect(meaningWord('field:notes')).toBe('Kept as a field of your own')
})
