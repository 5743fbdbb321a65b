import { z } from 'zod'
import type { Json } from '../core/ids.ts'
import { oneForm } from './forms.ts'
import { exported, moment, operation, pageOf, pageQuery, password, uuid } from './operation.ts'

export const listAnswers = operation({
  id: 'forms.answers',
  method: 'get',
  path: '/vendors/{vendor}/forms/{form}/answers',
  summary: 'What couples answered, the newest first',
  needs: 'answers:read',
  params: oneForm,
  query: pageQuery,
  answer: pageOf(
    z.object({
      client: uuid,
      names: z.string(),
      at: moment,
      version: z.int().nullable(),
      values: z.record(z.string(), z.json() as z.ZodType<Json>),
      words: z.record(z.string(), z.string()).describe('The same, as people read it.'),
    }),
  ).extend({ columns: z.array(z.object({ id: z.string(), label: z.string() })) }),
})
export type AnswerPage = z.infer<(typeof listAnswers)['answer']>

export const exportAnswers = operation({
  id: 'forms.answers.export',
  method: 'post',
  path: '/vendors/{vendor}/forms/{form}/answers/export',
  summary: 'All that couples answered as one table, the newest first',
  weight: 20,
  needs: 'answers:read',
  params: oneForm,
  body: z.strictObject({ password }),
  provesPerson: true,
  answer: exported,
  shownOnce: true,
})
