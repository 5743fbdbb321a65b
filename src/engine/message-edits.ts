import type { ClientId, JsonObject } from '../core/ids.ts'
import { editOf } from '../core/run/run.ts'
import type { Sql } from '../ports.ts'
import { type EditRef, readEdits } from '../store/message-edits.ts'
import type { Engine } from './engine.ts'
import type { Loaded } from './turns.ts'
import { openUnlessErased } from './views.ts'

/**
 * "Edit this message once": other words for one couple at one step. The words replace parts of what the journey says
 * there, are held to the same rules, and lie sealed with the couple's key; the run knows which of them count.
 */
export const editPlace = ({ vendor, client, edit }: EditRef) =>
  ({ vendor, subject: client, table: 'message_edit', row: edit, column: 'sealed' }) as const

/** Opened, by the id of the edit. */
export async function openEdits(
  engine: Engine,
  sql: Sql,
  refs: readonly EditRef[],
): Promise<ReadonlyMap<string, JsonObject>> {
  if (refs.length === 0) return new Map()
  const clients = new Map(refs.map((one) => [one.edit, one.client]))
  const rows = await readEdits(sql, refs)
  const opened = await Promise.all(
    rows.map(async ({ vendor_id: vendor, edit_id: edit, sealed }) => {
      const place = editPlace({ vendor, client: clients.get(edit) as ClientId, edit })
      return [edit, await openUnlessErased(engine.vault, place, sealed)] as const
    }),
  )
  return new Map(opened.filter((one): one is [string, JsonObject] => one[1] !== null))
}

/** Of which edit the words of this visit are; null where the journey's own stand. */
export const editRefOf = ({ run }: Pick<Loaded, 'run'>, node: string, visit: number): EditRef | null => {
  const edit = editOf(run.state, node, visit)
  return edit === null ? null : { vendor: run.vendor, client: run.client, edit }
}
