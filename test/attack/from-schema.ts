import fc from 'fast-check'

/** Values from a JSON schema, as anybody could make them who has only the published document of the API. */
export type JsonSchema = {
  readonly type?: string | readonly string[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly JsonSchema[]
  readonly oneOf?: readonly JsonSchema[]
  readonly allOf?: readonly JsonSchema[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: JsonSchema | boolean
  readonly propertyNames?: JsonSchema
  readonly items?: JsonSchema
  readonly minItems?: number
  readonly maxItems?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly exclusiveMaximum?: number
  readonly pattern?: string
  readonly format?: string
  readonly default?: unknown
}

/** What the schema cannot say: which ids there are, what a journey looks like. By the name a value stands under. */
export type Known = (name: string, schema: JsonSchema) => fc.Arbitrary<unknown> | null

const ITEMS_MAX = 4
const TEXT_MAX = 60
const DAYS = { min: new Date('2024-01-01'), max: new Date('2032-12-31'), noInvalidDate: true }

export function fromSchema(schema: JsonSchema, known: Known, name = ''): fc.Arbitrary<unknown> {
  const told = known(name, schema)
  if (told) return told
  if ('const' in schema) return fc.constant(schema.const)
  if (schema.enum) return fc.constantFrom(...schema.enum)
  const either = schema.anyOf ?? schema.oneOf
  if (either) return fc.oneof(...either.map((one) => fromSchema(one, known, name)))
  if (schema.allOf) return fromSchema(Object.assign({}, ...schema.allOf) as JsonSchema, known, name)
  switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
    case 'object':
      return objectOf(schema, known)
    case 'array':
      return fc.array(fromSchema(schema.items ?? {}, known, singular(name)), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.max(schema.minItems ?? 0, Math.min(schema.maxItems ?? ITEMS_MAX, ITEMS_MAX)),
      })
    case 'string':
      return textOf(schema)
    case 'integer':
      return fc.integer({
        min: Math.max(schema.minimum ?? 0, -2_147_483_648),
        max: Math.min(schema.maximum ?? 1_000, 2_147_483_647),
      })
    case 'number':
      return fc.double({ min: schema.minimum ?? 0, max: schema.maximum ?? 1_000, noNaN: true })
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    default:
      return fc.jsonValue({ maxDepth: 2 })
  }
}

function objectOf(schema: JsonSchema, known: Known): fc.Arbitrary<unknown> {
  const fields = Object.entries(schema.properties ?? {}).map(
    ([name, of]) => [name, fromSchema(of, known, name)] as const,
  )
  const named = fc.record(Object.fromEntries(fields), {
    requiredKeys: (schema.required ?? []).filter((name) => name in (schema.properties ?? {})) as never[],
  })
  const more = schema.additionalProperties
  if (typeof more !== 'object' || Object.keys(more).length === 0) return named
  const names = schema.propertyNames ? fromSchema(schema.propertyNames, known) : textOf({ maxLength: 20 })
  return fc
    .tuple(named, fc.dictionary(names.map(String), fromSchema(more, known), { maxKeys: ITEMS_MAX }))
    .map(([fixed, free]) => ({ ...free, ...fixed }))
}

function textOf(schema: JsonSchema): fc.Arbitrary<string> {
  const day = fc.date(DAYS).map((one) => one.toISOString())
  switch (schema.format) {
    case 'uuid':
      return fc.uuid()
    case 'email':
      return fc.stringMatching(/^[a-z]{1,12}$/).map((one) => `${one}@example.org`)
    case 'date':
      return day.map((one) => one.slice(0, 10))
    case 'date-time':
      return day
    case 'uri':
      return fc.webUrl()
  }
  const minLength = schema.minLength ?? 0
  const maxLength = Math.max(minLength, Math.min(schema.maxLength ?? TEXT_MAX, TEXT_MAX))
  if (schema.pattern) return fc.stringMatching(new RegExp(schema.pattern))
  return fc.string({ minLength, maxLength, unit: 'grapheme-ascii' })
}

const singular = (name: string): string => name.replace(/s$/, '')
