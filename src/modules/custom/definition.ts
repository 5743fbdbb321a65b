import { z } from 'zod'
import type { ModuleType } from '../../core/journey/graph.ts'
import { mergeProblems } from '../../core/merge.ts'
import { messageClassSchema } from '../../core/wedding/policy.ts'
import { defineModule } from '../module.ts'

/**
 * A module type somebody else has written: declared here, carried out by their server through a signed call. Its
 * configuration is a flat list of fields, so that no pattern or code of strangers ever runs in the house.
 */
const label = z.string().trim().min(1).max(80)
const fieldSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('text'),
    label,
    optional: z.boolean().optional(),
    lengthMax: z.int().min(1).max(20_000),
    /** Whether it may name merge fields, which are filled in before the call. */
    merged: z.boolean().optional(),
  }),
  z.strictObject({
    kind: z.literal('number'),
    label,
    optional: z.boolean().optional(),
    min: z.number(),
    max: z.number(),
  }),
  z.strictObject({
    kind: z.literal('choice'),
    label,
    optional: z.boolean().optional(),
    options: z.array(z.string().min(1).max(80)).min(1).max(50),
  }),
  z.strictObject({ kind: z.literal('yes_no'), label, optional: z.boolean().optional() }),
])
export type CustomField = z.infer<typeof fieldSchema>

export const customDeclarationSchema = z.strictObject({
  type: z.string().regex(/^[a-z][a-z0-9_-]{0,59}$/),
  version: z.int().min(1).max(10_000),
  label,
  /** The first is the way on when their server accepted; a second one, if any, when it refused. */
  exits: z
    .array(z.string().regex(/^[a-z0-9][a-z0-9_]{0,39}$/))
    .min(1)
    .max(2),
  class: messageClassSchema,
  fields: z.record(z.string().regex(/^[a-z][a-z0-9_]{0,39}$/), fieldSchema),
  handler: z.strictObject({ url: z.url({ protocol: /^https$/ }).max(2_000) }),
  limits: z
    .strictObject({
      timeoutMs: z.int().min(1_000).max(30_000),
      concurrency: z.int().min(1).max(20),
      payloadBytesMax: z.int().min(1_000).max(200_000),
    })
    .optional(),
})
export type CustomDeclaration = z.infer<typeof customDeclarationSchema>

/** The module type a declaration stands for. Repeats are harmless to a receiver that knows the id of the call. */
export function customDefinition(declaration: CustomDeclaration): ModuleType {
  const { type, version, fields } = declaration
  const [accepted, ...others] = declaration.exits
  if (accepted === undefined) throw new Error('a declaration has at least one exit')
  return defineModule({
    type,
    version,
    label: declaration.label,
    exits: [accepted, ...others],
    channel: 'webhook',
    delivery: 'at_least_once',
    class: declaration.class,
    config: z.strictObject(
      Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, schemaFor(field)])),
    ),
    check: (config, facts) =>
      mergedTexts(declaration, config).flatMap(([name, text]) =>
        mergeProblems(text, facts.fields).map(({ code, path, message }) => ({
          code,
          path: `/${name}`,
          message: `At ${path}: ${message}`,
        })),
      ),
  })
}

function schemaFor(field: CustomField): z.ZodType {
  const required = requiredSchemaFor(field)
  return field.optional ? required.optional() : required
}
function requiredSchemaFor(field: CustomField): z.ZodType {
  switch (field.kind) {
    case 'text':
      return z.string().min(1).max(field.lengthMax)
    case 'number':
      return z.number().min(field.min).max(field.max)
    case 'choice':
      return z.enum(field.options)
    case 'yes_no':
      return z.boolean()
  }
}

/** The texts of a configuration that are filled in with words before the call. */
export const mergedTexts = (
  declaration: CustomDeclaration,
  config: { readonly [name: string]: unknown },
): [name: string, text: string][] =>
  Object.entries(declaration.fields).flatMap(([name, field]): [string, string][] => {
    const text = config[name]
    return field.kind === 'text' && field.merged === true && typeof text === 'string' ? [[name, text]] : []
  })
