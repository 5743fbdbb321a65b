import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { afterFirstPaint, onItsWay } from './after-first-paint.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }))
afterEach(() => void vi.useRealTimers())

const asked = () => {
  const answer = Promise.withResolvers<void>()
  void onItsWay(() => answer.promise)
  return answer
}

test('on a quick line it begins after a second', async () => {
  const begun: number[] = []
  const from = performance.now()
  afterFirstPaint(() => void begun.push(performance.now() - from))
  await vi.advanceTimersByTimeAsync(1_100)
  expect(begun).toEqual([1_000])
})

test('what nobody has opened yet waits for the room, its parts, and what these ask for', async () => {
  let begun = false
  const part = asked()
  afterFirstPaint(() => {
    begun = true
  })
  await vi.advanceTimersByTimeAsync(2_000)
  expect(begun).toBe(false)
  part.resolve()
  await vi.advanceTimersByTimeAsync(100)
  // Drawn, the part asks for its own.
  const figures = asked()
  await vi.advanceTimersByTimeAsync(1_000)
  expect(begun).toBe(false)
  figures.resolve()
  await vi.advanceTimersByTimeAsync(300)
  expect(begun).toBe(true)
})

test('who leaves before it began is not followed', async () => {
  let begun = false
  const part = asked()
  const forget = afterFirstPaint(() => {
    begun = true
  })
  await vi.advanceTimersByTimeAsync(1_500)
  forget()
  part.resolve()
  await vi.advanceTimersByTimeAsync(5_000)
  expect(begun).toBe(false)
})

test('an answer that never comes keeps it for no longer than eight seconds', async () => {
  let begun = false
  asked()
  afterFirstPaint(() => {
    begun = true
  })
  await vi.advanceTimersByTimeAsync(7_900)
  expect(begun).toBe(false)
  await vi.advanceTimersByTimeAsync(300)
  expect(begun).toBe(true)
})
