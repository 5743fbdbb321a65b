import type { VendorId } from '../core/ids.ts'

/** A key as it is stored: sealed by the key above it, `sealedBy`: a master key's id, or `vendor`. */
export type WrappedKey = { readonly sealedBy: string; readonly wrapped: Uint8Array }

/**
 * Where wrapped keys lie. `subject` null is the vendor's own key. A destroyed key leaves a mark, so that nothing
 * is sealed for an erased person again by accident.
 */
export interface KeyStore {
  get(vendor: VendorId, subject: string | null): Promise<WrappedKey | 'destroyed' | null>
  /** Stores the key unless one is there already; gives back the one that counts. */
  put(vendor: VendorId, subject: string | null, key: WrappedKey): Promise<WrappedKey | 'destroyed'>
  /** Replaces a vendor's key if it is still sealed by `from`. */
  replace(vendor: VendorId, from: string, key: WrappedKey): Promise<void>
  destroy(vendor: VendorId, subject: string): Promise<void>
  /** Vendors whose key is not sealed by this master key. */
  vendorsNotSealedBy(masterId: string, max: number): Promise<readonly VendorId[]>
}

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
