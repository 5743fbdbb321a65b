import { z } from 'zod'
import { defineTrigger, only } from '../define-trigger.ts'

/** A signed call to one of the vendor’s own inbound addresses, or to any of them. */
export const inboundWebhook = defineTrigger({
  type: 'inbound_webhook',
  label: 'Another system calls',
  config: z.strictObject({ hook: z.string().min(1).max(60).optional() }),
  listensTo: 'inbound_webhook',
  matches: ({ hook }, data) => only('webhook', hook, data, 'hook'),
})
