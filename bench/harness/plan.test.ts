import { expect, test } from 'vitest'
import { BadOption, cellsOf, isWanted, parsePlan } from './plan.ts'
import type { System } from './system.ts'

const never = (): never => {
  throw new Error('planning measures nothing')
}
const system = (name: string, more: Partial<System> = {}): System => ({
  name,
  mode: 'plain',
  role: 'peer',
  settings: '',
  w1: never,
  ...more,
})

test('rounds go over all systems before any system has its second turn', () => {
  const cells = cellsOf(parsePlan(['--rounds', '2']), [system('a'), system('b'), system('c')])

  expect(cells.map(({ round, system }) => `${round}${system}`)).toEqual(['10', '11', '12', '20', '21', '22'])
})

test('a slow system takes its share of the scaled size, and fifty steps in a row stay fifty', () => {
  const slow = system('slow', { share: { w1: 0.1 }, w4: never })
  const cells = cellsOf(parsePlan(['--rounds=1', '--scale=0.5']), [slow])

  expect(cells).toEqual([
    { system: 0, workload: 'w1', round: 1, size: 1_000 },
    { system: 0, workload: 'w4', round: 1, size: 50 },
  ])
})

test('effects are measured against an instant provider and a slow one', () => {
  const cells = cellsOf(parsePlan(['--rounds=1', '--workloads=w5']), [system('ours', { w5: never })])

  expect(cells.map(({ providerMs }) => providerMs)).toEqual([0, 20])
})

test('a system that cannot be measured here has no cells', () => {
  expect(cellsOf(parsePlan([]), [system('absent', { notRun: 'no schema' })])).toEqual([])
})

test('systems are chosen by any part of their name or mode', () => {
  const plan = parsePlan(['--systems', 'BullMQ, local queue'])
  const modes = [system('bullmq'), system('graphile', { mode: 'local queue' }), system('pg-boss')]

  expect(modes.map((one) => isWanted(plan, one))).toEqual([true, true, false])
})

test.for([
  ['--scale', '0'],
  ['--rounds', 'many'],
  ['--workloads', 'w9'],
  ['--sytems', 'bullmq'],
])('%s %s is refused with a sentence', ([option, value]) => {
  expect(() => parsePlan([option!, value!])).toThrow(BadOption)
})
