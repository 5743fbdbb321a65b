import type { VendorId } from '../core/ids.ts'
import { isSample } from '../core/sample.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS, plusMs } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import { type Anchor, anchorsBroken, checkSeals, type SealCheck, sealAudit } from '../store/audit-seals.ts'
import type { Engine } from './engine.ts'

/** Often enough to be of use, seldom enough that a busy day is a hundred seals and not a thousand. */
const EVERY_MS = 10 * MINUTE_MS
/** No transaction of ours takes this long: what is older and in no seal was written afterwards. */
const LATE_MS = HOUR_MS
const BATCH_MAX = 2_000
/** The record is kept at least as long as this, whatever is let go of. */
const KEPT_DAYS = 365
const TOLD_MAX = 50
const TOLD_AT_ALL = 10_000

/**
 * Seals what was written to the record since the last time, and tells the seals to the log, which is kept elsewhere:
 * seals lie beside the record, and whoever could rewrite both would be betrayed by what has left the house. A sample
 * studio's record is invented, and is not sealed.
 */
export async function sealRecords(engine: Engine, page: readonly VendorId[]): Promise<void> {
  const vendors = page.filter((vendor) => !isSample(vendor))
  if (vendors.length === 0) return
  const now = engine.clock.now()
  const made = await engine.db.tx('audit.seal', { vendors }, (sql) =>
    sealAudit(sql, vendors, { now, restedSince: plusMs(now, -EVERY_MS), lateMs: LATE_MS, most: BATCH_MAX }),
  )
  if (made.length > 0)
    engine.log.info('the record of changes was sealed', {
      anchors: made.map(({ vendor, place, hash }) => ({ vendor, place, hash })),
    })
}

export type RecordCheck = Omit<SealCheck, 'alterations'> & {
  readonly alterations: readonly (
    | SealCheck['alterations'][number]
    | { readonly is: 'anchor_broken'; readonly place: number; readonly id: null }
  )[]
  /** How many seals were compared with what had left the house. */
  readonly anchored: number
}

/** The same, and whether the seals that went outside are still here. */
export async function checkRecord(
  engine: Engine,
  vendor: VendorId,
  anchors: readonly Anchor[],
): Promise<RecordCheck> {
  const ours = anchors.filter((one) => one.vendor === vendor)
  return engine.db.read('audit.check', { vendors: [vendor] }, async (sql) => {
    const check = await checkRecordIn(engine, sql, vendor, TOLD_AT_ALL)
    const broken = ours.length === 0 ? [] : await anchorsBroken(sql, vendor, ours)
    return {
      ...check,
      found: check.found + broken.length,
      alterations: [
        ...check.alterations,
        ...broken.map((place) => ({ is: 'anchor_broken' as const, place, id: null })),
      ],
      anchored: ours.length,
    }
  })
}

/** Whether the record is still what was sealed. */
export const checkRecordIn = (
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  most = TOLD_MAX,
): Promise<SealCheck> =>
  checkSeals(sql, vendor, {
    lateMs: LATE_MS,
    keptSince: plusMs(engine.clock.now(), -KEPT_DAYS * DAY_MS),
    most,
  })
