import type { JourneyId, VendorId } from '../core/ids.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import { ts } from './sql.ts'

/** How many came to the end of each journey, by the weeks since: by the vendor's index of the log, as in numbers/ended. */
export async function arrivedByWeek(
  sql: Sql,
  vendor: VendorId,
  from: Instant,
): Promise<{ journey_id: JourneyId; week: number; arrived: number }[]> {
  return sql<{ journey_id: JourneyId; week: number; arrived: number }>`
    with last as (
      select run_id, max(at) as at from app.run_log
       where vendor_id = ${vendor} and at >= ${ts(from)}::timestamptz
       group by run_id)
    select r.journey_id, floor(extract(epoch from last.at - ${ts(from)}::timestamptz) / 604800)::int as week, count(*)::int as arrived
      from last join app.run r on r.vendor_id = ${vendor} and r.run_id = last.run_id
     where r.status = 'completed'
     group by 1, 2`
}

/** What is wrong on each journey now: couples at a step that cannot go on, and messages that could not be delivered. */
export async function troubleByJourney(
  sql: Sql,
  vendor: VendorId,
): Promise<{ journey_id: JourneyId; stuck: number; undelivered: number }[]> {
  return sql<{ journey_id: JourneyId; stuck: number; undelivered: number }>`
    select journey_id, sum(stuck)::int as stuck, sum(undelivered)::int as undelivered from (
      select journey_id, count(*) as stuck, 0 as undelivered from app.run
       where vendor_id = ${vendor} and status in ('active', 'waiting') and position('"is":"stuck"' in state) > 0
       group by journey_id
      union all
      select r.journey_id, 0, count(*) from app.dead_letter d
        join app.run r on r.vendor_id = d.vendor_id and r.run_id = d.run_id
       where d.vendor_id = ${vendor} and d.requeued_at is null
       group by r.journey_id) as one
     group by journey_id`
}
