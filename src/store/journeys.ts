import type { ClientId, JourneyId, VendorId } from '../core/ids.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Db, Sql } from '../ports.ts'
import { once } from './once.ts'
import { column } from './refs.ts'
import { ts } from './sql.ts'

export type JourneyRow = {
  journey_id: JourneyId
  key: string
  name: string
  category: string
  status: 'draft' | 'active' | 'paused' | 'archived'
  version: number | null
  trigger_type: string | null
  listens_to: string | null
}

export async function findJourney(sql: Sql, vendor: VendorId, key: string): Promise<JourneyRow | null> {
  const rows = await sql<JourneyRow>`
    select journey_id, key, name, category, status, version, trigger_type, listens_to
      from app.journey where vendor_id = ${vendor} and key = ${key}`
  return rows[0] ?? null
}

export async function listJourneys(sql: Sql, vendor: VendorId): Promise<JourneyRow[]> {
  return sql<JourneyRow>`
    select journey_id, key, name, category, status, version, trigger_type, listens_to
      from app.journey where vendor_id = ${vendor} order by key`
}

const BEGINNINGS = 7_303_010_418

/**
 * Between reading which journeys there are and having begun them nobody publishes: else a couple that comes at that
 * very moment would be seen neither by its own transaction nor by the publisher's. Asked before the reading, as a
 * statement of its own, so that the reading sees what was waited for.
 */
export async function beginnersEnter(sql: Sql, vendors: readonly VendorId[]): Promise<void> {
  await sql`
    select pg_advisory_xact_lock_shared(hashtextextended(vendor::text, ${BEGINNINGS}::bigint))::text
      from (select vendor from unnest(${vendors}::uuid[]) as all_of_them(vendor) order by vendor) as in_order`
}

/** Waits until all who are beginning journeys are through; those who come later see what this transaction publishes. */
export async function beginnersAreThrough(sql: Sql, vendor: VendorId): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${vendor}::uuid::text, ${BEGINNINGS}::bigint))::text`
}

/** Active journeys that an event of this type can start. */
export async function journeysListeningTo(
  sql: Sql,
  vendor: VendorId,
  eventType: string,
): Promise<JourneyRow[]> {
  return sql<JourneyRow>`
    select journey_id, key, name, category, status, version, trigger_type, listens_to
      from app.journey
     where vendor_id = ${vendor} and status = 'active' and version is not null and listens_to = ${eventType}
     order by key`
}

export type Listening = JourneyRow & { readonly vendor_id: VendorId; readonly listens_to: string }

/** Of all these vendors, the active journeys that begin with such events. */
export async function journeysListening(
  sql: Sql,
  vendors: readonly VendorId[],
  eventTypes: readonly string[],
): Promise<Listening[]> {
  return sql<Listening>`
    select vendor_id, journey_id, key, name, category, status, version, trigger_type, listens_to
      from app.journey
     where vendor_id = any (${vendors}::uuid[]) and status = 'active' and version is not null
       and listens_to = any (${eventTypes}::text[])
     order by vendor_id, listens_to, key`
}

/** Active journeys that begin by a date: each client has a waiting run of them from the day it is known. */
export async function dateJourneys(sql: Sql, vendor: VendorId): Promise<JourneyRow[]> {
  return sql<JourneyRow>`
    select journey_id, key, name, category, status, version, trigger_type, listens_to
      from app.journey
     where vendor_id = ${vendor} and status = 'active' and version is not null and trigger_type = 'date'
     order by key`
}

export async function insertJourney(
  sql: Sql,
  one: {
    vendor: VendorId
    journey: JourneyId
    key: string
    name: string
    category: string
    at: Instant
    template?: { readonly key: string; readonly version: number }
  },
): Promise<void> {
  const { key: template = null, version = null } = one.template ?? {}
  await sql`
    insert into app.journey (vendor_id, journey_id, key, name, category, status, template, template_version, created_at)
    values (${one.vendor}, ${one.journey}, ${one.key}, ${one.name}, ${one.category}, 'draft', ${template}, ${version}::int,
            ${ts(one.at)}::timestamptz)`
}

/** Locks the journey until the transaction ends: two publishers take turns. */
export async function lockJourney(
  sql: Sql,
  vendor: VendorId,
  journey: JourneyId,
): Promise<JourneyRow | null> {
  const rows = await sql<JourneyRow>`
    select journey_id, key, name, category, status, version, trigger_type, listens_to
      from app.journey where vendor_id = ${vendor} and journey_id = ${journey} for no key update`
  return rows[0] ?? null
}

export type NewVersion = {
  readonly vendor: VendorId
  readonly journey: JourneyId
  readonly version: number
  readonly document: Uint8Array
  readonly hash: Uint8Array
  readonly by: string
  readonly at: Instant
  readonly name: string
  readonly category: string
  readonly triggerType: string
  readonly listensTo: string | null
}

export async function insertVersion(sql: Sql, one: NewVersion): Promise<void> {
  await sql`
    insert into app.journey_version (vendor_id, journey_id, version, document, hash, published_at, published_by)
    values (${one.vendor}, ${one.journey}, ${one.version}, ${one.document}, ${one.hash}, ${ts(one.at)}::timestamptz, ${one.by})`
  await sql`
    update app.journey
       set version = ${one.version}, status = case when status = 'draft' then 'active' else status end,
           name = ${one.name}, category = ${one.category}, trigger_type = ${one.triggerType}, listens_to = ${one.listensTo}
     where vendor_id = ${one.vendor} and journey_id = ${one.journey}`
}

/** What the re-entry rule must know; the client's row is locked, so that two starts take turns. */
export type EntryFacts = {
  readonly finished: number
  readonly live: number
  readonly lastStartedAt: Instant | null
}

export async function readEntries(
  sql: Sql,
  vendor: VendorId,
  wanted: readonly { journey: JourneyId; client: ClientId }[],
): Promise<Map<string, EntryFacts>> {
  if (wanted.length === 0) return new Map()
  await sql`
    select client_id from app.client
     where vendor_id = ${vendor} and client_id = any (${column(wanted, (one) => one.client)}::uuid[])
     order by client_id for no key update`
  const rows = await sql<{
    journey_id: string
    client_id: string
    finished: number
    live: number
    last_started_at: Instant | null
  }>`
    select r.journey_id, r.client_id,
           count(*) filter (where r.status in ('completed', 'failed', 'cancelled'))::int as finished,
           count(*) filter (where r.status in ('active', 'waiting', 'paused'))::int as live,
           max(to_timestamp((r.state::jsonb ->> 'startedAt')::bigint / 1000.0)) as last_started_at
      from unnest(${column(wanted, (one) => one.journey)}::uuid[], ${column(wanted, (one) => one.client)}::uuid[]) as x(journey_id, client_id)
      join app.run r on (r.vendor_id = ${vendor}) is true and r.journey_id = x.journey_id and r.client_id = x.client_id
     group by r.journey_id, r.client_id`
  return new Map(
    rows.map((row) => [
      `${row.journey_id}|${row.client_id}`,
      { finished: row.finished, live: row.live, lastStartedAt: row.last_started_at },
    ]),
  )
}

export async function allVendors(db: Db): Promise<{ vendor_id: VendorId; name: string }[]> {
  return once(db, 'platform.vendors', 'platform')<{
    vendor_id: VendorId
    name: string
  }>`select vendor_id, name from app.all_vendors()`
}
