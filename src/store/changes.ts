import type { RunId, VendorId, WeddingId } from '../core/ids.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import { column } from './refs.ts'
import { json, ts } from './sql.ts'

/** Records of what persons changed, each with what is needed to take it back. */
export type DetailsChangeRow = {
  change_id: string
  wedding_id: WeddingId
  at: Instant
  actor: string
  before: unknown
  after: unknown
  undo_until: Instant
  undone_at: Instant | null
}

export async function insertDetailsChanges(
  sql: Sql,
  vendor: VendorId,
  rows: readonly Omit<DetailsChangeRow, 'undone_at'>[],
): Promise<void> {
  await sql`
    insert into app.details_change (vendor_id, change_id, wedding_id, at, actor, before, after, undo_until)
    select ${vendor}, * from unnest(
      ${column(rows, (row) => row.change_id)}::uuid[], ${column(rows, (row) => row.wedding_id)}::uuid[],
      ${ts(column(rows, (row) => row.at))}::timestamptz[], ${column(rows, (row) => row.actor)}::text[],
      ${column(rows, (row) => json(row.before))}::jsonb[], ${column(rows, (row) => json(row.after))}::jsonb[],
      ${ts(column(rows, (row) => row.undo_until))}::timestamptz[])`
}

/** Takes the undo for itself; null when there is none, it is over, or somebody has used it. */
export async function takeUndo(
  sql: Sql,
  vendor: VendorId,
  change: string,
  now: Instant,
): Promise<DetailsChangeRow | null> {
  const rows = await sql<DetailsChangeRow>`
    update app.details_change set undone_at = ${ts(now)}::timestamptz
     where vendor_id = ${vendor} and change_id = ${change} and undone_at is null and undo_until > ${ts(now)}::timestamptz
    returning change_id, wedding_id, at, actor, before, after, undo_until, undone_at`
  return rows[0] ?? null
}

/** Until when it can be taken back that a wedding was called off, where that can be. */
export async function callOffOpenUntil(
  sql: Sql,
  vendor: VendorId,
  wedding: WeddingId,
  now: Instant,
): Promise<Instant | null> {
  const [open] = await sql<{ until: Instant | null }>`
    select max(undo_until) as until from app.details_change
     where vendor_id = ${vendor} and wedding_id = ${wedding} and undone_at is null and undo_until > ${ts(now)}::timestamptz
       and after ->> 'status' = 'cancelled' and before ->> 'status' <> 'cancelled'`
  return open?.until ?? null
}

export type CommandRow = {
  command_id: string
  run_id: RunId
  at: Instant
  actor: string
  command: unknown
  outcome: string
  rev_after: number
  before: string
  undone_at: Instant | null
}

export async function insertCommands(
  sql: Sql,
  vendor: VendorId,
  rows: readonly Omit<CommandRow, 'undone_at'>[],
): Promise<void> {
  if (rows.length === 0) return
  await sql`
    insert into app.command (vendor_id, command_id, run_id, at, actor, command, outcome, rev_after, before)
    select ${vendor}, * from unnest(
      ${column(rows, (row) => row.command_id)}::uuid[], ${column(rows, (row) => row.run_id)}::uuid[],
      ${ts(column(rows, (row) => row.at))}::timestamptz[], ${column(rows, (row) => row.actor)}::text[],
      ${column(rows, (row) => json(row.command))}::jsonb[], ${column(rows, (row) => row.outcome)}::text[],
      ${column(rows, (row) => row.rev_after)}::int[], ${column(rows, (row) => row.before)}::text[])`
}

export async function takeCommandUndo(
  sql: Sql,
  vendor: VendorId,
  command: string,
  now: Instant,
  since: Instant,
): Promise<CommandRow | null> {
  const rows = await sql<CommandRow>`
    update app.command set undone_at = ${ts(now)}::timestamptz
     where vendor_id = ${vendor} and command_id = ${command} and undone_at is null and at > ${ts(since)}::timestamptz
    returning command_id, run_id, at, actor, command, outcome, rev_after, before, undone_at`
  return rows[0] ?? null
}

/** Whether anything a plan may hang on was changed or taken back at this moment or since: how many guests come is no such thing. */
export async function changedSince(
  sql: Sql,
  vendor: VendorId,
  wedding: WeddingId,
  at: Instant,
): Promise<boolean> {
  const [found] = await sql<{ changed: boolean }>`
    select exists (select from app.details_change
                    where (vendor_id = ${vendor}) is true and wedding_id = ${wedding}
                      and before - 'guests' is distinct from after - 'guests'
                      and greatest(at, undone_at) >= ${ts(at)}::timestamptz) as changed`
  return found?.changed ?? false
}

/** Puts back what a command withdrew or closed at its moment, and withdraws what it planned. Gives how many had left. */
export async function reverseCommand(
  sql: Sql,
  vendor: VendorId,
  run: RunId,
  at: Instant,
  now: Instant,
  awaited: readonly string[],
): Promise<number> {
  const [left] = await sql<{ left: number }>`
    select count(*)::int as left from app.effect
     where (vendor_id = ${vendor}) is true and run_id = ${run} and planned_at >= ${ts(at)}::timestamptz and state not in ('planned', 'cancelled')`
  await sql`
    update app.effect
       set state = case when state = 'planned' then 'cancelled' else 'planned' end,
           due_at = case when state = 'planned' then null else greatest(${ts(now)}::timestamptz, resume_at) end,
           settled_at = case when state = 'planned' then ${ts(now)}::timestamptz end
     where (vendor_id = ${vendor}) is true and run_id = ${run}
       and ((state = 'planned' and planned_at >= ${ts(at)}::timestamptz) or (state = 'cancelled' and settled_at = ${ts(at)}::timestamptz)
            or (state = 'cancelled' and settled_at > ${ts(at)}::timestamptz and name = any (${awaited}::text[])))`
  await sql`
    update app.task set state = case when state = 'open' then 'closed' else 'open' end
     where vendor_id = ${vendor} and run_id = ${run}
       and ((state = 'open' and opened_at = ${ts(at)}::timestamptz) or (state = 'closed' and done_at = ${ts(at)}::timestamptz))`
  await sql`
    update app.approval set state = case when state = 'open' then 'closed' else 'open' end
     where vendor_id = ${vendor} and run_id = ${run}
       and ((state = 'open' and asked_at = ${ts(at)}::timestamptz) or (state = 'closed' and answered_at = ${ts(at)}::timestamptz))`
  // What it told of has not been.
  await sql`
    update app.notice set settled_at = ${ts(now)}::timestamptz
     where vendor_id = ${vendor} and run_id = ${run} and at = ${ts(at)}::timestamptz and settled_at is null`
  return left?.left ?? 0
}

export async function insertAudit(
  sql: Sql,
  rows: readonly {
    vendor: VendorId
    id: string
    at: Instant
    actor: string
    action: string
    subject: string
    detail: unknown
  }[],
): Promise<void> {
  if (rows.length === 0) return
  await sql`
    insert into app.audit (vendor_id, audit_id, at, actor, action, subject, detail)
    select * from unnest(
      ${column(rows, (row) => row.vendor)}::uuid[], ${column(rows, (row) => row.id)}::uuid[],
      ${ts(column(rows, (row) => row.at))}::timestamptz[], ${column(rows, (row) => row.actor)}::text[],
      ${column(rows, (row) => row.action)}::text[], ${column(rows, (row) => row.subject)}::text[],
      ${column(rows, (row) => json(row.detail))}::jsonb[])`
}
