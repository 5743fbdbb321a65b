import type { VendorId } from '../core/ids.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import { json, ts } from './sql.ts'

export type DressRow = {
  vendor_id: VendorId
  name: string
  region: string
  brand: unknown
  channels: unknown
}

/** How a business looks and by which ways it speaks. `lock` holds it, so that two who change it take turns. */
export async function readDress(
  sql: Sql,
  vendor: VendorId,
  how: 'lock' | 'look' = 'look',
): Promise<DressRow | null> {
  if (how === 'lock')
    await sql`select vendor_id from app.vendor where vendor_id = ${vendor} for no key update`
  const rows = await sql<DressRow>`
    select vendor_id, name, region, brand, channels from app.vendor where vendor_id = ${vendor}`
  return rows[0] ?? null
}

/** Raises the revision under which views of the vendor are kept: the next letter has the new look. */
export async function setBrand(sql: Sql, vendor: VendorId, brand: unknown): Promise<void> {
  await sql`update app.vendor set brand = ${json(brand)}::jsonb, rev = rev + 1 where vendor_id = ${vendor}`
}

export async function setChannels(sql: Sql, vendor: VendorId, channels: unknown): Promise<void> {
  await sql`update app.vendor set channels = ${json(channels)}::jsonb, rev = rev + 1 where vendor_id = ${vendor}`
}

export async function keepLogo(
  sql: Sql,
  one: { vendor: VendorId; hash: Uint8Array; type: string; bytes: Uint8Array; at: Instant },
): Promise<void> {
  await sql`
    insert into app.brand_logo (vendor_id, hash, type, bytes, at)
    values (${one.vendor}, ${one.hash}, ${one.type}, ${one.bytes}, ${ts(one.at)}::timestamptz) on conflict do nothing`
}

export async function readLogo(
  sql: Sql,
  vendor: VendorId,
  hash: Uint8Array,
): Promise<{ type: string; bytes: Uint8Array } | null> {
  const rows = await sql<{ type: string; bytes: Uint8Array }>`
    select type, bytes from app.brand_logo where vendor_id = ${vendor} and hash = ${hash}`
  return rows[0] ?? null
}

export async function keepSecret(
  sql: Sql,
  one: { vendor: VendorId; channel: string; sealed: Uint8Array; at: Instant },
): Promise<void> {
  await sql`
    insert into app.channel_secret (vendor_id, channel, sealed, at)
    values (${one.vendor}, ${one.channel}, ${one.sealed}, ${ts(one.at)}::timestamptz)
    on conflict (vendor_id, channel) do update set sealed = excluded.sealed, at = excluded.at`
}

export async function forgetSecret(sql: Sql, vendor: VendorId, channel: string): Promise<void> {
  await sql`delete from app.channel_secret where vendor_id = ${vendor} and channel = ${channel}`
}

export async function readSecret(sql: Sql, vendor: VendorId, channel: string): Promise<Uint8Array | null> {
  const rows = await sql<{ sealed: Uint8Array }>`
    select sealed from app.channel_secret where vendor_id = ${vendor} and channel = ${channel}`
  return rows[0]?.sealed ?? null
}
