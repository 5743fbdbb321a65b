import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto'

/**
 * One sealed value: format 1 · key id · IV · ciphertext · tag, by AES-256-GCM. The place it is meant for and the
 * id of its key are bound in as associated data, so that it opens nowhere else.
 */
const FORMAT = 1
export const KEY_ID_BYTES = 8
const IV_BYTES = 12
const TAG_BYTES = 16
const HEADER_BYTES = 1 + KEY_ID_BYTES
export const ENVELOPE_BYTES = HEADER_BYTES + IV_BYTES + TAG_BYTES

/** `name` is the id as text: it is bound into every value, and made once. */
export type DataKey = { readonly id: Uint8Array; readonly name: string; readonly key: KeyObject }
export const dataKeyOf = (id: Uint8Array, key: KeyObject): DataKey => ({
  id,
  name: Buffer.from(id).toString('hex'),
  key,
})
export type Random = (bytes: number) => Uint8Array

/** Swapped, shortened, altered, or sealed by another key. Says nothing more on purpose. */
export class SealBroken extends Error {
  override readonly name = 'SealBroken'
  constructor() {
    super('a sealed value does not open in the place it was found')
  }
}

export function sealWith(
  key: DataKey,
  place: readonly string[],
  plain: Uint8Array,
  random: Random,
): Uint8Array {
  const iv = random(IV_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key.key, iv)
  cipher.setAAD(boundTo(place, key))
  const sealed = cipher.update(plain)
  cipher.final()
  const out = Buffer.allocUnsafe(ENVELOPE_BYTES + sealed.length)
  out[0] = FORMAT
  out.set(key.id, 1)
  out.set(iv, HEADER_BYTES)
  out.set(sealed, HEADER_BYTES + IV_BYTES)
  out.set(cipher.getAuthTag(), HEADER_BYTES + IV_BYTES + sealed.length)
  return out
}

export function openWith(key: DataKey, place: readonly string[], sealed: Uint8Array): Uint8Array {
  if (sealed.length < ENVELOPE_BYTES || sealed[0] !== FORMAT) throw new SealBroken()
  if (!Buffer.from(key.id).equals(sealed.subarray(1, HEADER_BYTES))) throw new SealBroken()
  const iv = sealed.subarray(HEADER_BYTES, HEADER_BYTES + IV_BYTES)
  const decipher = createDecipheriv('aes-256-gcm', key.key, iv, { authTagLength: TAG_BYTES })
  decipher.setAAD(boundTo(place, key))
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES))
  const plain = decipher.update(sealed.subarray(HEADER_BYTES + IV_BYTES, sealed.length - TAG_BYTES))
  try {
    decipher.final()
  } catch {
    throw new SealBroken()
  }
  return plain
}

// Each part is followed by a byte no part may hold, so that ["a", "bc"] is never taken for ["ab", "c"].
function boundTo(place: readonly string[], key: DataKey): Buffer {
  let bound = ''
  for (const part of place) {
    if (part.includes('\0')) throw new Error('the place of a sealed value holds a NUL')
    bound += `${part}\0`
  }
  return Buffer.from(bound + key.name)
}
