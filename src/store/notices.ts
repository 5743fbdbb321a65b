import type { JsonObject, RunId, VendorId } from '../core/ids.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import { column } from './refs.ts'
import { ts } from './sql.ts'

export type NewNotice = {
  readonly vendor: VendorId
  readonly id: string
  readonly run: RunId | null
  readonly node: string | null
  readonly code: string
  readonly facts: JsonObject
  readonly at: Instant
}

export async function insertNotices(sql: Sql, notices: readonly NewNotice[]): Promise<void> {
  if (notices.length === 0) return
  await sql`
    insert into app.notice (vendor_id, notice_id, run_id, node, code, facts, at)
    select * from unnest(
      ${column(notices, (one) => one.vendor)}::uuid[], ${column(notices, (one) => one.id)}::uuid[],
      ${column(notices, (one) => one.run)}::uuid[], ${column(notices, (one) => one.node)}::text[],
      ${column(notices, (one) => one.code)}::text[], ${column(notices, (one) => JSON.stringify(one.facts))}::jsonb[],
      ${ts(column(notices, (one) => one.at))}::timestamptz[])`
}

/** Whether a notice of this kind still stands, so that the same trouble is told once. */
export async function hasOpenNotice(sql: Sql, vendor: VendorId, run: RunId, code: string): Promise<boolean> {
  const open = await sql`
    select notice_id from app.notice
     where vendor_id = ${vendor} and run_id = ${run} and code = ${code} and settled_at is null limit 1`
  return open.length > 0
}

/** What failed inside, as the newest open notice of each of these runs tells it. */
export async function failedInside(
  sql: Sql,
  vendor: VendorId,
  runs: readonly RunId[],
): Promise<{ run_id: RunId; error: string | null }[]> {
  return sql<{ run_id: RunId; error: string | null }>`
    select distinct on (run_id) run_id, facts ->> 'error' as error from app.notice
     where vendor_id = ${vendor} and run_id = any(${runs}::uuid[]) and code = 'engine_error' and settled_at is null
     order by run_id, at desc`
}

/** The same of an address that another system calls. */
export async function hasOpenNoticeOfAddress(
  sql: Sql,
  vendor: VendorId,
  incoming: string,
  code: string,
): Promise<boolean> {
  const open = await sql`
    select notice_id from app.notice
     where vendor_id = ${vendor} and code = ${code} and facts ->> 'incoming' = ${incoming} and settled_at is null limit 1`
  return open.length > 0
}
