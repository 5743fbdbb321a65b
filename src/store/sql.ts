import { createHash } from 'node:crypto'
import type { Instant } from '../core/time/instant.ts'
import { arrayBytes, type ElementType, elementTypeOf } from './array-bytes.ts'
import { isMoment } from './storable.ts'

/**
 * What every driver shares about statements: a tagged template becomes text with `$n`, a name to prepare it by
 * and values in PostgreSQL's text form. Values are written here and nowhere else, so that PGlite and a server
 * receive the same bytes; rows are read in row-types.ts. No query is built here: text stays text.
 */

/** What travels as one parameter: text, raw bytes (bytea), or NULL. */
export type Wire = string | Uint8Array | null

export type Statement = { readonly text: string; readonly name: string; readonly values: Wire[] }

type Prepared = {
  readonly text: string
  readonly name: string
  /** Element types of parameters that are cast to an array; null for all others. */
  readonly arrays: readonly (ElementType | null)[]
}

/** Arrays go to a server as bytes. As text they go to whoever only takes text. */
export type Form = 'bytes' | 'text'

// A call site has one TemplateStringsArray for ever, so its text is joined and hashed once.
const preparedOf = new WeakMap<TemplateStringsArray, Prepared>()

export function statement(strings: TemplateStringsArray, values: readonly unknown[], form: Form): Statement {
  const { text, name, arrays } = prepared(strings)
  return { text, name, values: encodeAll(values, form === 'bytes' ? arrays : []) }
}

function prepared(strings: TemplateStringsArray): Prepared {
  const known = preparedOf.get(strings)
  if (known) return known
  let text = strings[0] ?? ''
  for (let i = 1; i < strings.length; i++) text += `$${i}${strings[i]}`
  const made = { text, name: nameFor(text), arrays: strings.slice(1).map(arrayCast) }
  preparedOf.set(strings, made)
  return made
}

const arrayCast = (after: string): ElementType | null => elementTypeOf(/^::(\w+)\[\]/.exec(after)?.[1] ?? '')

/** The same text has the same name in every process and session; 96 bits of SHA-256 do not collide. */
export const nameFor = (text: string): string =>
  `w${createHash('sha256').update(text).digest('base64url').slice(0, 16)}`

export function encodeAll(values: readonly unknown[], arrays: readonly (ElementType | null)[] = []): Wire[] {
  return values.map((value, i) => {
    try {
      return asBytes(arrays[i] ?? null, value) ?? encode(value)
    } catch (error) {
      if (error instanceof Unstorable) throw new Unstorable(`Parameter $${i + 1}: ${error.message}`)
      throw error
    }
  })
}

function asBytes(type: ElementType | null, value: unknown): Buffer | null {
  if (type === null) return null
  if (value instanceof Instants) return arrayBytes(type, value.at)
  return Array.isArray(value) ? arrayBytes(type, value) : null
}

/** A value that no column can hold, or that says too little about the type it is meant for. */
export class Unstorable extends TypeError {
  override readonly name = 'Unstorable'
}

export function encode(value: unknown): Wire {
  if (value === null) return null
  if (value instanceof Uint8Array) return value
  if (value instanceof Instants) return value.text
  if (Array.isArray(value)) return arrayText(value)
  return scalarText(value)
}

function scalarText(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return storable(value)
    case 'number':
      if (!Number.isFinite(value)) throw new Unstorable(`${value} is not a number to store.`)
      return String(value)
    case 'boolean':
    case 'bigint':
      return String(value)
    case 'object':
      if (isPlain(value)) return json(value)
      throw new Unstorable('an object of a class; pass its text, ts(instant) or json(value).')
    default:
      throw new Unstorable(`${typeof value} is not a value; null is.`)
  }
}

function isPlain(value: object | null): boolean {
  if (value === null) return false
  const proto: unknown = Object.getPrototypeOf(value)
  return proto === Object.prototype || proto === null
}

function arrayText(values: readonly unknown[]): string {
  let out = '{'
  for (let i = 0; i < values.length; i++) {
    if (i > 0) out += ','
    const value = values[i]
    if (value === null) out += 'NULL'
    else if (typeof value === 'number' || typeof value === 'boolean') out += scalarText(value)
    else if (value instanceof Uint8Array) out += `"\\\\x${Buffer.from(value).toString('hex')}"`
    else if (Array.isArray(value)) throw new Unstorable('an array in an array; pass json(value).')
    else out += quoted(scalarText(value))
  }
  return `${out}}`
}

// Most texts here are JSON with a quote in every word; replacing by plain strings is a third faster than by pattern.
const quoted = (text: string): string =>
  `"${(text.includes('\\') ? text.replaceAll('\\', '\\\\') : text).replaceAll('"', '\\"')}"`

function storable(text: string): string {
  if (text.includes('\0')) throw new Unstorable('text must not contain the character U+0000.')
  if (!text.isWellFormed()) throw new Unstorable('text must be well-formed Unicode.')
  return text
}

/** JSON.stringify writes U+0000 and lone surrogates as escapes; an escaped backslash before `u` is only text. */
const UNSTORABLE_ESCAPE = /(?:^|[^\\])(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/

/** A JSON parameter. Plain objects need no wrapping; arrays, texts, numbers and null do. */
export function json(value: unknown): string {
  const text = JSON.stringify(value)
  if (text === undefined) throw new Unstorable(`${typeof value} is not JSON; null is.`)
  if (text.includes('\\u') && UNSTORABLE_ESCAPE.test(text))
    throw new Unstorable('JSON must not contain the character U+0000 or half a surrogate pair.')
  return text
}

/** A timestamptz parameter: an instant is a bare number while it runs, and a number is no time to PostgreSQL. */
export function ts(at: Instant): string
export function ts(at: Instant | null): string | null
export function ts(at: readonly (Instant | null)[]): Instants
export function ts(at: Instant | null | readonly (Instant | null)[]): string | null | Instants {
  if (at === null) return null
  return typeof at === 'number' ? isoText(at) : new Instants(at)
}

/** A timestamptz[] parameter, in whichever form it will travel. */
export class Instants {
  readonly at: readonly (Instant | null)[]
  constructor(at: readonly (Instant | null)[]) {
    this.at = at
  }
  get text(): string {
    return arrayText(this.at.map((one) => (one === null ? null : isoText(one))))
  }
}

function isoText(at: number): string {
  if (!isMoment(at)) throw new Unstorable(`${at} is no whole millisecond of the years 1 to 9999.`)
  return new Date(at).toISOString()
}

/**
 * One session with full command of itself: for migrations, roles, the boot check and the schema's text. The
 * product's own work goes through `Db`, which always has a scope.
 */
export interface Session {
  /** Runs a script of any number of statements without parameters. */
  exec(script: string): Promise<void>
  query<Row = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<Row[]>
}

/** The code PostgreSQL gave an error, wherever it came from. */
export const sqlState = (error: unknown): string | null =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : null

/** It certainly did not happen, and the same transaction may well succeed now: conflict, deadlock, lock timeout. */
export function isRetryable(error: unknown): boolean {
  const code = sqlState(error)
  return code === '40001' || code === '40P01' || code === '55P03'
}
