import { z } from 'zod'
import type { Json, JsonObject } from './ids.ts'

/**
 * What becomes of a call of another system: which event it is, whom it is about, and which of its fields are taken.
 * Pure, so that the app shows with an example what the house will read.
 */
const PATH_CHARS_MAX = 200
export const FIELDS_MAX = 20
/** A fact that conditions ask for is short; what is longer is kept with the words, sealed. */
const FACT_CHARS_MAX = 500

/** Where a value stands: keys with dots between them, `items.0.amount`. */
const path = z
  .string()
  .trim()
  .min(1)
  .max(PATH_CHARS_MAX)
  .regex(/^[^.\s]+(\.[^.\s]+)*$/, 'keys with dots between them, such as data.customer.email')
const fieldName = z.string().regex(/^[a-z][a-z0-9_]{0,59}$/, 'a name of small letters, digits and _')

export const becomesSchema = z.strictObject({
  type: fieldName.describe('The event that each call becomes.'),
  event: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .nullable()
    .default(null)
    .describe('The name of a custom event; null for the others.'),
  couple: z
    .strictObject({
      by: z
        .enum(['email', 'external', 'client'])
        .describe('By an email address, by an id of the other system, or by our own id of the couple.'),
      at: path.describe('Where it stands in the body: keys with dots between them.'),
      system: fieldName
        .nullable()
        .default(null)
        .describe(
          'Whose ids they are: addresses that name one system know each other’s couples. Null: those of this address alone, because customer 7 of a shop is not customer 7 of a booking tool.',
        ),
    })
    .describe('How the couple is found.'),
  add: z
    .strictObject({
      name: path,
      email: path.nullable().default(null),
      phone: path.nullable().default(null),
      wedding: path.nullable().default(null).describe('The day, as 2027-06-12.'),
    })
    .nullable()
    .default(null)
    .describe('Where a couple that is not known yet is read from; null: somebody unknown is refused.'),
  fields: z
    .array(
      z.strictObject({
        name: fieldName,
        at: path,
        sealed: z
          .boolean()
          .default(true)
          .describe('Kept sealed, for people to read; otherwise conditions may ask for it.'),
      }),
    )
    .max(FIELDS_MAX)
    .default([])
    .refine((fields) => new Set(fields.map(({ name }) => name)).size === fields.length, {
      message: 'Each field has a name of its own: two here have the same.',
    }),
})
export type Becomes = z.output<typeof becomesSchema>

export type NewPersonRead = {
  /** Empty where there was none. */
  readonly name: string
  readonly email: string | null
  readonly phone: string | null
  readonly wedding: string | null
}
export type CallRead = {
  readonly whom: { readonly by: Becomes['couple']['by']; readonly value: string }
  /** Null where unknown couples are refused. */
  readonly add: NewPersonRead | null
  readonly data: JsonObject
  readonly personal: JsonObject
}
/** Why a call that is proven is not taken; with the field it is about. */
export type CallRefused = { readonly why: CallRefusal; readonly field: string | null }
export type CallRefusal = (typeof CALL_REFUSALS)[number]
export const CALL_REFUSALS = [
  'signature',
  'stale',
  'paused',
  'address_not_allowed',
  'unreadable',
  'couple_missing',
  'couple_unreadable',
  'couple_unknown',
  'couple_ambiguous',
  'name_missing',
  'day_strange',
] as const

export function tellCallRefusal(why: CallRefusal, field: string | null): string {
  switch (why) {
    case 'signature':
      return 'Its signature does not fit.'
    case 'stale':
      return 'It was signed more than five minutes before it came, or the clock of its sender is wrong.'
    case 'paused':
      return 'The address was paused.'
    case 'address_not_allowed':
      return 'It came from a network that is not on the list.'
    case 'unreadable':
      return 'Its body is not JSON with fields.'
    case 'couple_missing':
      return `The couple is looked for at “${field}”, and nothing stands there.`
    case 'couple_unreadable':
      return `What stands at “${field}” is not what a couple is found by.`
    case 'couple_unknown':
      return 'Nobody here is known by what it says.'
    case 'couple_ambiguous':
      return 'More than one couple has this email address.'
    case 'day_strange':
      return 'The moment it names is many years away: is the year right?'
    case 'name_missing':
      return `A new couple needs a name, and nothing stands at “${field}”.`
  }
}

const refused = (why: CallRefusal, field: string | null): { readonly refused: CallRefused } => ({
  refused: { why, field },
})
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const DAY = /^\d{4}-\d{2}-\d{2}/
const PHONE = /^\+?[0-9 ()./-]{5,30}$/
const WORTH = {
  email: (text: string) => text.length <= 254 && EMAIL.test(text),
  external: (text: string) => text.length <= 200,
  client: (text: string) => UUID.test(text),
} as const

export function readCall(
  becomes: Becomes,
  body: unknown,
): { readonly read: CallRead } | { readonly refused: CallRefused } {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return refused('unreadable', null)
  const { by, at } = becomes.couple
  const value = textAt(body, at)
  if (value === null) return refused('couple_missing', at)
  if (!WORTH[by](value)) return refused('couple_unreadable', at)
  const add = becomes.add && newPerson(becomes.add, body, by === 'email' ? value : null)
  const found = becomes.fields.flatMap((field) => {
    const there = valueAt(body, field.at)
    return there === undefined ? [] : [{ ...field, there }]
  })
  const isFact = ({ sealed, there }: (typeof found)[number]): boolean =>
    !sealed && (typeof there === 'string' ? there.length <= FACT_CHARS_MAX : typeof there !== 'object')
  const facts = found.filter(isFact)
  const words = found.filter((one) => !facts.includes(one))
  return {
    read: {
      whom: { by, value },
      add,
      data: {
        ...Object.fromEntries(facts.map(({ name, there }) => [name, there])),
        ...(becomes.event !== null && { name: becomes.event }),
      },
      personal: Object.fromEntries(words.map(({ name, there }) => [name, there])),
    },
  }
}

function newPerson(add: NonNullable<Becomes['add']>, body: object, known: string | null): NewPersonRead {
  const worthy = (at: string | null, worth: (text: string) => boolean): string | null => {
    const text = at === null ? null : textAt(body, at)
    return text !== null && worth(text) ? text : null
  }
  return {
    name: (textAt(body, add.name) ?? '').slice(0, 200),
    email: worthy(add.email, WORTH.email) ?? known,
    phone: worthy(add.phone, (text) => PHONE.test(text)),
    wedding: worthy(add.wedding, isDay)?.slice(0, 10) ?? null,
  }
}

const isDay = (text: string): boolean => {
  const day = text.slice(0, 10)
  return DAY.test(text) && !Number.isNaN(Date.parse(day)) && new Date(day).toISOString().startsWith(day)
}

/** What stands there, if anything does: own keys alone, so that no call reaches what every object has. */
export function valueAt(body: unknown, at: string): Json | undefined {
  let here: unknown = body
  for (const key of at.split('.')) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, key)) return undefined
    here = (here as Record<string, unknown>)[key]
  }
  return here as Json
}

function textAt(body: unknown, at: string): string | null {
  const there = valueAt(body, at)
  const text = typeof there === 'string' ? there.trim() : typeof there === 'number' ? String(there) : ''
  return text === '' ? null : text
}
