import { z } from 'zod'
import { latePolicySchema } from '../core/wedding/policy.ts'
import { ofJourney, RUN_STATUSES } from './journeys.ts'
import { moment, ofVendor, operation, pageOf, pageQuery, uuid } from './operation.ts'

/** Couples on their way: where they stand, why, and what a person may do about it. */
const node = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,59}$/, 'the id of a step')
const ofRun = ofVendor.extend({ run: uuid })
const ofClient = ofVendor.extend({ client: uuid })

export const runSchema = z.object({
  id: uuid,
  journey: uuid,
  key: z.string(),
  journeyName: z.string(),
  version: z.int(),
  status: z.enum(RUN_STATUSES),
  client: uuid,
  names: z.string(),
  wedding: z.iso.date().nullable(),
  due: moment.nullable().describe('When something happens next of itself.'),
  at: z
    .array(
      z.object({
        token: z.int(),
        node: z.string(),
        is: z.string(),
        due: moment.nullable(),
        why: z.string().nullable(),
      }),
    )
    .describe('Where it stands: a run with parallel branches in several places.'),
  holds: z.array(z.string()),
})

export const listRuns = operation({
  id: 'runs.list',
  method: 'get',
  path: '/vendors/{vendor}/runs',
  summary: 'Couples on journeys, the newest first: of one journey, of one status, at one step',
  needs: 'runs:read',
  params: ofVendor,
  query: pageQuery.extend({
    journey: uuid.optional(),
    status: z
      .enum([...RUN_STATUSES, 'live', 'held'])
      .default('live')
      .describe('`held`: paused for a reason of its own, and not only because everything is held.'),
    client: uuid.optional(),
    node: node.optional(),
  }),
  answer: pageOf(runSchema),
})

export const explained = z.object({
  node: z.string(),
  name: z.string(),
  is: z.enum([
    'sent',
    'will_be_sent',
    'not_sent',
    'waiting_for',
    'held',
    'skipped',
    'failed',
    'done',
    'not_reached',
  ]),
  sentence: z.string().describe('In plain words: what became or will become of it, and why.'),
  at: moment.nullable(),
  evidence: z.array(z.object({ code: z.string(), sentence: z.string() })),
  decidedBy: z.string().describe('The rule or setting that decided, where it can be changed.'),
})

export const readRun = operation({
  id: 'runs.read',
  method: 'get',
  path: '/vendors/{vendor}/runs/{run}',
  summary: 'One couple on one journey: where they stand, and of every step what became of it and why',
  needs: 'runs:read',
  params: ofRun,
  answer: runSchema.extend({ zone: z.string(), steps: z.array(explained) }),
})

const timelineRow = z.object({
  run: uuid,
  journey: z.string(),
  node: z.string(),
  name: z.string(),
  kind: z.string().describe('The kind of step, and for one that writes or asks the type of module it is.'),
  type: z.string().nullable(),
  phase: z.string().nullable().describe('The phase of the journey that its author named, if any.'),
  token: z
    .int()
    .nullable()
    .describe(
      'The branch that stands here now: what a person wants of this step is wanted of it. Null where none does.',
    ),
  zone: z.string().describe('By which clock its moment is meant.'),
  side: z.enum(['past', 'planned']).describe('Before the line that says now, or after it.'),
  at: moment.nullable().describe('Null when nobody can say when.'),
  is: z.string(),
  sentence: z.string(),
  because: z.array(z.object({ code: z.string(), sentence: z.string() })),
  assumes: z.array(z.string()),
  decidedBy: z.string(),
  messages: z.array(uuid).describe('Messages of the past, to be opened.'),
  waits: z
    .object({ is: z.enum(['approval', 'task']), name: z.string(), role: z.string(), yours: z.boolean() })
    .nullable()
    .describe('What waits here for a person, for whom, and whether you are among those who may answer.'),
})

export const clientTimeline = operation({
  id: 'clients.timeline',
  method: 'get',
  path: '/vendors/{vendor}/clients/{client}/timeline',
  summary: 'Everything that happened with a couple and everything that is planned, each with its why',
  needs: 'runs:read',
  params: ofClient,
  answer: z.object({
    zone: z.string(),
    now: moment,
    runs: z.array(runSchema),
    items: z.array(timelineRow).describe('By time; what nobody can say when comes last.'),
  }),
})

const meant = {
  token: z
    .int()
    .min(1)
    .max(1_000_000)
    .optional()
    .describe('Which branch is meant, where a run stands in several places.'),
  node: node
    .optional()
    .describe('Only where it stands at this step: who has gone on meanwhile is left alone.'),
}
export const commandSchema = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('pause') }),
  z.strictObject({ do: z.literal('resume') }),
  z.strictObject({
    do: z.literal('stop'),
    reason: z.string().trim().min(1).max(500).default('stopped by hand'),
  }),
  z.strictObject({ do: z.literal('snooze'), ...meant, until: moment }),
  z.strictObject({ do: z.literal('skip'), ...meant }),
  z.strictObject({ do: z.literal('do_now'), ...meant }),
  z.strictObject({
    do: z.literal('jump'),
    ...meant,
    to: node.describe(
      'Where the walk goes on. Past the join of a fork, or before it, the other branches end; into another branch of the same fork it is refused.',
    ),
  }),
  z.strictObject({ do: z.literal('retry'), ...meant }),
  z.strictObject({ do: z.literal('restart') }),
  z
    .strictObject({
      do: z.literal('decide'),
      token: z.int().min(1).max(1_000_000),
      choice: z.enum([...latePolicySchema.options, 'follow', 'keep']),
    })
    .describe('The answer to a step that asks: after a move, or because it is late.'),
])
export type CommandDocument = z.infer<typeof commandSchema>

export const commandRun = operation({
  id: 'runs.command',
  method: 'post',
  path: '/vendors/{vendor}/runs/{run}/commands',
  summary:
    'Pause, resume, snooze, skip, do now, jump, retry, decide, restart or stop; to be taken back for ten minutes',
  needs: 'runs:write',
  params: ofRun,
  body: z.strictObject({ command: commandSchema }),
  answer: z.object({
    command: uuid,
    undoUntil: moment,
    run: runSchema,
    because: z.array(z.object({ code: z.string(), sentence: z.string() })),
  }),
  problems: ['command_impossible'],
})

export const undoCommand = operation({
  id: 'runs.undo',
  method: 'post',
  path: '/vendors/{vendor}/runs/{run}/commands/{command}/undo',
  summary: 'Take a command back, while nothing has happened since and nothing has left the house',
  needs: 'runs:write',
  params: ofRun.extend({ command: uuid }),
  answer: runSchema,
  problems: ['undo_closed'],
})

/** Runs named one by one, those of some couples, or all that are like this. */
export const which = z.union([
  z.strictObject({ runs: z.array(uuid).min(1).max(10_000) }),
  z.strictObject({
    clients: z.array(uuid).min(1).max(10_000),
    journey: uuid.optional().describe('Only what they have of this journey.'),
    node: node.optional().describe('Only who stands at this step.'),
  }),
  z.strictObject({
    like: z
      .strictObject({
        journey: uuid.optional(),
        status: z.enum(['active', 'waiting', 'paused']).optional(),
        node: node.optional(),
      })
      .refine((one) => Object.values(one).some((value) => value !== undefined), {
        message: 'Say what they are like: a journey, a status or a step.',
      }),
  }),
])

export const commandRuns = operation({
  id: 'runs.command_many',
  method: 'post',
  path: '/vendors/{vendor}/runs/commands',
  summary: 'The same for many: a job that tells its progress and a result for each',
  weight: 10,
  needs: 'runs:write',
  params: ofVendor,
  body: z.strictObject({ which, command: commandSchema }),
  answer: z.object({ job: uuid, total: z.int() }),
  status: 202,
})

export const countRuns = operation({
  id: 'runs.count',
  method: 'post',
  path: '/vendors/{vendor}/runs/count',
  summary: 'How many runs would be meant, before many are asked to do something',
  needs: 'runs:read',
  params: ofVendor,
  body: z.strictObject({ which }),
  answer: z.object({ total: z.int() }),
  onlyLooks: true,
})

const LATE_CHOICES_MAX = 500
export const lateChoices = z
  .array(
    z.strictObject({
      node: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,59}$/, 'the id of a step'),
      choice: latePolicySchema,
    }),
  )
  .max(LATE_CHOICES_MAX)
  .describe(
    'What becomes of single steps that are late when they begin: sent at once, spread, told in the next one, left out, or a task. A step that nobody chose for follows its rule.',
  )

export const startRun = operation({
  id: 'clients.start',
  method: 'post',
  path: '/vendors/{vendor}/clients/{client}/runs',
  summary: 'Put a couple on a journey',
  needs: 'runs:write',
  params: ofClient,
  body: z.strictObject({ journey: uuid, late: lateChoices.optional() }),
  answer: runSchema,
  status: 201,
  problems: ['journey_unpublished'],
})

export const startMany = operation({
  id: 'journeys.start_many',
  method: 'post',
  path: '/vendors/{vendor}/journeys/{journey}/runs',
  summary: 'Put many couples on a journey: a job with a result for each',
  weight: 10,
  needs: 'runs:write',
  params: ofJourney,
  body: z.strictObject({ clients: z.array(uuid).min(1).max(10_000) }),
  answer: z.object({ job: uuid, total: z.int() }),
  status: 202,
  problems: ['journey_unpublished'],
})
