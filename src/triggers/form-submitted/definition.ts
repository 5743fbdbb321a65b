import { z } from 'zod'
import { defineTrigger, only } from '../define-trigger.ts'

/** Any form, or a given one by its key. */
export const formSubmitted = defineTrigger({
  type: 'form_submitted',
  label: 'A form is submitted',
  config: z.strictObject({ form: z.string().min(1).max(60).optional() }),
  listensTo: 'form_submitted',
  matches: ({ form }, data) => only('form', form, data, 'form'),
})
