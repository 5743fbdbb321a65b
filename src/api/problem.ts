import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { PROBLEMS, type ProblemCode, type ProblemDocument } from '../contract/problem.ts'
import { NotKnownHere } from '../core/journey/graph.ts'
import { Refusal } from '../core/refusal.ts'
import type { Log } from '../ports.ts'

const BEING_RENEWED =
  'A newer release is being rolled out here, and only it knows a step that this touches. Nothing was changed: ask again in a minute, under the same Idempotency-Key if you sent one.'

/** Every "no" of the API in one form (RFC 9457), with a code that does not change and a sentence that helps. */
export function presentError(error: unknown, c: Context, log: Log): Response {
  if (error instanceof Refusal) {
    const problems = error.problems.map(({ code, path, message }) => ({ code, path, message }))
    return document(c, error.code, error.message, problems.length > 0 ? { problems } : {})
  }
  if (error instanceof NotKnownHere) {
    log.warn('a request is left to a newer release', { why: error.message })
    return document(c, 'setup', BEING_RENEWED, {})
  }
  const incident = crypto.randomUUID()
  log.error('a request failed', {
    incident,
    error: error instanceof Error ? (error.stack ?? error.message) : String(error),
  })
  return document(
    c,
    'unexpected',
    `It has been recorded as ${incident}; please try again, under the same Idempotency-Key if you sent one.`,
    { instance: `urn:uuid:${incident}` },
  )
}

function document(
  c: Context,
  code: ProblemCode,
  detail: string,
  more: Partial<Pick<ProblemDocument, 'problems' | 'instance'>>,
): Response {
  const { status, title } = PROBLEMS[code]
  const body: ProblemDocument = { type: `/problems#${code}`, code, status, title, detail, ...more }
  return c.json(body, status as ContentfulStatusCode, {
    'content-type': 'application/problem+json',
    ...(code === 'unauthorised' ? { 'www-authenticate': 'Bearer realm="wedsync"' } : {}),
  })
}
