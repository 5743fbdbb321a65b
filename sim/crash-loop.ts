import { fixedJourney } from './shapes.ts'
import { runWorld, type Scenario, type WorldReport } from './world.ts'

/**
 * A crash at port call 1, 2, 3 … of a small scenario, until the world ends before the crash comes; for the smallest
 * ones at every pair of calls of a stretch. Nothing is left to luck.
 */
export const SCENARIOS: { readonly [name: string]: Scenario } = {
  house: scenario('house', 3),
  reminder: scenario('reminder', 45),
  form: scenario('form', 12),
  fork_first: scenario('fork_first', 10),
  approval: scenario('approval', 12),
}

function scenario(shape: string, days: number): Scenario {
  return { journeys: (dice, canary) => [fixedJourney(shape, dice, canary)], couples: 1, days }
}

export type Crashes = { scenarios: number; places: number; pairs: number; failed: WorldReport[] }

/** Every `stride`-th place; 1 is every one. */
export async function crashSingly(
  scenario: Scenario,
  seed: number,
  stride = 1,
): Promise<{ places: number; failed: WorldReport[] }> {
  const failed: WorldReport[] = []
  let places = 0
  for (let call = 1; ; call += stride) {
    const world = await runWorld({ seed, scenario, crashAt: [call] })
    if (world.violations.length > 0) failed.push(world)
    if (world.crashed === 0) return { places, failed }
    places += 1
  }
}

export async function crashInPairs(
  scenario: Scenario,
  seed: number,
  stride: number,
): Promise<{ pairs: number; failed: WorldReport[] }> {
  const failed: WorldReport[] = []
  let pairs = 0
  for (let first = 1; ; first += stride) {
    for (let second = first + 1; ; second += stride) {
      const world = await runWorld({ seed, scenario, crashAt: [first, second] })
      if (world.violations.length > 0) failed.push(world)
      if (world.crashed === 0) return { pairs, failed }
      if (world.crashed < 2) break
      pairs += 1
    }
  }
}

const PAIR_STRIDE = 9

/** `everyPair` leaves none out: hours instead of minutes. */
export async function crashEverywhere(say: (text: string) => void, everyPair = false): Promise<Crashes> {
  const all: Crashes = { scenarios: 0, places: 0, pairs: 0, failed: [] }
  for (const [name, one] of Object.entries(SCENARIOS)) {
    const { places, failed } = await crashSingly(one, 1)
    all.scenarios += 1
    all.places += places
    all.failed.push(...failed)
    say(`${name}: ${places} places to crash at, ${failed.length} violations`)
  }
  for (const name of everyPair ? ['house', 'reminder'] : ['house']) {
    const { pairs, failed } = await crashInPairs(SCENARIOS[name]!, 1, everyPair ? 1 : PAIR_STRIDE)
    all.pairs += pairs
    all.failed.push(...failed)
    say(`${name}: ${pairs} pairs of places to crash at, ${failed.length} violations`)
  }
  return all
}
