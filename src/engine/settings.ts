import type { VendorId } from '../core/ids.ts'
import { Refusal } from '../core/refusal.ts'
import { parseZone } from '../core/time/zone.ts'
import { type VendorRules, vendorRulesSchema } from '../core/wedding/vendor-rules.ts'
import type { Sql } from '../ports.ts'
import { readVendorSettings, setVendorSettings, type VendorSettingsRow } from '../store/vendors.ts'

/** The settings of a business. A part that is not named stays as it is. */
export type Settings = Omit<VendorSettingsRow, 'rules'> & { readonly rules: VendorRules }
export type SettingsChange = Partial<Pick<Settings, 'name' | 'type' | 'zone' | 'region'>> & {
  readonly rules?: Partial<VendorRules>
}

export async function settingsOf(
  sql: Sql,
  vendor: VendorId,
  how: 'lock' | 'look' = 'look',
): Promise<Settings> {
  const row = await readVendorSettings(sql, vendor, how)
  if (!row) throw new Refusal('not_found', 'There is no such business here.')
  return { ...row, rules: vendorRulesSchema.parse(row.rules) }
}

/** The settings as they would be; nothing is written. */
export function settingsAfter(before: Settings, change: SettingsChange): Settings {
  const after: Settings = {
    ...before,
    ...given(change),
    rules: { ...before.rules, ...given(change.rules ?? {}) },
  }
  if (parseZone(after.zone) === null)
    throw new Refusal('invalid', `There is no zone "${after.zone}". Name one such as Europe/Rome.`)
  return after
}

/** `before` is what was read under the lock of this transaction. */
export async function changeSettingsIn(
  sql: Sql,
  before: Settings,
  change: SettingsChange,
): Promise<Settings> {
  const after = settingsAfter(before, change)
  await setVendorSettings(sql, before.vendor_id, after)
  return after
}

const given = <T extends object>(one: T): Partial<T> =>
  Object.fromEntries(Object.entries(one).filter(([, value]) => value !== undefined)) as Partial<T>
