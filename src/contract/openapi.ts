import { z } from 'zod'
import {
  done,
  givesEtag,
  isOfVendor,
  keyed,
  needsIfMatch,
  needsKey,
  type Operation,
  problemsOf,
  type Shape,
} from './operation.ts'
import { PROBLEMS, problemSchema } from './problem.ts'

/** The operations as an OpenAPI 3.1 document. */
export function openApi(operations: readonly Operation[], version: string) {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const one of operations) {
    paths[one.path] ??= {}
    paths[one.path]![one.method] = described(one)
  }
  return withoutLocalParts({
    openapi: '3.1.0',
    info: {
      title: 'WedSync Journeys',
      version,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      description:
        'Programs send "authorization: Bearer wed_…"; people sign in and send their cookie and, with every change, the token of GET /session as "x-wedsync-csrf". Every refusal is a problem document (RFC 9457) with a stable `code`.',
    },
    servers: [{ url: '/api/v1' }],
    tags: [...new Set(operations.map((one) => one.group))].map((name) => ({ name })),
    paths,
    components: {
      schemas: { Problem: schemaOf(problemSchema, 'output') },
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'An API key of one vendor.' },
        session: { type: 'apiKey', in: 'cookie', name: '__Host-wedsync' },
      },
    },
  })
}

/**
 * What names itself (a condition holds conditions) has parts of its own, which a reference finds only at the root of
 * its schema: here they stand with the document's, each once.
 */
function withoutLocalParts<Document extends { components: { schemas: Record<string, unknown> } }>(
  document: Document,
): Document {
  const names = new Map<string, string>()
  const shared: Record<string, unknown> = {}
  const lifted = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(lifted)
    if (typeof value !== 'object' || value === null) return value
    if (!('$defs' in value))
      return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, lifted(one)]))
    const { $defs, ...rest } = value as { $defs: Record<string, unknown> }
    // Named by all of them: a part that names another means that one.
    const all = JSON.stringify($defs)
    const prefix = names.get(all) ?? `Shared${names.size + 1}`
    const isNew = !names.has(all)
    names.set(all, prefix)
    const renamed = (one: unknown): unknown =>
      JSON.parse(JSON.stringify(one).replaceAll('"#/$defs/', `"#/components/schemas/${prefix}`))
    if (isNew) for (const [name, one] of Object.entries($defs)) shared[`${prefix}${name}`] = renamed(one)
    return lifted(renamed(rest))
  }
  const whole = lifted(document) as Document
  return {
    ...whole,
    components: { ...whole.components, schemas: { ...whole.components.schemas, ...shared } },
  }
}

function described(one: Operation) {
  return {
    operationId: one.id,
    tags: [one.group],
    summary: one.summary,
    ...(one.weight > 1 && { description: `Counts as ${one.weight} requests.` }),
    ...(isOfVendor(one) ? { 'x-permission': one.needs } : {}),
    security:
      one.needs === 'nobody'
        ? []
        : one.needs === 'person'
          ? [{ session: [] }]
          : one.namesItself
            ? [{ key: [] }]
            : [{ session: [] }, { key: [] }],
    parameters: [
      ...parameters(one.params, 'path'),
      ...parameters(one.query, 'query'),
      ...(keyed(one)
        ? [
            header(
              'Idempotency-Key',
              needsKey(one),
              'The same key again gives the same answer and changes nothing, for a day.',
            ),
          ]
        : []),
      ...(needsIfMatch(one) ? [header('If-Match', true, 'The ETag of the state you have seen, or *.')] : []),
    ],
    ...(one.body
      ? {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: schemaOf(one.body, 'input') } },
          },
        }
      : {}),
    responses: {
      [String(one.status)]: {
        description: one.summary,
        ...(givesEtag(one) ? { headers: { ETag: { schema: { type: 'string' } } } } : {}),
        ...(one.answer === done
          ? {}
          : { content: { 'application/json': { schema: schemaOf(one.answer, 'output') } } }),
      },
      ...refusals(one),
    },
  }
}

function refusals(one: Operation): Record<string, unknown> {
  const byStatus = Map.groupBy(problemsOf(one), (code) => PROBLEMS[code].status)
  return Object.fromEntries(
    [...byStatus]
      .sort(([a], [b]) => a - b)
      .map(([status, codes]) => [
        String(status),
        {
          description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code].title}`).join('. '),
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      ]),
  )
}

const header = (name: string, required: boolean, description: string) => ({
  name,
  in: 'header',
  required,
  description,
  schema: { type: 'string' },
})

function parameters(shape: Shape, where: 'path' | 'query') {
  return Object.entries(shape.shape).map(([name, schema]) => ({
    name,
    in: where,
    required: where === 'path' || !(schema as z.ZodType).safeParse(undefined).success,
    schema: schemaOf(schema as z.ZodType, 'input'),
  }))
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output') {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io,
    target: 'draft-2020-12',
    unrepresentable: 'any',
    reused: 'inline',
  })
  return rest
}
