import { expect, test } from 'vitest'
import { headsOf, partsOf } from './phases.ts'

/** Steps by phase, of one journey; those of another begin with its name. */
const rows = (steps: string) =>
  steps.split(' ').map((step, at) => {
    const [phase = '', run = 'one'] = step.split('/').toReversed()
    return { at, run, phase: phase === '-' ? null : phase }
  })
const headed = (steps: string, from = 0) => {
  const all = rows(steps)
  const heads = headsOf(all.slice(from), partsOf(all))
  return [...heads].map(([{ at }, phase]) => `${at} ${phase}`)
}

test('each phase is named once, before its first step', () => {
  expect(headed('Booked Booked - Planning Planning Week two/After')).toEqual([
    '0 Booked',
    '3 Planning',
    '5 Week',
    '6 After',
  ])
  expect(headed('- -')).toEqual([])
})

test('a phase within another parts nothing, one that reaches beyond it does', () => {
  expect(headed('Planning Tasting Planning Tasting Planning Week')).toEqual(['0 Planning', '5 Week'])
  expect(headed('Planning Week Planning Week After')).toEqual(['0 Planning', '1 Week', '4 After'])
})

test('what runs along through the chapters of another journey parts nothing; alone it does', () => {
  expect(headed('Planning pay/Payments Planning Week pay/Payments Week')).toEqual(['0 Planning', '3 Week'])
  expect(headed('pay/Payments pay/Payments')).toEqual(['0 Payments'])
})

test('where the beginning is folded away the phase is named where it comes into view', () => {
  expect(headed('Booked Planning Planning Planning Week', 2)).toEqual(['2 Planning', '4 Week'])
})
