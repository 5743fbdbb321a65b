import { z } from 'zod'
import { capPolicySchema, latePolicySchema } from './policy.ts'
import { localTimeSchema } from './wait-rule.ts'

/** A vendor's settings that shape when messages go: the part of `VendorView` that a person can change. */
const hours = z.strictObject({ from: localTimeSchema, to: localTimeSchema })
const cap = z.strictObject({
  max: z.int().min(1).max(100),
  windowHours: z.int().min(1).max(8_784),
  policy: capPolicySchema,
})

export const vendorRulesSchema = z.strictObject({
  workingDays: z
    .array(
      z.union([
        z.literal(1),
        z.literal(2),
        z.literal(3),
        z.literal(4),
        z.literal(5),
        z.literal(6),
        z.literal(7),
      ]),
    )
    .max(7)
    .default([1, 2, 3, 4, 5]),
  /** Extra days off, beside the region's public holidays. */
  holidays: z.array(z.iso.date()).max(400).default([]),
  /** In the recipient's zone. SMS between 8 and 21 is what most laws allow; mail may come at any hour. */
  openHours: z
    .strictObject({ email: hours.optional(), sms: hours.optional() })
    .default({ sms: { from: '08:00', to: '21:00' } }),
  caps: z
    .strictObject({ transactional: cap.optional(), relationship: cap.optional(), marketing: cap.optional() })
    .default({ marketing: { max: 1, windowHours: 72, policy: 'later' } }),
  /** The vendor's own pages, by the names texts use: `{{ links.tour }}`. */
  links: z.record(z.string().regex(/^[A-Za-z0-9_-]{1,60}$/), z.url({ protocol: /^https$/ })).default({}),
  late: z
    .strictObject({
      transactional: latePolicySchema.optional(),
      relationship: latePolicySchema.optional(),
      marketing: latePolicySchema.optional(),
    })
    .default({}),
})
export type VendorRules = z.infer<typeof vendorRulesSchema>
