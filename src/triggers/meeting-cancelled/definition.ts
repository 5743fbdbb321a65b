import { z } from 'zod'
import { defineTrigger, only } from '../define-trigger.ts'

/** Any meeting, or one kind; a meeting that is only moved is not cancelled. */
export const meetingCancelled = defineTrigger({
  type: 'meeting_cancelled',
  label: 'A meeting is cancelled',
  config: z.strictObject({ meeting: z.string().min(1).max(60).optional() }),
  listensTo: 'meeting_cancelled',
  matches: ({ meeting }, data) => only('meeting', meeting, data, 'meeting'),
})
