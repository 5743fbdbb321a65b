import { expect, test } from 'vitest'
import { heard, isStalled, type Progress, STALL_MS } from './progress.ts'

const fresh: Progress = { lookedAt: 0, movedAt: 0, busy: false }

test('an idle worker lives as long as it looks', () => {
  let progress = fresh
  for (let now = 0; now < 10 * STALL_MS; now += 2_000) {
    progress = heard(progress, 'looked', false, now)
    expect(isStalled(progress, now + 2_000)).toBe(false)
  }
})

test('a worker that neither looks nor moves is given up after the length of a lease', () => {
  const progress = heard(fresh, 'looked', false, 1_000)
  expect(isStalled(progress, 1_000 + STALL_MS)).toBe(false)
  expect(isStalled(progress, 1_001 + STALL_MS)).toBe(true)
})

test('looking is not enough while batches hang', () => {
  let progress = fresh
  for (let now = 0; now <= STALL_MS + 1_000; now += 1_000) progress = heard(progress, 'looked', true, now)
  expect(isStalled(progress, STALL_MS + 1_001)).toBe(true)
  expect(isStalled(heard(progress, 'moved', true, STALL_MS + 1_002), STALL_MS + 1_003)).toBe(false)
})

test('who was idle for long is not stalled the moment work comes', () => {
  const idle = heard(fresh, 'looked', false, 100 * STALL_MS)
  expect(isStalled(heard(idle, 'looked', true, 100 * STALL_MS + 10), 100 * STALL_MS + 20)).toBe(false)
})
