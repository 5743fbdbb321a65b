import type { VendorId } from '../core/ids.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import { ts } from './sql.ts'

export type ApiKeyRow = {
  api_key_id: string
  name: string
  hint: string
  made_by: string
  scopes: string[]
  networks: string[]
  created_at: Instant
  expires_at: Instant | null
  revoked_at: Instant | null
}

export async function listApiKeys(sql: Sql, vendor: VendorId): Promise<ApiKeyRow[]> {
  return sql<ApiKeyRow>`
    select api_key_id, name, hint, made_by, scopes, networks, created_at, expires_at, revoked_at from app.api_key
     where vendor_id = ${vendor} order by created_at, api_key_id`
}

/** Gives its name; null where there is no such key, or it is revoked. */
export async function limitApiKey(
  sql: Sql,
  vendor: VendorId,
  key: string,
  networks: readonly string[],
): Promise<ApiKeyRow | null> {
  const rows = await sql<ApiKeyRow>`
    update app.api_key set networks = ${networks}::text[]
     where vendor_id = ${vendor} and api_key_id = ${key} and revoked_at is null
    returning api_key_id, name, hint, made_by, scopes, networks, created_at, expires_at, revoked_at`
  return rows[0] ?? null
}

/** Gives the keys that were valid until now; one that was revoked already is not among them. */
export async function revokeApiKeys(
  sql: Sql,
  vendor: VendorId,
  wanted: string,
  now: Instant,
): Promise<{ api_key_id: string; name: string }[]> {
  return sql<{ api_key_id: string; name: string }>`
    update app.api_key set revoked_at = ${ts(now)}::timestamptz
     where vendor_id = ${vendor} and (api_key_id::text = ${wanted} or name = ${wanted}) and revoked_at is null
    returning api_key_id, name`
}
