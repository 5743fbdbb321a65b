import { z } from 'zod'
import { moment, ofVendor, operation, uuid } from './operation.ts'

/** How the day stands, apart from all other work: the app's first page brings no more of the contract than it asks. */

/** Why a wedding may not go as planned, the worst first. */
export const RISKS = ['undelivered', 'stuck', 'overdue', 'held', 'approval'] as const

export const readToday = operation({
  id: 'today.read',
  method: 'get',
  path: '/vendors/{vendor}/today',
  summary: 'What today asks of you, in numbers: each is the door to its list',
  needs: 'work:read',
  params: ofVendor,
  answer: () =>
    z.object({
      zone: z.string(),
      now: moment,
      approvals: z.int(),
      tasks: z.int(),
      tasksOverdue: z.int(),
      forYou: z
        .object({ approvals: z.int(), tasks: z.int(), tasksOverdue: z.int() })
        .describe('Of these, what you may answer: what is for your role or a lower one.'),
      notices: z.int(),
      deadLetters: z.int(),
      waiting: z.int().describe('Messages that are planned and have not left.'),
      dueToday: z.int().describe('Runs with something due before the day ends where you are.'),
      dueThisWeek: z.int().describe('Runs with something due within seven days.'),
      held: z.int().describe('Journeys that stand still until a person lets them go on.'),
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

const OUTLOOK_DAYS_MAX = 7
const outlookItem = () =>
  z.object({
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
    zone: z
      .string()
      .describe('Where the wedding is, or where the business is: whose clock the step goes by.'),
    is: z.enum(['sent', 'not_sent', 'on_its_way', 'planned', 'held']),
    why: z.string(),
    message: uuid.nullable().describe('What is written down already, to be opened.'),
    token: z.int().nullable().describe('Where a command can be given: the run stands at this very step.'),
    assumes: z.array(z.string()),
  })

const outlookDay = () =>
  z.object({
    on: z.iso.date(),
    messages: z.int().describe('All that goes out or has gone out, what waits for a yes among it.'),
    gone: z.int(),
    coming: z.int().describe('Planned or on its way.'),
    about: z
      .boolean()
      .describe(
        'Too much to run all of it ahead: beyond `toldUntil` each journey with something due counts once.',
      ),
  })

export const readOutlook = operation({
  id: 'today.outlook',
  method: 'get',
  path: '/vendors/{vendor}/today/outlook',
  summary:
    'What has gone out today and what will go out until the end of these days: how much on each day, and one by one with moment and why',
  needs: 'work:read',
  params: ofVendor,
  query: () =>
    z.strictObject({
      days: z.coerce.number().int().min(1).max(OUTLOOK_DAYS_MAX).default(1),
      brief: z
        .stringbool()
        .default(false)
        .describe('Tell one by one only what of today is nearest to now; of everything else how much it is.'),
    }),
  answer: () =>
    z.object({
      zone: z.string(),
      now: moment,
      days: z.array(outlookDay()).describe('From today on, by the calendar of the business.'),
      items: z.array(outlookItem()).describe('By time; of what has gone out today the latest.'),
      earlier: z.int().describe('Messages that have gone today before the first of these.'),
      later: z.int().describe('Messages that go today after the last of these.'),
      next: outlookItem().nullable().describe('The first message of another day.'),
      toldUntil: moment
        .nullable()
        .describe('Until when all of it is told; null when that is the whole time.'),
    }),
})
