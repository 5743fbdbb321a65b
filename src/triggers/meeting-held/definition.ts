import { z } from 'zod'
import { defineTrigger, only } from '../define-trigger.ts'

/** Any meeting, or one kind; said by the end of the appointment or by the vendor. */
export const meetingHeld = defineTrigger({
  type: 'meeting_held',
  label: 'A meeting was held',
  config: z.strictObject({ meeting: z.string().min(1).max(60).optional() }),
  listensTo: 'meeting_held',
  matches: ({ meeting }, data) => only('meeting', meeting, data, 'meeting'),
})
