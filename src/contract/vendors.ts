import { z } from 'zod'
import { vendorRulesSchema } from '../core/wedding/vendor-rules.ts'
import { businessSchema } from './accounts.ts'
import { moment, ofVendor, operation, uuid } from './operation.ts'

/** The business itself. */
const vendor = z.object({
  id: uuid,
  name: z.string(),
  type: z.string(),
  zone: z.string(),
  region: z.string(),
  rules: vendorRulesSchema,
  since: moment,
})

export const readVendor = operation({
  id: 'vendors.read',
  method: 'get',
  path: '/vendors/{vendor}',
  summary: 'The business and its settings',
  needs: 'vendor:read',
  params: ofVendor,
  answer: vendor,
  etag: 'gives',
})

// Without their defaults: what is not sent stays as it is.
const rules = z.strictObject(
  Object.fromEntries(
    Object.entries(vendorRulesSchema.shape).map(([name, schema]) => [name, schema.unwrap().optional()]),
  ) as {
    [Name in keyof typeof vendorRulesSchema.shape]: z.ZodOptional<
      ReturnType<(typeof vendorRulesSchema.shape)[Name]['unwrap']>
    >
  },
)

const vendorChange = businessSchema.partial().extend({ rules: rules.optional() })

export const previewVendor = operation({
  id: 'vendors.preview',
  method: 'post',
  path: '/vendors/{vendor}/preview',
  summary:
    'What a change of zone, days, holidays or hours would do, before it is made: how many waits move, of how many couples, and the first of them',
  needs: 'vendor:write',
  params: ofVendor,
  body: vendorChange,
  answer: z.object({
    couples: z.int().describe('Of whom something moves or asks.'),
    moves: z.int().describe('Waits that stand now and would end at another moment.'),
    asks: z.int().describe('Those whose step asks a person what becomes of it.'),
    late: z
      .int()
      .describe('Of those that move: into the past. They wait ten minutes and follow their late policy.'),
    examples: z
      .array(
        z.object({
          client: uuid,
          names: z.string(),
          journey: z.string(),
          node: z.string(),
          step: z.string(),
          from: moment.nullable(),
          to: moment.nullable(),
          zone: z.string().describe('By which clock its moment is meant, after the change.'),
        }),
      )
      .describe('The earliest five.'),
  }),
  onlyLooks: true,
})

export const changeVendor = operation({
  id: 'vendors.change',
  method: 'patch',
  path: '/vendors/{vendor}',
  summary: 'Change the settings of the business: what is not sent stays as it is',
  needs: 'vendor:write',
  params: ofVendor,
  body: vendorChange,
  answer: vendor,
  etag: 'needs',
})
