import type { JourneyId, VendorId } from '../core/ids.ts'
import type { Sql } from '../ports.ts'

/** How many runs each journey has, by status. */
export async function runCounts(
  sql: Sql,
  vendor: VendorId,
): Promise<{ journey_id: JourneyId; status: string; runs: number }[]> {
  return sql<{ journey_id: JourneyId; status: string; runs: number }>`
    select journey_id, status, count(*)::int as runs from app.run where vendor_id = ${vendor} group by journey_id, status`
}
