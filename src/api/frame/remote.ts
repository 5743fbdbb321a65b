import type { Context, MiddlewareHandler } from 'hono'

/**
 * Where a request came from. Every proxy of the house adds, at the end of X-Forwarded-For, from where it was asked
 * itself; how many there are is known, so that many from the end are true, and whatever stands before them could have
 * been written by anybody.
 */
const SEEN = 'wedsync.remote'

export const throughProxies =
  (hops: number): MiddlewareHandler =>
  (c, next) => {
    c.set(SEEN, seenThrough(hops, lineOf(c), c.req.header('x-forwarded-for')))
    return next()
  }

/** Undefined where too few proxies have said anything: then nobody knows. */
export function seenThrough(
  hops: number,
  line: string | undefined,
  forwarded: string | undefined,
): string | undefined {
  if (hops === 0) return line
  return forwarded?.split(',').at(-hops)?.trim()
}

/** The line's own address, where there is a line. */
export function lineOf(c: Context): string | undefined {
  const env = c.env as { incoming?: { socket?: { remoteAddress?: string } } } | undefined
  return env?.incoming?.socket?.remoteAddress
}

export const remoteOf = (c: Context): string | undefined => c.get(SEEN) as string | undefined
