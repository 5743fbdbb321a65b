import type { JourneyId, VendorId } from '../core/ids.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import type { JourneyRow } from './journeys.ts'

/** Journeys as their designers see them: with what is written and not yet published. */
export type DesignedRow = JourneyRow & { draft: Uint8Array | null }

export async function readDesigned(
  sql: Sql,
  vendor: VendorId,
  journey: JourneyId,
): Promise<DesignedRow | null> {
  const rows = await sql<DesignedRow>`
    select journey_id, key, name, category, status, version, trigger_type, listens_to, draft
      from app.journey where vendor_id = ${vendor} and journey_id = ${journey}`
  return rows[0] ?? null
}

/** The journeys a person may mean by these words: those of this key or id, or else those of this name. */
export async function designedNamed(sql: Sql, vendor: VendorId, words: string): Promise<DesignedRow[]> {
  return sql<DesignedRow>`
    select journey_id, key, name, category, status, version, trigger_type, listens_to, draft
      from app.journey j
     where vendor_id = ${vendor} and (key = ${words} or journey_id::text = lower(${words}) or lower(name) = lower(${words}))
     order by (key = ${words} or journey_id::text = lower(${words})) desc, name, key`
}

/** The same, held until the transaction ends: two who save or publish take turns. */
export async function lockDesigned(
  sql: Sql,
  vendor: VendorId,
  journey: JourneyId,
): Promise<DesignedRow | null> {
  const rows = await sql<DesignedRow>`
    select journey_id, key, name, category, status, version, trigger_type, listens_to, draft
      from app.journey where vendor_id = ${vendor} and journey_id = ${journey} for no key update`
  return rows[0] ?? null
}

export type JourneyListRow = JourneyRow & { has_draft: boolean }

export async function designedJourneys(
  sql: Sql,
  vendor: VendorId,
  filter: { status: string | null; category: string | null },
): Promise<JourneyListRow[]> {
  return sql<JourneyListRow>`
    select journey_id, key, name, category, status, version, trigger_type, listens_to, draft is not null as has_draft
      from app.journey
     where vendor_id = ${vendor} and (${filter.status}::text is null or status = ${filter.status})
       and (${filter.category}::text is null or category = ${filter.category})
     order by name, key`
}

export async function journeyCategories(sql: Sql, vendor: VendorId): Promise<string[]> {
  const rows = await sql<{ category: string }>`
    select distinct category from app.journey where vendor_id = ${vendor} order by category`
  return rows.map((row) => row.category)
}

export async function setDraft(
  sql: Sql,
  vendor: VendorId,
  journey: JourneyId,
  draft: Uint8Array | null,
): Promise<void> {
  await sql`update app.journey set draft = ${draft} where vendor_id = ${vendor} and journey_id = ${journey}`
}

/** A journey that was never live is called what its draft is called. */
export async function nameDraft(
  sql: Sql,
  vendor: VendorId,
  journey: JourneyId,
  name: string,
  category: string,
): Promise<void> {
  await sql`
    update app.journey set name = ${name}, category = ${category}
     where vendor_id = ${vendor} and journey_id = ${journey} and version is null`
}

export async function setJourneyStatus(
  sql: Sql,
  vendor: VendorId,
  journey: JourneyId,
  status: JourneyRow['status'],
): Promise<void> {
  await sql`update app.journey set status = ${status} where vendor_id = ${vendor} and journey_id = ${journey}`
}

export async function isKeyTaken(sql: Sql, vendor: VendorId, key: string): Promise<boolean> {
  const rows = await sql`select key from app.journey where vendor_id = ${vendor} and key = ${key}`
  return rows.length > 0
}

export type VersionLine = {
  version: number
  published_at: Instant
  published_by: string
  publication_id: string | null
  from_version: number | null
  rolled_back_at: Instant | null
  moved: number
  on_it: number
}

/** Every version with its publication, the newest first. */
export async function versionLines(sql: Sql, vendor: VendorId, journey: JourneyId): Promise<VersionLine[]> {
  return sql<VersionLine>`
    select v.version, v.published_at, v.published_by, p.publication_id, p.from_version, p.rolled_back_at,
           (select count(*)::int from app.publication_run r where r.vendor_id = p.vendor_id and r.publication_id = p.publication_id) as moved,
           coalesce(o.on_it, 0) as on_it
      from app.journey_version v
      left join app.publication p on p.vendor_id = v.vendor_id and p.journey_id = v.journey_id and p.to_version = v.version
      left join (select version, count(*)::int as on_it from app.run
                  where vendor_id = ${vendor} and journey_id = ${journey} and status in ('active', 'waiting', 'paused')
                  group by version) o on o.version = v.version
     where v.vendor_id = ${vendor} and v.journey_id = ${journey}
     order by v.version desc`
}
