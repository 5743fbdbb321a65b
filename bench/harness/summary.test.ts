import { expect, test } from 'vitest'
import type { Cell } from './plan.ts'
import { linesOf, type Outcome, ratiosOf } from './summary.ts'
import type { System } from './system.ts'

const systems: System[] = [
  { name: 'ours', mode: 'each', role: 'ours', settings: '' },
  { name: 'ours', mode: 'to wait', role: 'ours', settings: '' },
  { name: 'other', mode: 'plain', role: 'peer', settings: '' },
]
const cell = (system: number, workload: Cell['workload'], round: number): Cell => ({
  system,
  workload,
  round,
  size: 100,
})
const measured = (of: Cell, figures: Record<string, number>): Outcome => ({
  cell: of,
  is: 'measured',
  figures,
})

test('a line carries the median of its rounds and how far they lie apart', () => {
  const rounds = [300, 100, 200].map((stepsPerSecond, i) =>
    measured(cell(2, 'w1', i + 1), { stepsPerSecond }),
  )

  expect(linesOf(systems, rounds)).toEqual([
    {
      system: 'other · plain',
      role: 'peer',
      workload: 'w1',
      size: 100,
      is: 'measured',
      rounds: 3,
      figures: { stepsPerSecond: { median: 200, min: 100, max: 300 } },
    },
  ])
})

test('one round that lost something leaves no figure at all', () => {
  const [line] = linesOf(systems, [
    measured(cell(2, 'w1', 1), { stepsPerSecond: 300 }),
    { cell: cell(2, 'w1', 2), is: 'failed', reason: 'the count is wrong' },
  ])

  expect(line).toMatchObject({ is: 'failed', reason: 'the count is wrong' })
  expect(line).not.toHaveProperty('figures')
})

test('above one means ours is ahead, for rates and for times, measured by the first mode of ours', () => {
  const lines = linesOf(systems, [
    measured(cell(0, 'w1', 1), { stepsPerSecond: 400 }),
    measured(cell(1, 'w1', 1), { stepsPerSecond: 900 }),
    measured(cell(2, 'w1', 1), { stepsPerSecond: 100 }),
    measured(cell(0, 'w4', 1), { msPerStep: 0.5 }),
    measured(cell(2, 'w4', 1), { msPerStep: 1 }),
  ])

  expect(ratiosOf(lines).map(({ workload, ours, times }) => [workload, ours, times])).toEqual([
    ['w1', 'ours · each', 4],
    ['w4', 'ours · each', 2],
  ])
})
