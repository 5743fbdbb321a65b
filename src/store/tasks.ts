import type { RunId, VendorId } from '../core/ids.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import { column } from './refs.ts'
import { ts } from './sql.ts'

export type NewTask = {
  readonly vendor: VendorId
  readonly run: RunId
  readonly name: string
  readonly node: string
  readonly visit: number
  readonly title: string
  readonly role: string
  readonly why: string
  readonly due: Instant | null
  readonly at: Instant
}

/** Opens tasks; one that was closed before and is asked for again is open again. */
export async function insertTasks(sql: Sql, tasks: readonly NewTask[]): Promise<void> {
  if (tasks.length === 0) return
  await sql`
    insert into app.task (vendor_id, run_id, name, node, visit, title, role, why, due_at, opened_at, state)
    select x.*, 'open' from unnest(
      ${column(tasks, (one) => one.vendor)}::uuid[], ${column(tasks, (one) => one.run)}::uuid[],
      ${column(tasks, (one) => one.name)}::text[], ${column(tasks, (one) => one.node)}::text[],
      ${column(tasks, (one) => one.visit)}::int[], ${column(tasks, (one) => one.title)}::text[],
      ${column(tasks, (one) => one.role)}::text[], ${column(tasks, (one) => one.why)}::text[],
      ${ts(column(tasks, (one) => one.due))}::timestamptz[], ${ts(column(tasks, (one) => one.at))}::timestamptz[]) as x
    on conflict (vendor_id, run_id, name) do update
       set state = 'open', title = excluded.title, why = excluded.why, due_at = excluded.due_at, opened_at = excluded.opened_at,
           done_at = null, done_by = null
     where task.state = 'closed'`
}

export async function closeTask(
  sql: Sql,
  one: { vendor: VendorId; run: RunId; name: string; at: Instant },
): Promise<void> {
  await sql`
    update app.task set state = 'closed', done_at = ${ts(one.at)}::timestamptz
     where vendor_id = ${one.vendor} and run_id = ${one.run} and name = ${one.name} and state = 'open'`
}

/** Gives false when it was done or closed before. */
export async function finishTask(
  sql: Sql,
  one: { vendor: VendorId; run: RunId; name: string; at: Instant; by: string },
): Promise<boolean> {
  const rows = await sql`
    update app.task set state = 'done', done_at = ${ts(one.at)}::timestamptz, done_by = ${one.by}
     where vendor_id = ${one.vendor} and run_id = ${one.run} and name = ${one.name} and state = 'open'
    returning name`
  return rows.length > 0
}
