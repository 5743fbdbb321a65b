import { z } from 'zod'
import { ofVendor, operation, uuid } from './operation.ts'

/** Journeys of a vendor. */
export const JOURNEY_STATUSES = ['draft', 'active', 'paused', 'archived'] as const

export const listJourneys = operation({
  id: 'journeys.list',
  method: 'get',
  path: '/vendors/{vendor}/journeys',
  summary: 'Journeys, with how many couples travel each',
  needs: 'journeys:read',
  params: ofVendor,
  query: z.strictObject({
    status: z.enum(JOURNEY_STATUSES).optional(),
    category: z.string().max(100).optional(),
  }),
  answer: z.object({
    items: z.array(
      z.object({
        id: uuid,
        key: z.string(),
        name: z.string(),
        category: z.string(),
        status: z.enum(JOURNEY_STATUSES),
        version: z.int().nullable(),
        trigger: z.string().nullable(),
        /** Runs by their status. */
        runs: z.record(z.string(), z.int()),
      }),
    ),
  }),
})
