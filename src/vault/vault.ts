import { createHmac, createSecretKey, hkdfSync, type KeyObject, randomFillSync } from 'node:crypto'
import type { VendorId } from '../core/ids.ts'
import { type KeyStore, type Rng, type SealedPlace, SubjectErased, type Vault } from '../ports.ts'
import {
  type DataKey,
  dataKeyOf,
  KEY_ID_BYTES,
  openWith,
  type Random,
  SealBroken,
  sealWith,
} from './envelope.ts'
import { KeyRing } from './key-ring.ts'

import type { MasterKey } from './master-key.ts'

/**
 * Seals what is personal or secret. master key → vendor key → subject key; values are sealed by the subject's
 * key, or by one derived from the vendor's own.
 *
 *  V1 A sealed value opens only in its vendor, table, row and column.
 *  V2 Destroying a subject's key makes everything of that subject unreadable, in backups too.
 *  V3 A new master key re-wraps the vendors' keys and touches no value; older master keys only open.
 *  V4 A key is kept unwrapped for at most `keptMsMax`, so that an erasure elsewhere is obeyed here by then.
 */
export type SealingVault = Vault & {
  /**
   * Destroys a subject's key for good (V2). No screen asks for it yet; that everything bears a destroyed key is
   * promised from the first sealed name on, and could not be proved without.
   */
  erase(vendor: VendorId, subject: string): Promise<void>
  /** Re-wraps up to `max` vendors' keys by the current master key; gives how many. Zero: rotation is complete. */
  rewrap(max: number): Promise<number>
}

/** Some hundred bytes each; a season's couples with their people fit. */
export const KEPT_KEYS_MAX = 50_000
export const KEPT_MS_MAX = 60_000
const VENDOR = 'vendor'

export type VaultParts = {
  readonly store: KeyStore
  /** The first seals; all open. */
  readonly masters: readonly [MasterKey, ...MasterKey[]]
  readonly random?: Random
  readonly monotonicMs?: () => number
  readonly keptKeysMax?: number
}

type VendorKeys = { readonly wrap: DataKey; readonly data: DataKey; readonly mark: KeyObject }

export function createVault(parts: VaultParts): SealingVault {
  const { store, masters, random = pooledRandom() } = parts
  const monotonicMs = parts.monotonicMs ?? (() => performance.now())
  const limits = { max: parts.keptKeysMax ?? KEPT_KEYS_MAX, keptMs: KEPT_MS_MAX }
  const vendors = new KeyRing<VendorKeys>(limits, monotonicMs)
  const subjects = new KeyRing<DataKey>(limits, monotonicMs)

  const vendorKeys = (vendor: VendorId): VendorKeys | Promise<VendorKeys> =>
    vendors.get(vendor, async () => {
      const found = (await store.get(vendor, null)) ?? (await store.put(vendor, null, newVendorKey(vendor)))
      if (found === 'destroyed') throw new SubjectErased(vendor)
      return derived(openByMaster(vendor, found.sealedBy, found.wrapped))
    })

  function newVendorKey(vendor: VendorId) {
    const [master] = masters
    const raw = Buffer.concat([random(KEY_ID_BYTES), random(32)])
    return { sealedBy: master.id, wrapped: sealWith(masterAsKey(master), vendorPlace(vendor), raw, random) }
  }

  function openByMaster(vendor: VendorId, masterId: string, wrapped: Uint8Array): Uint8Array {
    const master = masters.find((one) => one.id === masterId)
    if (!master)
      throw new Error(`the keys of a vendor are sealed by master key ${masterId}, which is not here`)
    return openWith(masterAsKey(master), vendorPlace(vendor), wrapped)
  }

  const subjectKey = (vendor: VendorId, subject: string): DataKey | Promise<DataKey> =>
    subjects.get(`${vendor}\0${subject}`, async () => {
      const { wrap } = await vendorKeys(vendor)
      const place = subjectPlace(vendor, subject)
      const found = (await store.get(vendor, subject)) ?? (await store.put(vendor, subject, newSubjectKey()))
      if (found === 'destroyed') throw new SubjectErased(subject)
      return dataKey(openWith(wrap, place, found.wrapped))

      function newSubjectKey() {
        const raw = Buffer.concat([random(KEY_ID_BYTES), random(32)])
        return { sealedBy: VENDOR, wrapped: sealWith(wrap, place, raw, random) }
      }
    })

  async function keyFor({ vendor, subject }: SealedPlace): Promise<DataKey> {
    return subject === null ? (await vendorKeys(vendor)).data : subjectKey(vendor, subject)
  }

  return {
    async seal(place, plain) {
      return sealWith(await keyFor(place), boundPlace(place), plain, random)
    },
    async open(place, sealed) {
      return openWith(await keyFor(place), boundPlace(place), sealed)
    },
    async mark(vendor, purpose, value) {
      const { mark } = await vendorKeys(vendor)
      return createHmac('sha256', mark)
        .update(`${purpose}\0${sameForEqual(purpose, value)}`)
        .digest()
    },
    async erase(vendor, subject) {
      await store.destroy(vendor, subject)
      subjects.forget(`${vendor}\0${subject}`)
    },
    async rewrap(max) {
      const [master] = masters
      const late = await store.vendorsNotSealedBy(master.id, max)
      for (const vendor of late) {
        const old = await store.get(vendor, null)
        if (old === null || old === 'destroyed') continue
        const raw = openByMaster(vendor, old.sealedBy, old.wrapped)
        const wrapped = sealWith(masterAsKey(master), vendorPlace(vendor), raw, random)
        await store.replace(vendor, old.sealedBy, { sealedBy: master.id, wrapped })
      }
      return late.length
    },
  }
}

/** The same vault with drawn keys and IVs, for a world that must repeat itself to the byte. */
export const deterministicVault = (parts: {
  store: KeyStore
  masters: VaultParts['masters']
  rng: Rng
}): SealingVault =>
  createVault({
    store: parts.store,
    masters: parts.masters,
    // Nobody erases behind this vault's back there, so no clock is needed.
    monotonicMs: () => 0,
    random: (bytes) => {
      const words = new Uint32Array(Math.ceil(bytes / 4)).map(() => parts.rng.u32())
      return new Uint8Array(words.buffer, 0, bytes)
    },
  })

const vendorPlace = (vendor: VendorId): string[] => ['key of vendor', vendor]
const subjectPlace = (vendor: VendorId, subject: string): string[] => ['key of subject', vendor, subject]
const boundPlace = (place: SealedPlace): string[] => [place.vendor, place.table, place.row, place.column]

function dataKey(raw: Uint8Array): DataKey {
  if (raw.length !== KEY_ID_BYTES + 32) throw new SealBroken()
  return dataKeyOf(raw.slice(0, KEY_ID_BYTES), createSecretKey(raw.subarray(KEY_ID_BYTES)))
}
const masterAsKey = (master: MasterKey): DataKey => dataKeyOf(Buffer.from(master.id, 'hex'), master.key)

/** One stored key of a vendor, three uses that cannot stand in for each other. */
function derived(raw: Uint8Array): VendorKeys {
  const { id, key } = dataKey(raw)
  const use = (name: string): KeyObject =>
    createSecretKey(new Uint8Array(hkdfSync('sha256', key, id, `wedsync vendor ${name}`, 32)))
  return { wrap: dataKeyOf(id, use('wrap')), data: dataKeyOf(id, use('data')), mark: use('mark') }
}

/** Ways of writing the same address or number get the same mark. */
function sameForEqual(purpose: string, value: string): string {
  const text = value.normalize('NFKC').trim().toLowerCase()
  if (purpose !== 'phone') return text.replace(/\s+/g, ' ')
  return text.replace(/^00/, '+').replace(/(?!^\+)\D/g, '')
}

/** Asking the system for 12 bytes at a time costs more than the sealing; each byte is still used once only. */
function pooledRandom(): Random {
  const pool = new Uint8Array(8_192)
  let used = pool.length
  return (bytes) => {
    if (used + bytes > pool.length) {
      randomFillSync(pool)
      used = 0
    }
    used += bytes
    return pool.slice(used - bytes, used)
  }
}
