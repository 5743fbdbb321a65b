import { type Context, Hono } from 'hono'
import { bringMail } from '../../contract/mail.ts'
import { Refusal } from '../../core/refusal.ts'
import { whoseKey } from '../../engine/api-keys.ts'
import type { Engine } from '../../engine/engine.ts'
import { type MailArrived, type MailHouse, takeMail } from '../../mail-in.ts'
import { readQuery, shaped } from '../body.ts'
import { addressOf, type LimitName, type Limits, TooMany } from '../frame/limits.ts'
import { refuseKeyElsewhere } from '../frame/networks.ts'
import { remoteOf } from '../frame/remote.ts'
import { presentError } from '../problem.ts'

/**
 * Mail brought by a provider that receives it for this house. Its key, as `Bearer` or as the password of an address
 * (https://mail:wed_…@house/in/mail), says for which business it speaks: it is heard about that one's letters alone.
 */
export function mailIn(engine: Engine, house: MailHouse, limits: Limits): Hono {
  const count = async (c: Context, limit: LimitName, who: string): Promise<void> => {
    for (const [name, value] of Object.entries(await limits.count(limit, who))) c.header(name, value)
  }
  const take = async (c: Context): Promise<Response> => {
    const who = await whoseKey(engine, keyIn(c.req.header('authorization') ?? ''))
    if (who) await refuseKeyElsewhere(limits, who.networks, c)
    await (who ? count(c, 'key', who.vendor) : count(c, 'stranger', addressOf(remoteOf(c))))
    if (!who?.scopes.includes('events:write'))
      throw new Refusal('unauthorised', 'Send a key that may write events: "authorization: Bearer wed_…".')
    const taken = await takeMail(engine, house, { ...(await arrivedIn(c)), vendor: who.vendor })
    // Whoever brings it comes again: by then the letter has been sent or not.
    if (taken === 'not_yet')
      throw new Refusal(
        'setup',
        'The letter it is about is being sent this very moment. Bring it again later.',
      )
    return c.json({ is: taken })
  }
  return new Hono().post('/', async (c) => {
    try {
      return await take(c)
    } catch (error) {
      if (error instanceof TooMany)
        for (const [name, value] of Object.entries(error.headers)) c.header(name, value)
      return presentError(error, c, engine.log)
    }
  })
}

function keyIn(authorization: string): string {
  const [, kind = '', said = ''] = /^(Bearer|Basic) +(\S+)$/i.exec(authorization) ?? []
  if (kind.toLowerCase() !== 'basic') return said
  const pair = Buffer.from(said, 'base64').toString()
  return pair.slice(pair.indexOf(':') + 1)
}

type Brought = Omit<MailArrived, 'vendor'>

/** As providers bring it: raw, as JSON of ours or of Postmark's, or as a form of Mailgun's or SendGrid's. */
async function arrivedIn(c: Context): Promise<Brought> {
  const type = (c.req.header('content-type') ?? '').toLowerCase()
  const { recipient, sender } = readQuery(c, bringMail.query)
  if (/^message\/rfc822|^application\/octet-stream|^text\/plain/.test(type))
    return {
      recipient: recipient ?? c.req.header('x-recipient') ?? missing('recipient'),
      sender: sender ?? c.req.header('x-sender') ?? null,
      raw: new Uint8Array(await c.req.arrayBuffer()),
    }
  if (/^multipart\/form-data|^application\/x-www-form-urlencoded/.test(type)) return fromForm(await formIn(c))
  return fromJson(await c.req.json().catch(() => null))
}

/** A form that says where its parts end, and keeps to it. */
async function formIn(c: Context): Promise<FormData> {
  try {
    return await c.req.formData()
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new Refusal('invalid', 'This is not a readable form: its parts do not end where it says.')
  }
}

function fromForm(form: FormData): Brought {
  const text = (name: string): string | null => {
    const value = form.get(name)
    return typeof value === 'string' ? value : null
  }
  const envelope = envelopeIn(text('envelope'))
  return {
    recipient: envelope.to ?? text('recipient') ?? missing('recipient'),
    sender: envelope.from ?? text('sender'),
    raw: Buffer.from(text('email') ?? text('body-mime') ?? missing('the raw mail (email or body-mime)')),
  }
}

/** SendGrid says the envelope as JSON in a field. */
function envelopeIn(text: string | null): { readonly to: string | null; readonly from: string | null } {
  try {
    const { to, from } = JSON.parse(text ?? '{}') as { to?: unknown; from?: unknown }
    const first = Array.isArray(to) ? to[0] : to
    return { to: typeof first === 'string' ? first : null, from: typeof from === 'string' ? from : null }
  } catch {
    return { to: null, from: null }
  }
}

function fromJson(body: unknown): Brought {
  const { RawEmail: raw, OriginalRecipient: to } = (body ?? {}) as {
    RawEmail?: unknown
    OriginalRecipient?: unknown
  }
  if (typeof raw === 'string' && typeof to === 'string')
    return { recipient: to, sender: null, raw: Buffer.from(raw) }
  const { recipient, sender, message, encoding } = shaped(bringMail.body, body, 'request')
  return {
    recipient,
    sender: sender ?? null,
    raw: Buffer.from(message, encoding === 'base64' ? 'base64' : 'utf8'),
  }
}

const missing = (what: string): never => {
  throw new Refusal('invalid', `It is not said: ${what}.`)
}
