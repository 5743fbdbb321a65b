import type { VendorId } from '../core/ids.ts'
import { parseRegion, VENDOR_TYPE } from '../core/names.ts'
import { Refusal } from '../core/refusal.ts'
import { parseZone } from '../core/time/zone.ts'
import { type VendorRules, vendorRulesSchema } from '../core/wedding/vendor-rules.ts'
import { insertVendor } from '../store/vendors.ts'
import type { Engine } from './engine.ts'

/** A business: the tenant everything else belongs to. */
export type NewVendor = {
  readonly name: string
  readonly type: string
  readonly zone: string
  readonly region: string
  readonly rules?: unknown
  /** Named beforehand by who may come a second time; the vendor is then added once. */
  readonly id?: VendorId
}

const NAME_CHARACTERS_MAX = 200

/** As it is asked for by a person: refused in words where it is no country. */
export function regionFor(text: string): string {
  const region = parseRegion(text)
  if (region === null)
    throw new Refusal('invalid', `There is no country "${text}". Name one such as IT or GB-SCT.`)
  return region
}

/** Refuses what could not be added; gives the rules with all their defaults, and the country as everything writes it. */
export function checkVendor(vendor: NewVendor): {
  readonly rules: VendorRules
  readonly region: string
} {
  const rules = vendorRulesSchema.safeParse(vendor.rules ?? {})
  if (!rules.success)
    throw new Refusal(
      'invalid',
      `The rules of this business are not valid: ${rules.error.issues[0]?.message ?? ''}`,
    )
  const { name, type, zone } = vendor
  if (name.trim() === '' || name.length > NAME_CHARACTERS_MAX)
    throw new Refusal('invalid', `A business has a name, of at most ${NAME_CHARACTERS_MAX} characters.`)
  if (!VENDOR_TYPE.test(type))
    throw new Refusal(
      'invalid',
      `"${type}" is no kind of business: one word in small letters, such as photographer, venue or florist.`,
    )
  if (parseZone(zone) === null)
    throw new Refusal('invalid', `There is no zone "${zone}". Name one such as Europe/Rome.`)
  return { rules: rules.data, region: regionFor(vendor.region) }
}

export async function addVendor(engine: Engine, vendor: NewVendor): Promise<VendorId> {
  const checked = checkVendor(vendor)
  const now = engine.clock.now()
  const id = vendor.id ?? (engine.rng.uuid7(now) as VendorId)
  await engine.db.tx('vendor.add', { vendors: [id] }, (sql) =>
    insertVendor(sql, { ...vendor, ...checked, vendor: id, at: now }),
  )
  return id
}
