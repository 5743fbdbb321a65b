import { afterAll, expect, test } from 'vitest'
import { timeline } from '../../sim/report.ts'
import { closeWorlds, runWorld } from '../../sim/world.ts'

/** More of them: `npm run sim -- --rush --seeds 50`. */
const SEEDS = 2

afterAll(closeWorlds)

test('in a rush the urgent go first, seats are kept for them, and nobody starves behind a flood or in old age', async () => {
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const world = await runWorld({ seed, rush: true })
    if (world.violations.length > 0) expect.fail(timeline(world))
  }
}, 120_000)
