import type { VendorId } from '../core/ids.ts'
import { Refusal } from '../core/refusal.ts'
import type { Engine } from '../engine/engine.ts'
import { allVendors } from '../store/journeys.ts'

/** The vendor a command is about: the one that was named, or the only one there is. */
export async function vendorFor(
  engine: Engine,
  wanted: string | undefined,
): Promise<{ id: VendorId; name: string }> {
  const vendors = (await allVendors(engine.db)).map((row) => ({ id: row.vendor_id, name: row.name }))
  const fits =
    wanted === undefined
      ? vendors
      : vendors.filter(
          (one) => one.id === wanted.toLowerCase() || one.name.toLowerCase() === wanted.toLowerCase(),
        )
  if (fits.length === 1) return fits[0]!
  const list = (fits.length > 0 ? fits : vendors).slice(0, 10).map((one) => `  ${one.id}  ${one.name}`)
  if (vendors.length === 0)
    throw new Refusal(
      'not_found',
      'There is no vendor here yet. Add one: wedsync vendor add "Lumen Photography" --type photographer --zone Europe/London --region GB',
    )
  if (fits.length === 0)
    throw new Refusal('not_found', `No vendor here is called "${wanted}". There are:\n${list.join('\n')}`)
  throw new Refusal(
    'invalid',
    `There are ${fits.length} vendors${wanted ? ' of that name' : ''}; say which with --vendor:\n${list.join('\n')}`,
  )
}

/** Who did it, in records and audit. */
export const ACTOR = `cli:${process.env.USER ?? process.env.USERNAME ?? 'unknown'}`
