import { expect, test } from 'vitest'
import type { NodeId } from '../../../core/ids.ts'
import type { Journey } from '../../../core/journey/graph.ts'
import {
  BURST_PAUSE_MS,
  begun,
  chosen,
  edited,
  type History,
  redone,
  STEPS_BACK_MAX,
  undone,
} from './history.ts'

const named = (name: string): Journey => ({ name }) as unknown as Journey
const says = (history: History): string => history.now.document.name
const type = (history: History, name: string, at: number, burst = 'name'): History =>
  edited(history, { document: named(name), step: null, label: 'Rename', burst }, at)

test('a burst of typing is one step back, and one forward again', () => {
  let history = begun(named(''))
  for (const [index, text] of ['W', 'We', 'Wel'].entries()) history = type(history, text, index * 100)
  expect(history.past).toHaveLength(1)
  expect(says(undone(history))).toBe('')
  expect(says(redone(undone(history)))).toBe('Wel')
})

test.each([
  ['a pause', (history: History) => type(history, 'b', BURST_PAUSE_MS + 1)],
  ['another field', (history: History) => type(history, 'b', 1, 'subject')],
  ['another step', (history: History) => type(chosen(history, 'x' as NodeId), 'b', 1)],
  [
    'something else between',
    (history: History) =>
      type(edited(history, { document: named('c'), step: null, label: 'Add' }, 1), 'b', 2),
  ],
])('%s begins a new step', (_, then) => {
  const after = then(type(begun(named('')), 'a', 0))
  expect(says(undone(after))).not.toBe('')
})

test('an edit after an undo forgets what was undone; choosing does not', () => {
  const two = type(type(begun(named('')), 'a', 0, 'one'), 'b', 1, 'two')
  expect(redone(chosen(undone(two), 'x' as NodeId)).now.document.name).toBe('b')
  expect(type(undone(two), 'c', 2, 'three').future).toEqual([])
})

test('nothing is remembered without end, and nothing is before the beginning', () => {
  let history = begun(named('0'))
  for (let i = 1; i <= STEPS_BACK_MAX + 50; i++) history = type(history, String(i), i, String(i))
  expect(history.past).toHaveLength(STEPS_BACK_MAX)
  const start = begun(named('0'))
  expect(undone(start)).toBe(start)
  expect(redone(start)).toBe(start)
})
