import { z } from 'zod'
import { defineTrigger, only } from '../define-trigger.ts'

/** A client comes to a stage, or leaves one, or both. */
export const stageChanged = defineTrigger({
  type: 'stage_changed',
  label: 'A client changes stage',
  config: z.strictObject({
    to: z.string().min(1).max(60).optional(),
    from: z.string().min(1).max(60).optional(),
  }),
  listensTo: 'stage_changed',
  matches: ({ to, from }, data) => {
    const left = only('stage before', from, data, 'from')
    return left.matches ? only('new stage', to, data, 'to') : left
  },
})
