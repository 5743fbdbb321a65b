import type { Problem } from './problem.ts'

/**
 * An expected "no" to a caller: what is refused, why, and what would help. `message` is for the caller;
 * details for the log. Everything else that is thrown is a bug or an outage.
 */
export class Refusal extends Error {
  readonly code: RefusalCode
  readonly details: Record<string, unknown>
  readonly problems: readonly Problem[]

  constructor(
    code: RefusalCode,
    message: string,
    details: Record<string, unknown> = {},
    problems: readonly Problem[] = [],
  ) {
    super(message)
    this.name = 'Refusal'
    this.code = code
    this.details = details
    this.problems = problems
  }
}

export type RefusalCode =
  | 'not_found'
  | 'invalid'
  | 'conflict'
  | 'forbidden'
  | 'unauthorised'
  | 'too_large'
  | 'too_many'
  | 'journey_unpublished'
  | 'journey_invalid'
  | 'form_invalid'
  | 'run_finished'
  | 'command_impossible'
  | 'undo_closed'
  | 'link_over'
  | 'changed_meanwhile'
  | 'if_match_missing'
  | 'key_missing'
  | 'key_reused'
  | 'already_answered'
  | 'cross_site'
  | 'signature_wrong'
  | 'call_refused'
  | 'paused'
  | 'setup'
