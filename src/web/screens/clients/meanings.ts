import { factName } from './words.ts'

/** What a column of a table can mean, as a person would say it. */
const WORDS: { readonly [meaning: string]: string } = {
  partner_a: 'One of them: name',
  partner_a_first: 'One of them: first name',
  partner_a_last: 'One of them: last name',
  email: 'One of them: email',
  phone: 'One of them: phone',
  partner_b: 'The other: name',
  partner_b_email: 'The other: email',
  partner_b_phone: 'The other: phone',
  wedding: 'Wedding day',
  time: 'Ceremony time',
  zone: 'Zone of the venue',
  region: 'Country or region',
  guests: 'Guests',
  stage: 'Stage',
  tags: 'Tags',
  language: 'Language',
  reference: 'Their number in your old system',
}
const OWN = 'field:'

export const meaningWord = (meaning: string): string =>
  WORDS[meaning] ?? (meaning.startsWith(OWN) ? 'Kept as a field of your own' : meaning)

/** A name for a field of one's own, made from the column's. */
export const ownField = (column: string): string => `${OWN}${factName(column) ?? 'note'}`
