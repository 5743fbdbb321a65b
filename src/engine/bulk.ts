import type { Json, RunId, VendorId } from '../core/ids.ts'
import { Refusal } from '../core/refusal.ts'
import type { Command } from '../core/run/event.ts'
import type { Sql } from '../ports.ts'
import {
  cancelJob,
  insertJob,
  type JobResult,
  type JobRow,
  lockJob,
  progressJob,
  readJob,
} from '../store/bulk-jobs.ts'
import { readWeddings } from '../store/clients.ts'
import { changeIn, type DetailsChange, undoDetails } from './change-details.ts'
import { commandIn, undoCommand } from './control.ts'
import type { Engine } from './engine.ts'
import { retrying } from './retrying.ts'
import { ringRuns } from './ring.ts'

/**
 * One command for many runs, one change for many weddings: a job with a result for each row. The rows of a part
 * and the progress of the job are one transaction, so that a job that was cut off goes on where it stood and does
 * nothing twice.
 */
export type Bulk =
  | { readonly is: 'command'; readonly command: Command; readonly runs: readonly RunId[] }
  | { readonly is: 'move'; readonly changes: readonly DetailsChange[] }
export type BulkTold = Pick<JobRow, 'job_id' | 'kind' | 'state' | 'total' | 'done' | 'failed' | 'results'>
export type BulkProgress = (done: number, total: number) => void

export const BULK_ROWS_MAX = 10_000
const COMMANDS_AT_ONCE = 100
/** A wedding takes its runs along, so that fewer fit into one transaction. */
const MOVES_AT_ONCE = 50

export async function startBulk(
  engine: Engine,
  vendor: VendorId,
  bulk: Bulk,
  by: string,
  progress: BulkProgress = () => undefined,
): Promise<BulkTold> {
  const total = bulk.is === 'command' ? bulk.runs.length : bulk.changes.length
  if (total > BULK_ROWS_MAX)
    throw new Refusal('too_many', `${total} rows are asked for; at most ${BULK_ROWS_MAX} at once.`)
  const now = engine.clock.now()
  const job = engine.rng.uuid7(now)
  const kind = bulk.is === 'command' ? `run.${bulk.command.do}` : 'wedding.move'
  await engine.db.tx('bulk.begin', { vendors: [vendor] }, (sql) =>
    insertJob(sql, vendor, {
      job_id: job,
      kind,
      request: bulk as unknown as Json,
      total,
      actor: by,
      at: now,
    }),
  )
  return goOnWith(engine, vendor, job, progress)
}

/** Goes on with a job until it is over, from wherever it stands. */
export async function goOnWith(
  engine: Engine,
  vendor: VendorId,
  job: string,
  progress: BulkProgress = () => undefined,
): Promise<BulkTold> {
  for (;;) {
    const part = await retrying(engine, () =>
      engine.db.tx('bulk.part', { vendors: [vendor] }, (sql) => takePart(engine, sql, vendor, job)),
    )
    ringRuns(engine, part.wake)
    progress(part.row.done + part.row.failed, part.row.total)
    if (part.row.state !== 'running') return part.row
  }
}

export async function stopBulk(engine: Engine, vendor: VendorId, job: string): Promise<boolean> {
  return engine.db.tx('bulk.stop', { vendors: [vendor] }, (sql) =>
    cancelJob(sql, vendor, job, engine.clock.now()),
  )
}

type Part = { readonly row: JobRow; readonly wake: readonly RunId[] }

async function takePart(engine: Engine, sql: Sql, vendor: VendorId, job: string): Promise<Part> {
  const row = await lockJob(sql, vendor, job)
  if (!row) throw new Refusal('not_found', `No job here is called ${job}.`)
  if (row.state !== 'running') return { row, wake: [] }
  const bulk = row.request as unknown as Bulk
  const from = row.done + row.failed
  const { results, wake } =
    bulk.is === 'command'
      ? await obey(
          engine,
          sql,
          vendor,
          bulk.runs.slice(from, from + COMMANDS_AT_ONCE),
          bulk.command,
          row.actor,
        )
      : await move(engine, sql, vendor, bulk.changes.slice(from, from + MOVES_AT_ONCE), row.actor)
  await progressJob(sql, vendor, job, engine.clock.now(), results)
  return { row: (await readJob(sql, vendor, job))!, wake }
}

type Done = { readonly results: JobResult[]; readonly wake: RunId[] }

async function obey(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  runs: readonly RunId[],
  command: Command,
  by: string,
): Promise<Done> {
  if (runs.length === 0) return { results: [], wake: [] }
  const answers = await commandIn(engine, sql, vendor, runs, command, by)
  return {
    results: answers.map((one) =>
      one.is === 'obeyed'
        ? { of: one.run, is: 'done', undo: one.command }
        : { of: one.run, is: 'refused', why: one.why },
    ),
    wake: answers.flatMap((one) => (one.is === 'obeyed' ? [one.run] : [])),
  }
}

async function move(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  changes: readonly DetailsChange[],
  by: string,
): Promise<Done> {
  if (changes.length === 0) return { results: [], wake: [] }
  const known = await readWeddings(
    sql,
    vendor,
    changes.map((one) => one.wedding),
  )
  const there = changes.filter((one) => known.some((row) => row.wedding_id === one.wedding))
  const receipt =
    there.length > 0 ? await changeIn(engine, sql, vendor, there, by, 'undoable') : { changes: [], runs: [] }
  // The changes are recorded in the order the weddings were locked in: that of their ids.
  const undoOf = new Map(known.map((row, index) => [row.wedding_id, receipt.changes[index]]))
  return {
    results: changes.map((one) => {
      const undo = undoOf.get(one.wedding)
      return undo === undefined
        ? { of: one.wedding, is: 'refused', why: 'This wedding is not known here.' }
        : { of: one.wedding, is: 'done', undo }
    }),
    wake: receipt.runs.map((one) => one.run),
  }
}

/** Takes back every row of a job that can still be taken back; each of the others says why not. */
export async function undoBulk(
  engine: Engine,
  vendor: VendorId,
  job: string,
  by: string,
  progress: BulkProgress = () => undefined,
): Promise<JobResult[]> {
  const row = await engine.db.tx('bulk.read', { vendors: [vendor] }, (sql) => readJob(sql, vendor, job))
  if (!row) throw new Refusal('not_found', `No job here is called ${job}.`)
  const done = row.results.filter((one) => one.is === 'done' && one.undo !== undefined)
  const results: JobResult[] = []
  for (const one of done) {
    results.push(await takeBack(engine, vendor, row.kind, one, by))
    progress(results.length, done.length)
  }
  return results
}

async function takeBack(
  engine: Engine,
  vendor: VendorId,
  kind: string,
  one: JobResult,
  by: string,
): Promise<JobResult> {
  try {
    if (kind === 'wedding.move') await undoDetails(engine, vendor, one.undo ?? '', by)
    else await undoCommand(engine, vendor, one.undo ?? '', by)
    return { of: one.of, is: 'done' }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { of: one.of, is: 'refused', why: error.message }
  }
}
