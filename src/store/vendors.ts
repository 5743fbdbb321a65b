import type { VendorId } from '../core/ids.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import { json, ts } from './sql.ts'

export async function insertVendor(
  sql: Sql,
  one: {
    vendor: VendorId
    name: string
    type: string
    zone: string
    region: string
    rules: unknown
    at: Instant
  },
): Promise<void> {
  await sql`
    insert into app.vendor (vendor_id, name, type, zone, region, rules, created_at)
    values (${one.vendor}, ${one.name}, ${one.type}, ${one.zone}, ${one.region}, ${json(one.rules)}::jsonb, ${ts(one.at)}::timestamptz)`
}
