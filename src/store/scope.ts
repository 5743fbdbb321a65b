import type { Scope } from '../ports.ts'

/** More vendors than this in one transaction is a mistake: the engine's batches hold at most 500 rows. */
export const SCOPE_VENDORS_MAX = 1_000

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/**
 * The value of `app.vendor_ids` for a transaction (I8). 'claim' and 'platform' name no vendor: row-level
 * security then shows nothing, and only what a definer function hands out is reached. Ids are checked here,
 * because a list that PostgreSQL cannot read would fail every policy with an error about text.
 */
export function vendorIdsSetting(scope: Scope): string {
  if (typeof scope === 'string') return '{}'
  if (scope.vendors.length > SCOPE_VENDORS_MAX)
    throw new RangeError(`${scope.vendors.length} vendors in one transaction; at most ${SCOPE_VENDORS_MAX}.`)
  for (const id of scope.vendors)
    if (!UUID.test(id)) throw new TypeError('A vendor id in the scope of a transaction is not a UUID.')
  return `{${scope.vendors.join(',')}}`
}
