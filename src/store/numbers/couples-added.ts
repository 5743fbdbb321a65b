import { ts } from '../sql.ts'
import type { NumberOf } from './number.ts'

/** By `client_pkey`: the couples of one business. */
export const couplesAdded: NumberOf = async (sql, { vendor, from, to }) => {
  const [row] = await sql<{ added: number }>`
    select count(*)::int as added from app.client
     where vendor_id = ${vendor} and created_at >= ${ts(from)}::timestamptz and created_at < ${ts(to)}::timestamptz`
  return { value: row!.added, of: null }
}
