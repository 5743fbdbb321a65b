import { z } from 'zod'
import { moment, ofVendor, operation, uuid } from './operation.ts'

/**
 * What the engine knows of a couple when it decides, for looking ahead in the browser: the same functions, fed with
 * the same facts. No name of a person and no address is among them.
 */
const facts = z.record(z.string(), z.unknown())
const hours = z.object({ from: z.string(), to: z.string() })
const classes = z.array(z.enum(['transactional', 'relationship', 'marketing']))
const byClass = <Value extends z.ZodType>(value: Value) =>
  z.object({
    transactional: value.optional(),
    relationship: value.optional(),
    marketing: value.optional(),
  })
const day = z.iso.date()
const milliseconds = z.int()

const anchorValue = z.discriminatedUnion('is', [
  z.object({ is: z.literal('day'), on: day }),
  z.object({ is: z.literal('hour'), on: day, at: z.string(), zone: z.string() }),
  z.object({ is: z.literal('moment'), at: milliseconds }),
])

export const knownOfCouple = z.object({
  client: z.object({
    id: z.string(),
    stage: z.string(),
    tags: z.array(z.string()),
    language: z.string(),
    zone: z.string().nullable(),
    fields: facts,
    holds: z.array(z.string()),
  }),
  people: z.array(
    z.object({
      ref: z.string(),
      zone: z.string().nullable(),
      reach: z
        .object({ email: z.string().optional(), sms: z.string().optional() })
        .describe('Marks, not addresses: two people with one mark share an address.'),
      may: z.object({ email: classes, sms: classes }),
    }),
  ),
  wedding: z
    .object({
      id: z.string(),
      status: z.enum(['held', 'confirmed', 'moved', 'to_be_confirmed', 'cancelled']),
      zone: z.string().nullable(),
      region: z.string().nullable(),
      guests: z.int().nullable(),
    })
    .nullable(),
  anchors: z.record(z.string(), z.object({ value: anchorValue.nullable(), generation: z.int() })),
  vendor: z.object({
    id: z.string(),
    type: z.string(),
    zone: z.string(),
    region: z.string(),
    workingDays: z.array(z.int()),
    holidays: z.array(day),
    weddingDays: z.array(day),
    calendarGeneration: z.int(),
    openHours: z.object({ email: hours.optional(), sms: hours.optional() }),
    caps: byClass(
      z.object({ max: z.int(), windowHours: z.number(), policy: z.enum(['later', 'merge', 'skip']) }),
    ),
    late: byClass(z.enum(['skip', 'send_now', 'merge', 'compress', 'task'])),
  }),
  sends: z.array(
    z.object({
      to: z.string(),
      class: z.enum(['transactional', 'relationship', 'marketing']),
      at: milliseconds,
      catchUp: z.boolean(),
    }),
  ),
  answers: z.record(z.string(), facts),
  happened: z.record(z.string(), z.object({ count: z.int(), lastAt: milliseconds })),
  limits: z.object({ stepsPerActivationMax: z.int() }),
})
export type KnownOfCouple = z.output<typeof knownOfCouple>

export const coupleView = operation({
  id: 'foresight.view',
  method: 'get',
  path: '/vendors/{vendor}/foresight/view',
  summary:
    'What the engine knows of a couple, real or imagined, so that the browser can look ahead by itself',
  needs: 'clients:read',
  params: ofVendor,
  query: z.strictObject({
    client: uuid.optional().describe('Without one: a couple who does not exist.'),
    wedding: day.optional().describe('When the imagined ones marry; by default on a Saturday in ten months.'),
  }),
  answer: z.object({
    couple: z.object({ client: uuid.nullable(), name: z.string() }),
    now: moment,
    known: knownOfCouple,
    clocks: z
      .array(z.object({ zone: z.string(), wall: z.string(), at: moment.nullable() }))
      .describe(
        'What the server’s zone data say of these wall times. A browser that says otherwise must not look ahead by itself.',
      ),
  }),
})
