import { z } from 'zod'
import { formKeySchema, formSchema } from '../core/form/form.ts'
import { done, moment, ofVendor, operation, uuid } from './operation.ts'

/** Forms, what couples answered, and who has not answered yet. */
const name = z.string().trim().min(1).max(120)
const status = z.enum(['draft', 'published', 'archived'])
const base = {
  id: uuid,
  key: z.string().describe('By which journeys and conditions name it; it never changes.'),
  name: z.string(),
  status,
  version: z.int().nullable().describe('The newest published version.'),
  changed: z.boolean().describe('Whether something is written that is not published.'),
  changedAt: moment,
}
export const formLineSchema = z.object({
  ...base,
  answered: z.int().describe('Couples who answered it.'),
  open: z.int().describe('Couples who were asked and are waited for.'),
})
export type FormLine = z.infer<typeof formLineSchema>

const problems = z.array(z.object({ code: z.string(), path: z.string(), message: z.string() }))
export const formDocumentSchema = z.object({ ...base, document: formSchema, problems })
export type FormDocument = z.infer<typeof formDocumentSchema>

export const oneForm = ofVendor.extend({ form: uuid })

export const listForms = operation({
  id: 'forms.list',
  method: 'get',
  path: '/vendors/{vendor}/forms',
  summary: 'Every form, with how many couples answered it and how many are still asked',
  needs: 'forms:read',
  params: ofVendor,
  answer: z.object({ items: z.array(formLineSchema) }),
})

export const addForm = operation({
  id: 'forms.add',
  method: 'post',
  path: '/vendors/{vendor}/forms',
  summary: 'A new form, empty or from a document that was exported',
  needs: 'forms:write',
  params: ofVendor,
  body: z.strictObject({ name, key: formKeySchema.optional(), document: formSchema.optional() }),
  answer: formDocumentSchema,
  status: 201,
})

export const readFormDraft = operation({
  id: 'forms.read',
  method: 'get',
  path: '/vendors/{vendor}/forms/{form}',
  summary: 'A form as it is written, with what keeps it from being published',
  needs: 'forms:read',
  params: oneForm,
  answer: formDocumentSchema,
  etag: 'gives',
})

export const changeForm = operation({
  id: 'forms.change',
  method: 'patch',
  path: '/vendors/{vendor}/forms/{form}',
  summary: 'Save the draft of a form, rename it, or put it away',
  needs: 'forms:write',
  params: oneForm,
  body: z.strictObject({
    name: name.optional(),
    document: formSchema.optional(),
    archived: z.boolean().optional(),
  }),
  answer: formDocumentSchema,
  etag: 'needs',
})

export const publishForm = operation({
  id: 'forms.publish',
  method: 'post',
  path: '/vendors/{vendor}/forms/{form}/publish',
  summary: 'Publish what is written; couples who were asked before keep the version they were asked with',
  needs: 'forms:write',
  params: oneForm,
  answer: formDocumentSchema,
  etag: 'needs',
  problems: ['form_invalid'],
})

export const listFormVersions = operation({
  id: 'forms.versions',
  method: 'get',
  path: '/vendors/{vendor}/forms/{form}/versions',
  summary: 'Published versions, the newest first',
  needs: 'forms:read',
  params: oneForm,
  answer: z.object({ items: z.array(z.object({ version: z.int(), at: moment, by: z.string() })) }),
})

export const readFormVersion = operation({
  id: 'forms.versions.read',
  method: 'get',
  path: '/vendors/{vendor}/forms/{form}/versions/{version}',
  summary: 'One published version, as it can be imported again',
  needs: 'forms:read',
  params: oneForm.extend({ version: z.coerce.number().int().min(1).max(1_000_000) }),
  answer: z.object({ version: z.int(), document: formSchema }),
})

export const unansweredSchema = z.object({
  sending: uuid,
  client: uuid,
  names: z.string(),
  askedAt: moment,
  until: moment.nullable().describe('Until when the journey waits.'),
  savedAt: moment.nullable().describe('When something was typed last.'),
  reminded: z.int(),
  nextReminder: moment.nullable(),
  mayRemind: z.boolean(),
  run: uuid.nullable(),
})
export type Unanswered = z.infer<typeof unansweredSchema>

export const listUnanswered = operation({
  id: 'forms.unanswered',
  method: 'get',
  path: '/vendors/{vendor}/forms/{form}/unanswered',
  summary: 'Who was asked and has not answered yet, the longest asked first',
  needs: 'forms:read',
  params: oneForm,
  answer: z.object({ items: z.array(unansweredSchema) }),
})

export const makeFormLink = operation({
  id: 'forms.links.make',
  method: 'post',
  path: '/vendors/{vendor}/forms/{form}/links',
  summary: 'A link by which one couple opens the form, to be sent by hand',
  needs: 'forms:write',
  params: oneForm,
  body: z.strictObject({ client: uuid }),
  answer: z.object({ sending: uuid, url: z.string() }),
  status: 201,
})

const oneSending = ofVendor.extend({ sending: uuid })

export const withdrawSending = operation({
  id: 'form_sendings.withdraw',
  method: 'post',
  path: '/vendors/{vendor}/form-sendings/{sending}/withdraw',
  summary: 'Take a link back: its page says so from now on',
  needs: 'forms:write',
  params: oneSending,
  answer: done,
  status: 204,
})

export const remindNow = operation({
  id: 'form_sendings.remind',
  method: 'post',
  path: '/vendors/{vendor}/form-sendings/{sending}/remind',
  summary: 'Send the next reminder now instead of later',
  needs: 'runs:write',
  params: oneSending,
  answer: done,
  status: 204,
  problems: ['command_impossible', 'run_finished'],
})

/** The page of a form as it is written, for whoever designs it: opened with their session, sends nothing. */
export const previewPath = (vendor: string, form: string): string => `/f/preview/${vendor}/${form}`
