import { PAIRS } from './coverage.ts'
import type { Compared } from './differential.ts'
import { FAULT_KINDS } from './faults.ts'
import { tellLine } from './scheduler.ts'
import type { WorldReport } from './world.ts'

/** Many worlds in one account: what ran, what struck, what was found. */
export type Account = {
  seeds: number
  /** Worlds that were run twice, to see whether everything follows from the seed. */
  twice: number
  complete: number
  steps: number
  sends: number
  virtualDays: number
  /** What the oracle has read: runs, messages, waits, and runs it did not read to the end. */
  oracle: Compared
  faults: { [kind: string]: number }
  /** In how many worlds an event met a run in a state. */
  pairs: { [pair: string]: number }
  violations: { seed: number; rule: string; what: string }[]
  seconds: number
}

const ORACLE_PARTS = ['runs', 'messages', 'waits', 'left', 'replayed'] as const

export const emptyAccount = (): Account => ({
  seeds: 0,
  twice: 0,
  complete: 0,
  steps: 0,
  sends: 0,
  virtualDays: 0,
  oracle: { runs: 0, messages: 0, waits: 0, left: 0, replayed: 0 },
  faults: {},
  pairs: {},
  violations: [],
  seconds: 0,
})

export function add(account: Account, world: WorldReport): void {
  account.seeds += 1
  account.complete += world.complete ? 1 : 0
  account.steps += world.steps
  account.sends += world.sends
  account.virtualDays += world.virtualDays
  for (const part of ORACLE_PARTS) account.oracle[part] += world.compared[part]
  for (const [kind, count] of world.faults) account.faults[kind] = (account.faults[kind] ?? 0) + count
  for (const pair of world.pairs) account.pairs[pair] = (account.pairs[pair] ?? 0) + 1
  for (const { rule, what } of world.violations) account.violations.push({ seed: world.seed, rule, what })
}

export function addAgain(account: Account, world: WorldReport, again: WorldReport): void {
  account.twice += 1
  if (world.hash === again.hash) return
  const what = `the same seed left another trace: ${world.hash} and ${again.hash}`
  account.violations.push({ seed: world.seed, rule: 'determinism', what })
}

/** Two accounts in one; how long it took is told by who waited for both. */
export function addUp(sum: Account, more: Account): Account {
  const faults = { ...sum.faults }
  for (const [kind, count] of Object.entries(more.faults)) faults[kind] = (faults[kind] ?? 0) + count
  const pairs = { ...sum.pairs }
  for (const [pair, count] of Object.entries(more.pairs)) pairs[pair] = (pairs[pair] ?? 0) + count
  const oracle = { ...sum.oracle }
  for (const part of ORACLE_PARTS) oracle[part] += more.oracle[part]
  const numbers = ['seeds', 'twice', 'complete', 'steps', 'sends', 'virtualDays', 'seconds'] as const
  const counts = Object.fromEntries(numbers.map((name) => [name, sum[name] + more[name]]))
  return { ...sum, ...counts, faults, pairs, oracle, violations: [...sum.violations, ...more.violations] }
}

export const firedShare = (account: Account): number =>
  FAULT_KINDS.filter((kind) => account.faults[kind]).length / FAULT_KINDS.length

/** What never met: a state and an event that no world has brought together. */
export const pairsNeverMet = (account: Account): string[] => PAIRS.filter((pair) => !account.pairs[pair])

export function inWords(account: Account): string {
  const faults = FAULT_KINDS.map((kind) => `  ${kind.padEnd(24)} ${account.faults[kind] ?? 0}`)
  const total = Object.values(account.faults).reduce((sum, count) => sum + count, 0)
  return [
    `${account.seeds} seeds in ${account.seconds.toFixed(1)} s (${(account.seeds / account.seconds).toFixed(2)} a second), ${Math.round(account.virtualDays / 365.25)} virtual years, ${account.steps} steps, ${account.sends} calls to providers`,
    `${account.complete} of ${account.seeds} worlds completed all their journeys`,
    `${account.oracle.runs} runs with ${account.oracle.messages} messages and ${account.oracle.waits} waits were read by the oracle as well, ${account.oracle.left} of them not to their end; ${account.oracle.replayed} were replayed from their logs`,
    `${total} faults, ${Math.round(firedShare(account) * 100)} % of their kinds:`,
    ...faults,
    `${PAIRS.length - pairsNeverMet(account).length} of ${PAIRS.length} pairs of state and event were met; never: ${pairsNeverMet(account).join(', ')}`,
    account.violations.length === 0 ? 'No violations.' : `${account.violations.length} violations:`,
    ...account.violations.map((one) => `  seed ${one.seed}: ${one.rule}: ${one.what}`),
  ].join('\n')
}

const LINES_TOLD = 60

/** One failure, so that a person can follow it: what happened in the world, and what its rows say. */
export function timeline(world: WorldReport): string {
  return [
    `seed ${world.seed} (${world.mode}), trace ${world.hash}, ${world.steps} steps, ${world.virtualDays.toFixed(1)} days`,
    ...world.violations.map((one) => `violated: ${one.rule}: ${one.what}`),
    '',
    'What happened:',
    ...world.lines.slice(-LINES_TOLD).map(tellLine),
    '',
    'What the rows say:',
    ...world.dossier,
    '',
    `Again: npm run sim -- --seed ${world.seed}`,
  ].join('\n')
}
