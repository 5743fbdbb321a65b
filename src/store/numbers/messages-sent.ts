import { ts } from '../sql.ts'
import type { NumberOf } from './number.ts'

/** By `effect_vendor`. Of all messages of which it is known what became of them: those a provider has taken. */
export const messagesSent: NumberOf = async (sql, { vendor, from, to }) => {
  const [row] = await sql<{ sent: number; known: number }>`
    select count(*) filter (where state in ('accepted', 'delivered'))::int as sent, count(*)::int as known
      from app.effect
     where vendor_id = ${vendor} and planned_at >= ${ts(from)}::timestamptz and planned_at < ${ts(to)}::timestamptz
       and channel in ('email', 'sms')
       and state in ('accepted', 'delivered', 'rejected', 'failed', 'unresolved')`
  return { value: row!.sent, of: row!.known }
}
