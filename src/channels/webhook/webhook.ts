import { Readable } from 'node:stream'
import { request } from 'undici'
import type { Instant } from '../../core/time/instant.ts'
import type { ProviderReply } from '../../ports.ts'
import { busy, type Channel, DETAIL_MAX, rejected, tooLate, unknown } from '../channel.ts'
import { Forbidden, NotConnected, type OutwardPolicy, outwardAgent, outwardUrl } from './outward.ts'
import { signed } from './signature.ts'

/**
 * A signed call to somebody else's server (Standard Webhooks). `webhook-id` is the effect key, the same on every
 * attempt, by which the receiver recognises a repeat; the timestamp is the attempt's own.
 */
export type WebhookCall = {
  readonly url: string
  /** JSON, exactly as it is signed and sent. */
  readonly body: string
  /** One secret, or two while it is being changed; "whsec_" and base64. */
  readonly secrets: readonly [string, ...string[]]
}
export type WebhookChannel = Channel<WebhookCall> & { close(): Promise<void> }

export const WEBHOOK_MS_MAX = 10_000
export const WEBHOOK_BODY_BYTES_MAX = 256_000
const REPLY_BYTES_MAX = 65_536
const RETRY_AFTER_MS_MAX = 86_400_000

export function webhook(policy: OutwardPolicy, parts: { readonly now: () => Instant }): WebhookChannel {
  const agent = outwardAgent(policy)
  return {
    name: 'webhook',
    async send(call, delivery) {
      const body = Buffer.from(call.body)
      if (body.length > WEBHOOK_BODY_BYTES_MAX) return rejected('body_too_large')
      const late = tooLate(delivery, parts.now())
      if (late !== null) return late
      // One limit for the whole call, name resolution and a slowly dripping reply included.
      const signal = AbortSignal.any([delivery.signal, AbortSignal.timeout(WEBHOOK_MS_MAX)])
      let begun = false
      let status: number | null = null
      // Pulled only once the line stands: until then the receiver cannot have heard anything.
      const pulled = function* (): Generator<Buffer> {
        begun = true
        yield body
      }
      try {
        const answer = await request(outwardUrl(call.url, policy), {
          dispatcher: agent,
          method: 'POST',
          body: Readable.from(pulled()),
          headers: {
            'content-length': String(body.length),
            'content-type': 'application/json',
            'user-agent': 'wedsync-journeys',
            ...signed(call.secrets, delivery.key, parts.now(), call.body),
          },
          signal,
        })
        status = answer.statusCode
        const retryAfter = answer.headers['retry-after']
        const text = await beginning(answer.body)
        return replyTo(status, typeof retryAfter === 'string' ? retryAfter : null, text, parts.now())
      } catch (error) {
        // The answer was in its first line; how the rest of it ended is of no matter.
        if (status !== null) return replyTo(status, null, '', parts.now())
        if (error instanceof Forbidden) return rejected('address_forbidden', error.why)
        if (error instanceof NotConnected) return busy(`webhook_${error.message}`)
        if (!begun) return busy('webhook_timeout_before_call')
        return unknown(signal.aborted ? 'webhook_timeout' : 'webhook_connection_lost')
      }
    },
    close: () => agent.destroy(),
  }
}

/**
 * What a status means. The receiver knows the message by its id, so a 5xx is a "later", not a doubt; a redirect is
 * a failure (the specification says so, and following one would leave the judged address).
 */
export function replyTo(
  status: number,
  retryAfter: string | null,
  text: string,
  now: Instant,
): ProviderReply {
  if (status >= 200 && status < 300) return { is: 'accepted', ref: null }
  if (status >= 300 && status < 400) return rejected('webhook_redirect')
  const later = status >= 500 || [408, 409, 425, 429].includes(status)
  return later
    ? busy(`webhook_${status}`, retryAfterMs(retryAfter, now))
    : rejected(`webhook_${status}`, text === '' ? undefined : text)
}

function retryAfterMs(header: string | null, now: Instant): number | null {
  if (header === null) return null
  const ms = /^\d{1,9}$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - now
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), RETRY_AFTER_MS_MAX) : null
}

/** At most 64 kB of a reply are read; the first 1,000 characters are kept for whoever owns the address. */
async function beginning(body: AsyncIterable<Uint8Array> & { destroy(): unknown }): Promise<string> {
  let text = ''
  let bytes = 0
  const decoder = new TextDecoder()
  for await (const chunk of body) {
    bytes += chunk.length
    if (text.length < DETAIL_MAX) text += decoder.decode(chunk, { stream: true })
    if (bytes > REPLY_BYTES_MAX) break
  }
  return text.slice(0, DETAIL_MAX)
}
