import type { RunId, VendorId } from '../core/ids.ts'
import type { Sql } from '../ports.ts'
import { column } from './refs.ts'

/** Approvals and tasks together: both are open until whom they are asked of answers. */
export type OpenGate = {
  readonly run_id: RunId
  readonly name: string
  readonly role: string
  readonly is: 'approval' | 'task'
}
export type GateRef = { readonly run: RunId; readonly name: string }

export async function openGates(
  sql: Sql,
  vendor: VendorId,
  gates: readonly GateRef[],
): Promise<readonly OpenGate[]> {
  if (gates.length === 0) return []
  const runs = column(gates, (one) => one.run)
  const names = column(gates, (one) => one.name)
  return sql<OpenGate>`
    select a.run_id, a.name, a.role, 'approval' as is from unnest(${runs}::uuid[], ${names}::text[]) as x (run, name)
      join app.approval a on a.vendor_id = ${vendor} and a.run_id = x.run and a.name = x.name and a.state = 'open'
    union all
    select t.run_id, t.name, t.role, 'task' from unnest(${runs}::uuid[], ${names}::text[]) as x (run, name)
      join app.task t on t.vendor_id = ${vendor} and t.run_id = x.run and t.name = x.name and t.state = 'open'`
}

export async function roleOfMember(sql: Sql, vendor: VendorId, member: string): Promise<string | null> {
  const [row] = await sql<{ role: string }>`
    select role from app.member where vendor_id = ${vendor} and member_id = ${member}`
  return row?.role ?? null
}

/** How many are open of those that are asked of these roles. */
export type OpenCount = { readonly all: number; readonly yours: number }
export async function countOpen(
  sql: Sql,
  vendor: VendorId,
  of: OpenGate['is'],
  asked: readonly string[],
): Promise<OpenCount> {
  const [row] =
    of === 'approval'
      ? await sql<OpenCount>`
          select count(*)::int as all, count(*) filter (where role = any (${asked}::text[]))::int as yours
            from app.approval where vendor_id = ${vendor} and state = 'open'`
      : await sql<OpenCount>`
          select count(*)::int as all, count(*) filter (where role = any (${asked}::text[]))::int as yours
            from app.task where vendor_id = ${vendor} and state = 'open'`
  if (!row) throw new Error('a count without a group has one row')
  return row
}
