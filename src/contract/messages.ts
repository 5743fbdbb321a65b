import { z } from 'zod'
import { messageClassSchema } from '../core/wedding/policy.ts'
import { moment, ofVendor, operation, pageOf, pageQuery, uuid } from './operation.ts'
import { explained, which } from './runs.ts'

/** Everything that was sent, is on its way, or was not sent, and why. */
export const MESSAGE_STATES = [
  'planned',
  'sending',
  'accepted',
  'delivered',
  'rejected',
  'retryable',
  'unknown',
  'unresolved',
  'suppressed',
  'cancelled',
  'failed',
] as const
/** The same in three words, for a filter. */
export const MESSAGE_KINDS_OF_STATE = {
  waiting: ['planned', 'sending', 'retryable', 'unknown'],
  sent: ['accepted', 'delivered'],
  not_sent: ['rejected', 'unresolved', 'suppressed', 'cancelled', 'failed'],
} as const

const message = z.object({
  id: uuid,
  run: uuid,
  client: uuid,
  names: z.string(),
  journey: z.string(),
  node: z.string(),
  name: z.string().describe('What the step is called.'),
  zone: z.string(),
  kind: z.string().describe('`email@1`, `sms@1`, `webhook` …'),
  channel: z.string(),
  class: z.string(),
  recipient: z.string().describe('partner_a, payer …'),
  state: z.enum(MESSAGE_STATES),
  cause: z.string().nullable(),
  planned: moment,
  due: moment.nullable().describe('When it is tried next.'),
  settled: moment.nullable(),
  attempts: z.int(),
})

export const listMessages = operation({
  id: 'messages.list',
  method: 'get',
  path: '/vendors/{vendor}/messages',
  summary: 'Messages, the newest first: waiting, sent or not sent, of everybody or of one couple',
  needs: 'messages:read',
  params: ofVendor,
  query: pageQuery.extend({
    is: z.enum(['waiting', 'sent', 'not_sent']).optional(),
    client: uuid.optional(),
    run: uuid.optional(),
    kind: z
      .string()
      .max(100)
      .optional()
      .describe('A kind with its version, or all of a kind: `email@1`, `email`.'),
    journey: uuid.optional(),
    search: z
      .string()
      .max(200)
      .optional()
      .describe('Names of the couple, and words of what the message is called or says in its subject.'),
  }),
  answer: pageOf(message),
})

export const LEFT_OUT_DAYS = 92
export const listLeftOut = operation({
  id: 'messages.left_out',
  method: 'get',
  path: '/vendors/{vendor}/messages/left-out',
  summary: `Messages that were never begun, the newest first, each with its reason: too late, told inside another, nobody to send it to, no consent, left out by a person; of the last ${LEFT_OUT_DAYS} days`,
  weight: 2,
  needs: 'messages:read',
  params: ofVendor,
  query: pageQuery.extend({
    client: uuid.optional(),
    kind: z.string().max(100).optional(),
    journey: uuid.optional(),
    search: z
      .string()
      .max(200)
      .optional()
      .describe('Names of the couple, and words of what the message is called.'),
  }),
  answer: pageOf(
    z.object({
      run: uuid,
      client: uuid,
      names: z.string(),
      journey: z.string(),
      node: z.string(),
      name: z.string(),
      kind: z.string(),
      zone: z.string(),
      at: moment,
      code: z.string(),
      sentence: z.string(),
    }),
  ),
})

export const explainMessages = operation({
  id: 'messages.why',
  method: 'get',
  path: '/vendors/{vendor}/messages/why',
  summary:
    '"Why did Mia not get the timeline form?": what became or will become of the messages that are meant, and why',
  weight: 3,
  needs: 'messages:read',
  params: ofVendor,
  query: z.strictObject({ search: z.string().max(200).default('') }),
  answer: z.object({
    items: z.array(
      explained.extend({
        client: uuid,
        names: z.string(),
        run: uuid,
        journey: z.string(),
        zone: z.string(),
      }),
    ),
  }),
})

export const readMessage = operation({
  id: 'messages.read',
  method: 'get',
  path: '/vendors/{vendor}/messages/{message}',
  summary: 'One message as it was written, with every attempt to send it',
  needs: 'messages:open',
  params: ofVendor.extend({ message: uuid }),
  answer: message.extend({
    maySendAgain: z
      .boolean()
      .describe('It could not be delivered, and can be sent once more under its old key.'),
    content: z
      .record(z.string(), z.unknown())
      .nullable()
      .describe('The words as they left or will leave; null when nothing is written yet.'),
    tries: z.array(
      z.object({
        attempt: z.int(),
        started: moment,
        ended: moment.nullable(),
        result: z.string().nullable(),
        detail: z.string().nullable(),
      }),
    ),
  }),
})

export const previewMessage = operation({
  id: 'messages.preview',
  method: 'get',
  path: '/vendors/{vendor}/runs/{run}/steps/{node}/message',
  summary: 'The message of a step as it would be written to this couple now: what an approval says yes to',
  needs: 'messages:open',
  params: ofVendor.extend({ run: uuid, node: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,59}$/) }),
  answer: z.object({
    node: z.string(),
    kind: z.string(),
    content: z.record(z.string(), z.unknown()).nullable(),
    unresolved: z.array(z.string()).describe('Fields without a value: it cannot be sent like this.'),
    why: z.string().nullable(),
    words: z
      .record(z.string(), z.string())
      .describe('What is said in so many words and can be said otherwise for this couple, field by field.'),
    edited: z.boolean(),
  }),
})

const words = z
  .strictObject({
    subject: z.string().max(1_000).optional(),
    preheader: z.string().max(1_000).optional(),
    body: z.string().max(20_000).optional(),
    text: z.string().max(20_000).optional(),
  })
  .refine((one) => Object.values(one).some((value) => value !== undefined), {
    message: 'Say which words: subject, preheader, body or text.',
  })

export const editMessage = operation({
  id: 'messages.edit',
  method: 'post',
  path: '/vendors/{vendor}/runs/{run}/steps/{node}/message',
  summary:
    'Other words for one couple, once: of a message that has not gone; to be taken back for ten minutes',
  needs: 'runs:write',
  params: previewMessage.params,
  body: z.strictObject({ words }),
  answer: z.object({ run: uuid, node: z.string(), command: uuid, undoUntil: moment }),
  problems: ['command_impossible'],
})

export const previewEdit = operation({
  id: 'messages.edit_preview',
  method: 'post',
  path: '/vendors/{vendor}/runs/{run}/steps/{node}/message/preview',
  summary:
    'The message of a step as it would be written to this couple with these other words; nothing is kept',
  needs: 'messages:open',
  params: previewMessage.params,
  body: z.strictObject({ words }),
  answer: previewMessage.answer,
  onlyLooks: true,
})

export const editMessages = operation({
  id: 'messages.edit_many',
  method: 'post',
  path: '/vendors/{vendor}/messages/edits',
  summary:
    'The same other words for many couples, once: a job that tells its progress and a result for each, to be taken back as a whole',
  needs: 'runs:write',
  params: ofVendor,
  body: z.strictObject({ which, node: previewMessage.params.shape.node, words }),
  answer: z.object({ job: uuid, total: z.int() }),
  status: 202,
})

/** A message as somebody is writing it: what stands in the draft need not be whole. */
const written = {
  type: z.string().regex(/^[a-z][a-z0-9_-]{0,59}$/),
  version: z.int().min(1).max(10_000),
  config: z.record(z.string(), z.unknown()),
  class: messageClassSchema.optional(),
  client: uuid.optional().describe('Without one: a couple like any other.'),
}

export const composeMessage = operation({
  id: 'messages.compose',
  method: 'post',
  path: '/vendors/{vendor}/messages/preview',
  summary: 'A message as it would be written to a couple now, from what stands in a draft; nothing is kept',
  needs: 'messages:open',
  params: ofVendor,
  body: z.strictObject(written),
  answer: z.object({
    to: z.string(),
    content: z.record(z.string(), z.unknown()).nullable(),
    unresolved: z.array(z.string()),
    why: z.string().nullable(),
  }),
  onlyLooks: true,
})

export const tryMessage = operation({
  id: 'messages.try',
  method: 'post',
  path: '/vendors/{vendor}/messages/try',
  summary: 'Send a message to yourself, as it would be written to a couple; never to a couple',
  needs: 'journeys:write',
  params: ofVendor,
  body: z.strictObject(written),
  answer: z.object({
    sent: z.boolean(),
    to: z.string(),
    left: z.boolean().describe('Whether it left the house, or lies in the captured mailbox.'),
    says: z.string(),
  }),
  problems: ['conflict'],
  onlyLooks: true,
})
