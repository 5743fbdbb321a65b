import { z } from 'zod'
import { defineTrigger } from '../define-trigger.ts'

/** Started by a member, by another journey, or through the API; no event starts it. */
export const manual = defineTrigger({
  type: 'manual',
  label: 'Started by hand',
  config: z.strictObject({}),
  listensTo: null,
})
