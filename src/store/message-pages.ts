import type { ClientId, JourneyId, RunId, VendorId } from '../core/ids.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import type { EffectState } from './effects.ts'
import { ts } from './sql.ts'

/** Messages as a person looks through them. Their words lie elsewhere, sealed. */
export type MessageLine = {
  effect_id: string
  run_id: RunId
  client_id: ClientId
  journey_id: JourneyId
  version: number
  journey_name: string
  wedding_zone: string | null
  node: string
  kind: string
  channel: string
  message_class: string
  recipient: string
  state: EffectState
  cause: string | null
  planned_at: Instant
  due_at: Instant | null
  settled_at: Instant | null
  attempt: number
}
export type MessageFilter = {
  readonly states: readonly EffectState[] | null
  readonly run: string | null
  readonly kind: string | null
  readonly journey: string | null
  /** Of these couples; null: of everybody. */
  readonly clients: readonly string[] | null
  /** `journey/node`; null: any message. */
  readonly steps: readonly string[] | null
}
export type BeforeMessage = { readonly at: Instant; readonly id: string }

/** With more couples than these the newest of everybody's are looked through until a page is full. */
const CLIENTS_FEW = 50

/**
 * The newest first, before one of an earlier page. Whose messages are meant is found by the couples or the run; all of
 * a vendor's by the moment. One statement each, because a plan is made once for whatever is asked.
 */
export async function pageOfMessages(
  sql: Sql,
  vendor: VendorId,
  filter: MessageFilter,
  before: BeforeMessage | null,
  max: number,
): Promise<MessageLine[]> {
  const ids = await (filter.run !== null
    ? idsOfRun(sql, vendor, filter, before, max)
    : filter.clients !== null && filter.clients.length <= CLIENTS_FEW
      ? idsOfClients(sql, vendor, filter, before, max)
      : idsOfAll(sql, vendor, filter, before, max))
  return ids.length === 0 ? [] : linesOf(sql, vendor, ids)
}

type IdRow = { effect_id: string }

async function idsOfAll(
  sql: Sql,
  vendor: VendorId,
  filter: MessageFilter,
  before: BeforeMessage | null,
  max: number,
): Promise<string[]> {
  // Without a search or a journey no run need be looked at.
  if (filter.journey === null && filter.steps === null) {
    const rows = await sql<IdRow>`
      select effect_id from app.effect
       where vendor_id = ${vendor}
         and (${filter.states}::text[] is null or state = any (${filter.states}::text[]))
         and (${filter.kind}::text is null or kind = ${filter.kind} or split_part(kind, '@', 1) = ${filter.kind})
         and (${filter.clients}::uuid[] is null or client_id in (select unnest(${filter.clients}::uuid[])))
         and (planned_at, effect_id) < (coalesce(${ts(before?.at ?? null)}::timestamptz, 'infinity'), coalesce(${before?.id ?? null}::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
       order by planned_at desc, effect_id desc limit ${max}::int`
    return rows.map((row) => row.effect_id)
  }
  const rows = await sql<IdRow>`
    select e.effect_id from app.effect e join app.run r on r.vendor_id = e.vendor_id and r.run_id = e.run_id
     where e.vendor_id = ${vendor}
       and (${filter.states}::text[] is null or e.state = any (${filter.states}::text[]))
       and (${filter.kind}::text is null or e.kind = ${filter.kind} or split_part(e.kind, '@', 1) = ${filter.kind})
       and (${filter.journey}::uuid is null or r.journey_id = ${filter.journey}::uuid)
       and (${filter.steps}::text[] is null or r.journey_id::text || '/' || e.node = any (${filter.steps}::text[]))
       and (${filter.clients}::uuid[] is null or e.client_id in (select unnest(${filter.clients}::uuid[])))
       and (e.planned_at, e.effect_id) < (coalesce(${ts(before?.at ?? null)}::timestamptz, 'infinity'), coalesce(${before?.id ?? null}::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
     order by e.planned_at desc, e.effect_id desc limit ${max}::int`
  return rows.map((row) => row.effect_id)
}

async function idsOfClients(
  sql: Sql,
  vendor: VendorId,
  filter: MessageFilter,
  before: BeforeMessage | null,
  max: number,
): Promise<string[]> {
  const rows = await sql<IdRow>`
    select e.effect_id from app.effect e join app.run r on r.vendor_id = e.vendor_id and r.run_id = e.run_id
     where e.client_id = any (${filter.clients}::uuid[]) and (e.vendor_id = ${vendor}) is true
       and (${filter.states}::text[] is null or e.state = any (${filter.states}::text[]))
       and (${filter.kind}::text is null or e.kind = ${filter.kind} or split_part(e.kind, '@', 1) = ${filter.kind})
       and (${filter.journey}::uuid is null or r.journey_id = ${filter.journey}::uuid)
       and (${filter.steps}::text[] is null or r.journey_id::text || '/' || e.node = any (${filter.steps}::text[]))
       and (${before?.id ?? null}::uuid is null
            or (e.planned_at, e.effect_id) < (${ts(before?.at ?? null)}::timestamptz, ${before?.id ?? null}::uuid))
     order by e.planned_at desc, e.effect_id desc limit ${max}::int`
  return rows.map((row) => row.effect_id)
}

async function idsOfRun(
  sql: Sql,
  vendor: VendorId,
  filter: MessageFilter,
  before: BeforeMessage | null,
  max: number,
): Promise<string[]> {
  const rows = await sql<IdRow>`
    select effect_id from app.effect
     where run_id = ${filter.run}::uuid and (vendor_id = ${vendor}) is true
       and (${filter.states}::text[] is null or state = any (${filter.states}::text[]))
       and (${filter.kind}::text is null or kind = ${filter.kind} or split_part(kind, '@', 1) = ${filter.kind})
       and (${filter.clients}::uuid[] is null or client_id = any (${filter.clients}::uuid[]))
       and (${before?.id ?? null}::uuid is null
            or (planned_at, effect_id) < (${ts(before?.at ?? null)}::timestamptz, ${before?.id ?? null}::uuid))
     order by planned_at desc, effect_id desc limit ${max}::int`
  return rows.map((row) => row.effect_id)
}

async function linesOf(sql: Sql, vendor: VendorId, ids: readonly string[]): Promise<MessageLine[]> {
  return sql<MessageLine>`
    select e.effect_id, e.run_id, e.client_id, r.journey_id, r.version, j.name as journey_name, w.zone as wedding_zone,
           e.node, e.kind, e.channel, e.message_class, e.recipient,
           e.state, e.cause, e.planned_at, e.due_at, e.settled_at, e.attempt
      from app.effect e
      join app.run r on r.vendor_id = e.vendor_id and r.run_id = e.run_id
      join app.journey j on j.vendor_id = r.vendor_id and j.journey_id = r.journey_id
      left join app.wedding w on w.vendor_id = r.vendor_id and w.wedding_id = r.wedding_id
     where (e.vendor_id = ${vendor}) is true and e.effect_id = any (${ids}::uuid[])
     order by e.planned_at desc, e.effect_id desc`
}

/** The version of each journey that begins for new couples. */
export async function liveVersions(
  sql: Sql,
  vendor: VendorId,
): Promise<{ journey_id: JourneyId; version: number }[]> {
  return sql<{ journey_id: JourneyId; version: number }>`
    select journey_id, version from app.journey
     where vendor_id = ${vendor} and version is not null order by journey_id`
}

/** Whether it lies among what could not be delivered. */
export async function isDead(sql: Sql, vendor: VendorId, message: string): Promise<boolean> {
  const rows = await sql`
    select effect_id from app.dead_letter
     where vendor_id = ${vendor} and effect_id = ${message} and requeued_at is null`
  return rows.length > 0
}

export async function oneMessage(sql: Sql, vendor: VendorId, message: string): Promise<MessageLine | null> {
  const [line] = await linesOf(sql, vendor, [message])
  return line ?? null
}

export type TryLine = {
  attempt: number
  started_at: Instant
  ended_at: Instant | null
  result: string | null
  detail: string | null
}

export async function triesOf(sql: Sql, vendor: VendorId, message: string): Promise<TryLine[]> {
  return sql<TryLine>`
    select attempt, started_at, ended_at, result, detail from app.effect_attempt
     where vendor_id = ${vendor} and effect_id = ${message} order by attempt`
}

export type EventLine = {
  event_id: string
  source: string
  type: string
  at: Instant
  client_id: ClientId | null
  wedding_id: string | null
  depth: number
  data: Record<string, unknown>
  has_personal: boolean
  history: {
    started: { journey: string; run: string }[]
    woken: string[]
    not: { journey: string; why: string }[]
  }
}

/** What happened, the newest first (ids grow with time). Of one couple it is found by the couple. */
export async function pageOfEvents(
  sql: Sql,
  vendor: VendorId,
  filter: { client: string | null; type: string | null },
  before: string | null,
  max: number,
): Promise<EventLine[]> {
  // Found by the couple, or by the ids: a plan is made once for whatever is asked.
  if (filter.client !== null)
    return sql<EventLine>`
      select event_id, source, type, at, client_id, wedding_id, depth, data, personal is not null as has_personal, history
        from app.event
       where client_id = ${filter.client}::uuid and (vendor_id = ${vendor}) is true
         and (${before}::uuid is null or event_id < ${before}::uuid)
         and (${filter.type}::text is null or type = ${filter.type})
       order by event_id desc limit ${max}::int`
  return sql<EventLine>`
    select event_id, source, type, at, client_id, wedding_id, depth, data, personal is not null as has_personal, history
      from app.event
     where vendor_id = ${vendor} and event_id < coalesce(${before}::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
       and (${filter.type}::text is null or type = ${filter.type})
     order by event_id desc limit ${max}::int`
}
