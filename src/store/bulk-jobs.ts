import type { Json, VendorId } from '../core/ids.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import { json, ts } from './sql.ts'

/** Work on many rows as a row of its own: what was asked, how far it is, and what became of each. */
export type JobRow = {
  job_id: string
  kind: string
  request: Json
  state: 'running' | 'done' | 'failed' | 'cancelled'
  total: number
  done: number
  failed: number
  results: readonly JobResult[]
  actor: string
  at: Instant
  finished_at: Instant | null
}
export type JobResult = {
  readonly of: string
  readonly is: 'done' | 'refused'
  readonly undo?: string
  readonly why?: string
  /** What was found out about this row, where the job only looks. */
  readonly told?: Json
}

export async function insertJob(
  sql: Sql,
  vendor: VendorId,
  one: Pick<JobRow, 'job_id' | 'kind' | 'request' | 'total' | 'actor' | 'at'>,
): Promise<void> {
  await sql`
    insert into app.job (vendor_id, job_id, kind, request, state, total, actor, at)
    values (${vendor}, ${one.job_id}, ${one.kind}, ${json(one.request)}::jsonb, 'running', ${one.total}::int, ${one.actor}, ${ts(one.at)}::timestamptz)`
}

/** Holds the job until the transaction ends: two who go on with the same one take turns. */
export async function lockJob(sql: Sql, vendor: VendorId, job: string): Promise<JobRow | null> {
  const rows = await sql<JobRow>`
    select job_id, kind, request, state, total, done, failed, results, actor, at, finished_at from app.job
     where vendor_id = ${vendor} and job_id = ${job} for no key update`
  return rows[0] ?? null
}

export async function readJob(sql: Sql, vendor: VendorId, job: string): Promise<JobRow | null> {
  const rows = await sql<JobRow>`
    select job_id, kind, request, state, total, done, failed, results, actor, at, finished_at from app.job
     where vendor_id = ${vendor} and job_id = ${job}`
  return rows[0] ?? null
}

/** Adds what became of some rows; the job is done with the last of them. */
export async function progressJob(
  sql: Sql,
  vendor: VendorId,
  job: string,
  now: Instant,
  results: readonly JobResult[],
): Promise<void> {
  const refused = results.filter((one) => one.is === 'refused').length
  await sql`
    update app.job
       set done = done + ${results.length - refused}::int, failed = failed + ${refused}::int, results = results || ${json(results)}::jsonb,
           state = case when done + failed + ${results.length}::int >= total then 'done' else state end,
           finished_at = case when done + failed + ${results.length}::int >= total then ${ts(now)}::timestamptz end
     where vendor_id = ${vendor} and job_id = ${job}`
}

export async function cancelJob(sql: Sql, vendor: VendorId, job: string, now: Instant): Promise<boolean> {
  const rows = await sql`
    update app.job set state = 'cancelled', finished_at = ${ts(now)}::timestamptz
     where vendor_id = ${vendor} and job_id = ${job} and state = 'running' returning job_id`
  return rows.length > 0
}

/** Ends what still takes couples along for a publication; waits for a part that is under way. */
export async function cancelJobsOf(
  sql: Sql,
  vendor: VendorId,
  publication: string,
  now: Instant,
): Promise<void> {
  await sql`
    update app.job set state = 'cancelled', finished_at = ${ts(now)}::timestamptz
     where vendor_id = ${vendor} and state = 'running' and request ->> 'publication' = ${publication}`
}

/** Ends those that are still under way; waits for a part that is. */
export async function cancelJobsOfKind(
  sql: Sql,
  vendor: VendorId,
  kind: string,
  now: Instant,
): Promise<void> {
  await sql`
    update app.job set state = 'cancelled', finished_at = ${ts(now)}::timestamptz
     where vendor_id = ${vendor} and state = 'running' and kind = ${kind}`
}

export async function latestJobOfKind(
  sql: Sql,
  vendor: VendorId,
  kind: string,
  since: Instant,
): Promise<Pick<JobRow, 'job_id' | 'request'> | null> {
  const rows = await sql<Pick<JobRow, 'job_id' | 'request'>>`
    select job_id, request from app.job
     where vendor_id = ${vendor} and kind = ${kind} and at >= ${ts(since)}::timestamptz
     order by at desc, job_id desc limit 1`
  return rows[0] ?? null
}

/** What derives the waits of a business anew with this release of the zone data. */
export async function jobsOfRelease(
  sql: Sql,
  vendor: VendorId,
  release: string,
): Promise<Pick<JobRow, 'job_id' | 'state'>[]> {
  return sql<Pick<JobRow, 'job_id' | 'state'>>`
    select job_id, state from app.job
     where vendor_id = ${vendor} and kind = 'zone.data' and request ->> 'release' = ${release} order by at, job_id`
}

/** Of these businesses, how many have waits that are being derived anew with other zone data. */
export async function vendorsReplanned(sql: Sql, vendors: readonly VendorId[]): Promise<number> {
  const [row] = await sql<{ count: number }>`
    select count(distinct vendor_id)::int as count from app.job
     where vendor_id = any (${vendors}::uuid[]) and kind = 'zone.data' and state = 'running'`
  return row?.count ?? 0
}

/** Jobs that are not over and were begun before this moment: nobody may be at them any more. */
export async function jobsLeft(
  sql: Sql,
  vendors: readonly VendorId[],
  before: Instant,
  max: number,
): Promise<{ vendor_id: VendorId; job_id: string }[]> {
  return sql<{ vendor_id: VendorId; job_id: string }>`
    select vendor_id, job_id from app.job
     where vendor_id = any (${vendors}::uuid[]) and state = 'running' and at < ${ts(before)}::timestamptz
     order by at, job_id limit ${max}::int`
}
