import type { VendorId } from '../core/ids.ts'
import type { Db, KeyStore, WrappedKey } from '../ports.ts'
import { once } from './once.ts'

type KeyRow = { sealed_by: string; wrapped: Uint8Array | null }

/**
 * Wrapped keys as rows. Reached while other transactions are open, so it is given a database of its own with its own
 * few connections: a key that was made for a transaction that is then undone harms nobody.
 */
export function databaseKeyStore(db: Db): KeyStore {
  const read = (row: KeyRow | undefined): WrappedKey | 'destroyed' | null =>
    row === undefined
      ? null
      : row.wrapped === null
        ? 'destroyed'
        : { sealedBy: row.sealed_by, wrapped: row.wrapped }
  return {
    async get(vendor, subject) {
      const rows = await once(db, 'keys.get', { vendors: [vendor] })<KeyRow>`
        select sealed_by, wrapped from app.wrapped_key where vendor_id = ${vendor} and subject_id = ${subject ?? vendor}`
      return read(rows[0])
    },
    async put(vendor, subject, key) {
      return db.tx('keys.put', { vendors: [vendor] }, async (sql) => {
        await sql`
          insert into app.wrapped_key (vendor_id, subject_id, sealed_by, wrapped)
          values (${vendor}, ${subject ?? vendor}, ${key.sealedBy}, ${key.wrapped}) on conflict do nothing`
        const rows = await sql<KeyRow>`
          select sealed_by, wrapped from app.wrapped_key where vendor_id = ${vendor} and subject_id = ${subject ?? vendor}`
        return read(rows[0]) ?? key
      })
    },
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
