import type { Context } from 'hono'
import { lineOf } from './remote.ts'

/**
 * By its name and by its line: a Host header alone can be written by anybody who reaches the port, and what lies here
 * resets passwords. What came through a proxy came from elsewhere.
 */
export function isLocal(c: Context): boolean {
  const forwarded = ['forwarded', 'x-forwarded-for', 'x-real-ip'].some(
    (name) => c.req.header(name) !== undefined,
  )
  const line = lineOf(c)
  return (
    !forwarded &&
    /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(c.req.header('host') ?? '') &&
    (line === undefined || /^(127\.|::1$|::ffff:127\.)/.test(line))
  )
}
