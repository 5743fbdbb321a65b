import type { ClientId, EffectId, RunId, VendorId } from '../core/ids.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import type { EffectRef, RunRef } from './refs.ts'
import { ts } from './sql.ts'

/** What a sample studio asks while its past is told: one vendor's due work, and chores. Small tables of one business. */
export async function nextDueOf(sql: Sql, vendor: VendorId): Promise<Instant | null> {
  const rows = await sql<{ at: Instant | null }>`
    select least((select min(due_at) from app.run where vendor_id = ${vendor}),
                 (select min(due_at) from app.effect where vendor_id = ${vendor} and state in ('planned', 'retryable'))) as at`
  return rows[0]?.at ?? null
}

/** Its season is one transaction, and waits while letters are laid out: on a busy machine for longer than others may. */
export async function waitForLetters(sql: Sql): Promise<void> {
  await sql`select set_config('idle_in_transaction_session_timeout', '60s', true)`
}

export async function dueRunsOf(sql: Sql, vendor: VendorId, now: Instant): Promise<RunRef[]> {
  const rows = await sql<{ run_id: RunId }>`
    select run_id from app.run
     where vendor_id = ${vendor} and (due_at <= ${ts(now)}::timestamptz or (status in ('active', 'waiting') and inbox > 0))
     order by run_id`
  return rows.map(({ run_id }) => ({ vendor, run: run_id }))
}

export async function dueEffectsOf(sql: Sql, vendor: VendorId, now: Instant): Promise<EffectRef[]> {
  const rows = await sql<{ effect_id: EffectId }>`
    select effect_id from app.effect
     where vendor_id = ${vendor} and state in ('planned', 'retryable') and due_at <= ${ts(now)}::timestamptz order by effect_id`
  return rows.map(({ effect_id }) => ({ vendor, effect: effect_id }))
}

export type Chore = { run_id: RunId; name: string; title: string }

export async function openTasksBefore(sql: Sql, vendor: VendorId, before: Instant): Promise<Chore[]> {
  return sql<Chore>`
    select run_id, name, title from app.task
     where vendor_id = ${vendor} and state = 'open' and opened_at <= ${ts(before)}::timestamptz order by opened_at, run_id, name`
}

export async function openApprovalsBefore(sql: Sql, vendor: VendorId, before: Instant): Promise<Chore[]> {
  return sql<Chore>`
    select run_id, name, ask as title from app.approval
     where vendor_id = ${vendor} and state = 'open' and asked_at <= ${ts(before)}::timestamptz order by asked_at, run_id, name`
}

/** What this couple was asked with last, if with anything. */
export async function askedLast(sql: Sql, vendor: VendorId, client: ClientId): Promise<string | null> {
  const rows = await sql<{ sending_id: string }>`
    select sending_id from app.form_sending
     where vendor_id = ${vendor} and client_id = ${client} order by asked_at desc, sending_id desc limit 1`
  return rows[0]?.sending_id ?? null
}
