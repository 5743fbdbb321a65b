import type { EmailText, ModuleRef } from '../core/journey/builder.ts'
import type { Journey } from '../core/journey/graph.ts'

/**
 * A finished journey that a vendor takes over as a draft of their own. Its texts are whole without an answer to any
 * question: where the vendor has no page to link to, the letter asks for a reply instead.
 */
export type Template = {
  readonly key: string
  /** Raised with every change that those who took an earlier one might want to see. */
  readonly version: number
  readonly name: string
  /** What it does, in a sentence. */
  readonly says: string
  /** The trades it is for; empty: any. */
  readonly trades: readonly string[]
  readonly questions: readonly Question[]
  readonly write: (answers: Answers) => Journey
}

export type Question = {
  readonly key: string
  readonly label: string
  readonly hint: string
  /**
   * A link becomes a setting of the business, which all its texts can use: `{{ links.<key> }}`. A form is one of the
   * business's own, by its key: the journey then asks with it and hears of the answers itself.
   */
  readonly kind: 'link' | 'form' | 'words' | 'number'
  /** What stands in the texts without an answer; null for a link or a form, which is then not offered. */
  readonly otherwise: string | null
}

export type Answers = {
  has(link: string): boolean
  /** The key of the form that was chosen. */
  form(key: string): string | null
  words(key: string): string
}

/** The step that asks with a form of the vendor's own, reminds, and hears of the answers. */
export const FORM = {
  type: 'form',
  version: 1,
  exits: ['submitted', 'timeout', 'refused'],
} as const satisfies ModuleRef

export type Letter = Pick<EmailText, 'subject' | 'body' | 'link'>

/** A letter to the couple: greeting, paragraphs, name. */
export const letter = (subject: string, ...paragraphs: readonly string[]): Letter => ({
  subject,
  body: ['Hello {{ client.names }},', ...paragraphs, 'Warmly,\n{{ vendor.name }}'].join('\n\n'),
})

/** A note to another business at the same wedding. */
export const notice = (subject: string, ...paragraphs: readonly string[]): Letter => ({
  subject,
  body: ['Hello,', ...paragraphs, 'Many thanks,\n{{ vendor.name }}'].join('\n\n'),
})

/** The last paragraph and a button where the vendor has such a page; another last paragraph where not. */
export function offering(
  answers: Answers,
  key: string,
  label: string,
  write: (last: string) => Letter,
  last: { readonly linked: string; readonly bare: string },
): Letter {
  if (!answers.has(key)) return write(last.bare)
  return { ...write(last.linked), link: { label, url: `{{ links.${key} }}` } }
}

/**
 * Without a page that tells when it was filled in, nobody but the vendor knows whether an answer came by mail: a
 * reminder then asks them first.
 */
export const remindsUnlessAnswered = (answers: Answers, key: string) =>
  answers.has(key) ? { reminds: true } : { reminds: true, approval: { timeout: '3 days' as const } }
