import type { ClientId, JourneyId, VendorId, WeddingId } from '../core/ids.ts'
import type { DateStatus } from '../core/run/view.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Anchors } from '../core/wedding/anchor.ts'
import type { Sql } from '../ports.ts'
import { column } from './refs.ts'
import { json, ts } from './sql.ts'
import type { ClientKey } from './views.ts'

export type NewWedding = {
  readonly vendor: VendorId
  readonly wedding: WeddingId
  readonly status: DateStatus
  readonly zone: string | null
  readonly region: string | null
  readonly guests: number | null
  readonly anchors: Anchors
  readonly on: string | null
  readonly at: Instant
}

export async function insertWedding(sql: Sql, one: NewWedding): Promise<void> {
  await sql`
    insert into app.wedding (vendor_id, wedding_id, status, zone, region, guests, anchors, wedding_on, created_at)
    values (${one.vendor}, ${one.wedding}, ${one.status}, ${one.zone}, ${one.region}, ${one.guests}, ${json(one.anchors)}::jsonb, ${one.on}::date, ${ts(one.at)}::timestamptz)`
}

export type NewClient = {
  readonly vendor: VendorId
  readonly client: ClientId
  readonly wedding: WeddingId | null
  readonly stage: string
  readonly tags: readonly string[]
  readonly language: string
  readonly zone: string | null
  readonly anchors: Anchors
  readonly fields: Uint8Array | null
  readonly at: Instant
}

export async function insertClient(sql: Sql, one: NewClient): Promise<void> {
  await sql`
    insert into app.client (vendor_id, client_id, wedding_id, stage, tags, language, zone, anchors, fields, created_at)
    values (${one.vendor}, ${one.client}, ${one.wedding}, ${one.stage}, ${one.tags}::text[], ${one.language}, ${one.zone},
            ${json(one.anchors)}::jsonb, ${one.fields}, ${ts(one.at)}::timestamptz)`
}

/** Holds the client until the transaction ends: two things that start its runs take turns. */
export type HeldClient = { wedding_id: WeddingId | null; anchors: Anchors }

/** Holds these couples until the transaction ends, in the order of their ids. An erased one is not among them. */
export async function lockClients(
  sql: Sql,
  vendor: VendorId,
  clients: readonly ClientId[],
): Promise<Map<ClientId, HeldClient>> {
  const rows = await sql<HeldClient & { client_id: ClientId }>`
    select client_id, wedding_id, anchors from app.client
     where (vendor_id = ${vendor}) is true and client_id = any (${clients}::uuid[]) and erased_at is null
     order by client_id for no key update`
  return new Map(rows.map((row) => [row.client_id, row]))
}

/** The same over several vendors, for who needs nothing of them but that nobody else changes them meanwhile. */
export async function holdClients(sql: Sql, keys: readonly ClientKey[]): Promise<void> {
  if (keys.length === 0) return
  await sql`
    select c.client_id
      from unnest(${column(keys, (key) => key.vendor)}::uuid[], ${column(keys, (key) => key.client)}::uuid[]) as x(vendor_id, client_id)
      join app.client c on c.vendor_id = x.vendor_id and c.client_id = x.client_id
     order by c.client_id for no key update of c`
}

export async function setClientAnchors(
  sql: Sql,
  vendor: VendorId,
  client: ClientId,
  anchors: Anchors,
): Promise<void> {
  await sql`update app.client set anchors = ${json(anchors)}::jsonb where vendor_id = ${vendor} and client_id = ${client}`
}

export type WeddingRow = {
  wedding_id: WeddingId
  status: DateStatus
  zone: string | null
  region: string | null
  guests: number | null
  anchors: Anchors
  wedding_on: string | null
}

export async function lockWeddings(
  sql: Sql,
  vendor: VendorId,
  weddings: readonly WeddingId[],
): Promise<WeddingRow[]> {
  return sql<WeddingRow>`
    select wedding_id, status, zone, region, guests, anchors, wedding_on from app.wedding
     where vendor_id = ${vendor} and wedding_id = any (${weddings}::uuid[]) order by wedding_id for no key update`
}

export async function readWeddings(
  sql: Sql,
  vendor: VendorId,
  weddings: readonly WeddingId[],
): Promise<WeddingRow[]> {
  return sql<WeddingRow>`
    select wedding_id, status, zone, region, guests, anchors, wedding_on from app.wedding
     where vendor_id = ${vendor} and wedding_id = any (${weddings}::uuid[]) order by wedding_id`
}

export async function saveWeddings(sql: Sql, vendor: VendorId, rows: readonly WeddingRow[]): Promise<void> {
  await sql`
    update app.wedding w
       set status = x.status, zone = x.zone, region = x.region, guests = x.guests, anchors = x.anchors, wedding_on = x.wedding_on
      from unnest(
        ${rows.map(() => vendor)}::uuid[], ${rows.map((row) => row.wedding_id)}::uuid[], ${rows.map((row) => row.status)}::text[], ${rows.map((row) => row.zone)}::text[],
        ${rows.map((row) => row.region)}::text[], ${rows.map((row) => row.guests)}::int[],
        ${rows.map((row) => json(row.anchors))}::jsonb[], ${rows.map((row) => row.wedding_on)}::date[])
        as x(vendor_id, wedding_id, status, zone, region, guests, anchors, wedding_on)
     where w.vendor_id = x.vendor_id and w.wedding_id = x.wedding_id`
}

/** The vendor's days changed: cached settings and calendars of this revision are old. */
export async function bumpVendor(sql: Sql, vendor: VendorId): Promise<void> {
  await sql`update app.vendor set rev = rev + 1, calendar_generation = calendar_generation + 1 where vendor_id = ${vendor}`
}

/** The couples of these weddings, held until the transaction ends: whoever starts their runs takes turns. */
export async function lockClientsOfWeddings(
  sql: Sql,
  vendor: VendorId,
  weddings: readonly WeddingId[],
): Promise<{ client_id: ClientId; wedding_id: WeddingId }[]> {
  return sql<{ client_id: ClientId; wedding_id: WeddingId }>`
    select client_id, wedding_id from app.client
     where (vendor_id = ${vendor}) is true and wedding_id = any (${weddings}::uuid[]) and erased_at is null order by client_id for no key update`
}

/** A reason all journeys of this client are held, or no longer: what begins meanwhile begins held. */
export async function holdClient(
  sql: Sql,
  vendor: VendorId,
  client: ClientId,
  reason: string,
  held: boolean,
): Promise<void> {
  await sql`
    update app.client
       set holds = case when ${held}::boolean then array_append(array_remove(holds, ${reason}), ${reason}) else array_remove(holds, ${reason}) end
     where vendor_id = ${vendor} and client_id = ${client}`
}

/** The sealed facts of a couple, held until the transaction ends. */
export async function lockClientFields(
  sql: Sql,
  vendor: VendorId,
  client: ClientId,
): Promise<{ fields: Uint8Array | null; wedding_id: WeddingId | null } | null> {
  const rows = await sql<{ fields: Uint8Array | null; wedding_id: WeddingId | null }>`
    select fields, wedding_id from app.client
     where vendor_id = ${vendor} and client_id = ${client} and erased_at is null for no key update`
  return rows[0] ?? null
}

export async function readClientFields(
  sql: Sql,
  vendor: VendorId,
  client: ClientId,
): Promise<Uint8Array | null> {
  const rows = await sql<{ fields: Uint8Array | null }>`
    select fields from app.client where vendor_id = ${vendor} and client_id = ${client}`
  return rows[0]?.fields ?? null
}

export async function setClientFields(
  sql: Sql,
  vendor: VendorId,
  client: ClientId,
  fields: Uint8Array,
): Promise<void> {
  await sql`update app.client set fields = ${fields} where vendor_id = ${vendor} and client_id = ${client}`
}

/** Couples of other weddings on this day, for which the vendor is taken. */
export async function clientsMarryingOn(
  sql: Sql,
  vendor: VendorId,
  on: string,
  besides: string,
  max: number,
): Promise<ClientId[]> {
  const rows = await sql<{ client_id: ClientId }>`
    select c.client_id from app.wedding w
      join app.client c on c.vendor_id = w.vendor_id and c.wedding_id = w.wedding_id
     where w.vendor_id = ${vendor} and w.wedding_on = ${on}::date and w.status in ('held', 'confirmed', 'moved')
       and w.wedding_id <> ${besides}::uuid and c.erased_at is null
     order by c.client_id limit ${max}::int`
  return rows.map((row) => row.client_id)
}

/** Couples of the book who still have a wedding ahead, or who are on this journey: those it can concern. */
export async function clientsConcerned(
  sql: Sql,
  vendor: VendorId,
  journey: JourneyId,
  today: string,
  max: number,
): Promise<ClientId[]> {
  const rows = await sql<{ client_id: ClientId }>`
    select c.client_id from app.client c
      left join app.wedding w on w.vendor_id = c.vendor_id and w.wedding_id = c.wedding_id
     where c.vendor_id = ${vendor} and c.erased_at is null
       and ((w.wedding_on >= ${today}::date and w.status <> 'cancelled')
            or exists (select from app.run r where r.vendor_id = c.vendor_id and r.client_id = c.client_id
                         and r.journey_id = ${journey} and r.status in ('active', 'waiting', 'paused')))
     order by c.client_id limit ${max}::int`
  return rows.map((row) => row.client_id)
}
