import { z } from 'zod'
import { messageClassSchema } from '../core/wedding/policy.ts'
import { coupleSchema, factValue, fewFacts, personSchema } from './events.ts'
import { done, moment, ofVendor, operation, pageOf, pageQuery, uuid } from './operation.ts'

/** What somebody may be sent, by channel. */
const agreed = z.strictObject({
  email: z.array(messageClassSchema).max(3),
  sms: z.array(messageClassSchema).max(3),
})

/** Couples as one vendor knows them. */
export const clientSchema = z.object({
  id: uuid,
  name: z.string(),
  people: z.array(
    z.object({
      ref: z.string(),
      name: z.string(),
      email: z.string().nullable(),
      phone: z.string().nullable(),
      zone: z.string().nullable().describe('Their own clock, where it is known.'),
      may: agreed,
      refused: agreed.describe(
        'What they have refused themselves, by the link in a letter or a word in a text message.',
      ),
      dead: z
        .array(z.enum(['email', 'sms']))
        .describe('By which ways nothing arrives any more at the address they have: it came back.'),
    }),
  ),
  stage: z.string(),
  tags: z.array(z.string()),
  language: z.string(),
  wedding: z
    .object({
      id: uuid,
      on: z.iso.date().nullable(),
      status: z.string(),
      zone: z.string().nullable(),
      region: z.string().nullable(),
      guests: z.int().nullable(),
    })
    .nullable(),
  since: moment,
})
export type ClientDocument = z.infer<typeof clientSchema>

/** One couple alone, with what is known of them beside. */
const wholeClient = clientSchema.extend({
  fields: z
    .record(z.string(), z.json())
    .nullable()
    .describe(
      'Facts of your own about them: from a table, from their answers, or written by you. Null for whoever may not read what couples answered.',
    ),
})
export type WholeClient = z.infer<typeof wholeClient>

export const CLIENT_ORDERS = ['newest', 'wedding'] as const

export const listClients = operation({
  id: 'clients.list',
  method: 'get',
  path: '/vendors/{vendor}/clients',
  summary:
    'Couples, the newest first or by their wedding day; those whose names or addresses hold every word of `search`',
  needs: 'clients:read',
  params: ofVendor,
  query: pageQuery.extend({
    search: z.string().trim().min(1).max(100).optional(),
    stage: z.string().max(60).optional(),
    tag: z.string().max(60).optional(),
    order: z
      .enum(CLIENT_ORDERS)
      .default('newest')
      .describe(
        '`wedding`: who marries next comes first; then those without a date; then those whose day is over or cancelled.',
      ),
  }),
  answer: pageOf(clientSchema),
})

const oneClient = ofVendor.extend({ client: uuid })

export const readClient = operation({
  id: 'clients.read',
  method: 'get',
  path: '/vendors/{vendor}/clients/{client}',
  summary: 'One couple',
  needs: 'clients:read',
  params: oneClient,
  answer: wholeClient,
  etag: 'gives',
})

export const addClient = operation({
  id: 'clients.add',
  method: 'post',
  path: '/vendors/{vendor}/clients',
  summary: 'Add a couple: journeys that wait for one begin',
  needs: 'clients:write',
  params: ofVendor,
  body: coupleSchema,
  answer: wholeClient,
  status: 201,
})

export const savePerson = operation({
  id: 'clients.people.save',
  method: 'put',
  path: '/vendors/{vendor}/clients/{client}/people/{ref}',
  summary:
    'Write down one person of a couple: name, address, number and what they may be sent; one who is not there is added',
  needs: 'clients:write',
  params: oneClient.extend({ ref: personSchema.shape.ref }),
  body: z.strictObject({
    name: z.string().trim().min(1).max(200),
    email: z.email().max(254).nullable(),
    phone: personSchema.shape.phone.unwrap().nullable(),
    may: agreed.optional(),
  }),
  answer: wholeClient,
  etag: 'needs',
})

export const removePerson = operation({
  id: 'clients.people.remove',
  method: 'delete',
  path: '/vendors/{vendor}/clients/{client}/people/{ref}',
  summary:
    'Take one person out again who was added to a couple by mistake: as long as nothing was written to them and nothing has happened with the couple since',
  needs: 'clients:write',
  params: savePerson.params,
  answer: done,
  status: 204,
})

export const changeClient = operation({
  id: 'clients.change',
  method: 'patch',
  path: '/vendors/{vendor}/clients/{client}',
  summary:
    "Change a couple's stage, tags, language or facts of your own; journeys that listen for stage and tags begin",
  needs: 'clients:write',
  params: oneClient,
  body: coupleSchema.pick({ stage: true, tags: true, language: true }).extend({
    fields: fewFacts(factValue.nullable())
      .optional()
      .describe('Facts by name; null takes one away, what is not named stays.'),
  }),
  answer: wholeClient,
  etag: 'needs',
})

export const removeClient = operation({
  id: 'clients.remove',
  method: 'delete',
  path: '/vendors/{vendor}/clients/{client}',
  summary:
    'Take a couple out again who came by mistake: with their journeys, as long as nothing was sent to them and nothing came from them',
  needs: 'clients:write',
  params: oneClient,
  answer: done,
  status: 204,
})

export const tagClients = operation({
  id: 'clients.tag_many',
  method: 'post',
  path: '/vendors/{vendor}/clients/tags',
  summary: 'Put a tag on many couples, or take it off: a job that can be taken back',
  weight: 10,
  needs: 'clients:write',
  params: ofVendor,
  body: z.strictObject({
    clients: z.array(uuid).min(1).max(10_000),
    tag: z.string().trim().min(1).max(60),
    on: z.boolean().default(true),
  }),
  answer: z.object({ job: uuid, total: z.int() }),
  status: 202,
})
