import type { EffectId, RunId, VendorId } from '../core/ids.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import { column } from './refs.ts'
import { ts } from './sql.ts'

export type NewDeadLetter = {
  readonly vendor: VendorId
  readonly effect: EffectId
  readonly run: RunId
  readonly kind: string
  readonly cause: string
  readonly detail: string | null
  readonly at: Instant
}

/** What could not be delivered, once for each effect. One that failed again after a requeue is open again. */
export async function insertDeadLetters(sql: Sql, letters: readonly NewDeadLetter[]): Promise<void> {
  if (letters.length === 0) return
  await sql`
    insert into app.dead_letter (vendor_id, effect_id, run_id, kind, cause, detail, at)
    select * from unnest(
      ${column(letters, (one) => one.vendor)}::uuid[], ${column(letters, (one) => one.effect)}::uuid[],
      ${column(letters, (one) => one.run)}::uuid[], ${column(letters, (one) => one.kind)}::text[],
      ${column(letters, (one) => one.cause)}::text[], ${column(letters, (one) => one.detail)}::text[],
      ${ts(column(letters, (one) => one.at))}::timestamptz[])
    on conflict (vendor_id, effect_id) do update
       set cause = excluded.cause, detail = excluded.detail, at = excluded.at, requeued_at = null, requeued_by = null`
}

export type DeadLetterKind = {
  kind: string
  cause: string
  count: number
  first_at: Instant
  last_at: Instant
  sample: EffectId
  detail: string | null
}

/** Open dead letters by kind and cause, the most frequent first, each with a sample. */
export async function deadLetterKinds(sql: Sql, vendor: VendorId): Promise<DeadLetterKind[]> {
  return sql<DeadLetterKind>`
    select kind, cause, count(*)::int as count, min(at) as first_at, max(at) as last_at,
           (array_agg(effect_id order by at desc))[1] as sample, (array_agg(detail order by at desc))[1] as detail
      from app.dead_letter where vendor_id = ${vendor} and requeued_at is null
     group by kind, cause order by count(*) desc, kind, cause`
}

/**
 * Marks open dead letters as requeued and gives them: one, a kind, or all. Their effects keep their key; those of a
 * journey that is held wait with it.
 */
export async function requeueDeadLetters(
  sql: Sql,
  now: Instant,
  vendor: VendorId,
  which: { effect?: EffectId; kind?: string; cause?: string },
  by: string,
): Promise<{ effect_id: EffectId; run_id: RunId }[]> {
  return sql<{ effect_id: EffectId; run_id: RunId }>`
    with chosen as (
      update app.dead_letter set requeued_at = ${ts(now)}::timestamptz, requeued_by = ${by}
       where vendor_id = ${vendor} and requeued_at is null
         and (${which.effect ?? null}::uuid is null or effect_id = ${which.effect ?? null}::uuid)
         and (${which.kind ?? null}::text is null or kind = ${which.kind ?? null})
         and (${which.cause ?? null}::text is null or cause = ${which.cause ?? null})
      returning vendor_id, effect_id, run_id),
    revived as (
      update app.effect e
         set state = 'retryable', settled_at = null, rung = 0,
             due_at = case when r.status <> 'paused' then ${ts(now)}::timestamptz end,
             resume_at = case when r.status = 'paused' then ${ts(now)}::timestamptz end
        from chosen c join app.run r on r.vendor_id = c.vendor_id and r.run_id = c.run_id
       where e.vendor_id = c.vendor_id and e.effect_id = c.effect_id and e.state in ('rejected', 'failed', 'unresolved'))
    select effect_id, run_id from chosen`
}
