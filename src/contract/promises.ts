import { z } from 'zod'
import { moment, ofVendor, operation, uuid } from './operation.ts'

/** What the journeys of one couple promised them, and what came of it. */
const VERDICTS = ['kept', 'late', 'left_out', 'not_delivered'] as const

const promiseRow = z.object({
  run: uuid,
  journey: z.string(),
  node: z.string(),
  visit: z.int().describe('How often they had come to this step: a reminder may be promised several times.'),
  name: z.string(),
  kind: z.enum(['message', 'task']),
  type: z.string().nullable().describe('Of a message, what it is: the type of its module.'),
  zone: z.string().describe('By which clock its moment is meant.'),
  promised: moment
    .nullable()
    .describe('The last moment it was planned for before that moment came; null where none was named.'),
  at: moment.describe('When it went; of what did not go, when that was decided.'),
  verdict: z
    .enum(VERDICTS)
    .describe(
      '`kept`: gone at its moment or within a quarter of an hour. `left_out`: by rule or by a person. `not_delivered`: refused, came back, nobody knows, no address or no consent.',
    ),
  lateMinutes: z.int().nullable(),
  sentence: z.string().nullable().describe('Why it was not simply kept, where that is known.'),
})

export const clientPromises = operation({
  id: 'clients.promises',
  method: 'get',
  path: '/vendors/{vendor}/clients/{client}/promises',
  summary: 'What your journeys promised a couple and what came of it: each message and task that is over',
  needs: 'runs:read',
  params: ofVendor.extend({ client: uuid }),
  answer: z.object({
    zone: z.string(),
    now: moment,
    journeys: z.int().describe('How many journeys they have been on: with none, nothing was promised.'),
    counts: z.object({
      kept: z.int(),
      late: z.int(),
      left_out: z.int(),
      not_delivered: z.int(),
      ahead: z.int().describe('Messages and tasks that are still planned.'),
    }),
    items: z.array(promiseRow).describe('In the order in which they came to be.'),
  }),
})
