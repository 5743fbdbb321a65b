import type { RunId, VendorId } from '../core/ids.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import { column } from './refs.ts'
import { ts } from './sql.ts'

export type NewApproval = {
  readonly vendor: VendorId
  readonly run: RunId
  readonly name: string
  readonly node: string
  readonly visit: number
  readonly ask: string
  readonly role: string
  readonly until: Instant | null
  readonly at: Instant
}

/** Puts questions on the desk, or moves the time to answer of those that lie there. */
export async function insertApprovals(sql: Sql, approvals: readonly NewApproval[]): Promise<void> {
  if (approvals.length === 0) return
  await sql`
    insert into app.approval (vendor_id, run_id, name, node, visit, ask, role, until_at, asked_at, state)
    select x.*, 'open' from unnest(
      ${column(approvals, (one) => one.vendor)}::uuid[], ${column(approvals, (one) => one.run)}::uuid[],
      ${column(approvals, (one) => one.name)}::text[], ${column(approvals, (one) => one.node)}::text[],
      ${column(approvals, (one) => one.visit)}::int[], ${column(approvals, (one) => one.ask)}::text[],
      ${column(approvals, (one) => one.role)}::text[], ${ts(column(approvals, (one) => one.until))}::timestamptz[],
      ${ts(column(approvals, (one) => one.at))}::timestamptz[]) as x
    on conflict (vendor_id, run_id, name) do update
       set state = 'open', until_at = excluded.until_at, answered_at = null, answered_by = null,
           -- Of an open one only the time to answer has moved.
           asked_at = case when approval.state = 'open' then approval.asked_at else excluded.asked_at end
     where approval.state in ('open', 'closed')`
}

export async function closeApproval(
  sql: Sql,
  one: { vendor: VendorId; run: RunId; name: string; at: Instant },
): Promise<void> {
  await sql`
    update app.approval set state = 'closed', answered_at = ${ts(one.at)}::timestamptz
     where vendor_id = ${one.vendor} and run_id = ${one.run} and name = ${one.name} and state = 'open'`
}

/** Gives false when somebody answered before. */
export async function answerApproval(
  sql: Sql,
  one: {
    vendor: VendorId
    run: RunId
    name: string
    answer: 'approved' | 'skipped'
    at: Instant
    by: string
  },
): Promise<boolean> {
  const rows = await sql`
    update app.approval set state = ${one.answer}, answered_at = ${ts(one.at)}::timestamptz, answered_by = ${one.by}
     where vendor_id = ${one.vendor} and run_id = ${one.run} and name = ${one.name} and state = 'open'
    returning name`
  return rows.length > 0
}
