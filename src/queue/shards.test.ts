import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ALL_SHARDS } from '../engine/engine.ts'
import { shardsOf } from './shards.ts'

test('every shard has exactly one watcher, and nobody watches more than one more than another', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), (count) => {
      const alive = Array.from({ length: count }, (_, i) => ({ worker_id: `w${i}` }))
      const shares = alive.map((one) => shardsOf(one.worker_id, alive))
      expect(shares.flat().sort((a, b) => a - b)).toEqual(ALL_SHARDS)
      const sizes = shares.map((share) => share.length)
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
    }),
  )
})

test('whoever does not count as alive watches nothing', () => {
  expect(shardsOf('gone', [{ worker_id: 'other' }])).toEqual([])
})
