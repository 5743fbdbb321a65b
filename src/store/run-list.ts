import type { ClientId, JourneyId, RunId, VendorId, WeddingId } from '../core/ids.ts'
import type { RunStatus } from '../core/run/run.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'

/** Runs as a person picks them: by journey, status, couple or wedding. */
export type RunFilter = {
  readonly journey: string | null
  readonly statuses: readonly RunStatus[]
  readonly client: ClientId | null
  readonly wedding: WeddingId | null
}
export type RunLine = {
  run_id: RunId
  journey: string
  version: number
  status: RunStatus
  client_id: ClientId
  wedding_id: WeddingId | null
  wedding_on: string | null
  due_at: Instant | null
  state: string
}

export async function listRuns(
  sql: Sql,
  vendor: VendorId,
  filter: RunFilter,
  max: number,
): Promise<RunLine[]> {
  return sql<RunLine>`
    select r.run_id, j.key as journey, r.version, r.status, r.client_id, r.wedding_id, w.wedding_on, r.due_at, r.state
      from app.run r
      join app.journey j on j.vendor_id = r.vendor_id and j.journey_id = r.journey_id
      left join app.wedding w on w.vendor_id = r.vendor_id and w.wedding_id = r.wedding_id
     where r.vendor_id = ${vendor}
       and (${filter.journey}::text is null or j.key = ${filter.journey})
       and r.status = any (${filter.statuses}::text[])
       and (${filter.client}::uuid is null or r.client_id = ${filter.client}::uuid)
       and (${filter.wedding}::uuid is null or r.wedding_id = ${filter.wedding}::uuid)
     order by r.due_at nulls last, r.run_id limit ${max}::int`
}

export type EffectLine = {
  effect_id: string
  node: string
  recipient: string
  kind: string
  state: string
  planned_at: Instant
  attempt: number
  cause: string | null
}

export async function effectsOfRun(sql: Sql, vendor: VendorId, run: RunId): Promise<EffectLine[]> {
  return sql<EffectLine>`
    select effect_id, node, recipient, kind, state, planned_at, attempt, cause from app.effect
     where (vendor_id = ${vendor}) is true and run_id = ${run} order by planned_at, effect_id`
}

/** The live run of a couple on a journey, if there is one. */
export async function liveRunOf(
  sql: Sql,
  vendor: VendorId,
  journey: JourneyId,
  client: ClientId,
): Promise<RunId | null> {
  const rows = await sql<{ run_id: RunId }>`
    select run_id from app.run
     where (vendor_id = ${vendor}) is true and client_id = ${client} and journey_id = ${journey}
       and status in ('active', 'waiting', 'paused')
     order by run_id desc limit 1`
  return rows[0]?.run_id ?? null
}
