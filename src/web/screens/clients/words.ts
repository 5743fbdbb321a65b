import type { Status } from '../../../ui/status.ts'
import { capital } from '../../times.ts'

/** How a couple is told: stages, dates and people as a vendor says them. */
const STAGES = ['inquiry', 'booked', 'planning', 'after', 'lost'] as const

/** A tag as people read it: "engagement_session" is an engagement session. */
export const tagWord = (tag: string): string => tag.replaceAll('_', ' ')

const regions = new Intl.DisplayNames([navigator.language, 'en'], { type: 'region', fallback: 'code' })
/** "PT" is Portugal; a part of a country is named by the country and its own sign. */
export function regionName(region: string): string {
  const [country = '', part] = region.split('-')
  const name = /^[A-Z]{2}$/.test(country) ? (regions.of(country) ?? country) : country
  return part ? `${name}, ${part}` : name
}

export const stageWord = (stage: string): string => capital(stage.replaceAll('_', ' '))

/** The usual stages in their order, then whatever else is in use here. */
export const stageChoices = (inUse: readonly (string | undefined)[]) =>
  [...new Set([...STAGES, ...inUse.filter((one) => one !== undefined).sort()])].map((value) => ({
    value,
    label: stageWord(value),
  }))

/** `pill` where the kit has a sign for it; "held" of a date is a promise, not a hand on an automation. */
export const DATE_STATUS: {
  readonly [status: string]: { readonly word: string; readonly pill: Status }
} = {
  confirmed: { word: 'Confirmed', pill: 'done' },
  held: { word: 'Held for them', pill: 'held' },
  moved: { word: 'Moved', pill: 'moved' },
  to_be_confirmed: { word: 'To be confirmed', pill: 'waiting' },
  cancelled: { word: 'Cancelled', pill: 'cancelled' },
}

const ROLES: { readonly [ref: string]: string } = {
  partner_a: 'Partner',
  partner_b: 'Partner',
  payer: 'Pays',
  planner: 'Planner',
}
/** "vendor:florist#2" is a florist. */
export const roleOfPerson = (ref: string): string =>
  ROLES[ref] ?? capital((ref.split(':')[1] ?? ref).replace(/#\d+$/, '').replaceAll('_', ' '))

type Named = { readonly people: readonly { readonly ref: string; readonly name: string }[] }
export const partnersOf = ({ people }: Named): readonly string[] =>
  people.filter(({ ref }) => ref.startsWith('partner_')).map(({ name }) => name)

/** "Mia & Jonas": how one speaks of them. */
export function shortName(client: Named & { readonly name: string }): string {
  const partners = partnersOf(client)
  return partners.length > 0 ? partners.map((name) => name.split(/\s+/)[0]).join(' & ') : client.name
}

const PHONE = /^\+?[0-9 ()./-]{5,30}$/
export const phoneProblem = (text: string): string | null =>
  text.trim() === '' || PHONE.test(text.trim())
    ? null
    : 'This is not a phone number, such as +44 20 7946 0018.'

export const tagsOf = (text: string): string[] => [
  ...new Set(
    text
      .split(',')
      .map((tag) => tag.trim())
      .filter(Boolean),
  ),
]

/** "how_we_met" as people read it, and the other way round. */
export const factWord = (name: string): string => {
  const word = name.replaceAll('_', ' ')
  return word.slice(0, 1).toLocaleUpperCase() + word.slice(1)
}
export function factName(typed: string): string | null {
  const name = typed
    .trim()
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[^a-z]+|_+$/g, '')
    .slice(0, 50)
  return name === '' ? null : name
}

/** Whatever was answered, in words: several things with commas between. */
export function sayFact(value: unknown): string {
  if (value === true) return 'yes'
  if (value === false) return 'no'
  if (Array.isArray(value)) return value.map(sayFact).join(', ')
  if (typeof value === 'object' && value !== null) return Object.values(value).map(sayFact).join(', ')
  return String(value ?? '')
}

/** By which a couple who is being taken out is hidden from the list. */
export const goneId = (client: string): string => `gone ${client}`

/** "an answered form does not come in time (Questionnaire back)": the words before the name of the step, each once. */
export const tellAssumed = (assumes: readonly string[]): string =>
  assumes.length === 0
    ? ''
    : `if ${[...new Set(assumes.map((one) => one.replace(/ \((?:[^()]|\([^()]*\))*\)$/, '')))].join(' and ')}`
