import { type Context, Hono } from 'hono'
import { judgeSigned, newSecret } from '../../channels/webhook/signature.ts'
import { tellCallRefusal } from '../../core/incoming.ts'
import { readJson } from '../../core/journey/json-text.ts'
import { Refusal } from '../../core/refusal.ts'
import type { Engine } from '../../engine/engine.ts'
import { hearCall, noteRefused } from '../../engine/hear-call.ts'
import { type OpenAddress, openAddress } from '../../engine/incoming.ts'
import { addressOf, type Limits, TooMany } from '../frame/limits.ts'
import { remoteOf } from '../frame/remote.ts'
import { presentError } from '../problem.ts'

/**
 * Where other systems call. Whoever calls proves by a signature (Standard Webhooks) that they hold the secret of the
 * address; for everybody else no address is there. In this order: strangers who erred too often, the signature over
 * the raw body, how often the address is called; only then is the body read.
 */
export function incomingCalls(engine: Engine, limits: Limits): Hono {
  /** Judged against this where there is no address, so that none takes no less work than one. */
  const nobodys = [newSecret(new Uint8Array(32))]
  const tell = (c: Context, headers: Record<string, string>): void => {
    for (const [name, value] of Object.entries(headers)) c.header(name, value)
  }

  async function proven(c: Context, text: string): Promise<OpenAddress> {
    const from = addressOf(remoteOf(c))
    const address = await openAddress(engine, c.req.param('address') ?? '')
    const headers = {
      'webhook-id': c.req.header('webhook-id'),
      'webhook-timestamp': c.req.header('webhook-timestamp'),
      'webhook-signature': c.req.header('webhook-signature'),
    }
    const verdict = judgeSigned(address?.secrets ?? nobodys, headers, text, engine.clock.now())
    if (address && verdict === 'fits') return address
    if (address) noteLater(address, verdict === 'stale' ? 'stale' : 'signature')
    await limits.count('miss', from)
    throw new Refusal(
      'signature_wrong',
      'There is no such address, or the signature does not fit it: sign with its secret, and with a clock that is right.',
    )
  }

  /** Not waited for, so that it takes a stranger no longer where there is an address. */
  function noteLater(address: OpenAddress, why: 'signature' | 'stale'): void {
    noteRefused(engine, address, { why, field: null }).catch((error: unknown) =>
      engine.log.warn('a refused call was not noted', { error: String(error) }),
    )
  }

  async function take(c: Context): Promise<Response> {
    await limits.refuseSpent('miss', addressOf(remoteOf(c)))
    const text = await c.req.text()
    const address = await proven(c, text)
    tell(c, await limits.count('incoming', address.incoming))
    if (address.isPaused) {
      await noteRefused(engine, address, { why: 'paused', field: null })
      tell(c, { 'retry-after': String(PAUSED_SECONDS) })
      throw new Refusal('paused', 'This address is paused. Keep the call and send it again later.')
    }
    const read = readJson(text)
    // What is no JSON is said by the same list as everything else that is wrong with a call.
    const answer = await hearCall(engine, address, c.req.header('webhook-id')!, read.ok ? read.value : null)
    if (answer.is === 'refused')
      throw new Refusal(
        'call_refused',
        tellCallRefusal(answer.why, answer.field),
        {},
        read.ok ? [] : read.problems,
      )
    return c.json({ event: answer.event, duplicate: answer.duplicate }, 202)
  }

  return new Hono().post('/in/:address', async (c) => {
    c.header('cache-control', 'no-store')
    try {
      return await take(c)
    } catch (error) {
      if (error instanceof TooMany) tell(c, error.headers)
      return presentError(error, c, engine.log)
    }
  })
}

const PAUSED_SECONDS = 900
