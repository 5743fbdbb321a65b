import { expect, test } from 'vitest'
import { type Cohort, cohortKey, lacks, planOf, usualWish, without } from './plan.ts'

const cohort = (at: string[], gone: string[] = []): Cohort => ({
  version: 1,
  at,
  runs: 2,
  moves: 0,
  finishes: 2,
  blocked: 0,
  why: [],
  gone,
})

test('couples move along where their step is still there, and finish where it is gone', () => {
  const [here, gone] = [cohort(['b', 'a']), cohort(['old'], ['old'])]
  expect(cohortKey(here)).toBe(cohortKey(cohort(['a', 'b'])))
  expect(planOf([here, gone], {}).cohorts?.map((one) => one.choice)).toEqual([
    { is: 'move', redirects: {} },
    { is: 'finish' },
  ])
  expect(usualWish(gone)).toEqual({ is: 'finish' })
  const wish = { is: 'jump', to: 'a' } as const
  expect(planOf([gone], { [cohortKey(gone)]: wish }, 'run').cohorts?.[0]?.choice).toEqual(wish)
  expect(planOf([gone], {}, 'run').only).toEqual(['run'])
})

test('who is on the live version already is not asked to move to it', () => {
  const old = { ...cohort(['a']), moves: 2, finishes: 0 }
  const foreseen = {
    total: 4,
    moves: 4,
    finishes: 0,
    blocked: 0,
    cohorts: [old, { ...old, version: 2 }],
    couples: [],
  }
  expect(without(foreseen, 2)).toEqual({ ...foreseen, total: 2, moves: 2, cohorts: [old] })
})

test('moving from a step that is gone lacks the step to go on at', () => {
  const gone = cohort(['old'], ['old'])
  expect(lacks(gone, { is: 'move', redirects: {} })).toEqual(['old'])
  expect(lacks(gone, { is: 'move', redirects: { old: 'new' } })).toEqual([])
  expect(lacks(gone, { is: 'finish' })).toEqual([])
})
