import { changeVendor, readVendor } from '../../contract/vendors.ts'
import { isoOf } from '../../core/time/instant.ts'
import { changeSettingsIn, type Settings, type SettingsChange, settingsOf } from '../../engine/settings.ts'
import { changes, type Route, reads } from '../frame/route.ts'

const shown = (one: Settings) => ({
  id: one.vendor_id,
  name: one.name,
  type: one.type,
  zone: one.zone,
  region: one.region,
  rules: one.rules,
  since: isoOf(one.created_at),
})

export const vendorRoutes: readonly Route[] = [
  reads(readVendor, async ({ engine, vendor }) =>
    shown(await engine.db.read('vendor.read', { vendors: [vendor] }, (sql) => settingsOf(sql, vendor))),
  ),
  changes(changeVendor, async (at, { body }) => {
    const before = await settingsOf(at.sql, at.vendor, 'lock')
    at.mustBeSeen(shown(before))
    const after = await changeSettingsIn(at.sql, before, body as SettingsChange)
    at.audit('vendor.changed', at.vendor, {
      changed: [...Object.keys(body), ...Object.keys(body.rules ?? {})],
    })
    return shown(after)
  }),
]
