import { createHmac, timingSafeEqual } from 'node:crypto'
import type { VendorId } from '../core/ids.ts'
import type { MessageClass } from '../core/wedding/policy.ts'

/**
 * The address by which somebody says what they want to hear: signed, not guessable, good for as long as letters are
 * kept. It names an address by its mark, so it holds nothing personal and works for whoever has been erased, too.
 */
export type PreferencesLink = {
  readonly vendor: VendorId
  readonly way: 'email' | 'sms'
  /** What one click unsubscribes from. */
  readonly class: MessageClass
  /** The mark of the address. */
  readonly mark: Uint8Array
}

const WAYS = ['email', 'sms'] as const
const CLASSES = ['transactional', 'relationship', 'marketing'] as const
const VERSION = 1
const MARK_BYTES = 32
const SIGNATURE_BYTES = 16
const BYTES = 1 + 16 + 1 + MARK_BYTES

export function preferencesToken(secret: Uint8Array, link: PreferencesLink): string {
  const what = WAYS.indexOf(link.way) * CLASSES.length + CLASSES.indexOf(link.class)
  const body = Buffer.concat([
    Buffer.from([VERSION]),
    Buffer.from(link.vendor.replaceAll('-', ''), 'hex'),
    Buffer.from([what]),
    link.mark,
  ])
  return Buffer.concat([body, signatureOf(secret, body)]).toString('base64url')
}

/** Null for whatever this house has not signed. */
export function readPreferencesToken(secret: Uint8Array, token: string): PreferencesLink | null {
  if (!/^[A-Za-z0-9_-]{88}$/.test(token)) return null
  const bytes = Buffer.from(token, 'base64url')
  const body = bytes.subarray(0, BYTES)
  const signature = bytes.subarray(BYTES)
  if (signature.length !== SIGNATURE_BYTES || !timingSafeEqual(signature, signatureOf(secret, body)))
    return null
  const what = body[17] ?? 0
  const way = WAYS[Math.floor(what / CLASSES.length)]
  const messageClass = CLASSES[what % CLASSES.length]
  if (body[0] !== VERSION || way === undefined || messageClass === undefined) return null
  const hex = body.subarray(1, 17).toString('hex')
  const vendor = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') as VendorId
  return { vendor, way, class: messageClass, mark: new Uint8Array(body.subarray(18)) }
}

const signatureOf = (secret: Uint8Array, body: Uint8Array): Buffer =>
  createHmac('sha256', secret).update('preferences\0').update(body).digest().subarray(0, SIGNATURE_BYTES)
