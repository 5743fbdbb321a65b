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

/** The sealed documents of these clients' people: opened for one rendering, never for a turn. */
export async function readPersons(sql: Sql, keys: readonly ClientKey[]): Promise<SealedPerson[]> {
  const distinct = [...new Map(keys.map((key) => [key.client, key])).values()]
  return sql<SealedPerson>`
    select p.vendor_id, p.client_id, p.person_id, p.ref, p.sealed
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

/** A person's name or addresses were told anew; where they live and what they agreed to stays. */
export async function updatePerson(
  sql: Sql,
  vendor: VendorId,
  one: Pick<NewPerson, 'person_id' | 'sealed' | 'email_mark' | 'phone_mark'>,
): Promise<void> {
  await sql`
    update app.person set sealed = ${one.sealed}, email_mark = ${one.email_mark}, phone_mark = ${one.phone_mark}
     where vendor_id = ${vendor} and person_id = ${one.person_id}`
}
