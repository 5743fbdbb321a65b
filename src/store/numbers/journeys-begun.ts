import { ts } from '../sql.ts'
import type { NumberOf } from './number.ts'

/** By the vendor's index of the log. The first turn of a run is its beginning. */
export const journeysBegun: NumberOf = async (sql, { vendor, from, to }) => {
  const [row] = await sql<{ begun: number }>`
    select count(*)::int as begun from app.run_log
     where vendor_id = ${vendor} and at >= ${ts(from)}::timestamptz and at < ${ts(to)}::timestamptz and rev = 1`
  return { value: row!.begun, of: null }
}
