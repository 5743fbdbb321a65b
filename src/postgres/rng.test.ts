import fc from 'fast-check'
import { expect, test } from 'vitest'
import { instant } from '../core/time/instant.ts'
import { systemRng, uuid7 } from './rng.ts'

test('an id carries its moment in front, its version and its variant', () => {
  expect(uuid7(instant(0x0198c0ffee12), new Uint8Array(10).fill(0xff))).toBe(
    '0198c0ff-ee12-7fff-bfff-ffffffffffff',
  )
  expect(uuid7(instant(0), new Uint8Array(10))).toBe('00000000-0000-7000-8000-000000000000')
})

test('ids made later sort later', () => {
  const rng = systemRng()
  fc.assert(
    fc.property(fc.nat(2 ** 40), fc.integer({ min: 1, max: 2 ** 20 }), (at, later) => {
      expect(rng.uuid7(instant(at)) < rng.uuid7(instant(at + later))).toBe(true)
    }),
  )
})

test('no id and no number is handed out twice in a row of ten thousand', () => {
  const rng = systemRng()
  expect(new Set(Array.from({ length: 10_000 }, () => rng.uuid7(instant(0)))).size).toBe(10_000)
  expect(new Set(Array.from({ length: 1_000 }, () => rng.u32())).size).toBeGreaterThan(990)
})
