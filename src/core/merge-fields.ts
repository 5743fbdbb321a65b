import type { JsonObject } from './ids.ts'
import type { LocalDate } from './time/local.ts'

/**
 * What a text may name between {{ and }}. Words are filled in when a message is prepared; an example stands for
 * them in the designer. `guaranteed` fields are known of every client; all others need a fallback in the text,
 * `{{ wedding.venue | default: 'your venue' }}`, or an `if` around them.
 */
export type MergeField = {
  readonly name: string
  readonly label: string
  readonly example: string
  readonly guaranteed: boolean
}

export const MERGE_FIELDS: readonly MergeField[] = [
  { name: 'client.partner_a.first_name', label: 'First name, partner A', example: 'Anna', guaranteed: true },
  { name: 'client.partner_b.first_name', label: 'First name, partner B', example: 'Ben', guaranteed: false },
  { name: 'client.names', label: 'Both first names', example: 'Anna & Ben', guaranteed: true },
  { name: 'wedding.date', label: 'Wedding day', example: 'Saturday, 12 June 2027', guaranteed: false },
  { name: 'wedding.venue', label: 'Venue', example: 'Villa Balbiano', guaranteed: false },
  { name: 'wedding.days_left', label: 'Days until the wedding', example: '42', guaranteed: false },
  { name: 'vendor.name', label: 'Your business', example: 'Lumen Photography', guaranteed: true },
  { name: 'vendor.phone', label: 'Your phone number', example: '+44 20 7946 0018', guaranteed: false },
  { name: 'link', label: 'The link of this step', example: 'https://example.org/f/3kT9', guaranteed: false },
]

/** Families of fields a vendor makes up: links to their own pages, answers to forms, custom fields of a client. */
const FAMILIES = [
  /^links\.[A-Za-z0-9_-]{1,60}$/,
  /^answers\.[A-Za-z0-9_-]{1,60}\.[A-Za-z0-9_-]{1,60}$/,
  /^client\.fields\.[A-Za-z0-9_-]{1,60}$/,
] as const

const STANDARD = new Set(MERGE_FIELDS.map((field) => field.name))
export const GUARANTEED_FIELDS: ReadonlySet<string> = new Set(
  MERGE_FIELDS.filter((field) => field.guaranteed).map((field) => field.name),
)

/** A link is the vendor's own setting: a letter with one that is not set stops and asks, so its text needs no fallback. */
export const isGuaranteed = (name: string): boolean =>
  GUARANTEED_FIELDS.has(name) || name.startsWith('links.')

export const isMergeField = (name: string): boolean =>
  STANDARD.has(name) || FAMILIES.some((family) => family.test(name))

/** The examples as facts, for a preview without a client. */
export function exampleFacts(): JsonObject {
  const facts: Record<string, unknown> = {}
  for (const { name, example } of MERGE_FIELDS) {
    const path = name.split('.')
    const last = path.pop() ?? name
    let at = facts
    for (const part of path) {
      at[part] ??= {}
      at = at[part] as Record<string, unknown>
    }
    at[last] = example
  }
  return facts as JsonObject
}

/** A day in words of a language, "Saturday, 12 June 2027": texts never format dates themselves. */
export function dayInWords(day: LocalDate, language: string): string {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number]
  return wordsOf(language).format(Date.UTC(year, month - 1, date))
}

// Making one takes as long as a hundred uses of it, and every letter names a day.
const LANGUAGES_KEPT_MAX = 200
const kept = new Map<string, Intl.DateTimeFormat>()

function wordsOf(language: string): Intl.DateTimeFormat {
  const known = kept.get(language)
  if (known) return known
  const made = new Intl.DateTimeFormat(language, { dateStyle: 'full', timeZone: 'UTC' })
  if (kept.size >= LANGUAGES_KEPT_MAX) kept.clear()
  kept.set(language, made)
  return made
}
