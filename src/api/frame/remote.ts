import type { Context } from 'hono'

/** The line's own address, where there is a line; a forwarded one could be written by anybody. */
export function remoteOf(c: Context): string | undefined {
  const env = c.env as { incoming?: { socket?: { remoteAddress?: string } } } | undefined
  return env?.incoming?.socket?.remoteAddress
}
