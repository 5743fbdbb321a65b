import { z } from 'zod'
import { mergeProblems } from '../../core/merge.ts'
import { type ConfigProblem, defineModule } from '../module.ts'

const singleLine = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[^\r\n]*$/, 'one line')

/** A letter: plain text with fields; a blank line begins a paragraph. Its layout is the house's, not the author's. */
export const email = defineModule({
  type: 'email',
  version: 1,
  label: 'Send an email',
  exits: ['sent', 'refused'],
  channel: 'email',
  delivery: 'at_most_once',
  class: 'relationship',
  config: z.strictObject({
    subject: singleLine(200),
    body: z.string().min(1).max(20_000),
    /** Shown beside the subject in a list of letters. */
    preheader: singleLine(200).optional(),
    /** One button: an https address, or a field that holds one. */
    link: z.strictObject({ label: singleLine(80), url: singleLine(2_000) }).optional(),
    /** The name shown as sender; the address is always the vendor's verified one. */
    from: z.strictObject({ name: singleLine(100) }).optional(),
  }),
  check: (config, facts) => {
    const texts: [path: string, text: string | undefined][] = [
      ['/subject', config.subject],
      ['/body', config.body],
      ['/preheader', config.preheader],
      ['/link/label', config.link?.label],
      ['/link/url', config.link?.url],
      ['/from/name', config.from?.name],
    ]
    const inTexts = texts.flatMap(([path, text]) => problemsOf(path, text ?? '', facts.fields))
    const url = config.link?.url
    const fixed = url !== undefined && !url.includes('{{') && linkOf(url) === null
    return fixed ? [...inTexts, notALink] : inTexts
  },
})

const notALink: ConfigProblem = {
  code: 'link_unusable',
  path: '/link/url',
  message: 'A link begins with https://.',
}

const problemsOf = (path: string, text: string, fields: readonly string[]): ConfigProblem[] =>
  mergeProblems(text, fields).map((problem) => {
    const [line, column] = problem.path.split(':')
    return { code: problem.code, path, message: `Line ${line}, column ${column}: ${problem.message}` }
  })

/** The address behind a button as it may be written into a letter; null when it leads nowhere good. */
export function linkOf(text: string): string | null {
  const url = URL.parse(text.trim())
  const good = url !== null && url.protocol === 'https:' && url.username === '' && url.password === ''
  return good ? url.href : null
}
