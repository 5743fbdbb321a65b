import fc from 'fast-check'
import { expect, test } from 'vitest'
import { inLanes, median, quantile, slices } from './timing.ts'

test('the 99th percentile of a hundred is the second worst, the median the middle', () => {
  const values = Array.from({ length: 100 }, (_, i) => 100 - i)

  expect([quantile(values, 0.5), quantile(values, 0.99), quantile(values, 1)]).toEqual([50, 99, 100])
  expect([median([3, 1, 2]), median([4, 1, 2, 3])]).toEqual([2, 2.5])
})

test('a quantile is one of the values, and at least its share of them is no greater', () => {
  const values = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 })
  fc.assert(
    fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (all, q) => {
      const at = quantile(all, q)
      expect(all.some((value) => value === at)).toBe(true)
      expect(all.filter((value) => value <= at).length).toBeGreaterThanOrEqual(Math.floor(q * all.length))
    }),
  )
})

test('slices hold every number once, in order, none above the size', () => {
  fc.assert(
    fc.property(fc.nat(500), fc.integer({ min: 1, max: 100 }), (count, size) => {
      const all = slices(count, size)
      expect(all.flat()).toEqual(Array.from({ length: count }, (_, i) => i))
      expect(all.every((slice) => slice.length > 0 && slice.length <= size)).toBe(true)
    }),
  )
})

test('lanes do everything once and never more at a time than there are lanes', async () => {
  const done: number[] = []
  let [underWay, most] = [0, 0]

  await inLanes(25, 4, async (i) => {
    most = Math.max(most, ++underWay)
    await Promise.resolve()
    underWay--
    done.push(i)
  })

  expect(done.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 25 }, (_, i) => i))
  expect(most).toBe(4)
})
