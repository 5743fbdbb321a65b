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

export type Crashes = { places: number; pairs: number; calls: number; failed: WorldReport[] }
/** Which of so many processes this is: each takes its share of the places. */
export type Share = { readonly nth: number; readonly of: number }
const ALONE: Share = { nth: 0, of: 1 }

/** Every `stride`-th place; 1 is every one. */
export async function crashSingly(
  scenario: Scenario,
  seed: number,
  stride = 1,
  { nth, of } = ALONE,
): Promise<Omit<Crashes, 'pairs'>> {
  const failed: WorldReport[] = []
  let places = 0
  let calls = 0
  for (let call = 1 + nth * stride; ; call += stride * of) {
    const world = await runWorld({ seed, scenario, crashAt: [call] })
    calls += world.calls
    if (world.violations.length > 0) failed.push(world)
    if (world.crashed === 0) return { places, calls, failed }
    places += 1
  }
}

export async function crashInPairs(
  scenario: Scenario,
  seed: number,
  stride: number,
  say: (text: string) => void,
  { nth, of } = ALONE,
): Promise<Omit<Crashes, 'places'>> {
  const failed: WorldReport[] = []
  let pairs = 0
  let calls = 0
  for (let first = 1 + nth * stride; ; first += stride * of) {
    for (let second = first + 1; ; second += stride) {
      const world = await runWorld({ seed, scenario, crashAt: [first, second] })
      calls += world.calls
      if (world.violations.length > 0) failed.push(world)
      if (world.crashed === 0) return { pairs, calls, failed }
      if (world.crashed < 2) break
      pairs += 1
    }
    say(`first crash at ${first}: ${pairs} pairs, ${failed.length} violations`)
  }
}

const PAIR_STRIDE = 9
const SMALLEST = ['house', 'reminder']

/** `everyPair` leaves none out of the smallest scenarios: an hour of a core each. */
export async function crashEverywhere(
  say: (text: string) => void,
  everyPair = false,
  names: readonly string[] = Object.keys(SCENARIOS),
  share = ALONE,
): Promise<Crashes> {
  const all: Crashes = { places: 0, pairs: 0, calls: 0, failed: [] }
  for (const name of names) {
    const one = await crashSingly(SCENARIOS[name]!, 1, 1, share)
    all.places += one.places
    all.calls += one.calls
    all.failed.push(...one.failed)
    say(`${name}: ${one.places} places to crash at, ${one.failed.length} violations`)
  }
  for (const name of everyPair ? SMALLEST : SMALLEST.slice(0, 1)) {
    if (!names.includes(name)) continue
    const stride = everyPair ? 1 : PAIR_STRIDE
    const one = await crashInPairs(SCENARIOS[name]!, 1, stride, (text) => say(`${name}: ${text}`), share)
    all.pairs += one.pairs
    all.calls += one.calls
    all.failed.push(...one.failed)
    say(`${name}: ${one.pairs} pairs of places to crash at, ${one.failed.length} violations`)
  }
  return all
}
