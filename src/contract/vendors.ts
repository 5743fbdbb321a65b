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

export const changeVendor = operation({
  id: 'vendors.change',
  method: 'patch',
  path: '/vendors/{vendor}',
  summary: 'Change the settings of the business: what is not sent stays as it is',
  needs: 'vendor:write',
  params: ofVendor,
  body: businessSchema.partial().extend({ rules: rules.optional() }),
  answer: vendor,
  etag: 'needs',
})
