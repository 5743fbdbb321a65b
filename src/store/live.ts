import type { VendorId } from '../core/ids.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import { ts } from './sql.ts'

/**
 * What was committed for a vendor since a snapshot of the database: visible now, and not visible then. Rows come in
 * the order in which transactions end, not in that of their moments or ids; only the snapshots themselves say which
 * were told before. So nothing is told twice and nothing is left out, whichever process asks, and nobody must write
 * anything down for it: the log of turns, the audit, the events, the notices and the jobs are there anyway.
 */
export type Since = {
  readonly vendor: VendorId
  /** As `pg_current_snapshot()` writes it. */
  readonly snapshot: string
  /** Nothing that this snapshot did not show yet bears an earlier moment. */
  readonly from: Instant
}

export type ChangeLine = {
  /** Of which question, from 0. */
  readonly place: number
  readonly source: 'turn' | 'audit' | 'event' | 'notice' | 'job'
  readonly client_id: string | null
  readonly journey_id: string | null
  readonly run_id: string | null
  /** An action of the audit. */
  readonly said: string | null
  readonly subject: string | null
}
export type Changes = { readonly snapshot: string; readonly lines: readonly ChangeLine[] }

/** Of each source and question; who hears of so many names none of them. */
export const LINES_MAX = 200

/** The snapshot of this moment: where everything that is committed later begins. */
export async function snapshotNow(sql: Sql): Promise<string> {
  const [row] = await sql<{ snapshot: string }>`select pg_current_snapshot()::text as snapshot`
  if (!row) throw new Error('the database has no snapshot')
  return row.snapshot
}

/** One statement, so that all of it is seen in one snapshot. */
export async function changesSince(sql: Sql, asked: readonly Since[]): Promise<Changes> {
  const rows = await sql<ChangeLine & { snapshot: string }>`
    with here as materialized (
      select pg_current_snapshot()::text as snapshot, pg_snapshot_xmax(pg_current_snapshot())::text::bigint as top),
    asked as materialized (
      select vendor_id, since::pg_snapshot as since, pg_snapshot_xmin(since::pg_snapshot)::text::bigint % 4294967296 as low, from_at, from_id, place::int - 1 as place
        from unnest(${asked.map((one) => one.vendor)}::uuid[], ${asked.map((one) => one.snapshot)}::text[],
                    ${ts(asked.map((one) => one.from))}::timestamptz[], ${asked.map((one) => idFrom(one.from))}::uuid[])
             with ordinality as x(vendor_id, since, from_at, from_id, place))
    select here.snapshot, found.*
      from here left join lateral (
        select asked.place, 'turn' as source, r.client_id, r.journey_id, t.run_id, null::text as said, null::text as subject
          from asked cross join lateral (
            select l.run_id from app.run_log l
             where l.vendor_id = asked.vendor_id and l.at >= asked.from_at
               and app.was_written_since(l.xmin, asked.since, asked.low, here.top)
             limit ${LINES_MAX}::int) t
          join app.run r on r.vendor_id = asked.vendor_id and r.run_id = t.run_id
        union all
        select asked.place, 'audit', null, null, null, t.action, t.subject
          from asked cross join lateral (
            select l.action, l.subject from app.audit l
             where l.vendor_id = asked.vendor_id and l.at >= asked.from_at
               and app.was_written_since(l.xmin, asked.since, asked.low, here.top)
             limit ${LINES_MAX}::int) t
        union all
        select asked.place, 'event', t.client_id, null, null, null, null
          from asked cross join lateral (
            select l.client_id from app.event l
             where l.vendor_id = asked.vendor_id and l.event_id >= asked.from_id
               and app.was_written_since(l.xmin, asked.since, asked.low, here.top)
             limit ${LINES_MAX}::int) t
        union all
        select asked.place, 'notice', null, null, t.run_id, null, null
          from asked cross join lateral (
            select l.run_id from app.notice l
             where l.vendor_id = asked.vendor_id and l.settled_at is null and l.at >= asked.from_at
               and app.was_written_since(l.xmin, asked.since, asked.low, here.top)
             limit ${LINES_MAX}::int) t
        union all
        select asked.place, 'job', null, null, null, t.kind, t.job_id::text
          from asked cross join lateral (
            select l.job_id, l.kind from app.job l
             where l.vendor_id = asked.vendor_id
               and app.was_written_since(l.xmin, asked.since, asked.low, here.top)
             limit ${LINES_MAX}::int) t
      ) found on true`
  const [first] = rows
  if (!first) throw new Error('the database has no snapshot')
  return { snapshot: first.snapshot, lines: rows.filter((row) => row.place !== null) }
}

/** Ids of events grow with time: none of a later moment is smaller than this. */
function idFrom(at: Instant): string {
  const hex = Math.max(0, at).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`
}

export type TicketRow = { readonly member_id: string; readonly session_id: string }

/** Keeps a ticket, and lets go of those whose time is over. */
export async function insertTicket(
  sql: Sql,
  one: { vendor: VendorId; hash: Uint8Array; member: string; session: string; at: Instant; expires: Instant },
): Promise<void> {
  await sql`
    with over as (
      delete from app.live_ticket where vendor_id = ${one.vendor} and expires_at <= ${ts(one.at)}::timestamptz)
    insert into app.live_ticket (vendor_id, hash, member_id, session_id, expires_at)
    values (${one.vendor}, ${one.hash}, ${one.member}, ${one.session}, ${ts(one.expires)}::timestamptz)`
}

/** Takes a ticket: it is there once, for whoever comes first. */
export async function takeTicket(
  sql: Sql,
  vendor: VendorId,
  hash: Uint8Array,
  now: Instant,
): Promise<TicketRow | null> {
  const [row] = await sql<TicketRow & { expires_at: Instant }>`
    delete from app.live_ticket where vendor_id = ${vendor} and hash = ${hash}
    returning member_id, session_id, expires_at`
  return row && row.expires_at > now ? row : null
}

export type RoleLine = { readonly vendor_id: VendorId; readonly member_id: string; readonly role: string }

/** Who of these still works here, and as what; of a suspended business nobody. */
export async function rolesOf(
  sql: Sql,
  members: readonly { readonly vendor: VendorId; readonly member: string }[],
): Promise<RoleLine[]> {
  return sql<RoleLine>`
    select m.vendor_id, m.member_id, m.role
      from unnest(${members.map((one) => one.vendor)}::uuid[], ${members.map((one) => one.member)}::uuid[]) as x(vendor_id, member_id)
      join app.member m on m.vendor_id = x.vendor_id and m.member_id = x.member_id
      join app.vendor v on v.vendor_id = m.vendor_id and v.suspended_at is null`
}
