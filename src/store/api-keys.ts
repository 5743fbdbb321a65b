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
    networks: readonly string[]
  },
): Promise<void> {
  await sql`
    insert into app.api_key (vendor_id, api_key_id, name, hash, scopes, created_at, expires_at, made_by, hint, networks)
    values (${one.vendor}, ${one.id}, ${one.name}, ${one.hash}, ${one.scopes}::text[], ${ts(one.at)}::timestamptz,
            ${ts(one.expires)}::timestamptz, ${one.by}, ${one.hint}, ${one.networks}::text[])`
}

export type KnownKey = {
  readonly vendor: VendorId
  readonly key: string
  readonly scopes: readonly string[]
  /** From where it is taken; none named: from anywhere. */
  readonly networks: readonly string[]
}

/** Whose key this is, by its hash alone; null when it is unknown, revoked or over. */
export async function vendorOfKey(db: Db, hash: Uint8Array, now: Instant): Promise<KnownKey | null> {
  const rows = await once(db, 'key.find', 'claim')<{
    vendor_id: VendorId
    api_key_id: string
    scopes: string[]
    networks: string[]
  }>`
    select vendor_id, api_key_id, scopes, networks from app.vendor_of_key(${hash}, ${ts(now)}::timestamptz)`
  const [row] = rows
  return row
    ? { vendor: row.vendor_id, key: row.api_key_id, scopes: row.scopes, networks: row.networks }
    : null
}
