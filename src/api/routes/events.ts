import { Hono } from 'hono'
import { eventRequestSchema } from '../../contract/events.ts'
import type { ClientId } from '../../core/ids.ts'
import { Refusal } from '../../core/refusal.ts'
import { whoseKey } from '../../engine/api-keys.ts'
import { addCouple, type NewCouple } from '../../engine/clients.ts'
import type { Engine } from '../../engine/engine.ts'
import { receiver } from '../../engine/receive.ts'
import { readBody } from '../body.ts'

/** Events from outside, by key: a website form, a payment, a signature. */
export function events(engine: Engine): Hono {
  const receive = receiver(engine)
  return new Hono().post('/', async (c) => {
    const key = (c.req.header('authorization') ?? '').replace(/^Bearer /i, '')
    const who = await whoseKey(engine, key)
    if (!who?.scopes.includes('events:write'))
      throw new Refusal('unauthorised', 'Send a key that may write events: "authorization: Bearer wed_…".')
    const body = await readBody(c, eventRequestSchema)
    const source = 'api'
    const client =
      typeof body.client === 'string'
        ? (body.client as ClientId)
        : (
            await addCouple(engine, who.vendor, body.client as NewCouple, {
              source: 'api:couple',
              key: body.key,
            })
          ).client
    const receipt = await receive(who.vendor, {
      source,
      key: body.key,
      type: body.type,
      client,
      data: body.data ?? {},
      ...(body.personal ? { personal: body.personal as never } : {}),
    })
    return c.json({ ...receipt, client }, 202)
  })
}
