import { z } from 'zod'
import { documentSchema, ofJourney, RUN_STATUSES } from './journeys.ts'
import { moment, operation, uuid } from './operation.ts'
import { lateChoices } from './runs.ts'
import { zoneName } from './words.ts'

/** What a journey would do with one couple, told by the very functions that do it. */
const example = z.strictObject({
  wedding: z.iso.date().nullable().describe('Null: the date is to be confirmed.'),
  zone: zoneName.optional(),
  guests: z.int().min(0).max(100_000).optional(),
  stage: z.string().max(60).default('booked'),
  booked: z.iso.date().optional().describe('When they booked; the journey begins then, by default today.'),
})

export const futureStep = z.object({
  node: z.string(),
  name: z.string(),
  kind: z.string(),
  what: z.string(),
  at: moment.nullable().describe('Null when nobody can say.'),
  zone: z.string().describe('By which clock its moment is meant.'),
  wall: z.string().nullable().describe('What that clock shows then: day and time, without a zone.'),
  visit: z.int().describe('For the how many-th time they come to this step.'),
  recipients: z.array(z.string()),
  because: z
    .array(
      z.object({
        code: z.string(),
        sentence: z.string(),
        exit: z.string().optional().describe('The way that was taken, where one was.'),
      }),
    )
    .describe('In words: the moment, and why.'),
  assumes: z.array(z.string()).describe('What had to be taken for granted to come this far.'),
})

export const forecastJourney = operation({
  id: 'journeys.forecast',
  method: 'post',
  path: '/vendors/{vendor}/journeys/{journey}/forecast',
  summary: 'Run a journey ahead for one couple, a real one or an example: every step with its moment and why',
  needs: 'journeys:read',
  params: ofJourney,
  body: z.strictObject({
    of: z
      .string()
      .regex(/^(draft|live|[1-9]\d{0,5})$/, 'draft, live or the number of a version')
      .default('draft'),
    document: documentSchema.optional().describe('As it is being written, in place of what is saved.'),
    couple: z.union([
      z.strictObject({
        client: uuid,
        wedding: z.iso.date().optional().describe('As if they married then; of a journey that begins now.'),
      }),
      z.strictObject({ example }),
    ]),
    behaviour: z.enum(['never', 'silent', 'typical', 'always', 'worst']).default('typical'),
    until: z.iso.date().optional(),
    data: z
      .record(z.string().max(60), z.union([z.string().max(500), z.number(), z.boolean()]))
      .default({})
      .describe('Facts of the event it begins by.'),
    late: lateChoices.optional(),
  }),
  answer: z.object({
    zone: z.string(),
    from: z
      .enum(['now', 'beginning'])
      .describe('Of a couple who is on the journey already, from where it stands; else as if it began now.'),
    steps: z.array(futureStep),
    ended: z.object({ at: moment, status: z.enum(RUN_STATUSES) }).nullable(),
    truncated: z.boolean().describe('There is more, beyond the bounds of time or steps.'),
  }),
  onlyLooks: true,
  problems: ['journey_invalid', 'journey_unpublished'],
})
