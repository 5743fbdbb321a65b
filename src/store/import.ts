import type { VendorId } from '../core/ids.ts'
import type { Sql } from '../ports.ts'
import type { NewClient, NewWedding } from './clients.ts'
import { column } from './refs.ts'
import { json, ts } from './sql.ts'

/** Many couples in few statements: what `clients.ts` and `events.ts` do one by one. */
export async function insertWeddings(sql: Sql, rows: readonly NewWedding[]): Promise<void> {
  if (rows.length === 0) return
  await sql`
    insert into app.wedding (vendor_id, wedding_id, status, zone, region, guests, anchors, wedding_on, created_at)
    select * from unnest(
      ${column(rows, (one) => one.vendor)}::uuid[], ${column(rows, (one) => one.wedding)}::uuid[], ${column(rows, (one) => one.status)}::text[],
      ${column(rows, (one) => one.zone)}::text[], ${column(rows, (one) => one.region)}::text[], ${column(rows, (one) => one.guests)}::int[],
      ${column(rows, (one) => json(one.anchors))}::jsonb[], ${column(rows, (one) => one.on)}::date[],
      ${ts(column(rows, (one) => one.at))}::timestamptz[])`
}

/** Tags are lists of their own, which `unnest` would flatten: they travel as JSON. */
export async function insertClients(sql: Sql, rows: readonly NewClient[]): Promise<void> {
  if (rows.length === 0) return
  await sql`
    insert into app.client (vendor_id, client_id, wedding_id, stage, tags, language, zone, anchors, fields, created_at)
    select x.vendor_id, x.client_id, x.wedding_id, x.stage, array(select jsonb_array_elements_text(x.tags)), x.language, x.zone, x.anchors, x.fields, x.at
      from unnest(
        ${column(rows, (one) => one.vendor)}::uuid[], ${column(rows, (one) => one.client)}::uuid[], ${column(rows, (one) => one.wedding)}::uuid[],
        ${column(rows, (one) => one.stage)}::text[], ${column(rows, (one) => json(one.tags))}::jsonb[], ${column(rows, (one) => one.language)}::text[],
        ${column(rows, (one) => one.zone)}::text[], ${column(rows, (one) => json(one.anchors))}::jsonb[], ${column(rows, (one) => one.fields)}::bytea[],
        ${ts(column(rows, (one) => one.at))}::timestamptz[])
        as x(vendor_id, client_id, wedding_id, stage, tags, language, zone, anchors, fields, at)`
}

/** Which of these keys this source has told before. */
export async function knownKeys(
  sql: Sql,
  vendor: VendorId,
  source: string,
  keys: readonly string[],
): Promise<Set<string>> {
  const rows = await sql<{ key: string }>`
    select key from app.event where vendor_id = ${vendor} and source = ${source} and key = any (${keys}::text[])`
  return new Set(rows.map((row) => row.key))
}

/** Two imports into one book take turns, batch by batch. */
export async function lockVendor(sql: Sql, vendor: VendorId): Promise<void> {
  await sql`select vendor_id from app.vendor where vendor_id = ${vendor} for no key update`
}
