import { z } from 'zod'
import { defineTrigger, no, yes } from '../define-trigger.ts'

const became = z.enum(['moved', 'to_be_confirmed', 'cancelled', 'confirmed', 'held'])

/** The wedding is moved, put off without a new date, or cancelled. A venue that moves alone is not this. */
export const weddingDateChanged = defineTrigger({
  type: 'wedding_date_changed',
  label: 'The wedding date changes',
  config: z.strictObject({ became: z.array(became).min(1).max(5).optional() }),
  listensTo: 'wedding_date_changed',
  matches: (config, data) => {
    if (!config.became) return yes('Any change of the date is meant.')
    const status = config.became.find((one) => one === data.status)
    if (status) return yes(`The date is now "${status}".`)
    return no(
      `The date is now "${String(data.status ?? 'unknown')}"; this journey waits for ${config.became.join(' or ')}.`,
    )
  },
})
