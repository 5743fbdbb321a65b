import { z } from 'zod'
import { ofJourney } from './journeys.ts'
import { moment, operation, uuid } from './operation.ts'

/** What couples did in a journey within a range of days: step by step, way by way, and who they were. */
export const days = {
  from: z.iso.date().optional().describe('By the business’s own clock; by default the last thirty days.'),
  to: z.iso.date().optional(),
}
const BECAME = ['done', 'skipped', 'failed'] as const

export const journeyFlow = operation({
  id: 'journeys.flow',
  method: 'get',
  path: '/vendors/{vendor}/journeys/{journey}/flow',
  summary:
    'How many couples did each step of a journey, left it out or failed at it, and which way they went on',
  needs: 'runs:read',
  params: ofJourney,
  query: z.strictObject(days),
  answer: z.object({
    steps: z.array(z.object({ node: z.string(), done: z.int(), skipped: z.int(), failed: z.int() })),
    ways: z.array(z.object({ from: z.string(), exit: z.string(), runs: z.int() })),
  }),
})

export const flowCouples = operation({
  id: 'journeys.flow.couples',
  method: 'get',
  path: '/vendors/{vendor}/journeys/{journey}/flow/{node}',
  summary: 'The couples behind one of these numbers, the latest first',
  needs: 'runs:read',
  params: ofJourney.extend({ node: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,59}$/, 'the id of a step') }),
  query: z.strictObject({ ...days, is: z.enum(BECAME).default('done') }),
  answer: z.object({
    items: z
      .array(z.object({ run: uuid, client: uuid, names: z.string(), at: moment }))
      .describe('At most 200.'),
  }),
})
