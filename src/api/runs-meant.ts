import type { countRuns } from '../contract/runs.ts'
import type { RunId } from '../core/ids.ts'
import type { RunStatus } from '../core/run/run.ts'
import { BULK_ROWS_MAX, beginBulkIn, goOnSoon } from '../engine/bulk.ts'
import type { Sql } from '../ports.ts'
import { knownRuns, liveRunsOfCouples, runIdsLike } from '../store/run-pages.ts'
import type { Asked, Change, Standing } from './frame/route.ts'

const LIVE: readonly RunStatus[] = ['active', 'waiting', 'paused']

/** The runs meant by a list of ids or by what they are like. Ids of others are no more than ids of nobody. */
export function runsMeant(
  { vendor }: Pick<Standing, 'vendor'>,
  sql: Sql,
  which: Asked<typeof countRuns>['body']['which'],
): Promise<RunId[]> {
  if ('runs' in which) return knownRuns(sql, vendor, which.runs)
  if ('clients' in which) {
    const { clients, journey = null, node = null } = which
    return liveRunsOfCouples(sql, vendor, clients, { journey, node }, BULK_ROWS_MAX + 1)
  }
  const { journey, status, node } = which.like
  const filter = { journey: journey ?? null, statuses: status ? [status] : LIVE, node: node ?? null }
  return runIdsLike(sql, vendor, filter, BULK_ROWS_MAX + 1)
}

/** Writes a job down with the change, and begins it when that is through. */
export async function beginJob(at: Change, bulk: Parameters<typeof beginBulkIn>[3]): Promise<string> {
  const job = await beginBulkIn(at.engine, at.sql, at.vendor, bulk, at.actor)
  at.after(() => goOnSoon(at.engine, at.vendor, job))
  return job
}
