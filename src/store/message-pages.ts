import type { ClientId, RunId, VendorId } from '../core/ids.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import type { EffectState } from './effects.ts'
import { ts } from './sql.ts'

/** Messages as a person looks through them. Their words lie elsewhere, sealed. */
export type MessageLine = {
  effect_id: string
  run_id: RunId
  client_id: ClientId
  journey_name: string
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
  readonly client: string | null
  readonly run: string | null
  readonly kind: string | null
}

/** The newest first, before one of an earlier page. */
export async function pageOfMessages(
  sql: Sql,
  vendor: VendorId,
  filter: MessageFilter,
  before: { at: Instant; id: string } | null,
  max: number,
): Promise<MessageLine[]> {
  // The page first: joined before it is cut, every message would travel through the joins.
  return sql<MessageLine>`
    with page as materialized (
      select vendor_id, effect_id, run_id, client_id, node, kind, channel, message_class, recipient,
             state, cause, planned_at, due_at, settled_at, attempt
        from app.effect
       where vendor_id = ${vendor}
         and (${filter.states}::text[] is null or state = any (${filter.states}::text[]))
         and (${filter.client}::uuid is null or client_id = ${filter.client}::uuid)
         and (${filter.run}::uuid is null or run_id = ${filter.run}::uuid)
         and (${filter.kind}::text is null or kind = ${filter.kind})
         and (${before?.id ?? null}::uuid is null
              or (planned_at, effect_id) < (${ts(before?.at ?? null)}::timestamptz, ${before?.id ?? null}::uuid))
       order by planned_at desc, effect_id desc limit ${max}::int)
    select e.effect_id, e.run_id, e.client_id, j.name as journey_name, e.node, e.kind, e.channel, e.message_class, e.recipient,
           e.state, e.cause, e.planned_at, e.due_at, e.settled_at, e.attempt
      from page e
      join app.run r on r.vendor_id = e.vendor_id and r.run_id = e.run_id
      join app.journey j on j.vendor_id = r.vendor_id and j.journey_id = r.journey_id
     order by e.planned_at desc, e.effect_id desc`
}

export async function oneMessage(sql: Sql, vendor: VendorId, message: string): Promise<MessageLine | null> {
  const rows = await sql<MessageLine>`
    select e.effect_id, e.run_id, e.client_id, j.name as journey_name, e.node, e.kind, e.channel, e.message_class, e.recipient,
           e.state, e.cause, e.planned_at, e.due_at, e.settled_at, e.attempt
      from app.effect e
      join app.run r on r.vendor_id = e.vendor_id and r.run_id = e.run_id
      join app.journey j on j.vendor_id = r.vendor_id and j.journey_id = r.journey_id
     where e.vendor_id = ${vendor} and e.effect_id = ${message}`
  return rows[0] ?? null
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
  return sql<EventLine>`
    select event_id, source, type, at, client_id, wedding_id, depth, data, personal is not null as has_personal, history
      from app.event
     where vendor_id = ${vendor} and (${before}::uuid is null or event_id < ${before}::uuid)
       and (${filter.client}::uuid is null or client_id = ${filter.client}::uuid)
       and (${filter.type}::text is null or type = ${filter.type})
     order by event_id desc limit ${max}::int`
}
