import { createHash } from 'node:crypto'
import type { EffectId, RunId, VendorId } from '../core/ids.ts'
import type { SendEffect } from '../core/run/effect.ts'

/**
 * The name of a message in the outside world (I5): vendor, run, node, visit, edition, ordinal, recipient. The same
 * key never becomes a second message. The row's id is its first half, so one index serves both.
 */
export function effectKey(
  vendor: VendorId,
  run: RunId,
  effect: Pick<SendEffect, 'node' | 'visit' | 'edition' | 'ordinal' | 'recipient'>,
): Buffer {
  const { node, visit, edition, ordinal, recipient } = effect
  return createHash('sha256')
    .update(`${vendor}|${run}|${node}|${visit}|${edition}|${ordinal}|${recipient}`)
    .digest()
}

/** A version-8 UUID (RFC 9562: bits of our own choosing) from the key. */
export function effectId(key: Uint8Array): EffectId {
  const hex = Buffer.from(key.subarray(0, 16)).toString('hex')
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}` as EffectId
}
