import { z } from 'zod'
import { defineTrigger, only } from '../define-trigger.ts'

/** From everywhere, or from one source: the website, a portal, a fair. */
export const inquiryReceived = defineTrigger({
  type: 'inquiry_received',
  label: 'An inquiry comes in',
  config: z.strictObject({ source: z.string().min(1).max(60).optional() }),
  listensTo: 'inquiry_received',
  matches: ({ source }, data) => only('source', source, data, 'source'),
})
