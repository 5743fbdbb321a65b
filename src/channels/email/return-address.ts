import { createHmac, timingSafeEqual } from 'node:crypto'
import type { EffectId, VendorId } from '../../core/ids.ts'

/**
 * The address to which a letter comes back: it names the business and the letter, signed, so that nobody can make
 * bounces or answers up for a letter they never had. It also holds the beginning of the mark of the address that was
 * written to: when a letter comes back after the address was changed, the new one must not be blamed.
 */
export type ReturnAddress = {
  readonly vendor: VendorId
  /** The first twelve bytes of the letter's id in hex: more than enough to find it within its business. */
  readonly effect: string
  /** The first four bytes of the mark, in hex; zeros where the letter went to nobody who has one. */
  readonly mark: string
}

const VENDOR_BYTES = 16
const EFFECT_BYTES = 12
const MARK_BYTES = 4
const SIGNATURE_BYTES = 8
const BODY_BYTES = VENDOR_BYTES + EFFECT_BYTES + MARK_BYTES
/** Small letters and digits alone: mail servers may turn capitals round. All 40 bytes in the 64 signs there are. */
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'
const TOKEN = /^[a-z2-7]{64}$/
const TRIAL = 'trial'

const bare = (id: string): string => id.replaceAll('-', '')

export const effectPart = (effect: EffectId): string => bare(effect).slice(0, EFFECT_BYTES * 2)
export const markPart = (mark: Uint8Array | null): string =>
  mark === null ? '00'.repeat(MARK_BYTES) : Buffer.from(mark.subarray(0, MARK_BYTES)).toString('hex')

export function returnToken(secret: Uint8Array, { vendor, effect, mark }: ReturnAddress): string {
  return signed(secret, 'letter', Buffer.from(`${bare(vendor)}${effect}${mark}`, 'hex'))
}

/** Null for whatever this house has not signed. */
export function readReturnToken(secret: Uint8Array, token: string): ReturnAddress | null {
  const body = verified(secret, 'letter', token)
  return body && addressIn(body)
}

/** An address by which a business tries out whether mail comes in; it names no letter. */
export const trialToken = (secret: Uint8Array, vendor: VendorId, trial: string): string =>
  signed(secret, TRIAL, Buffer.from(`${bare(vendor)}${bare(trial)}`, 'hex'))

export function readTrialToken(
  secret: Uint8Array,
  token: string,
): { readonly vendor: VendorId; readonly trial: string } | null {
  const body = verified(secret, TRIAL, token)
  return (
    body && {
      vendor: uuid(body.subarray(0, VENDOR_BYTES)) as VendorId,
      trial: uuid(body.subarray(VENDOR_BYTES)),
    }
  )
}

const addressIn = (body: Buffer): ReturnAddress => ({
  vendor: uuid(body.subarray(0, VENDOR_BYTES)) as VendorId,
  effect: body.subarray(VENDOR_BYTES, VENDOR_BYTES + EFFECT_BYTES).toString('hex'),
  mark: body.subarray(VENDOR_BYTES + EFFECT_BYTES).toString('hex'),
})

const uuid = (bytes: Buffer): string =>
  bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')

const signed = (secret: Uint8Array, purpose: string, body: Buffer): string =>
  written(Buffer.concat([body, signatureOf(secret, purpose, body)]))

function verified(secret: Uint8Array, purpose: string, token: string): Buffer | null {
  const small = token.toLowerCase()
  if (!TOKEN.test(small)) return null
  const bytes = read(small)
  const body = bytes.subarray(0, BODY_BYTES)
  return timingSafeEqual(bytes.subarray(BODY_BYTES), signatureOf(secret, purpose, body)) ? body : null
}

const signatureOf = (secret: Uint8Array, purpose: string, body: Uint8Array): Buffer =>
  createHmac('sha256', secret).update(`${purpose}\0`).update(body).digest().subarray(0, SIGNATURE_BYTES)

/** Forty bytes are sixty-four signs, five bits each, and nothing is left over. */
function written(bytes: Buffer): string {
  const bits = BigInt(`0x${bytes.toString('hex')}`)
  return Array.from({ length: 64 }, (_, at) => ALPHABET[Number((bits >> BigInt(5 * (63 - at))) & 31n)]).join(
    '',
  )
}

function read(token: string): Buffer {
  let bits = 0n
  for (const sign of token) bits = (bits << 5n) | BigInt(ALPHABET.indexOf(sign))
  return Buffer.from(bits.toString(16).padStart(2 * (BODY_BYTES + SIGNATURE_BYTES), '0'), 'hex')
}
