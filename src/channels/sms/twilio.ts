import { createHmac, timingSafeEqual } from 'node:crypto'
import { Readable } from 'node:stream'
import { request } from 'undici'
import type { Instant } from '../../core/time/instant.ts'
import type { ProviderReply } from '../../ports.ts'
import { busy, type Channel, rejected, tooLate, unknown } from '../channel.ts'
import { Forbidden, NotConnected, type OutwardPolicy, outwardAgent, outwardUrl } from '../webhook/outward.ts'
import { type Sms, unsendable } from './sms.ts'

/**
 * Texts by Twilio's REST form, which other providers speak too. It has no key by which a repeat is swallowed: what
 * was handed over and not answered is unknown, and stays it. The callback's address bears the effect key.
 */
export type TwilioAccount = {
  /** AC… */
  readonly account: string
  readonly token: string
  /** A number in E.164, or a messaging service (MG…). */
  readonly from: string
}
export type TwilioHouse = {
  /** Ends in no slash. */
  readonly base: string
  readonly policy: OutwardPolicy
}
/** What Twilio says of an account when it is asked; a sentence a person can act on. */
export type Answered = { readonly ok: boolean; readonly says: string }
export type Twilio = {
  channel(account: TwilioAccount, callback: (key: string) => string | null): Channel<Sms>
  /** Asks for the account without sending anything. */
  ask(account: TwilioAccount): Promise<Answered>
  close(): Promise<void>
}

export const TWILIO: TwilioHouse = { base: 'https://api.twilio.com', policy: { forbiddenHosts: [] } }
export const TWILIO_MS_MAX = 10_000
const ANSWER_CHARS_MAX = 65_536
const RETRY_AFTER_MS_MAX = 3_600_000

/** Numbers that do not exist or take no texts: asking again cannot help, nor can any other message. */
const DEAD = new Set([21211, 21214, 21217, 21610, 21614])
/** Their queue is full, or we are too quick. */
const LATER = new Set([14107, 20429, 21611, 30001])

export function twilio(house: TwilioHouse, parts: { readonly now: () => Instant }): Twilio {
  const agent = outwardAgent(house.policy)
  const addressOf = (account: TwilioAccount, rest: string): URL =>
    outwardUrl(
      `${house.base}/2010-04-01/Accounts/${encodeURIComponent(account.account)}${rest}`,
      house.policy,
    )

  return {
    channel: (account, callback) => ({
      name: 'twilio',
      async send(sms, delivery) {
        const why = unsendable(sms)
        if (why !== null) return rejected(why)
        const late = tooLate(delivery, parts.now())
        if (late !== null) return late
        const form = new URLSearchParams({ To: sms.to, Body: sms.body })
        form.set(account.from.startsWith('MG') ? 'MessagingServiceSid' : 'From', account.from)
        const told = callback(delivery.key)
        if (told !== null) form.set('StatusCallback', told)
        const body = Buffer.from(form.toString())
        const signal = AbortSignal.any([delivery.signal, AbortSignal.timeout(TWILIO_MS_MAX)])
        let begun = false
        // Pulled only once the line stands: until then they cannot have heard anything.
        const pulled = function* (): Generator<Buffer> {
          begun = true
          yield body
        }
        try {
          const answer = await request(addressOf(account, '/Messages.json'), {
            dispatcher: agent,
            method: 'POST',
            body: Readable.from(pulled()),
            headers: { ...authorised(account), ...FORM, 'content-length': String(body.length) },
            signal,
          })
          const retryAfter = answer.headers['retry-after']
          const said = await textOf(answer.body).catch(() => '')
          return replyTo(answer.statusCode, said, typeof retryAfter === 'string' ? retryAfter : null)
        } catch (error) {
          if (error instanceof Forbidden) return rejected('address_forbidden', error.why)
          if (error instanceof NotConnected) return busy(`twilio_${error.message}`)
          if (!begun) return busy('twilio_timeout_before_call')
          return unknown(signal.aborted ? 'twilio_timeout' : 'twilio_connection_lost')
        }
      },
    }),

    async ask(account) {
      try {
        const answer = await request(addressOf(account, '.json'), {
          dispatcher: agent,
          headers: authorised(account),
          signal: AbortSignal.timeout(TWILIO_MS_MAX),
        })
        const said = read(await textOf(answer.body).catch(() => ''))
        if (answer.statusCode === 200) {
          const status = String(said.status ?? 'active')
          return status === 'active'
            ? { ok: true, says: 'The account answers, and is active.' }
            : { ok: false, says: `The account answers, but it is ${status}.` }
        }
        if (answer.statusCode === 401)
          return { ok: false, says: 'The account and its token do not belong together.' }
        if (answer.statusCode === 404) return { ok: false, says: 'There is no such account.' }
        return { ok: false, says: `The provider answered ${answer.statusCode}.` }
      } catch (error) {
        return {
          ok: false,
          says:
            error instanceof NotConnected
              ? 'The provider cannot be reached from here.'
              : 'The provider did not answer in time.',
        }
      }
    },

    close: () => agent.destroy(),
  }
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' } as const
const authorised = ({ account, token }: TwilioAccount) => ({
  authorization: `Basic ${Buffer.from(`${account}:${token}`).toString('base64')}`,
  'user-agent': 'wedsync-journeys',
})

/** What an answer means. A 500 may come after the text was taken: nobody knows. */
export function replyTo(status: number, text: string, retryAfter: string | null): ProviderReply {
  const said = read(text)
  if (status >= 200 && status < 300)
    return { is: 'accepted', ref: typeof said.sid === 'string' ? said.sid.slice(0, 64) : null }
  const code = typeof said.code === 'number' ? said.code : null
  const cause = `twilio_${code ?? status}`
  const afterMs = retryAfterMs(retryAfter)
  if (status === 429 || status === 503 || (code !== null && LATER.has(code))) return busy(cause, afterMs)
  if (status >= 500) return unknown(cause)
  // A wrong token is about the account, not about this text: it is put right, and the text still goes.
  if (status === 401 || status === 403) return busy(cause, afterMs)
  const detail = typeof said.message === 'string' ? said.message : undefined
  const refusal = rejected(cause, detail)
  if (refusal.is !== 'rejected' || code === null || !DEAD.has(code)) return refusal
  return { ...refusal, address: code === 21610 ? 'stopped' : 'dead' }
}

function retryAfterMs(header: string | null): number | null {
  if (header === null || !/^\d{1,6}$/.test(header)) return null
  return Math.min(Number(header) * 1_000, RETRY_AFTER_MS_MAX)
}

const read = (text: string): { readonly [key: string]: unknown } => {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as { readonly [key: string]: unknown }) : {}
  } catch {
    return {}
  }
}

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  let text = ''
  const decoder = new TextDecoder()
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true })
    if (text.length > ANSWER_CHARS_MAX) break
  }
  return text
}

/** Whether Twilio has sent this: its signature over the address it called and every field, in the order of names. */
export function isSignedBy(
  token: string,
  url: string,
  fields: { readonly [name: string]: string },
  signature: string,
): boolean {
  const expected = Buffer.from(signatureFor(token, url, fields))
  const given = Buffer.from(signature)
  return given.length === expected.length && timingSafeEqual(given, expected)
}

export const signatureFor = (
  token: string,
  url: string,
  fields: { readonly [name: string]: string },
): string =>
  createHmac('sha1', token)
    .update(
      url +
        Object.keys(fields)
          .sort()
          .map((name) => `${name}${fields[name]}`)
          .join(''),
    )
    .digest('base64')
