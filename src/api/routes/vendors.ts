import { changeVendor, previewVendor, readVendor } from '../../contract/vendors.ts'
import { isoOf } from '../../core/time/instant.ts'
import { goOnSoon } from '../../engine/bulk.ts'
import { previewCalendar } from '../../engine/preview-calendar.ts'
import { replanBookIn } from '../../engine/replan-book.ts'
import {
  changeSettingsIn,
  type Settings,
  type SettingsChange,
  settingsAfter,
  settingsOf,
} from '../../engine/settings.ts'
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
  reads(previewVendor, ({ engine, vendor }, { body }) =>
    engine.db.read('vendor.preview', { vendors: [vendor] }, async (sql) => {
      const before = await settingsOf(sql, vendor)
      return previewCalendar(engine, sql, vendor, before, settingsAfter(before, body as SettingsChange))
    }),
  ),
  changes(changeVendor, async (at, { body }) => {
    const before = await settingsOf(at.sql, at.vendor, 'lock')
    at.mustBeSeen(shown(before))
    const after = await changeSettingsIn(at.sql, before, body as SettingsChange)
    const replanning = await replanBookIn(at.engine, at.sql, before, after, at.actor)
    at.after(() => {
      for (const job of replanning?.jobs ?? []) goOnSoon(at.engine, at.vendor, job)
    })
    at.audit('vendor.changed', at.vendor, {
      changed: [...Object.keys(body), ...Object.keys(body.rules ?? {})],
    })
    return shown(after)
  }),
]
