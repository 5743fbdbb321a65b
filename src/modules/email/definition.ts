import { z } from 'zod'
import { mergeProblems } from '../../core/merge.ts'
import { type ConfigProblem, defineModule } from '../module.ts'
import { addressOf, linkOf, urlParts } from './address.ts'
import { type Document, documentSchema, type Found, foundIn, templateOf } from './document.ts'

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

/** A letter with a layout: rich text as a document, in the brand of the business, with its twin in plain text. */
export const richEmail = defineModule({
  type: 'email',
  version: 2,
  label: 'Send an email',
  exits: ['sent', 'refused'],
  channel: 'email',
  delivery: 'at_most_once',
  class: 'relationship',
  config: z.strictObject({
    subject: singleLine(200),
    body: documentSchema,
    preheader: singleLine(200).optional(),
    from: z.strictObject({ name: singleLine(100) }).optional(),
  }),
  check: ({ subject, preheader, from, body }, { fields }) => [
    ...problemsOf('/subject', subject, fields),
    ...problemsOf('/preheader', preheader ?? '', fields),
    ...problemsOf('/from/name', from?.name ?? '', fields),
    ...documentProblems(body, fields),
  ],
})

function documentProblems(document: Document, fields: readonly string[]): ConfigProblem[] {
  const found = [...foundIn(document)]
  const empty = !found.some((one) => one.is !== 'text' || one.text.trim() !== '')
  return empty
    ? [{ code: 'letter_empty', path: '/body', message: 'Nothing is written yet.' }]
    : found.flatMap((one) =>
        problemsIn(one, fields).map((problem) => ({ ...problem, path: `/body${one.at}` })),
      )
}

const BRACES = /\{\{|\}\}|\{%|%\}/

function problemsIn(one: Found, fields: readonly string[]): Omit<ConfigProblem, 'path'>[] {
  switch (one.is) {
    case 'text':
    case 'label': {
      const brace = BRACES.exec(one.text)?.[0]
      return brace
        ? [
            {
              code: 'stray_brace',
              message: `"${brace}" would be printed as it stands. Insert a field instead.`,
            },
          ]
        : []
    }
    case 'field':
      return /^[A-Za-z_][\w.-]*$/.test(one.name)
        ? mergeProblems(templateOf(one), fields).map(({ code, message }) => ({
            code,
            message:
              code === 'field_may_be_missing'
                ? `"${one.name}" may be missing: say what stands there then.`
                : message,
          }))
        : [{ code: 'unknown_field', message: `There is no field "${one.name}".` }]
    case 'liquid':
      return problemsOf('', one.text, fields)
    case 'image':
      return linkOf(one.url) === null
        ? [{ code: 'link_unusable', message: 'The address of a picture begins with https://.' }]
        : []
    case 'link':
    case 'button': {
      if (!one.url.includes('{')) return addressOf(one.url, one.is) === null ? [unusable(one.is)] : []
      const { head, tail } = urlParts(one.url)
      const fixed = head !== '' || linkOf(tail.split('{')[0] ?? '') !== null
      return fixed ? problemsOf('', one.url, fields) : [unusable(one.is)]
    }
  }
}

const unusable = (target: 'link' | 'button') => ({
  code: 'link_unusable',
  message:
    target === 'link'
      ? 'A link begins with https://, mailto: or tel:.'
      : 'The address of a button begins with https://.',
})
