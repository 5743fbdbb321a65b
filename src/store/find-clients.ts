import type { ClientId, VendorId, WeddingId } from '../core/ids.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'

/** Clients as a person looks for them: by an address of one of their people, or page by page. */
export type ClientLine = {
  client_id: ClientId
  wedding_id: WeddingId | null
  wedding_on: string | null
  wedding_status: string | null
  wedding_zone: string | null
  wedding_region: string | null
  wedding_guests: number | null
  stage: string
  tags: string[]
  language: string
  created_at: Instant
}

export async function clientsByMarks(
  sql: Sql,
  vendor: VendorId,
  marks: readonly Uint8Array[],
): Promise<{ mark: Uint8Array; client_id: ClientId }[]> {
  return sql<{ mark: Uint8Array; client_id: ClientId }>`
    select distinct on (email_mark) email_mark as mark, client_id from app.person
     where vendor_id = ${vendor} and email_mark = any (${marks}::bytea[]) order by email_mark, client_id`
}

/** Clients in the order of their ids, after one of them. */
export async function pageOfClients(
  sql: Sql,
  vendor: VendorId,
  after: ClientId | null,
  max: number,
): Promise<ClientLine[]> {
  return sql<ClientLine>`
    select c.client_id, c.wedding_id, w.wedding_on, w.status as wedding_status, w.zone as wedding_zone,
           w.region as wedding_region, w.guests as wedding_guests, c.stage, c.tags, c.language, c.created_at
      from app.client c left join app.wedding w on w.vendor_id = c.vendor_id and w.wedding_id = c.wedding_id
     where c.vendor_id = ${vendor} and c.erased_at is null and (${after}::uuid is null or c.client_id > ${after}::uuid)
     order by c.client_id limit ${max}::int`
}

export async function clientLines(
  sql: Sql,
  vendor: VendorId,
  clients: readonly ClientId[],
): Promise<ClientLine[]> {
  return sql<ClientLine>`
    select c.client_id, c.wedding_id, w.wedding_on, w.status as wedding_status, w.zone as wedding_zone,
           w.region as wedding_region, w.guests as wedding_guests, c.stage, c.tags, c.language, c.created_at
      from app.client c left join app.wedding w on w.vendor_id = c.vendor_id and w.wedding_id = c.wedding_id
     where c.vendor_id = ${vendor} and c.erased_at is null and c.client_id = any (${clients}::uuid[]) order by c.client_id`
}

export type ClientFilter = { readonly stage: string | null; readonly tag: string | null }

/** The newest first (ids grow with time), before one of an earlier page. */
export async function newestClients(
  sql: Sql,
  vendor: VendorId,
  filter: ClientFilter,
  before: ClientId | null,
  max: number,
): Promise<ClientLine[]> {
  return sql<ClientLine>`
    select c.client_id, c.wedding_id, w.wedding_on, w.status as wedding_status, w.zone as wedding_zone,
           w.region as wedding_region, w.guests as wedding_guests, c.stage, c.tags, c.language, c.created_at
      from app.client c left join app.wedding w on w.vendor_id = c.vendor_id and w.wedding_id = c.wedding_id
     where c.vendor_id = ${vendor} and c.erased_at is null and (${before}::uuid is null or c.client_id < ${before}::uuid)
       and (${filter.stage}::text is null or c.stage = ${filter.stage}) and (${filter.tag}::text is null or ${filter.tag} = any (c.tags))
     order by c.client_id desc limit ${max}::int`
}

/** How far a couple's wedding is: who marries next comes first, then nobody's day, then days that are over. */
export type ByWedding = { readonly away: number; readonly id: ClientId }

/** By their wedding day as it lies from `today`, after one of an earlier page; of everybody, or of these alone. */
export async function clientsByWedding(
  sql: Sql,
  vendor: VendorId,
  filter: ClientFilter,
  among: readonly ClientId[] | null,
  today: string,
  after: ByWedding | null,
  max: number,
): Promise<(ClientLine & { away: number })[]> {
  return sql<ClientLine & { away: number }>`
    select * from (
      select c.client_id, c.wedding_id, w.wedding_on, w.status as wedding_status, w.zone as wedding_zone,
             w.region as wedding_region, w.guests as wedding_guests, c.stage, c.tags, c.language, c.created_at,
             case when w.wedding_on is null then 1000000
                  when w.status = 'cancelled' then 3000000 + abs(w.wedding_on - ${today}::date)
                  when w.wedding_on >= ${today}::date then w.wedding_on - ${today}::date
                  else 2000000 + (${today}::date - w.wedding_on) end as away
        from app.client c left join app.wedding w on w.vendor_id = c.vendor_id and w.wedding_id = c.wedding_id
       where c.vendor_id = ${vendor} and c.erased_at is null
         and (${among}::uuid[] is null or c.client_id = any (${among}::uuid[]))
         and (${filter.stage}::text is null or c.stage = ${filter.stage}) and (${filter.tag}::text is null or ${filter.tag} = any (c.tags))
    ) as one
     where ${after?.id ?? null}::uuid is null or (away, client_id) > (${after?.away ?? 0}::int, ${after?.id ?? null}::uuid)
     order by away, client_id limit ${max}::int`
}

export async function setClientTraits(
  sql: Sql,
  vendor: VendorId,
  client: ClientId,
  one: { stage: string; tags: readonly string[]; language: string },
): Promise<void> {
  await sql`
    update app.client set stage = ${one.stage}, tags = ${one.tags}::text[], language = ${one.language}
     where vendor_id = ${vendor} and client_id = ${client}`
}
