import { z } from 'zod'
import { moment, ofVendor, operation, uuid } from './operation.ts'

export const PULSE_WEEKS = 8

/** How journeys are doing: who arrived lately, and what stands in the way. Apart from their list, which is asked often. */
export const journeyPulse = operation({
  id: 'journeys.pulse',
  method: 'get',
  path: '/vendors/{vendor}/pulse',
  summary: 'How each journey is doing: who came to its end in the last weeks, and what is wrong on it now',
  needs: 'journeys:read',
  params: ofVendor,
  answer: z.object({
    from: moment.describe('Where the first of the weeks begins; the last one ends now.'),
    items: z
      .array(
        z.object({
          journey: uuid,
          arrived: z.array(z.int()).describe('Couples who came to the end, week by week, the latest last.'),
          stuck: z.int().describe('Couples who stand at a step that cannot go on by itself.'),
          undelivered: z.int().describe('Messages that could not be delivered and that nobody has seen to.'),
        }),
      )
      .describe('Only journeys of which there is something to tell.'),
  }),
})
