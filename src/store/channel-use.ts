import type { VendorId } from '../core/ids.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import { ts } from './sql.ts'

/**
 * Takes one of the messages that may go by this way within this hour; false when there are none left. The row decides
 * between processes, and holds the latest hour alone.
 */
export async function takeOfHour(
  sql: Sql,
  one: { vendor: VendorId; channel: 'email'; hour: Instant; most: number },
): Promise<boolean> {
  const rows = await sql<{ used: number }>`
    insert into app.channel_use as u (vendor_id, channel, hour, used)
    values (${one.vendor}, ${one.channel}, ${ts(one.hour)}::timestamptz, 1)
    on conflict (vendor_id, channel) do update
       set hour = excluded.hour, used = case when u.hour = excluded.hour then u.used + 1 else 1 end
     where u.hour <> excluded.hour or u.used < ${one.most}
    returning used`
  return rows.length > 0
}
