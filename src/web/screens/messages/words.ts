import { BookOpen, ClipboardList, Gift, Mail, MessageSquareMore, Star, Video, Webhook } from 'lucide-react'
import { returnedWhy, sayReturned } from '../../../core/returned-mail.ts'
import type { IconShape } from '../../../ui/Icon.tsx'
import type { Status } from '../../../ui/status.ts'
import { capital, firstNames } from '../../times.ts'

/** How a message is told: what kind it is, how it stands, and why it did not go. */
type Kind = { readonly word: string; readonly icon: IconShape }
const KINDS: { readonly [kind: string]: Kind } = {
  email: { word: 'Email', icon: Mail },
  sms: { word: 'SMS', icon: MessageSquareMore },
  form: { word: 'Form', icon: ClipboardList },
  meeting: { word: 'Meeting', icon: Video },
  info: { word: 'Info page', icon: BookOpen },
  review: { word: 'Review', icon: Star },
  referral: { word: 'Referral', icon: Gift },
  webhook: { word: 'Webhook', icon: Webhook },
  notify: { word: 'Note to you', icon: Mail },
}
export function kindOf(kind: string): Kind {
  const name = kind.split('@')[0] ?? kind
  return KINDS[name] ?? { word: capital(name.replaceAll('_', ' ')), icon: Mail }
}
export const KIND_CHOICES = ['email', 'sms', 'form'] as const

type Standing = { readonly of: Status; readonly says?: string }
const MESSAGE_STATUS: { readonly [state: string]: Standing } = {
  planned: { of: 'sending', says: 'On its way' },
  sending: { of: 'sending' },
  retryable: { of: 'sending', says: 'Tried again soon' },
  unknown: { of: 'risk', says: 'Nobody knows yet' },
  accepted: { of: 'sent' },
  delivered: { of: 'delivered' },
  rejected: { of: 'failed', says: 'Refused' },
  unresolved: { of: 'risk', says: 'Nobody knows' },
  suppressed: { of: 'skipped', says: 'Not allowed' },
  cancelled: { of: 'cancelled' },
  failed: { of: 'failed' },
}

/** What left the house and came back was not refused: it is a sending of its own kind. */
export const messageStatus = (state: string, cause: string | null): Standing =>
  returnedWhy(cause) === null
    ? (MESSAGE_STATUS[state] ?? { of: 'waiting' })
    : { of: 'failed', says: 'Came back' }

/** "partner_a" is who they are; "vendor:florist#2" is a florist. */
const PEOPLE: { readonly [ref: string]: string } = {
  partner_a: 'first partner',
  partner_b: 'second partner',
  payer: 'who pays',
  planner: 'planner',
  couple: 'both',
}
export const recipientWord = (ref: string): string =>
  PEOPLE[ref] ?? (ref.split(':')[1] ?? ref).replace(/#\d+$/, '').replaceAll('_', ' ')

/** Who it went to, by the first name where they have one: "Ruby", not "first partner". */
export function recipientName(ref: string, names: string): string {
  const partner = ['partner_a', 'partner_b'].indexOf(ref)
  const name = partner < 0 ? undefined : firstNames(names).split(' & ')[partner]
  return name || capital(recipientWord(ref))
}

const CAUSES: { readonly [cause: string]: string } = {
  unresolved_field: 'A field has no value for this couple.',
  cannot_render: 'The text could not be made.',
  unsubscribed: 'They do not want to hear this any more.',
  suppressed: 'This address is not to be written to.',
  no_address: 'There is no address or number.',
  no_consent: 'They have not agreed to hear this.',
  dead_address: 'Nothing arrives at this address any more.',
  erased: 'Their data was erased.',
  breaker_open: 'The provider does not answer; it is asked again later.',
  no_postal_address: 'It advertises, and your business has no postal address yet.',
  own_mail_hour_is_full: 'Your mail server had its letters for this hour; this one goes in the next.',
  own_mail_not_set_up: 'The password of your mail server is not known.',
  timeout: 'The provider did not answer in time.',
}
/** What has no words of its own is told as it was written down. */
export function causeWords(cause: string): string {
  const back = returnedWhy(cause)
  if (back !== null) return `It came back: ${sayReturned(back)}.`
  return CAUSES[cause] ?? `${capital(cause.replaceAll('_', ' '))}.`
}
