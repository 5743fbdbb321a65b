import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { localDate } from '../time/calendar.ts'
import { instantFrom, isoOf } from '../time/instant.ts'
import type { LocalTime, Zone } from '../time/local.ts'
import { exampleView, withWedding } from './example-view.ts'
import { type EveryRule, resolveRound } from './round.ts'

const FROM = instantFrom('2027-01-31T10:00:00Z')
const LONDON = 'Europe/London' as Zone
const roundsOf = (rule: EveryRule, view = exampleView, from = FROM): string[] => {
  const moments: string[] = []
  for (let count = 0; ; count++) {
    const round = resolveRound(rule, { count, from }, view)
    if (round.is === 'done') return [...moments, String(round.because[0]?.code)]
    moments.push(isoOf(round.nominal!).slice(0, 16))
  }
}

describe('a repeat', () => {
  test('every 14 days until 60 days before the wedding', () => {
    const rule: EveryRule = {
      every: { days: 14 },
      until: { before: { days: 60 }, of: 'wedding' },
      timesMax: 50,
    }
    // 60 days before 29 April is 28 February: the round of that day is still taken, one day less and it is not.
    expect(roundsOf(rule, withWedding('2027-04-28', 'Europe/London'))).toEqual([
      '2027-02-14T10:00',
      'repeat_done',
    ])
    expect(roundsOf(rule, withWedding('2027-04-29', 'Europe/London'))).toEqual([
      '2027-02-14T10:00',
      '2027-02-28T10:00',
      'repeat_done',
    ])
  })

  test('ends with the last day, whatever the hour of the round or of the ceremony', () => {
    const until = { before: { days: 60 }, of: 'wedding' }
    const ceremony = {
      is: 'hour',
      on: localDate('2027-04-29'),
      at: '08:00' as LocalTime,
      zone: LONDON,
    } as const
    expect(roundsOf({ every: { days: 28 }, until, timesMax: 9 }, withWedding(ceremony, LONDON))).toEqual([
      '2027-02-28T10:00',
      'repeat_done',
    ])
  })

  test('each month from the 31st does not shrink to the 28th', () => {
    expect(roundsOf({ every: { months: 1 }, timesMax: 4, at: '09:00' })).toEqual([
      '2027-02-28T09:00',
      '2027-03-31T08:00',
      '2027-04-30T08:00',
      '2027-05-31T08:00',
      'repeat_done',
    ])
  })

  test('parks while the date it runs towards is unknown', () => {
    const rule: EveryRule = { every: { days: 7 }, until: { before: { days: 9 }, of: 'wedding' }, timesMax: 3 }
    expect(resolveRound(rule, { count: 0, from: FROM }, withWedding(null, 'Europe/London', 2))).toEqual({
      is: 'again',
      nominal: null,
      anchor: 'wedding',
      generation: 2,
      zone: 'Europe/London',
      because: [{ code: 'anchor_unknown', values: { anchor: 'wedding', generation: 2 } }],
    })
  })

  test('says why it is done', () => {
    const rule: EveryRule = { every: { days: 7 }, timesMax: 3 }
    expect(resolveRound(rule, { count: 3, from: FROM }, exampleView)).toEqual({
      is: 'done',
      because: [{ code: 'repeat_done', values: { rounds: 3, timesMax: 3 } }],
    })
  })

  test('goes on in time and never more often than it may', () => {
    const anyRule = fc.record({
      every: fc.oneof(
        fc.record({ days: fc.integer({ min: 1, max: 60 }) }),
        fc.record({ months: fc.integer({ min: 1, max: 6 }) }),
        fc.record({ hours: fc.integer({ min: 1, max: 500 }) }),
        fc.record({ businessDays: fc.integer({ min: 1, max: 20 }) }),
      ),
      timesMax: fc.integer({ min: 1, max: 20 }),
    })
    fc.assert(
      fc.property(anyRule, (rule) => {
        const moments = roundsOf(rule)
        expect(moments).toHaveLength(rule.timesMax + 1)
        const dates = moments.slice(0, -1)
        expect([...dates].sort()).toEqual(dates)
        expect(new Set(dates).size).toBe(dates.length)
      }),
    )
  })
})
