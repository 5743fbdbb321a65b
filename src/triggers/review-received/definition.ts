import { z } from 'zod'
import { defineTrigger, no, only } from '../define-trigger.ts'

/** Any review, or those on one platform, or those with at least so many stars. */
export const reviewReceived = defineTrigger({
  type: 'review_received',
  label: 'A review comes in',
  config: z.strictObject({
    platform: z.string().min(1).max(60).optional(),
    ratingMin: z.int().min(1).max(5).optional(),
    ratingMax: z.int().min(1).max(5).optional(),
  }),
  listensTo: 'review_received',
  matches: ({ platform, ratingMin, ratingMax }, data) => {
    if (ratingMin !== undefined || ratingMax !== undefined) {
      if (typeof data.rating !== 'number') return no('The review has no rating.')
      if (data.rating < (ratingMin ?? 1)) return no(`The rating is ${data.rating}, below ${ratingMin}.`)
      if (data.rating > (ratingMax ?? 5)) return no(`The rating is ${data.rating}, above ${ratingMax}.`)
    }
    return only('platform', platform, data, 'platform')
  },
})
