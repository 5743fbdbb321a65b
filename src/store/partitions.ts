import { DAY_MS, type Instant, isoOf, plusMs } from '../core/time/instant.ts'
import { type Quarter, quarterNamed, quarterOf, quartersBetween } from '../core/time/quarter.ts'
import { OWNER } from './roles.ts'
import type { Session } from './sql.ts'

/**
 * The logs, one table for each quarter of a year: made before they are needed, let go of as a whole when they are
 * old. Only the owner may do either; the role the product runs as appends to a log and can never shorten it. A row
 * for which there is no quarter yet lies in the default partition, is found there like any other, and moves when
 * its quarter is made.
 */
export const LOGS = [
  { table: 'run_log', column: 'at' },
  { table: 'effect_attempt', column: 'started_at' },
] as const
type LogTable = (typeof LOGS)[number]

/** The current quarter and the next two: half a year without anybody looking is no trouble. */
const AHEAD_DAYS = 183
/** "partlogs" cut to a bigint: one keeper at a time. */
const LOCK = 0x70_6172_746c
/** Making and dropping takes a lock on the whole log for a moment; whoever waits longer for it tries again later. */
const LOCK_WAIT_MS = 500

export type Kept = { readonly made: readonly string[]; readonly dropped: readonly string[] }

/** Makes what is missing and drops what is older than the retention. Nothing to do costs two looks at the catalog. */
export async function keepPartitions(session: Session, now: Instant, keepDays: number): Promise<Kept> {
  const made: string[] = []
  const dropped: string[] = []
  for (const log of LOGS) {
    const kept = await inTransaction(session, () => keepLog(session, log, now, keepDays))
    made.push(...kept.made)
    dropped.push(...kept.dropped)
  }
  return { made, dropped }
}

async function inTransaction(session: Session, work: () => Promise<Kept>): Promise<Kept> {
  await session.exec(`begin; set local role ${OWNER}; set local lock_timeout = ${LOCK_WAIT_MS}`)
  try {
    const kept = await work()
    await session.exec('commit')
    return kept
  } catch (error) {
    await session.exec('rollback')
    throw error
  }
}

async function keepLog(session: Session, log: LogTable, now: Instant, keepDays: number): Promise<Kept> {
  const [got] = await session.query<{ ours: boolean }>('select pg_try_advisory_xact_lock($1) as ours', [LOCK])
  if (!got?.ours) return { made: [], dropped: [] }
  const cutoff = plusMs(now, -keepDays * DAY_MS)
  const there = await quartersOf(session, log)
  const dropped = there.filter((one) => one.until <= cutoff)
  for (const { name } of dropped) await session.exec(`drop table app.${log.table}_${name}`)
  const missing = (await quartersNeeded(session, log, now, cutoff)).filter(
    (one) => !there.some(({ name }) => name === one.name),
  )
  for (const quarter of missing) await make(session, log, quarter)
  const named = (all: readonly Quarter[]): string[] => all.map(({ name }) => `${log.table}_${name}`)
  return { made: named(missing), dropped: named(dropped) }
}

/** What lies ahead, and what the default partition holds: rows of a restored backup, or of a time without a keeper. */
async function quartersNeeded(
  session: Session,
  { table, column }: LogTable,
  now: Instant,
  cutoff: Instant,
): Promise<Quarter[]> {
  const ahead = quartersBetween(now, plusMs(now, AHEAD_DAYS * DAY_MS))
  const [stray] = await session.query<{ first: Instant | null; last: Instant | null }>(
    `select min(${column}) as first, max(${column}) as last from app.${table}_default`,
  )
  if (!stray || stray.first === null || stray.last === null) return ahead
  const oldest = quarterOf(cutoff).from
  await session.query(`delete from app.${table}_default where ${column} < $1::timestamptz`, [isoOf(oldest)])
  if (stray.last < oldest || stray.first > now) return ahead
  // What lies in the far future (a clock that was wrong) stays where it is until its time comes.
  const strays = quartersBetween(latest(stray.first, oldest), now)
  return [...strays, ...ahead.filter(({ name }) => !strays.some((one) => one.name === name))]
}

const latest = (a: Instant, b: Instant): Instant => (a > b ? a : b)

/** Guarded like every table of a vendor before it is reachable; its rows and their rights come through the log. */
async function make(session: Session, { table, column }: LogTable, quarter: Quarter): Promise<void> {
  const name = `app.${table}_${quarter.name}`
  const bounds = [isoOf(quarter.from), isoOf(quarter.until)]
  await session.exec(`create table ${name} (like app.${table} including defaults including constraints)`)
  await session.query(
    `with moved as (delete from app.${table}_default
                     where ${column} >= $1::timestamptz and ${column} < $2::timestamptz returning *)
     insert into ${name} select * from moved`,
    bounds,
  )
  await session.exec(`
    alter table ${name} enable row level security;
    alter table ${name} force row level security;
    alter table app.${table} attach partition ${name} for values from ('${bounds[0]}') to ('${bounds[1]}')`)
}

async function quartersOf(session: Session, { table }: LogTable): Promise<Quarter[]> {
  const rows = await session.query<{ name: string }>(
    `select c.relname::text as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent = to_regclass('app.' || $1) order by 1`,
    [table],
  )
  return rows.flatMap(({ name }) => quarterNamed(name.slice(table.length + 1)) ?? [])
}

export type PartitionTrouble = {
  /** Quarters of now and the near future for which there is no table. */
  readonly missing: readonly string[]
  /** Tables that should be gone: their retention was over a month ago. */
  readonly tooOld: readonly string[]
}

const NEAR_DAYS = 31
const GRACE_DAYS = 31

/** What `doctor` looks at; any role may ask. */
export async function partitionTrouble(
  session: Session,
  now: Instant,
  keepDays: number,
): Promise<PartitionTrouble> {
  const missing: string[] = []
  const tooOld: string[] = []
  for (const log of LOGS) {
    const there = await quartersOf(session, log)
    const near = quartersBetween(now, plusMs(now, NEAR_DAYS * DAY_MS))
    const cutoff = plusMs(now, -(keepDays + GRACE_DAYS) * DAY_MS)
    missing.push(
      ...near
        .filter(({ name }) => !there.some((one) => one.name === name))
        .map((one) => `${log.table}_${one.name}`),
    )
    tooOld.push(...there.filter((one) => one.until <= cutoff).map((one) => `${log.table}_${one.name}`))
  }
  return { missing, tooOld }
}
