import { z } from 'zod'
import { defineTrigger, no, only } from '../define-trigger.ts'

/** Any payment, or one instalment by its name (the `due:<name>` it settles), from an amount upwards. */
export const paymentReceived = defineTrigger({
  type: 'payment_received',
  label: 'A payment arrives',
  config: z.strictObject({
    instalment: z.string().min(1).max(60).optional(),
    /** In the currency's smallest unit, as the event carries it. */
    amountMin: z.int().min(0).optional(),
  }),
  listensTo: 'payment_received',
  matches: ({ instalment, amountMin }, data) => {
    if (amountMin !== undefined) {
      if (typeof data.amount !== 'number') return no('The event names no amount.')
      if (data.amount < amountMin) return no('The payment is smaller than the amount this journey waits for.')
    }
    return only('instalment', instalment, data, 'instalment')
  },
})
