import type { Context } from 'hono'
import type { z } from 'zod'
import { readJson } from '../core/journey/json-text.ts'
import { shapeProblems } from '../core/journey/shape-problems.ts'
import { Refusal } from '../core/refusal.ts'

export const BODY_BYTES_MAX = 256 * 1024
export const JOURNEY_BYTES_MAX = 1024 * 1024
/** A table as JSON text: its characters, and what quoting adds. */
export const IMPORT_BYTES_MAX = 8 * 1024 * 1024
export const JSON_BODY = /^application\/json\s*(;|$)/i

/** A body of this shape, or a refusal that names everything that is wrong and where. */
export async function readBody<Schema extends z.ZodType>(
  c: Context,
  schema: Schema,
): Promise<z.infer<Schema>> {
  if (!JSON_BODY.test(c.req.header('content-type') ?? ''))
    throw new Refusal('invalid', 'Send JSON, with the header content-type: application/json.')
  // How much each address may be sent was seen to before; a table of couples is the largest.
  const read = readJson(await c.req.text(), IMPORT_BYTES_MAX)
  if (!read.ok) throw new Refusal('invalid', 'This is not readable JSON.', {}, read.problems)
  return shaped(schema, read.value, 'request')
}

/** What stands behind the question mark: each name once, and nothing that the contract does not know. */
export function readQuery<Schema extends z.ZodType>(c: Context, schema: Schema): z.output<Schema> {
  const query: Record<string, string> = {}
  for (const [name, values] of Object.entries(c.req.queries())) {
    if (values.length > 1) throw new Refusal('invalid', `"${name}" may be given once.`)
    if (values[0]?.includes('\0')) throw new Refusal('invalid', `"${name}" holds a NUL.`)
    query[name] = values[0] ?? ''
  }
  return shaped(schema, query, 'address')
}

export function shaped<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  what: 'request' | 'address',
): z.output<Schema> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const problems = shapeProblems(schema, value, parsed.error.issues).map((problem) => ({
    ...problem,
    severity: 'error' as const,
  }))
  throw new Refusal(
    'invalid',
    `This ${what} has ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}; nothing was changed.`,
    {},
    problems,
  )
}
