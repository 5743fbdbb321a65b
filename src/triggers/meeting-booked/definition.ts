import { z } from 'zod'
import { defineTrigger, only } from '../define-trigger.ts'

/** Any meeting, or one kind: a tour, a tasting, the final call. */
export const meetingBooked = defineTrigger({
  type: 'meeting_booked',
  label: 'A meeting is booked',
  config: z.strictObject({ meeting: z.string().min(1).max(60).optional() }),
  listensTo: 'meeting_booked',
  matches: ({ meeting }, data) => only('meeting', meeting, data, 'meeting'),
})
