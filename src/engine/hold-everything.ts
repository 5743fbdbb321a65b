import { channelsOf } from '../core/channel-settings.ts'
import type { RunId, VendorId } from '../core/ids.ts'
import { Refusal } from '../core/refusal.ts'
import { EVERYTHING } from '../core/run/command.ts'
import type { RunEvent } from '../core/run/event.ts'
import type { Sql } from '../ports.ts'
import { readDress, setChannels } from '../store/brand.ts'
import { deliver, heldVendors, liveRunsOfVendor, runsNotHeld } from '../store/runs.ts'
import { parkEffects } from '../store/withdrawals.ts'
import type { Engine } from './engine.ts'
import { ringRuns } from './ring.ts'

/**
 * The brake of a whole business. It is the brake of a hold (adr/0003, adr/0009), pulled for every journey in one
 * transaction: what has not left stays, and what begins meanwhile begins held. What was paused before stays paused
 * when everything else goes on.
 */
const AT_ONCE = 1_000

/** Gives the runs that have heard of it; none where it stands so already. */
export async function setHeldIn(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  held: boolean,
  by: string,
): Promise<RunId[]> {
  const row = await readDress(sql, vendor, 'lock')
  if (!row) throw new Refusal('not_found', 'There is no such business here.')
  const settings = channelsOf(row.channels)
  if ((settings.held !== null) === held) return []
  await setChannels(sql, vendor, { ...settings, held: held ? { since: engine.clock.now(), by } : null })
  const runs = await liveRunsOfVendor(sql, vendor)
  await tellThem(engine, sql, vendor, runs, held)
  return runs
}

async function tellThem(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  runs: readonly RunId[],
  held: boolean,
): Promise<void> {
  const now = engine.clock.now()
  const event: RunEvent = { is: held ? 'held' : 'released', at: now, reason: EVERYTHING }
  const letter = JSON.stringify(event)
  for (let from = 0; from < runs.length; from += AT_ONCE) {
    const some = runs.slice(from, from + AT_ONCE)
    // The brake first (unsent effects wait), then the letter: both are committed together.
    if (held) await parkEffects(sql, vendor, some, null)
    await deliver(
      sql,
      now,
      some.map((run) => ({ ref: { vendor, run }, event: letter })),
    )
  }
}

/** What began in the very moment in which everything was held, and did not see it: held by the watchman's next round. */
export async function holdNewcomers(engine: Engine, vendors: readonly VendorId[]): Promise<number> {
  const found = await engine.db.tx('watch.held', { vendors }, async (sql) => {
    const all: RunId[] = []
    for (const vendor of await heldVendors(sql, vendors)) {
      const runs = await runsNotHeld(sql, vendor, AT_ONCE)
      await tellThem(engine, sql, vendor, runs, true)
      all.push(...runs)
    }
    return all
  })
  ringRuns(engine, found)
  return found.length
}
