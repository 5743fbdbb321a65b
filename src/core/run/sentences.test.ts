import { expect, test } from 'vitest'
import { instantFrom } from '../time/instant.ts'
import type { Zone } from '../time/local.ts'
import type { DecisionCode } from './decision.ts'
import { SENTENCES, sentenceOf } from './sentences.ts'
import type { Teller } from './teller.ts'

const teller: Teller = {
  zone: 'America/Toronto' as Zone,
  now: instantFrom('2027-05-01T12:00:00Z'),
  names: { partner_b: 'Will' },
}
const say = (code: DecisionCode, values: { [key: string]: string | number | boolean | null | object }) =>
  sentenceOf({ code, values: values as never }, teller)

test('every code is a whole sentence, even when its values are missing', () => {
  for (const code of Object.keys(SENTENCES) as DecisionCode[]) {
    const told = sentenceOf({ code }, teller)
    expect(told, code).toMatch(/^["A-Z0-9].*[.]$/)
    expect(told, code).not.toMatch(/undefined|null|NaN|\[object|!/)
  }
})

test('the reason is said in the same breath, with its day, hour and place', () => {
  expect(say('free_day', { from: '2027-06-19T14:00:00Z', to: '2027-06-17T14:00:00Z' })).toBe(
    'You work a wedding on Sat 19 June, so it goes on Thu 17 June 10:00 Toronto.',
  )
  expect(say('no_address', { to: 'partner_b', channel: 'sms' })).toBe('Will has no phone number.')
  expect(say('capped', { max: 1, windowHours: 72, to: '2027-06-17T14:00:00Z' })).toBe(
    'They hear from you at most once in 3 days, so it goes on Thu 17 June 10:00 Toronto.',
  )
  expect(
    say('nominal', {
      rule: { before: { days: 28 }, of: 'wedding', at: '10:00' },
      to: '2028-06-17T14:00:00Z',
    }),
  ).toBe('The rule is "28 days before the wedding at 10:00": Sat 17 June 2028 10:00 Toronto.')
})

test('a decision says which fact it rested on, and nothing personal', () => {
  const tags = { fact: 'client.tags', is: 'contains', want: 'engagement_session', holds: false }
  expect(say('otherwise_chosen', { why: [[tags]] })).toBe(
    'None of the cases held because the tags do not include engagement session.',
  )
  const answer = { fact: 'answers.details.diet', is: 'equal', holds: true }
  expect(say('case_chosen', { exit: 'vegan', why: [answer] })).toBe(
    'The way "vegan" was taken because the answer to "diet" fits.',
  )
})

test('whoever did it is told by role, and a hold by its cause', () => {
  expect(say('skipped_by_person', { by: 'owner' })).toBe('The owner left it out.')
  expect(say('held', { reason: 'hold:reply' })).toBe('Nothing new starts: they have written back.')
})
