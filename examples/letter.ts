import type { EmailText } from '../src/core/journey/builder.ts'

type Letter = Pick<EmailText, 'subject' | 'body'> & { readonly class: 'relationship' | 'transactional' }

/** A letter to the couple: greeting, paragraphs, name. */
export const letter = (subject: string, paragraphs: readonly string[]): Letter => ({
  subject,
  class: 'relationship',
  body: [
    'Hello {{ client.partner_a.first_name | default: "there" }} and {{ client.partner_b.first_name | default: "partner" }},',
    ...paragraphs,
    'Warmly,\n{{ vendor.name }}',
  ].join('\n\n'),
})

/** A note to another business at the same wedding. */
export const notice = (subject: string, paragraphs: readonly string[]): Letter => ({
  subject,
  class: 'transactional',
  body: ['Hello,', ...paragraphs, 'Many thanks,\n{{ vendor.name }}'].join('\n\n'),
})
