import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { instant, MINUTE_MS, plusMs } from '../core/time/instant.ts'
import { decideScale, SCALING, type ScalingFacts } from './scaling.ts'

const now = instant(1_800_000_000_000)
const calm: ScalingFacts = {
  now,
  alive: 4,
  busyShare: 0.5,
  backlog: 0,
  oldestMs: 0,
  perWorkerPerSecond: 100,
  expectedPerSecond: 50,
  seasonRise: 1,
  perSecond: 200,
  weddingShare: 0.1,
  emergency: false,
  changedAt: null,
}
const codes = (facts: Partial<ScalingFacts>) => {
  const { wanted, reasons } = decideScale({ ...calm, ...facts })
  return [wanted, ...reasons.map((one) => one.code)]
}

describe('the number of workers', () => {
  test('stays while they are neither busy nor idle', () => {
    expect(codes({})).toEqual([4, 'steady'])
    expect(codes({ busyShare: 0.79 })).toEqual([4, 'steady'])
    expect(codes({ busyShare: 0.21 })).toEqual([4, 'steady'])
  })

  test('grows at eighty per cent, so far that it is about half busy then', () => {
    expect(codes({ busyShare: 0.8 })).toEqual([7, 'busy'])
    expect(codes({ alive: 1, busyShare: 0.8 })).toEqual([2, 'busy'])
  })

  test('shrinks at twenty per cent by halves, after the cool-down, never below two', () => {
    expect(codes({ alive: 16, busyShare: 0.1 })).toEqual([8, 'idle'])
    expect(codes({ alive: 3, busyShare: 0 })).toEqual([2, 'idle'])
    expect(codes({ alive: 2, busyShare: 0 })).toEqual([2, 'steady'])
    expect(codes({ alive: 16, busyShare: 0.1, changedAt: plusMs(now, -4 * MINUTE_MS) })).toEqual([
      16,
      'cooling_down',
    ])
    expect(codes({ alive: 16, busyShare: 0.1, changedAt: plusMs(now, -5 * MINUTE_MS) })).toEqual([8, 'idle'])
  })

  test('is not fooled by an idle look while the truth has a backlog', () => {
    expect(codes({ busyShare: 0, backlog: 10 })).toEqual([4, 'steady'])
    expect(codes({ busyShare: 0, backlog: 60_000 })).toEqual([10, 'backlog'])
  })

  test('grows before the season and the weddings need it', () => {
    expect(codes({ expectedPerSecond: 800 })).toEqual([10, 'forecast'])
    expect(codes({ seasonRise: 4 })).toEqual([10, 'season'])
    expect(codes({ alive: 10, busyShare: 0.05, seasonRise: 4 })).toEqual([10, 'steady'])
    // Nothing is multiplied that was not measured, and a quiet house stays small however high the season.
    expect(codes({ seasonRise: 4, perWorkerPerSecond: null })).toEqual([4, 'steady'])
    expect(codes({ alive: 2, busyShare: 0.01, seasonRise: 75, perSecond: 1 })).toEqual([2, 'steady'])
    expect(codes({ weddingShare: 0.8 })).toEqual([5, 'wedding_load'])
    expect(codes({ alive: 10, busyShare: 0.05, expectedPerSecond: 800 })).toEqual([10, 'steady'])
  })

  test('jumps to the maximum in an emergency', () => {
    expect(codes({ emergency: true })).toEqual([50, 'emergency'])
  })

  test('an off-season costs at least sixty per cent less than its peak', () => {
    let alive = 20
    for (let i = 0; i < 10; i += 1)
      alive = decideScale({ ...calm, alive, busyShare: 0.05, expectedPerSecond: 5 }).wanted
    expect(alive).toBe(2)
  })
})

const anyFacts = fc.record({
  now: fc.constant(now),
  alive: fc.integer({ min: 0, max: 60 }),
  busyShare: fc.double({ min: 0, max: 1, noNaN: true }),
  backlog: fc.nat(10_000_000),
  oldestMs: fc.nat(10_000_000),
  perWorkerPerSecond: fc.option(fc.double({ min: 0, max: 50_000, noNaN: true })),
  expectedPerSecond: fc.double({ min: 0, max: 100_000, noNaN: true }),
  seasonRise: fc.double({ min: 1, max: 75, noNaN: true }),
  perSecond: fc.double({ min: 0, max: 100_000, noNaN: true }),
  weddingShare: fc.double({ min: 0, max: 3, noNaN: true }),
  emergency: fc.boolean(),
  changedAt: fc.option(fc.integer({ min: 0, max: 20 * MINUTE_MS }).map((ago) => plusMs(now, -ago))),
})

test('whatever the facts: within the limits, with a reason, more load never fewer workers', () => {
  fc.assert(
    fc.property(anyFacts, fc.double({ min: 0, max: 1, noNaN: true }), (facts, more) => {
      const decision = decideScale(facts)
      expect(decision.wanted).toBeGreaterThanOrEqual(SCALING.min)
      expect(decision.wanted).toBeLessThanOrEqual(SCALING.max)
      expect(decision.reasons.length).toBeGreaterThan(0)
      expect(decision.reserved).toBe(0.2)
      const busier = decideScale({ ...facts, busyShare: Math.max(facts.busyShare, more) })
      expect(busier.wanted).toBeGreaterThanOrEqual(decision.wanted)
    }),
  )
})

test('a decision takes less than a millisecond', () => {
  const startedAt = performance.now()
  for (let i = 0; i < 1_000; i += 1) decideScale({ ...calm, busyShare: i / 1_000 })
  expect((performance.now() - startedAt) / 1_000).toBeLessThan(1)
})
