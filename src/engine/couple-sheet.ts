import { z } from 'zod'
import { type Cell, csvProblem, plainCell, type Row, type Sheet } from '../core/csv.ts'
import { LANGUAGE, parseRegion } from '../core/names.ts'
import type { Problem } from '../core/problem.ts'
import { parseLocalDate, parseLocalTime } from '../core/time/calendar.ts'
import type { LocalDate } from '../core/time/local.ts'
import { parseZone } from '../core/time/zone.ts'
import { strangeDay } from '../core/wedding/believable.ts'
import type { NewCouple } from './clients.ts'

/** How a table's columns become couples. Names of columns are met where they are; every bad cell is named and located. */
const COLUMNS = {
  partner_a: [
    'name',
    'partner',
    'partner 1',
    'partner a',
    'client',
    'client name',
    'full name',
    'bride',
    'contact',
    'couple',
  ],
  partner_a_first: ['first name', 'firstname', 'given name'],
  partner_a_last: ['last name', 'lastname', 'surname', 'family name'],
  email: [
    'email',
    'e mail',
    'mail',
    'email address',
    'e mail address',
    'partner 1 email',
    'partner a email',
    'client email',
  ],
  phone: [
    'phone',
    'telephone',
    'tel',
    'mobile',
    'cell',
    'phone number',
    'partner 1 phone',
    'partner a phone',
  ],
  partner_b: [
    'partner',
    'partner 2',
    'partner b',
    'second partner',
    'spouse',
    'groom',
    'fiance',
    'partner name',
  ],
  partner_b_email: ['email 2', 'partner 2 email', 'partner b email', 'second email', 'groom email'],
  partner_b_phone: ['phone 2', 'partner 2 phone', 'partner b phone', 'second phone', 'groom phone'],
  wedding: ['wedding', 'wedding date', 'date', 'event date', 'date of wedding', 'big day', 'wedding day'],
  time: ['time', 'ceremony', 'ceremony time', 'wedding time', 'start time'],
  zone: ['zone', 'time zone', 'timezone', 'wedding zone', 'venue zone'],
  region: ['region', 'country', 'country code', 'wedding country'],
  guests: ['guests', 'guest count', 'number of guests', 'headcount', 'guest number'],
  stage: ['stage', 'status', 'pipeline', 'lead status'],
  tags: ['tags', 'labels', 'tag'],
  language: ['language', 'locale', 'lang'],
  reference: ['id', 'reference', 'external id', 'client id', 'crm id', 'key'],
} as const
export type ColumnName = keyof typeof COLUMNS
export const COLUMN_NAMES = Object.keys(COLUMNS) as ColumnName[]

export type DateOrder = 'dmy' | 'mdy'
export type Mapping = {
  readonly of: ReadonlyMap<number, ColumnName | `field:${string}`>
  readonly ignored: readonly string[]
}
export type CoupleRow = {
  readonly line: number
  readonly reference: string
  readonly couple: NewCouple
  readonly emails: readonly Cell[]
}
export type CouplesRead = { readonly rows: readonly CoupleRow[]; readonly problems: readonly Problem[] }

const headerKey = (text: string): string =>
  text
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()
const FIELD = /^field:[a-z][a-z0-9_]{0,59}$/

/** A word that can mean two things means the one that is not taken: beside a name, "partner" is the other. */
function guessed(name: string, taken: readonly string[]): ColumnName | undefined {
  const meanings = COLUMN_NAMES.filter(
    (one) => headerKey(one) === name || (COLUMNS[one] as readonly string[]).includes(name),
  )
  return meanings.find((one) => !taken.includes(one)) ?? meanings[0]
}

/** Which column means what: as told, else by its name. What means nothing is named, so that it is not lost unseen. */
export function mapColumns(
  sheet: Sheet,
  told: { readonly [column: string]: string },
): { mapping: Mapping; problems: Problem[] } {
  const problems: Problem[] = []
  const of = new Map<number, ColumnName | `field:${string}`>()
  const ignored: string[] = []
  const tell = (cell: Cell, message: string): void =>
    void problems.push(csvProblem('column', cell.line, cell.column, message))
  const asked = new Map(Object.entries(told).map(([column, meaning]) => [headerKey(column), meaning]))
  for (const [index, cell] of sheet.header.cells.entries()) {
    const name = headerKey(cell.text)
    const meaning = asked.get(name) ?? guessed(name, [...of.values()])
    asked.delete(name)
    if (meaning === undefined) ignored.push(cell.text)
    else if (meaning !== '-' && !COLUMN_NAMES.includes(meaning as ColumnName) && !FIELD.test(meaning))
      tell(
        cell,
        `"${meaning}" is no column of couples. There are: ${COLUMN_NAMES.join(', ')}, field:<name>, and - for none.`,
      )
    else if (meaning !== '-' && [...of.values()].includes(meaning as ColumnName))
      tell(cell, `Two columns mean ${meaning}. Say --map "${cell.text}=-" to leave this one out.`)
    else if (meaning !== '-') of.set(index, meaning as ColumnName)
  }
  const [first] = sheet.header.cells
  for (const column of asked.keys()) if (first) tell(first, `There is no column "${column}" to map.`)
  const known = [...of.values()]
  if (first && !known.includes('partner_a') && !known.includes('partner_a_first'))
    tell(first, 'No column names the couple. Say which one does: --map "My column=partner_a".')
  return { mapping: { of, ignored }, problems }
}

/** Every row as a couple, and everything that is wrong with the others. */
export function readCouples(
  sheet: Sheet,
  mapping: Mapping,
  dates: DateOrder | null,
  today: LocalDate,
): CouplesRead {
  const problems: Problem[] = []
  const rows: CoupleRow[] = []
  const lineOf = new Map<string, number>()
  for (const row of sheet.rows) {
    const wrong: Problem[] = []
    const one = coupleOf(row, mapping, { order: dates, today }, (cell, message) =>
      wrong.push(csvProblem('cell', cell.line, cell.column, message)),
    )
    for (const email of one.emails) {
      const key = plainCell(email.text).toLowerCase()
      const before = lineOf.get(key)
      if (before !== undefined && before !== row.line)
        wrong.push(
          csvProblem('double', email.line, email.column, `The address ${key} is in line ${before} already.`),
        )
      else lineOf.set(key, row.line)
    }
    if (wrong.length > 0) problems.push(...wrong)
    else rows.push(one)
  }
  return { rows, problems }
}

type Dates = { readonly order: DateOrder | null; readonly today: LocalDate }
type Tell = (cell: Cell, message: string) => void
const emailSchema = z.email().max(254)
const STAGE = /^[a-z][a-z0-9_]{0,59}$/
const NAME_MAX = 200

function coupleOf(row: Row, mapping: Mapping, dates: Dates, tell: Tell): CoupleRow {
  const cells = new Map([...mapping.of].map(([index, name]) => [name, row.cells[index]!] as const))
  const text = (name: ColumnName): string => plainCell(cells.get(name)?.text ?? '')
  /** The cell's value when it has one and it is good; what is bad is told. */
  const take = <Value>(
    name: ColumnName,
    read: (given: string) => Value | null,
    wanted: string,
  ): Value | undefined => {
    const given = text(name)
    if (given === '') return undefined
    const value = read(given)
    if (value === null) tell(cells.get(name)!, `"${given.slice(0, 60)}" is not ${wanted}.`)
    return value ?? undefined
  }
  const anyCell = row.cells[0]!
  const emails: Cell[] = []
  const person = (
    ref: 'partner_a' | 'partner_b',
    name: string,
    email: ColumnName,
    phone: ColumnName,
  ): NewCouple['people'] => {
    const address = take(
      email,
      (given) => (emailSchema.safeParse(given).success ? given : null),
      'an email address',
    )
    const number = take(
      phone,
      (given) => (/^\+?[0-9 ()./-]{5,30}$/.test(given) ? given : null),
      'a phone number',
    )
    if (address) emails.push(cells.get(email)!)
    if (name === '' && ref === 'partner_a') tell(cells.get('partner_a') ?? anyCell, 'A couple needs a name.')
    if (name.length > NAME_MAX) tell(cells.get(ref) ?? anyCell, `A name has at most ${NAME_MAX} characters.`)
    if (name === '') return []
    return [{ ref, name, ...(address ? { email: address } : {}), ...(number ? { phone: number } : {}) }]
  }
  const [first = '', second = ''] =
    text('partner_b') === '' ? text('partner_a').split(/\s+(?:&|and|und|et|e|y)\s+/i) : [text('partner_a')]
  const nameA =
    first || [text('partner_a_first'), text('partner_a_last')].filter((part) => part !== '').join(' ')
  const people = [
    ...person('partner_a', nameA, 'email', 'phone'),
    ...person('partner_b', text('partner_b') || second, 'partner_b_email', 'partner_b_phone'),
  ]
  const on = readDate(cells.get('wedding'), dates, tell)
  const at = take('time', readTime, 'a time such as 15:30')
  const zone = take('zone', (given) => parseZone(given), 'a zone such as Europe/Rome')
  const region = take(
    'region',
    (given) => parseRegion(given.toUpperCase()),
    'a country or region code such as IT or US-NY',
  )
  const guests = take(
    'guests',
    (given) => (/^\d{1,5}$/.test(given) ? Number(given) : null),
    'a number of guests',
  )
  const stage = take('stage', (given) => (STAGE.test(stageKey(given)) ? stageKey(given) : null), 'a stage')
  const language = take(
    'language',
    (given) => (LANGUAGE.test(given) ? given : null),
    'a language such as en or pt-BR',
  )
  const tags = text('tags')
    .split(/[,;|]/)
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '')
  const fields = Object.fromEntries(
    [...cells].flatMap(([name, cell]) =>
      name.startsWith('field:') && plainCell(cell.text) !== '' ? [[name.slice(6), plainCell(cell.text)]] : [],
    ),
  )
  const couple: NewCouple = {
    people,
    ...(stage ? { stage } : {}),
    ...(tags.length > 0 ? { tags: tags.slice(0, 50) } : {}),
    ...(language ? { language } : {}),
    ...(Object.keys(fields).length > 0 ? { fields } : {}),
    wedding: {
      ...(on ? { on } : {}),
      ...(at ? { at } : {}),
      ...(zone ? { zone } : {}),
      ...(region ? { region } : {}),
      ...(guests !== undefined ? { guests } : {}),
    },
  }
  return { line: row.line, reference: text('reference'), couple, emails }
}

const stageKey = (given: string): string =>
  given
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')

function readTime(given: string): string | null {
  const found = /^(\d{1,2})[:.](\d{2})(?::\d{2})?\s*(am|pm)?$/i.exec(given)
  if (!found) return null
  const [, hour = '', minute = '', half = ''] = found
  const hours = half === '' ? Number(hour) : (Number(hour) % 12) + (half.toLowerCase() === 'pm' ? 12 : 0)
  return parseLocalTime(`${String(hours).padStart(2, '0')}:${minute}`)
}

/** A date that could be two is none until somebody says which: 03/04/2027 is a wedding in March or in April. */
function readDate(cell: Cell | undefined, dates: Dates, tell: Tell): string | undefined {
  const given = plainCell(cell?.text ?? '')
  if (!cell || given === '' || /^(tbc|tbd|tba|unknown|-|n\/a)$/i.test(given)) return undefined
  const iso = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})/.exec(given)
  const other = /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4})$/.exec(given)
  const two = (part: string | undefined): string => (part ?? '').padStart(2, '0')
  let text: string | null = null
  if (iso) text = `${iso[1]}-${two(iso[2])}-${two(iso[3])}`
  else if (other) {
    const [, a = '', sign, b = '', year = ''] = other
    const order = dates.order ?? (sign === '.' || Number(a) > 12 ? 'dmy' : Number(b) > 12 ? 'mdy' : null)
    if (order === null) {
      tell(cell, `"${given}" may be two days. Say --dates dmy (day first) or --dates mdy (month first).`)
      return undefined
    }
    text = order === 'dmy' ? `${year}-${two(b)}-${two(a)}` : `${year}-${two(a)}-${two(b)}`
  }
  const date = text === null ? null : parseLocalDate(text)
  const strange = date === null ? null : strangeDay(date, dates.today)
  if (date === null) tell(cell, `"${given.slice(0, 60)}" is not a date such as 2027-06-12.`)
  else if (strange) tell(cell, strange)
  return date ?? undefined
}
