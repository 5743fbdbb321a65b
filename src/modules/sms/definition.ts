import { z } from 'zod'
import { merge, mergeProblems, scopeOf } from '../../core/merge.ts'
import { exampleFacts } from '../../core/merge-fields.ts'
import { type ConfigProblem, defineModule } from '../module.ts'
import { segmentsOf } from './segments.ts'

export const SMS_TEMPLATE_CHARS_MAX = 1_000
/** More than this is a letter. */
export const SEGMENTS_ADVISED = 3
export const SEGMENTS_MAX = 10

/** A text message: words with fields, no layout. */
export const sms = defineModule({
  type: 'sms',
  version: 1,
  label: 'Send a text message',
  exits: ['sent', 'refused'],
  channel: 'sms',
  delivery: 'at_most_once',
  class: 'relationship',
  config: z.strictObject({ body: z.string().min(1).max(SMS_TEMPLATE_CHARS_MAX) }),
  check: ({ body }, { fields }) => [
    ...mergeProblems(body, fields).map(
      ({ code, path, message }): ConfigProblem => ({
        code,
        path: '/body',
        message: `Line ${path.replace(':', ', column ')}: ${message}`,
      }),
    ),
    ...lengthProblems(body),
  ],
})

/** The text as it would read for a couple like any other. */
export function exampleOf(body: string): string {
  const made = merge(body, scopeOf(exampleFacts()), 'text')
  return made.is === 'text' ? made.text.trim() : body
}

function lengthProblems(body: string): ConfigProblem[] {
  const { segments, encoding, costly } = segmentsOf(exampleOf(body))
  if (segments > SEGMENTS_MAX)
    return [
      {
        code: 'text_too_long',
        path: '/body',
        message: `This makes ${segments} messages; at most ${SEGMENTS_MAX} go out as one text.`,
      },
    ]
  if (segments <= SEGMENTS_ADVISED) return []
  const why =
    encoding === 'UCS-2'
      ? ` Without ${costly.slice(0, 3).join(' ')} a message holds more than twice as much.`
      : ''
  return [
    {
      code: 'text_long',
      severity: 'warning',
      path: '/body',
      message: `This makes ${segments} messages, and each is paid for.${why}`,
    },
  ]
}
