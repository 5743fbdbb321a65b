import { z } from 'zod'
import { latePolicySchema } from '../core/wedding/policy.ts'
import { moment, ofVendor, operation, uuid } from './operation.ts'
import { region, zoneName } from './words.ts'

/** Weddings: their details, the dates that rules hang on, and moving them. */
const ofWedding = ofVendor.extend({ wedding: uuid })
export const DATE_STATUSES = ['held', 'confirmed', 'moved', 'to_be_confirmed', 'cancelled'] as const
const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time such as 14:30')
const anchorName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,59}(:[a-z0-9_-]{1,60})?$/, 'wedding, booking, due:balance, custom:rehearsal …')

/** A day; a day with its hour and place; or a moment. */
const anchorValueIn = <Zone extends z.ZodType<string>>(zone: Zone) =>
  z.discriminatedUnion('is', [
    z.strictObject({ is: z.literal('day'), on: z.iso.date() }),
    z.strictObject({ is: z.literal('hour'), on: z.iso.date(), at: clock, zone }),
    z.strictObject({ is: z.literal('moment'), at: moment }),
  ])
const anchorValue = anchorValueIn(z.string())

const wedding = z.object({
  id: uuid,
  on: z.iso.date().nullable(),
  status: z.enum(DATE_STATUSES),
  zone: z.string().nullable(),
  region: z.string().nullable(),
  guests: z.int().nullable(),
  anchors: z
    .record(z.string(), z.object({ value: anchorValue.nullable(), generation: z.int() }))
    .describe('Each with its generation, which grows when it changes.'),
  lastChange: z
    .object({
      id: uuid,
      at: moment,
      by: z.string(),
      undoUntil: moment,
      undone: z.boolean(),
      from: z.iso.date().nullable().describe('The wedding’s day before it.'),
      to: z.iso.date().nullable().describe('And after it.'),
      dates: z
        .array(z.object({ name: z.string(), from: anchorValue.nullable(), to: anchorValue.nullable() }))
        .describe('The dates that it changed, the wedding’s own among them.'),
      status: z
        .object({ from: z.enum(DATE_STATUSES), to: z.enum(DATE_STATUSES) })
        .nullable()
        .describe('What it made of the state of the date; null where that stayed.'),
    })
    .nullable()
    .describe(
      'The last change that was not taken back, which it can be until then; where all of them were, the last.',
    ),
})

export const readWedding = operation({
  id: 'weddings.read',
  method: 'get',
  path: '/vendors/{vendor}/weddings/{wedding}',
  summary: 'One wedding with its dates',
  needs: 'clients:read',
  params: ofWedding,
  answer: wedding,
  etag: 'gives',
})

export const weddingChange = z.strictObject({
  anchors: z
    .record(anchorName, anchorValueIn(zoneName).nullable())
    .optional()
    .describe(
      'New dates by name, at most 30 years back and 10 years ahead; null holds a date: to be confirmed. What is not named stays.',
    ),
  status: z.enum(DATE_STATUSES).optional(),
  zone: zoneName.optional(),
  region: region.nullable().optional().describe('Null: not known.'),
  guests: z.int().min(0).max(100_000).nullable().optional().describe('Null: not known.'),
  choices: z
    .array(
      z
        .strictObject({
          run: uuid,
          node: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,59}$/, 'the id of a step'),
          choice: z.enum(['follow', 'keep', ...latePolicySchema.options]),
          at: moment.optional().describe('Where it is to be kept.'),
        })
        .refine(({ choice, at }) => (choice === 'keep') === (at !== undefined), {
          message: 'Keeping a step needs the moment it is kept at, and nothing else does.',
        }),
    )
    .max(1_000)
    .optional()
    .describe(
      'With another date or place: what is wanted of single steps. A step that nobody chose for follows its rule.',
    ),
})

const movedStep = z.object({
  node: z.string(),
  name: z.string(),
  kind: z.string(),
  is: z.enum(['stays', 'moves', 'needs_you', 'left_out', 'new']),
  from: moment.nullable(),
  to: moment.nullable(),
  zone: z.string().describe('By which clock its moment is meant.'),
  why: z.string(),
  choices: z.array(z.string()).describe('What can be chosen for it.'),
  chosen: z
    .object({ is: z.enum(['goes', 'left_out', 'task']), to: moment.nullable() })
    .nullable()
    .describe('What becomes of it by the choice that was made for it.'),
})

export const previewWedding = operation({
  id: 'weddings.preview',
  method: 'post',
  path: '/vendors/{vendor}/weddings/{wedding}/preview',
  summary:
    'What a change would do, before it is made: what stays, what moves, what needs you, for each couple',
  needs: 'clients:read',
  params: ofWedding,
  body: weddingChange,
  answer: z.object({
    zone: z.string(),
    zoneAfter: z.string(),
    sameDay: z
      .array(z.object({ client: uuid, names: z.string() }))
      .describe('Whose weddings the vendor works on the new day already.'),
    runs: z.array(
      z.object({
        run: uuid,
        journey: z.string(),
        client: uuid,
        names: z.string(),
        ends: z.string().nullable().describe('The change ends this run.'),
        steps: z.array(movedStep),
      }),
    ),
  }),
  onlyLooks: true,
})

export const changeWedding = operation({
  id: 'weddings.change',
  method: 'patch',
  path: '/vendors/{vendor}/weddings/{wedding}',
  summary:
    'Change a wedding or move its dates: every step that hangs on them moves along, what was sent stays sent',
  needs: 'weddings:write',
  params: ofWedding,
  body: weddingChange,
  answer: wedding,
  etag: 'needs',
})

export const undoWedding = operation({
  id: 'weddings.undo',
  method: 'post',
  path: '/vendors/{vendor}/weddings/{wedding}/changes/{change}/undo',
  summary:
    'Take a change back within ten minutes: the earlier dates come back, and with them the earlier plan',
  needs: 'weddings:write',
  params: ofWedding.extend({ change: uuid }),
  answer: wedding,
  problems: ['undo_closed'],
})

const coupleDate = z.object({
  name: z.string().describe('Such as booking, due:balance, meeting:discovery_call or custom:rehearsal.'),
  value: anchorValue.nullable().describe('Null while nobody knows it.'),
  from: z
    .enum(['wedding', 'event'])
    .nullable()
    .describe('Written down with the wedding, or left by something that happened; null while it is unknown.'),
  journeys: z
    .array(z.object({ id: uuid, name: z.string(), isOn: z.boolean().describe('They are on it.') }))
    .describe('The live journeys whose rules hang on it.'),
})
export type CoupleDate = z.infer<typeof coupleDate>

export const coupleDates = operation({
  id: 'clients.dates',
  method: 'get',
  path: '/vendors/{vendor}/clients/{client}/dates',
  summary:
    'The dates of a couple beside the wedding day: those that are known, and those that journeys hang on',
  needs: 'clients:read',
  params: ofVendor.extend({ client: uuid }),
  answer: z.object({ items: z.array(coupleDate).describe('By name.') }),
})
