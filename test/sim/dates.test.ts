import { afterAll, expect, test } from 'vitest'
import { timeline } from '../../sim/report.ts'
import { closeWorlds, runWorld } from '../../sim/world.ts'

const SEEDS = 8

afterAll(closeWorlds)

test('every wait stands where the zones put it, whoever changes their calendar and whatever the clocks do', async () => {
  let waits = 0
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const world = await runWorld({ seed, dates: true })
    waits += world.compared.waits
    if (world.violations.length > 0) expect.fail(timeline(world))
  }
  expect(waits).toBeGreaterThan(SEEDS)
}, 120_000)
