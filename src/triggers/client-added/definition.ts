import { z } from 'zod'
import { defineTrigger } from '../define-trigger.ts'

/** A couple has been written into the book, by a person, an import or a sync. */
export const clientAdded = defineTrigger({
  type: 'client_added',
  label: 'A client is added',
  config: z.strictObject({}),
  listensTo: 'client_added',
})
