import type { VendorId } from '../core/ids.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import { json, ts } from './sql.ts'

/** A vendor whose id was given beforehand, and who is there already, stays as it is. */
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
    values (${one.vendor}, ${one.name}, ${one.type}, ${one.zone}, ${one.region}, ${json(one.rules)}::jsonb, ${ts(one.at)}::timestamptz)
    on conflict (vendor_id) do nothing`
}

export type VendorSettings = {
  name: string
  type: string
  zone: string
  region: string
  rules: unknown
}
export type VendorSettingsRow = VendorSettings & { vendor_id: VendorId; created_at: Instant }

/** `lock` holds it until the transaction ends, so that two who change it take turns. */
export async function readVendorSettings(
  sql: Sql,
  vendor: VendorId,
  lock: 'lock' | 'look',
): Promise<VendorSettingsRow | null> {
  if (lock === 'lock')
    await sql`select vendor_id from app.vendor where vendor_id = ${vendor} for no key update`
  const rows = await sql<VendorSettingsRow>`
    select vendor_id, name, type, zone, region, rules, created_at from app.vendor where vendor_id = ${vendor}`
  return rows[0] ?? null
}

/** Raises the revision under which views of the vendor are kept, and the generation of its calendar. */
export async function setVendorSettings(sql: Sql, vendor: VendorId, one: VendorSettings): Promise<void> {
  await sql`
    update app.vendor
       set name = ${one.name}, type = ${one.type}, zone = ${one.zone}, region = ${one.region}, rules = ${json(one.rules)}::jsonb,
           rev = rev + 1, calendar_generation = calendar_generation + 1
     where vendor_id = ${vendor}`
}

/** What stands in rows of its own and belongs to the view of the vendor has changed: what is kept of it is old. */
export async function raiseVendorRevision(sql: Sql, vendor: VendorId): Promise<void> {
  await sql`update app.vendor set rev = rev + 1 where vendor_id = ${vendor}`
}
