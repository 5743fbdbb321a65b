import type { ClientId, EffectId, RunId, VendorId } from '../core/ids.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Db, Sql } from '../ports.ts'
import { once } from './once.ts'
import { column, type EffectRef } from './refs.ts'
import { ts } from './sql.ts'

/**
 * Effects: what must happen in the outside world, recorded before it is attempted (reliability 1). A row moves
 * planned → sending → accepted | rejected | retryable | unknown → …, and each function here is one such move,
 * with its condition in the statement. The database decides races.
 */
export type EffectState =
  | 'planned'
  | 'sending'
  | 'accepted'
  | 'delivered'
  | 'rejected'
  | 'retryable'
  | 'unknown'
  | 'unresolved'
  | 'suppressed'
  | 'cancelled'
  | 'failed'

export type NewEffect = {
  vendor: VendorId
  effect: EffectId
  key: Uint8Array
  run: RunId
  client: ClientId
  name: string
  node: string
  visit: number
  edition: number
  recipient: string
  kind: string
  channel: string
  messageClass: string
  delivery: 'at_most_once' | 'at_least_once'
  shard: number
  band: number
  anchor: string | null
  generation: number
  merged: string | null
  catchUp: boolean
  deadline: Instant | null
  /** Plan and intent in one: whoever plans it has a free place and calls at once. Null leaves it to whoever finds it due. */
  lease: Lease | null
}

/** One attempt: its number, and the fence without which its outcome counts for nothing. */
export type Attempt = { readonly attempt: number; readonly fence: number }
type Leased = { effect_id: EffectId; attempt: number; fence: number }

/**
 * Records intents. The key swallows a repeat; one that had been withdrawn before it left the house is planned
 * anew under the same key, since nobody has seen it.
 */
export async function planEffects(
  sql: Sql,
  now: Instant,
  worker: string,
  effects: readonly NewEffect[],
): Promise<Leased[]> {
  if (effects.length === 0) return []
  return sql<Leased>`
    with planned as (
      insert into app.effect (vendor_id, effect_id, effect_key, run_id, client_id, name, node, visit, edition, recipient,
                              kind, channel, message_class, class, shard, band, anchor, generation, merged, catch_up,
                              deadline, planned_at, state, due_at, attempt, fence, worker_id, send_deadline, provider,
                              key_expires_at)
      select x.vendor_id, x.effect_id, x.effect_key, x.run_id, x.client_id, x.name, x.node, x.visit, x.edition, x.recipient,
             x.kind, x.channel, x.message_class, x.class, x.shard, x.band, x.anchor, x.generation, x.merged, x.catch_up,
             x.deadline, ${ts(now)}::timestamptz, case when x.leased then 'sending' else 'planned' end,
             coalesce(x.send_deadline, ${ts(now)}::timestamptz), x.leased::int, case when x.leased then nextval('app.fence') end,
             case when x.leased then ${worker}::uuid end, x.send_deadline, x.provider, x.key_expires_at
        from unnest(
          ${column(effects, (e) => e.vendor)}::uuid[], ${column(effects, (e) => e.effect)}::uuid[],
          ${column(effects, (e) => e.key)}::bytea[], ${column(effects, (e) => e.run)}::uuid[],
          ${column(effects, (e) => e.client)}::uuid[], ${column(effects, (e) => e.name)}::text[],
          ${column(effects, (e) => e.node)}::text[], ${column(effects, (e) => e.visit)}::int[],
          ${column(effects, (e) => e.edition)}::int[], ${column(effects, (e) => e.recipient)}::text[],
          ${column(effects, (e) => e.kind)}::text[], ${column(effects, (e) => e.channel)}::text[],
          ${column(effects, (e) => e.messageClass)}::text[], ${column(effects, (e) => e.delivery)}::text[],
          ${column(effects, (e) => e.shard)}::smallint[], ${column(effects, (e) => e.band)}::smallint[],
          ${column(effects, (e) => e.anchor)}::text[], ${column(effects, (e) => e.generation)}::int[],
          ${column(effects, (e) => e.merged)}::text[], ${column(effects, (e) => e.catchUp)}::boolean[],
          ${ts(column(effects, (e) => e.deadline))}::timestamptz[], ${column(effects, (e) => e.lease !== null)}::boolean[],
          ${ts(column(effects, (e) => e.lease?.sendDeadline ?? null))}::timestamptz[],
          ${column(effects, (e) => e.lease?.provider ?? null)}::text[],
          ${ts(column(effects, (e) => e.lease?.keyExpires ?? null))}::timestamptz[])
          as x(vendor_id, effect_id, effect_key, run_id, client_id, name, node, visit, edition, recipient, kind, channel,
               message_class, class, shard, band, anchor, generation, merged, catch_up, deadline, leased, send_deadline,
               provider, key_expires_at)
      on conflict (vendor_id, effect_id) do update
         set state = 'planned', due_at = ${ts(now)}::timestamptz, planned_at = excluded.planned_at, generation = excluded.generation,
             band = excluded.band, deadline = excluded.deadline, resume_at = null, cause = null, settled_at = null,
             recalled = null
       where effect.state = 'cancelled'
      returning vendor_id, effect_id, attempt, fence, state),
    begun as (
      insert into app.effect_attempt (vendor_id, effect_id, attempt, fence, started_at)
      select vendor_id, effect_id, attempt, fence, ${ts(now)}::timestamptz from planned where state = 'sending')
    select effect_id, attempt, fence from planned where state = 'sending'`
}

export type EffectRow = {
  vendor_id: VendorId
  effect_id: EffectId
  effect_key: Uint8Array
  run_id: RunId
  client_id: ClientId
  name: string
  node: string
  visit: number
  edition: number
  recipient: string
  kind: string
  channel: string
  message_class: string
  class: 'at_most_once' | 'at_least_once'
  shard: number
  band: number
  merged: string | null
  planned_at: Instant
  deadline: Instant | null
  state: EffectState
  due_at: Instant | null
  attempt: number
  fence: number | null
  send_deadline: Instant | null
  provider: string | null
  provider_ref: string | null
  key_expires_at: Instant | null
  resends: number
  rung: number
  cause: string | null
  /** Why it must not go out again as it was planned; it was on its way and could not be withdrawn. */
  recalled: string | null
}

export async function orphanedEffects(db: Db, now: Instant, max: number): Promise<EffectRef[]> {
  const rows = await once(db, 'sweep.orphans', 'claim')<{ vendor_id: VendorId; effect_id: EffectId }>`
    select vendor_id, effect_id from app.orphaned_effects(${ts(now)}::timestamptz, ${max}::int)`
  return rows.map((row) => ({ vendor: row.vendor_id, effect: row.effect_id }))
}

export async function readEffects(sql: Sql, refs: readonly EffectRef[]): Promise<EffectRow[]> {
  return sql<EffectRow>`
    select e.vendor_id, e.effect_id, e.effect_key, e.run_id, e.client_id, e.name, e.node, e.visit, e.edition, e.recipient, e.kind,
           e.channel, e.message_class, e.class, e.shard, e.band, e.merged, e.planned_at, e.deadline, e.state, e.due_at,
           e.attempt, e.fence, e.send_deadline, e.provider, e.provider_ref, e.key_expires_at, e.resends, e.rung, e.cause, e.recalled
      from unnest(${column(refs, (ref) => ref.vendor)}::uuid[], ${column(refs, (ref) => ref.effect)}::uuid[]) as x(vendor_id, effect_id)
      join app.effect e on e.vendor_id = x.vendor_id and e.effect_id = x.effect_id`
}

export type Lease = {
  readonly ref: EffectRef
  readonly at: Instant
  readonly sendDeadline: Instant
  readonly provider: string
  readonly keyExpires: Instant | null
  /** A resend after an unknown outcome is counted and kept: never a second copy without a recorded reason. */
  readonly resend: boolean
}

/**
 * Takes these effects for this worker; gives those it got, each with its attempt and fence. What is settled,
 * withdrawn, parked or being sent by somebody is not among them: whoever must stop a send writes this row, so
 * a brake that committed first always wins (I10, I11).
 */
export async function leaseEffects(sql: Sql, worker: string, leases: readonly Lease[]): Promise<Leased[]> {
  const now = leases[0]?.at
  if (now === undefined) return []
  return sql<Leased>`
    with leased as (
      update app.effect e
         set state = 'sending', attempt = e.attempt + 1, fence = nextval('app.fence'), worker_id = ${worker}::uuid,
             send_deadline = x.send_deadline, due_at = x.send_deadline, provider = x.provider,
             key_expires_at = coalesce(e.key_expires_at, x.key_expires_at), resends = e.resends + x.resend
        from unnest(
          ${column(leases, (one) => one.ref.vendor)}::uuid[], ${column(leases, (one) => one.ref.effect)}::uuid[],
          ${ts(column(leases, (one) => one.sendDeadline))}::timestamptz[],
          ${column(leases, (one) => one.provider)}::text[], ${ts(column(leases, (one) => one.keyExpires))}::timestamptz[],
          ${column(leases, (one) => (one.resend ? 1 : 0))}::int[])
          as x(vendor_id, effect_id, send_deadline, provider, key_expires_at, resend)
       where e.vendor_id = x.vendor_id and e.effect_id = x.effect_id
         -- "is true", so that nobody looks for what is due instead of for these.
         and (e.due_at <= ${ts(now)}::timestamptz) is true
         and (e.state in ('planned', 'retryable') or (e.state = 'unknown' and e.send_deadline <= ${ts(now)}::timestamptz))
         -- No brake writes the row of what is unknown already: for a second copy the run itself is asked.
         and (x.resend = 0 or e.recalled is null and exists (select from app.run r where r.vendor_id = e.vendor_id and r.run_id = e.run_id
                                       and r.status in ('active', 'waiting')))
      returning e.vendor_id, e.effect_id, e.attempt, e.fence),
    begun as (
      insert into app.effect_attempt (vendor_id, effect_id, attempt, fence, started_at)
      select vendor_id, effect_id, attempt, fence, ${ts(now)}::timestamptz from leased)
    select effect_id, attempt, fence from leased`
}

/**
 * What this worker holds of these attempts. For a lease whose commit nobody heard of: it is ours if the row says so,
 * because nobody else writes our id into it.
 */
export async function leasesOf(
  sql: Sql,
  worker: string,
  attempts: readonly { readonly ref: EffectRef; readonly attempt: number }[],
): Promise<Leased[]> {
  return sql<Leased>`
    select e.effect_id, e.attempt, e.fence
      from unnest(
        ${column(attempts, (one) => one.ref.vendor)}::uuid[], ${column(attempts, (one) => one.ref.effect)}::uuid[],
        ${column(attempts, (one) => one.attempt)}::int[]) as x(vendor_id, effect_id, attempt)
      join app.effect e on e.vendor_id = x.vendor_id and e.effect_id = x.effect_id
     where e.state = 'sending' and e.worker_id = ${worker} and e.attempt = x.attempt`
}

/** Puts off what is due and has no room yet. It was not attempted, and nothing else about it changes. */
export async function postponeEffects(
  sql: Sql,
  rows: readonly { readonly ref: EffectRef; readonly until: Instant }[],
): Promise<void> {
  if (rows.length === 0) return
  await sql`
    update app.effect e set due_at = x.until
      from unnest(
        ${column(rows, (row) => row.ref.vendor)}::uuid[], ${column(rows, (row) => row.ref.effect)}::uuid[],
        ${ts(column(rows, (row) => row.until))}::timestamptz[]) as x(vendor_id, effect_id, until)
     where e.vendor_id = x.vendor_id and e.effect_id = x.effect_id
       and e.state in ('planned', 'retryable') and (e.due_at < x.until) is true`
}

/** Freezes rendered messages with their first attempt, if it was taken; a later attempt sends the same bytes. */
export async function freezeContents(
  sql: Sql,
  contents: readonly { vendor: VendorId; effect: EffectId; sealed: Uint8Array; hash: Uint8Array }[],
): Promise<void> {
  if (contents.length === 0) return
  await sql`
    insert into app.effect_content (vendor_id, effect_id, sealed, content_hash)
    select x.* from unnest(
        ${column(contents, (one) => one.vendor)}::uuid[], ${column(contents, (one) => one.effect)}::uuid[],
        ${column(contents, (one) => one.sealed)}::bytea[], ${column(contents, (one) => one.hash)}::bytea[])
        as x(vendor_id, effect_id, sealed, content_hash)
      -- "is true", so that nobody walks all that is being sent instead of looking these up.
      join app.effect e on e.vendor_id = x.vendor_id and e.effect_id = x.effect_id and (e.state = 'sending') is true
    on conflict (vendor_id, effect_id) do nothing`
}

export async function readContents(
  sql: Sql,
  refs: readonly EffectRef[],
): Promise<{ effect_id: EffectId; sealed: Uint8Array }[]> {
  return sql<{ effect_id: EffectId; sealed: Uint8Array }>`
    select c.effect_id, c.sealed
      from unnest(${column(refs, (ref) => ref.vendor)}::uuid[], ${column(refs, (ref) => ref.effect)}::uuid[]) as x(vendor_id, effect_id)
      join app.effect_content c on c.vendor_id = x.vendor_id and c.effect_id = x.effect_id`
}

/** What became of an attempt. `due` is when the row must be looked at again; null when it is settled. */
export type Settled = {
  readonly ref: EffectRef
  readonly attempt: number
  readonly fence: number
  readonly state: EffectState
  readonly due: Instant | null
  readonly rung: number
  readonly providerRef: string | null
  readonly cause: string | null
  /**
   * The call was not begun after all: its number, and the resend if it was one, are given back. The next attempt has
   * the same number and another fence.
   */
  readonly notBegun?: { readonly resend: boolean }
}

/**
 * Records outcomes, each only for the attempt and fence that made it (I11). Gives those that counted. A late
 * one from an older fence changes nothing here; it stays in the attempts as evidence.
 */
export async function settleEffects(
  sql: Sql,
  now: Instant,
  outcomes: readonly Settled[],
): Promise<Set<EffectId>> {
  if (outcomes.length === 0) return new Set()
  const rows = await sql<{ effect_id: EffectId }>`
    with x as materialized (
      select * from unnest(
        ${column(outcomes, (one) => one.ref.vendor)}::uuid[], ${column(outcomes, (one) => one.ref.effect)}::uuid[],
        ${column(outcomes, (one) => one.attempt)}::int[], ${column(outcomes, (one) => one.fence)}::bigint[],
        ${column(outcomes, (one) => one.state)}::text[], ${ts(column(outcomes, (one) => one.due))}::timestamptz[],
        ${column(outcomes, (one) => one.rung)}::smallint[], ${column(outcomes, (one) => one.providerRef)}::text[],
        ${column(outcomes, (one) => one.cause)}::text[], ${column(outcomes, (one) => (one.notBegun ? 1 : 0))}::int[],
        ${column(outcomes, (one) => (one.notBegun?.resend ? 1 : 0))}::int[])
        as x(vendor_id, effect_id, attempt, fence, state, due_at, rung, provider_ref, cause, attempts_back, resends_back)),
    settled as (
      update app.effect e
         set state = x.state, due_at = x.due_at, rung = x.rung, worker_id = null,
             attempt = e.attempt - x.attempts_back, resends = e.resends - x.resends_back,
             -- Whoever held the fence says that the call is over: a repeat need not wait for its deadline.
             send_deadline = least(e.send_deadline, ${ts(now)}::timestamptz),
             provider_ref = coalesce(x.provider_ref, e.provider_ref), cause = x.cause,
             -- A look-up gives its rung; whoever was called unknown and answers all the same holds no lease any more.
             doubt = case when x.state in ('unknown', 'unresolved') then 'open'
                          when e.doubt is null or x.state = 'retryable' then e.doubt
                          when x.rung > 0 then 'look_up'
                          when e.state = 'unknown' then 'late_answer'
                          when e.resends > 0 then 'resend'
                          when e.rung = 1 then 'same_key'
                          when e.rung > 1 then 'look_up'
                          else 'person' end,
             settled_at = case when x.due_at is null then ${ts(now)}::timestamptz end
        from x
       where e.vendor_id = x.vendor_id and e.effect_id = x.effect_id and e.attempt = x.attempt and e.fence = x.fence
         and e.state in ('sending', 'unknown')
      returning e.effect_id),
    told as (
      update app.effect_attempt a
         set ended_at = ${ts(now)}::timestamptz, detail = x.cause,
             -- Too late, and it has given back no number: then the attempt counts as it was counted.
             result = case when x.attempts_back = 0 then x.state
                           when exists (select from settled s where s.effect_id = x.effect_id) then 'not_begun'
                           else coalesce(a.result, x.state) end
        from x
       where a.vendor_id = x.vendor_id and a.effect_id = x.effect_id and a.attempt = x.attempt and a.fence = x.fence)
    select effect_id from settled`
  return new Set(rows.map((row) => row.effect_id))
}

export type Rung = {
  readonly ref: EffectRef
  readonly fence: number
  readonly rung: number
  readonly due: Instant
}

/** Whose sender is gone, or silent past its deadline: nobody knows. Only for the fence that was seen (I11). */
export async function markUnknown(sql: Sql, now: Instant, rungs: readonly Rung[]): Promise<void> {
  await sql`
    update app.effect e
       set state = 'unknown', rung = x.rung, worker_id = null, cause = 'sender_lost', doubt = 'open',
           -- The lost sender may still be at it until its deadline: what would be sent again is due no earlier.
           due_at = case when x.rung = 1 or (e.class = 'at_least_once' and e.resends = 0)
                         then greatest(x.due_at, e.send_deadline) else x.due_at end
      from unnest(
        ${column(rungs, (one) => one.ref.vendor)}::uuid[], ${column(rungs, (one) => one.ref.effect)}::uuid[],
        ${column(rungs, (one) => one.fence)}::bigint[], ${column(rungs, (one) => one.rung)}::smallint[],
        ${ts(column(rungs, (one) => one.due))}::timestamptz[]) as x(vendor_id, effect_id, fence, rung, due_at)
     where e.vendor_id = x.vendor_id and e.effect_id = x.effect_id and e.fence = x.fence and e.state = 'sending'
       and (e.send_deadline <= ${ts(now)}::timestamptz
            or not exists (select from app.worker w where w.worker_id = e.worker_id and w.leased_until > ${ts(now)}::timestamptz))`
}

export async function moveRung(sql: Sql, one: Rung): Promise<void> {
  await sql`
    update app.effect set rung = ${one.rung}, due_at = ${ts(one.due)}::timestamptz
     where vendor_id = ${one.ref.vendor} and effect_id = ${one.ref.effect} and fence = ${one.fence} and state = 'unknown'`
}

/** Of one client no more recent messages than this are read: far more than any cap counts. */
const SENDS_OF_CLIENT_MAX = 200

/**
 * What a client's people have had lately or will have: for caps and catch-ups. One look into the index for each
 * client; left to itself the planner takes everything recent of everybody and compares all with all.
 */
export async function recentSends(
  sql: Sql,
  clients: readonly { vendor: VendorId; client: ClientId }[],
  since: Instant,
) {
  return sql<{
    client_id: ClientId
    recipient: string
    message_class: string
    planned_at: Instant
    catch_up: boolean
  }>`
    select e.client_id, e.recipient, e.message_class, e.planned_at, e.catch_up
      from unnest(${column(clients, (one) => one.vendor)}::uuid[], ${column(clients, (one) => one.client)}::uuid[]) as x(vendor_id, client_id)
     cross join lateral (
       select * from app.effect e
        where (e.vendor_id = x.vendor_id) is true and e.client_id = x.client_id
          and (e.planned_at > ${ts(since)}::timestamptz) is true and e.channel in ('email', 'sms')
          and e.state not in ('cancelled', 'suppressed', 'rejected', 'failed')
        order by e.client_id desc, e.planned_at desc
        limit ${SENDS_OF_CLIENT_MAX}) e
     order by e.client_id, e.planned_at`
}

/** Puts an effect off that could not be attempted; gives its run, or null when it is no longer due. */
export async function postponeEffect(
  sql: Sql,
  ref: EffectRef,
  now: Instant,
  until: Instant,
): Promise<RunId | null> {
  const rows = await sql<{ run_id: RunId }>`
    update app.effect set due_at = ${ts(until)}::timestamptz
     where vendor_id = ${ref.vendor} and effect_id = ${ref.effect} and due_at <= ${ts(now)}::timestamptz
       and state in ('planned', 'retryable', 'unknown')
    returning run_id`
  return rows[0]?.run_id ?? null
}
