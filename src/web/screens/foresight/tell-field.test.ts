import { expect, test } from 'vitest'
import { tellField } from './tell-field.ts'

test('a rule is told as its sentence, a text by its words, and what was not there as nothing', () => {
  expect(
    tellField({
      path: '/when',
      before: { before: { days: 14 }, of: 'wedding', at: '09:00' },
      after: { before: { days: 10 }, of: 'wedding', at: '09:00' },
    }),
  ).toEqual({
    name: 'When',
    before: '14 days before wedding at 09:00',
    after: '10 days before wedding at 09:00',
  })
  expect(tellField({ path: '/config/subject', before: null, after: 'Hello' })).toEqual({
    name: 'Subject',
    before: '',
    after: 'Hello',
  })
  expect(tellField({ path: '/late', before: 'skip', after: 'send_now' })).toMatchObject({ after: 'send now' })
})
