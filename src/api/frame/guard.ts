import { timingSafeEqual } from 'node:crypto'
import type { Context } from 'hono'
import { Refusal } from '../../core/refusal.ts'

/**
 * A change that a browser sends comes from our own pages (security T20): the browser says so itself, or the origin
 * does; and a request with a cookie carries the token of its session as well. Programs send neither header.
 */
export function refuseForeignOrigin(c: Context, own: string): void {
  const site = c.req.header('sec-fetch-site')
  if (site !== undefined) {
    if (site !== 'same-origin' && site !== 'none') throw foreign()
    return
  }
  const origin = c.req.header('origin')
  if (origin === undefined) return
  if (!isOurOwn(origin, own, c.req.url)) throw foreign()
}

/** Our public address, or the one that was asked. */
export const isOurOwn = (origin: string, own: string, asked: string): boolean =>
  origin === new URL(own).origin || (URL.canParse(asked) && origin === new URL(asked).origin)

export function refuseWithoutToken(c: Context, token: string): void {
  const sent = Buffer.from(c.req.header('x-wedsync-csrf') ?? '')
  const wanted = Buffer.from(token)
  if (sent.length !== wanted.length || !timingSafeEqual(sent, wanted))
    throw new Refusal(
      'cross_site',
      'Send the token of GET /api/v1/session as x-wedsync-csrf with every change.',
    )
}

const foreign = () =>
  new Refusal('cross_site', 'Changes are only taken from our own pages, or from programs with a key.')
