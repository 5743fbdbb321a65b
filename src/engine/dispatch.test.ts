import { expect, test } from 'vitest'
import { instant, plusMs } from '../core/time/instant.ts'
import { estimateStart, POSITION_MAX, secondsLeft } from './dispatch.ts'

const now = instant(1_800_000_000_000)

test('who is next begins when it is due', () => {
  expect(estimateStart(0, plusMs(now, -5), now, null)).toEqual({ position: 1, orMore: false, startsAt: now })
  expect(estimateStart(0, plusMs(now, 500), now, 10).startsAt).toBe(plusMs(now, 500))
})

test('who stands behind others begins when they are worked off, or when it is due', () => {
  expect(estimateStart(100, now, now, 50)).toEqual({
    position: 101,
    orMore: false,
    startsAt: plusMs(now, 2_000),
  })
  expect(estimateStart(100, plusMs(now, 9_000), now, 50).startsAt).toBe(plusMs(now, 9_000))
})

test('nothing is promised that was not measured', () => {
  expect(estimateStart(3, now, now, null)).toEqual({ position: 4, orMore: false, startsAt: null })
  expect(estimateStart(3, now, now, 0).startsAt).toBeNull()
})

test('work on many is over when the rest has gone at the pace of what went, and nobody says when before anything has', () => {
  const job = { through: 250, total: 1_000, at: plusMs(now, -10_000) }
  expect(secondsLeft(job, now)).toBe(30)
  expect(secondsLeft({ ...job, through: 1_000 }, now)).toBe(0)
  expect([secondsLeft({ ...job, through: 0 }, now), secondsLeft({ ...job, at: now }, now)]).toEqual([
    null,
    null,
  ])
})

test('far back nobody is counted', () => {
  expect(estimateStart(POSITION_MAX + 5, now, now, null)).toMatchObject({
    position: POSITION_MAX + 1,
    orMore: true,
  })
})
