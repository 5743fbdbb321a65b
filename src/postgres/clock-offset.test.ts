import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bestAt, doubtAt, type Offset, offsetOf, SAMPLES_MAX, withMeasurement } from './clock-offset.ts'

test('the server’s clock is always within the doubt, however the way there and back is split', () => {
  const trip = fc.double({ min: 0, max: 500, noNaN: true })
  const start = fc.double({ min: 0, max: 1e7, noNaN: true })
  fc.assert(
    fc.property(
      start,
      trip,
      trip,
      fc.double({ min: -1e9, max: 1e9, noNaN: true }),
      (sentLocal, there, back, ahead) => {
        const answeredAt = sentLocal + there
        const offset = offsetOf({ sentLocal, receivedLocal: answeredAt + back, server: answeredAt + ahead })
        expect(Math.abs(offset.offsetMs - ahead)).toBeLessThanOrEqual(offset.doubtMs + 1e-3)
      },
    ),
  )
})

const measured = (measuredLocal: number, doubtMs: number, offsetMs = 100): Offset => ({
  measuredLocal,
  doubtMs,
  offsetMs,
})

test('the shortest round trip is believed until drift makes a newer one better', () => {
  const quick = measured(0, 1)
  const slow = measured(5_000, 3)
  expect(bestAt([quick, slow], 5_000)).toBe(quick)
  expect(doubtAt(quick, 5_000)).toBeCloseTo(2)
  const fresh = measured(20_000, 2)
  expect(bestAt([quick, slow, fresh], 20_000)).toBe(fresh)
  expect(bestAt([], 0)).toBeNull()
})

test('a clock that was set makes all earlier measurements worthless', () => {
  const before = [measured(0, 1), measured(5_000, 1)]
  const after = measured(10_000, 20, 3_600_100)
  expect(withMeasurement(before, after)).toEqual([after])
  const agrees = measured(10_000, 20, 115)
  expect(withMeasurement(before, agrees)).toEqual([...before, agrees])
})

test('only the last minute is kept', () => {
  let offsets: readonly Offset[] = []
  for (let i = 0; i < 40; i++) offsets = withMeasurement(offsets, measured(i * 5_000, 1))
  expect(offsets.map(({ measuredLocal }) => measuredLocal / 5_000)).toEqual(
    Array.from({ length: SAMPLES_MAX }, (_, i) => 40 - SAMPLES_MAX + i),
  )
})
