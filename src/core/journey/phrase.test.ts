import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type WaitRule, waitRuleSchema } from '../wedding/wait-rule.ts'
import { parsePhrase, phraseOf, tellWait } from './phrase.ts'

const rule = (text: string): WaitRule => {
  const read = parsePhrase(text)
  if (!read.ok) throw new Error(read.problem)
  return read.rule
}

test.each<[string, WaitRule]>([
  ['14 days before wedding', { before: { days: 14 }, of: 'wedding' }],
  ['14 days before the wedding at 09:00', { before: { days: 14 }, of: 'wedding', at: '09:00' }],
  [
    '1 day before wedding at 16:00 venue time',
    { before: { days: 1 }, of: 'wedding', at: '16:00', zone: 'venue' },
  ],
  ['the day before the wedding', { before: { days: 1 }, of: 'wedding' }],
  ['2 business days after booking', { after: { businessDays: 2 }, of: 'booking' }],
  ['first business day after booking', { after: { businessDays: 1 }, of: 'booking' }],
  ['a month after first payment', { after: { months: 1 }, of: 'first_payment' }],
  ['3 days', { after: { days: 3 } }],
  ['in 3 days', { after: { days: 3 } }],
  ['1 week, 2 days and 3 hours', { after: { weeks: 1, days: 2, hours: 3 } }],
  ['3 days from now at 10:00', { after: { days: 3 }, of: 'now', at: '10:00' }],
  ['on 2027-01-05', { on: '2027-01-05' }],
  ['on 2027-01-05 at 10:00 vendor time', { on: '2027-01-05', at: '10:00', zone: 'vendor' }],
  ['on 2027-01-05 in Pacific/Fiji time', { on: '2027-01-05', zone: { fixed: 'Pacific/Fiji' } }],
  ['next 10:00 couple time', { next: '10:00', zone: 'couple' }],
  ["at the couple's local 10:00", { next: '10:00', zone: 'couple' }],
  ['7 days before due:balance', { before: { days: 7 }, of: 'due:balance' }],
  [
    'every 14 days until 60 days before wedding',
    { every: { days: 14 }, until: { before: { days: 60 }, of: 'wedding' }, timesMax: 100 },
  ],
  ['every 3 days at 09:00, at most 4 times', { every: { days: 3 }, at: '09:00', timesMax: 4 }],
])('"%s" is read', (text, expected) => {
  expect(rule(text)).toEqual(expected)
  expect(waitRuleSchema.safeParse(rule(text)).success).toBe(true)
})

test.each([
  [
    '14 dayz before wedding',
    '"14 dayz" is no length of time. Write it like "14 days", "2 business days" or "1 month".',
  ],
  [
    '3 days before easter',
    '"easter" is no date to hang on. Known are wedding, booking, inquiry, first payment, gallery published, due:…, meeting:… and custom:….',
  ],
  ['1 day and 2 days', '"1 day and 2 days" names days twice.'],
  ['3 days, at most 4 times', '"3 days, at most 4 times": only "every …" takes place several times.'],
  ['soon', '"soon" is no length of time. Write it like "14 days", "2 business days" or "1 month".'],
])('"%s" is refused with what to write', (text, problem) => {
  expect(parsePhrase(text)).toEqual({ ok: false, problem })
})

describe('there and back again', () => {
  const units = ['minutes', 'hours', 'days', 'weeks', 'months', 'years', 'businessDays'] as const
  const amount = fc
    .uniqueArray(fc.tuple(fc.constantFrom(...units), fc.nat(10)), {
      minLength: 1,
      maxLength: 3,
      selector: ([unit]) => unit,
    })
    .map((parts) => Object.fromEntries(parts))
  const anchor = fc.constantFrom(
    'wedding',
    'booking',
    'inquiry',
    'first_payment',
    'gallery_published',
    'due:final_balance',
    'meeting:tour',
  )
  const at = fc
    .tuple(fc.nat(23), fc.nat(59))
    .map((parts) => parts.map((n) => String(n).padStart(2, '0')).join(':'))
  const zone = fc.constantFrom('venue' as const, 'vendor' as const, 'couple' as const, {
    fixed: 'America/Argentina/Ushuaia',
  })
  const clock = fc.record({ at, zone }, { requiredKeys: [] })
  const day = fc
    .date({ min: new Date('2020-01-01'), max: new Date('2040-12-31'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10))
  const rules = fc.oneof(
    fc
      .record({ after: amount, of: fc.oneof(anchor, fc.constant('now')) }, { requiredKeys: ['after'] })
      .chain(withClock),
    fc.record({ before: amount, of: anchor }).chain(withClock),
    fc.record({ on: day }).chain(withClock),
    fc.record({ next: at, zone }, { requiredKeys: ['next'] }),
    fc
      .record(
        {
          every: amount,
          until: fc.record({ before: amount, of: anchor }),
          timesMax: fc.integer({ min: 1, max: 400 }),
        },
        { requiredKeys: ['every', 'timesMax'] },
      )
      .chain(withClock),
  )
  function withClock<T extends object>(rule: T): fc.Arbitrary<T> {
    return clock.map((parts) => ({ ...rule, ...parts }))
  }

  test('every rule has a phrase that is read as the same rule', () => {
    fc.assert(
      fc.property(rules, (drawn) => {
        const written = waitRuleSchema.parse(drawn)
        expect(rule(phraseOf(written))).toEqual(written)
      }),
      { numRuns: 1_000 },
    )
  })

  test('any text is either read as a valid rule or refused with a sentence', () => {
    const words = fc.constantFrom(
      'every',
      'until',
      'before',
      'after',
      'wedding',
      '3',
      'days',
      'at',
      '09:00',
      'on',
      'next',
      'the',
      'and',
      ',',
      'at most',
      'times',
    )
    fc.assert(
      fc.property(fc.array(words, { maxLength: 9 }), (parts) => {
        const read = parsePhrase(parts.join(' '))
        if (!read.ok) expect(read.problem).toMatch(/\.$/)
        else if (!('timesMax' in read.rule)) expect(waitRuleSchema.safeParse(read.rule).success).toBe(true)
      }),
      { numRuns: 1_000 },
    )
  })
})

test.each([
  [{ after: { days: 0 }, of: 'due:balance', at: '09:00' }, 'the day the balance is due at 09:00'],
  [{ before: { days: 0 }, of: 'wedding' }, 'the day of the wedding'],
  [{ before: { days: 10 }, of: 'wedding' }, '10 days before the wedding'],
  [{ before: { days: 0, hours: 3 }, of: 'wedding' }, '0 days and 3 hours before the wedding'],
  [{ after: { days: 2 }, of: 'due:final_balance' }, '2 days after the final balance is due'],
  [
    { after: { days: 1 }, of: 'first_payment', zone: 'couple' },
    '1 day after the first payment in couple time',
  ],
  [{ before: { hours: 2 }, of: 'meeting:venue_tour' }, '2 hours before the venue tour'],
  [{ after: { days: 3 }, of: 'now' }, '3 days from now'],
  [
    { every: { days: 14 }, until: { before: { days: 60 }, of: 'custom:rehearsal' }, timesMax: 3 },
    'every 14 days until 60 days before the rehearsal, at most 3 times',
  ],
] as const)(
  'in a sentence a date has its article, and no days before or after it are that day',
  (rule, told) => expect(tellWait(rule as never)).toBe(told),
)
