import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { components, loops, reachable } from './walk.ts'

const graphs = fc.integer({ min: 1, max: 12 }).chain((size) =>
  fc.record({
    size: fc.constant(size),
    edges: fc.array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { maxLength: 30 }),
  }),
)
const nextIn = (edges: readonly (readonly [number, number])[]) => (id: number) =>
  edges.filter(([from]) => from === id).map(([, to]) => to)

/** The slow and obvious way: who comes to whom in one step or more. */
const comesTo = (from: number, to: number, next: (id: number) => number[]): boolean =>
  reachable(next(from), next).has(to)

describe('walks', () => {
  test('a loop is exactly a set of nodes that come back to themselves, each with each', () => {
    fc.assert(
      fc.property(graphs, ({ size, edges }) => {
        const ids = Array.from({ length: size }, (_, id) => id)
        const next = nextIn(edges)
        const found = loops(ids, next)
        const turning = ids.filter((id) => comesTo(id, id, next))
        expect(found.flat().sort((a, b) => a - b)).toEqual(turning)
        for (const loop of found) {
          for (const a of loop) {
            const mates = ids.filter((b) => a === b || (comesTo(a, b, next) && comesTo(b, a, next)))
            expect(new Set(loop)).toEqual(new Set(mates))
          }
        }
      }),
    )
  })

  test('components come after those they lead to', () => {
    fc.assert(
      fc.property(graphs, ({ size, edges }) => {
        const parts = components(
          Array.from({ length: size }, (_, id) => id),
          nextIn(edges),
        )
        const place = new Map(parts.flatMap((part, index) => part.map((id) => [id, index] as const)))
        for (const [from, to] of edges) expect(place.get(to)!).toBeLessThanOrEqual(place.get(from)!)
      }),
    )
  })

  test('a hundred thousand steps in a row cost no call stack', () => {
    const last = 100_000
    const next = (id: number): number[] => (id < last ? [id + 1] : [0])
    expect(reachable([0], next).size).toBe(last + 1)
    expect(loops([0], next)[0]).toHaveLength(last + 1)
  })
})
