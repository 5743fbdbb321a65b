import { z } from 'zod'
import { moment, ofVendor, operation, pageOf, pageQuery, uuid } from './operation.ts'

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

/** Why a wedding may not go as planned, the worst first. */
export const RISKS = ['undelivered', 'stuck', 'overdue', 'held', 'approval'] as const

export const readToday = operation({
  id: 'today.read',
  method: 'get',
  path: '/vendors/{vendor}/today',
  summary: 'What today asks of you, in numbers: each is the door to its list',
  needs: 'work:read',
  params: ofVendor,
  answer: z.object({
    zone: z.string(),
    now: moment,
    approvals: z.int(),
    tasks: z.int(),
    tasksOverdue: z.int(),
    notices: z.int(),
    deadLetters: z.int(),
    waiting: z.int().describe('Messages that are planned and have not left.'),
    dueToday: z.int().describe('Runs with something due before the day ends where you are.'),
    dueThisWeek: z.int().describe('Runs with something due within seven days.'),
    held: z.int(),
    weddings: z
      .array(
        z.object({
          wedding: uuid,
          client: uuid,
          names: z.string(),
          on: z.iso.date(),
          zone: z.string().nullable(),
          risks: z
            .array(z.object({ is: z.enum(RISKS), count: z.int() }))
            .describe('What stands between them and a quiet wedding, in how many cases.'),
        }),
      )
      .describe('Weddings of the seven days from today.'),
  }),
})

export const OUTLOOK_DAYS_MAX = 7
const outlookItem = z.object({
  run: uuid,
  client: uuid,
  names: z.string(),
  journey: z.string(),
  node: z.string(),
  name: z.string(),
  what: z
    .enum(['message', 'approval', 'task'])
    .describe('A message, or something a person is asked for; `module` says what kind of message.'),
  module: z.string().nullable(),
  recipients: z.array(z.string()),
  at: moment,
  zone: z.string().describe('Where the wedding is, or where the business is: whose clock the step goes by.'),
  is: z.enum(['sent', 'not_sent', 'on_its_way', 'planned', 'held']),
  why: z.string(),
  message: uuid.nullable().describe('What is written down already, to be opened.'),
  token: z.int().nullable().describe('Where a command can be given: the run stands at this very step.'),
  assumes: z.array(z.string()),
})

export const readOutlook = operation({
  id: 'today.outlook',
  method: 'get',
  path: '/vendors/{vendor}/today/outlook',
  summary:
    'What has gone out today and what will go out until the end of these days, each with its moment and why',
  needs: 'work:read',
  params: ofVendor,
  query: z.strictObject({ days: z.coerce.number().int().min(1).max(OUTLOOK_DAYS_MAX).default(1) }),
  answer: z.object({
    zone: z.string(),
    now: moment,
    items: z.array(outlookItem).describe('By time.'),
    held: z
      .array(
        z.object({
          run: uuid,
          client: uuid,
          names: z.string(),
          journey: z.string(),
          reasons: z.array(z.object({ code: z.string(), sentence: z.string() })),
        }),
      )
      .describe('Journeys that stand still until a person lets them go on.'),
    toldUntil: moment.nullable().describe('Until when all of it is told; null when that is the whole time.'),
  }),
})

export const listApprovals = operation({
  id: 'approvals.list',
  method: 'get',
  path: '/vendors/{vendor}/approvals',
  summary: 'Messages that wait for your yes, the most urgent first',
  needs: 'work:read',
  params: ofVendor,
  query: pageQuery,
  answer: z.object({
    items: z.array(
      z.object({
        ...about,
        name: z.string(),
        node: z.string(),
        ask: z.string(),
        role: z.string(),
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
  query: pageQuery,
  answer: z.object({
    items: z.array(
      z.object({
        ...about,
        name: z.string(),
        node: z.string(),
        title: z.string(),
        role: z.string(),
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
  summary: 'Send them once more under their old key: one, or all of a kind or a cause',
  needs: 'work:write',
  params: ofVendor,
  body: z
    .strictObject({
      message: uuid.optional(),
      kind: z.string().min(1).max(100).optional(),
      cause: z.string().min(1).max(200).optional(),
    })
    .refine((one) => Object.values(one).some((value) => value !== undefined), {
      message: 'Say which: a message, a kind or a cause.',
    }),
  answer: z.object({ requeued: z.int() }),
})
