import type { Instant } from '../core/time/instant.ts'
import type { Db, Sql } from '../ports.ts'
import { once } from './once.ts'
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

/** The release of the zone data that everything that waits was planned with. */
export async function plansMadeWith(db: Db): Promise<string | null> {
  const rows = await once(db, 'zone_data.read', 'platform')<{ zone_data: string }>`
    select zone_data from app.installation`
  return rows[0]?.zone_data ?? null
}

export async function movePlansTo(db: Db, from: string, to: string): Promise<void> {
  await once(db, 'zone_data.write', 'platform')`
    update app.installation set zone_data = ${to} where zone_data = ${from}`
}
