import type { ClientId, VendorId, WeddingId } from '../core/ids.ts'
import type { Heeded } from '../core/run/trait-news.ts'
import type { DateStatus } from '../core/run/view.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import { column, type RunRef } from './refs.ts'
import type { RunRow } from './runs.ts'
import { json, ts } from './sql.ts'

/** The rows a view is made of. JSON columns come as text: most turns never look at them. */
export type ClientKey = { readonly vendor: VendorId; readonly client: ClientId }

export type ClientRow = {
  vendor_id: VendorId
  client_id: ClientId
  wedding_id: WeddingId | null
  stage: string
  tags: string[]
  language: string
  zone: string | null
  anchors: string
  fields: Uint8Array | null
  holds: string[]
  capped: number
  vendor_rev: string
  wedding_status: DateStatus | null
  wedding_zone: string | null
  wedding_region: string | null
  wedding_guests: number | null
  wedding_anchors: string | null
}

/**
 * Clients with their wedding, and the revision under which their vendor's settings may be cached. The vendor is no
 * join: through it the planner would reach every client of the vendor, for each one that is asked for.
 */
export async function readClients(sql: Sql, keys: readonly ClientKey[]): Promise<ClientRow[]> {
  return sql<ClientRow>`
    select c.vendor_id, c.client_id, c.wedding_id, c.stage, c.tags, c.language, c.zone, c.anchors::text as anchors, c.fields, c.holds, c.capped,
           (select v.rev || '.' || v.xmin from app.vendor v where v.vendor_id = c.vendor_id) as vendor_rev, w.status as wedding_status, w.zone as wedding_zone, w.region as wedding_region,
           w.guests as wedding_guests, w.anchors::text as wedding_anchors
      from unnest(${column(keys, (key) => key.vendor)}::uuid[], ${column(keys, (key) => key.client)}::uuid[]) as x(vendor_id, client_id)
      join app.client c on c.vendor_id = x.vendor_id and c.client_id = x.client_id
      left join app.wedding w on w.vendor_id = c.vendor_id and w.wedding_id = c.wedding_id`
}

/**
 * Runs and their clients by one statement: what a turn reads first. Each run's client is looked up by itself: joined
 * by the vendor, who is the same in all three tables, the planner reached every client of the vendor for each run as
 * long as the tables were small when it planned (a studio of 200 couples: 60 ms a turn instead of one).
 */
export async function readRunsAndClients(
  sql: Sql,
  refs: readonly RunRef[],
): Promise<{ runs: readonly RunRow[]; clients: readonly ClientRow[] }> {
  const rows = await sql<RunRow & ClientRow & { run_wedding_id: WeddingId | null }>`
    select r.vendor_id, r.run_id, r.journey_id, r.version, r.client_id, r.wedding_id as run_wedding_id, r.shard, r.band, r.rev,
           r.inbox, r.due_at, r.status, r.entry_key, r.state,
           c.wedding_id, c.stage, c.tags, c.language, c.zone, c.anchors::text as anchors, c.fields, c.holds, c.capped,
           (select v.rev || '.' || v.xmin from app.vendor v where v.vendor_id = r.vendor_id) as vendor_rev,
           w.status as wedding_status, w.zone as wedding_zone, w.region as wedding_region,
           w.guests as wedding_guests, w.anchors::text as wedding_anchors
      from unnest(${column(refs, (ref) => ref.vendor)}::uuid[], ${column(refs, (ref) => ref.run)}::uuid[])
           as wanted(vendor_id, run_id)
      join app.run r on r.vendor_id = wanted.vendor_id and r.run_id = wanted.run_id
      join lateral (select * from app.client c where c.vendor_id = r.vendor_id and c.client_id = r.client_id limit 1) c on true
      left join app.wedding w on w.vendor_id = c.vendor_id and w.wedding_id = c.wedding_id`
  return { runs: rows.map((row) => ({ ...row, wedding_id: row.run_wedding_id })), clients: rows }
}

export type VendorRow = {
  vendor_id: VendorId
  name: string
  type: string
  zone: string
  region: string
  rules: Record<string, unknown>
  brand: unknown
  channels: unknown
  rev: string
  calendar_generation: number
}

export async function readVendors(sql: Sql, vendors: readonly VendorId[]): Promise<VendorRow[]> {
  return sql<VendorRow>`
    select vendor_id, name, type, zone, region, rules, brand, channels, rev || '.' || xmin as rev, calendar_generation
      from app.vendor where vendor_id = any (${vendors}::uuid[])`
}

/** The days on which these vendors work a wedding. */
export async function readWeddingDays(
  sql: Sql,
  vendors: readonly VendorId[],
): Promise<{ vendor_id: VendorId; wedding_on: string }[]> {
  return sql<{ vendor_id: VendorId; wedding_on: string }>`
    select distinct vendor_id, wedding_on from app.wedding
     where vendor_id = any (${vendors}::uuid[]) and wedding_on is not null and status in ('held', 'confirmed', 'moved')
     order by vendor_id, wedding_on`
}

export type PersonRow = {
  vendor_id: VendorId
  client_id: ClientId
  person_id: string
  ref: string
  email_mark: Uint8Array | null
  phone_mark: Uint8Array | null
  zone: string | null
  may: { email?: string[]; sms?: string[] }
  /** What this person's address is suppressed for: `channel:class`, or `channel:dead:class` where nothing arrives. */
  suppressed: string[]
}

export async function readPeople(sql: Sql, keys: readonly ClientKey[]): Promise<PersonRow[]> {
  return sql<PersonRow>`
    select p.vendor_id, p.client_id, p.person_id, p.ref, p.email_mark, p.phone_mark, p.zone, p.may,
           coalesce((select array_agg(s.channel || ':' || case when s.reason = 'dead_address' then 'dead:' else '' end || s.class
                                      order by s.channel, s.class)
                       from app.suppression s
                      where s.vendor_id = p.vendor_id and (s.mark = p.email_mark or s.mark = p.phone_mark)), '{}') as suppressed
      from unnest(${column(keys, (key) => key.vendor)}::uuid[], ${column(keys, (key) => key.client)}::uuid[]) as x(vendor_id, client_id)
      join app.person p on p.vendor_id = x.vendor_id and p.client_id = x.client_id
     order by p.client_id, p.ref`
}

export async function readMembers(
  sql: Sql,
  vendors: readonly VendorId[],
): Promise<{ vendor_id: VendorId; member_id: string; role: string }[]> {
  return sql<{ vendor_id: VendorId; member_id: string; role: string }>`
    select vendor_id, member_id, role from app.member where vendor_id = any (${vendors}::uuid[]) order by vendor_id, member_id`
}

export async function readAnswers(
  sql: Sql,
  keys: readonly ClientKey[],
): Promise<{ client_id: ClientId; form: string; sealed: Uint8Array }[]> {
  return sql<{ client_id: ClientId; form: string; sealed: Uint8Array }>`
    select a.client_id, a.form, a.sealed
      from unnest(${column(keys, (key) => key.vendor)}::uuid[], ${column(keys, (key) => key.client)}::uuid[]) as x(vendor_id, client_id)
      join app.answer a on a.vendor_id = x.vendor_id and a.client_id = x.client_id
     order by a.client_id, a.form`
}

export async function readHappened(
  sql: Sql,
  keys: readonly ClientKey[],
): Promise<{ client_id: ClientId; type: string; count: number; last_at: Instant }[]> {
  return sql<{ client_id: ClientId; type: string; count: number; last_at: Instant }>`
    select e.client_id, e.type, count(*)::int as count, max(e.at) as last_at
      from unnest(${column(keys, (key) => key.vendor)}::uuid[], ${column(keys, (key) => key.client)}::uuid[]) as x(vendor_id, client_id)
      join app.event e on e.vendor_id = x.vendor_id and e.client_id = x.client_id
     group by e.client_id, e.type
     order by e.client_id, e.type`
}

export type VersionRow = { document: Uint8Array; hash: Uint8Array }

/** A published version never changes (I7), so whoever has read one may keep it. */
export async function readVersion(
  sql: Sql,
  vendor: VendorId,
  journey: string,
  version: number,
): Promise<VersionRow | null> {
  const rows = await sql<VersionRow>`
    select document, hash from app.journey_version
     where vendor_id = ${vendor} and journey_id = ${journey} and version = ${version}`
  return rows[0] ?? null
}

export type ChangedClient = {
  vendor: VendorId
  client: ClientId
  stage: string | null
  add: readonly string[]
  remove: readonly string[]
  fields: Uint8Array | null
}

/** Custom fields as they are now, held until the end of the transaction: two journeys may set two of them at once. */
export async function lockFields(sql: Sql, vendor: VendorId, client: ClientId): Promise<Uint8Array | null> {
  const [row] = await sql<{ fields: Uint8Array | null }>`
    select fields from app.client where vendor_id = ${vendor} and client_id = ${client} for no key update`
  return row?.fields ?? null
}

/**
 * What actions change of couples, each of them once: stage, tags and (already sealed) custom fields. Gives what others
 * may have waited for, as it was and as it is now; the rows are held from here on, in the order of their ids, so that
 * nobody's change is told twice.
 */
export async function changeClients(
  sql: Sql,
  changes: readonly ChangedClient[],
): Promise<ReadonlyMap<ClientId, { readonly before: Heeded; readonly after: Heeded }>> {
  const rows = await sql<{ client_id: ClientId; before: Heeded; after: Heeded }>`
    with held as materialized (
      select c.vendor_id, c.client_id, c.stage as stage_before, c.tags as tags_before, x.stage, x.added, x.removed, x.fields
        from unnest(${column(changes, (one) => one.vendor)}::uuid[], ${column(changes, (one) => one.client)}::uuid[],
                    ${column(changes, (one) => one.stage)}::text[], ${column(changes, (one) => json(one.add))}::jsonb[],
                    ${column(changes, (one) => json(one.remove))}::jsonb[], ${column(changes, (one) => one.fields)}::bytea[])
             as x(vendor_id, client_id, stage, added, removed, fields)
        join app.client c on c.vendor_id = x.vendor_id and c.client_id = x.client_id
       order by c.client_id for no key update of c)
    update app.client c
       set stage = coalesce(held.stage, c.stage),
           tags = (select coalesce(array_agg(distinct tag order by tag), '{}')
                     from unnest(c.tags || array(select jsonb_array_elements_text(held.added))) as tag
                    where not held.removed ? tag),
           fields = coalesce(held.fields, c.fields)
      from held
     where c.vendor_id = held.vendor_id and c.client_id = held.client_id
    returning c.client_id, jsonb_build_object('stage', held.stage_before, 'tags', held.tags_before) as before,
              jsonb_build_object('stage', c.stage, 'tags', c.tags) as after`
  return new Map(rows.map(({ client_id, before, after }) => [client_id, { before, after }]))
}

/**
 * Takes the next place in the count of these clients' capped messages, for who has counted all before it; gives those
 * that have. Held until the transaction ends, so that two journeys cannot both be the last one under a cap.
 */
export async function takeCapped(
  sql: Sql,
  counted: readonly (ClientKey & { readonly capped: number })[],
): Promise<Set<ClientId>> {
  const rows = await sql<{ client_id: ClientId }>`
    update app.client c set capped = c.capped + 1
      from unnest(${column(counted, (one) => one.vendor)}::uuid[], ${column(counted, (one) => one.client)}::uuid[],
                  ${column(counted, (one) => one.capped)}::int[]) as x(vendor_id, client_id, capped)
     where c.vendor_id = x.vendor_id and c.client_id = x.client_id and c.capped = x.capped
    returning c.client_id`
  return new Set(rows.map((row) => row.client_id))
}

export async function suppress(
  sql: Sql,
  one: { vendor: VendorId; mark: Uint8Array; channel: string; class: string; reason: string; at: Instant },
): Promise<void> {
  await sql`
    insert into app.suppression (vendor_id, mark, channel, class, reason, at)
    values (${one.vendor}, ${one.mark}, ${one.channel}, ${one.class}, ${one.reason}, ${ts(one.at)}::timestamptz)
    on conflict do nothing`
}
