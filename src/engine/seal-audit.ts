import type { VendorId } from '../core/ids.ts'
import { isSample } from '../core/sample.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS, plusMs } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import {
  type Anchor,
  anchorsBroken,
  type Checking,
  checkSeals,
  type SealCheck,
  type SealPage,
  sealAudit,
} from '../store/audit-seals.ts'
import type { Engine } from './engine.ts'

/** Often enough to be of use, seldom enough that a busy day is a hundred seals and not a thousand. */
const EVERY_MS = 10 * MINUTE_MS
/** No transaction of ours takes this long: what is older and in no seal was written afterwards. */
const LATE_MS = HOUR_MS
const BATCH_MAX = 2_000
/** The record is kept at least as long as this, whatever is let go of. */
const KEPT_DAYS = 365
const TOLD_MAX = 50
/** A statement compares so many changes: far from the limit of its time, on a slow machine too. */
const PAGE_ROWS_MAX = 20_000
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

/** The whole record, page by page, and whether the seals that went outside are still here. */
export async function checkRecord(
  engine: Engine,
  vendor: VendorId,
  anchors: readonly Anchor[],
  tell: (place: number, of: number) => void = () => {},
  rowsMax = PAGE_ROWS_MAX,
): Promise<RecordCheck> {
  const ours = anchors.filter((one) => one.vendor === vendor)
  const within = { vendors: [vendor] }
  let [sealed, let_go, waiting, found] = [0, 0, 0, 0]
  const alterations: RecordCheck['alterations'][number][] = []
  for (let after = 0; ; ) {
    const page = await engine.db.read('audit.check', within, (sql) =>
      checkRecordPage(engine, sql, vendor, { after, most: TOLD_AT_ALL - alterations.length, rowsMax }),
    )
    sealed += page.sealed
    let_go += page.let_go
    waiting += page.waiting
    found += page.found
    alterations.push(...page.alterations)
    if (page.next !== null) {
      after = page.next
      tell(after, page.place ?? after)
      continue
    }
    const broken =
      ours.length === 0
        ? []
        : await engine.db.read('audit.anchors', within, (sql) => anchorsBroken(sql, vendor, ours))
    alterations.push(...broken.map((place) => ({ is: 'anchor_broken' as const, place, id: null })))
    const { place, hash, until_at } = page
    return {
      ...{ place, hash, until_at, sealed, let_go, waiting, alterations },
      found: found + broken.length,
      anchored: ours.length,
    }
  }
}

/** Whether one page of the record is still what was sealed. */
export const checkRecordPage = (
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  {
    after = 0,
    most = TOLD_MAX,
    rowsMax = PAGE_ROWS_MAX,
  }: Partial<Pick<Checking, 'after' | 'most' | 'rowsMax'>>,
): Promise<SealPage> =>
  checkSeals(sql, vendor, {
    ...{ after, most, rowsMax },
    lateMs: LATE_MS,
    keptSince: plusMs(engine.clock.now(), -KEPT_DAYS * DAY_MS),
  })
