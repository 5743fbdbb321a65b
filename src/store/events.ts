import type { ClientId, EventId, JsonObject, VendorId, WeddingId } from '../core/ids.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import { ts } from './sql.ts'

export type NewEvent = {
  readonly vendor: VendorId
  readonly event: EventId
  readonly source: string
  readonly key: string
  readonly type: string
  readonly at: Instant
  readonly client: ClientId | null
  readonly wedding: WeddingId | null
  readonly depth: number
  readonly data: JsonObject
  readonly personal: Uint8Array | null
  readonly history: JsonObject
}

/** Gives false when this source has told this event before: it changes nothing (engine 5). */
export async function insertEvent(sql: Sql, one: NewEvent): Promise<boolean> {
  const rows = await sql`
    insert into app.event (vendor_id, event_id, source, key, type, at, client_id, wedding_id, depth, data, personal, history)
    values (${one.vendor}, ${one.event}, ${one.source}, ${one.key}, ${one.type}, ${ts(one.at)}::timestamptz, ${one.client}, ${one.wedding},
            ${one.depth}, ${one.data}::jsonb, ${one.personal}, ${one.history}::jsonb)
    on conflict (vendor_id, source, key) do nothing
    returning event_id`
  return rows.length > 0
}

export async function findEvent(
  sql: Sql,
  vendor: VendorId,
  source: string,
  key: string,
): Promise<{ event_id: EventId; client_id: ClientId | null; history: JsonObject } | null> {
  const rows = await sql<{ event_id: EventId; client_id: ClientId | null; history: JsonObject }>`
    select event_id, client_id, history from app.event where vendor_id = ${vendor} and source = ${source} and key = ${key}`
  return rows[0] ?? null
}

export async function saveAnswer(
  sql: Sql,
  one: { vendor: VendorId; client: ClientId; form: string; event: EventId; sealed: Uint8Array; at: Instant },
): Promise<void> {
  await sql`
    insert into app.answer (vendor_id, client_id, form, event_id, sealed, at)
    values (${one.vendor}, ${one.client}, ${one.form}, ${one.event}, ${one.sealed}, ${ts(one.at)}::timestamptz)
    on conflict (vendor_id, client_id, form) do update
       set event_id = excluded.event_id, sealed = excluded.sealed, at = excluded.at`
}
