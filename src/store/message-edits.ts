import type { ClientId, RunId, VendorId } from '../core/ids.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import { column } from './refs.ts'
import { ts } from './sql.ts'

/** Words changed for one couple, sealed with the couple's key and never changed themselves. */
export type EditRef = { readonly vendor: VendorId; readonly client: ClientId; readonly edit: string }

export async function insertEdit(
  sql: Sql,
  one: {
    vendor: VendorId
    edit: string
    run: RunId
    node: string
    sealed: Uint8Array
    by: string
    at: Instant
  },
): Promise<void> {
  await sql`
    insert into app.message_edit (vendor_id, edit_id, run_id, node, sealed, edited_by, at)
    values (${one.vendor}, ${one.edit}, ${one.run}, ${one.node}, ${one.sealed}, ${one.by}, ${ts(one.at)}::timestamptz)`
}

export async function readEdits(
  sql: Sql,
  refs: readonly EditRef[],
): Promise<{ vendor_id: VendorId; edit_id: string; sealed: Uint8Array }[]> {
  if (refs.length === 0) return []
  return sql<{ vendor_id: VendorId; edit_id: string; sealed: Uint8Array }>`
    select m.vendor_id, m.edit_id, m.sealed
      from unnest(${column(refs, (one) => one.vendor)}::uuid[], ${column(refs, (one) => one.edit)}::uuid[]) as x(vendor_id, edit_id)
      join app.message_edit m on m.vendor_id = x.vendor_id and m.edit_id = x.edit_id`
}
