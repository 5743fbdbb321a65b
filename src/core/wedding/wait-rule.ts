import { z } from 'zod'

/**
 * How a wait is written down: a rule, never only an instant. The instant is derived from it, and derived
 * again when an anchor, a zone or the zone data changes.
 */
export const amountSchema = z
  .strictObject({
    minutes: z.int().min(0).max(5_256_000).optional(),
    hours: z.int().min(0).max(87_600).optional(),
    days: z.int().min(0).max(3_660).optional(),
    weeks: z.int().min(0).max(520).optional(),
    months: z.int().min(0).max(120).optional(),
    years: z.int().min(0).max(10).optional(),
    businessDays: z.int().min(0).max(1_000).optional(),
  })
  .refine((amount) => Object.keys(amount).length > 0, 'name at least one unit, for example {"days": 14}')
export type Amount = z.infer<typeof amountSchema>

export const localTimeSchema = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day such as "09:00"')
export const localDateSchema = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'a day such as "2027-06-12"')
export const anchorNameSchema = z
  .string()
  .regex(
    /^(wedding|booking|inquiry|first_payment|gallery_published|(due|meeting|custom):[a-z0-9_]{1,60})$/,
    'an anchor: wedding, booking, inquiry, first_payment, gallery_published, due:…, meeting:… or custom:…',
  )
/** `venue` falls back to the vendor's zone while the venue is unknown; `couple` falls back to the venue's. */
export const whoseZoneSchema = z.union([
  z.enum(['venue', 'vendor', 'couple']),
  z.strictObject({ fixed: z.string().min(1).max(60) }),
])
export type WhoseZone = z.infer<typeof whoseZoneSchema>

const clock = { at: localTimeSchema.optional(), zone: whoseZoneSchema.optional() }

export const waitRuleSchema = z.union([
  /** "2 days", "3 business days at 10:00", "first business day after booking", "30 minutes". */
  z.strictObject({
    after: amountSchema,
    of: z.union([z.literal('now'), anchorNameSchema]).optional(),
    ...clock,
  }),
  /** "14 days before the wedding at 09:00 venue time". */
  z.strictObject({ before: amountSchema, of: anchorNameSchema, ...clock }),
  /** "on 2027-01-05 at 10:00 vendor time". */
  z.strictObject({ on: localDateSchema, ...clock }),
  /** "at the couple's local 10:00": the next such time. */
  z.strictObject({ next: localTimeSchema, zone: whoseZoneSchema.optional() }),
  /** "every 14 days until 60 days before the wedding": leaves by `again` each time and by `done` once. */
  z.strictObject({
    every: amountSchema,
    until: z.strictObject({ before: amountSchema, of: anchorNameSchema }).optional(),
    timesMax: z.int().min(1).max(400),
    ...clock,
  }),
])
export type WaitRule = z.infer<typeof waitRuleSchema>
/** The rules that name one moment; `every` is a repeat built from them. */
export type SingleWaitRule = Exclude<WaitRule, { every: Amount }>
