import { z } from 'zod'
import { moment, ofVendor, operation } from './operation.ts'

/** Whether messages go out, told and stopped in one place. */
const sending = z.object({
  leaves: z
    .boolean()
    .describe('Whether letters leave this house now; if not, they are kept in the captured mailbox.'),
  held: z
    .object({ since: moment, by: z.string().describe('Who did it, by name.') })
    .nullable()
    .describe('Everything is held: no journey sends or goes on until somebody lets it.'),
})
export type SendingState = z.infer<typeof sending>

export const readSending = operation({
  id: 'sending.read',
  method: 'get',
  path: '/vendors/{vendor}/sending',
  summary: 'Whether messages go out, are captured, or are held',
  needs: 'runs:read',
  params: ofVendor,
  answer: sending,
})

export const holdEverything = operation({
  id: 'sending.hold',
  method: 'put',
  path: '/vendors/{vendor}/sending',
  summary:
    'Hold everything at once, or let it go on: journeys under way and those that begin meanwhile; what is late then is judged step by step, so that no burst follows',
  needs: 'runs:write',
  params: ofVendor,
  body: z.strictObject({ held: z.boolean() }),
  answer: sending,
})
