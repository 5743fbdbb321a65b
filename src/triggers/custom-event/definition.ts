import { z } from 'zod'
import { defineTrigger, only } from '../define-trigger.ts'

/** An event the vendor's own systems send, told apart by its name. */
export const customEvent = defineTrigger({
  type: 'custom_event',
  label: 'A custom event',
  config: z.strictObject({ name: z.string().min(1).max(100) }),
  listensTo: 'custom_event',
  matches: ({ name }, data) => only('custom event', name, data, 'name'),
})
