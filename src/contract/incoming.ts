import { z } from 'zod'
import { becomesSchema, CALL_REFUSALS } from '../core/incoming.ts'
import { OF_THE_HOUSE } from './events.ts'
import { done, moment, ofVendor, operation, uuid } from './operation.ts'

/** Addresses that other systems call: a website form, payments, a booking tool. */
const ofIncoming = ofVendor.extend({ incoming: uuid })
const OVERLAP_HOURS_MAX = 168
const SECRET_ONCE = 'What the other system signs its calls with. Shown this once.'

const address = z.object({
  id: uuid,
  key: z.string().describe('By which journeys name it.'),
  name: z.string(),
  url: z.string().describe('What the other system must be told to call, with POST.'),
  becomes: becomesSchema,
  paused: moment.nullable(),
  olderUntil: moment.nullable().describe('Until when the secret before the last is taken as well.'),
  by: z.string(),
  at: moment,
})
const name = z.string().trim().min(1).max(100)
const becomes = becomesSchema
  .refine(({ type }) => type === 'inbound_webhook' || !OF_THE_HOUSE.includes(type), {
    path: ['type'],
    message: 'This is known here by itself: choose what the other system tells.',
  })
  .refine(({ type, event }) => (type === 'custom_event') === (event !== null), {
    path: ['event'],
    message: 'A custom event has a name, and no other event has one.',
  })
  .refine(({ couple, add }) => add === null || couple.by !== 'client', {
    path: ['add'],
    message: 'Whoever is found by our own id is known already.',
  })

export const listIncoming = operation({
  id: 'incoming.list',
  method: 'get',
  path: '/vendors/{vendor}/incoming',
  summary: 'The addresses that other systems call: what each call becomes, never their secrets',
  needs: 'incoming:read',
  params: ofVendor,
  answer: z.object({ items: z.array(address) }),
})

export const readIncoming = operation({
  id: 'incoming.read',
  method: 'get',
  path: '/vendors/{vendor}/incoming/{incoming}',
  summary: 'One address that another system calls',
  needs: 'incoming:read',
  params: ofIncoming,
  answer: address,
  etag: 'gives',
})

export const addIncoming = operation({
  id: 'incoming.add',
  method: 'post',
  path: '/vendors/{vendor}/incoming',
  summary: 'Make an address for another system. Its secret is shown this once',
  needs: 'incoming:write',
  params: ofVendor,
  body: z.strictObject({ name, becomes }),
  answer: address.extend({ secret: z.string().describe(SECRET_ONCE) }),
  problems: ['conflict'],
  status: 201,
  shownOnce: true,
})

export const changeIncoming = operation({
  id: 'incoming.change',
  method: 'patch',
  path: '/vendors/{vendor}/incoming/{incoming}',
  summary: 'Change what its calls become, or pause it: a paused address asks its callers to come again later',
  needs: 'incoming:write',
  params: ofIncoming,
  body: z.strictObject({
    name: name.optional(),
    becomes: becomes.optional(),
    paused: z.boolean().optional(),
  }),
  answer: address,
  etag: 'needs',
})

export const rotateIncoming = operation({
  id: 'incoming.rotate',
  method: 'post',
  path: '/vendors/{vendor}/incoming/{incoming}/secret',
  summary:
    'Make a new secret. The one before it is taken for some hours more, so that no call is lost meanwhile',
  needs: 'incoming:write',
  params: ofIncoming,
  body: z.strictObject({
    overlapHours: z
      .int()
      .min(0)
      .max(OVERLAP_HOURS_MAX)
      .default(24)
      .describe('How long the one before is still taken; 0 where it has become known.'),
  }),
  answer: address.extend({ secret: z.string().describe(SECRET_ONCE) }),
  status: 201,
  shownOnce: true,
})

export const removeIncoming = operation({
  id: 'incoming.remove',
  method: 'delete',
  path: '/vendors/{vendor}/incoming/{incoming}',
  summary: 'Remove an address: whoever calls it is refused from now on',
  needs: 'incoming:write',
  params: ofIncoming,
  answer: done,
  status: 204,
})

export const listCalls = operation({
  id: 'incoming.calls',
  method: 'get',
  path: '/vendors/{vendor}/incoming/{incoming}/calls',
  summary: 'The last calls of an address, the newest first: what was taken, what was refused and why',
  needs: 'incoming:read',
  params: ofIncoming,
  answer: z.object({
    items: z.array(
      z.object({
        id: uuid,
        at: moment,
        verdict: z
          .enum(['accepted', 'repeated', 'refused'])
          .describe('Repeated: known by its id; nothing was done again.'),
        code: z.enum(CALL_REFUSALS).nullable(),
        why: z.string().nullable(),
        event: uuid.nullable(),
        client: uuid.nullable(),
        started: z.int().describe('How many journeys it started.'),
        woken: z.int().describe('How many runs had waited for it.'),
      }),
    ),
  }),
})
