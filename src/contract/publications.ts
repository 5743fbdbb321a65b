import { z } from 'zod'
import { diffSchema, journeyProblem, ofJourney, ofVersion, readDraft } from './journeys.ts'
import { moment, operation, uuid } from './operation.ts'

/** Publishing: a new version, and what it means for the couples who are on their way. */
const node = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,59}$/, 'the id of a step')
export const choiceSchema = z.discriminatedUnion('is', [
  z.strictObject({ is: z.literal('finish') }).describe('They finish on the version they began with.'),
  z
    .strictObject({ is: z.literal('move'), redirects: z.record(node, node).default({}) })
    .describe(
      'They stay where they stand, on the new version; `redirects` says where to from steps that are gone.',
    ),
  z.strictObject({ is: z.literal('jump'), to: node }),
])
export type PlanChoice = z.infer<typeof choiceSchema>

const cohort = z.strictObject({
  version: z.int().min(1),
  at: z.array(node).min(1).max(16).describe('The steps at which its couples stand.'),
})
export const planSchema = z.strictObject({
  otherwise: choiceSchema.default({ is: 'finish' }).describe('For every couple that no cohort below names.'),
  cohorts: z
    .array(cohort.extend({ choice: choiceSchema }))
    .max(500)
    .default([]),
  only: z
    .array(uuid)
    .max(1_000)
    .optional()
    .describe(
      'Only these runs are taken along, for example one couple first; all others finish where they are.',
    ),
})
export type Plan = z.infer<typeof planSchema>

const fate = z.enum(['finishes', 'moves', 'blocked'])
export const foreseeSchema = z.object({
  total: z.int(),
  moves: z.int(),
  finishes: z.int(),
  blocked: z.int(),
  cohorts: z.array(
    z.object({
      version: z.int(),
      at: z.array(z.string()),
      runs: z.int(),
      moves: z.int(),
      finishes: z.int(),
      blocked: z.int(),
      why: z.array(z.string()).describe('Why some cannot be taken along, each reason once.'),
      gone: z
        .array(z.string())
        .describe('Steps at which they stand and which the new version has not: `redirects` must name each.'),
    }),
  ),
  couples: z
    .array(
      z.object({
        run: uuid,
        client: uuid,
        names: z.string(),
        version: z.int(),
        at: z.array(z.string()),
        is: fate,
        why: z.string(),
        before: z.object({ node: z.string(), name: z.string(), at: moment.nullable() }).nullable(),
        after: z.object({ node: z.string(), name: z.string(), at: moment.nullable() }).nullable(),
      }),
    )
    .describe('The first of them, one by one, with what comes next for each before and after.'),
})

export const previewPublish = operation({
  id: 'journeys.publish.preview',
  method: 'post',
  path: '/vendors/{vendor}/journeys/{journey}/publish/preview',
  summary:
    'What publishing the draft would do: the problems, the difference, and what becomes of each couple on it',
  weight: 5,
  needs: 'journeys:read',
  params: ofJourney,
  body: planSchema,
  answer: z.object({
    sound: z.boolean(),
    problems: z.array(journeyProblem),
    diff: diffSchema.nullable().describe('Null where the draft is not whole.'),
    runs: foreseeSchema.nullable(),
    begins: z.int().describe('Couples that would begin it at once, because it begins by a date.'),
  }),
  onlyLooks: true,
})

const published = z.object({
  version: z.int(),
  job: uuid.nullable().describe('Taking couples along, with its progress; null when nobody moves.'),
  starts: uuid.nullable().describe('Couples for whom it begins by a date; null when it does not.'),
})

export const publishJourney = operation({
  id: 'journeys.publish',
  method: 'post',
  path: '/vendors/{vendor}/journeys/{journey}/publish',
  summary:
    'Publish the draft as a new version, with a plan for the couples on it; If-Match names the draft that was seen',
  needs: 'journeys:publish',
  params: ofJourney,
  body: planSchema,
  answer: published,
  status: 201,
  etag: 'asks',
  problems: ['journey_invalid', 'journey_unpublished'],
})
export const draftShape = readDraft.answer

export const moveToVersion = operation({
  id: 'journeys.versions.move',
  method: 'post',
  path: '/vendors/{vendor}/journeys/{journey}/versions/{version}/move',
  summary: 'Take more couples along to the version that is live: the rest, after one came first',
  needs: 'journeys:publish',
  params: ofVersion,
  body: planSchema,
  answer: published,
  status: 202,
})

export const rollBackVersion = operation({
  id: 'journeys.versions.roll_back',
  method: 'post',
  path: '/vendors/{vendor}/journeys/{journey}/versions/{version}/rollback',
  summary:
    'Take the newest publication back: the version before is live again, couples stand as they stood, what was sent stays sent',
  needs: 'journeys:publish',
  params: ofVersion,
  answer: z.object({
    live: z.int(),
    restored: z.int().describe('As they stood before.'),
    moved: z.int().describe('Had gone on since: taken to the old version where they stand.'),
    kept: z
      .int()
      .describe('Had gone on to where the old version has no such step: they stay on the new one.'),
  }),
  problems: ['undo_closed'],
})
