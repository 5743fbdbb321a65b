import { z } from 'zod'
import { moment, ofVendor, operation, uuid } from './operation.ts'

/** Journeys of a vendor: what there is, what is being written, and whether it would do. */
export const JOURNEY_STATUSES = ['draft', 'active', 'paused', 'archived'] as const
export const RUN_STATUSES = ['active', 'waiting', 'paused', 'completed', 'failed', 'cancelled'] as const

export const ofJourney = ofVendor.extend({ journey: uuid })
export const ofVersion = ofJourney.extend({ version: z.coerce.number().int().min(1).max(1_000_000) })

/** A journey as it is written down (see the guide to journeys). A draft need not be whole. */
export const documentSchema = z.record(z.string(), z.unknown())
const key = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9_-]{0,99}$/,
    'a key of small letters, digits, - and _ (at most 100), such as booked-to-wedding',
  )

export const runCountsSchema = z.object({
  onIt: z.int().describe('Couples who are on it now: active, waiting and paused together.'),
  active: z.int(),
  waiting: z.int(),
  paused: z.int(),
  completed: z.int(),
  failed: z.int(),
  cancelled: z.int(),
})

const journey = z.object({
  id: uuid,
  key: z.string(),
  name: z.string(),
  category: z.string(),
  status: z.enum(JOURNEY_STATUSES),
  version: z.int().nullable().describe('The version that is live; null before the first.'),
  trigger: z.string().nullable(),
  hasDraft: z.boolean().describe('Something is written that is not published.'),
})
export type JourneyLine = z.infer<typeof journey>

export const listJourneys = operation({
  id: 'journeys.list',
  method: 'get',
  path: '/vendors/{vendor}/journeys',
  summary: 'Journeys, with how many couples travel each and when something happens next',
  needs: 'journeys:read',
  params: ofVendor,
  query: z.strictObject({
    status: z.enum(JOURNEY_STATUSES).optional(),
    category: z.string().max(100).optional(),
  }),
  answer: z.object({
    items: z.array(journey.extend({ runs: runCountsSchema, next: moment.nullable() })),
    categories: z.array(z.string()).describe('Every category there is, for the filter.'),
    couples: z.int().describe('Couples who are on any journey of the business now, each counted once.'),
  }),
})

export const readJourney = operation({
  id: 'journeys.read',
  method: 'get',
  path: '/vendors/{vendor}/journeys/{journey}',
  summary: 'One journey, with the document of the version that is live',
  needs: 'journeys:read',
  params: ofJourney,
  answer: journey.extend({ live: documentSchema.nullable() }),
  etag: 'gives',
})

export const addJourney = operation({
  id: 'journeys.add',
  method: 'post',
  path: '/vendors/{vendor}/journeys',
  summary: 'Begin a journey: a blank one, or one from an exported document',
  needs: 'journeys:write',
  params: ofVendor,
  body: z.strictObject({
    key: key.optional().describe('By default made from the name.'),
    name: z.string().trim().min(1).max(200).optional(),
    category: z.string().trim().min(1).max(60).optional(),
    document: documentSchema.optional(),
  }),
  answer: readJourney.answer,
  status: 201,
})

export const changeJourney = operation({
  id: 'journeys.change',
  method: 'patch',
  path: '/vendors/{vendor}/journeys/{journey}',
  summary: 'Pause, go on with or archive a journey: nobody begins it meanwhile; who is on it goes on',
  needs: 'journeys:publish',
  params: ofJourney,
  body: z.strictObject({ status: z.enum(['active', 'paused', 'archived']) }),
  answer: readJourney.answer,
  etag: 'needs',
  problems: ['journey_unpublished'],
})

export const journeyStatistics = operation({
  id: 'journeys.statistics',
  method: 'get',
  path: '/vendors/{vendor}/journeys/{journey}/statistics',
  summary: 'How many couples are on it, have finished it, and at which step they stand',
  needs: 'journeys:read',
  params: ofJourney,
  answer: z.object({
    runs: runCountsSchema,
    next: moment.nullable(),
    standing: z
      .array(z.object({ version: z.int(), node: z.string(), is: z.string(), runs: z.int() }))
      .describe('Where couples stand now; a couple on two branches stands in two places.'),
  }),
})

const draft = z.object({
  saved: z.boolean().describe('False where nothing is written yet: then this is what is live.'),
  basedOn: z
    .int()
    .nullable()
    .describe(
      'The version that was live when the draft was begun; another one is live when somebody published meanwhile.',
    ),
  live: z.int().nullable(),
  by: z
    .string()
    .nullable()
    .describe('Who wrote it last (`member:…` or `key:…`) and when; null where nothing is written.'),
  at: moment.nullable(),
  document: documentSchema,
})

export const readDraft = operation({
  id: 'journeys.draft.read',
  method: 'get',
  path: '/vendors/{vendor}/journeys/{journey}/draft',
  summary: 'The draft of a journey; where there is none, what is live, to begin with',
  needs: 'journeys:read',
  params: ofJourney,
  answer: draft,
  etag: 'gives',
})

export const saveDraft = operation({
  id: 'journeys.draft.save',
  method: 'put',
  path: '/vendors/{vendor}/journeys/{journey}/draft',
  summary: 'Save the draft as it is, whole or not; If-Match says which state was edited',
  needs: 'journeys:write',
  params: ofJourney,
  body: z.strictObject({ document: documentSchema }),
  answer: draft,
  etag: 'needs',
})

export const dropDraft = operation({
  id: 'journeys.draft.drop',
  method: 'delete',
  path: '/vendors/{vendor}/journeys/{journey}/draft',
  summary: 'Throw the draft away: what is live stays',
  needs: 'journeys:write',
  params: ofJourney,
  answer: draft,
  etag: 'needs',
  problems: ['journey_unpublished'],
})

export const journeyProblem = z.object({
  code: z.string(),
  severity: z.enum(['error', 'warning']),
  message: z.string(),
  path: z.string().describe('A JSON pointer into the document.'),
  node: z.string().nullable(),
  fix: z.object({ label: z.string(), change: z.unknown() }).nullable(),
  mendAt: z
    .enum(['settings/letters'])
    .nullable()
    .describe('The room of the app in which it is mended, where that is not the journey.'),
})
const judged = z.object({
  sound: z.boolean().describe('No errors: it could be published.'),
  errors: z.int(),
  warnings: z.int(),
  problems: z.array(journeyProblem),
})

export const checkDraft = operation({
  id: 'journeys.draft.check',
  method: 'get',
  path: '/vendors/{vendor}/journeys/{journey}/draft/check',
  summary: 'Everything that is wrong with the draft, and what the linter would mend, with fixes',
  needs: 'journeys:read',
  params: ofJourney,
  answer: judged,
})

export const checkDocument = operation({
  id: 'journeys.check',
  method: 'post',
  path: '/vendors/{vendor}/journeys/check',
  summary: 'The same of a document that is saved nowhere',
  needs: 'journeys:read',
  params: ofVendor,
  body: z.strictObject({ document: documentSchema }),
  answer: judged,
  onlyLooks: true,
})

export const exportJourney = operation({
  id: 'journeys.export',
  method: 'get',
  path: '/vendors/{vendor}/journeys/{journey}/export',
  summary: 'The document to keep or to take elsewhere: of the draft, of what is live, or of one version',
  needs: 'journeys:read',
  params: ofJourney,
  query: z.strictObject({
    of: z
      .string()
      .regex(/^(draft|live|[1-9]\d{0,5})$/)
      .default('live'),
  }),
  answer: z.object({ key: z.string(), of: z.string(), document: documentSchema }),
})

/** One side of a comparison: the draft, what is live, or a version. */
const side = z.string().regex(/^(draft|live|[1-9]\d{0,5})$/, 'draft, live or the number of a version')
const fieldChange = z.object({ path: z.string(), before: z.unknown(), after: z.unknown() })
export const diffSchema = z.object({
  same: z.boolean(),
  summary: z.array(z.string()).describe('In sentences.'),
  added: z.array(z.string()),
  removed: z.array(z.string()),
  changed: z.array(z.object({ node: z.string(), fields: z.array(fieldChange) })),
  edges: z.object({
    added: z.array(z.object({ from: z.string(), exit: z.string(), to: z.string() })),
    removed: z.array(z.object({ from: z.string(), exit: z.string(), to: z.string() })),
  }),
  settings: z.array(fieldChange),
})

export const diffJourney = operation({
  id: 'journeys.diff',
  method: 'get',
  path: '/vendors/{vendor}/journeys/{journey}/diff',
  summary: 'What one version has that another has not, node by node and in sentences',
  needs: 'journeys:read',
  params: ofJourney,
  query: z.strictObject({ from: side.default('live'), to: side.default('draft') }),
  answer: diffSchema,
  problems: ['journey_invalid'],
})

export const listVersions = operation({
  id: 'journeys.versions.list',
  method: 'get',
  path: '/vendors/{vendor}/journeys/{journey}/versions',
  summary:
    'Every version, the newest first: when and by whom, with which plan, and whether it was taken back',
  needs: 'journeys:read',
  params: ofJourney,
  answer: z.object({
    items: z.array(
      z.object({
        version: z.int(),
        at: moment,
        by: z.string(),
        live: z.boolean(),
        rolledBack: moment.nullable(),
        after: z.int().nullable().describe('The version it came after; null for the first.'),
        moved: z.int().describe('Couples it took along.'),
        onIt: z.int().describe('Couples who are on it now.'),
      }),
    ),
  }),
})

export const readVersion = operation({
  id: 'journeys.versions.read',
  method: 'get',
  path: '/vendors/{vendor}/journeys/{journey}/versions/{version}',
  summary: 'The document of one version',
  needs: 'journeys:read',
  params: ofVersion,
  answer: z.object({ version: z.int(), document: documentSchema }),
})
