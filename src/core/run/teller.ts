import type { Json } from '../ids.ts'
import type { Reason } from '../journey/evaluate.ts'
import { tellWait } from '../journey/phrase.ts'
import { type Instant, instantFrom } from '../time/instant.ts'
import type { LocalDate, Zone } from '../time/local.ts'
import { tellDay, tellMoment } from '../time/spoken.ts'
import { localDateOf } from '../time/zone.ts'
import { type WaitRule, waitRuleSchema } from '../wedding/wait-rule.ts'

/**
 * How values become words: a moment with its place, a person by name where the caller knows one, an event and
 * a rule as people say them. The core knows no names; whoever shows a sentence brings them.
 */
export type Teller = {
  readonly zone: Zone
  /** The reader's now: a year that is this year's is not said. */
  readonly now: Instant
  readonly names?: { readonly [ref: string]: string }
}

export const tellAt = (at: Instant, { zone, now }: Teller): string => {
  const told = tellMoment(at, zone)
  const thisYear = localDateOf(now, zone).slice(0, 4)
  return told.replace(` ${thisYear} `, ' ')
}

/** A value that is an ISO instant, a day, or a recorded number of milliseconds; "an unknown day" when it is none. */
export function tellWhen(value: Json | undefined, teller: Teller): string {
  if (typeof value === 'number') return tellAt(value as Instant, teller)
  if (typeof value !== 'string') return 'a day that is not known yet'
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return tellDay(value as LocalDate)
  return /^\d{4}-\d{2}-\d{2}T/.test(value) ? tellAt(instantFrom(value), teller) : value
}

const HOUSE_NAMES: { readonly [ref: string]: string } = {
  partner_a: 'the first partner',
  partner_b: 'the second partner',
  payer: 'whoever pays',
  planner: 'the planner',
  house: 'your own systems',
}

export function tellPerson(ref: Json | undefined, { names }: Teller): string {
  if (typeof ref !== 'string') return 'the couple'
  const known = names?.[ref] ?? HOUSE_NAMES[ref]
  if (known !== undefined) return known
  const [kind, name = ''] = ref.split(':')
  if (kind === 'guest') return 'a guest'
  return `the ${name.split('#')[0]!.replaceAll('_', ' ')}`
}

export function tellPeople(refs: readonly string[], teller: Teller): string {
  const couple = refs.includes('partner_a') && refs.includes('partner_b')
  const said =
    couple && teller.names === undefined
      ? ['both partners', ...rest(refs, teller)]
      : refs.map((ref) => tellPerson(ref, teller))
  if (said.length === 0) return 'the couple'
  return said.length === 1 ? said[0]! : `${said.slice(0, -1).join(', ')} and ${said.at(-1)}`
}

const rest = (refs: readonly string[], teller: Teller): string[] =>
  refs.filter((ref) => !ref.startsWith('partner_')).map((ref) => tellPerson(ref, teller))

const EVENTS: { readonly [type: string]: string } = {
  form_submitted: 'an answered form',
  contract_signed: 'a signed contract',
  payment_received: 'a payment',
  meeting_booked: 'a booked meeting',
  meeting_held: 'a meeting that took place',
  meeting_cancelled: 'a cancelled meeting',
  review_received: 'a review',
  reply_received: 'a reply',
  message_bounced: 'a letter that came back',
  message_complained: 'a complaint',
  auto_reply_received: 'an automatic reply',
  inquiry_received: 'an inquiry',
  referral_received: 'a referral',
  wedding_date_changed: 'a change of the wedding date',
  tag_changed: 'a change of tags',
  stage_changed: 'a change of stage',
  custom_event: 'news from your own systems',
}

export const tellEvent = (type: Json | undefined): string =>
  typeof type === 'string' ? (EVENTS[type] ?? `the event "${type.replaceAll('_', ' ')}"`) : 'something'

export const tellAnchor = (name: Json | undefined): string => {
  if (typeof name !== 'string') return 'a date'
  const [kind, own] = name.split(':')
  if (own === undefined) return `the ${name.replaceAll('_', ' ')}`
  return kind === 'due' ? `the day the ${own.replaceAll('_', ' ')} is due` : `the ${own.replaceAll('_', ' ')}`
}

/** The same rule is told at every step it hangs on; a forecast hands it on as it stands in the journey. */
const RULES_TOLD = new WeakMap<object, string | null>()

export function tellRule(rule: Json | undefined): string | null {
  if (typeof rule !== 'object' || rule === null) return null
  let told = RULES_TOLD.get(rule)
  if (told === undefined) {
    const read = waitRuleSchema.safeParse(rule)
    told = read.success ? tellWait(read.data as WaitRule) : null
    RULES_TOLD.set(rule, told)
  }
  return told
}

const COMPARED: { readonly [is: string]: readonly [holds: string, fails: string] } = {
  equal: ['is', 'is not'],
  not_equal: ['is not', 'is'],
  less: ['is less than', 'is not less than'],
  at_most: ['is at most', 'is more than'],
  more: ['is more than', 'is not more than'],
  at_least: ['is at least', 'is less than'],
  one_of: ['is among', 'is not among'],
  none_of: ['is none of', 'is one of'],
  contains: ['include', 'do not include'],
  lacks: ['do not include', 'include'],
  starts_with: ['begins with', 'does not begin with'],
  known: ['is known', 'is not known'],
  missing: ['is not known', 'is known'],
}

/** "the tags do not include engagement session": what decided, as it stood. */
export function tellReason(reason: Reason): string {
  const [holds, fails] = COMPARED[reason.is] ?? ['is', 'is not']
  if (reason.happened !== undefined)
    return `${tellEvent(reason.happened)} ${reason.holds ? 'has come' : 'has not come'}`
  const what =
    reason.fact === undefined
      ? `the number of days until ${tellAnchor(reason.daysUntil)}`
      : tellFact(reason.fact)
  if (reason.because === 'missing')
    return `${what} ${reason.is === 'contains' || reason.is === 'lacks' ? 'are' : 'is'} not known`
  const want = reason.want === undefined ? '' : ` ${tellValue(reason.want)}`
  // What may be personal is named, never compared aloud.
  if (want === '' && reason.is !== 'known' && reason.is !== 'missing')
    return `${what} ${reason.holds ? 'fits' : 'does not fit'}`
  return `${what} ${reason.holds ? holds : fails}${want}`
}

const FACTS: { readonly [path: string]: string } = {
  'client.stage': 'the stage',
  'client.tags': 'the tags',
  'client.language': 'the language',
  'wedding.status': 'the state of the date',
  'wedding.guests': 'the number of guests',
  'wedding.region': 'the region of the wedding',
  'vendor.type': 'your trade',
}

function tellFact(path: string): string {
  const known = FACTS[path]
  if (known !== undefined) return known
  const last = path.slice(path.lastIndexOf('.') + 1).replaceAll('_', ' ')
  return path.startsWith('answers.') ? `the answer to "${last}"` : `"${last}"`
}

const tellValue = (value: Json): string => {
  if (typeof value === 'string') return value.replaceAll('_', ' ')
  return Array.isArray(value) ? value.map((one) => tellValue(one as Json)).join(', ') : String(value)
}

/** All reasons of a decision in one breath; an `otherwise` carries a list for each case. */
export function tellReasons(why: Json | undefined): string {
  if (!Array.isArray(why)) return ''
  const reasons = (why as readonly Json[]).flat() as unknown as readonly Reason[]
  return reasons.map(tellReason).join(' and ')
}
