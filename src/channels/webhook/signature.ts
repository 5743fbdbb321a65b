import { timingSafeEqual } from 'node:crypto'
import { Webhook as Signer } from 'standardwebhooks'
import type { Instant } from '../../core/time/instant.ts'

/** Standard Webhooks, both ways: what we say is signed by it, and what is said to us proves itself by it. */
export const TOLERANCE_MS = 5 * 60_000
/** A header may carry several signatures while its sender changes secrets; more than these are no change. */
const SIGNATURES_MAX = 10
const ID = /^[\x21-\x7e]{1,200}$/
const SECONDS = /^[1-9]\d{0,11}$/

export type SignedHeaders = {
  readonly 'webhook-id': string
  readonly 'webhook-timestamp': string
  readonly 'webhook-signature': string
}

export function signed(
  secrets: readonly string[],
  id: string,
  now: Instant,
  body: string,
): SignedHeaders & Record<string, string> {
  const at = new Date(now)
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now / 1_000)),
    'webhook-signature': secrets.map((secret) => new Signer(secret).sign(id, at, body)).join(' '),
  }
}

export const newSecret = (random: Uint8Array): string => `whsec_${Buffer.from(random).toString('base64')}`

/**
 * Whether this body was signed with one of these secrets, and lately. The package's own check reads the machine's
 * clock; here the moment is given. Each signature is compared with each secret, to the last byte, whatever fitted.
 */
export function judgeSigned(
  secrets: readonly string[],
  headers: { readonly [Name in keyof SignedHeaders]?: string | undefined },
  body: string,
  now: Instant,
): 'fits' | 'stale' | 'wrong' {
  const { 'webhook-id': id = '', 'webhook-timestamp': seconds = '' } = headers
  if (!ID.test(id) || !SECONDS.test(seconds)) return 'wrong'
  const given = (headers['webhook-signature'] ?? '').split(' ').slice(0, SIGNATURES_MAX)
  const said = Number(seconds) * 1_000
  let fits = 0
  for (const secret of secrets) {
    const wanted = Buffer.from(new Signer(secret).sign(id, new Date(said), body))
    for (const one of given) {
      const got = Buffer.from(one)
      fits |= Number(got.length === wanted.length && timingSafeEqual(got, wanted))
    }
  }
  if (fits === 0) return 'wrong'
  return Math.abs(now - said) <= TOLERANCE_MS ? 'fits' : 'stale'
}
