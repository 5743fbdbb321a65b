import type { ClientId, JourneyId, Json, RunId, VendorId } from '../core/ids.ts'
import { Refusal } from '../core/refusal.ts'
import type { Command } from '../core/run/event.ts'
import { type Instant, MINUTE_MS, plusMs } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import {
  cancelJob,
  insertJob,
  type JobResult,
  type JobRow,
  jobsLeft,
  lockJob,
  progressJob,
  readJob,
} from '../store/bulk-jobs.ts'
import { readWeddings } from '../store/clients.ts'
import { changeIn, type DetailsChange, undoDetails, undoDetailsIn } from './change-details.ts'
import { commandIn, undoCommand, undoCommandIn } from './control.ts'
import { type EditBulk, editSome } from './edit-some.ts'
import type { Engine } from './engine.ts'
import { type ImportBulk, importSome } from './import-job.ts'
import { type Done, oneRow } from './one-row.ts'
import { type MigrateBulk, migrateSome } from './publish-plan.ts'
import { type ReplanBulk, replanSome } from './replan-some.ts'
import { retrying } from './retrying.ts'
import { ringTouched } from './ring.ts'
import { type SimulateBulk, simulateSome } from './simulate-book.ts'
import { startSome } from './start-some.ts'
import { tagSome } from './tag-some.ts'
import { takeBackImported } from './take-back.ts'

/**
 * One command for many runs, one change for many weddings: a job with a result for each row. The rows of a part
 * and the progress of the job are one transaction, so that a job that was cut off goes on where it stood and does
 * nothing twice.
 */
export type Bulk =
  | { readonly is: 'command'; readonly command: Command; readonly runs: readonly RunId[] }
  | { readonly is: 'move'; readonly changes: readonly DetailsChange[] }
  | EditBulk
  | MigrateBulk
  | ImportBulk
  | { readonly is: 'tag'; readonly tag: string; readonly on: boolean; readonly clients: readonly ClientId[] }
  | { readonly is: 'start'; readonly journey: JourneyId; readonly clients: readonly ClientId[] }
  | SimulateBulk
  | ReplanBulk
  | {
      readonly is: 'undo'
      readonly kind: string
      readonly rows: readonly JobResult[]
      /** When what is taken back was begun. */
      readonly since: Instant
    }
export type BulkTold = Pick<JobRow, 'job_id' | 'kind' | 'state' | 'total' | 'done' | 'failed' | 'results'>
export type BulkProgress = (done: number, total: number) => void

export const BULK_ROWS_MAX = 10_000
const COMMANDS_AT_ONCE = 100
/** A wedding takes its runs along, so that fewer fit into one transaction. */
const MOVES_AT_ONCE = 50
/** Each is a turn and words of its own. */
const EDITS_AT_ONCE = 50
/** Few enough that the progress moves, and that no part holds its process for long. */
const SIMULATIONS_AT_ONCE = 50

export async function startBulk(
  engine: Engine,
  vendor: VendorId,
  bulk: Bulk,
  by: string,
  progress: BulkProgress = () => undefined,
): Promise<BulkTold> {
  const job = await engine.db.tx('bulk.begin', { vendors: [vendor] }, (sql) =>
    beginBulkIn(engine, sql, vendor, bulk, by),
  )
  return goOnWith(engine, vendor, job, progress)
}

/** Writes the job down in the caller's transaction. It is begun when that is through, by whoever is first. */
export async function beginBulkIn(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  bulk: Bulk,
  by: string,
): Promise<string> {
  const total = rowsOf(bulk)
  if (total > BULK_ROWS_MAX)
    throw new Refusal('too_many', `${total} rows are asked for; at most ${BULK_ROWS_MAX} at once.`)
  const now = engine.clock.now()
  const job = engine.rng.uuid7(now)
  const request = bulk as unknown as Json
  await insertJob(sql, vendor, { job_id: job, kind: kindOf(bulk), request, total, actor: by, at: now })
  return job
}

function rowsOf(bulk: Bulk): number {
  switch (bulk.is) {
    case 'command':
    case 'edit':
      return bulk.runs.length
    case 'move':
      return bulk.changes.length
    case 'migrate':
      return bulk.moves.length
    case 'start':
    case 'tag':
    case 'simulate':
    case 'replan':
      return bulk.clients.length
    case 'import':
      return bulk.total
    case 'undo':
      return bulk.rows.length
  }
}

function kindOf(bulk: Bulk): string {
  switch (bulk.is) {
    case 'command':
      return `run.${bulk.command.do}`
    case 'edit':
      return 'run.edit'
    case 'move':
      return 'wedding.move'
    case 'migrate':
      return 'journey.move'
    case 'start':
      return 'journey.start'
    case 'tag':
      return bulk.on ? 'client.tag' : 'client.untag'
    case 'import':
      return 'client.import'
    case 'simulate':
      return 'journey.simulate'
    case 'replan':
      return bulk.world === 'calendar' ? 'vendor.calendar' : 'zone.data'
    case 'undo':
      return 'undo'
  }
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
    ringTouched(engine, part.wake)
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
  const { results, wake } = await doPart(engine, sql, vendor, row, row.done + row.failed)
  await progressJob(sql, vendor, job, engine.clock.now(), results)
  return { row: (await readJob(sql, vendor, job))!, wake }
}

function doPart(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  { request, job_id: job, actor: by }: JobRow,
  from: number,
): Promise<Done> {
  const bulk = request as unknown as Bulk
  switch (bulk.is) {
    case 'command': {
      const runs = bulk.runs.slice(from, from + COMMANDS_AT_ONCE)
      return obey(engine, sql, vendor, runs, bulk.command, by)
    }
    case 'edit': {
      const runs = bulk.runs.slice(from, from + EDITS_AT_ONCE)
      return editSome(engine, sql, vendor, job, bulk, runs, by)
    }
    case 'move':
      return move(engine, sql, vendor, bulk.changes.slice(from, from + MOVES_AT_ONCE), by)
    case 'migrate':
      return migrateSome(engine, sql, vendor, bulk, bulk.moves.slice(from, from + COMMANDS_AT_ONCE))
    case 'start':
      return startSome(engine, sql, vendor, bulk.journey, bulk.clients.slice(from, from + COMMANDS_AT_ONCE))
    case 'tag':
      return tagSome(engine, sql, vendor, job, bulk, bulk.clients.slice(from, from + COMMANDS_AT_ONCE))
    case 'import':
      return importSome(engine, sql, vendor, job, bulk, from)
    case 'simulate': {
      const clients = bulk.clients.slice(from, from + SIMULATIONS_AT_ONCE)
      return simulateSome(engine, sql, vendor, bulk, clients)
    }
    case 'replan': {
      const clients = bulk.clients.slice(from, from + COMMANDS_AT_ONCE)
      return replanSome(engine, sql, vendor, bulk, clients, by)
    }
    case 'undo':
      if (bulk.kind === 'client.import') {
        const rows = bulk.rows.slice(from, from + COMMANDS_AT_ONCE)
        return takeBackImported(sql, vendor, rows, bulk.since).then((results) => ({ results, wake: [] }))
      }
      // One at a time: a row that is refused must take nothing of its neighbours back.
      return takeBackOne(engine, sql, vendor, bulk.kind, bulk.rows[from], by)
  }
}

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

async function takeBackOne(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  kind: string,
  row: JobResult | undefined,
  by: string,
): Promise<Done> {
  if (row === undefined) return { results: [], wake: [] }
  return oneRow(sql, row.of, async () => ({ wake: await takenBack(engine, sql, vendor, kind, row, by) }))
}

async function takenBack(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  kind: string,
  { of, undo = '' }: JobResult,
  by: string,
): Promise<RunId[]> {
  switch (kind) {
    case 'wedding.move':
      return (await undoDetailsIn(engine, sql, vendor, undo, by)).runs.map((one) => one.run)
    case 'client.tag':
    case 'client.untag': {
      const bulk = { is: 'tag', tag: undo, on: kind === 'client.untag', clients: [of as ClientId] } as const
      return (await tagSome(engine, sql, vendor, engine.rng.uuid7(engine.clock.now()), bulk, bulk.clients))
        .wake
    }
    default:
      return [await undoCommandIn(engine, sql, vendor, undo, by)]
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
  if (row.kind === 'client.import') return undoImport(engine, vendor, done, row.at, progress)
  const results: JobResult[] = []
  for (const one of done) {
    results.push(await takeBack(engine, vendor, row.kind, one, by))
    progress(results.length, done.length)
  }
  return results
}

async function undoImport(
  engine: Engine,
  vendor: VendorId,
  rows: readonly JobResult[],
  since: Instant,
  progress: BulkProgress,
): Promise<JobResult[]> {
  const results: JobResult[] = []
  for (let from = 0; from < rows.length; from += COMMANDS_AT_ONCE) {
    const part = rows.slice(from, from + COMMANDS_AT_ONCE)
    const told = await retrying(engine, () =>
      engine.db.tx('bulk.part', { vendors: [vendor] }, (sql) => takeBackImported(sql, vendor, part, since)),
    )
    results.push(...told)
    progress(results.length, rows.length)
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

/** At work in this process. Forgotten with it, as is right: then nobody is at them. */
const underWay = new Set<string>()

/** Begins with a job that is written down, and answers nobody: its row tells how far it is. */
export function goOnSoon(engine: Engine, vendor: VendorId, job: string): void {
  if (underWay.has(job)) return
  underWay.add(job)
  goOnWith(engine, vendor, job)
    .catch((error: unknown) =>
      // The watchman takes it up where it stands.
      engine.log.warn('a job was cut off', { job, error: String(error) }),
    )
    .finally(() => underWay.delete(job))
}

/** A job whose process is gone is gone on with by another; two who are at one take turns. */
const JOB_LEFT_MS = MINUTE_MS
const JOBS_AT_ONCE = 20

export async function goOnWithLeft(engine: Engine, vendors: readonly VendorId[]): Promise<number> {
  const left = await engine.db.tx('watch.jobs', { vendors }, (sql) =>
    jobsLeft(sql, vendors, plusMs(engine.clock.now(), -JOB_LEFT_MS), JOBS_AT_ONCE),
  )
  for (const one of left) goOnSoon(engine, one.vendor_id, one.job_id)
  return left.length
}
