import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { latestUndo } from '../ui/toasts.ts'

const heardBy = new Map<string, () => void>()
const page = { hidden: false }
vi.stubGlobal('location', { origin: 'http://localhost' })
vi.stubGlobal('document', page)
vi.stubGlobal('addEventListener', (type: string, on: () => void) => heardBy.set(type, on))
const { holdBack } = await import('./held-back.ts')
const { dismiss } = await import('../ui/toasts.ts')

let done: string[] = []
const yes = (id: string, does = async () => void done.push(id)) =>
  holdBack({ id, says: `${id} is approved`, does })

beforeEach(() => {
  vi.useFakeTimers()
  done = []
  page.hidden = false
})
afterEach(() => {
  vi.useRealTimers()
})

test('as long as Undo stands there it undoes, however long one rests on it; then it is done, once', () => {
  yes('a letter')
  vi.advanceTimersByTime(20_000)
  expect(done).toEqual([])
  const shown = latestUndo()!
  shown.undo!()
  expect(latestUndo()).toBeNull()
  yes('another')
  dismiss(latestUndo()!.id)
  vi.advanceTimersByTime(60_000)
  expect(done).toEqual(['another'])
})

test('a message that is never looked at again does not keep it, nor does one that is pushed off the screen', () => {
  yes('one')
  vi.advanceTimersByTime(30_000)
  expect(done).toEqual(['one'])
  for (const id of ['two', 'three', 'four', 'five']) yes(id)
  expect(done).toEqual(['one', 'two'])
  page.hidden = true
  heardBy.get('visibilitychange')!()
  expect(done).toEqual(['one', 'two', 'three', 'four', 'five'])
  expect(latestUndo()).toBeNull()
})

test('what is refused is told by its name, and can be pressed again', async () => {
  yes('a lost one', () => Promise.reject(new Error('the line is down')))
  heardBy.get('pagehide')!()
  await vi.advanceTimersByTimeAsync(0)
  const { toasts } = await import('../ui/toasts.ts')
  expect(toasts().at(-1)).toMatchObject({ failed: true })
  expect(toasts().at(-1)!.says).toContain('a lost one is approved')
  yes('a lost one')
  heardBy.get('pagehide')!()
  expect(done).toEqual(['a lost one'])
})
