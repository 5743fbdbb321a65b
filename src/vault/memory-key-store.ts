import type { VendorId } from '../core/ids.ts'
import type { KeyStore, WrappedKey } from '../ports.ts'

/** Keeps keys in memory: for tests and the simulated world. */
export function memoryKeyStore(): KeyStore {
  const rows = new Map<string, WrappedKey | 'destroyed'>()
  const at = (vendor: VendorId, subject: string | null): string => JSON.stringify([vendor, subject])
  return {
    get: async (vendor, subject) => rows.get(at(vendor, subject)) ?? null,
    put: async (vendor, subject, key) => {
      const there = rows.get(at(vendor, subject))
      if (there !== undefined) return there
      rows.set(at(vendor, subject), key)
      return key
    },
    replace: async (vendor, from, key) => {
      const there = rows.get(at(vendor, null))
      if (there !== undefined && there !== 'destroyed' && there.sealedBy === from)
        rows.set(at(vendor, null), key)
    },
    destroy: async (vendor, subject) => {
      rows.set(at(vendor, subject), 'destroyed')
    },
    vendorsNotSealedBy: async (masterId, max) =>
      [...rows]
        .filter(([, key]) => key !== 'destroyed' && key.sealedBy !== 'vendor' && key.sealedBy !== masterId)
        .slice(0, max)
        .map(([place]) => (JSON.parse(place) as [VendorId])[0]),
  }
}
