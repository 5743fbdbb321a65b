import type { ClientId, JourneyId, RunId, VendorId, WeddingId } from '../core/ids.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import { column } from './refs.ts'
import { json, ts } from './sql.ts'

/** What publications did to runs in flight, and what is needed to take one back. */
export async function insertPublication(
  sql: Sql,
  one: {
    vendor: VendorId
    publication: string
    journey: JourneyId
    from: number | null
    to: number
    plan: unknown
    actor: string
    at: Instant
  },
): Promise<void> {
  await sql`
    insert into app.publication (vendor_id, publication_id, journey_id, from_version, to_version, plan, actor, at)
    values (${one.vendor}, ${one.publication}, ${one.journey}, ${one.from}, ${one.to}, ${json(one.plan)}::jsonb, ${one.actor}, ${ts(one.at)}::timestamptz)`
}

export async function insertPublicationRuns(
  sql: Sql,
  vendor: VendorId,
  publication: string,
  rows: readonly { run: RunId; revAfter: number; before: string }[],
): Promise<void> {
  if (rows.length === 0) return
  await sql`
    insert into app.publication_run (vendor_id, publication_id, run_id, rev_after, before)
    select ${vendor}::uuid, ${publication}::uuid, * from unnest(
      ${column(rows, (row) => row.run)}::uuid[], ${column(rows, (row) => row.revAfter)}::int[], ${column(rows, (row) => row.before)}::text[])`
}

export async function readPublicationRuns(
  sql: Sql,
  vendor: VendorId,
  publication: string,
): Promise<{ run_id: RunId; rev_after: number; before: string }[]> {
  return sql<{ run_id: RunId; rev_after: number; before: string }>`
    select run_id, rev_after, before from app.publication_run
     where vendor_id = ${vendor} and publication_id = ${publication} order by run_id`
}

/** Takes the rollback for itself; null when it has been used. */
export async function takeRollback(
  sql: Sql,
  vendor: VendorId,
  publication: string,
  now: Instant,
): Promise<{ journey_id: JourneyId; from_version: number | null } | null> {
  const rows = await sql<{ journey_id: JourneyId; from_version: number | null }>`
    update app.publication set rolled_back_at = ${ts(now)}::timestamptz
     where vendor_id = ${vendor} and publication_id = ${publication} and rolled_back_at is null
    returning journey_id, from_version`
  return rows[0] ?? null
}

/** Makes an earlier version the current one, with the trigger it had. */
export async function setVersion(
  sql: Sql,
  one: {
    vendor: VendorId
    journey: JourneyId
    version: number
    triggerType: string
    listensTo: string | null
  },
): Promise<void> {
  await sql`
    update app.journey
       set version = ${one.version}, trigger_type = ${one.triggerType}, listens_to = ${one.listensTo}
     where vendor_id = ${one.vendor} and journey_id = ${one.journey}`
}

/** The highest version there has ever been: after a rollback the next one still gets a number of its own. */
export async function newestVersion(sql: Sql, vendor: VendorId, journey: JourneyId): Promise<number> {
  const rows = await sql<{ newest: number | null }>`
    select max(version) as newest from app.journey_version
     where vendor_id = ${vendor} and journey_id = ${journey}`
  return rows[0]?.newest ?? 0
}

/** Live runs of a journey on versions before this one. */
export async function liveRunsOfJourney(
  sql: Sql,
  vendor: VendorId,
  journey: JourneyId,
  before: number,
): Promise<RunId[]> {
  const rows = await sql<{ run_id: RunId }>`
    select run_id from app.run
     where vendor_id = ${vendor} and journey_id = ${journey} and version < ${before} and status in ('active', 'waiting', 'paused')
     order by run_id`
  return rows.map((row) => row.run_id)
}

/** Couples that have never had a run of this journey. */
export async function clientsWithoutRun(
  sql: Sql,
  vendor: VendorId,
  journey: JourneyId,
  max: number,
): Promise<{ client_id: ClientId; wedding_id: WeddingId | null }[]> {
  return sql<{ client_id: ClientId; wedding_id: WeddingId | null }>`
    select c.client_id, c.wedding_id from app.client c
     where c.vendor_id = ${vendor} and c.erased_at is null
       and not exists (select from app.run r where r.vendor_id = c.vendor_id and r.journey_id = ${journey} and r.client_id = c.client_id)
     order by c.client_id limit ${max}::int`
}
