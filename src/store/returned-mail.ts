import type { ClientId, EffectId, RunId, VendorId } from '../core/ids.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import type { EffectState } from './effects.ts'
import { ts } from './sql.ts'

export type ReturnedLetter = {
  effect_id: EffectId
  run_id: RunId
  client_id: ClientId
  /** What the run calls it, while it waits for what became of it. */
  name: string
  kind: string
  node: string
  recipient: string
  state: EffectState
  /** The mark of the address its recipient has now. */
  email_mark: Uint8Array | null
}

/** The letter whose id begins like this; the beginning is long enough to be one letter's alone. */
export async function letterBeginning(
  sql: Sql,
  vendor: VendorId,
  effect: string,
): Promise<ReturnedLetter | null> {
  const [from, to] = ['0', 'f'].map((sign) => effect.padEnd(32, sign))
  const rows = await sql<ReturnedLetter>`
    select e.effect_id, e.run_id, e.client_id, e.name, e.kind, e.node, e.recipient, e.state, p.email_mark
      from app.effect e
      left join app.person p on p.vendor_id = e.vendor_id and p.client_id = e.client_id and p.ref = e.recipient
     where e.vendor_id = ${vendor} and e.effect_id between ${from}::uuid and ${to}::uuid and e.channel = 'email'`
  return rows.length === 1 ? rows[0]! : null
}

/**
 * What had left the house and came back; whatever is settled otherwise, or not yet, stays as it is. Of what nobody knew
 * whether it had left, this says that it had, and that it did not arrive. True where it is so now.
 */
export async function settleReturned(
  sql: Sql,
  one: { vendor: VendorId; effect: EffectId; cause: string; at: Instant },
): Promise<boolean> {
  const rows = await sql`
    update app.effect
       set state = 'rejected', cause = ${one.cause}, due_at = null, rung = 0,
           settled_at = coalesce(settled_at, ${ts(one.at)}::timestamptz)
     where (vendor_id = ${one.vendor}) is true and effect_id = ${one.effect} and state in ('accepted', 'delivered', 'unknown', 'unresolved')
    returning effect_id`
  return rows.length > 0
}
