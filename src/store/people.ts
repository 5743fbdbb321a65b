import type { ClientId, VendorId } from '../core/ids.ts'
import type { Sql } from '../ports.ts'
import { column } from './refs.ts'
import type { ClientKey } from './views.ts'

export type SealedPerson = {
  vendor_id: VendorId
  client_id: ClientId
  person_id: string
  ref: string
  sealed: Uint8Array
}
export type Agreed = { readonly email?: readonly string[]; readonly sms?: readonly string[] }
export type StoredPerson = SealedPerson & {
  zone: string | null
  may: Agreed
  /** What this person's address is suppressed for: `channel:class`, or `channel:dead:class` where nothing arrives. */
  suppressed: string[]
}

/** The sealed documents of these clients' people: opened for one rendering, never for a turn. */
export async function readPersons(sql: Sql, keys: readonly ClientKey[]): Promise<StoredPerson[]> {
  const distinct = [...new Map(keys.map((key) => [key.client, key])).values()]
  return sql<StoredPerson>`
    select p.vendor_id, p.client_id, p.person_id, p.ref, p.sealed, p.zone, p.may,
           coalesce((select array_agg(s.channel || ':' || case when s.reason = 'dead_address' then 'dead:' else '' end || s.class
                                      order by s.channel, s.class)
                       from app.suppression s
                      where s.vendor_id = p.vendor_id and (s.mark = p.email_mark or s.mark = p.phone_mark)), '{}') as suppressed
      from unnest(${column(distinct, (key) => key.vendor)}::uuid[], ${column(distinct, (key) => key.client)}::uuid[]) as x(vendor_id, client_id)
      join app.person p on p.vendor_id = x.vendor_id and p.client_id = x.client_id
     order by p.client_id, p.ref`
}

export type NewPerson = SealedPerson & {
  email_mark: Uint8Array | null
  phone_mark: Uint8Array | null
  zone: string | null
  may: unknown
}

export async function updatePerson(sql: Sql, person: Omit<NewPerson, 'zone'>): Promise<void> {
  await sql`
    update app.person
       set sealed = ${person.sealed}, email_mark = ${person.email_mark}, phone_mark = ${person.phone_mark},
           may = ${JSON.stringify(person.may)}::jsonb
     where vendor_id = ${person.vendor_id} and client_id = ${person.client_id} and person_id = ${person.person_id}`
}

export async function insertPersons(sql: Sql, people: readonly NewPerson[]): Promise<void> {
  if (people.length === 0) return
  await sql`
    insert into app.person (vendor_id, client_id, person_id, ref, sealed, email_mark, phone_mark, zone, may)
    select * from unnest(
      ${column(people, (one) => one.vendor_id)}::uuid[], ${column(people, (one) => one.client_id)}::uuid[],
      ${column(people, (one) => one.person_id)}::uuid[], ${column(people, (one) => one.ref)}::text[],
      ${column(people, (one) => one.sealed)}::bytea[], ${column(people, (one) => one.email_mark)}::bytea[],
      ${column(people, (one) => one.phone_mark)}::bytea[], ${column(people, (one) => one.zone)}::text[],
      ${column(people, (one) => JSON.stringify(one.may))}::jsonb[])`
}

/** Whose number this is; of several couples (a planner's) the one that was texted last: that is what they answer. */
export async function textedLast(
  sql: Sql,
  vendor: VendorId,
  phone: Uint8Array,
): Promise<{ client_id: ClientId; ref: string } | null> {
  const rows = await sql<{ client_id: ClientId; ref: string }>`
    select p.client_id, p.ref from app.person p
     where p.vendor_id = ${vendor} and p.phone_mark = ${phone}
     order by (select max(e.planned_at) from app.effect e
                where e.vendor_id = p.vendor_id and e.client_id = p.client_id and e.channel = 'sms') desc nulls last, p.client_id desc
     limit 1`
  return rows[0] ?? null
}
