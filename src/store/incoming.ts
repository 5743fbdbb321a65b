import type { ClientId, EventId, JsonObject, VendorId } from '../core/ids.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import { json, ts } from './sql.ts'

/** Addresses that other systems call, and their last calls. One that was removed is not there. */
export type IncomingRow = {
  incoming_id: string
  key: string
  name: string
  becomes: JsonObject
  sealed: Uint8Array
  older_until: Instant | null
  made_by: string
  created_at: Instant
  paused_at: Instant | null
}

/** False where somebody has just taken the key. */
export async function insertIncoming(
  sql: Sql,
  vendor: VendorId,
  one: Omit<IncomingRow, 'older_until' | 'paused_at'>,
): Promise<boolean> {
  const rows = await sql`
    insert into app.incoming_address (vendor_id, incoming_id, key, name, becomes, sealed, made_by, created_at)
    values (${vendor}, ${one.incoming_id}, ${one.key}, ${one.name}, ${json(one.becomes)}::jsonb, ${one.sealed}, ${one.made_by},
            ${ts(one.created_at)}::timestamptz)
    on conflict (vendor_id, key) where removed_at is null do nothing returning incoming_id`
  return rows.length > 0
}

export async function listIncoming(sql: Sql, vendor: VendorId): Promise<IncomingRow[]> {
  return sql<IncomingRow>`
    select incoming_id, key, name, becomes, sealed, older_until, made_by, created_at, paused_at from app.incoming_address
     where vendor_id = ${vendor} and removed_at is null order by created_at, incoming_id`
}

export async function readIncoming(
  sql: Sql,
  vendor: VendorId,
  id: string,
  how: 'look' | 'lock' = 'look',
): Promise<IncomingRow | null> {
  if (how === 'lock')
    await sql`
      select incoming_id from app.incoming_address
       where vendor_id = ${vendor} and incoming_id = ${id} for no key update`
  const rows = await sql<IncomingRow>`
    select incoming_id, key, name, becomes, sealed, older_until, made_by, created_at, paused_at from app.incoming_address
     where vendor_id = ${vendor} and incoming_id = ${id} and removed_at is null`
  return rows[0] ?? null
}

/** The caller holds the row. */
export async function saveIncoming(sql: Sql, vendor: VendorId, one: IncomingRow): Promise<void> {
  await sql`
    update app.incoming_address
       set name = ${one.name}, becomes = ${json(one.becomes)}::jsonb, sealed = ${one.sealed},
           older_until = ${ts(one.older_until)}::timestamptz, paused_at = ${ts(one.paused_at)}::timestamptz
     where vendor_id = ${vendor} and incoming_id = ${one.incoming_id}`
}

export async function removeIncoming(
  sql: Sql,
  vendor: VendorId,
  id: string,
  now: Instant,
): Promise<string | null> {
  const rows = await sql<{ name: string }>`
    update app.incoming_address set removed_at = ${ts(now)}::timestamptz
     where vendor_id = ${vendor} and incoming_id = ${id} and removed_at is null returning name`
  return rows[0]?.name ?? null
}

export type NewCall = {
  readonly incoming: string
  readonly id: string
  readonly at: Instant
  readonly verdict: 'accepted' | 'repeated' | 'refused'
  readonly why: string | null
  readonly field: string | null
  readonly event: EventId | null
}

/** Of each verdict the last ones are kept, so that a storm of refused calls hides none that was taken. */
const KEPT_OF_EACH = 30

export async function insertCall(sql: Sql, vendor: VendorId, one: NewCall): Promise<void> {
  await sql`
    insert into app.incoming_call (vendor_id, incoming_id, call_id, at, verdict, why, field, event_id)
    values (${vendor}, ${one.incoming}, ${one.id}, ${ts(one.at)}::timestamptz, ${one.verdict}, ${one.why}, ${one.field}, ${one.event})`
  await sql`
    delete from app.incoming_call
     where vendor_id = ${vendor} and incoming_id = ${one.incoming} and verdict = ${one.verdict}
       and call_id <= (select c.call_id from app.incoming_call c
                        where c.vendor_id = ${vendor} and c.incoming_id = ${one.incoming} and c.verdict = ${one.verdict}
                        order by c.call_id desc offset ${KEPT_OF_EACH} limit 1)`
}

export type CallRow = {
  call_id: string
  at: Instant
  verdict: NewCall['verdict']
  why: string | null
  field: string | null
  event_id: EventId | null
  client_id: ClientId | null
  started: number
  woken: number
}

/** The newest first; whom an event was about, and what came of it, is said by the event. */
export async function listCalls(sql: Sql, vendor: VendorId, incoming: string): Promise<CallRow[]> {
  return sql<CallRow>`
    select c.call_id, c.at, c.verdict, c.why, c.field, e.event_id, e.client_id,
           coalesce(jsonb_array_length(e.history -> 'started'), 0) as started,
           coalesce(jsonb_array_length(e.history -> 'woken'), 0) as woken
      from app.incoming_call c
      left join app.event e on e.vendor_id = c.vendor_id and e.event_id = c.event_id
     where c.vendor_id = ${vendor} and c.incoming_id = ${incoming}
     order by c.call_id desc`
}

/** The couples one of whose people has this address: two at most, for whoever wants to know whether it is one. */
export async function couplesWithEmail(sql: Sql, vendor: VendorId, mark: Uint8Array): Promise<ClientId[]> {
  const rows = await sql<{ client_id: ClientId }>`
    select distinct p.client_id from app.person p
     where p.vendor_id = ${vendor} and p.email_mark = ${mark} order by p.client_id limit 2`
  return rows.map((row) => row.client_id)
}
