import { expect, test } from 'vitest'
import { headsOf, partsOf } from './phases.ts'

const rows = (phases: string) =>
  phases.split(' ').map((phase, at) => ({ at, phase: phase === '-' ? null : phase }))
const headed = (phases: string, from = 0) => {
  const all = rows(phases)
  const heads = headsOf(all.slice(from), partsOf(all))
  return [...heads].map(([{ at }, phase]) => `${at} ${phase}`)
}

test('each phase is named once, before its first step', () => {
  expect(headed('Booked Booked - Planning Planning Week After')).toEqual([
    '0 Booked',
    '3 Planning',
    '5 Week',
    '6 After',
  ])
  expect(headed('- -')).toEqual([])
})

test('a phase within another parts nothing, one that reaches beyond it does', () => {
  expect(headed('Planning Payments Planning Payments Planning Week')).toEqual(['0 Planning', '5 Week'])
  expect(headed('Planning Week Planning Week After')).toEqual(['0 Planning', '1 Week', '4 After'])
})

test('where the beginning is folded away the phase is named where it comes into view', () => {
  expect(headed('Booked Planning Planning Planning Week', 2)).toEqual(['2 Planning', '4 Week'])
})
