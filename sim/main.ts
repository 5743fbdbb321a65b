import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { BUGS, type Bug, bugNamed } from './bugs.ts'
import { crashEverywhere, SCENARIOS } from './crash-loop.ts'
import { hunt, recordedSeeds, recordSeed } from './hunt.ts'
import {
  type Account,
  add,
  addAgain,
  addUp,
  emptyAccount,
  firedShare,
  inWords,
  pairsNeverMet,
  timeline,
} from './report.ts'
import { closeWorlds, runWorld } from './world.ts'

/**
 * npm run sim -- --seeds 500 [--from 1] [--json]   many worlds
 *                --jobs 2                          in so many processes
 *                --twice 20                        each twentieth world is run twice and must leave the same trace
 *                --rush                            worlds in which one vendor floods the house (invariant 9)
 *                --seed 77                         one world, told in full, run twice
 *                --replay                          every seed that has failed before
 *                --crashes                         a crash at every port call of the fixed scenarios
 *                          --pairs                 and at every pair of calls of the smallest: an hour of a core each
 *                          --scenario house        of this one alone
 *                          --share 1/4             the first quarter of the places, for a process among four
 *                --bug name [--seeds 300]          finds a planted bug, its seed on record first; --bugs for all of them
 *                --bugs --record                   writes down which seed finds which; whose seed still does is not hunted anew
 */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    json: { type: 'boolean', default: false },
    replay: { type: 'boolean', default: false },
    crashes: { type: 'boolean', default: false },
    bug: { type: 'string' },
    bugs: { type: 'boolean', default: false },
    record: { type: 'boolean', default: false },
    pairs: { type: 'boolean', default: false },
    scenario: { type: 'string' },
    rush: { type: 'boolean', default: false },
    share: { type: 'string', default: '1/1' },
    jobs: { type: 'string', default: '1' },
    twice: { type: 'string', default: '20' },
  },
})
const say = (text: string): void => void process.stderr.write(`${text}\n`)
const print = (text: string): void => void process.stdout.write(`${text}\n`)
const kind = values.rush ? ({ rush: true } as const) : {}
const seeds = Number(values.seeds)
const from = Number(values.from)

process.exitCode = await main()
await closeWorlds()

async function main(): Promise<number> {
  if (values.seed) return oneSeed(Number(values.seed))
  if (values.bugs || values.bug) return plantedBugs(values.bug ? [bugNamed(values.bug)] : BUGS)
  if (values.crashes) return crashes()
  if (values.replay) return manySeeds(pastSeeds())
  const jobs = Number(values.jobs)
  return jobs > 1 ? inProcesses(jobs) : manySeeds(Array.from({ length: seeds }, (_, index) => from + index))
}

function pastSeeds(): number[] {
  const text = readFileSync(new URL('./seeds.txt', import.meta.url), 'utf8')
  return text
    .split('\n')
    .map((line) => Number.parseInt(line, 10))
    .filter(Number.isInteger)
}

async function oneSeed(seed: number): Promise<number> {
  const world = await runWorld({ seed, ...kind })
  const again = await runWorld({ seed, ...kind })
  print(timeline(world))
  if (world.hash === again.hash) return world.violations.length > 0 ? 1 : 0
  print(`The same seed gave another trace: ${again.hash}. Something in it is not determined.`)
  return 1
}

async function manySeeds(list: readonly number[]): Promise<number> {
  const account = emptyAccount()
  let first: string | null = null
  const began = performance.now()
  const every = Number(values.twice)
  for (const seed of list) {
    const world = await runWorld({ seed, ...kind })
    add(account, world)
    if (every > 0 && account.seeds % every === 0) addAgain(account, world, await runWorld({ seed, ...kind }))
    if (world.violations.length > 0) {
      // At once: whoever waits for thousands can look at it meanwhile.
      for (const { rule, what } of world.violations) say(`seed ${seed}: ${rule}: ${what}`)
      first ??= timeline(world)
    }
    if (account.seeds % 25 === 0)
      say(`${account.seeds} of ${list.length} seeds, ${account.violations.length} violations`)
  }
  account.seconds = (performance.now() - began) / 1000
  return tell(account, first)
}

function tell(account: Account, first: string | null): number {
  if (values.json)
    print(
      JSON.stringify({
        ...account,
        seedsPerSecond: account.seeds / account.seconds,
        faultKindsFired: firedShare(account),
        pairsNeverMet: pairsNeverMet(account),
        firstFailure: first,
      }),
    )
  else {
    print(inWords(account))
    if (first) print(`\n${first}`)
  }
  return account.violations.length > 0 ? 1 : 0
}

/** The same seeds, shared out; each process has a database of its own. */
async function inProcesses(jobs: number): Promise<number> {
  const began = performance.now()
  const share = Math.ceil(seeds / jobs)
  const parts = await Promise.all(
    Array.from({ length: jobs }, (_, job) => part(from + job * share, Math.min(share, seeds - job * share))),
  )
  const account = parts.reduce((sum, one) => addUp(sum, one), emptyAccount())
  account.seconds = (performance.now() - began) / 1000
  return tell(account, parts.find((one) => one.firstFailure !== null)?.firstFailure ?? null)
}

type Part = Account & { readonly firstFailure: string | null }

function part(first: number, count: number): Promise<Part> {
  const wanted = [
    '--from',
    String(first),
    '--seeds',
    String(count),
    '--twice',
    values.twice,
    '--json',
    ...(values.rush ? ['--rush'] : []),
  ]
  const child = spawn(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url), ...wanted], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const said: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => said.push(chunk))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      if (code !== 0 && code !== 1) reject(new Error(`a process for ${count} seeds ended with ${code}`))
      else resolve(JSON.parse(Buffer.concat(said).toString()) as Part)
    })
  })
}

async function plantedBugs(bugs: readonly Bug[]): Promise<number> {
  const known = recordedSeeds()
  const found: { bug: string; seed: number | null; afterSeeds: number | null; by: string | null }[] = []
  for (const bug of bugs) {
    const seed = known.get(bug.name)
    const one = (seed && (await hunt(bug, seed, 1))) || (await hunt(bug, from, seeds))
    // Some statements are met in few worlds: of one that is met in none the pattern is out of date.
    if (!one && bug.planted?.() === false)
      throw new Error(`${bug.name} changes no statement of ${seeds} worlds: its pattern is out of date.`)
    found.push({
      bug: bug.name,
      seed: one?.seed ?? null,
      afterSeeds: one?.tried ?? null,
      by: one?.by ?? null,
    })
    if (values.record && one) recordSeed(bug.name, one.seed)
    say(
      `${bug.name}: ${one ? `found by ${one.by} after ${one.tried} (seed ${one.seed})` : `not found in ${seeds} seeds`}`,
    )
  }
  const missed = found.filter((one) => one.afterSeeds === null)
  if (values.json)
    print(JSON.stringify({ planted: found.length, found: found.length - missed.length, bugs: found }))
  else
    print(
      `${found.length - missed.length} of ${found.length} planted bugs were found${missed.length > 0 ? `; not: ${missed.map((one) => one.bug).join(', ')}` : ''}.`,
    )
  return missed.length > 0 ? 1 : 0
}

async function crashes(): Promise<number> {
  const began = performance.now()
  const names = values.scenario ? [values.scenario] : Object.keys(SCENARIOS)
  const [nth = 1, of = 1] = values.share.split('/').map(Number)
  const { failed, ...counts } = await crashEverywhere(say, values.pairs, names, { nth: nth - 1, of })
  const seconds = Math.round((performance.now() - began) / 1000)
  const { places, pairs, calls } = counts
  if (values.json) print(JSON.stringify({ scenarios: names, ...counts, violations: failed.length, seconds }))
  else
    print(
      `${names.length} scenarios, ${places} single crashes, ${pairs} pairs, ${calls} port calls, ${failed.length} violations, ${seconds} s`,
    )
  if (failed[0]) print(timeline(failed[0]))
  return failed.length > 0 ? 1 : 0
}
