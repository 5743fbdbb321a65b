import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { soonHere } from './soon-here.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('who stays has it in the address a moment later', () => {
  const said: string[] = []
  soonHere(
    () => said.push('nina'),
    180,
    () => '/clients',
  )
  vi.advanceTimersByTime(179)
  expect(said).toEqual([])
  vi.advanceTimersByTime(1)
  expect(said).toEqual(['nina'])
})

test('who has gone to another room is not brought back, nor is who writes on hurried', () => {
  const said: string[] = []
  let room = '/clients'
  soonHere(
    () => said.push('nina'),
    180,
    () => room,
  )
  room = '/journeys'
  vi.advanceTimersByTime(1_000)
  soonHere(
    () => said.push('nina'),
    180,
    () => room,
  )()
  vi.advanceTimersByTime(1_000)
  expect(said).toEqual([])
})
