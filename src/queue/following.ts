import { hostname } from 'node:os'
import type { VendorId } from '../core/ids.ts'
import { addDays } from '../core/time/calendar.ts'
import { type Instant, MINUTE_MS, plusMs, SECOND_MS } from '../core/time/instant.ts'
import type { LocalDate, Zone } from '../core/time/local.ts'
import { localDateOf } from '../core/time/zone.ts'
import { ALL_SHARDS } from '../engine/engine.ts'
import {
  measureAhead,
  perSecondOf,
  perWorkerPerSecond,
  scalingFacts,
  type WorkerTold,
} from '../platform/measure.ts'
import {
  decideScale,
  SCALING,
  type ScalingDecision,
  type ScalingFacts,
  type ScalingLimits,
} from '../platform/scaling.ts'
import { type Place, seasonRise } from '../platform/season-ahead.ts'
import type { Clock, Db, Log } from '../ports.ts'
import { allVendors } from '../store/journeys.ts'
import { weddingPlaces } from '../store/season-places.ts'
import { liveWorkers } from '../store/workers.ts'
import type { Supervisor } from './supervisor.ts'

/**
 * The number of worker processes of this machine follows the load. Every few seconds it measures what waits and how
 * busy the workers are, asks platform/scaling.ts how many there should be, and tells the supervisor. Workers of
 * other machines count as help that is there already. A measure that fails changes nothing.
 */
export type Following = {
  /** The last decision for this machine; null before the first look. */
  readonly last: FollowedDecision | null
  /** What the processes of this machine together would get done in a second; null while nothing was measured. */
  readonly perSecond: number | null
  stop(): Promise<void>
}

export type FollowedDecision = ScalingDecision & {
  /** Processes of this machine before and after. */
  readonly from: number
  readonly to: number
  readonly facts: ScalingFacts
}

export type FollowingOptions = {
  readonly db: Db
  readonly clock: Clock
  readonly log: Log
  readonly supervisor: Supervisor
  /** The least and the most processes on this machine. */
  readonly min: number
  readonly max: number
  readonly lookEveryMs?: number
  /** Other thresholds than platform/scaling.ts has; the bounds are `min` and `max` in any case. */
  readonly limits?: Partial<ScalingLimits>
  readonly decided?: (decision: FollowedDecision) => void
}

const LOOK_EVERY_MS = 5 * SECOND_MS
/** New workers need a moment until they tell how busy they are; until then the old ones' word would call for more. */
const SETTLE_WITHIN_MS = 30 * SECOND_MS

/** Weddings are planned for months; a day that was added meanwhile is seen soon enough. */
const PLACES_FRESH_MS = 10 * MINUTE_MS
const VENDORS_AT_ONCE = 500
const UTC = 'UTC' as Zone

/** Where the businesses of the house work, and on which days of the coming week a wedding is there. */
export async function placesOf(db: Db, now: Instant): Promise<Place[]> {
  const vendors = (await allVendors(db)).map((one) => one.vendor_id)
  const today = localDateOf(now, UTC)
  const places = new Map<
    string,
    { -readonly [Key in keyof Place]: Place[Key] } & { weddings: Set<LocalDate> }
  >()
  for (let from = 0; from < vendors.length; from += VENDORS_AT_ONCE) {
    const page: readonly VendorId[] = vendors.slice(from, from + VENDORS_AT_ONCE)
    // A day more at either end: it is another day elsewhere.
    for (const row of await weddingPlaces(db, page, addDays(today, -1), addDays(today, 9))) {
      const key = `${row.region}|${row.zone}`
      const place = places.get(key) ?? { region: row.region, zone: row.zone, weight: 0, weddings: new Set() }
      place.weight += row.count
      if (row.on !== null) place.weddings.add(row.on)
      places.set(key, place)
    }
  }
  return [...places.values()]
}

export function followLoad(options: FollowingOptions): Following {
  const { db, clock, log, supervisor } = options
  const lookEveryMs = options.lookEveryMs ?? LOOK_EVERY_MS
  const stop = new AbortController()
  const draining = new Set<Promise<void>>()
  let last: FollowedDecision | null = null
  let wanted = options.min
  let changedAt: Instant | null = null
  let each: number | null = null
  let perSecond = 0
  let places: { readonly at: Instant; readonly of: readonly Place[] } | null = null
  let earlier: { readonly at: Instant; readonly told: readonly WorkerTold[] } | null = null

  function scale(to: number): void {
    wanted = to
    const one: Promise<void> = supervisor.scale(to).finally(() => draining.delete(one))
    draining.add(one)
  }

  async function look(): Promise<void> {
    const now = clock.now()
    const told = supervisor
      .reports()
      .map(({ pid, busyShare, turns, sends }) => ({ pid, busyShare, done: turns + sends }))
    if (earlier) {
      const seconds = (now - earlier.at) / SECOND_MS
      each = perWorkerPerSecond(each, earlier.told, told, seconds)
      perSecond = perSecondOf(perSecond, earlier.told, told, seconds)
    }
    earlier = { at: now, told }
    const settling = told.length < wanted && changedAt !== null && now - changedAt < SETTLE_WITHIN_MS
    if (settling) return
    const [ahead, live] = await Promise.all([measureAhead(db, ALL_SHARDS, now), liveWorkers(db, now)])
    if (places === null || now - places.at > PLACES_FRESH_MS)
      places = { at: now, of: await placesOf(db, now) }
    const elsewhere = live.filter((one) => one.host !== hostname()).length
    const limits: ScalingLimits = {
      ...SCALING,
      ...options.limits,
      min: options.min + elsewhere,
      max: options.max + elsewhere,
    }
    const facts = scalingFacts(
      ahead,
      {
        now,
        alive: wanted + elsewhere,
        busyShare: supervisor.busyShare(),
        perWorkerPerSecond: each,
        // Workers elsewhere tell theirs to their own house; they are taken to do as much as ours.
        perSecond: (perSecond * (wanted + elsewhere)) / Math.max(1, wanted),
        seasonRise: seasonRise(places.of, now),
        changedAt,
      },
      limits,
    )
    const decision = decideScale(facts, limits)
    const to = decision.wanted - elsewhere
    last = { ...decision, from: wanted, to, facts }
    options.decided?.(last)
    if (to === wanted) return
    log.info(to > wanted ? 'worker processes are added' : 'worker processes are drained', {
      from: wanted,
      to,
      reasons: decision.reasons,
    })
    changedAt = now
    scale(to)
  }

  async function follow(): Promise<void> {
    scale(options.min)
    while (!stop.signal.aborted) {
      await clock.sleepUntil(plusMs(clock.now(), lookEveryMs), 'scaling', stop.signal)
      if (stop.signal.aborted) return
      try {
        await look()
      } catch (error) {
        log.warn('the load could not be measured; the number of workers stays', { error: String(error) })
      }
    }
  }
  const following = follow()

  return {
    get last() {
      return last
    },
    get perSecond() {
      return each === null ? null : each * Math.max(1, wanted)
    },
    async stop() {
      stop.abort()
      await following
      await Promise.all(draining)
    },
  }
}
