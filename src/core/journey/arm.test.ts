import fc from 'fast-check'
import { expect, test } from 'vitest'
import { armFor, unitHash } from './arm.ts'
import { type NodeOf, nodeSchema } from './graph.ts'

const split = (weights: readonly number[], more: object = {}): NodeOf<'split'> => {
  const arms = weights.map((weight, i) => ({ exit: `arm_${i}`, weight }))
  return nodeSchema.parse({ id: 'test', kind: 'split', arms, ...more }) as NodeOf<'split'>
}

test('the same client always goes the same way, along an arm that exists', () => {
  const weight = fc.double({ min: 0.001, max: 1_000, noNaN: true })
  fc.assert(
    fc.property(fc.string(), fc.array(weight, { minLength: 2, maxLength: 20 }), (client, weights) => {
      const node = split(weights)
      const arm = armFor(node, client)
      expect(node.arms.map((one) => one.exit)).toContain(arm)
      expect(armFor(structuredClone(node), client)).toBe(arm)
    }),
  )
})

test('arms get their share of clients, also of ids that look alike', () => {
  const node = split([1, 2, 7])
  const count = 30_000
  const counts = { arm_0: 0, arm_1: 0, arm_2: 0 } as Record<string, number>
  for (let i = 0; i < count; i++)
    counts[armFor(node, `019a0000-0000-7000-8000-${String(i).padStart(12, '0')}`)]!++
  // Five standard deviations: wrong once in two million, were it not always the same.
  for (const [index, share] of [0.1, 0.2, 0.7].entries()) {
    const tolerance = 5 * Math.sqrt(count * share * (1 - share))
    expect(Math.abs(counts[`arm_${index}`]! - count * share)).toBeLessThan(tolerance)
  }
})

test('two splits, and one split with two salts, decide independently', () => {
  const [first, second] = [split([1, 1], { salt: 'a' }), split([1, 1], { salt: 'b' })]
  const agree = Array.from({ length: 10_000 }, (_, i) => armFor(first, `c${i}`) === armFor(second, `c${i}`))
  expect(Math.abs(agree.filter(Boolean).length - 5_000)).toBeLessThan(250)
})

test('the hash is what it was: a changed one would send running clients another way', () => {
  expect(unitHash('')).toBeCloseTo(0.6689221885, 9)
  expect(armFor(split([1, 1]), '019a0000-0000-7000-8000-000000000001')).toBe('arm_0')
})
