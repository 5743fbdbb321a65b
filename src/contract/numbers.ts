import { z } from 'zod'
import { days } from './flow.ts'
import { ofVendor, operation } from './operation.ts'

/** The first numbers of a business; each is one file under store/numbers. */
export const NUMBER_NAMES = [
  'couples_added',
  'journeys_begun',
  'journeys_arrived',
  'journey_days',
  'messages_sent',
  'forms_answered',
  'answer_days',
] as const

export const readNumbers = operation({
  id: 'numbers.read',
  method: 'get',
  path: '/vendors/{vendor}/numbers',
  summary: 'What has come of a range of days, and of as many days before it',
  needs: 'runs:read',
  params: ofVendor,
  query: z.strictObject(days),
  answer: z.object({
    from: z.iso.date(),
    to: z.iso.date(),
    numbers: z.array(
      z.object({
        name: z.enum(NUMBER_NAMES),
        value: z
          .number()
          .nullable()
          .describe(
            'How many; with `_days`, how many days in the mean. Null where there was nothing to count.',
          ),
        of: z.int().nullable().describe('What `value` is a part of, or was taken from.'),
        before: z.number().nullable().describe('The same of as many days before.'),
        beforeOf: z.int().nullable(),
      }),
    ),
  }),
})
