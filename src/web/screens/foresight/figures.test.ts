import { expect, test } from 'vitest'
import type { NodeId } from '../../../core/ids.ts'
import type { Journey } from '../../../core/journey/graph.ts'
import { figuresOf, goneSteps, shareOf } from './figures.ts'

const id = (name: string) => name as NodeId

test('a step counts those who wait at it, however they came to it, and what became of the others', () => {
  const standing = [
    { node: 'welcome', runs: 2 },
    { node: 'welcome', runs: 1 },
    { node: 'guide', runs: 9 },
  ]
  const steps = [{ node: 'welcome', done: 12, skipped: 1, failed: 0 }]
  expect(figuresOf(id('welcome'), standing, steps)).toEqual({ waiting: 3, done: 12, skipped: 1, failed: 0 })
  expect(figuresOf(id('other'), standing, steps)).toEqual({ waiting: 0, done: 0, skipped: 0, failed: 0 })
})

test('the shares of the ways from a step are of that step alone; where nobody went there is none', () => {
  const ways = [
    { from: 'form', exit: 'happened', runs: 3 },
    { from: 'form', exit: 'timeout', runs: 1 },
    { from: 'other', exit: 'next', runs: 96 },
  ]
  expect([shareOf(ways, 'form', 'happened'), shareOf(ways, 'form', 'timeout')]).toEqual(['75 %', '25 %'])
  expect([shareOf(ways, 'form', 'refused'), shareOf(ways, 'nobody', 'next')]).toEqual(['0 %', ''])
})

test('who stands at a step that the live version has no more is counted there, on whichever version', () => {
  const live = { nodes: [{ id: 'welcome' }, { id: 'parking' }] } as unknown as Journey
  const standing = [
    { version: 3, node: 'welcome', runs: 4 },
    { version: 2, node: 'guide', runs: 2 },
    { version: 1, node: 'guide', runs: 1 },
    { version: 1, node: 'photos', runs: 7 },
  ]
  expect(goneSteps(live, standing)).toEqual([
    { node: 'photos', version: 1, runs: 7 },
    { node: 'guide', version: 2, runs: 3 },
  ])
  expect(goneSteps(live, standing.slice(0, 1))).toEqual([])
})
