import { mkdtempSync, rmSync } from 'node:fs'
import { chmod } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type { Report } from './cell.ts'
import { wrongCounts } from './figures.ts'
import { machineFacts } from './machine.ts'
import { BadOption, type Cell, cellsOf, isWanted, type Plan, parsePlan, TIMES_AS_LONG } from './plan.ts'
import { type Postgres, startPostgres } from './postgres.ts'
import { type RedisPair, startRedis } from './redis.ts'
import { runCell } from './run-cell.ts'
import { linesOf, type Outcome, ratiosOf, workloadName } from './summary.ts'
import { idOf, type System } from './system.ts'
import { renderTables } from './table.ts'

/**
 * Where systems come from: a module (its URL) that exports `systems`. An optional one that cannot be loaded
 * is told as not run; any other is an error.
 */
export type Source = { readonly module: string; readonly optional?: boolean }
export type Extra = { readonly versions?: Readonly<Record<string, string>> }

const EXIT = { fine: 0, failed: 1, usage: 64 } as const

/**
 * One benchmark: all systems of all sources in interleaved rounds on one machine. Prints the figures on
 * standard output (one JSON object with --json), progress on standard error; returns the exit code. A
 * system that this machine cannot run is told and is no failure; one that lost or doubled work is.
 */
export async function runBench(
  argv: readonly string[],
  sources: (plan: Plan) => Promise<readonly Source[]>,
  extra: () => Promise<Extra> = async () => ({}),
): Promise<number> {
  let plan: Plan
  try {
    plan = parsePlan(argv)
  } catch (cause) {
    if (!(cause instanceof BadOption)) throw cause
    say(cause.message)
    return EXIT.usage
  }
  const entries = (await load(await sources(plan))).filter(({ system }) => isWanted(plan, system))
  if (entries.length === 0) {
    say(`no system is called ${plan.wanted.join(' or ')}`)
    return EXIT.usage
  }
  const outcome = await withScratch((scratch) => measureAll(plan, entries, scratch))
  const systems = entries.map(({ system }) => system)
  const lines = linesOf(systems, outcome.outcomes)
  const ratios = ratiosOf(lines)
  const versions = { ...outcome.versions, ...(await extra()).versions }
  const { machine, postgresSettings } = outcome
  if (plan.json) {
    const told = systems.map((s) => ({ id: idOf(s), role: s.role, settings: s.settings, notRun: s.notRun }))
    const { scale, rounds } = plan
    const whole = { machine, versions, postgresSettings, scale, rounds, systems: told, lines, ratios }
    process.stdout.write(`${JSON.stringify(whole)}\n`)
  } else {
    process.stdout.write(`${renderTables(machine, versions, systems, lines, ratios)}\n`)
  }
  return lines.some((line) => line.is === 'failed') ? EXIT.failed : EXIT.fine
}

type Entry = { readonly module: string; readonly system: System }

async function load(sources: readonly Source[]): Promise<Entry[]> {
  const all = await Promise.all(
    sources.map(async ({ module, optional }) => {
      try {
        const { systems } = (await import(module)) as { systems: readonly System[] }
        return systems.map((system) => ({ module, system }))
      } catch (cause) {
        if (!optional) throw cause
        return [{ module, system: unloadable(module, cause) }]
      }
    }),
  )
  return all.flat()
}

const unloadable = (module: string, cause: unknown): System => ({
  name: path.basename(module, '.ts'),
  mode: 'not loaded',
  role: 'peer',
  settings: '',
  notRun: cause instanceof Error ? cause.message.split('\n', 1)[0]! : String(cause),
})

async function measureAll(plan: Plan, entries: readonly Entry[], scratch: string) {
  const machine = machineFacts(scratch)
  const postgres = await startPostgres(scratch)
  const redis = await startRedis(scratch, say)
  if (typeof redis === 'string') say(redis)
  try {
    const cells = cellsOf(
      plan,
      entries.map(({ system }) => system),
    )
    const outcomes: Outcome[] = []
    const unable = new Map<number, Outcome & { is: 'cannot run' }>()
    for (const [done, cell] of cells.entries()) {
      const known = unable.get(cell.system)
      const outcome = known
        ? { ...known, cell }
        : await measureOne(plan, entries, cell, postgres, redis, scratch)
      if (outcome.is === 'cannot run') unable.set(cell.system, outcome)
      outcomes.push(outcome)
      say(`${done + 1}/${cells.length} ${tell(entries, outcome)}`)
    }
    const redisVersion = typeof redis === 'string' ? {} : { redis: redis.version }
    const versions = { node: process.version, postgresql: postgres.version, ...redisVersion }
    return { machine, outcomes, versions, postgresSettings: postgres.settings }
  } finally {
    await postgres.stop()
    if (typeof redis !== 'string') await redis.stop()
  }
}

async function measureOne(
  plan: Plan,
  entries: readonly Entry[],
  cell: Cell,
  postgres: Postgres,
  redis: RedisPair | string,
  scratch: string,
): Promise<Outcome> {
  const { module, system } = entries[cell.system]!
  const name = `cell_${cell.system}_${cell.workload}_${cell.providerMs ?? 0}_${cell.round}`
  const databaseUrl = await postgres.fresh(name)
  if (typeof redis !== 'string') await redis.empty()
  const world = {
    databaseUrl,
    redis: typeof redis === 'string' ? null : redis.addresses,
    scratch: path.join(scratch, name),
  }
  const report = await runCell(
    { module, id: idOf(system), cell, world },
    plan.cellSeconds * (TIMES_AS_LONG[cell.workload] ?? 1),
  )
  await postgres.drop(name)
  return judge(cell, report)
}

/** A figure stands only when everything ran exactly as often as it should. */
function judge(cell: Cell, report: Report): Outcome {
  if (report.is !== 'measured') return { cell, ...report }
  const wrong = wrongCounts(report.measured.counts)
  if (wrong.length === 0) return { cell, is: 'measured', figures: report.measured.figures }
  const told = wrong.map(({ of, expected, found }) => `${of}: ${found} instead of ${expected}`)
  return { cell, is: 'failed', reason: `the count is wrong: ${told.join('; ')}` }
}

function tell(entries: readonly Entry[], outcome: Outcome): string {
  const head = `round ${outcome.cell.round} ${workloadName(outcome.cell)} ${idOf(entries[outcome.cell.system]!.system)}:`
  if (outcome.is !== 'measured') return `${head} ${outcome.is}: ${outcome.reason}`
  const figures = Object.entries(outcome.figures).map(
    ([name, value]) => `${name} ${Number(value.toPrecision(4))}`,
  )
  return `${head} ${figures.join(', ')}`
}

/** A directory that others may enter (PostgreSQL is not us when we are root), gone afterwards. */
async function withScratch<T>(work: (scratch: string) => Promise<T>): Promise<T> {
  const scratch = mkdtempSync(path.join(os.tmpdir(), 'wedsync-bench-'))
  await chmod(scratch, 0o711)
  const clean = (): void => rmSync(scratch, { recursive: true, force: true, maxRetries: 10 })
  process.once('exit', clean)
  const leave = (): never => process.exit(130)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, leave)
  try {
    return await work(scratch)
  } finally {
    clean()
    process.off('exit', clean)
  }
}

function say(text: string): void {
  process.stderr.write(`${text}\n`)
}
