import { expect, test } from 'vitest'
import { bookedToWedding } from '../../../../test/fixtures/booked-to-wedding.ts'
import type { Journey } from '../../../core/journey/graph.ts'
import { instantFrom, isoOf } from '../../../core/time/instant.ts'
import { exampleView } from '../../../core/wedding/example-view.ts'
import type { WhenWedding } from '../designer/modes.ts'
import { lookAhead, type SeenStep, warningsOf } from './ahead.ts'

const now = instantFrom('2026-11-21T10:00:00Z')
const clock = () => 0
const look = (when: WhenWedding, document: object = bookedToWedding) =>
  lookAhead(document as Journey, exampleView, now, when, 'silent', clock)

test('the same couple, married in 14 months, in six weeks and in five days', () => {
  const late = (when: WhenWedding) => {
    const told = look(when)
    if (told.is !== 'ahead') throw new Error(told.is)
    return told.ahead.steps.filter((step) => step.codes.some((code) => code.startsWith('late_'))).length
  }
  expect(late('in_14_months')).toBe(0)
  expect(late('in_6_weeks')).toBeGreaterThan(0)
  expect(late('in_5_days')).toBeGreaterThan(late('in_6_weeks'))
})

test('a journey with errors is not run ahead, and says how many there are', () => {
  const broken = { ...bookedToWedding, edges: bookedToWedding.edges.slice(1) }
  expect(look('as_it_is', broken)).toMatchObject({ is: 'errors' })
})

test('three messages to one person on a day, and one on the wedding day, want a look', () => {
  const step = (key: string, at: string): SeenStep => ({
    key,
    node: key,
    name: key,
    kind: 'module',
    type: 'email',
    what: 'send',
    at: instantFrom(at),
    zone: 'Europe/London' as never,
    recipients: ['partner_a'],
    why: '',
    assumes: [],
    codes: [],
  })
  const day = ['a', 'b', 'c'].map((key, hour) => step(key, `2027-06-01T0${hour + 7}:00:00Z`))
  const told = warningsOf([...day, step('d', '2027-06-12T09:00:00Z')], '2027-06-12' as never)
  expect(told.map(({ says }) => says)).toEqual([
    '3 messages reach the same person on one day, “a” among them.',
    '“d” goes on their wedding day.',
  ])
  expect(warningsOf(day.slice(1), null)).toEqual([])
  expect(told[0]!.at && isoOf(told[0]!.at)).toBe('2027-06-01T07:00:00.000Z')
})
