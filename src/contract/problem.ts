import { z } from 'zod'
import type { RefusalCode } from '../core/refusal.ts'

/**
 * Every "no" of the API: a code that does not change, its status, and what it means (RFC 9457). `detail` says what
 * it was this time and what would help.
 */
export type ProblemCode = RefusalCode | 'unexpected'

export const PROBLEMS = {
  invalid: { status: 422, title: 'The request is not valid' },
  unauthorised: { status: 401, title: 'Nobody is signed in' },
  signature_wrong: { status: 401, title: 'The signature does not fit' },
  forbidden: { status: 403, title: 'This is not allowed to you' },
  cross_site: { status: 403, title: 'The request did not come from our own pages' },
  not_found: { status: 404, title: 'There is nothing here' },
  conflict: { status: 409, title: 'This contradicts what is there' },
  link_over: { status: 409, title: 'The link is used or over' },
  journey_unpublished: { status: 409, title: 'The journey is not published' },
  run_finished: { status: 409, title: 'The run has ended' },
  command_impossible: { status: 409, title: 'The run cannot do this now' },
  undo_closed: { status: 409, title: 'It is too late to take this back' },
  already_answered: { status: 409, title: 'This was done before and is not shown again' },
  changed_meanwhile: { status: 412, title: 'Somebody changed this meanwhile' },
  too_large: { status: 413, title: 'The request is too large' },
  journey_invalid: { status: 422, title: 'The journey is not valid' },
  form_invalid: { status: 422, title: 'The form is not ready' },
  call_refused: { status: 422, title: 'The call cannot be taken' },
  key_reused: { status: 422, title: 'The Idempotency-Key was used for another request' },
  if_match_missing: { status: 428, title: 'Say which state you are changing' },
  key_missing: { status: 428, title: 'Name the request with an Idempotency-Key' },
  too_many: { status: 429, title: 'Too many requests' },
  unexpected: { status: 500, title: 'Something went wrong here' },
  paused: { status: 503, title: 'This is paused' },
  setup: { status: 503, title: 'This installation is not ready' },
} as const satisfies { readonly [code in ProblemCode]: { readonly status: number; readonly title: string } }

export const PROBLEM_CODES = Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]]

export const problemSchema = z
  .object({
    type: z.string(),
    code: z.enum(PROBLEM_CODES),
    status: z.int(),
    title: z.string(),
    detail: z.string(),
    instance: z.string().optional(),
    problems: z.array(z.object({ code: z.string(), path: z.string(), message: z.string() })).optional(),
  })
  .meta({
    description: 'A refusal (RFC 9457). `code` is stable; `detail` says what would help.',
  })
export type ProblemDocument = z.infer<typeof problemSchema>
