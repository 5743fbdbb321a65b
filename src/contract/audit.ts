import { z } from 'zod'
import { moment, ofVendor, operation, pageOf, pageQuery, uuid } from './operation.ts'

export const ALTERED = [
  'edited',
  'deleted',
  'slipped_in',
  'seal_broken',
  'seal_missing',
  'let_go_early',
] as const

/** Whether the record is still what was written. */
export const checkAudit = operation({
  id: 'audit.check',
  method: 'get',
  path: '/vendors/{vendor}/audit/check',
  summary:
    'Compare the record with its seals, a page of some 20,000 changes at a time: what was edited, taken out or slipped in afterwards',
  weight: 5,
  needs: 'audit:read',
  params: ofVendor,
  query: pageQuery.pick({ cursor: true }),
  answer: z.object({
    checked: moment,
    seal: z
      .object({ place: z.int(), hash: z.string(), until: moment })
      .nullable()
      .describe(
        'The newest seal. Whoever writes down its place and hash elsewhere can tell later whether the record up to then is still the same.',
      ),
    sealed: z.int().describe('Changes of this page that lie under a seal.'),
    letGo: z.int().describe('Changes that were let go of when their time was over.'),
    waiting: z.int().describe('Changes that are sealed within ten minutes.'),
    found: z.int().describe('How many alterations this page has; the first of them follow.'),
    altered: z.array(z.object({ is: z.enum(ALTERED), place: z.int().nullable(), id: uuid.nullable() })),
    upTo: z.int().nullable().describe('The seal this page ends with.'),
    next: z.string().nullable().describe('Where the next page begins; null when all was compared.'),
  }),
})

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
