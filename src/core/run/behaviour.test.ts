import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, type Instant, instantFrom, isoOf, plusMs } from '../time/instant.ts'
import type { Zone } from '../time/local.ts'
import { localTimeOf } from '../time/zone.ts'
import { answeredAt, type Behaviour, factsThatFit } from './behaviour.ts'

const zone = 'America/Toronto' as Zone
const since = instantFrom('2027-03-01T15:00:00Z')
const question = (days: number | null, node = 'form') => ({
  of: 'couple' as const,
  client: 'anna-ben',
  node,
  visit: 1,
  since,
  until: days === null ? null : plusMs(since, days * DAY_MS),
  zone,
})
const BEHAVIOURS: readonly Behaviour[] = [{ is: 'always', afterDays: 3 }, { is: 'typical' }, { is: 'worst' }]

test('who never answers never does', () => {
  expect(answeredAt({ is: 'never' }, question(7))).toBeNull()
})

test('an answer comes after the question and before its time is over, and by day wherever that is possible', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 200 }),
      fc.string(),
      fc.constantFrom(...BEHAVIOURS),
      (days, node, behaviour) => {
        const asked = question(days, node)
        const at = answeredAt(behaviour, asked)
        if (at === null) {
          expect(behaviour.is === 'always' && days <= 3).toBe(true)
          return
        }
        expect(at).toBeGreaterThan(since)
        expect(at).toBeLessThan(asked.until!)
        const time = localTimeOf(at, zone)
        if (asked.until! - at > 15 * HOUR_MS) expect(time >= '08:00' && time < '21:00').toBe(true)
      },
    ),
  )
})

test('most people answer after about a third of the time, the same question always the same way', () => {
  const late = (node: string): number => answeredAt({ is: 'typical' }, question(30, node))! - since
  const answers = Array.from({ length: 200 }, (_, nth) => late(`form-${nth}`))
  const mean = answers.reduce((sum, one) => sum + one, 0) / answers.length
  expect(mean / DAY_MS).toBeGreaterThan(8)
  expect(mean / DAY_MS).toBeLessThan(12)
  expect(late('form-7')).toBe(answers[7])
})

test('a rate is the share of questions a couple answers; the team does its tasks', () => {
  const asked = Array.from({ length: 500 }, (_, nth) => question(30, `form-${nth}`))
  const answered = asked.filter((one) => answeredAt({ is: 'typical', rate: 0.7 }, one) !== null).length
  expect(answered).toBeGreaterThan(310)
  expect(answered).toBeLessThan(390)
  expect(asked.every((one) => answeredAt({ is: 'typical', rate: 0 }, { ...one, of: 'team' }) !== null)).toBe(
    true,
  )
})

test('the worst case answers on the last day', () => {
  const at: Instant = answeredAt({ is: 'worst' }, question(14))!
  expect(isoOf(at)).toBe('2027-03-15T13:00:00.000Z')
})

test('the event a couple answers with carries the facts that are waited for', () => {
  const all = {
    all: [
      { fact: 'event.form', is: 'equal', value: 'details' },
      { fact: 'event.guests.count', is: 'more', value: 80 },
    ],
  } as const
  expect(factsThatFit({ event: 'form_submitted', if: { all: [...all.all] } })).toEqual({
    form: 'details',
    guests: { count: 81 },
  })
  expect(factsThatFit({ event: 'contract_signed' })).toEqual({})
})
