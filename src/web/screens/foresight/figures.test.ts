import { expect, test } from 'vitest'
import type { NodeId } from '../../../core/ids.ts'
import { figuresOf, shareOf } from './figures.ts'

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
