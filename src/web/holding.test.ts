import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { dismiss, latestUndo } from '../ui/toasts.ts'
import { holding } from './holding.ts'

let done: string[] = []
let failures: string[] = []
const { away, holdBack, carryOutAll } = holding(({ says }, error) => void failures.push(`${says}: ${error}`))
const yes = (id: string, does = async () => void done.push(id)) =>
  holdBack({ ids: [id], says: `${id} is approved`, does })

beforeEach(() => {
  vi.useFakeTimers()
  done = []
  failures = []
})
afterEach(() => {
  vi.useRealTimers()
})

test('as long as Undo stands there it undoes, however long one rests on it; then it is done, once', () => {
  yes('a letter')
  expect([...away()]).toContain('a letter')
  vi.advanceTimersByTime(20_000)
  expect(done).toEqual([])
  const shown = latestUndo()!
  shown.undo!()
  expect(latestUndo()).toBeNull()
  expect([...away()]).not.toContain('a letter')
  yes('another')
  dismiss(latestUndo()!.id)
  vi.advanceTimersByTime(60_000)
  expect(done).toEqual(['another'])
})

test('what is not looked at again does not wait for ever, nor what is pushed off the screen; leaving the page does the rest', () => {
  yes('one')
  vi.advanceTimersByTime(30_000)
  expect(done).toEqual(['one'])
  for (const id of ['two', 'three', 'four', 'five']) yes(id)
  expect(done).toEqual(['one', 'two'])
  carryOutAll()
  expect(done).toEqual(['one', 'two', 'three', 'four', 'five'])
  expect(latestUndo()).toBeNull()
})

test('what is refused is told by its name, comes back, and can be pressed again', async () => {
  yes('a lost one', () => Promise.reject('the line is down'))
  carryOutAll()
  await vi.advanceTimersByTimeAsync(0)
  expect(failures).toEqual(['a lost one is approved: the line is down'])
  yes('a lost one')
  carryOutAll()
  expect(done).toEqual(['a lost one'])
})

test('several alike go, and come back, as one', () => {
  const both = { ids: ['a', 'b'], says: 'both', does: async () => void done.push('both') }
  holdBack(both)
  yes('b')
  expect(['a', 'b'].every((id) => away().has(id))).toBe(true)
  latestUndo()!.undo!()
  expect(['a', 'b'].some((id) => away().has(id))).toBe(false)
  carryOutAll()
  expect(done).toEqual([])
})
