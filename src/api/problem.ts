import type { Context } from 'hono'
import { Refusal, type RefusalCode } from '../core/refusal.ts'
import type { Log } from '../ports.ts'

/** Every "no" of the API in one form (RFC 9457), with a code that does not change and a sentence that helps. */
const STATUS: Record<RefusalCode, 400 | 401 | 403 | 404 | 409 | 413 | 422 | 429 | 503> = {
  not_found: 404,
  invalid: 422,
  conflict: 409,
  forbidden: 403,
  unauthorised: 401,
  too_large: 413,
  too_many: 429,
  journey_unpublished: 409,
  journey_invalid: 422,
  run_finished: 409,
  command_impossible: 409,
  undo_closed: 409,
  setup: 503,
}

export function presentError(error: unknown, c: Context, log: Log): Response {
  if (error instanceof Refusal) {
    const status = STATUS[error.code]
    const problems = error.problems.map(({ code, path, message }) => ({ code, path, message }))
    return c.json(
      {
        type: `about:blank#${error.code}`,
        code: error.code,
        status,
        title: error.message,
        ...(problems.length > 0 ? { problems } : {}),
      },
      status,
      { 'content-type': 'application/problem+json' },
    )
  }
  const incident = crypto.randomUUID()
  log.error('a request failed', {
    incident,
    error: error instanceof Error ? (error.stack ?? error.message) : String(error),
  })
  return c.json(
    {
      type: 'about:blank#unexpected',
      code: 'unexpected',
      status: 500,
      title: `Something went wrong here. It has been recorded as ${incident}; please try again.`,
    },
    500,
    { 'content-type': 'application/problem+json' },
  )
}
