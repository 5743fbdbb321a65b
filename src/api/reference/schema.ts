/** A piece of the OpenAPI document, as far as the reference reads it. */
export type Schema = {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly format?: string
  readonly pattern?: string
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly default?: unknown
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly minItems?: number
  readonly maxItems?: number
  readonly items?: Schema
  readonly properties?: { readonly [name: string]: Schema }
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | Schema
  readonly propertyNames?: Schema
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
}

export type Parameter = {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required: boolean
  readonly description?: string
  readonly schema: Schema
}

/** What it is without "or null", and whether null may stand there. */
export function withoutNull(schema: Schema): { readonly one: Schema; readonly nullable: boolean } {
  if (Array.isArray(schema.type)) {
    const [type, ...more] = schema.type.filter((one) => one !== 'null')
    if (type !== undefined && more.length === 0 && schema.type.length > 1)
      return { one: { ...schema, type }, nullable: true }
  }
  const options = optionsOf(schema)
  const others = options.filter((option) => option.type !== 'null')
  if (others.length === options.length) return { one: schema, nullable: false }
  const { anyOf: _any, oneOf: _one, ...said } = schema
  const [only] = others
  return {
    one: others.length === 1 && only ? { ...only, ...said } : { ...said, anyOf: others },
    nullable: true,
  }
}

export const optionsOf = (schema: Schema): readonly Schema[] => schema.anyOf ?? schema.oneOf ?? []

const FORMATS: { readonly [format: string]: string } = {
  uuid: 'uuid',
  'date-time': 'moment',
  date: 'day',
  email: 'email address',
  uri: 'address',
}
/** Longer patterns say less than the words beside them. */
const PATTERN_SIGNS_MAX = 48

/** The type in a few words: "text, 1–200 characters", "list of uuid, at most 20". */
export function typeWords(schema: Schema): string {
  if (schema.$ref) return 'a condition'
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.every((one) => typeof one === 'string') ? 'text' : 'value'
  const options = optionsOf(schema)
  if (options.length > 0)
    return options.every((one) => !isObject(one))
      ? [...new Set(options.map(typeWords))].join(' or ')
      : 'one of these'
  switch (schema.type) {
    case 'string':
      return schema.format && FORMATS[schema.format]
        ? FORMATS[schema.format]!
        : `text${bounds(schema.minLength, schema.maxLength, 'characters')}`
    case 'integer':
      return `whole number${bounds(real(schema.minimum), real(schema.maximum))}`
    case 'number':
      return `number${bounds(real(schema.minimum), real(schema.maximum))}`
    case 'boolean':
      return 'true or false'
    case 'array':
      return `list of ${itemWords(schema.items ?? {})}${bounds(schema.minItems, schema.maxItems)}`
    case 'object':
      return mapOf(schema) ? `names with ${itemWords(mapOf(schema)!)}` : 'object'
    case 'null':
      return 'null'
    default:
      return 'any JSON'
  }
}

const itemWords = (schema: Schema): string => {
  const { one, nullable } = withoutNull(schema)
  const words = isObject(one) ? 'objects' : one.enum ? 'words' : typeWords(one)
  return nullable ? `${words} or null` : words
}

export const isObject = (schema: Schema): boolean =>
  schema.type === 'object' || optionsOf(schema).some(isObject)

/** An object whose names are free. */
export const mapOf = (schema: Schema): Schema | null =>
  schema.type === 'object' && !schema.properties && typeof schema.additionalProperties === 'object'
    ? schema.additionalProperties
    : null

export const patternOf = (schema: Schema): string | null =>
  schema.type === 'string' &&
  schema.format === undefined &&
  schema.pattern !== undefined &&
  schema.pattern.length <= PATTERN_SIGNS_MAX
    ? schema.pattern
    : null

/** The bounds of every whole number are not worth saying. */
const real = (bound: number | undefined): number | undefined =>
  bound === undefined || Math.abs(bound) >= Number.MAX_SAFE_INTEGER ? undefined : bound

function bounds(least: number | undefined, most: number | undefined, of = ''): string {
  const unit = of && ` ${of}`
  const told = (one: number): string => one.toLocaleString('en')
  if (least !== undefined && least > 0 && most !== undefined)
    return least === most ? `, ${told(least)}${unit}` : `, ${told(least)}–${told(most)}${unit}`
  if (most !== undefined) return `, at most ${told(most)}${unit}`
  return least !== undefined && least > 0 ? `, at least ${told(least)}${unit}` : ''
}
