import type { EffectId, RunId, VendorId } from '../core/ids.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import { column, type EffectRef } from './refs.ts'
import { ts } from './sql.ts'

/** How planned messages are taken back, parked, or recalled before they have left the house (I6). */

/** A message whose provider has said "later": whether its run still waits for it, and whether that is held. */
export type PutOff = { readonly ref: EffectRef; readonly wanted: boolean; readonly held: boolean }

/**
 * What was being sent when somebody stopped, skipped or held its step, or moved its wedding, could not be withdrawn
 * then. Now that the provider has said "not now" it can: a run that is held parks it, and one that waits for it no
 * more takes it back, as everyone does who was recalled. What an earlier attempt may have delivered is not taken back
 * but shown as unknown. A dead letter that somebody has sent once more goes on, whatever has become of its run. The
 * runs are locked. Gives those that were recalled and whose runs still wait for them.
 */
export async function withdrawPutOff(
  sql: Sql,
  now: Instant,
  putOff: readonly PutOff[],
  lastRung: number,
): Promise<Set<EffectId>> {
  if (putOff.length === 0) return new Set()
  const rows = await sql<{ effect_id: EffectId }>`
    with found as (
      select e.vendor_id, e.effect_id, x.wanted, x.wanted and e.recalled is null as stays, x.held,
             exists (select from app.effect_attempt a
                      where a.vendor_id = x.vendor_id and a.effect_id = x.effect_id and a.result = 'unknown') as doubtful
        from unnest(
          ${column(putOff, (one) => one.ref.vendor)}::uuid[], ${column(putOff, (one) => one.ref.effect)}::uuid[],
          ${column(putOff, (one) => one.wanted)}::boolean[], ${column(putOff, (one) => one.held)}::boolean[])
          as x(vendor_id, effect_id, wanted, held)
        join app.effect e on e.vendor_id = x.vendor_id and e.effect_id = x.effect_id
       where not exists (select from app.dead_letter d
                          where d.vendor_id = x.vendor_id and d.effect_id = x.effect_id and d.requeued_at is not null)),
    withdrawn as (
      update app.effect e
         set state = case when f.stays then e.state when f.doubtful then 'unknown' else 'cancelled' end,
             rung = case when f.doubtful and not f.stays then ${lastRung}::smallint else e.rung end,
             due_at = case when f.doubtful and not f.stays then ${ts(now)}::timestamptz end,
             resume_at = coalesce(e.due_at, e.resume_at),
             cause = case when f.stays or f.doubtful then e.cause else coalesce(e.recalled, e.cause) end,
             settled_at = case when not f.stays and not f.doubtful then ${ts(now)}::timestamptz end
        from found f
       where e.vendor_id = f.vendor_id and e.effect_id = f.effect_id and e.state = 'retryable'
         and (f.held or not f.stays)
      returning e.vendor_id, e.effect_id, e.state, f.wanted),
    forgotten as (
      delete from app.effect_content c using withdrawn w
       where c.vendor_id = w.vendor_id and c.effect_id = w.effect_id and w.state = 'cancelled')
    select effect_id from withdrawn where state = 'cancelled' and wanted`
  return new Set(rows.map((row) => row.effect_id))
}

/**
 * Withdraws what has not left the house: one run's effects by name, or all of them. What is being sent, or was
 * sent, stays as it is (I6).
 */
export async function withdrawEffects(
  sql: Sql,
  now: Instant,
  vendor: VendorId,
  run: RunId,
  names: readonly string[] | 'all',
  why: string,
): Promise<string[]> {
  const rows = await sql<{ name: string }>`
    with withdrawn as (
      update app.effect
         set state = 'cancelled', due_at = null, resume_at = coalesce(due_at, resume_at), cause = ${why}, settled_at = ${ts(now)}::timestamptz
       where (vendor_id = ${vendor}) is true and run_id = ${run} and state in ('planned', 'retryable')
         and (${names === 'all'}::boolean or name = any (${names === 'all' ? [] : names}::text[]))
      returning vendor_id, effect_id, name),
    forgotten as (
      delete from app.effect_content c using withdrawn w where c.vendor_id = w.vendor_id and c.effect_id = w.effect_id)
    select name from withdrawn`
  return rows.map((row) => row.name)
}

/** Parks the unsent effects of runs that are held, or lets them go again. */
export async function parkEffects(
  sql: Sql,
  vendor: VendorId,
  runs: readonly RunId[],
  until: Instant | null,
): Promise<void> {
  if (runs.length === 0) return
  await sql`
    update app.effect
       set due_at = case when ${until !== null}::boolean then greatest(${ts(until)}::timestamptz, coalesce(resume_at, due_at)) end,
           resume_at = case when ${until === null}::boolean then coalesce(due_at, resume_at) end
     where (vendor_id = ${vendor}) is true and run_id = any (${runs}::uuid[]) and state in ('planned', 'retryable')`
}

/**
 * Withdraws what was kept back for longer than anybody would call a delay, by a hold or as named, so that it is planned
 * anew. What an earlier attempt may have delivered goes on as it is, and so does what a person has sent once more.
 */
export async function withdrawHeldUp(
  sql: Sql,
  now: Instant,
  vendor: VendorId,
  run: RunId,
  which: { readonly parkedBefore: Instant } | { readonly name: string },
): Promise<{ name: string; planned_at: Instant }[]> {
  const [parkedBefore, name] = 'name' in which ? [null, which.name] : [which.parkedBefore, null]
  return sql<{ name: string; planned_at: Instant }>`
    with withdrawn as (
      update app.effect e
         set state = 'cancelled', due_at = null, cause = 'held', settled_at = ${ts(now)}::timestamptz
       where (e.vendor_id = ${vendor}) is true and e.run_id = ${run} and e.state in ('planned', 'retryable')
         and case when ${parkedBefore === null}::boolean then e.name = ${name}
                  else e.due_at is null and e.resume_at < ${ts(parkedBefore)}::timestamptz end
         and not exists (select from app.effect_attempt a
                          where a.vendor_id = e.vendor_id and a.effect_id = e.effect_id and a.result = 'unknown')
         and not exists (select from app.dead_letter d
                          where d.vendor_id = e.vendor_id and d.effect_id = e.effect_id and d.requeued_at is not null)
      returning e.vendor_id, e.effect_id, e.name, e.planned_at),
    forgotten as (
      delete from app.effect_content c using withdrawn w where c.vendor_id = w.vendor_id and c.effect_id = w.effect_id)
    select name, planned_at from withdrawn order by name`
}

/**
 * Withdraws the unsent effects of runs that hang on moved anchors; they are planned anew by the replan. What is on
 * its way is recalled: it may have been delivered, and if not, it does not set out again as it is.
 */
export async function withdrawMoved(
  sql: Sql,
  now: Instant,
  vendor: VendorId,
  runs: readonly RunId[],
  anchors: readonly string[],
): Promise<{ run_id: RunId; name: string }[]> {
  return sql<{ run_id: RunId; name: string }>`
    with moved as (
      update app.effect
         set state = case when state in ('planned', 'retryable') then 'cancelled' else state end,
             due_at = case when state in ('planned', 'retryable') then null else due_at end,
             resume_at = case when state in ('planned', 'retryable') then coalesce(due_at, resume_at) else resume_at end,
             cause = case when state in ('planned', 'retryable') then 'date_moved' else cause end,
             settled_at = case when state in ('planned', 'retryable') then ${ts(now)}::timestamptz end,
             recalled = case when state in ('sending', 'unknown') then 'date_moved' end
       where (vendor_id = ${vendor}) is true and run_id = any (${runs}::uuid[]) and anchor = any (${anchors}::text[])
         and state in ('planned', 'retryable', 'sending', 'unknown')
      returning vendor_id, effect_id, run_id, name, state),
    forgotten as (
      delete from app.effect_content c using moved w
       where c.vendor_id = w.vendor_id and c.effect_id = w.effect_id and w.state = 'cancelled')
    select run_id, name from moved where state = 'cancelled'`
}
