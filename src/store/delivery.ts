import type { EffectId, VendorId } from '../core/ids.ts'
import type { Sql } from '../ports.ts'

/** What a provider says later of a message it took. Its own reference must fit; what is settled otherwise stays. */
export async function settleDelivery(
  sql: Sql,
  one: {
    vendor: VendorId
    effect: EffectId
    ref: string
    state: 'delivered' | 'rejected'
    cause: string | null
  },
): Promise<void> {
  await sql`
    update app.effect set state = ${one.state}, cause = ${one.cause}
     where (vendor_id = ${one.vendor}) is true and effect_id = ${one.effect} and provider_ref = ${one.ref}
       and state = 'accepted'`
}
