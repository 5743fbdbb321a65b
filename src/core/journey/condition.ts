import { z } from 'zod'
import type { Json } from '../ids.ts'
import { anchorNameSchema } from '../wedding/wait-rule.ts'

/**
 * Conditions are a small typed tree; there is no free code in a journey. A fact is named by a path:
 *
 *   client.stage · client.tags · client.language · client.fields.<key> · wedding.status · wedding.guests
 *   · wedding.region · vendor.type · event.<path> · answers.<form>.<field> · outputs.<node>.<key>
 */
export const factPathSchema = z
  .string()
  .max(200)
  .regex(
    /^(client|wedding|vendor|event|answers|outputs)(\.[A-Za-z0-9_-]{1,60}){1,6}$/,
    'a path such as client.tags or answers.details.guests',
  )

const jsonValue: z.ZodType<Json> = z.json() as z.ZodType<Json>
const scalar = z.union([z.string().max(500), z.number(), z.boolean()])

const comparison = z.discriminatedUnion('is', [
  z.strictObject({ fact: factPathSchema, is: z.enum(['equal', 'not_equal']), value: jsonValue }),
  z.strictObject({
    fact: factPathSchema,
    is: z.enum(['less', 'at_most', 'more', 'at_least']),
    value: z.number(),
  }),
  z.strictObject({
    fact: factPathSchema,
    is: z.enum(['one_of', 'none_of']),
    value: z.array(scalar).min(1).max(100),
  }),
  z.strictObject({
    fact: factPathSchema,
    is: z.enum(['contains', 'lacks', 'starts_with']),
    value: z.string().max(500),
  }),
  z.strictObject({ fact: factPathSchema, is: z.enum(['known', 'missing']) }),
])

/** Whole calendar days from now until the anchor, in the venue's zone; negative once it is over. */
const daysUntil = z.strictObject({
  daysUntil: anchorNameSchema,
  is: z.enum(['less', 'at_most', 'more', 'at_least', 'equal']),
  value: z.int().min(-36_600).max(36_600),
})

const happened = z.strictObject({
  happened: z.string().min(1).max(100),
  timesMin: z.int().min(1).max(1_000).optional(),
})

export type Comparison = z.infer<typeof comparison>
export type Condition =
  | { all: Condition[] }
  | { any: Condition[] }
  | { not: Condition }
  | Comparison
  | z.infer<typeof daysUntil>
  | z.infer<typeof happened>

/** How deep a tree may be and how many leaves it may hold; `check` refuses more. */
export const CONDITION_DEPTH_MAX = 8
export const CONDITION_LEAVES_MAX = 50

export const conditionSchema: z.ZodType<Condition> = z.lazy(() =>
  z.union([
    z.strictObject({ all: z.array(conditionSchema).min(1).max(20) }),
    z.strictObject({ any: z.array(conditionSchema).min(1).max(20) }),
    z.strictObject({ not: conditionSchema }),
    comparison,
    daysUntil,
    happened,
  ]),
)

/** An event somebody waits for: its type, and what must hold of it (facts under `event.`). */
export const eventPatternSchema = z.strictObject({
  event: z.string().min(1).max(100),
  if: conditionSchema.optional(),
})
export type EventPattern = z.infer<typeof eventPatternSchema>
