import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { startPostgres } from './harness/postgres.ts'
import type { World } from './harness/system.ts'
import { transactions as ofOurs, systems } from './ours.ts'
import { transactions as ofSeason } from './season/house.ts'
import { systems as seasons } from './season/systems.ts'

/**
 * One workload of ours in this process, for a profiler: `node --cpu-prof bench/profile.ts w1 5000`. With
 * `--statements` the server says besides which statements took its time.
 */
const WITH_STATEMENTS = '--statements'
const [workload = 'w1', size = '5000', mode = '0'] = process.argv
  .slice(2)
  .filter((one) => one !== WITH_STATEMENTS)
const scratch = mkdtempSync(path.join(tmpdir(), 'wedsync-profile-'))
chmodSync(scratch, 0o755)
const given = process.env.PROFILE_POSTGRES_URL
const postgres = given ? null : await startPostgres(scratch)
const closers: (() => unknown)[] = []
const world: World = {
  databaseUrl: given ?? (await postgres!.fresh('profile')),
  redis: null,
  scratch,
  later: (close) => closers.push(close),
}
const statements = process.argv.includes(WITH_STATEMENTS) ? await watchStatements(world.databaseUrl) : null
const used = process.cpuUsage()
const system = systems[Number(mode)]
const count = Number(size)
const named = (['w6', 'w7', 'moves', 'costs'] as const).find((one) => one === workload)
const figure = named
  ? await seasons[0]?.[named]?.(world, count)
  : workload === 'w1'
    ? await system?.w1?.(world, count)
    : workload === 'w2'
      ? await system?.w2?.(world, count)
      : workload === 'w3'
        ? await system?.w3?.(world, count)
        : workload === 'w4'
          ? await system?.w4?.(world, 50, count)
          : await system?.w5?.(world, count, 0)
console.log(
  JSON.stringify(figure, (key, value: unknown) =>
    Array.isArray(value) && key.endsWith('Ms') ? summary(value as number[]) : value,
  ),
)
const { user, system: kernel } = process.cpuUsage(used)
console.log(`cpu of this process ${(user / 1e6).toFixed(2)} + ${(kernel / 1e6).toFixed(2)} s`)
for (const [name, { count: times, ms }] of [...ofOurs, ...ofSeason].sort((a, b) => b[1].ms - a[1].ms)) {
  console.log(
    `${name.padEnd(20)} ${String(times).padStart(6)} × ${(ms / times).toFixed(2)} ms = ${(ms / 1000).toFixed(2)} s`,
  )
}
for (const line of (await statements?.told()) ?? []) console.log(line)
for (const close of closers.reverse()) await close()
await postgres?.stop()
rmSync(scratch, { recursive: true, force: true })

function summary(values: readonly number[]): { p50: number; p99: number; max: number } {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  return { p50: at(0.5), p99: at(0.99), max: at(1) }
}

/** `pg_stat_statements` of this database, from the next connection on. */
async function watchStatements(url: string): Promise<{ told(): Promise<string[]> }> {
  const session = new pg.Client({ connectionString: url })
  await session.connect()
  closers.push(() => session.end())
  const { rows } = await session.query<{ name: string }>('select current_database() as name')
  await session.query('create extension if not exists pg_stat_statements')
  await session.query(
    `alter database ${pg.escapeIdentifier(rows[0]!.name)} set pg_stat_statements.track = 'top'`,
  )
  return {
    async told() {
      const { rows: heavy } = await session.query<{ calls: string; ms: number; wal: string; text: string }>(
        `select calls, total_exec_time as ms, wal_bytes as wal, left(regexp_replace(query, '\\s+', ' ', 'g'), 100) as text
           from pg_stat_statements where dbid = (select oid from pg_database where datname = current_database())
          order by total_exec_time desc limit 25`,
      )
      return heavy.map(
        ({ calls, ms, wal, text }) =>
          `${ms.toFixed(0).padStart(7)} ms ${calls.padStart(6)} × ${(Number(wal) / 1e6).toFixed(1).padStart(7)} MB  ${text}`,
      )
    },
  }
}
