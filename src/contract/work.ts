import { z } from 'zod'
import { moment, ofVendor, operation, pageOf, pageQuery, uuid } from './operation.ts'

export { RISKS, readOutlook, readToday } from './today.ts'

/** What waits for a person: approvals, tasks, notices, and messages that could not be delivered. */
const ofRun = ofVendor.extend({ run: uuid })
const about = {
  run: uuid,
  client: uuid,
  names: z.string(),
  journey: z.string(),
  wedding: z.iso.date().nullable(),
}
const name = z.string().min(1).max(200)
const role = z.string().describe('Whom it is for: they, or whoever has a higher role, may answer.')
const yours = z.boolean().describe('Whether you are among those who may answer.')
const askedQuery = pageQuery.extend({
  whose: z.enum(['all', 'yours']).default('all').describe('Only what you may answer, or whatever waits.'),
})

export const listApprovals = operation({
  id: 'approvals.list',
  method: 'get',
  path: '/vendors/{vendor}/approvals',
  summary: 'Messages that wait for your yes, the most urgent first',
  needs: 'work:read',
  params: ofVendor,
  query: askedQuery,
  answer: z.object({
    items: z.array(
      z.object({
        ...about,
        name: z.string(),
        node: z.string(),
        ask: z.string(),
        role,
        yours,
        asked: moment,
        until: moment.nullable().describe('What the journey does by itself when nobody answers until then.'),
        message: z
          .object({ node: z.string(), name: z.string(), module: z.string() })
          .nullable()
          .describe('The message one says yes to, where there is one.'),
        zone: z.string(),
      }),
    ),
    total: z.int(),
    next: z.string().nullable(),
  }),
})

export const answerApproval = operation({
  id: 'approvals.answer',
  method: 'post',
  path: '/vendors/{vendor}/runs/{run}/approvals',
  summary: 'Say yes to a message, or leave it out',
  needs: 'work:write',
  params: ofRun,
  body: z.strictObject({ name, answer: z.enum(['approved', 'skipped']) }),
  answer: z.object({ run: uuid, name: z.string(), answer: z.string() }),
})

export const listTasks = operation({
  id: 'tasks.list',
  method: 'get',
  path: '/vendors/{vendor}/tasks',
  summary: 'Tasks that are open, the first due first',
  needs: 'work:read',
  params: ofVendor,
  query: askedQuery,
  answer: z.object({
    items: z.array(
      z.object({
        ...about,
        name: z.string(),
        node: z.string(),
        title: z.string(),
        role,
        yours,
        why: z.string(),
        due: moment.nullable(),
        overdue: z.boolean(),
        opened: moment,
        zone: z.string(),
      }),
    ),
    total: z.int(),
    next: z.string().nullable(),
  }),
})

export const finishTask = operation({
  id: 'tasks.finish',
  method: 'post',
  path: '/vendors/{vendor}/runs/{run}/tasks',
  summary: 'Say that a task is done; a journey that waits at it goes on',
  needs: 'work:write',
  params: ofRun,
  body: z.strictObject({ name }),
  answer: z.object({ run: uuid, name: z.string() }),
})

export const listNotices = operation({
  id: 'notices.list',
  method: 'get',
  path: '/vendors/{vendor}/notices',
  summary: 'What you should know and what nobody has seen to yet, the newest first',
  needs: 'work:read',
  params: ofVendor,
  query: pageQuery,
  answer: pageOf(
    z.object({
      id: uuid,
      code: z.string(),
      at: moment,
      run: uuid.nullable(),
      client: uuid.nullable(),
      names: z.string().nullable(),
      node: z.string().nullable(),
      facts: z.record(z.string(), z.unknown()),
    }),
  ),
})

export const settleNotice = operation({
  id: 'notices.settle',
  method: 'post',
  path: '/vendors/{vendor}/notices/{notice}/settle',
  summary: 'Put a notice away: seen, and seen to',
  needs: 'work:write',
  params: ofVendor.extend({ notice: uuid }),
  answer: z.object({ id: uuid }),
})

export const listDeadLetters = operation({
  id: 'dead_letters.list',
  method: 'get',
  path: '/vendors/{vendor}/dead-letters',
  summary: 'What could not be delivered: by kind and cause, and the newest one by one with their attempts',
  needs: 'work:read',
  params: ofVendor,
  query: z.strictObject({
    kind: z.string().max(100).optional(),
    cause: z.string().max(200).optional(),
    client: uuid.optional(),
    limit: pageQuery.shape.limit,
  }),
  answer: z.object({
    kinds: z.array(
      z.object({ kind: z.string(), cause: z.string(), count: z.int(), first: moment, last: moment }),
    ),
    items: z.array(
      z.object({
        message: uuid,
        run: uuid,
        client: uuid,
        names: z.string(),
        kind: z.string(),
        cause: z.string(),
        detail: z.string().nullable(),
        at: moment,
        node: z.string(),
        recipient: z.string(),
        dead: z
          .boolean()
          .describe(
            'Nothing arrives at the address they have: it wants another one before it is sent again.',
          ),
        attempts: z.array(
          z.object({ attempt: z.int(), result: z.string().nullable(), detail: z.string().nullable() }),
        ),
      }),
    ),
  }),
})

export const requeueDeadLetters = operation({
  id: 'dead_letters.requeue',
  method: 'post',
  path: '/vendors/{vendor}/dead-letters/requeue',
  summary: 'Send them once more under their old key: one, all of a kind or a cause, or all',
  needs: 'work:write',
  params: ofVendor,
  body: z
    .strictObject({
      message: uuid.optional(),
      kind: z.string().min(1).max(100).optional(),
      cause: z.string().min(1).max(200).optional(),
      all: z.literal(true).optional().describe('Everything that could not be delivered; alone.'),
    })
    .refine(({ all, ...one }) => (all === true) !== Object.values(one).some((value) => value !== undefined), {
      message: 'Say which: a message, a kind or a cause; or all, and nothing beside it.',
    }),
  answer: z.object({ requeued: z.int() }),
})
