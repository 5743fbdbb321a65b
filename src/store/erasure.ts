import type { VendorId } from '../core/ids.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import { ts } from './sql.ts'

/** The removal of a sample studio: what it was, by whom, and how far it is. It lies outside what is removed. */
export type Erasure = { erasure_id: string; was: VendorId; asked_by: string; total: number; gone: number }

/** Nobody can come in any more, and nothing of it is due: a turn or a lease that has not seen this is not saved. */
export async function closeSample(sql: Sql, vendor: VendorId, at: Instant): Promise<void> {
  await sql`update app.vendor set suspended_at = ${ts(at)}::timestamptz where vendor_id = ${vendor} and suspended_at is null`
  await sql`update app.job set state = 'cancelled', finished_at = ${ts(at)}::timestamptz where vendor_id = ${vendor} and state = 'running'`
  await sql`
    update app.run set status = 'cancelled', due_at = null, inbox = 0, rev = rev + 1
     where vendor_id = ${vendor} and (due_at is not null or inbox > 0 or status in ('active', 'waiting', 'paused'))`
  await sql`
    update app.effect set state = 'cancelled', due_at = null, cause = 'sample_removed', settled_at = ${ts(at)}::timestamptz
     where vendor_id = ${vendor} and state in ('planned', 'retryable')`
}

/** Opened by the transaction that fills it, which holds its row until it is full. */
export async function openClosedSample(sql: Sql, vendor: VendorId): Promise<void> {
  await sql`update app.vendor set suspended_at = null where vendor_id = ${vendor}`
}

/** Whether a transaction somewhere is filling it: whoever died holds nothing any more. */
export async function isBeingFilled(sql: Sql, vendor: VendorId): Promise<boolean> {
  const free =
    await sql`select vendor_id from app.vendor where vendor_id = ${vendor} for no key update skip locked`
  return free.length === 0
}

export async function beginErasure(
  sql: Sql,
  one: { id: string; was: VendorId; askedBy: string; at: Instant },
): Promise<void> {
  await sql`
    insert into app.erasure (erasure_id, was, asked_by, at, total)
    values (${one.id}, ${one.was}, ${one.askedBy}, ${ts(one.at)}::timestamptz, app.sample_rows(${one.was}))`
}

/** A part of it, and how far it is with that; null where it is over. */
export async function eraseSome(
  sql: Sql,
  { erasure_id, was }: Pick<Erasure, 'erasure_id' | 'was'>,
  part: { step: number; most: number; at: Instant },
): Promise<number | null> {
  const [told] = await sql<{ next_step: number | null; gone: number }>`
    select next_step, gone from app.erase_sample(${was}, ${part.step}::int, ${part.most}::int)`
  const next = told?.next_step ?? null
  await sql`
    update app.erasure set gone = gone + ${told?.gone ?? 0}::int,
           finished_at = case when ${next === null} then ${ts(part.at)}::timestamptz end
     where erasure_id = ${erasure_id} and finished_at is null`
  return next
}

/** Those that are not over. A person has one at most; few are ever under way. */
export async function erasuresLeft(sql: Sql, most: number): Promise<Erasure[]> {
  return sql<Erasure>`
    select erasure_id, was, asked_by, total, gone from app.erasure where finished_at is null order by at limit ${most}::int`
}
