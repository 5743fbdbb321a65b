import type { Json, JsonObject, NodeId, RunId, VendorId } from '../core/ids.ts'
import { Refusal } from '../core/refusal.ts'
import type { Sql } from '../ports.ts'
import { insertJob } from '../store/bulk-jobs.ts'
import { readRuns } from '../store/runs.ts'
import { BULK_ROWS_MAX } from './bulk.ts'
import { editIn, refuseUnlessWellSaid } from './edit-message.ts'
import type { Engine } from './engine.ts'
import { type Done, oneRow } from './one-row.ts'
import { loadRuns } from './turns.ts'
import { openJson, sealJson } from './views.ts'

/**
 * The same words for a selection of couples, once: as a job, couple by couple, each with words of its own that can be
 * taken back. The words wait sealed in the job, for they are as personal as those of one message.
 */
export type EditBulk = {
  readonly is: 'edit'
  readonly node: NodeId
  readonly runs: readonly RunId[]
  /** The words, sealed, as base64. */
  readonly sealed: string
}
const wordsPlace = (vendor: VendorId, job: string) =>
  ({ vendor, subject: null, table: 'job', row: job, column: 'request' }) as const

/** Writes the job down in the caller's transaction; words that nobody could be sent are refused at once. */
export async function beginEditIn(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  {
    runs,
    node,
    words,
  }: { readonly runs: readonly RunId[]; readonly node: string; readonly words: JsonObject },
  by: string,
): Promise<string> {
  if (runs.length > BULK_ROWS_MAX)
    throw new Refusal('too_many', `${runs.length} rows are asked for; at most ${BULK_ROWS_MAX} at once.`)
  const now = engine.clock.now()
  await refuseBadWords(engine, sql, vendor, runs[0], node, words)
  const job = engine.rng.uuid7(now)
  const sealed = await sealJson(engine.vault, wordsPlace(vendor, job), words)
  const request: EditBulk = {
    is: 'edit',
    node: node as NodeId,
    runs,
    sealed: Buffer.from(sealed).toString('base64'),
  }
  const total = runs.length
  const row = {
    job_id: job,
    kind: 'run.edit',
    request: request as unknown as Json,
    total,
    actor: by,
    at: now,
  }
  await insertJob(sql, vendor, row)
  return job
}

/** Judged by the first that has the step; each is judged again by its own version when its turn comes. */
async function refuseBadWords(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  run: RunId | undefined,
  node: string,
  words: JsonObject,
): Promise<void> {
  const rows = run === undefined ? [] : await readRuns(sql, [{ vendor, run }])
  const [loaded] = await loadRuns(engine, sql, engine.clock.now(), rows)
  const step = loaded?.graph.node(node as NodeId)
  if (step?.kind === 'module') refuseUnlessWellSaid(engine, step, { ...step.config, ...words })
}

/** The next couples of it, in the transaction of the job's progress. */
export async function editSome(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  job: string,
  { sealed, node }: EditBulk,
  runs: readonly RunId[],
  by: string,
): Promise<Done> {
  const words = (await openJson(
    engine.vault,
    wordsPlace(vendor, job),
    Buffer.from(sealed, 'base64'),
  )) as JsonObject
  const done: Done = { results: [], wake: [] }
  for (const run of runs) {
    const { results } = await oneRow(sql, run, async () => ({
      undo: await editIn(engine, sql, vendor, run, node, words, by),
      wake: [],
    }))
    done.results.push(...results)
  }
  return done
}
