import type { ClientId, Json, VendorId } from '../core/ids.ts'
import { type Instant, plusMs } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import { cancelJobsOfKind, latestJobOfKind } from '../store/bulk-jobs.ts'
import { clientsOnTheirWay } from '../store/runs.ts'
import { BULK_ROWS_MAX, beginBulkIn } from './bulk.ts'
import { UNDO_MS } from './change-details.ts'
import type { Engine } from './engine.ts'
import type { ReplanBulk } from './replan-some.ts'
import { retrying } from './retrying.ts'
import { changeSettingsIn, type Settings, type SettingsChange, settingsOf } from './settings.ts'

/**
 * A business changes its calendar: with the change, in the same transaction, a job is written down that derives the
 * waits of its whole book again. Whoever changes it back within ten minutes takes it back: what came due while the
 * change stood goes then, and is no late plan.
 */
const CALENDAR_JOB = 'vendor.calendar'

export type Calendar = Pick<Settings, 'zone' | 'region'> &
  Pick<Settings['rules'], 'workingDays' | 'holidays' | 'openHours' | 'caps'>

/** The part of the settings that waits are derived from. */
export const calendarOf = ({
  zone,
  region,
  rules,
}: Pick<Settings, 'zone' | 'region' | 'rules'>): Calendar => ({
  zone,
  region,
  workingDays: [...rules.workingDays].sort(),
  holidays: [...rules.holidays].sort(),
  openHours: rules.openHours,
  caps: rules.caps,
})

export const isSameCalendar = (a: Settings, b: Settings): boolean => same(calendarOf(a), calendarOf(b))

/** Whatever order the parts lie in: a job's request comes back from the database in its own. */
const same = (a: unknown, b: unknown): boolean => JSON.stringify(ordered(a)) === JSON.stringify(ordered(b))

function ordered(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const parts = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1))
  return Object.fromEntries(parts.map(([name, part]) => [name, ordered(part)]))
}

export type Replanning = { readonly jobs: string[]; readonly couples: number }

export async function replanBookIn(
  engine: Engine,
  sql: Sql,
  before: Settings,
  after: Settings,
  by: string,
): Promise<Replanning | null> {
  if (isSameCalendar(before, after)) return null
  const vendor = before.vendor_id
  const undoUntil = await undoUntilOf(engine, sql, vendor, calendarOf(after))
  // What one of them has not come to yet, this one comes to.
  await cancelJobsOfKind(sql, vendor, CALENDAR_JOB, engine.clock.now())
  const clients = await clientsOnTheirWay(sql, vendor)
  const bulk = { world: 'calendar', before: calendarOf(before) as unknown as Json, release: null } as const
  const jobs = await beginReplans(engine, sql, vendor, { ...bulk, undoUntil }, clients, by)
  return { jobs, couples: clients.length }
}

/** The whole of it at once, for who has no transaction of their own. */
export async function changeSettings(
  engine: Engine,
  vendor: VendorId,
  change: SettingsChange,
  by: string,
): Promise<Replanning | null> {
  return retrying(engine, () =>
    engine.db.tx('settings.change', { vendors: [vendor] }, async (sql) => {
      const before = await settingsOf(sql, vendor, 'lock')
      return replanBookIn(engine, sql, before, await changeSettingsIn(sql, before, change), by)
    }),
  )
}

/** Null for a change that only goes back to what was there before the last one, as long as that can be taken back. */
async function undoUntilOf(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  after: Calendar,
): Promise<Instant | null> {
  const now = engine.clock.now()
  const last = await latestJobOfKind(sql, vendor, CALENDAR_JOB, plusMs(now, -UNDO_MS))
  const replan = last?.request as unknown as ReplanBulk | undefined
  return replan && same(replan.before, after) ? null : plusMs(now, UNDO_MS)
}

export async function beginReplans(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  bulk: Omit<ReplanBulk, 'is' | 'clients'>,
  clients: readonly ClientId[],
  by: string,
): Promise<string[]> {
  const jobs: string[] = []
  for (let from = 0; from < clients.length; from += BULK_ROWS_MAX) {
    const part = clients.slice(from, from + BULK_ROWS_MAX)
    jobs.push(await beginBulkIn(engine, sql, vendor, { is: 'replan', ...bulk, clients: part }, by))
  }
  return jobs
}
