import { type Context, Hono } from 'hono'
import { isSignedBy } from '../../channels/sms/twilio.ts'
import type { EffectId, VendorId } from '../../core/ids.ts'
import type { Engine } from '../../engine/engine.ts'
import { hearText } from '../../engine/hear-text.ts'
import { openJson } from '../../engine/views.ts'
import { secretPlace } from '../../outgoing.ts'
import { readSecret } from '../../store/brand.ts'
import { settleDelivery } from '../../store/delivery.ts'
import { addressOf, type Limits } from '../frame/limits.ts'
import { remoteOf } from '../frame/remote.ts'

/**
 * What a text provider tells us: somebody answered, or what became of a text. Whoever calls proves by a signature with
 * the business's own token that they are the provider; nobody else is told anything.
 */
export const inboundPath = (vendor: string): string => `/hooks/twilio/${vendor}/inbound`

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const BODY_CHARS_MAX = 20_000

export function twilioHooks(engine: Engine, url: string, limits: Limits): Hono {
  /** The fields of a call that is proven; null otherwise. */
  async function proven(c: Context): Promise<{ vendor: VendorId; fields: Record<string, string> } | null> {
    const vendor = c.req.param('vendor') as VendorId
    const fields = Object.fromEntries(new URLSearchParams((await c.req.text()).slice(0, BODY_CHARS_MAX)))
    const sealed = UUID.test(vendor)
      ? await engine.db.read('twilio.secret', { vendors: [vendor] }, (sql) => readSecret(sql, vendor, 'sms'))
      : null
    const token = sealed && String((await openJson(engine.vault, secretPlace(vendor, 'sms'), sealed)).token)
    const called = `${url}${new URL(c.req.url).pathname}`
    if (token && isSignedBy(token, called, fields, c.req.header('x-twilio-signature') ?? ''))
      return { vendor, fields }
    await limits.count('stranger', addressOf(remoteOf(c)))
    return null
  }
  const nobody = (c: Context): Response => c.text('The signature does not fit.', 403)
  const answer = (c: Context, words: string | null): Response =>
    c.body(
      `<?xml version="1.0" encoding="UTF-8"?><Response>${words === null ? '' : `<Message>${xml(words)}</Message>`}</Response>`,
      200,
      { 'content-type': 'text/xml; charset=utf-8' },
    )

  return new Hono()
    .post('/hooks/twilio/:vendor/inbound', async (c) => {
      const call = await proven(c)
      if (!call) return nobody(c)
      const { From: from = '', Body: body = '', MessageSid: named = '' } = call.fields
      return answer(c, await hearText(engine, call.vendor, from, body, named))
    })
    .post('/hooks/twilio/:vendor/status/:effect', async (c) => {
      const call = await proven(c)
      if (!call) return nobody(c)
      const effect = c.req.param('effect') as EffectId
      const { MessageSid: ref = '', MessageStatus: status = '', ErrorCode: code = '' } = call.fields
      const became = BECAME[status]
      if (became && UUID.test(effect))
        await engine.db.tx('twilio.status', { vendors: [call.vendor] }, (sql) =>
          settleDelivery(sql, {
            vendor: call.vendor,
            effect,
            ref,
            state: became,
            cause: became === 'delivered' ? null : `twilio_${code === '' ? status : code}`,
          }),
        )
      return c.body(null, 204)
    })
}

const BECAME: { readonly [status: string]: 'delivered' | 'rejected' } = {
  delivered: 'delivered',
  read: 'delivered',
  undelivered: 'rejected',
  failed: 'rejected',
}

const XML: { readonly [sign: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const xml = (text: string): string => text.replace(/[&<>"]/g, (sign) => XML[sign] ?? sign)
