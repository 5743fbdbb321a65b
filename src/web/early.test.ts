import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { takeEarly } from './early.ts'

// The page has just been opened.
beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))
afterEach(() => {
  vi.useRealTimers()
  globalThis.__wedsyncEarly = undefined
})

test('an early answer is taken once, and what the app asks itself is not asked early any more', () => {
  const today = Promise.resolve(new Response('{}'))
  globalThis.__wedsyncEarly = new Map([['/today?days=7', today]])
  const asking = (path: string) => takeEarly(new Request(`http://localhost${path}`))
  expect(asking('/today?days=7')).toBe(today)
  expect(asking('/today?days=7')).toBeNull()
  expect(asking('/session')).toBeNull()
  expect([...globalThis.__wedsyncEarly.keys()]).toEqual(['/today?days=7', '/session'])
})
