import type { VendorId } from '../core/ids.ts'
import type { Sql } from '../ports.ts'
import { jobsOfRelease, vendorsReplanned } from '../store/bulk-jobs.ts'
import { movePlansTo, plansMadeWith } from '../store/installation.ts'
import { allVendors } from '../store/journeys.ts'
import { clientsOnTheirWay } from '../store/runs.ts'
import { readVendorSettings } from '../store/vendors.ts'
import { goOnWith } from './bulk.ts'
import type { Engine } from './engine.ts'
import { beginReplans } from './replan-book.ts'

/**
 * The runtime brings newer zone data than the waits were planned with: in one place or another the clocks have other
 * rules, and what waits there would come an hour off. Each business gets a job that derives its waits anew; when all
 * are through, the release is written down, and not before: whoever dies in between goes on where it stood. Two who
 * are at it take turns. Older data than the plans were made with change nothing: they know less.
 */
export type ZoneDataState = {
  readonly plans: string | null
  readonly runtime: string | null
  readonly is: 'same' | 'newer' | 'older' | 'unknown'
}

const BY = 'zone data'
const VENDORS_AT_ONCE = 200
const RELEASE = /^\d{4}[a-z]{1,2}$/

export async function zoneDataOf(engine: Engine): Promise<ZoneDataState> {
  const plans = await plansMadeWith(engine.db)
  const runtime = engine.settings.zoneData
  return { plans, runtime, is: compared(runtime, plans) }
}

export function compared(runtime: string | null, plans: string | null): ZoneDataState['is'] {
  if (plans === null || runtime === null || !RELEASE.test(runtime)) return 'unknown'
  if (runtime === plans) return 'same'
  return RELEASE.test(plans) && runtime < plans ? 'older' : 'newer'
}

/** How many businesses are planned anew at this moment. */
export async function replanningForZones(engine: Engine): Promise<number> {
  const vendors = (await allVendors(engine.db)).map((one) => one.vendor_id)
  let running = 0
  for (let from = 0; from < vendors.length; from += VENDORS_AT_ONCE) {
    const page = vendors.slice(from, from + VENDORS_AT_ONCE)
    running += await engine.db.read('zone_data.running', { vendors: page }, (sql) =>
      vendorsReplanned(sql, page),
    )
  }
  return running
}

/** Beside everything else, however long it takes; a start does not wait for it. Gives what it found. */
export async function renewZoneData(engine: Engine): Promise<ZoneDataState> {
  const found = await zoneDataOf(engine)
  if (found.is === 'older')
    engine.log.warn('the zone data of this program are older than those the plans were made with', found)
  if (found.is !== 'newer') return found
  const release = found.runtime!
  engine.log.info('what waits is planned anew with newer zone data', found)
  let steps = 0
  for (const { vendor_id: vendor } of await allVendors(engine.db))
    for (const job of await jobsFor(engine, vendor, release)) {
      const { results, failed } = await goOnWith(engine, vendor, job)
      if (failed > 0) engine.log.error('some could not be planned anew with newer zone data', { vendor, job })
      steps += results.reduce((sum, one) => sum + stepsIn(one.told), 0)
    }
  await movePlansTo(engine.db, found.plans!, release)
  engine.log.info('the plans are those of the newer zone data', { release, steps })
  return zoneDataOf(engine)
}

const stepsIn = (told: unknown): number =>
  typeof told === 'object' && told !== null && 'steps' in told && typeof told.steps === 'number'
    ? told.steps
    : 0

/** Written down once for each business, whoever comes first; gives those that are not over. */
const jobsFor = (engine: Engine, vendor: VendorId, release: string): Promise<string[]> =>
  engine.db.tx('zone_data.begin', { vendors: [vendor] }, async (sql) => {
    if (!(await readVendorSettings(sql, vendor, 'lock'))) return []
    const known = await jobsOfRelease(sql, vendor, release)
    if (known.length > 0) return known.filter((one) => one.state === 'running').map((one) => one.job_id)
    return begin(engine, sql, vendor, release)
  })

const begin = async (engine: Engine, sql: Sql, vendor: VendorId, release: string): Promise<string[]> =>
  beginReplans(
    engine,
    sql,
    vendor,
    { world: 'zone_data', before: null, release, undoUntil: null },
    await clientsOnTheirWay(sql, vendor),
    BY,
  )

/** At work in this process. Forgotten with it, as is right: then nobody is at it. */
const underWay = new WeakSet<Engine>()

/** Looks whether there is anything to do, and does it while others go on. */
export function renewZoneDataSoon(engine: Engine): void {
  if (engine.settings.zoneData === null || underWay.has(engine)) return
  underWay.add(engine)
  renewZoneData(engine)
    .catch((error: unknown) =>
      engine.log.warn('planning anew with newer zone data was cut off', { error: String(error) }),
    )
    .finally(() => underWay.delete(engine))
}
