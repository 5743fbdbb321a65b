import { readFileSync, writeFileSync } from 'node:fs'
import { BUGS, type Bug } from './bugs.ts'
import { runWorld } from './world.ts'

/**
 * Who hunts planted bugs: each has a seed on record whose world finds it. A seed names the same world only until the
 * generator or the engine asks for something in another order; then the next worlds find most of them just as well.
 */
const RECORD = new URL('./planted.txt', import.meta.url)
const HEAD = `# The planted bugs of sim/bugs.ts, each with a seed that finds it: npm run sim -- --bugs --record writes this anew.`

export function recordedSeeds(): ReadonlyMap<string, number> {
  const lines = readFileSync(RECORD, 'utf8').split('\n')
  return new Map(
    lines.flatMap((line) => {
      const [name, seed] = line.split(' ')
      return name && seed && name !== '#' ? [[name, Number(seed)] as const] : []
    }),
  )
}

/** At once, so that a hunt that is broken off has not been in vain. */
export function recordSeed(name: string, seed: number): void {
  const known = new Map([...recordedSeeds(), [name, seed]])
  const lines = BUGS.flatMap((bug) => (known.has(bug.name) ? `${bug.name} ${known.get(bug.name)}` : []))
  writeFileSync(RECORD, `${HEAD}\n${lines.join('\n')}\n`)
}

export type Found = { readonly seed: number; readonly tried: number; readonly by: string }

/** The first of so many worlds that finds it, or null. */
export async function hunt(bug: Bug, from: number, worlds: number): Promise<Found | null> {
  for (let tried = 1; tried <= worlds; tried += 1) {
    const seed = from + tried - 1
    const { violations } = await runWorld({ seed, bug })
    if (violations[0]) return { seed, tried, by: violations[0].rule }
  }
  return null
}
