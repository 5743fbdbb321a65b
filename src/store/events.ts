import type { ClientId, EventId, JsonObject, VendorId, WeddingId } from '../core/ids.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import { column } from './refs.ts'
import { json, ts } from './sql.ts'

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

/** Gives how many were new: one that its source has told before changes nothing (engine 5). */
export async function insertEvents(sql: Sql, rows: readonly NewEvent[]): Promise<number> {
  if (rows.length === 0) return 0
  const inserted = await sql`
    insert into app.event (vendor_id, event_id, source, key, type, at, client_id, wedding_id, depth, data, personal, history)
    select * from unnest(
      ${column(rows, (one) => one.vendor)}::uuid[], ${column(rows, (one) => one.event)}::uuid[], ${column(rows, (one) => one.source)}::text[],
      ${column(rows, (one) => one.key)}::text[], ${column(rows, (one) => one.type)}::text[], ${ts(column(rows, (one) => one.at))}::timestamptz[],
      ${column(rows, (one) => one.client)}::uuid[], ${column(rows, (one) => one.wedding)}::uuid[], ${column(rows, (one) => one.depth)}::int[],
      ${column(rows, (one) => json(one.data))}::jsonb[], ${column(rows, (one) => one.personal)}::bytea[],
      ${column(rows, (one) => json(one.history))}::jsonb[])
    on conflict (vendor_id, source, key) do nothing
    returning event_id`
  return inserted.length
}

type KnownEvent = { event_id: EventId; client_id: ClientId | null; history: JsonObject }

/**
 * Those of these events that were told before, by `source|key`. Each is looked up by itself: as a join, planned while
 * there were few events, it read all of the vendor's.
 */
export async function findEvents(
  sql: Sql,
  vendor: VendorId,
  told: readonly { readonly source: string; readonly key: string }[],
): Promise<Map<string, KnownEvent>> {
  const rows = await sql<KnownEvent & { source: string; key: string }>`
    select e.event_id, e.client_id, e.history, e.source, e.key
      from unnest(${column(told, (one) => one.source)}::text[], ${column(told, (one) => one.key)}::text[]) as x(source, key)
     cross join lateral (
             select * from app.event e where e.vendor_id = ${vendor} and e.source = x.source and e.key = x.key limit 1) e`
  return new Map(rows.map((row) => [`${row.source}|${row.key}`, row]))
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

export async function sealedEvent(
  sql: Sql,
  vendor: VendorId,
  event: EventId,
): Promise<{ client_id: ClientId; personal: Uint8Array } | null> {
  const rows = await sql<{ client_id: ClientId; personal: Uint8Array }>`
    select client_id, personal from app.event
     where vendor_id = ${vendor} and event_id = ${event} and personal is not null and client_id is not null`
  return rows[0] ?? null
}
