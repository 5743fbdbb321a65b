import type { Sql } from '../../ports.ts'
import { ts } from '../sql.ts'
import type { Span } from './number.ts'

/**
 * Runs that came to their end within the span, and for how long those that arrived had been on their way. By the
 * vendor's index of the log: the last turn of a run that is over is its end.
 */
export async function endedRuns(
  sql: Sql,
  { vendor, from, to }: Span,
): Promise<{ ended: number; arrived: number; days: number | null }> {
  const [row] = await sql<{ ended: number; arrived: number; days: number | null }>`
    with last as (
      select run_id, max(at) as at from app.run_log
       where vendor_id = ${vendor} and at >= ${ts(from)}::timestamptz
       group by run_id)
    select count(*)::int as ended, count(*) filter (where r.status = 'completed')::int as arrived,
           (avg(extract(epoch from last.at) - (r.state::jsonb ->> 'startedAt')::float8 / 1000)
              filter (where r.status = 'completed') / 86400)::float8 as days
      from last join app.run r on r.vendor_id = ${vendor} and r.run_id = last.run_id
     where r.status in ('completed', 'failed', 'cancelled') and last.at < ${ts(to)}::timestamptz`
  return row!
}
