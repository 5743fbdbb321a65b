import { expect, test } from 'vitest'
import { fateOf } from './late.ts'

const step = (...codes: string[]) => ({ because: codes.map((code) => ({ code })) })

test('what becomes of a late step is the last that was decided about it', () => {
  expect(fateOf(step('nominal', 'waits'))).toBe('planned')
  expect(fateOf(step('nominal', 'late', 'late_skipped', 'left_by'))).toBe('past')
  expect(fateOf(step('late', 'late_sent_now', 'planned', 'sent'))).toBe('at_once')
  expect(fateOf(step('late', 'late_compressed', 'waits', 'sent'))).toBe('later')
  expect(fateOf(step('late', 'late_sent_now', 'late_task', 'task_opened'))).toBe('task')
  expect(fateOf(step('late', 'late_merged'))).toBe('merged')
})
