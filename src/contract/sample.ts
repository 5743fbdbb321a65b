import { z } from 'zod'
import { operation, uuid } from './operation.ts'

/** A studio in the middle of its season, to look round in: a business of its own, from which nothing leaves. */
const sample = z.object({
  is: z
    .enum(['none', 'loading', 'ready', 'removing', 'cut_off'])
    .describe(
      'Cut off: whoever loaded it died before its season was over; it can be loaded anew or removed.',
    ),
  vendor: uuid.nullable().describe('Once it is ready.'),
  done: z.number().describe('How much of its season has passed, or of it is gone, from 0 to 1.'),
})
export type SampleState = z.infer<typeof sample>

export const readSample = operation({
  id: 'sample.read',
  method: 'get',
  path: '/sample',
  summary: 'Whether you have a sample studio, or how far it is',
  needs: 'person',
  answer: sample,
})

export const loadSample = operation({
  id: 'sample.load',
  method: 'post',
  path: '/sample',
  summary: 'Have a sample studio: forty couples over a season, in a business of its own',
  needs: 'person',
  answer: sample,
  status: 202,
  problems: ['conflict'],
})

export const removeSample = operation({
  id: 'sample.remove',
  method: 'delete',
  path: '/sample',
  summary: 'Remove it: nobody sees it any more, and every row of it goes',
  needs: 'person',
  answer: sample,
  problems: ['not_found'],
})
