import type { ClientId, RunId, VendorId } from '../core/ids.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Db, Sql } from '../ports.ts'
import { once } from './once.ts'
import { column, type RunRef } from './refs.ts'
import { ts } from './sql.ts'

/** Rows that stand still and should not (operations 2: stuck). */
export type StillRun = {
  vendor_id: VendorId
  run_id: RunId
  client_id: ClientId
  journey_id: string
  version: number
  state: string
}

/**
 * Active runs that nothing will ever move: no moment, no letter, and no message of theirs on its way. A run that
 * waits for a person or for an event is not active and not among them.
 */
export async function stillRuns(sql: Sql, vendors: readonly VendorId[], max: number): Promise<StillRun[]> {
  return sql<StillRun>`
    select r.vendor_id, r.run_id, r.client_id, r.journey_id, r.version, r.state
      from app.run r
     where (r.vendor_id = any (${vendors}::uuid[])) is true and r.status = 'active' and r.due_at is null and r.inbox = 0
       and not exists (select from app.effect e
                        where (e.vendor_id = r.vendor_id) is true and e.run_id = r.run_id and e.state in ('planned', 'sending', 'retryable', 'unknown'))
     order by r.run_id limit ${max}::int`
}

/** Letters that no moment calls to be read. Gives how many runs were woken. */
export async function wakeUnread(sql: Sql, vendors: readonly VendorId[], now: Instant): Promise<RunRef[]> {
  const rows = await sql<{ vendor_id: VendorId; run_id: RunId }>`
    update app.run set due_at = ${ts(now)}::timestamptz
     where (vendor_id = any (${vendors}::uuid[])) is true and inbox > 0 and due_at is null
    returning vendor_id, run_id`
  return rows.map((row) => ({ vendor: row.vendor_id, run: row.run_id }))
}

/** Unsent messages that nobody will look at again although their run is not held. */
export async function wakeForgotten(sql: Sql, vendors: readonly VendorId[], now: Instant): Promise<RunRef[]> {
  const rows = await sql<{ vendor_id: VendorId; run_id: RunId }>`
    update app.effect e set due_at = ${ts(now)}::timestamptz
      from app.run r
     where (e.vendor_id = any (${vendors}::uuid[])) is true and e.due_at is null
       and e.state in ('planned', 'sending', 'retryable', 'unknown')
       and (e.state in ('unknown', 'sending') or (e.state in ('planned', 'retryable') and r.status in ('active', 'waiting')))
       and r.vendor_id = e.vendor_id and r.run_id = e.run_id
    returning e.vendor_id, e.run_id`
  return rows.map((row) => ({ vendor: row.vendor_id, run: row.run_id }))
}

export type SettledEffect = { run_id: RunId; name: string; kind: string; state: string; cause: string | null }

/** What became of these runs' messages, for runs that were never told. */
export async function settledOf(sql: Sql, refs: readonly RunRef[]): Promise<SettledEffect[]> {
  if (refs.length === 0) return []
  return sql<SettledEffect>`
    select e.run_id, e.name, e.kind, e.state, e.cause
      from unnest(${column(refs, (ref) => ref.vendor)}::uuid[], ${column(refs, (ref) => ref.run)}::uuid[]) as x(vendor_id, run_id)
      join app.effect e on e.vendor_id = x.vendor_id and e.run_id = x.run_id
     where e.settled_at is not null`
}

/** Which of these notices are open already: the same trouble is told once. */
export async function openNotices(
  sql: Sql,
  vendors: readonly VendorId[],
  codes: readonly string[],
): Promise<{ vendor_id: VendorId; notice_id: string; run_id: RunId | null; code: string }[]> {
  return sql<{ vendor_id: VendorId; notice_id: string; run_id: RunId | null; code: string }>`
    select vendor_id, notice_id, run_id, code from app.notice
     where vendor_id = any (${vendors}::uuid[]) and settled_at is null and code = any (${codes}::text[])`
}

export async function settleNotices(
  sql: Sql,
  vendors: readonly VendorId[],
  notices: readonly string[],
  now: Instant,
): Promise<void> {
  if (notices.length === 0) return
  await sql`
    update app.notice set settled_at = ${ts(now)}::timestamptz
     where vendor_id = any (${vendors}::uuid[]) and notice_id = any (${notices}::uuid[])`
}

/** What a person should know of a book of runs, in numbers. */
export type Backlog = {
  stuck: number
  dead_letters: number
  unknown: number
  unresolved: number
  open_notices: number
  open_tasks_late: number
}

export async function backlogOf(sql: Sql, vendors: readonly VendorId[], now: Instant): Promise<Backlog> {
  const rows = await sql<Backlog>`
    select (select count(*)::int from app.run where vendor_id = any (${vendors}::uuid[]) and status in ('active', 'waiting') and position('"is":"stuck"' in state) > 0) as stuck,
           (select count(*)::int from app.dead_letter where vendor_id = any (${vendors}::uuid[]) and requeued_at is null) as dead_letters,
           (select count(*)::int from app.effect where vendor_id = any (${vendors}::uuid[]) and state = 'unknown' and due_at is not null) as unknown,
           (select count(*)::int from app.dead_letter where vendor_id = any (${vendors}::uuid[]) and requeued_at is null and cause = 'unresolved') as unresolved,
           (select count(*)::int from app.notice where vendor_id = any (${vendors}::uuid[]) and settled_at is null) as open_notices,
           (select count(*)::int from app.task where vendor_id = any (${vendors}::uuid[]) and state = 'open' and due_at < ${ts(now)}::timestamptz) as open_tasks_late`
  return rows[0]!
}

/** Open notices by what they are about, and how many runs stand behind them. */
export type Noticed = { readonly code: string; readonly notices: number; readonly runs: number }

export async function noticesOf(sql: Sql, vendors: readonly VendorId[]): Promise<Noticed[]> {
  return sql<Noticed>`
    select code, count(*)::int as notices, count(distinct run_id)::int as runs from app.notice
     where vendor_id = any (${vendors}::uuid[]) and settled_at is null group by code order by code`
}

/** Workers that hold a lease and have done nothing since: a process that is up and no work. */
export async function silentWorkers(
  db: Db,
  now: Instant,
  since: Instant,
): Promise<{ worker_id: string; pid: number; host: string; progress_at: Instant }[]> {
  return once(db, 'watch.workers', 'platform')<{
    worker_id: string
    pid: number
    host: string
    progress_at: Instant
  }>`
    select worker_id, pid, host, progress_at from app.worker
     where leased_until > ${ts(now)}::timestamptz and progress_at < ${ts(since)}::timestamptz order by worker_id`
}
