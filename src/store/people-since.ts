import type { ClientId, VendorId } from '../core/ids.ts'
import type { Sql } from '../ports.ts'

/** A vendor's people as an index of their names needs them: all of them, or those written since it was read last. */
export type PeopleMark = {
  /** Before which transaction everything had ended when it was asked: whatever is written later is newer than this. */
  horizon: string
  people: number
}

export async function peopleMark(sql: Sql, vendor: VendorId): Promise<PeopleMark> {
  const [row] = await sql<PeopleMark>`
    select pg_snapshot_xmin(pg_current_snapshot())::text as horizon, count(*)::int as people
      from app.person where vendor_id = ${vendor}`
  if (!row) throw new Error('a count without a group has one row')
  return row
}

export type PersonLine = { person_id: string; client_id: ClientId; sealed: Uint8Array }

/**
 * Written by a transaction that had not ended at this horizon; some of them were seen already, none is left out.
 * Numbers of transactions go round: whatever is less than half a round ahead is newer.
 */
export async function peopleSince(sql: Sql, vendor: VendorId, horizon: string): Promise<PersonLine[]> {
  return sql<PersonLine>`
    select person_id, client_id, sealed from app.person
     where vendor_id = ${vendor} and (xmin::text::bigint - ${horizon}::bigint % 4294967296 + 4294967296) % 4294967296 < 2147483648`
}

/** All of them, page by page in the order of their ids. */
export async function pageOfPeople(
  sql: Sql,
  vendor: VendorId,
  after: string | null,
  max: number,
): Promise<PersonLine[]> {
  return sql<PersonLine>`
    select person_id, client_id, sealed from app.person
     where vendor_id = ${vendor} and (${after}::uuid is null or person_id > ${after}::uuid)
     order by person_id limit ${max}::int`
}
