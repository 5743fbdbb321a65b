import { z } from 'zod'
import { defineTrigger } from '../define-trigger.ts'

/** A couple has named friends who are getting married. */
export const referralReceived = defineTrigger({
  type: 'referral_received',
  label: 'A referral comes in',
  config: z.strictObject({}),
  listensTo: 'referral_received',
})
