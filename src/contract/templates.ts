import { z } from 'zod'
import { readJourney } from './journeys.ts'
import { moment, ofVendor, operation, uuid } from './operation.ts'

/** Finished journeys that a vendor can take over, and what they would do for a couple of theirs. */
const question = z.object({
  key: z.string(),
  label: z.string(),
  hint: z.string(),
  kind: z.enum(['link', 'form', 'words', 'number']),
  otherwise: z
    .string()
    .nullable()
    .describe(
      'What the letters say without an answer; null for a page or a form, which is then not offered.',
    ),
  known: z.string().nullable().describe('The page of this name that the business has already.'),
})
const template = z.object({
  key: z.string(),
  version: z.int(),
  name: z.string(),
  says: z.string(),
  trades: z.array(z.string()).describe('Empty: for any trade.'),
  fits: z.boolean().describe('Written for the trade of this business, or for any.'),
  messages: z.int(),
  questions: z.array(question),
  adopted: z
    .array(z.object({ id: uuid, name: z.string(), version: z.int(), behind: z.boolean() }))
    .describe('Journeys here that were taken from it; `behind` when the template has changed since.'),
})
export type TemplateDocument = z.infer<typeof template>

export const listTemplates = operation({
  id: 'templates.list',
  method: 'get',
  path: '/vendors/{vendor}/templates',
  summary: 'Finished journeys to take over, those for your trade first, and what each asks of you',
  needs: 'journeys:read',
  params: ofVendor,
  answer: z.object({ items: z.array(template) }),
})

const step = z.object({
  node: z.string(),
  name: z.string(),
  is: z.enum(['message', 'task']),
  at: moment.nullable().describe('Null when nobody can say.'),
  what: z
    .enum(['done', 'merged', 'left_out'])
    .describe('Goes or is opened; told inside a later one; or left out.'),
  critical: z.boolean().describe('It has a deadline.'),
  why: z.array(z.string()).describe('In a sentence, where something other than the plain rule decided.'),
})
export const previewTemplate = operation({
  id: 'templates.preview',
  method: 'post',
  path: '/vendors/{vendor}/templates/preview',
  summary:
    'What each template would do from now on for the couple who marry next, for one you name, or for an example',
  needs: 'journeys:read',
  params: ofVendor,
  body: z.strictObject({
    client: uuid.optional(),
    on: z.iso.date().optional().describe('Nobody in the book: a wedding on this day, at home.'),
    behaviour: z
      .enum(['always', 'never'])
      .default('always')
      .describe('Those who answer within two days, or those who never do.'),
  }),
  answer: z.object({
    for: z.object({
      client: uuid.nullable(),
      name: z.string().nullable(),
      on: z.iso.date(),
      zone: z.string(),
      unattended: z.boolean(),
    }),
    items: z.array(
      z.object({
        key: z.string(),
        steps: z.array(step),
        ended: moment.nullable(),
      }),
    ),
  }),
  onlyLooks: true,
})
export type TemplatePreview = z.infer<(typeof previewTemplate)['answer']>

export const adoptTemplate = operation({
  id: 'templates.adopt',
  method: 'post',
  path: '/vendors/{vendor}/templates/{template}/adopt',
  summary: 'Take a template over as a draft of your own; pages you name become settings of the business',
  needs: 'journeys:write',
  params: ofVendor.extend({ template: z.string().regex(/^[a-z0-9-]{1,80}$/) }),
  body: z.strictObject({
    answers: z.record(z.string().max(60), z.string().max(2_000)).default({}),
  }),
  answer: readJourney.answer,
  status: 201,
})
