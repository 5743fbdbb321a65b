import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  JITTER_MAX,
  nextAttempt,
  RETRY_AFTER_MS_MAX,
  type RetryView,
  scheduleFor,
  waitMsAfter,
} from './retry.ts'
import { HOUR_MS, instant, instantFrom, plusMs } from './time/instant.ts'

const NOW = instantFrom('2027-06-11T10:00:00Z')
const view = (change: Partial<RetryView> = {}): RetryView => ({
  daysToWedding: 40,
  deadline: null,
  now: NOW,
  random01: 0,
  providerRetryAfterMs: null,
  ...change,
})
const waits = (change: Partial<RetryView>): (number | string)[] => {
  const found: (number | string)[] = []
  for (let attempt = 1; ; attempt++) {
    const next = nextAttempt(attempt, view(change))
    if (next.is === 'exhausted') return [...found, next.by]
    found.push(next.waitMs)
  }
}

describe('the schedule', () => {
  test('three attempts, two seconds, then four', () => {
    expect(waits({})).toEqual([2_000, 4_000, 'attempts'])
  })

  test('in the week of the wedding six, from half a second', () => {
    for (const daysToWedding of [0, 7]) {
      expect(waits({ daysToWedding })).toEqual([500, 1_000, 2_000, 4_000, 8_000, 'attempts'])
    }
    for (const daysToWedding of [8, -1, null]) expect(waits({ daysToWedding })).toHaveLength(3)
  })

  test('with a deadline that leaves room it outlasts an eight-hour outage', () => {
    let now = NOW
    const deadline = plusMs(NOW, 24 * HOUR_MS)
    for (let attempt = 1; ; attempt++) {
      const next = nextAttempt(attempt, view({ daysToWedding: 1, deadline, now }))
      if (next.is === 'exhausted') break
      expect(next.waitMs).toBeLessThanOrEqual(300_000)
      now = next.at
    }
    expect((now - NOW) / HOUR_MS).toBeGreaterThan(8)
  })

  test('stops at the deadline rather than try too late', () => {
    const deadline = plusMs(NOW, 1_999)
    expect(nextAttempt(1, view({ deadline }))).toEqual({ is: 'exhausted', by: 'deadline', attemptsMax: 3 })
    expect(nextAttempt(1, view({ deadline: plusMs(NOW, 2_000) }))).toEqual({
      is: 'again',
      at: plusMs(NOW, 2_000),
      waitMs: 2_000,
      attemptsMax: 3,
    })
  })

  test('a provider that asks for patience gets it, up to a day', () => {
    expect(waits({ providerRetryAfterMs: 60_000 })).toEqual([60_000, 60_000, 'attempts'])
    expect(waits({ providerRetryAfterMs: 1_000 })).toEqual([2_000, 4_000, 'attempts'])
    expect(waits({ providerRetryAfterMs: 1e12 })).toEqual([
      RETRY_AFTER_MS_MAX,
      RETRY_AFTER_MS_MAX,
      'attempts',
    ])
    expect(waits({ providerRetryAfterMs: -5 })).toEqual([2_000, 4_000, 'attempts'])
  })
})

test('whatever happens: no gap below the schedule or the provider’s wish, none beyond the jitter, none after the deadline', () => {
  const anyView = fc.record({
    daysToWedding: fc.option(fc.integer({ min: -400, max: 400 })),
    deadline: fc.option(fc.integer({ min: -HOUR_MS, max: 24 * HOUR_MS }).map((ms) => plusMs(NOW, ms))),
    now: fc.constant(NOW),
    random01: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    providerRetryAfterMs: fc.option(fc.integer({ min: 0, max: 2 * HOUR_MS })),
  })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200 }), anyView, (attempt, one) => {
      const schedule = scheduleFor(one)
      const floor = Math.max(waitMsAfter(attempt, schedule), one.providerRetryAfterMs ?? 0)
      const next = nextAttempt(attempt, one)
      expect(next.attemptsMax).toBe(schedule.attemptsMax)
      if (next.is === 'exhausted') {
        const outOfTime = one.deadline !== null && NOW + floor * (1 + JITTER_MAX) > one.deadline
        expect(next.by === 'attempts' ? attempt >= schedule.attemptsMax : outOfTime).toBe(true)
        return
      }
      expect(attempt).toBeLessThan(schedule.attemptsMax)
      expect(next.at).toBe(instant(NOW + next.waitMs))
      expect(next.waitMs).toBeGreaterThanOrEqual(floor)
      expect(next.waitMs).toBeLessThanOrEqual(Math.ceil(floor * (1 + JITTER_MAX)))
      if (one.deadline !== null) expect(next.at).toBeLessThanOrEqual(one.deadline)
    }),
    { numRuns: 2_000 },
  )
})
