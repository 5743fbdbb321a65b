import { z } from 'zod'
import { messageClassSchema } from '../core/wedding/policy.ts'
import { done, moment, ofVendor, operation, pageOf, pageQuery, uuid } from './operation.ts'

/** Who is not written to any more, by which way, and why. */
const reason = z.enum(['unsubscribed', 'stop', 'dead_address', 'complaint', 'by_vendor'])
const suppression = z.object({
  id: z.string().describe('Names an address without saying it.'),
  channel: z.enum(['email', 'sms']),
  classes: z.array(messageClassSchema),
  reason,
  at: moment,
  clients: z
    .array(z.object({ id: uuid, name: z.string() }))
    .describe('Couples in whose book the address stands; none for somebody who is not known any more.'),
})

export const listSuppressions = operation({
  id: 'suppressions.list',
  method: 'get',
  path: '/vendors/{vendor}/suppressions',
  summary: 'Who is not written to any more, the newest first',
  needs: 'clients:read',
  params: ofVendor,
  query: pageQuery,
  answer: pageOf(suppression),
})

export const addSuppression = operation({
  id: 'suppressions.add',
  method: 'post',
  path: '/vendors/{vendor}/suppressions',
  summary: 'Do not write to an address any more: a complaint or a bounce that was told elsewhere, or a wish',
  needs: 'clients:write',
  params: ofVendor,
  body: z.strictObject({
    channel: z.enum(['email', 'sms']),
    address: z.string().trim().min(3).max(254),
    reason: z.enum(['dead_address', 'complaint', 'by_vendor', 'unsubscribed']),
    classes: z
      .array(messageClassSchema)
      .min(1)
      .max(3)
      .optional()
      .describe('Without them: what follows from the reason.'),
  }),
  answer: z.object({ id: z.string() }),
  status: 201,
})

export const liftSuppression = operation({
  id: 'suppressions.lift',
  method: 'delete',
  path: '/vendors/{vendor}/suppressions/{suppression}',
  summary: 'Write to an address again, because its owner has asked for it',
  needs: 'clients:write',
  params: ofVendor.extend({ suppression: z.string().regex(/^(email|sms)\.[A-Za-z0-9_-]{43}$/) }),
  answer: done,
  status: 204,
})
