import { plusMs, SECOND_MS } from '../core/time/instant.ts'
import { isUrgent } from '../core/wedding/priority.ts'
import { postponeEffects } from '../store/effects.ts'
import { vendorsOf } from '../store/refs.ts'
import type { Watch } from './call.ts'
import type { Engine } from './engine.ts'
import type { Job } from './jobs.ts'

/** Room is made by every call that ends; soon enough to be there for it, seldom enough not to be a load. */
const ROOM_PAUSE_MS = 250
const ROOM_PAUSE_EACH_MS = 4
const ROOM_PAUSE_MIN_MS = 50
/** Where it is known how fast the line moves, nobody is asked again much sooner or later than their turn comes. */
const ROOM_PAUSE_KNOWN_MIN_MS = 5
/** After so long in the line the moment is half as long, after twice as long a third. */
const ROOM_PATIENCE_MS = 2 * SECOND_MS

/**
 * What has room now: the urgent first, then who has waited longest. The rest is put off for a moment instead of being
 * leased: a lease says that the call begins within a second, and a message that only waits for its turn must not
 * look as if it were on its way.
 */
export async function withRoom(engine: Engine, jobs: readonly Job[], watch: Watch): Promise<Job[]> {
  const places = placesAt(engine)
  const seated: Job[] = []
  const waiting: Job[] = []
  const inLine = [...jobs].sort(
    (a, b) =>
      a.effect.band - b.effect.band ||
      a.effect.planned_at - b.effect.planned_at ||
      // Of one moment in one order, whatever order the database has them in.
      (a.effect.effect_id < b.effect.effect_id ? -1 : 1),
  )
  for (const job of inLine) {
    if (places(job.effect.kind, job.effect.band)) seated.push(job)
    else waiting.push(job)
  }
  if (waiting.length > 0) await putOff(engine, waiting, watch)
  return seated
}

/** Counts the places at the providers down as they are given away; false when there is none left for this band. */
export function placesAt(engine: Engine): (kind: string, band: number) => boolean {
  const given = new Map<string, number>()
  return (kind, band) => {
    const before = given.get(kind) ?? 0
    const room = engine.senders.room?.(kind, isUrgent(band)) ?? Number.POSITIVE_INFINITY
    if (room <= before) return false
    given.set(kind, before + 1)
    return true
  }
}

/** The longer the line, the longer the moment; the longer somebody has stood in it, the sooner it is asked again. */
async function putOff(engine: Engine, waiting: readonly Job[], watch: Watch): Promise<void> {
  const now = engine.clock.now()
  const fullMs = ROOM_PAUSE_MS + waiting.length * ROOM_PAUSE_EACH_MS
  const before = new Map<string, number>()
  const rows = waiting.map(({ effect }) => {
    const waitedMs = Math.max(0, now - effect.planned_at)
    const pauseMs =
      Math.max(ROOM_PAUSE_MIN_MS, fullMs / (1 + waitedMs / ROOM_PATIENCE_MS)) +
      (engine.rng.u32() % ROOM_PAUSE_MIN_MS)
    const place = (before.get(effect.kind) ?? 0) + 1
    before.set(effect.kind, place)
    const paceMs = engine.senders.pace?.(effect.kind) ?? null
    const turnMs = paceMs === null ? pauseMs : Math.max(ROOM_PAUSE_KNOWN_MIN_MS, place * paceMs)
    const ref = { vendor: effect.vendor_id, effect: effect.effect_id }
    return { ref, run: effect.run_id, until: plusMs(now, Math.ceil(Math.min(pauseMs, turnMs))) }
  })
  await engine.db.tx('execute.wait', { vendors: vendorsOf(rows.map((row) => row.ref)) }, (sql) =>
    postponeEffects(sql, rows),
  )
  for (const { ref, run, until } of rows) watch.putOff?.(ref.effect, run, until)
}
