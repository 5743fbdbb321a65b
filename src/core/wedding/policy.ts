import { z } from 'zod'
import { amountSchema, anchorNameSchema, localTimeSchema, whoseZoneSchema } from './wait-rule.ts'

/** What happens to a step whose moment is already past when a plan is made (start, replan, resume). */
export const latePolicySchema = z.enum(['skip', 'send_now', 'merge', 'compress', 'task'])
export type LatePolicy = z.infer<typeof latePolicySchema>

/** What a moved anchor does to a step: before it ran (`follow`, `keep`, `ask`) and after (`resend`). */
export const movePolicySchema = z.enum(['follow', 'keep', 'ask', 'resend'])

/** Who may be written to when, and why a consent is needed at all. */
export const messageClassSchema = z.enum(['transactional', 'relationship', 'marketing'])
export type MessageClass = z.infer<typeof messageClassSchema>

export const capPolicySchema = z.enum(['later', 'merge', 'skip'])
export type CapPolicy = z.infer<typeof capPolicySchema>

/** A moment after which the step is worthless: never after it, and a human is told when it cannot be met. */
export const deadlineSchema = z.union([
  z.strictObject({
    before: amountSchema,
    of: anchorNameSchema,
    at: localTimeSchema.optional(),
    zone: whoseZoneSchema.optional(),
  }),
  z.strictObject({
    after: amountSchema,
    of: anchorNameSchema,
    at: localTimeSchema.optional(),
    zone: whoseZoneSchema.optional(),
  }),
])
export type Deadline = z.infer<typeof deadlineSchema>

/** The windows a moment is pushed through, in the order of the chain (links 3 to 6). */
export const windowsSchema = z.strictObject({
  /** Avoid days on which the vendor works a wedding: look earlier or later for a free one. */
  freeDay: z.enum(['earlier', 'later']).optional(),
  /** Only on working days of the vendor's region. */
  businessDay: z.enum(['earlier', 'later']).optional(),
  /** Inside the recipient's quiet hours: wait for the opening, or drop. */
  quiet: z.enum(['later', 'skip', 'ignore']).optional(),
  cap: capPolicySchema.optional(),
})
export type Windows = z.infer<typeof windowsSchema>
