import { listJobs, readJob, stopJob, undoJob } from '../../contract/jobs.ts'
import { Refusal } from '../../core/refusal.ts'
import { type Instant, instant, isoOf } from '../../core/time/instant.ts'
import { beginBulkIn, goOnSoon } from '../../engine/bulk.ts'
import { secondsLeft } from '../../engine/dispatch.ts'
import { cancelJob, lockJob, readJob as oneJob } from '../../store/bulk-jobs.ts'
import { type JobLine, jobsUnderWay, pageOfJobs } from '../../store/run-pages.ts'
import { cursorOf, MILLISECONDS, readCursor, UUID } from '../frame/cursor.ts'
import { changes, type Route, reads } from '../frame/route.ts'

const shown = (row: JobLine, line: readonly string[], now: Instant) => ({
  id: row.job_id,
  kind: row.kind,
  state: row.state,
  total: row.total,
  done: row.done,
  refused: row.failed,
  by: row.actor,
  at: isoOf(row.at),
  finished: row.finished_at && isoOf(row.finished_at),
  position: row.state === 'running' ? Math.max(0, line.indexOf(row.job_id)) + 1 : null,
  secondsLeft:
    row.state === 'running'
      ? secondsLeft({ through: row.done + row.failed, total: row.total, at: row.at }, now)
      : null,
})
const MUST_END: readonly string[] = ['vendor.calendar', 'zone.data']
const noJob = (): Refusal => new Refusal('not_found', 'There is no job here with this id.')

export const jobRoutes: readonly Route[] = [
  reads(listJobs, async ({ engine, vendor, now }, { query }) => {
    const [at, id] = readCursor(query.cursor, [MILLISECONDS, UUID]) ?? []
    const before = at !== undefined && id !== undefined ? { at: instant(Number(at)), id } : null
    const [rows, line] = await engine.db.read('job.list', { vendors: [vendor] }, (sql) =>
      Promise.all([
        pageOfJobs(sql, vendor, query.kind ?? null, before, query.limit + 1),
        jobsUnderWay(sql, vendor),
      ]),
    )
    const items = rows.slice(0, query.limit)
    const last = items.at(-1)
    return {
      items: items.map((row) => shown(row, line, now)),
      next: rows.length > query.limit && last ? cursorOf([String(last.at), last.job_id]) : null,
    }
  }),
  reads(readJob, async ({ engine, vendor, now }, { params, query }) => {
    const [row, line] = await engine.db.read('job.read', { vendors: [vendor] }, (sql) =>
      Promise.all([oneJob(sql, vendor, params.job), jobsUnderWay(sql, vendor)]),
    )
    if (!row) throw noJob()
    const wanted = row.results.filter((one) => query.results === 'all' || one.is === 'refused')
    return {
      ...shown(row, line, now),
      results: wanted.map((one) => ({ of: one.of, is: one.is, why: one.why ?? null })),
    }
  }),
  changes(stopJob, async (at, { params }) => {
    const { engine, sql, vendor } = at
    const row = await lockJob(sql, vendor, params.job)
    if (!row) throw noJob()
    if (MUST_END.includes(row.kind))
      throw new Refusal('conflict', 'This job makes plans true again and cannot be stopped halfway.')
    if (!(await cancelJob(sql, vendor, params.job, engine.clock.now())))
      throw new Refusal('conflict', 'This job is over already.')
    at.audit('job.stopped', params.job)
    return shown((await oneJob(sql, vendor, params.job))!, [], engine.clock.now())
  }),
  changes(undoJob, async (at, { params }) => {
    const { engine, sql, vendor } = at
    const row = await lockJob(sql, vendor, params.job)
    if (!row) throw noJob()
    if (row.kind === 'client.import' && !at.may('clients:write'))
      throw new Refusal('forbidden', 'Taking couples out again needs the scope clients:write.')
    if (row.state === 'running')
      throw new Refusal('conflict', 'This job is still under way. Stop it first, then take it back.')
    const rows = row.results.filter((one) => one.is === 'done' && one.undo !== undefined)
    if (rows.length === 0)
      throw new Refusal('undo_closed', 'There is nothing in this job that can be taken back.')
    const job = await beginBulkIn(
      engine,
      sql,
      vendor,
      { is: 'undo', kind: row.kind, rows, since: row.at },
      at.actor,
    )
    at.audit('job.undone', params.job, { job })
    at.after(() => goOnSoon(engine, vendor, job))
    return { job, total: rows.length }
  }),
]
