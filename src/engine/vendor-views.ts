import { type Brand, brandOf } from '../core/brand.ts'
import { type ChannelSettings, channelsOf } from '../core/channel-settings.ts'
import type { VendorId } from '../core/ids.ts'
import type { VendorView } from '../core/run/view.ts'
import type { LocalDate, Zone } from '../core/time/local.ts'
import { type VendorRules, vendorRulesSchema } from '../core/wedding/vendor-rules.ts'
import type { Sql } from '../ports.ts'
import { readMembers, readVendors, readWeddingDays, type VendorRow } from '../store/views.ts'
import { holidaysOf } from './holidays.ts'

/**
 * A vendor's settings as a view, kept under the state they were read in: which
 * revision, and which transaction wrote it. A revision alone would come a second time after a change was taken back
 * before its end, as previews do.
 */
export type VendorViews = {
  /** In the states named, or newer. */
  find(
    sql: Sql,
    wanted: readonly { vendor: VendorId; rev: string }[],
  ): Promise<ReadonlyMap<VendorId, KnownVendor>>
  /** In the state of this moment; its days and members are read only where that is another than the one kept. */
  now(sql: Sql, vendor: VendorId): Promise<KnownVendor | undefined>
}
export type KnownVendor = {
  readonly rev: string
  readonly name: string
  readonly view: VendorView
  readonly region: string
  readonly brand: Brand
  readonly channels: ChannelSettings
  readonly links: { readonly [name: string]: string }
  readonly members: readonly { readonly id: string; readonly role: string }[]
}

/** By whose clock a vendor's days go. */
export async function homeZone(
  engine: { readonly vendorViews: VendorViews },
  sql: Sql,
  vendor: VendorId,
): Promise<Zone> {
  const known = await engine.vendorViews.now(sql, vendor)
  if (!known) throw new Error(`vendor ${vendor} is missing`)
  return known.view.zone
}

const VENDORS_KEPT_MAX = 5_000

export function keepVendorViews(): VendorViews {
  const kept = new Map<VendorId, KnownVendor>()
  const keep = (all: ReadonlyMap<VendorId, KnownVendor>): typeof all => {
    for (const [vendor, one] of all) {
      if (kept.size >= VENDORS_KEPT_MAX) kept.delete(kept.keys().next().value as VendorId)
      kept.set(vendor, one)
    }
    return all
  }
  return {
    async find(sql, wanted) {
      const found = new Map<VendorId, KnownVendor>()
      const missing = new Set<VendorId>()
      for (const { vendor, rev } of wanted) {
        const known = kept.get(vendor)
        if (known?.rev === rev) found.set(vendor, known)
        else missing.add(vendor)
      }
      if (missing.size === 0) return found
      const vendors = [...missing]
      const [rows, around] = await Promise.all([readVendors(sql, vendors), readAround(sql, vendors)])
      for (const [vendor, one] of keep(together(rows, around))) found.set(vendor, one)
      return found
    },
    async now(sql, vendor) {
      const rows = await readVendors(sql, [vendor])
      const known = kept.get(vendor)
      if (known && known.rev === rows[0]?.rev) return known
      return keep(together(rows, await readAround(sql, [vendor]))).get(vendor)
    },
  }
}

/** What stands in rows of its own, and raises the vendor's revision when it changes. */
async function readAround(sql: Sql, vendors: readonly VendorId[]) {
  const [days, members] = await Promise.all([readWeddingDays(sql, vendors), readMembers(sql, vendors)])
  return { days, members }
}

function together(
  rows: readonly VendorRow[],
  { days, members }: Awaited<ReturnType<typeof readAround>>,
): Map<VendorId, KnownVendor> {
  const found = new Map<VendorId, KnownVendor>()
  for (const row of rows) {
    const worked = new Set(
      days.filter((day) => day.vendor_id === row.vendor_id).map((day) => day.wedding_on as LocalDate),
    )
    found.set(row.vendor_id, {
      rev: row.rev,
      name: row.name,
      region: row.region,
      brand: brandOf(row.brand),
      channels: channelsOf(row.channels),
      links: vendorRulesSchema.parse(row.rules).links,
      view: viewOf(row, worked),
      members: members
        .filter((one) => one.vendor_id === row.vendor_id)
        .map((one) => ({ id: one.member_id, role: one.role })),
    })
  }
  return found
}

/** The same business with other settings. */
export function withSettings(
  view: VendorView,
  { zone, region, rules }: { readonly zone: string; readonly region: string; readonly rules: VendorRules },
): VendorView {
  return {
    ...view,
    zone: zone as Zone,
    region,
    workingDays: rules.workingDays,
    holidays: holidaysOf(region, rules.holidays as LocalDate[]),
    openHours: rules.openHours as VendorView['openHours'],
    caps: rules.caps as VendorView['caps'],
    late: rules.late as VendorView['late'],
  }
}

function viewOf(row: VendorRow, weddingDays: ReadonlySet<LocalDate>): VendorView {
  const rules = vendorRulesSchema.parse(row.rules)
  return {
    id: row.vendor_id,
    type: row.type,
    zone: row.zone as Zone,
    region: row.region,
    held: channelsOf(row.channels).held !== null,
    workingDays: rules.workingDays,
    holidays: holidaysOf(row.region, rules.holidays as LocalDate[]),
    weddingDays,
    calendarGeneration: row.calendar_generation,
    openHours: rules.openHours as VendorView['openHours'],
    caps: rules.caps as VendorView['caps'],
    late: rules.late as VendorView['late'],
  }
}
