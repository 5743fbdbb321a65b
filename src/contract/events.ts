import { z } from 'zod'
import { messageClassSchema } from '../core/wedding/policy.ts'
import { moment, ofVendor, operation, pageOf, pageQuery, uuid } from './operation.ts'
import { language, region, zoneName } from './words.ts'

/** What a program tells us that happened. Small facts in `data`; whatever is personal in `personal`, which is sealed. */
const name = z.string().regex(/^[a-z][a-z0-9_]{0,59}$/, 'a name of small letters, digits and _')
const fact = z.union([z.string().max(500), z.number(), z.boolean(), z.null()])

export const personSchema = z.strictObject({
  ref: z
    .string()
    .regex(
      /^(partner_a|partner_b|payer|planner|vendor:[a-z0-9_]{1,40}(#\d{1,3})?|guest:[a-z0-9_]{1,40}(#\d{1,4})?)$/,
      'partner_a, partner_b, payer, planner, vendor:… or guest:…',
    ),
  name: z.string().min(1).max(200),
  email: z.email().max(254).optional(),
  phone: z
    .string()
    .regex(/^\+?[0-9 ()./-]{5,30}$/, 'a phone number')
    .optional(),
  may: z
    .strictObject({
      email: z.array(messageClassSchema).max(3).optional(),
      sms: z.array(messageClassSchema).max(3).optional(),
    })
    .optional()
    .describe(
      'What they have agreed to hear, by way and class. Without it: letters about their wedding, texts that must arrive.',
    ),
})

/** What a business knows of a couple beside the rest: by a name of its own, for its texts and conditions. */
const FACTS_MAX = 100
export const factName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,59}$/, 'a name of small letters, digits and _ (at most 60), such as how_we_met')
export const factValue = z.union([z.string().max(2_000), z.number(), z.boolean()])
export const fewFacts = <Value extends z.ZodType>(value: Value) =>
  z.record(factName, value).refine((facts) => Object.keys(facts).length <= FACTS_MAX, {
    message: `At most ${FACTS_MAX} facts.`,
  })

export const coupleSchema = z.strictObject({
  people: z
    .array(personSchema)
    .min(1)
    .max(20)
    .refine((people) => new Set(people.map(({ ref }) => ref)).size === people.length, {
      message: 'Each person has a ref of their own: two here have the same.',
    }),
  stage: name.optional(),
  tags: z.array(z.string().min(1).max(60)).max(50).optional(),
  language: language.optional(),
  zone: zoneName.optional(),
  fields: fewFacts(factValue).optional().describe('Facts of your own about them, kept sealed.'),
  wedding: z
    .strictObject({
      on: z.iso.date().optional().describe('At most 30 years back and 10 years ahead.'),
      at: z
        .string()
        .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
        .optional(),
      zone: zoneName.optional(),
      region: region.optional(),
      guests: z.int().min(0).max(100_000).optional(),
    })
    .optional(),
})

export const eventRequestSchema = z.strictObject({
  type: name,
  key: z
    .string()
    .min(1)
    .max(200)
    .describe('The sender’s own key for this event; the same key again changes nothing.'),
  client: z
    .union([z.uuid(), coupleSchema])
    .describe('A couple that is known, or one that becomes known with this event.'),
  data: z.record(z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,59}$/), fact).optional(),
  personal: z.record(z.string().max(100), z.json()).optional(),
})

/** For programs alone: the key says whose event it is, so that the address names no business. */
export const sendEvent = operation({
  id: 'events.send',
  method: 'post',
  path: '/events',
  summary:
    'Tell that something happened: an inquiry, a payment, a signature. Journeys that wait for it begin or go on',
  needs: 'events:write',
  query: z.strictObject({
    estimate: z
      .enum(['true', 'false'])
      .default('false')
      .describe(
        '`true` tells of each run that began or went on how much stands before it and when it will begin.',
      ),
  }),
  body: eventRequestSchema,
  answer: z.object({
    event: uuid,
    duplicate: z.boolean().describe('It was known by its key: nothing was done again.'),
    client: uuid,
    started: z.array(z.object({ journey: z.string(), run: uuid })),
    woken: z.array(uuid).describe('Runs that had waited for it.'),
    not: z.array(z.object({ journey: z.string(), why: z.string() })).describe('What it did not begin.'),
    line: z
      .array(
        z.object({
          run: uuid,
          position: z.int().describe('1 is next.'),
          orMore: z.boolean().describe('So much stands before it that it was not counted to the end.'),
          due: moment,
          startsAt: moment.nullable().describe('Null while nothing was measured.'),
        }),
      )
      .optional()
      .describe(
        'With `estimate=true`: where their work stands. What has nothing due, or is done already, is not there.',
      ),
  }),
  status: 202,
  namesItself: true,
})

/** What the house itself says when it happens here: said by somebody else it would not be true. */
export const OF_THE_HOUSE = [
  'client_added',
  'form_submitted',
  'stage_changed',
  'tag_changed',
  'wedding_date_changed',
  'inbound_webhook',
  'message_bounced',
  'message_delayed',
  'message_complained',
  'auto_reply_received',
]

/** The same by a person who has seen it happen: a signature on paper, a payment at the bank, a call. */
export const tellEvent = operation({
  id: 'events.tell',
  method: 'post',
  path: '/vendors/{vendor}/clients/{client}/events',
  summary:
    'Tell what happened with a couple: a signature, a payment, a meeting. Journeys that wait for it begin or go on',
  needs: 'events:write',
  params: ofVendor.extend({ client: uuid }),
  body: z.strictObject({
    type: name.refine((type) => !OF_THE_HOUSE.includes(type), {
      message: 'This is known here by itself: change the couple, and it is told.',
    }),
    data: z
      .record(z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,59}$/), fact)
      .refine((data) => Object.keys(data).length <= 20, { message: 'At most 20 facts.' })
      .optional(),
  }),
  answer: z.object({
    event: uuid,
    started: z.array(z.object({ journey: z.string(), run: uuid })),
    woken: z.array(uuid).describe('Runs that had waited for it.'),
    not: z.array(z.object({ journey: z.string(), why: z.string() })).describe('What it did not begin.'),
  }),
  status: 201,
})

/** Words that came with what happened, for who may read what couples write. */
export const openEvent = operation({
  id: 'events.open',
  method: 'get',
  path: '/vendors/{vendor}/events/{event}/words',
  summary: 'The words that came with it: a reply, for who may read messages',
  needs: 'messages:open',
  params: ofVendor.extend({ event: uuid }),
  answer: z.object({ words: z.record(z.string(), z.unknown()) }),
})

/** What happened and what came of it. */
export const listEvents = operation({
  id: 'events.list',
  method: 'get',
  path: '/vendors/{vendor}/events',
  summary:
    'What happened, the newest first: which journeys it started, which runs it woke, and why the others did not begin',
  needs: 'events:read',
  params: ofVendor,
  query: pageQuery.extend({ client: uuid.optional(), type: name.optional() }),
  answer: pageOf(
    z.object({
      id: uuid,
      at: moment,
      type: z.string(),
      source: z.string(),
      client: uuid.nullable(),
      names: z.string().nullable(),
      wedding: uuid.nullable(),
      depth: z.int().describe('How many journeys lie between it and the world outside.'),
      data: z.record(z.string(), z.unknown()),
      personal: z.boolean().describe('Words came with it, which are kept sealed.'),
      started: z.array(z.object({ journey: z.string(), run: uuid })),
      woken: z.array(uuid),
      not: z.array(z.object({ journey: z.string(), code: z.string(), why: z.string() })),
    }),
  ),
})
