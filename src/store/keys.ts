import type { VendorId } from '../core/ids.ts'
import type { Db, KeyStore, Sql, WrappedKey } from '../ports.ts'
import { gather } from './gather.ts'
import { once } from './once.ts'
import { column, vendorsOf } from './refs.ts'

type KeyRow = { vendor_id: VendorId; subject_id: string; sealed_by: string; wrapped: Uint8Array | null }
type Place = { readonly vendor: VendorId; readonly subject: string }
type NewKey = Place & { readonly key: WrappedKey }

/** Keys asked for or made at the same moment share a transaction: an import makes thousands. */
const KEYS_AT_ONCE = 500

/**
 * Wrapped keys as rows. Reached while other transactions are open, so it is given a database of its own with its own
 * few connections: a key that was made for a transaction that is then undone harms nobody.
 */
export function databaseKeyStore(db: Db): KeyStore {
  const find = gather<Place, WrappedKey | 'destroyed' | null>(KEYS_AT_ONCE, async (places) => {
    const sql = once(db, 'keys.get', { vendors: vendorsOf(places) })
    return answersFor(places, await readKeys(sql, places))
  })
  const make = gather<NewKey, WrappedKey | 'destroyed' | null>(KEYS_AT_ONCE, (keys) =>
    db.tx('keys.put', { vendors: vendorsOf(keys) }, async (sql) => {
      await insertKeys(sql, keys)
      return answersFor(keys, await readKeys(sql, keys))
    }),
  )
  return {
    get: (vendor, subject) => find({ vendor, subject: subject ?? vendor }),
    put: async (vendor, subject, key) => (await make({ vendor, subject: subject ?? vendor, key })) ?? key,
    async replace(vendor, from, key) {
      await once(db, 'keys.replace', { vendors: [vendor] })`
        update app.wrapped_key set sealed_by = ${key.sealedBy}, wrapped = ${key.wrapped}
         where vendor_id = ${vendor} and subject_id = ${vendor} and sealed_by = ${from} and wrapped is not null`
    },
    async destroy(vendor, subject) {
      await once(db, 'keys.destroy', { vendors: [vendor] })`
        insert into app.wrapped_key (vendor_id, subject_id, sealed_by, wrapped) values (${vendor}, ${subject}, 'vendor', null)
        on conflict (vendor_id, subject_id) do update set wrapped = null`
    },
    async vendorsNotSealedBy(masterId, max) {
      const rows = await once(db, 'keys.late', 'claim')<{ vendor_id: VendorId }>`
        select vendor_id from app.vendors_not_sealed_by(${masterId}, ${max}::int)`
      return rows.map((row) => row.vendor_id)
    },
  }
}

const nameOf = (vendor: string, subject: string): string => `${vendor}|${subject}`

function answersFor(places: readonly Place[], rows: readonly KeyRow[]): (WrappedKey | 'destroyed' | null)[] {
  const found = new Map(rows.map((row) => [nameOf(row.vendor_id, row.subject_id), row]))
  return places.map(({ vendor, subject }) => {
    const row = found.get(nameOf(vendor, subject))
    if (row === undefined) return null
    return row.wrapped === null ? 'destroyed' : { sealedBy: row.sealed_by, wrapped: row.wrapped }
  })
}

const readKeys = (sql: Sql, places: readonly Place[]): Promise<KeyRow[]> =>
  sql<KeyRow>`
    select k.vendor_id, k.subject_id, k.sealed_by, k.wrapped
      from unnest(${column(places, (one) => one.vendor)}::uuid[], ${column(places, (one) => one.subject)}::uuid[]) as x(vendor_id, subject_id)
      join app.wrapped_key k on k.vendor_id = x.vendor_id and k.subject_id = x.subject_id`

/** In the order of their names, so that two batches cannot wait for each other. Whoever was first keeps their key. */
async function insertKeys(sql: Sql, keys: readonly NewKey[]): Promise<void> {
  const inOrder = [...keys].sort((a, b) =>
    nameOf(a.vendor, a.subject) < nameOf(b.vendor, b.subject) ? -1 : 1,
  )
  await sql`
    insert into app.wrapped_key (vendor_id, subject_id, sealed_by, wrapped)
    select * from unnest(
      ${column(inOrder, (one) => one.vendor)}::uuid[], ${column(inOrder, (one) => one.subject)}::uuid[],
      ${column(inOrder, (one) => one.key.sealedBy)}::text[], ${column(inOrder, (one) => one.key.wrapped)}::bytea[])
    on conflict do nothing`
}
