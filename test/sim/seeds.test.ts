import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { crashSingly, SCENARIOS } from '../../sim/crash-loop.ts'
import { FAULT_KINDS } from '../../sim/faults.ts'
import { add, emptyAccount, firedShare, timeline } from '../../sim/report.ts'
import { closeWorlds, runWorld } from '../../sim/world.ts'

/** Worlds for every commit. More of them: `npm run sim -- --seeds 2000`. */
const FROM = 1
const SEEDS = 100
const MINUTES = 60_000

afterAll(closeWorlds)

const told = readFileSync(new URL('../../sim/seeds.txt', import.meta.url), 'utf8')
const past = told
  .split('\n')
  .map((line) => Number.parseInt(line, 10))
  .filter(Number.isInteger)

describe('the deterministic world', () => {
  test(
    'no promise is broken, whatever goes wrong',
    async () => {
      const account = emptyAccount()
      for (let seed = FROM; seed < FROM + SEEDS; seed += 1) {
        const world = await runWorld({ seed })
        add(account, world)
        if (world.violations.length > 0) expect.fail(timeline(world))
      }
      // A generator that is too rough finishes nothing, one that is too kind breaks nothing.
      expect(account.complete / account.seeds).toBeGreaterThan(0.6)
      expect(firedShare(account)).toBeGreaterThanOrEqual(0.95)
      expect(account.oracle.runs).toBeGreaterThan(SEEDS)
      expect(account.oracle.replayed).toBeGreaterThan(SEEDS / 2)
      expect(FAULT_KINDS.length).toBeGreaterThanOrEqual(70)
    },
    10 * MINUTES,
  )

  test(
    'every seed that has failed before holds',
    async () => {
      expect(past.length).toBeGreaterThan(0)
      for (const seed of past) {
        const world = await runWorld({ seed })
        if (world.violations.length > 0) expect.fail(timeline(world))
      }
    },
    4 * MINUTES,
  )

  test(
    'everything follows from the seed',
    async () => {
      for (const seed of [3, 17, 58]) {
        const first = await runWorld({ seed })
        const again = await runWorld({ seed })
        expect(again.hash).toBe(first.hash)
        expect(again.steps).toBe(first.steps)
      }
    },
    4 * MINUTES,
  )

  test(
    'a crash at every ninth port call of the smallest scenario loses nothing and doubles nothing',
    async () => {
      const { places, failed } = await crashSingly(SCENARIOS.house!, 1, 9)
      if (failed[0]) expect.fail(timeline(failed[0]))
      expect(places).toBeGreaterThan(10)
    },
    4 * MINUTES,
  )
})
