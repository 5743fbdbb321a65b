import { z } from 'zod'
import { type WaitRule, waitRuleSchema } from '../../core/wedding/wait-rule.ts'
import { defineTrigger } from '../define-trigger.ts'

/**
 * Before or after any anchor, or on a fixed day. There is no polling window: each couple has a run from the
 * start, which waits on its trigger by this rule and moves with the anchor like every other wait.
 */
export const date = defineTrigger({
  type: 'date',
  label: 'Before or after a date',
  config: z.strictObject({
    when: waitRuleSchema.refine(hangsOnADate, 'a moment before or after an anchor, or on a fixed day'),
  }),
  listensTo: null,
  when: ({ when }) => when,
})

function hangsOnADate(rule: WaitRule): boolean {
  return 'before' in rule || 'on' in rule || ('after' in rule && rule.of !== undefined && rule.of !== 'now')
}
