import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { soonHere } from './soon-here.ts'

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('location', { pathname: '/clients' })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test('who stays has it in the address a moment later', () => {
  const said = vi.fn()
  soonHere(said, 180)
  vi.advanceTimersByTime(179)
  expect(said).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(said).toHaveBeenCalledOnce()
})

test('who has gone to another room is not brought back, nor is who writes on hurried', () => {
  const said = vi.fn()
  soonHere(said, 180)
  vi.stubGlobal('location', { pathname: '/journeys' })
  vi.advanceTimersByTime(1_000)
  soonHere(said, 180)()
  vi.advanceTimersByTime(1_000)
  expect(said).not.toHaveBeenCalled()
})
