import type { Json } from '../ids.ts'
import { evaluate } from '../journey/evaluate.ts'
import { valueAt } from '../journey/pointer.ts'
import type { LocalDate } from '../time/local.ts'
import { strangeDay } from '../wedding/believable.ts'
import { type Field, type FieldOf, type Form, fieldsOf, PEOPLE_MAX } from './form.ts'

/**
 * What somebody typed, made into answers. A question that is not shown has no answer, whatever was typed before it
 * vanished; what cannot be taken is told beside its question, and the typed words stay as they are.
 */
export type Typed = { readonly [input: string]: readonly string[] }
export type Answers = { readonly [field: string]: Json }
export type Address = { street: string; city: string; postcode?: string; country?: string }
export type NamedPerson = { name: string; note?: string; phone?: string }

export type ReadAnswers = {
  readonly answers: Answers
  /** By field: why the answer cannot be taken. */
  readonly errors: { readonly [field: string]: string }
  /** The fields that are shown, in order. */
  readonly shown: readonly Field[]
}

const SHORT_MAX = 500
const LONG_MAX = 5_000
export const ADDRESS_PARTS = ['street', 'postcode', 'city', 'country'] as const
export const PEOPLE_AT_MOST = 10

/** The inputs of a field begin with this. */
export const inputName = (field: string, part?: string): string =>
  part === undefined ? `f.${field}` : `f.${field}.${part}`

/** `whole` refuses what is required and missing; a half-filled form that is only saved is not judged by that. */
export function readAnswers(
  form: Form,
  typed: Typed,
  how: 'whole' | 'so_far' = 'whole',
  today: LocalDate | null = null,
): ReadAnswers {
  const answers: { [field: string]: Json } = {}
  const errors: { [field: string]: string } = {}
  const shown: Field[] = []
  for (const field of fieldsOf(form)) {
    if (!isShown(field, answers)) continue
    shown.push(field)
    const read = readField(field, typed, today)
    if ('error' in read) errors[field.id] = read.error
    else if (read.value !== undefined) answers[field.id] = read.value
    else if (field.required && how === 'whole') errors[field.id] = missing(field)
  }
  return { answers, errors, shown }
}

export function isShown(field: Field, answers: Answers): boolean {
  if (!field.showIf) return true
  const roots = { answers }
  return evaluate(field.showIf, {
    fact: (path) => valueAt(roots, path.split('.')) as Json | undefined,
    daysUntil: () => null,
    happened: () => 0,
  }).verdict
}

const missing = (field: Field): string =>
  ({
    short_text: 'Please write something here.',
    long_text: 'Please write something here.',
    email: 'An email address is missing.',
    phone: 'A phone number is missing.',
    number: 'A number is missing.',
    date: 'A day is missing.',
    time: 'A time is missing.',
    choice: 'Please choose one.',
    choices: 'Please choose at least one.',
    yes_no: 'Please choose yes or no.',
    address: 'An address is missing.',
    people: 'Please name at least one person.',
  })[field.kind]

type Read = { readonly value: Json | undefined } | { readonly error: string }
const nothing: Read = { value: undefined }

function readField(field: Field, typed: Typed, today: LocalDate | null): Read {
  const text = clean(typed[inputName(field.id)]?.[0] ?? '')
  switch (field.kind) {
    case 'short_text':
      return shortText(text.replace(/\s+/g, ' '), SHORT_MAX)
    case 'long_text':
      return shortText(text, LONG_MAX)
    case 'email':
      return text === '' ? nothing : readEmail(text)
    case 'phone':
      return text === '' ? nothing : readPhone(text)
    case 'number':
      return text === '' ? nothing : readNumber(field, text)
    case 'date':
      return text === '' ? nothing : readDate(field, text, today)
    case 'time':
      return text === '' ? nothing : readTime(text)
    case 'choice': {
      const chosen = field.options.find((option) => option.id === text)
      return text === '' ? nothing : chosen ? { value: chosen.id } : { error: 'Please choose one of these.' }
    }
    case 'choices': {
      const wanted = new Set(typed[inputName(field.id)])
      const chosen = field.options.filter((option) => wanted.has(option.id)).map((option) => option.id)
      return chosen.length === 0 ? nothing : { value: chosen }
    }
    case 'yes_no':
      return text === 'yes' ? { value: true } : text === 'no' ? { value: false } : nothing
    case 'address':
      return readAddress(field, typed)
    case 'people':
      return readPeople(field, typed)
  }
}

/** Words as they are kept: one kind of line break, no control characters, no blanks around. */
const clean = (text: string): string =>
  text
    .replace(/\r\n?/g, '\n')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
    .replace(/[\u0000-\u0009\u000b-\u001f\u007f]+/g, ' ')
    .trim()

function shortText(text: string, max: number): Read {
  if (text === '') return nothing
  if (text.length > max)
    return { error: `This is ${text.length} characters long; ${max} fit. Please say it shorter.` }
  return { value: text }
}

export function readEmail(text: string): Read {
  if (!text.includes('@')) return { error: 'The @ is missing: an address looks like mia@example.org.' }
  if (!/^[^\s@<>(),;:"[\]\\]{1,64}@[^\s@<>(),;:"[\]\\.]{1,63}(\.[^\s@<>(),;:"[\]\\.]{1,63})+$/.test(text))
    return { error: 'This does not look like an email address. Please check it.' }
  return { value: text }
}

const DIGITS_MIN = 8
const DIGITS_MAX = 15

export function readPhone(text: string): Read {
  if (!/^\+?[\d\s().\-/]+$/.test(text)) return { error: 'A phone number has digits only, and a + in front.' }
  const digits = text.replace(/\D/g, '').length
  if (digits < DIGITS_MIN) return { error: `Digits are missing: this number has only ${digits}.` }
  if (digits > DIGITS_MAX) return { error: `This number has ${digits} digits; ${DIGITS_MAX} are the most.` }
  return { value: text.replace(/\s+/g, ' ') }
}

function readNumber(field: FieldOf<'number'>, text: string): Read {
  // 1.5 and 1,5 are the same to whoever types them; 1.500 and 1,500 are not, and are asked about.
  if (/^-?\d{1,3}([.,']\d{3})+$/.test(text)) return { error: 'Please write the number without a separator.' }
  const number = Number(text.replace(',', '.'))
  if (!/^-?\d{1,12}([.,]\d{1,6})?$/.test(text) || !Number.isFinite(number))
    return { error: 'This is not a number.' }
  if (field.whole && !Number.isInteger(number)) return { error: 'Please write a whole number.' }
  if (field.min !== undefined && number < field.min) return { error: `At least ${field.min}.` }
  if (field.max !== undefined && number > field.max) return { error: `At most ${field.max}.` }
  return { value: number }
}

function readDate(field: FieldOf<'date'>, text: string, today: LocalDate | null): Read {
  if (!isDay(text)) return { error: 'This is not a day of the calendar. Write it as 2027-06-12.' }
  if (field.earliest && text < field.earliest) return { error: `Not before ${field.earliest}.` }
  if (field.latest && text > field.latest) return { error: `Not after ${field.latest}.` }
  // It becomes the day of their wedding.
  const isTheirs = field.writesTo !== undefined && 'wedding' in field.writesTo
  const strange = isTheirs && today !== null ? strangeDay(text, today) : null
  return strange === null ? { value: text } : { error: strange }
}

export function isDay(text: string): boolean {
  const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  if (!found) return false
  const [year, month, day] = found.slice(1).map(Number) as [number, number, number]
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate()
  return year >= 1900 && year <= 2200 && month >= 1 && month <= 12 && day >= 1 && day <= last
}

function readTime(text: string): Read {
  const found = /^(\d{1,2})[:.h](\d{2})(?::00)?$/.exec(text)
  const [hour, minute] = [Number(found?.[1]), Number(found?.[2])]
  if (!found || hour > 23 || minute > 59) return { error: 'Write the time as 14:30.' }
  return { value: `${String(hour).padStart(2, '0')}:${found[2]}` }
}

function readAddress(field: FieldOf<'address'>, typed: Typed): Read {
  const part = (name: string): string =>
    clean(typed[inputName(field.id, name)]?.[0] ?? '')
      .replace(/\s+/g, ' ')
      .slice(0, 200)
  const [street, postcode, city, country] = ADDRESS_PARTS.map(part) as [string, string, string, string]
  if (street === '' && postcode === '' && city === '' && country === '') return nothing
  if (street === '') return { error: 'The street is missing.' }
  if (city === '') return { error: 'The city is missing.' }
  const address: Address = { street, city, ...(postcode && { postcode }), ...(country && { country }) }
  return { value: address }
}

function readPeople(field: FieldOf<'people'>, typed: Typed): Read {
  const people: NamedPerson[] = []
  for (let row = 0; row < PEOPLE_MAX; row++) {
    const part = (name: string): string =>
      clean(typed[inputName(field.id, `${row}.${name}`)]?.[0] ?? '')
        .replace(/\s+/g, ' ')
        .slice(0, 200)
    const [name, note, phone] = [part('name'), part('note'), part('phone')]
    if (name === '' && note === '' && phone === '') continue
    if (name === '') return { error: `The name in row ${row + 1} is missing.` }
    if (phone !== '') {
      const read = readPhone(phone)
      if ('error' in read) return { error: `${name}: ${read.error}` }
    }
    people.push({ name, ...(note && { note }), ...(phone && { phone }) })
  }
  const most = field.atMost ?? PEOPLE_AT_MOST
  if (people.length > most) return { error: `At most ${most} people.` }
  return people.length === 0 ? nothing : { value: people as unknown as Json }
}

/** The other way: answers as they stand in the inputs, for a couple who comes back. */
export function typedFrom(form: Form, answers: Answers): Typed {
  const typed: { [input: string]: readonly string[] } = {}
  for (const field of fieldsOf(form)) {
    const value = answers[field.id]
    if (value === undefined || value === null) continue
    if (field.kind === 'address') {
      for (const part of ADDRESS_PARTS) {
        const text = (value as Partial<Address>)[part]
        if (text) typed[inputName(field.id, part)] = [text]
      }
    } else if (field.kind === 'people') {
      for (const [row, person] of (value as unknown as NamedPerson[]).entries())
        for (const [part, text] of Object.entries(person))
          typed[inputName(field.id, `${row}.${part}`)] = [text]
    } else if (field.kind === 'choices') typed[inputName(field.id)] = value as string[]
    else if (field.kind === 'yes_no') typed[inputName(field.id)] = [value === true ? 'yes' : 'no']
    else typed[inputName(field.id)] = [String(value)]
  }
  return typed
}

/** An answer in words, for a table, a letter or a thank-you page. */
export function answerInWords(field: Field, value: Json | undefined): string {
  if (value === undefined || value === null) return ''
  switch (field.kind) {
    case 'choice':
      return labelOf(field.options, value)
    case 'choices':
      return Array.isArray(value) ? value.map((one) => labelOf(field.options, one)).join(', ') : String(value)
    case 'yes_no':
      return value === true ? 'Yes' : 'No'
    case 'number':
      return field.unit ? `${value} ${field.unit}` : String(value)
    case 'address': {
      const { street, postcode, city, country } = value as Partial<Address>
      return [street, [postcode, city].filter(Boolean).join(' '), country].filter(Boolean).join(', ')
    }
    case 'people':
      return Array.isArray(value)
        ? (value as unknown as NamedPerson[])
            .map(({ name, note, phone }) => [name, note && `(${note})`, phone].filter(Boolean).join(' '))
            .join('; ')
        : String(value)
    default:
      return String(value)
  }
}

const labelOf = (options: readonly { id: string; label: string }[], value: Json): string =>
  options.find((option) => option.id === value)?.label ?? String(value)
