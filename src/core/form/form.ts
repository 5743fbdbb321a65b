import { z } from 'zod'
import { conditionSchema } from '../journey/condition.ts'
import { localDateSchema } from '../wedding/wait-rule.ts'

/**
 * A form as it is written down: one document, immutable once published, like a journey (I7). What is wrong with it
 * is `problems.ts`; what a couple's typing makes of it is `answers.ts`.
 */
export const SECTIONS_MAX = 12
export const FIELDS_MAX = 60
export const OPTIONS_MAX = 30
export const PEOPLE_MAX = 30

export const FIELD_KINDS = [
  'short_text',
  'long_text',
  'email',
  'phone',
  'number',
  'date',
  'time',
  'choice',
  'choices',
  'yes_no',
  'address',
  'people',
] as const
export type FieldKind = (typeof FIELD_KINDS)[number]

export const formKeySchema = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,59}$/, 'a key of small letters, digits, - and _ (at most 60)')
const idSchema = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,39}$/, 'an id of small letters, digits and _ (at most 40)')

/** Where an answer goes besides the answers: to a person of the couple, to the wedding, or to a fact of their own. */
export const targetSchema = z.union([
  z.strictObject({
    person: z.enum(['partner_a', 'partner_b', 'payer', 'planner']),
    part: z.enum(['name', 'email', 'phone']),
  }),
  z.strictObject({ wedding: z.enum(['date', 'time', 'guests']) }),
  z.strictObject({ fact: z.string().regex(/^[a-z][a-z0-9_]{0,59}$/) }),
])
export type Target = z.infer<typeof targetSchema>

// A draft may be half written: an empty question is a problem of publishing, not a lost word.
const line = (max: number) => z.string().max(max)
const base = {
  id: idSchema,
  label: line(300),
  help: line(500).optional(),
  required: z.boolean().optional(),
  /** Shown only while this holds of earlier answers, `answers.<field>`. */
  showIf: conditionSchema.optional(),
  writesTo: targetSchema.optional(),
}
const optionSchema = z.strictObject({ id: idSchema, label: line(200) })
const options = z.array(optionSchema).max(OPTIONS_MAX)

const plain = <Kind extends FieldKind>(kind: Kind) => z.strictObject({ ...base, kind: z.literal(kind) })

export const fieldSchema = z.discriminatedUnion('kind', [
  z.strictObject({ ...base, kind: z.literal('short_text'), placeholder: line(120).optional() }),
  z.strictObject({ ...base, kind: z.literal('long_text'), placeholder: line(300).optional() }),
  plain('email'),
  plain('phone'),
  z.strictObject({
    ...base,
    kind: z.literal('number'),
    min: z.number().optional(),
    max: z.number().optional(),
    whole: z.boolean().optional(),
    unit: line(20).optional(),
  }),
  z.strictObject({
    ...base,
    kind: z.literal('date'),
    earliest: localDateSchema.optional(),
    latest: localDateSchema.optional(),
  }),
  plain('time'),
  z.strictObject({ ...base, kind: z.literal('choice'), options }),
  z.strictObject({ ...base, kind: z.literal('choices'), options }),
  plain('yes_no'),
  plain('address'),
  z.strictObject({
    ...base,
    kind: z.literal('people'),
    atMost: z.int().min(1).max(PEOPLE_MAX).optional(),
    /** What is asked of each besides the name: "Relation", "Role on the day". */
    noteLabel: line(80).optional(),
    withPhone: z.boolean().optional(),
  }),
])
export type Field = z.infer<typeof fieldSchema>
export type FieldOf<Kind extends FieldKind> = Extract<Field, { kind: Kind }>

export const sectionSchema = z.strictObject({
  id: idSchema,
  title: line(200).optional(),
  intro: line(1_000).optional(),
  fields: z.array(fieldSchema).max(FIELDS_MAX),
})
export type Section = z.infer<typeof sectionSchema>

export const formSchema = z.strictObject({
  format: z.literal(1),
  title: line(200),
  intro: line(1_000).optional(),
  /** One page, or one section after the other. */
  layout: z.enum(['page', 'steps']),
  sections: z.array(sectionSchema).max(SECTIONS_MAX),
  sendLabel: line(60).optional(),
  thanks: z.strictObject({ title: line(200), text: line(2_000).optional() }).optional(),
  /** Whether sent answers may be changed for as long as the form is open. */
  changeable: z.boolean(),
})
export type Form = z.infer<typeof formSchema>

export const fieldsOf = (form: Form): Field[] => form.sections.flatMap((section) => section.fields)

export const EMPTY_FORM: Form = {
  format: 1,
  title: '',
  layout: 'page',
  sections: [{ id: 'section', fields: [] }],
  changeable: true,
}

/** The names of all kinds as people read them. */
export const KIND_NAMES: Readonly<Record<FieldKind, string>> = {
  short_text: 'Short text',
  long_text: 'Long text',
  email: 'Email',
  phone: 'Phone',
  number: 'Number',
  date: 'Date',
  time: 'Time',
  choice: 'One choice',
  choices: 'Several choices',
  yes_no: 'Yes or no',
  address: 'Address',
  people: 'List of people',
}
