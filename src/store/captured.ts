import type { EffectId, VendorId } from '../core/ids.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import { ts } from './sql.ts'

/** The captured mailbox: one row for each effect and attempt; the same attempt told twice is one letter. */
export async function keepCaptured(
  sql: Sql,
  one: {
    vendor: VendorId
    effect: EffectId
    attempt: number
    channel: string
    sealed: Uint8Array
    at: Instant
  },
): Promise<void> {
  await sql`
    insert into app.captured_message (vendor_id, effect_id, attempt, channel, sealed, at)
    values (${one.vendor}, ${one.effect}, ${one.attempt}, ${one.channel}, ${one.sealed}, ${ts(one.at)}::timestamptz)
    on conflict do nothing`
}

export type CapturedRow = {
  effect_id: EffectId
  attempt: number
  channel: string
  sealed: Uint8Array
  at: Instant
}

export async function listCaptured(sql: Sql, vendor: VendorId, max: number): Promise<CapturedRow[]> {
  return sql<CapturedRow>`
    select effect_id, attempt, channel, sealed, at from app.captured_message
     where vendor_id = ${vendor} order by at desc, effect_id limit ${max}::int`
}
