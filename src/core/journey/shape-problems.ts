import { z } from 'zod'
import type { Problem } from '../problem.ts'
import { didYouMean, nearest } from './nearest.ts'
import { pointerTo, type Step, valueAt } from './pointer.ts'

/**
 * Turns what a schema has against a value into sentences a person can act on. The schema library answers a
 * union with every branch's complaints; here the branch that was meant is found first (by the keys that are
 * written, misspelt ones included) and only its complaints are told.
 */
export type ShapeProblem = Pick<Problem, 'code' | 'message' | 'path' | 'fix'>
type Issue = z.core.$ZodIssue

/** Told at once; whoever has more has another kind of file. */
export const PROBLEMS_MAX = 1_000

type Schema = z.core.$ZodType

export function shapeProblems(
  schema: z.ZodType,
  value: unknown,
  issues: readonly Issue[],
  prefix: readonly Step[] = [],
): ShapeProblem[] {
  const problems: ShapeProblem[] = []
  for (const issue of issues) {
    if (problems.length >= PROBLEMS_MAX) break
    problems.push(...told(schema, value, issue, prefix))
  }
  return problems.slice(0, PROBLEMS_MAX)
}

function told(schema: Schema, value: unknown, issue: Issue, prefix: readonly Step[]): ShapeProblem[] {
  const steps = issue.path as Step[]
  const here = valueAt(value, steps)
  const place = [...prefix, ...steps]
  const at = pointerTo(...place)
  const name = place.findLast((step) => typeof step === 'string') ?? 'document'
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const options = optionsOf(schemaAt(schema, value, steps))
    const meant = branchMeant(options, here)
    const branch = options[meant]
    const complaints = issue.errors[meant]
    if (branch !== undefined && complaints !== undefined && complaints.length > 0) {
      const misfit = complaints.some(
        (one) =>
          one.path.length === 0 &&
          (one.code === 'invalid_type' || (one.code === 'invalid_value' && typeof here !== 'string')),
      )
      if (!misfit) return complaints.flatMap((one) => told(branch, here, one, place))
    }
    return [
      { code: 'wrong_type', path: at, message: `"${name}" cannot be ${article(here)}. ${formsOf(options)}` },
    ]
  }
  if (issue.code === 'unrecognized_keys') {
    const known = keysOf(schemaAt(schema, value, steps), here)
    return issue.keys.map((key) => unknownKey(key, known, here, place))
  }
  return [{ ...sentence(issue, name, here), path: at }]
}

function unknownKey(
  key: string,
  known: readonly string[],
  owner: unknown,
  place: readonly Step[],
): ShapeProblem {
  const free = known.filter((one) => valueAt(owner, [one]) === undefined)
  const meant = nearest(key, free)
  const path = pointerTo(...place, key)
  return {
    code: 'unknown_key',
    path,
    message: meant
      ? `There is no "${key}" here. Did you mean "${meant}"?`
      : `There is no "${key}" here. Remove it; known are ${listed(known)}.`,
    ...(meant && {
      fix: {
        label: `Rename it to "${meant}"`,
        change: [
          { op: 'remove', path },
          { op: 'add', path: pointerTo(...place, meant), value: valueAt(owner, [key]) },
        ],
      },
    }),
  }
}

function sentence(issue: Issue, name: Step, here: unknown): Pick<ShapeProblem, 'code' | 'message'> {
  if (here === undefined && (issue.code === 'invalid_type' || issue.code === 'invalid_value')) {
    return { code: 'missing', message: `"${name}" is missing. Add ${wanted(issue)}.` }
  }
  switch (issue.code) {
    case 'invalid_type':
      return { code: 'wrong_type', message: `"${name}" must be ${wanted(issue)}, not ${article(here)}.` }
    case 'invalid_value': {
      const values = issue.values.map(String)
      const hint = typeof here === 'string' ? didYouMean(here, values) : ''
      return { code: 'not_one_of', message: `"${name}" must be ${listed(values, 'or')}.${hint}` }
    }
    case 'invalid_union': {
      const values = (issue as { options?: readonly unknown[] }).options?.map(String) ?? []
      const hint = typeof here === 'string' ? didYouMean(here, values) : ''
      if (here === undefined)
        return { code: 'missing', message: `"${name}" is missing. Add ${listed(values, 'or')}.` }
      return { code: 'not_one_of', message: `"${name}" must be ${listed(values, 'or')}.${hint}` }
    }
    case 'too_big':
    case 'too_small':
      return bound(issue, name)
    case 'invalid_format':
      return { code: 'bad_format', message: `"${name}" must be ${formatWanted(issue)}.` }
    case 'not_multiple_of':
      return { code: 'not_whole', message: `"${name}" must be a multiple of ${issue.divisor}.` }
    case 'invalid_key':
    case 'invalid_element':
      return { code: 'bad_key', message: `"${name}" has a name that is too long or not allowed. Rename it.` }
    default:
      return { code: 'not_allowed', message: `"${name}": ${issue.message}.` }
  }
}

function bound(
  issue: Extract<Issue, { code: 'too_big' | 'too_small' }>,
  name: Step,
): Pick<ShapeProblem, 'code' | 'message'> {
  const big = issue.code === 'too_big'
  const limit = Number(big ? issue.maximum : issue.minimum)
  const edge = issue.inclusive === false ? (big ? 'less than' : 'more than') : big ? 'at most' : 'at least'
  if (issue.origin === 'string') {
    if (!big && limit === 1) return { code: 'empty', message: `"${name}" is empty. Write something there.` }
    return {
      code: big ? 'too_long' : 'too_short',
      message: `"${name}" must have ${edge} ${limit} characters.`,
    }
  }
  if (issue.origin === 'array' || issue.origin === 'set') {
    return {
      code: big ? 'too_many' : 'too_few',
      message: `"${name}" must hold ${edge} ${limit} ${limit === 1 ? 'entry' : 'entries'}.`,
    }
  }
  return { code: big ? 'too_high' : 'too_low', message: `"${name}" must be ${edge} ${limit}.` }
}

function formatWanted(issue: Extract<Issue, { code: 'invalid_format' }>): string {
  if (issue.format === 'url') return 'a web address that begins with https://'
  if (issue.message.startsWith('Invalid')) return `of the form ${issue.format}`
  return issue.message
}

function wanted(issue: Issue): string {
  if (issue.code === 'invalid_value') return listed(issue.values.map(String), 'or')
  const expected = issue.code === 'invalid_type' ? issue.expected : 'value'
  const words: Record<string, string> = {
    string: 'a text',
    number: 'a number',
    int: 'a whole number',
    boolean: 'true or false',
    object: 'an object in { }',
    record: 'an object in { }',
    array: 'a list in [ ]',
  }
  return words[expected] ?? `a ${expected}`
}

function article(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  switch (typeof value) {
    case 'string':
      return `the text ${JSON.stringify(value.slice(0, 40))}`
    case 'number':
      return `the number ${value}`
    case 'boolean':
      return String(value)
    case 'object':
      return 'an object'
    case 'undefined':
      return 'left out'
    default:
      return `a ${typeof value}`
  }
}

const listed = (words: readonly string[], and = 'and'): string => {
  const quoted = words.map((word) => `"${word}"`)
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} ${and} ${quoted.at(-1)}`
}

/** What the branches of a union look like: their words, or the key each of them begins with. */
function formsOf(options: readonly Schema[]): string {
  const words = options.flatMap((option) => (option instanceof z.ZodEnum ? option.options.map(String) : []))
  const keys = options.flatMap((option) => {
    const key = option instanceof z.ZodObject ? Object.keys(option.shape)[0] : undefined
    return key === undefined ? [] : [`{"${key}": …}`]
  })
  const forms = [...(words.length > 0 ? [listed(words, 'or')] : []), ...keys]
  return forms.length > 0 ? `Write ${forms.join(' or ')}.` : 'Write another kind of value.'
}

// Walking a schema beside its value.

function bare(schema: Schema): Schema {
  let here = schema
  for (;;) {
    if (here instanceof z.ZodOptional || here instanceof z.ZodNullable || here instanceof z.ZodDefault) {
      here = here.unwrap()
    } else if (here instanceof z.ZodLazy) here = here.unwrap()
    else if (here instanceof z.ZodPipe) here = here.in
    else return here
  }
}

/** All branches of a union, unions inside unions kept as they are: the issue numbers them so. */
function optionsOf(schema: Schema | null): readonly Schema[] {
  const here = schema && bare(schema)
  return here instanceof z.ZodUnion ? here.options.map((option) => option as Schema) : []
}

function branchMeant(options: readonly Schema[], value: unknown): number {
  const named = options.findIndex((option) => isNamedBy(option, value))
  if (named !== -1) return named
  const scores = options.map((option) => likeness(option, value))
  return scores.indexOf(Math.max(...scores))
}

/** How much a value looks like it was meant for this schema: two for each known key, one for a misspelt one. */
function likeness(schema: Schema, value: unknown): number {
  const here = bare(schema)
  if (here instanceof z.ZodUnion)
    return Math.max(...here.options.map((option) => likeness(option as Schema, value)))
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  if (here instanceof z.ZodObject) {
    if (!isObject) return -1
    const shape = here.shape as Record<string, Schema>
    const known = Object.keys(shape)
    let score = 0
    for (const [key, inner] of Object.entries(value).slice(0, 50)) {
      if (!Object.hasOwn(shape, key)) score += nearest(key, known) === null ? 0 : 1
      else score += fitsLiteral(shape[key]!, inner) ? 4 : 2
    }
    return score
  }
  if (here instanceof z.ZodArray) return Array.isArray(value) ? 1 : -1
  if (isObject || Array.isArray(value)) return -1
  if (here instanceof z.ZodEnum || here instanceof z.ZodString) return typeof value === 'string' ? 1 : -1
  if (here instanceof z.ZodNumber) return typeof value === 'number' ? 1 : -1
  return 0
}

/** A value that carries the branch's own word (`kind: "delay"`) says itself what it was meant to be. */
function isNamedBy(schema: Schema, value: unknown): boolean {
  const here = bare(schema)
  if (!(here instanceof z.ZodObject)) return false
  return Object.entries(here.shape as Record<string, Schema>).some(
    ([key, inner]) => bare(inner) instanceof z.ZodLiteral && fitsLiteral(inner, valueAt(value, [key])),
  )
}

const fitsLiteral = (schema: Schema, value: unknown): boolean => {
  const here = bare(schema)
  return (here instanceof z.ZodLiteral || here instanceof z.ZodEnum) && z.safeParse(here, value).success
}

function schemaAt(schema: Schema, value: unknown, steps: readonly Step[]): Schema | null {
  let here: Schema | null = schema
  let inner = value
  for (const step of steps) {
    here = here && childOf(meant(here, inner), step)
    inner = valueAt(inner, [step])
  }
  return here
}

function meant(schema: Schema, value: unknown): Schema {
  let here = bare(schema)
  while (here instanceof z.ZodUnion) {
    const options = optionsOf(here)
    here = bare(options[branchMeant(options, value)]!)
  }
  return here
}

function childOf(schema: Schema, step: Step): Schema | null {
  if (schema instanceof z.ZodObject) return (schema.shape as Record<string, Schema>)[step] ?? null
  if (schema instanceof z.ZodArray) return schema.element as Schema
  if (schema instanceof z.ZodRecord) return schema.valueType as Schema
  return null
}

function keysOf(schema: Schema | null, value: unknown): readonly string[] {
  const here = schema && meant(schema, value)
  return here instanceof z.ZodObject ? Object.keys(here.shape) : []
}
