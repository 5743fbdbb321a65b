import type { Instant } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import { ts } from './sql.ts'

export type Installation = { installation_id: string; created_at: Instant; zone_data: string }

/** Which installation this is; made once. Two starters at the same moment get the same one. */
export async function ensureInstallation(
  sql: Sql,
  id: string,
  now: Instant,
  zoneData: string,
): Promise<Installation> {
  await sql`
    insert into app.installation (installation_id, created_at, zone_data)
    values (${id}, ${ts(now)}::timestamptz, ${zoneData}) on conflict do nothing`
  const rows = await sql<Installation>`select installation_id, created_at, zone_data from app.installation`
  return rows[0]!
}
