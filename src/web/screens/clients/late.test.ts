import { expect, test } from 'vitest'
import { choicesFor, fateOf, isLate, lateOf, tellFates } from './late.ts'

const step = (...codes: string[]) => ({ because: codes.map((code) => ({ code })) })

test('what becomes of a late step is the last that was decided about it', () => {
  expect(fateOf(step('nominal', 'waits'))).toBe('planned')
  expect(fateOf(step('nominal', 'late', 'late_skipped', 'left_by'))).toBe('past')
  expect(fateOf(step('late', 'late_sent_now', 'planned', 'sent'))).toBe('at_once')
  expect(fateOf(step('late', 'late_compressed', 'waits', 'sent'))).toBe('later')
  expect(fateOf(step('late', 'late_sent_now', 'late_task', 'task_opened'))).toBe('task')
  expect(fateOf(step('late', 'late_merged'))).toBe('merged')
})

test('only late steps are chosen for, and only another choice than the usual one travels', () => {
  const steps = [
    { node: 'guide', ...step('late', 'late_skipped') },
    { node: 'photo', ...step('late', 'late_compressed', 'waits') },
    { node: 'soon', ...step('nominal', 'waits') },
  ]
  expect(lateOf(steps, { guide: 'send_now', photo: 'compress', soon: 'skip', gone: 'skip' })).toEqual([
    { node: 'guide', choice: 'send_now' },
  ])
})

test('a letter may be told in the next one where the journey can, and a task is done or left out', () => {
  const offered = (kind: string, usual: Parameters<typeof choicesFor>[1]) =>
    choicesFor(kind, usual).map(({ value }) => value)
  expect(offered('module', 'merge')).toEqual(['send_now', 'compress', 'merge', 'skip', 'task'])
  expect(offered('module', 'skip')).toEqual(['send_now', 'compress', 'skip', 'task'])
  expect(offered('action', 'skip')).toEqual(['send_now', 'skip'])
})

test('how late somebody comes is told in a sentence, and what only leads the way is not counted', () => {
  const letter = (...codes: string[]) => ({ kind: 'module', ...step(...codes) })
  const way = { kind: 'delay', ...step('late', 'late_skipped') }
  const planned = [letter('nominal'), letter('nominal'), way]
  expect(isLate(planned)).toBe(false)
  expect(tellFates(planned, 'Ana & Ben')).toBe(
    'Ana & Ben are in good time: two steps come at the moment of their rules.',
  )
  const late = [...planned, letter('late', 'late_skipped'), letter('late', 'late_compressed', 'waits')]
  expect(isLate(late)).toBe(true)
  expect(tellFates(late, 'Ana & Ben')).toBe(
    'Ana & Ben are late for two steps: one is caught up on the following days and one is left out. Two come at the moment of their rules.',
  )
})
