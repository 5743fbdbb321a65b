/** Something a journey waits for: what must happen, and what must be said of it to be meant. */
export type Awaited = { readonly type: string; readonly data: { readonly [fact: string]: Fact } }
type Fact = string | number | boolean

/** What the house notices by itself; telling it would not make it true. */
const NOTICED = new Set([
  'client_added',
  'form_submitted',
  'stage_changed',
  'tag_changed',
  'wedding_date_changed',
  'inbound_webhook',
  'message_bounced',
  'message_delayed',
  'message_complained',
  'auto_reply_received',
])

/** Every event that a journey's document waits for, once each. */
export function awaitedIn(document: unknown): Awaited[] {
  const found = new Map<string, Awaited>()
  const left: unknown[] = [document]
  while (left.length > 0) {
    const one = left.pop()
    if (typeof one !== 'object' || one === null) continue
    left.push(...Object.values(one))
    if (!('event' in one) || typeof one.event !== 'string' || NOTICED.has(one.event)) continue
    const awaited = { type: one.event, data: saidOf('if' in one ? one.if : undefined) }
    found.set(JSON.stringify(awaited), awaited)
  }
  return [...found.values()].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
}

/** What a pattern asks to be equal; whatever else it asks is for the journey to judge. */
function saidOf(condition: unknown): Awaited['data'] {
  if (typeof condition !== 'object' || condition === null) return {}
  if ('all' in condition && Array.isArray(condition.all))
    return Object.assign({}, ...condition.all.map((part: unknown) => saidOf(part)))
  if (!('fact' in condition && 'is' in condition && 'value' in condition)) return {}
  const { fact, is, value } = condition
  if (typeof fact !== 'string' || !fact.startsWith('event.') || is !== 'equal') return {}
  return isFact(value) ? { [fact.slice('event.'.length)]: value } : {}
}

const isFact = (value: unknown): value is Fact =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'

type Kind = {
  readonly type: string
  readonly says: string
  /** The fact by which several of a kind are told apart, and how one asks for it. */
  readonly which?: { readonly fact: string; readonly label: string; readonly hint: string }
  /** It has a moment of its own, which journeys can hang on. */
  readonly when?: true
}
const MEETING = {
  fact: 'meeting',
  label: 'Which meeting?',
  hint: 'As your journeys name it, such as discovery_call.',
}
export const KINDS: readonly Kind[] = [
  { type: 'contract_signed', says: 'They have signed the contract' },
  {
    type: 'payment_received',
    says: 'They have paid',
    which: {
      fact: 'instalment',
      label: 'Which payment?',
      hint: 'As your journeys name it, such as balance.',
    },
  },
  { type: 'reply_received', says: 'They have answered you' },
  { type: 'meeting_booked', says: 'A meeting is booked', which: MEETING, when: true },
  { type: 'meeting_held', says: 'A meeting was held', which: MEETING },
  { type: 'meeting_cancelled', says: 'A meeting is called off', which: MEETING },
  { type: 'gallery_published', says: 'Their gallery is published' },
  { type: 'review_received', says: 'They have written a review' },
  { type: 'referral_received', says: 'They have sent you somebody' },
  { type: 'inquiry_received', says: 'They have asked for you' },
  {
    type: 'custom_event',
    says: 'Something else',
    which: { fact: 'name', label: 'What?', hint: 'By the name your journeys know it by.' },
  },
]

const spaced = (text: string): string => text.replaceAll('_', ' ')

/** An awaited event as a person would say it: "They have paid: balance". */
export function sayAwaited({ type, data }: Awaited): string {
  const says = KINDS.find((kind) => kind.type === type)?.says ?? capital(spaced(type))
  const facts = Object.values(data).map((value) => spaced(String(value)))
  return facts.length > 0 ? `${says}: ${facts.join(', ')}` : says
}
const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1)
