import { z } from 'zod'
import { moment, ofVendor, operation, pageOf, pageQuery, uuid } from './operation.ts'

/** Who changed what. */
export const listAudit = operation({
  id: 'audit.list',
  method: 'get',
  path: '/vendors/{vendor}/audit',
  summary: 'Who changed what, the newest first',
  needs: 'audit:read',
  params: ofVendor,
  query: pageQuery,
  answer: pageOf(
    z.object({
      id: uuid,
      at: moment,
      actor: z.string(),
      action: z.string(),
      subject: z.string(),
      detail: z.record(z.string(), z.unknown()),
    }),
  ),
})
