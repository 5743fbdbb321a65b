import { z } from 'zod'
import { defineTrigger, no, only } from '../define-trigger.ts'

/** A given tag is put on a client or taken off. */
export const tagChanged = defineTrigger({
  type: 'tag_changed',
  label: 'A tag is added or removed',
  config: z.strictObject({
    tag: z.string().min(1).max(60).optional(),
    is: z.enum(['added', 'removed']).default('added'),
  }),
  listensTo: 'tag_changed',
  matches: ({ tag, is }, data) => {
    const happened = data.added === true ? 'added' : 'removed'
    if (happened !== is) return no(`The tag was ${happened}; this journey waits for one that is ${is}.`)
    return only('tag', tag, data, 'tag')
  },
})
