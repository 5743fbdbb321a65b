import type { Amount, SingleWaitRule, WaitRule, WhoseZone } from '../wedding/wait-rule.ts'

/**
 * A wait as a person says it, and back: "14 days before wedding at 09:00 venue time". The same words are shown
 * beside every rule, typed into the builder and read in a diff, so there is one grammar and it goes both ways.
 */

const UNITS = [
  ['years', 'year'],
  ['months', 'month'],
  ['weeks', 'week'],
  ['days', 'day'],
  ['businessDays', 'business day'],
  ['hours', 'hour'],
  ['minutes', 'minute'],
] as const satisfies readonly (readonly [keyof Amount, string])[]

const KNOWN_ANCHORS = ['wedding', 'booking', 'inquiry', 'first payment', 'gallery published'] as const

type UnitWord = (typeof UNITS)[number][1]
type Span = `${number} ${UnitWord}` | `${number} ${UnitWord}s`
type AnchorWord = (typeof KNOWN_ANCHORS)[number] | `${'due' | 'meeting' | 'custom'}:${string}`
type Moment =
  | Span
  | `${Span} ${'before' | 'after'} ${AnchorWord}`
  | `first business day after ${AnchorWord}`
  | `on ${number}-${number}-${number}`
  | `next ${number}:${number}`
/** The phrases an editor can complete and a compiler can refuse; `parsePhrase` reads some more. */
export type Phrase =
  | Moment
  | `${Moment} at ${string}`
  | `${Moment} in ${string}`
  | `next ${string}`
  | `every ${Span}${string}`

/** As it is written into a rule, and read again. */
export const phraseOf = (rule: WaitRule): string => worded(rule, WRITTEN)

/** The same within a sentence: "14 days before the wedding at 09:00", "3 days after the deposit is due". */
export const tellWait = (rule: WaitRule): string => worded(rule, SPOKEN)

/** How a length of time hangs on a date of theirs. */
type Wording = (span: Amount, side: 'before' | 'after', anchor: string) => string

const WRITTEN: Wording = (span, side, anchor) => `${amountPhrase(span)} ${side} ${anchorWord(anchor)}`

const SPOKEN: Wording = (span, side, anchor) => {
  const [kind = '', name] = anchor.split(':')
  const of = `the ${(name ?? kind).replaceAll('_', ' ')}`
  if (kind === 'due')
    return isThatDay(span) ? `the day ${of} is due` : `${amountPhrase(span)} ${side} ${of} is due`
  return isThatDay(span) ? `the day of ${of}` : `${amountPhrase(span)} ${side} ${of}`
}

function worded(rule: WaitRule, hung: Wording): string {
  if ('next' in rule)
    return `next ${rule.next}${rule.zone === undefined ? '' : ` ${zoneWord(rule.zone)} time`}`
  const clock = clockPhrase(rule.at, rule.zone)
  if ('on' in rule) return `on ${rule.on}${clock}`
  if ('before' in rule) return `${hung(rule.before, 'before', rule.of)}${clock}`
  if ('every' in rule) {
    const until = rule.until ? ` until ${hung(rule.until.before, 'before', rule.until.of)}` : ''
    return `every ${amountPhrase(rule.every)}${until}${clock}, at most ${times(rule.timesMax)}`
  }
  if (rule.of === undefined) return `${amountPhrase(rule.after)}${clock}`
  if (rule.of === 'now') return `${amountPhrase(rule.after)} from now${clock}`
  return `${hung(rule.after, 'after', rule.of)}${clock}`
}

const isThatDay = (span: Amount): boolean =>
  UNITS.every(([unit]) => (unit === 'days' ? span.days === 0 : span[unit] === undefined))

const times = (count: number): string => `${count} ${count === 1 ? 'time' : 'times'}`

function amountPhrase(amount: Amount): string {
  return UNITS.flatMap(([key, word]) => {
    const count = amount[key]
    return count === undefined ? [] : [`${count} ${word}${count === 1 ? '' : 's'}`]
  }).join(' and ')
}

const anchorWord = (anchor: string): string => (anchor.includes(':') ? anchor : anchor.replaceAll('_', ' '))
const zoneWord = (zone: WhoseZone): string => (typeof zone === 'string' ? zone : zone.fixed)

function clockPhrase(at: string | undefined, zone: WhoseZone | undefined): string {
  const whose = zone === undefined ? '' : ` ${zoneWord(zone)} time`
  if (at !== undefined) return ` at ${at}${whose}`
  return zone === undefined ? '' : ` in${whose}`
}

export type PhraseRead =
  | { readonly ok: true; readonly rule: WaitRule }
  | { readonly ok: false; readonly problem: string }

/** How often an `every` goes round when nobody says: enough for weekly letters over a long engagement. */
export const TIMES_MAX_UNSAID = 100

export function parsePhrase(text: string): PhraseRead {
  try {
    return { ok: true, rule: read(text.trim().replace(/\s+/g, ' ')) }
  } catch (error) {
    if (error instanceof Unread) return { ok: false, problem: error.message }
    throw error
  }
}

class Unread extends Error {}

const TIME = '(?:[01]\\d|2[0-3]):[0-5]\\d'
const NEXT = new RegExp(`^(?:at )?(?:the )?next (${TIME})(?: (\\S+) time)?$`)
const LOCAL = new RegExp(`^at the (venue|vendor|couple)(?:'s)? local (${TIME})$`)
const CLOCK = new RegExp(`^(.*?)(?: at (${TIME})(?: (\\S+) time)?| in (\\S+) time)$`)

function read(text: string): WaitRule {
  const local = LOCAL.exec(text)
  if (local) return { next: local[2]!, zone: local[1] as 'venue' }
  const next = NEXT.exec(text)
  if (next) return { next: next[1]!, ...zonePart(next[2]) }
  const bound = /^(.*?),? at most (\d+) times?$/.exec(text)
  const [rest, clock] = readClock(bound?.[1] ?? text)
  const every = /^every (.+?)(?: until (.+) before (.+))?$/.exec(rest)
  if (every) {
    const until = every[2] ? { until: { before: amount(every[2]), of: anchor(every[3]!) } } : {}
    const timesMax = bound ? Number(bound[2]) : TIMES_MAX_UNSAID
    return { every: amount(every[1]!), ...until, timesMax, ...clock }
  }
  if (bound) throw new Unread(`"${text}": only "every …" takes place several times.`)
  return { ...moment(rest), ...clock }
}

function readClock(text: string): [rest: string, clock: { at?: string; zone?: WhoseZone }] {
  const found = CLOCK.exec(text)
  if (!found) return [text, {}]
  const [, rest = '', at, zone, alone] = found
  return [rest, { ...(at !== undefined && { at }), ...zonePart(zone ?? alone) }]
}

function zonePart(word: string | undefined): { zone?: WhoseZone } {
  if (word === undefined) return {}
  return { zone: word === 'venue' || word === 'vendor' || word === 'couple' ? word : { fixed: word } }
}

function moment(text: string): SingleWaitRule {
  const on = /^on (\d{4}-\d{2}-\d{2})$/.exec(text)
  if (on) return { on: on[1]! }
  const hung = /^(.+?) (before|after) (.+)$/.exec(text)
  if (!hung) {
    const fromNow = /^(?:in |after )?(.*?)( from now)?$/.exec(text)!
    return { after: amount(fromNow[1]!), ...(fromNow[2] && { of: 'now' as const }) }
  }
  const [, span = '', side, name = ''] = hung
  return side === 'before'
    ? { before: amount(span), of: anchor(name) }
    : { after: amount(span), of: anchor(name) }
}

function anchor(words: string): string {
  const name = words.replace(/^the /, '').replaceAll(' ', '_')
  if (/^(due|meeting|custom):[a-z0-9_]{1,60}$/.test(name)) return name
  const known = KNOWN_ANCHORS.find((one) => one.replaceAll(' ', '_') === name)
  if (known) return name
  throw new Unread(
    `"${words}" is no date to hang on. Known are ${KNOWN_ANCHORS.join(', ')}, due:…, meeting:… and custom:….`,
  )
}

function amount(text: string): Amount {
  const parts: Amount = {}
  for (const part of text.split(/, (?:and )?| and /)) {
    const found = /^(?:(\d{1,7})|(the first|first|the|an?|one)) (business day|[a-z]+?)s?$/.exec(part)
    const unit = UNITS.find(([, word]) => word === found?.[3])
    if (!found || !unit) {
      throw new Unread(
        `"${part}" is no length of time. Write it like "14 days", "2 business days" or "1 month".`,
      )
    }
    if (parts[unit[0]] !== undefined) throw new Unread(`"${text}" names ${unit[1]}s twice.`)
    parts[unit[0]] = found[1] === undefined ? 1 : Number(found[1])
  }
  return parts
}
