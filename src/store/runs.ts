import type { ClientId, JourneyId, RunId, VendorId, WeddingId } from '../core/ids.ts'
import type { RunStatus } from '../core/run/run.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Db, Sql } from '../ports.ts'
import { once } from './once.ts'
import { column, type RunRef } from './refs.ts'
import { ts } from './sql.ts'

/** The hot row. `rev` grows with every write by anybody: who saves a turn must have seen the newest (I1). */
export type RunRow = {
  vendor_id: VendorId
  run_id: RunId
  journey_id: JourneyId
  version: number
  client_id: ClientId
  wedding_id: WeddingId | null
  shard: number
  band: number
  rev: number
  inbox: number
  due_at: Instant | null
  status: RunStatus
  entry_key: string
  state: string
}

/** When the next row of these shards falls due; null when nothing waits for a moment. */
export async function nextDue(db: Db, shards: readonly number[]): Promise<Instant | null> {
  const rows = await once(db, 'tick.next', 'claim')<{ next: Instant | null }>`
    select app.next_due(${shards}::smallint[]) as next`
  return rows[0]?.next ?? null
}

export async function readRuns(sql: Sql, refs: readonly RunRef[]): Promise<RunRow[]> {
  return sql<RunRow>`
    select r.vendor_id, r.run_id, r.journey_id, r.version, r.client_id, r.wedding_id, r.shard, r.band, r.rev,
           r.inbox, r.due_at, r.status, r.entry_key, r.state
      from unnest(${column(refs, (ref) => ref.vendor)}::uuid[], ${column(refs, (ref) => ref.run)}::uuid[])
           as wanted(vendor_id, run_id)
      join app.run r on r.vendor_id = wanted.vendor_id and r.run_id = wanted.run_id`
}

/**
 * The same, holding the rows until the transaction ends: for commands and moved dates, whose answer must be true
 * when it is given. In the order of their ids, so that two of them cannot wait for each other.
 */
export async function lockRuns(sql: Sql, refs: readonly RunRef[]): Promise<RunRow[]> {
  return sql<RunRow>`
    select r.vendor_id, r.run_id, r.journey_id, r.version, r.client_id, r.wedding_id, r.shard, r.band, r.rev,
           r.inbox, r.due_at, r.status, r.entry_key, r.state
      from app.run r
     where (r.vendor_id, r.run_id) in (
             select * from unnest(${column(refs, (ref) => ref.vendor)}::uuid[], ${column(refs, (ref) => ref.run)}::uuid[]))
     order by r.run_id
       for no key update`
}

/** Live runs of a whole business, in the order locks are taken. */
export async function liveRunsOfVendor(sql: Sql, vendor: VendorId): Promise<RunId[]> {
  const rows = await sql<{ run_id: RunId }>`
    select run_id from app.run
     where vendor_id = ${vendor} and status in ('active', 'waiting', 'paused') order by run_id`
  return rows.map((row) => row.run_id)
}

/** Businesses that hold everything. */
export async function heldVendors(sql: Sql, vendors: readonly VendorId[]): Promise<VendorId[]> {
  const rows = await sql<{ vendor_id: VendorId }>`
    select vendor_id from app.vendor
     where vendor_id = any (${vendors}::uuid[]) and jsonb_typeof(channels -> 'held') = 'object' order by vendor_id`
  return rows.map((row) => row.vendor_id)
}

/** Of a business that holds everything: what is under way, has nothing to read, and does not know of it. */
export async function runsNotHeld(sql: Sql, vendor: VendorId, max: number): Promise<RunId[]> {
  const rows = await sql<{ run_id: RunId }>`
    select run_id from app.run
     where vendor_id = ${vendor} and status in ('active', 'waiting', 'paused') and inbox = 0
       and not (coalesce(state::jsonb -> 'holds', '[]'::jsonb) @> '["everything"]'::jsonb)
     order by run_id limit ${max}::int`
  return rows.map((row) => row.run_id)
}

/** Live runs of these clients, in the order locks are taken. */
export async function liveRunsOfClients(
  sql: Sql,
  vendor: VendorId,
  clients: readonly ClientId[],
): Promise<RunRef[]> {
  const rows = await sql<{ run_id: RunId }>`
    select run_id from app.run
     where (vendor_id = ${vendor}) is true and client_id = any (${clients}::uuid[])
       and status in ('active', 'waiting', 'paused')
     order by run_id`
  return rows.map((row) => ({ vendor, run: row.run_id }))
}

/** The same over several vendors. Each couple's are looked up by themselves, whatever was known when it was planned. */
export async function liveRunsOf(
  sql: Sql,
  couples: readonly { readonly vendor: VendorId; readonly client: ClientId }[],
): Promise<RunRef[]> {
  return sql<RunRef>`
    select r.vendor_id as vendor, r.run_id as run
      from unnest(${column(couples, (one) => one.vendor)}::uuid[], ${column(couples, (one) => one.client)}::uuid[]) as x(vendor_id, client_id)
     cross join lateral (
             select vendor_id, run_id from app.run
              where (vendor_id = x.vendor_id) is true and client_id = x.client_id and status in ('active', 'waiting', 'paused')
             offset 0) r
     order by r.run_id`
}

/** Whose journeys are not over, in one order. */
export async function clientsOnTheirWay(sql: Sql, vendor: VendorId): Promise<ClientId[]> {
  const rows = await sql<{ client_id: ClientId }>`
    select distinct client_id from app.run
     where vendor_id = ${vendor} and status in ('active', 'waiting', 'paused') order by client_id`
  return rows.map((row) => row.client_id)
}

/** A turn that is being computed for one of these cannot be saved: something it has read is another now. */
export async function supersedeTurns(
  sql: Sql,
  now: Instant,
  vendor: VendorId,
  runs: readonly RunId[],
): Promise<void> {
  await sql`
    update app.run set rev = rev + 1
     where (vendor_id = ${vendor}) is true and run_id = any (${runs}::uuid[]) and due_at <= ${ts(now)}::timestamptz`
}

export async function liveRunsOfWeddings(
  sql: Sql,
  vendor: VendorId,
  weddings: readonly WeddingId[],
): Promise<RunRef[]> {
  const rows = await sql<{ run_id: RunId }>`
    select run_id from app.run
     where (vendor_id = ${vendor}) is true and wedding_id = any (${weddings}::uuid[])
       and status in ('active', 'waiting', 'paused')
     order by run_id`
  return rows.map((row) => ({ vendor, run: row.run_id }))
}

/** A new run with the first lines of its log. */
export type NewRun = Omit<RunRow, 'rev' | 'inbox'> & { readonly log: readonly LogLine[] }
type LogLine = { readonly event: string; readonly because: string }

/**
 * Inserts runs and the beginning of their logs; gives those that are new. A run whose entry key is taken already is
 * simply not among them: the re-entry rule is this constraint, not a look before the leap.
 */
export async function insertRuns(sql: Sql, now: Instant, rows: readonly NewRun[]): Promise<Set<RunId>> {
  if (rows.length === 0) return new Set()
  const lines = rows.flatMap((row) =>
    row.log.map((line, turn) => ({ run: row.run_id, rev: turn + 1, ...line })),
  )
  const inserted = await sql<{ run_id: RunId }>`
    with begun as (
      insert into app.run (vendor_id, run_id, journey_id, version, client_id, wedding_id, shard, band, rev, due_at, status, entry_key, state)
      select * from unnest(
        ${column(rows, (row) => row.vendor_id)}::uuid[], ${column(rows, (row) => row.run_id)}::uuid[],
        ${column(rows, (row) => row.journey_id)}::uuid[], ${column(rows, (row) => row.version)}::int[],
        ${column(rows, (row) => row.client_id)}::uuid[], ${column(rows, (row) => row.wedding_id)}::uuid[],
        ${column(rows, (row) => row.shard)}::smallint[], ${column(rows, (row) => row.band)}::smallint[],
        ${column(rows, (row) => row.log.length)}::int[],
        ${ts(column(rows, (row) => row.due_at))}::timestamptz[], ${column(rows, (row) => row.status)}::text[],
        ${column(rows, (row) => row.entry_key)}::text[], ${column(rows, (row) => row.state)}::text[])
      on conflict (client_id, journey_id, entry_key, vendor_id) do nothing
      returning vendor_id, run_id),
    logged as (
      insert into app.run_log (vendor_id, run_id, rev, at, event, because)
      select begun.vendor_id, begun.run_id, line.rev, ${ts(now)}::timestamptz, line.event, line.because
        from unnest(
          ${column(lines, (line) => line.run)}::uuid[], ${column(lines, (line) => line.rev)}::int[],
          ${column(lines, (line) => line.event)}::text[], ${column(lines, (line) => line.because)}::text[])
          as line(run_id, rev, event, because)
        join begun using (run_id))
    select run_id from begun`
  return new Set(inserted.map((row) => row.run_id))
}

/** A run after its turns, and the log lines that tell them. */
export type SavedRun = {
  readonly vendor: VendorId
  readonly run: RunId
  /** The newest revision the turns were computed from; another one in the row means somebody was quicker. */
  readonly seen: number
  readonly version: number
  readonly band: number
  readonly due: Instant | null
  readonly status: RunStatus
  readonly state: string
  /** Turns taken: the revision grows by one for each, and each has its log line. */
  readonly log: readonly LogLine[]
}

/**
 * Saves a batch of turns with their log, in one statement. Gives the runs that were saved: one that somebody
 * else wrote meanwhile is not among them, none of its log is written, and its turns must be computed anew (I1).
 */
export async function saveRuns(sql: Sql, now: Instant, runs: readonly SavedRun[]): Promise<Set<RunId>> {
  // Lines name their run by its place in the batch: a number is shorter than an id, and quicker to join by.
  const lines = runs.flatMap((run, place) =>
    run.log.map((line, turn) => ({ place: place + 1, rev: run.seen + turn + 1, ...line })),
  )
  const [saved] = await sql<{ count: number; places: number[] | null }>`
    with saved as (
      update app.run r
         set rev = r.rev + x.turns, inbox = 0, version = x.version, band = x.band, due_at = x.due_at, status = x.status, state = x.state
        from unnest(
          ${column(runs, (run) => run.vendor)}::uuid[], ${column(runs, (run) => run.run)}::uuid[],
          ${column(runs, (run) => run.seen)}::int[], ${column(runs, (run) => run.log.length)}::int[],
          ${column(runs, (run) => run.version)}::int[], ${column(runs, (run) => run.band)}::smallint[],
          ${ts(column(runs, (run) => run.due))}::timestamptz[], ${column(runs, (run) => run.status)}::text[],
          ${column(runs, (run) => run.state)}::text[])
          with ordinality as x(vendor_id, run_id, seen, turns, version, band, due_at, status, state, place)
       where r.vendor_id = x.vendor_id and r.run_id = x.run_id and r.rev = x.seen
      returning r.vendor_id, r.run_id, x.place::int),
    logged as (
      insert into app.run_log (vendor_id, run_id, rev, at, event, because)
      select saved.vendor_id, saved.run_id, line.rev, ${ts(now)}::timestamptz, line.event, line.because
        from unnest(
          ${column(lines, (line) => line.place)}::int[], ${column(lines, (line) => line.rev)}::int[],
          ${column(lines, (line) => line.event)}::text[], ${column(lines, (line) => line.because)}::text[])
          as line(place, rev, event, because)
        join saved using (place))
    select count(*)::int as count, case when count(*) < ${runs.length}::int then array_agg(place) end as places from saved`
  if (saved?.count === runs.length) return new Set(runs.map((run) => run.run))
  return new Set((saved?.places ?? []).map((place) => runs[place - 1]!.run))
}

/**
 * Puts events into the inboxes of runs and makes them due. The revision grows, so that a turn that is being
 * computed without having read them cannot be saved.
 */
export async function deliver(
  sql: Sql,
  now: Instant,
  letters: readonly { ref: RunRef; event: string }[],
): Promise<void> {
  if (letters.length === 0) return
  await sql`
    with letter as materialized (
      select * from unnest(
        ${column(letters, (one) => one.ref.vendor)}::uuid[], ${column(letters, (one) => one.ref.run)}::uuid[],
        ${column(letters, (one) => one.event)}::text[]) with ordinality as x(vendor_id, run_id, event, place)),
    woken as (
      update app.run r
         set rev = r.rev + 1, inbox = r.inbox + l.letters, due_at = least(r.due_at, ${ts(now)}::timestamptz)
        from (select vendor_id, run_id, count(*)::int as letters from letter group by 1, 2 order by 2) l
       where r.vendor_id = l.vendor_id and r.run_id = l.run_id
      returning r.vendor_id, r.run_id)
    insert into app.run_inbox (vendor_id, run_id, event)
    select letter.vendor_id, letter.run_id, letter.event
      from letter join woken using (vendor_id, run_id)
     order by letter.place`
}

export type InboxRow = { run_id: RunId; seq: number; event: string }

export async function readInboxes(sql: Sql, refs: readonly RunRef[]): Promise<InboxRow[]> {
  if (refs.length === 0) return []
  return sql<InboxRow>`
    select i.run_id, i.seq, i.event
      from unnest(${column(refs, (ref) => ref.vendor)}::uuid[], ${column(refs, (ref) => ref.run)}::uuid[]) as x(vendor_id, run_id)
      join app.run_inbox i on i.vendor_id = x.vendor_id and i.run_id = x.run_id
     order by i.run_id, i.seq`
}

export async function emptyInboxes(
  sql: Sql,
  read: readonly { vendor: VendorId; run: RunId; seq: number }[],
): Promise<void> {
  if (read.length === 0) return
  await sql`
    delete from app.run_inbox i
     using unnest(${column(read, (one) => one.vendor)}::uuid[], ${column(read, (one) => one.run)}::uuid[],
                  ${column(read, (one) => one.seq)}::bigint[]) as x(vendor_id, run_id, seq)
     where i.vendor_id = x.vendor_id and i.run_id = x.run_id and i.seq = x.seq`
}

export type LogRow = { rev: number; at: Instant; event: string; because: string }

export async function readLog(sql: Sql, ref: RunRef): Promise<LogRow[]> {
  return sql<LogRow>`
    select rev, at, event, because from app.run_log
     where vendor_id = ${ref.vendor} and run_id = ${ref.run} order by rev`
}

/** Puts a run off that could not be moved. Gives true when no open notice tells of it yet. */
export async function postponeRun(sql: Sql, ref: RunRef, now: Instant, until: Instant): Promise<boolean> {
  await sql`
    update app.run set rev = rev + 1, due_at = ${ts(until)}::timestamptz
     where vendor_id = ${ref.vendor} and run_id = ${ref.run} and due_at <= ${ts(now)}::timestamptz`
  const open = await sql`
    select notice_id from app.notice
     where vendor_id = ${ref.vendor} and run_id = ${ref.run} and code = 'engine_error' and settled_at is null limit 1`
  return open.length === 0
}

/** A client's live runs of the journey with this key. */
export async function runsOfJourney(
  sql: Sql,
  vendor: VendorId,
  client: ClientId,
  key: string,
): Promise<RunRef[]> {
  const rows = await sql<{ run_id: RunId }>`
    select r.run_id from app.run r join app.journey j on j.vendor_id = r.vendor_id and j.journey_id = r.journey_id
     where (r.vendor_id = ${vendor}) is true and r.client_id = ${client} and j.key = ${key} and r.status in ('active', 'waiting', 'paused')
     order by r.run_id`
  return rows.map((row) => ({ vendor, run: row.run_id }))
}
