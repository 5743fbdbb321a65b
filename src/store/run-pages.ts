import type { ClientId, JourneyId, RunId, VendorId } from '../core/ids.ts'
import type { RunStatus } from '../core/run/run.ts'
import type { DateStatus } from '../core/run/view.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Anchors } from '../core/wedding/anchor.ts'
import type { Sql } from '../ports.ts'
import type { EffectState } from './effects.ts'
import { ts } from './sql.ts'
import { ONLY_BY_EVERYTHING } from './work.ts'

/** Runs as screens show them. */
export type RunPageFilter = {
  readonly journey: string | null
  readonly statuses: readonly RunStatus[]
  readonly client: string | null
  readonly node: string | null
  /** Not those that are held only because everything is. */
  readonly ofItself: boolean
}
export type RunPageLine = {
  run_id: RunId
  journey_id: JourneyId
  journey: string
  journey_name: string
  version: number
  status: RunStatus
  client_id: ClientId
  wedding_on: string | null
  wedding_zone: string | null
  due_at: Instant | null
  state: string
}

/** The newest first (ids grow with time), before one of an earlier page. */
export async function pageOfRuns(
  sql: Sql,
  vendor: VendorId,
  filter: RunPageFilter,
  before: RunId | null,
  max: number,
): Promise<RunPageLine[]> {
  // The page first: joined before it is cut, all the vendor's runs would travel through the joins.
  return sql<RunPageLine>`
    with page as materialized (
      select vendor_id, run_id, journey_id, version, status, client_id, wedding_id, due_at, state from app.run
       where vendor_id = ${vendor} and (${before}::uuid is null or run_id < ${before}::uuid)
         and status = any (${filter.statuses}::text[])
         and (${filter.journey}::uuid is null or journey_id = ${filter.journey}::uuid)
         and (${filter.client}::uuid is null or client_id = ${filter.client}::uuid)
         and (not ${filter.ofItself}::boolean or position(${ONLY_BY_EVERYTHING}::text in state) = 0)
         and (${filter.node}::text is null
              or state::jsonb -> 'tokens' @> jsonb_build_array(jsonb_build_object('at', ${filter.node}::text)))
       order by run_id desc limit ${max}::int)
    select r.run_id, r.journey_id, j.key as journey, j.name as journey_name, r.version, r.status, r.client_id, w.wedding_on, w.zone as wedding_zone, r.due_at, r.state
      from page r
      join app.journey j on j.vendor_id = r.vendor_id and j.journey_id = r.journey_id
      left join app.wedding w on w.vendor_id = r.vendor_id and w.wedding_id = r.wedding_id
     order by r.run_id desc`
}

export async function runLinesOf(sql: Sql, vendor: VendorId, runs: readonly RunId[]): Promise<RunPageLine[]> {
  return sql<RunPageLine>`
    select r.run_id, r.journey_id, j.key as journey, j.name as journey_name, r.version, r.status, r.client_id, w.wedding_on, w.zone as wedding_zone, r.due_at, r.state
      from app.run r
      join app.journey j on j.vendor_id = r.vendor_id and j.journey_id = r.journey_id
      left join app.wedding w on w.vendor_id = r.vendor_id and w.wedding_id = r.wedding_id
     where (r.vendor_id = ${vendor}) is true and r.run_id = any (${runs}::uuid[]) order by r.run_id desc`
}

/** Every run of a couple, whatever became of it: found by the couple, however many runs the vendor has. */
export async function runsOfClient(
  sql: Sql,
  vendor: VendorId,
  client: ClientId,
  max: number,
): Promise<RunPageLine[]> {
  return sql<RunPageLine>`
    select r.run_id, r.journey_id, j.key as journey, j.name as journey_name, r.version, r.status, r.client_id, w.wedding_on, w.zone as wedding_zone, r.due_at, r.state
      from app.run r
      join app.journey j on j.vendor_id = r.vendor_id and j.journey_id = r.journey_id
      left join app.wedding w on w.vendor_id = r.vendor_id and w.wedding_id = r.wedding_id
     where (r.vendor_id = ${vendor}) is true and r.client_id = ${client} order by r.run_id desc limit ${max}::int`
}

export async function runIdsLike(
  sql: Sql,
  vendor: VendorId,
  filter: Omit<RunPageFilter, 'client' | 'ofItself'>,
  max: number,
): Promise<RunId[]> {
  const rows = await sql<{ run_id: RunId }>`
    select run_id from app.run
     where vendor_id = ${vendor} and status = any (${filter.statuses}::text[])
       and (${filter.journey}::uuid is null or journey_id = ${filter.journey}::uuid)
       and (${filter.node}::text is null
            or state::jsonb -> 'tokens' @> jsonb_build_array(jsonb_build_object('at', ${filter.node}::text)))
     order by run_id limit ${max}::int`
  return rows.map((row) => row.run_id)
}

export async function knownRuns(sql: Sql, vendor: VendorId, runs: readonly string[]): Promise<RunId[]> {
  const rows = await sql<{ run_id: RunId }>`
    select run_id from app.run where (vendor_id = ${vendor}) is true and run_id = any (${runs}::uuid[]) order by run_id`
  return rows.map((row) => row.run_id)
}

/** What is on its way of these couples: of one journey or of all, wherever they are or at one step. */
export async function liveRunsOfCouples(
  sql: Sql,
  vendor: VendorId,
  clients: readonly string[],
  { journey, node }: { readonly journey: string | null; readonly node: string | null },
  max: number,
): Promise<RunId[]> {
  const rows = await sql<{ run_id: RunId }>`
    select run_id from app.run
     where vendor_id = ${vendor} and client_id = any (${clients}::uuid[]) and status in ('active', 'waiting', 'paused')
       and (${journey}::uuid is null or journey_id = ${journey}::uuid)
       and (${node}::text is null
            or state::jsonb -> 'tokens' @> jsonb_build_array(jsonb_build_object('at', ${node}::text)))
     order by run_id limit ${max}::int`
  return rows.map((row) => row.run_id)
}

export type SentLine = {
  effect_id: string
  run_id: RunId
  node: string
  visit: number
  recipient: string
  kind: string
  state: EffectState
  planned_at: Instant
  settled_at: Instant | null
  cause: string | null
}

/** Messages of these runs, in their order. */
export async function messagesOfRuns(
  sql: Sql,
  vendor: VendorId,
  runs: readonly RunId[],
): Promise<SentLine[]> {
  return sql<SentLine>`
    select effect_id, run_id, node, visit, recipient, kind, state, planned_at, settled_at, cause from app.effect
     where (vendor_id = ${vendor}) is true and run_id = any (${runs}::uuid[]) order by planned_at, effect_id`
}

export type LoggedLine = { run_id: RunId; rev: number; at: Instant; event: string; because: string }

export async function logsOfRuns(sql: Sql, vendor: VendorId, runs: readonly RunId[]): Promise<LoggedLine[]> {
  return sql<LoggedLine>`
    select run_id, rev, at, event, because from app.run_log
     where vendor_id = ${vendor} and run_id = any (${runs}::uuid[]) order by run_id, rev`
}

export type CommandLine = { run_id: RunId; at: Instant; undone_at: Instant | null }

export async function commandOf(
  sql: Sql,
  vendor: VendorId,
  run: RunId,
  command: string,
): Promise<CommandLine | null> {
  const rows = await sql<CommandLine>`
    select run_id, at, undone_at from app.command
     where vendor_id = ${vendor} and command_id = ${command} and run_id = ${run}`
  return rows[0] ?? null
}

export type ChangeLine = {
  change_id: string
  at: Instant
  actor: string
  undo_until: Instant
  undone_at: Instant | null
  from: string | null
  to: string | null
  status_before: DateStatus
  status_after: DateStatus
  anchors_before: Anchors
  anchors_after: Anchors
}

/** The last change of a wedding that could be taken back and was not; where all of them were, the last one. */
export async function lastChangeOf(
  sql: Sql,
  vendor: VendorId,
  wedding: string,
  change: string | null = null,
): Promise<ChangeLine | null> {
  const rows = await sql<ChangeLine>`
    select change_id, at, actor, undo_until, undone_at,
           before ->> 'wedding_on' as "from", after ->> 'wedding_on' as "to",
           before ->> 'status' as status_before, after ->> 'status' as status_after,
           before -> 'anchors' as anchors_before, after -> 'anchors' as anchors_after
      from app.details_change
     where vendor_id = ${vendor} and wedding_id = ${wedding} and undo_until > at
       and (${change}::uuid is null or change_id = ${change}::uuid)
     order by undone_at is null desc, at desc, change_id desc limit 1`
  return rows[0] ?? null
}

export type JobLine = {
  job_id: string
  kind: string
  state: 'running' | 'done' | 'failed' | 'cancelled'
  total: number
  done: number
  failed: number
  actor: string
  at: Instant
  finished_at: Instant | null
}

/** Jobs that are under way, the oldest first: those before one stand before it. */
export async function jobsUnderWay(sql: Sql, vendor: VendorId): Promise<string[]> {
  const rows = await sql<{ job_id: string }>`
    select job_id from app.job where vendor_id = ${vendor} and state = 'running' order by at, job_id`
  return rows.map((row) => row.job_id)
}

/** The newest first (ids grow with time), without their rows. */
export async function pageOfJobs(
  sql: Sql,
  vendor: VendorId,
  kind: string | null,
  before: { at: Instant; id: string } | null,
  max: number,
): Promise<JobLine[]> {
  return sql<JobLine>`
    select job_id, kind, state, total, done, failed, actor, at, finished_at from app.job
     where vendor_id = ${vendor} and (${kind}::text is null or kind = ${kind})
       and (${before?.id ?? null}::uuid is null
            or (at, job_id) < (${ts(before?.at ?? null)}::timestamptz, ${before?.id ?? null}::uuid))
     order by at desc, job_id desc limit ${max}::int`
}
