import {
  type Arguments,
  IfTag,
  Liquid,
  LiquidError,
  RenderError,
  type Template,
  type Token,
  TokenKind,
  UndefinedVariableError,
  Value,
} from 'liquidjs'
import type { Branded, JsonObject } from './ids.ts'
import { isGuaranteed, isMergeField } from './merge-fields.ts'
import type { Problem } from './problem.ts'

/**
 * Texts with fields: the one file that knows Liquid. It owns the dialect (which tags and filters there are),
 * what is wrong with a text before it is published, and putting a couple's words into it.
 *
 *  M1 A field without a value blocks the message: nothing is sent with a blank or a brace in it.
 *  M2 Words of people are data. They are never parsed, so a couple called "{{ x }}" is greeted by that name.
 *  M3 Same text and scope, same result: no clock, no dice, no files, no other texts.
 *
 * The limits here are cooperative; `render/` adds the ones that a text cannot ignore.
 */

export const TEMPLATE_CHARS_MAX = 100_000
export const MERGED_CHARS_MAX = 500_000
const TOO_LONG = `a text has at most ${TEMPLATE_CHARS_MAX} characters`
/** Where nobody else watches the clock. A letter is merged in a thread whose keeper does. */
const RENDER_MS_MAX = 200
// Counted in array items and characters. Far below what the merging thread may hold: a thread that meets its own
// heap limit can take the whole process with it, so no text may ever come near (measured at 10,000,000).
const MEMORY_MAX = 500_000

const TAGS = new Set([
  'if',
  'unless',
  'case',
  'for',
  'break',
  'continue',
  'assign',
  'capture',
  'comment',
  '#',
])
// Left out on purpose: `date` and `sample` read a clock and dice (M3), `raw` switches escaping off, and the
// `*_exp` family parses text at run time (M2).
const FILTERS = new Set(
  (
    'default append prepend upcase downcase capitalize strip lstrip rstrip squish truncate truncatewords ' +
    'replace replace_first replace_last remove remove_first remove_last slice split join first last size ' +
    'sort sort_natural uniq reverse compact map array_to_sentence_string ' +
    'plus minus times divided_by modulo round ceil floor abs at_least at_most'
  ).split(' '),
)

/** `url`: a value inside an address, encoded as one. */
export type MergeTarget = 'text' | 'html' | 'url'
/** What a text may read: without prototypes, frozen, and without blank values. Made by `scopeOf` only. */
export type MergeScope = Branded<{ readonly [key: string]: unknown }, 'MergeScope'>
export type Merged =
  | { readonly is: 'text'; readonly text: string }
  /** These fields have no value; the message waits for a person. */
  | { readonly is: 'unresolved'; readonly fields: readonly string[] }
  /** The text itself is wrong, or took more than it may. */
  | { readonly is: 'broken'; readonly cause: string }

/** Several texts of one message, and how they are merged where a runaway text can be stopped. */
export type MergeParts = {
  readonly [part: string]: { readonly template: string; readonly target: MergeTarget }
}
export type RenderParts = (
  parts: MergeParts,
  facts: JsonObject,
) => Promise<{ readonly [part: string]: Merged }>

/** Makes HTML of a layout (MJML), once for each layout; the answer may be shared by many letters. */
export type LayOut = (mjml: string) => Promise<Laying>
export type Laying =
  | { readonly is: 'html'; readonly html: string }
  | { readonly is: 'broken'; readonly cause: string }

export type FieldUse = {
  readonly field: string
  readonly line: number
  readonly column: number
  /** It has a `default`, stands inside an `if` that asks for it, or is only asked for. */
  readonly fallback: boolean
}

/** A blank printed where a word was expected; caught here and told as an unresolved field. */
class BlankOutput extends Error {
  override readonly name = 'BlankOutput'
}

const printed = (value: unknown): string => {
  if (Array.isArray(value)) return value.map(printed).join(', ')
  const text = typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''
  if (text.trim() === '') throw new BlankOutput()
  return text
}
const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (char) => ESCAPES[char] ?? char)

function dialect(outputEscape: (value: unknown) => string): Liquid {
  const liquid = new Liquid({
    ownPropertyOnly: true,
    strictFilters: true,
    strictVariables: true,
    lenientIf: true,
    catchAllErrors: true,
    templates: {},
    dynamicPartials: false,
    relativeReference: false,
    parseLimit: TEMPLATE_CHARS_MAX,
    memoryLimit: MEMORY_MAX,
    outputEscape,
  })
  for (const tag of Object.keys(liquid.tags)) if (!TAGS.has(tag)) delete liquid.tags[tag]
  for (const filter of Object.keys(liquid.filters)) {
    if (!FILTERS.has(filter)) liquid.unregisterFilter(filter)
  }
  return liquid
}
const dialects: Record<MergeTarget, Liquid> = {
  text: dialect(printed),
  html: dialect((value) => escapeHtml(printed(value))),
  url: dialect((value) => encodeURIComponent(printed(value).toWellFormed())),
}

/** Copies facts into a scope: blank and missing values are left out, so that `if` and `default` see them alike. */
export function scopeOf(facts: JsonObject): MergeScope {
  return filled(facts, 0) as MergeScope
}

function filled(value: unknown, depth: number): unknown {
  if (depth > 8) return undefined
  if (typeof value === 'string') return value.trim() === '' ? undefined : value
  if (Array.isArray(value)) {
    const items = value.map((item) => filled(item, depth + 1)).filter((item) => item !== undefined)
    return items.length > 0 ? Object.freeze(items) : undefined
  }
  if (typeof value !== 'object' || value === null) return value ?? undefined
  const copy: Record<string, unknown> = Object.create(null)
  for (const [key, inner] of Object.entries(value)) {
    const kept = filled(inner, depth + 1)
    if (kept !== undefined) copy[key] = kept
  }
  return Object.freeze(copy)
}

/** Puts the words of a scope into a text, or says why that cannot be (M1). */
export function merge(
  template: string,
  scope: MergeScope,
  target: MergeTarget = 'text',
  renderMsMax = RENDER_MS_MAX,
): Merged {
  if (template.length > TEMPLATE_CHARS_MAX) return { is: 'broken', cause: TOO_LONG }
  const liquid = dialects[target]
  try {
    const text: unknown = liquid.renderSync(liquid.parse(template), scope, { renderLimit: renderMsMax })
    if (typeof text !== 'string' || text.length > MERGED_CHARS_MAX) {
      return { is: 'broken', cause: `the text grew beyond ${MERGED_CHARS_MAX} characters` }
    }
    return { is: 'text', text }
  } catch (error) {
    const errors = flattened(error)
    const fields = errors.map(missingField)
    const broken = errors.find((_, index) => fields[index] === null)
    if (broken) return { is: 'broken', cause: broken.message }
    return { is: 'unresolved', fields: [...new Set(fields as string[])] }
  }
}

/** The field an error is about; null when it is about something else. */
function missingField(error: LiquidError): string | null {
  if (error instanceof UndefinedVariableError) return pathOf(error.token)
  if (!(error instanceof RenderError)) return null
  const cause = error.originalError
  if (cause instanceof BlankOutput) return error.token.getText().replace(/^\{\{-?\s*|\s*-?\}\}$/g, '')
  return null
}

function flattened(error: unknown): LiquidError[] {
  if (!LiquidError.is(error)) throw error
  return 'errors' in error ? (error.errors as LiquidError[]).flatMap(flattened) : [error]
}

/** The fields a text uses, in its order. A text that cannot be parsed uses none; `mergeProblems` says why. */
export function fieldsOf(template: string): FieldUse[] {
  const parsed = parse(template)
  return parsed.is === 'parsed' ? [...usesIn(parsed.templates, new Set(), new Set())] : []
}

/**
 * What would keep this text from being sent: parse errors, fields nobody knows, and fields that may be missing
 * without a fallback. `guaranteed` adds to the fields every client has; path is `line:column`.
 */
export function mergeProblems(template: string, guaranteed: Iterable<string> = []): Problem[] {
  const parsed = parse(template)
  if (parsed.is === 'broken') return parsed.problems
  const given = new Set(guaranteed)
  const sure = (field: string): boolean => given.has(field) || isGuaranteed(field)
  const problems = [...strayBraces(parsed.templates)]
  for (const use of usesIn(parsed.templates, new Set(), new Set())) {
    if (!sure(use.field) && !isMergeField(use.field)) {
      problems.push(problemAt(use, 'unknown_field', `There is no field "${use.field}".`))
    } else if (!sure(use.field) && !use.fallback) {
      const how = `write {{ ${use.field} | default: '…' }} or put it inside {% if ${use.field} %}`
      problems.push(problemAt(use, 'field_may_be_missing', `"${use.field}" may be missing: ${how}.`))
    }
  }
  return problems
}

const problemAt = (at: { line: number; column: number }, code: string, message: string): Problem => ({
  code,
  severity: 'error',
  message,
  path: `${at.line}:${at.column}`,
})

type Parsed = { is: 'parsed'; templates: Template[] } | { is: 'broken'; problems: Problem[] }

function parse(template: string): Parsed {
  if (template.length > TEMPLATE_CHARS_MAX) {
    const problem = problemAt({ line: 1, column: 1 }, 'text_too_long', `This is too long: ${TOO_LONG}.`)
    return { is: 'broken', problems: [problem] }
  }
  try {
    return { is: 'parsed', templates: dialects.text.parse(template) }
  } catch (error) {
    const problems = flattened(error).map((one) => {
      const [line = 1, column = 1] = one.token?.getPosition() ?? []
      const message = one.message.replace(/, line:\d+, col:\d+$/, '')
      return problemAt({ line, column }, 'text_unreadable', `This cannot be read: ${message}.`)
    })
    return { is: 'broken', problems }
  }
}

/** Braces that stayed ordinary text: what somebody meant as a field would be printed as it stands (M1). */
function* strayBraces(templates: readonly Template[]): Generator<Problem> {
  for (const template of templates) {
    if (template.token.kind === TokenKind.HTML) {
      const stray = /\{\{|\}\}|\{%|%\}|\{\s*[A-Za-z_][\w.]*\s*\}/.exec(template.token.getText())
      if (stray) {
        const [line, column] = positionOf(template.token.input, template.token.begin + stray.index)
        yield problemAt({ line, column }, 'stray_brace', `"${stray[0]}" would be printed as it stands.`)
      }
    }
    yield* strayBraces(childrenOf(template))
  }
}

function positionOf(text: string, index: number): [number, number] {
  const lines = text.slice(0, index).split('\n')
  return [lines.length, (lines.at(-1)?.length ?? 0) + 1]
}

/** `locals` are names the text itself has made; `guarded` fields are known to be there at this place. */
function* usesIn(
  templates: readonly Template[],
  locals: Set<string>,
  guarded: ReadonlySet<string>,
): Generator<FieldUse> {
  for (const template of templates) {
    if (template instanceof IfTag) {
      for (const branch of template.branches) {
        yield* usesOf([branch.value], locals, guarded, true)
        yield* usesIn(branch.templates, locals, new Set([...guarded, ...guardsOf(branch.value)]))
      }
      yield* usesIn(template.elseTemplates ?? [], locals, guarded)
      continue
    }
    yield* usesOf(template.arguments?.() ?? [], locals, guarded, false)
    for (const name of template.localScope?.() ?? []) locals.add(name.content)
    const loop = new Set(template.blockScope?.() ?? [])
    const inner = new Set([...locals, ...loop])
    yield* usesIn(childrenOf(template), inner, guarded)
    for (const name of inner) if (!loop.has(name)) locals.add(name)
  }
}

const childrenOf = (template: Template): Template[] => {
  const children = template.children?.(false, true).next()
  return children?.done ? (children.value ?? []) : []
}

/** What an `if` makes sure of: plain fields joined by `and`. Blank values are not in a scope, so asking suffices. */
function guardsOf(condition: Value): string[] {
  const { postfix } = condition.initial
  const plain = postfix.every((token) => isPath(token) || token.getText() === 'and')
  return plain && condition.filters.length === 0 ? postfix.filter(isPath).map(pathOf) : []
}

function* usesOf(
  values: Arguments,
  locals: ReadonlySet<string>,
  guarded: ReadonlySet<string>,
  onlyAsked: boolean,
): Generator<FieldUse> {
  for (const value of values) {
    const fallback = onlyAsked || (value instanceof Value && hasDefault(value))
    for (const [token, first] of pathsOf(value)) {
      const field = pathOf(token)
      if (locals.has(field.split('.')[0] ?? '')) continue
      const [line, column] = token.getPosition() as [number, number]
      yield { field, line, column, fallback: guarded.has(field) || (first && fallback) }
    }
  }
}

/** Only as the first filter does `default` see a missing value; an empty default is no fallback (M1). */
function hasDefault(value: Value): boolean {
  const [first] = value.filters
  const word: unknown = first?.name === 'default' ? first.args[0] : undefined
  if (typeof word !== 'object' || word === null || !('kind' in word)) return false
  return word.kind !== TokenKind.Quoted || !('content' in word) || String(word.content).trim() !== ''
}

type PathToken = Token & { readonly props: readonly Token[] }
const isPath = (token: unknown): token is PathToken =>
  typeof token === 'object' && token !== null && 'props' in token && Array.isArray(token.props)

/** Every path in a value, and whether it is what the filters work on (as opposed to an argument of one). */
function* pathsOf(value: unknown): Generator<[PathToken, boolean]> {
  if (value instanceof Value) {
    for (const token of value.initial.postfix) yield* pathsOf(token)
    for (const argument of value.filters.flatMap((filter) => filter.args)) {
      const token: unknown = Array.isArray(argument) ? argument[1] : argument
      for (const [path] of pathsOf(token)) yield [path, false]
    }
  } else if (isPath(value)) {
    yield [value, true]
    for (const prop of value.props) for (const [path] of pathsOf(prop)) yield [path, false]
  } else if (typeof value === 'object' && value !== null && 'lhs' in value && 'rhs' in value) {
    yield* pathsOf(value.lhs)
    yield* pathsOf(value.rhs)
  }
}

/** "client.names"; a segment that is computed is written as *, which no field is called. */
function pathOf(token: Token): string {
  if (!isPath(token)) return token.getText()
  return token.props
    .map((prop) => (!isPath(prop) && 'content' in prop ? String(prop.content) : '*'))
    .join('.')
}
