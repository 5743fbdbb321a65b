import type { ClientId, JourneyId, RunId, VendorId } from '../core/ids.ts'
import type { RunStatus } from '../core/run/run.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'

export type RunCount = { journey_id: JourneyId; status: RunStatus; runs: number; next: Instant | null }

/** How many runs each journey has, by status, and when the next of them falls due. */
export async function runCounts(
  sql: Sql,
  vendor: VendorId,
  journey: JourneyId | null = null,
): Promise<RunCount[]> {
  return sql<RunCount>`
    select journey_id, status, count(*)::int as runs, min(due_at) as next from app.run
     where vendor_id = ${vendor} and (${journey}::uuid is null or journey_id = ${journey}::uuid)
     group by journey_id, status`
}

/** Couples who are on any journey now, each counted once. */
export async function couplesOnJourneys(sql: Sql, vendor: VendorId): Promise<number> {
  const [row] = await sql<{ couples: number }>`
    select count(*)::int as couples from (
      select from app.run
       where vendor_id = ${vendor} and status in ('active', 'waiting', 'paused')
       group by client_id) each`
  return row?.couples ?? 0
}

export type StandingCount = { version: number; node: string; is: string; runs: number }

/** At which steps the live runs of a journey stand, and how. Who is waited for in a step made of parts stands at that step, once. */
export async function standingCounts(
  sql: Sql,
  vendor: VendorId,
  journey: JourneyId,
): Promise<StandingCount[]> {
  return sql<StandingCount>`
    select r.version, split_part(t.token ->> 'at', '.', 1) as node, t.token ->> 'is' as is, count(*)::int as runs
      from app.run r cross join lateral jsonb_array_elements(r.state::jsonb -> 'tokens') as t(token)
     where r.vendor_id = ${vendor} and r.journey_id = ${journey} and r.status in ('active', 'waiting', 'paused')
       and (t.token ->> 'at' not like '%.%' or t.token ->> 'at' like '%.answer')
     group by 1, 2, 3 order by 1 desc, 2, 3`
}

export type PlacedRun = { run_id: RunId; client_id: ClientId; version: number; at: string[] }

/** Live runs on versions before this one, each with the steps at which it stands. */
export async function placedRuns(
  sql: Sql,
  vendor: VendorId,
  journey: JourneyId,
  before: number,
): Promise<PlacedRun[]> {
  return sql<PlacedRun>`
    select r.run_id, r.client_id, r.version,
           (select coalesce(array_agg(distinct split_part(t.token ->> 'at', '.', 1) order by split_part(t.token ->> 'at', '.', 1)), '{}')
              from jsonb_array_elements(r.state::jsonb -> 'tokens') as t(token)) as at
      from app.run r
     where r.vendor_id = ${vendor} and r.journey_id = ${journey} and r.version < ${before}::int
       and r.status in ('active', 'waiting', 'paused')
     order by r.run_id`
}
