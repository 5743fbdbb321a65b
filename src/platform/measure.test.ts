import { expect, test } from 'vitest'
import { instant } from '../core/time/instant.ts'
import { busiest, perSecondOf, perWorkerPerSecond, scalingFacts } from './measure.ts'
import { SCALING } from './scaling.ts'

test('a rush in the next minute is not hidden by a quiet hour', () => {
  // 600 overdue; 1,200 more within a minute, nothing then until the hour's last stretch.
  expect(busiest(600, [1_800, 1_800, 1_800, 1_800 + 2_700])).toBe(20)
  expect(busiest(0, [0, 0, 0, 27_000])).toBe(10)
  expect(busiest(50, [50, 50, 50, 50])).toBe(0)
})

test('what a worker gets done is learnt from busy looks alone, each worker against itself', () => {
  const then = [{ pid: 1, busyShare: 1, done: 1_000 }]
  const told = (pid: number, busyShare: number, done: number) => [{ pid, busyShare, done }]
  expect(perWorkerPerSecond(null, then, told(1, 0.5, 2_000), 5)).toBe(400)
  expect(perWorkerPerSecond(null, then, told(1, 0.1, 1_001), 5)).toBe(null)
  // Another process under another number, or the same one begun anew, tells nothing about this second.
  expect(perWorkerPerSecond(300, then, told(2, 1, 5_000), 5)).toBe(300)
  expect(perWorkerPerSecond(300, then, told(1, 1, 10), 5)).toBe(300)
  expect(perWorkerPerSecond(300, then, told(1, 0.5, 2_000), 5)).toBeCloseTo(330)
})

test('what is being worked off is smoothed over the looks, and a new process counts from its second look', () => {
  const told = (pid: number, done: number) => ({ pid, busyShare: 1, done })
  expect(perSecondOf(0, [told(1, 0)], [told(1, 5_000), told(2, 9_000)], 5)).toBe(300)
  expect(perSecondOf(300, [told(1, 5_000)], [told(1, 5_000)], 5)).toBe(210)
  expect(perSecondOf(300, [told(1, 5_000)], [told(1, 10)], 0)).toBe(300)
})

test('urgent work is held against the share that is kept for it', () => {
  const workers = {
    now: instant(0),
    alive: 4,
    busyShare: 0.5,
    perWorkerPerSecond: 100,
    perSecond: 200,
    seasonRise: 1,
    changedAt: null,
  }
  const ahead = { backlog: 0, oldestMs: 0, expectedPerSecond: 0, urgentPerSecond: 40 }
  expect(scalingFacts(ahead, workers, SCALING).weddingShare).toBe(0.5)
  expect(scalingFacts(ahead, { ...workers, perWorkerPerSecond: null }, SCALING).weddingShare).toBe(0)
})
