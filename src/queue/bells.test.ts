import { expect, test } from 'vitest'
import { makeBells } from './bells.ts'

const all = { urgent: 1_000, open: 1_000 }
const names = (chosen: readonly { shard: number; band: number }[]) =>
  chosen.map(({ shard, band }) => `${band}/${shard}`)

test('a ring during the look is heard after it', () => {
  const bells = makeBells()
  bells.ring({ shard: 5, band: 2 }, true)
  expect(names(bells.answer(0, all))).toEqual(['2/5'])
  expect(names(bells.answer(0, all))).toEqual([])
  bells.ring({ shard: 5, band: 2 }, true)
  expect(names(bells.answer(0, all))).toEqual(['2/5'])
})

test('a bell whose rows are in hand waits, and is not forgotten', () => {
  const bells = makeBells()
  const pair = { shard: 5, band: 2 }
  bells.hold(pair, 2)
  bells.ring(pair, true)
  bells.hold(pair, -1)
  expect(names(bells.answer(0, all))).toEqual([])
  bells.hold(pair, -1)
  expect(names(bells.answer(0, all))).toEqual(['2/5'])
  expect(bells.quiet).toBe(true)
})

test('a bell rings by itself at its moment, not before, also while its rows are in hand', () => {
  const bells = makeBells()
  const pair = { shard: 1, band: 3 }
  bells.expect(pair, 100)
  bells.expect(pair, 200)
  expect(bells.next()).toBe(100)
  expect(names(bells.answer(99, all))).toEqual([])
  bells.hold(pair, 1)
  expect(names(bells.answer(100, all))).toEqual([])
  expect(bells.next()).toBe(Number.POSITIVE_INFINITY)
  bells.hold(pair, -1)
  expect(names(bells.answer(101, all))).toEqual(['3/1'])
})

test('the urgent come first; without room for others only they are answered', () => {
  const bells = makeBells()
  for (const band of [3, 0, 2, 1]) bells.ring({ shard: 7, band }, true)
  expect(names(bells.answer(0, { urgent: 5, open: 0 }))).toEqual(['0/7', '1/7'])
  expect(names(bells.answer(0, { urgent: 0, open: 1 }))).toEqual(['2/7'])
  expect(names(bells.answer(0, all))).toEqual(['3/7'])
})

test('nothing less urgent is looked for beside what more urgent bells still hold', () => {
  const bells = makeBells()
  for (const band of [1, 3]) for (const shard of [4, 5]) bells.ring({ shard, band }, true)
  // Room for one urgent row: the other urgent bell has its turn before anything else.
  expect(names(bells.answer(0, { urgent: 1, open: 9 })).length).toBe(1)
  const rest = bells.answer(0, all)
  expect(rest.map((bell) => bell.band)).toEqual([1, 3, 3])
  // More than a look could take, or rows of it in hand: the others wait.
  const [urgent] = rest
  for (const band of [1, 3]) bells.ring({ ...urgent!, band }, true)
  urgent!.more = true
  bells.hold(urgent!, 1)
  expect(bells.answer(0, all)).toEqual([])
  bells.hold(urgent!, -1)
  expect(bells.answer(0, all).map((bell) => bell.band)).toEqual([1])
  urgent!.more = false
  expect(bells.answer(0, all).map((bell) => bell.band)).toEqual([3])
})

test('with little room the shards take turns', () => {
  const bells = makeBells()
  const seen = new Set<string>()
  for (let round = 0; round < 64; round += 1) {
    for (let shard = 0; shard < 64; shard += 1) bells.ring({ shard, band: 3 }, true)
    for (const name of names(bells.answer(0, { urgent: 0, open: 1 }))) seen.add(name)
  }
  expect(seen.size).toBe(64)
})
