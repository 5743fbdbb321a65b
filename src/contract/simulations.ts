import { z } from 'zod'
import { ofJourney } from './journeys.ts'
import { exported, moment, operation, password, uuid } from './operation.ts'

/** The whole book run ahead through one journey: a job with its progress, and what came out of it. */
const client = z.object({ id: uuid, names: z.string() })

export const simulateBook = operation({
  id: 'journeys.simulate',
  method: 'post',
  path: '/vendors/{vendor}/journeys/{journey}/simulations',
  summary:
    'Run every couple with a wedding ahead through a journey, from where they stand or as if they began now: a job',
  weight: 20,
  needs: 'journeys:write',
  params: ofJourney,
  body: z.strictObject({
    of: z
      .string()
      .regex(/^(draft|live|[1-9]\d{0,5})$/, 'draft, live or the number of a version')
      .default('draft'),
    behaviour: z.enum(['never', 'silent', 'typical', 'always', 'worst']).default('typical'),
  }),
  answer: z.object({ job: uuid, total: z.int() }),
  status: 202,
  problems: ['journey_invalid', 'journey_unpublished'],
})

const ofSimulation = ofJourney.extend({ job: uuid })

export const readSimulation = operation({
  id: 'journeys.simulations.read',
  method: 'get',
  path: '/vendors/{vendor}/journeys/{journey}/simulations/{job}',
  summary: 'How far a simulation is, and what it has found: by day, what wants a look, and every act',
  needs: 'runs:read',
  params: ofSimulation,
  answer: z.object({
    state: z.enum(['running', 'done', 'failed', 'cancelled']),
    total: z.int(),
    done: z.int(),
    zone: z.string(),
    days: z.array(
      z.object({
        on: z.iso.date(),
        messages: z.int(),
        tasks: z.int(),
      }),
    ),
    worked: z.array(z.iso.date()).describe('Days on which a wedding is worked.'),
    warnings: z.array(
      z.object({ code: z.string(), node: z.string(), name: z.string(), count: z.int(), first: client }),
    ),
    lines: z
      .array(
        z.object({
          at: moment.nullable(),
          client: uuid,
          names: z.string(),
          node: z.string(),
          name: z.string(),
          what: z.string(),
        }),
      )
      .describe('In order of time; at most 20,000.'),
  }),
})

export const exportSimulation = operation({
  id: 'journeys.simulations.export',
  method: 'post',
  path: '/vendors/{vendor}/journeys/{journey}/simulations/{job}/export',
  summary: 'Every act that a simulation has found as one table, in order of time',
  weight: 20,
  needs: 'runs:read',
  params: ofSimulation,
  body: z.strictObject({ password }),
  provesPerson: true,
  answer: exported,
  shownOnce: true,
})
