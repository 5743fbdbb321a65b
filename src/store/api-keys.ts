import type { VendorId } from '../core/ids.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Db, Sql } from '../ports.ts'
import { once } from './once.ts'
import { ts } from './sql.ts'

export async function insertApiKey(
  sql: Sql,
  one: {
    vendor: VendorId
    id: string
    name: string
    hash: Uint8Array
    scopes: readonly string[]
    at: Instant
    expires: Instant | null
    by: string
    hint: string
  },
): Promise<void> {
  await sql`
    insert into app.api_key (vendor_id, api_key_id, name, hash, scopes, created_at, expires_at, made_by, hint)
    values (${one.vendor}, ${one.id}, ${one.name}, ${one.hash}, ${one.scopes}::text[], ${ts(one.at)}::timestamptz,
            ${ts(one.expires)}::timestamptz, ${one.by}, ${one.hint})`
}

/** Whose key this is, by its hash alone; null when it is unknown, revoked or over. */
export async function vendorOfKey(
  db: Db,
  hash: Uint8Array,
  now: Instant,
): Promise<{ vendor: VendorId; key: string; scopes: readonly string[] } | null> {
  const rows = await once(db, 'key.find', 'claim')<{
    vendor_id: VendorId
    api_key_id: string
    scopes: string[]
  }>`
    select vendor_id, api_key_id, scopes from app.vendor_of_key(${hash}, ${ts(now)}::timestamptz)`
  return rows[0] ? { vendor: rows[0].vendor_id, key: rows[0].api_key_id, scopes: rows[0].scopes } : null
}
