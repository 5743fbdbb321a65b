import { z } from 'zod'
import { moment, ofVendor, operation, pageOf, pageQuery, uuid } from './operation.ts'

/** Work on many rows: how far it is, and what became of each. One that is cut off goes on where it stood. */
const ofJob = ofVendor.extend({ job: uuid })
const job = z.object({
  id: uuid,
  kind: z.string(),
  state: z.enum(['running', 'done', 'failed', 'cancelled']),
  total: z.int(),
  done: z.int(),
  refused: z.int(),
  by: z.string(),
  at: moment,
  finished: moment.nullable(),
  position: z
    .int()
    .nullable()
    .describe(
      '1 when it is the oldest of the jobs that are under way here, 2 when one stands before it; null when it is over.',
    ),
  secondsLeft: z
    .int()
    .nullable()
    .describe(
      'How long it will probably still take, by its own pace so far; null while it has none, and when it is over.',
    ),
})
const result = z.object({
  of: z.string().describe('The run, couple or wedding.'),
  is: z.enum(['done', 'refused']),
  why: z.string().nullable(),
})

export const listJobs = operation({
  id: 'jobs.list',
  method: 'get',
  path: '/vendors/{vendor}/jobs',
  summary: 'Jobs, the newest first; of one `kind`, such as `client.import`, where it is given',
  needs: 'runs:read',
  params: ofVendor,
  query: pageQuery.extend({ kind: z.string().min(1).max(60).optional() }),
  answer: pageOf(job),
})

export const readJob = operation({
  id: 'jobs.read',
  method: 'get',
  path: '/vendors/{vendor}/jobs/{job}',
  summary: 'One job with its progress; `results=all` tells every row, else those that were refused',
  needs: 'runs:read',
  params: ofJob,
  query: z.strictObject({ results: z.enum(['refused', 'all']).default('refused') }),
  answer: job.extend({ results: z.array(result) }),
})

export const stopJob = operation({
  id: 'jobs.stop',
  method: 'post',
  path: '/vendors/{vendor}/jobs/{job}/stop',
  summary: 'Do no more of it; what is done stays done',
  needs: 'runs:write',
  params: ofJob,
  answer: job,
})

export const undoJob = operation({
  id: 'jobs.undo',
  method: 'post',
  path: '/vendors/{vendor}/jobs/{job}/undo',
  summary:
    'Take it back row by row, where that is still possible: a job of its own. Couples of an import go out again, as long as nothing was sent to them',
  needs: 'runs:write',
  params: ofJob,
  answer: z.object({ job: uuid, total: z.int() }),
  status: 202,
  problems: ['undo_closed'],
})
