import { ALL_BANDS, ALL_SHARDS, type Engine } from '../engine/engine.ts'
import { execute } from '../engine/execute.ts'
import { type Lanes, makeLanes } from '../engine/lanes.ts'
import { step, type Work } from '../engine/step.ts'
import { setAside } from '../engine/trouble.ts'
import { settleOrphans } from '../engine/unknown.ts'
import { type Instant, plusMs, SECOND_MS } from '../core/time/instant.ts'
import type { Ring } from '../ports.ts'
import { dueEffects } from '../store/effects.ts'
import type { EffectRef, RunRef } from '../store/refs.ts'
import { dueRuns, nextDue } from '../store/runs.ts'
import { renewWorker, shareShards, signOff } from '../store/workers.ts'

/**
 * A worker: hears the doorbell, watches the clock, sweeps, and hands what is due to the engine in batches. It owns
 * its claims and the number of things in hand; what happens to a row is the engine's. A row claimed twice, by two
 * rings or two workers, costs time and nothing else: the row says who works (I4).
 */
export type Worker = {
  /** Stops claiming, lets what is in hand finish, and resolves. */
  drain(): Promise<void>
  /** Claims once whatever is due now, as the sweep does. Resolves when it is in hand. */
  sweep(): Promise<void>
  idle(): Promise<void>
  readonly stats: WorkerStats
}
export type WorkerStats = { turns: number; sends: number; rings: number; sweeps: number; progressAt: Instant; sweptAt: Instant; shards: readonly number[] }

export const SWEEP_EVERY_MS = 2 * SECOND_MS
const TICK_MAX_MS = 30 * SECOND_MS
/** Of the sends a process may have under way, this part is kept for critical and high. */
const RESERVED_SHARE = 0.2
const RUNS_IN_HAND_MAX = 4_000

export type WorkerOptions = {
  readonly shards: 'all' | 'shared'
  /** Where this worker lives, for whoever reads the list of workers. */
  readonly pid?: number
  readonly host?: string
}

export function startWorker(engine: Engine, options: WorkerOptions): Worker {
  const stop = new AbortController()
  const runsInHand = new Set<string>()
  const effectsInHand = new Map<string, number>()
  const again = new Set<string>()
  let shards: readonly number[] = options.shards === 'all' ? ALL_SHARDS : []
  const stats: WorkerStats = { turns: 0, sends: 0, rings: 0, sweeps: 0, progressAt: engine.clock.now(), sweptAt: engine.clock.now(), shards }

  const steps: Lanes<Work> = makeLanes(engine.settings.batchMax, async (batch) => {
    const left = await stepSafely(engine, batch, stats)
    for (const work of batch) runsInHand.delete(work.ref.run)
    const rung = left.filter((ref) => !runsInHand.has(ref.run))
    for (const ref of rung) submitRun(ref)
    if (again.size > 0) wake()
  })

  const submitRun = (ref: RunRef): void => {
    if (runsInHand.has(ref.run)) {
      again.add(ref.run)
      return
    }
    runsInHand.add(ref.run)
    steps.submit({ ref })
  }
  const settle = (work: Work): void => steps.submit(work)

  const roomForSends = (band: number): number => {
    const low = [...effectsInHand.values()].filter((one) => one >= 2).length
    const free = engine.settings.sendsMax - effectsInHand.size
    return band < 2 ? free : Math.min(free, Math.floor(engine.settings.sendsMax * (1 - RESERVED_SHARE)) - low)
  }

  async function claimRuns(of: readonly number[], bands: readonly number[]): Promise<void> {
    const room = Math.min(engine.settings.batchMax, RUNS_IN_HAND_MAX - runsInHand.size)
    if (room <= 0 || of.length === 0) return
    const refs = await dueRuns(engine.db, of, bands, engine.clock.now(), room)
    const fresh = refs.filter((ref) => !runsInHand.has(ref.run))
    for (const ref of refs) submitRun(ref)
    // A full batch means there may be more behind it.
    if (refs.length === room && fresh.length > 0) wake()
  }

  async function claimEffects(of: readonly number[], bands: readonly number[]): Promise<void> {
    for (const group of [bands.filter((band) => band < 2), bands.filter((band) => band >= 2)]) {
      const room = group.length === 0 ? 0 : Math.min(engine.settings.batchMax, roomForSends(group[0] ?? 0))
      if (room <= 0 || of.length === 0) continue
      const refs = (await dueEffects(engine.db, of, group, engine.clock.now(), room + effectsInHand.size)).filter((ref) => !effectsInHand.has(ref.effect)).slice(0, room)
      if (refs.length > 0) void send(refs, group[0] ?? 0)
      if (refs.length === room) wake()
    }
  }

  async function send(refs: readonly EffectRef[], band: number): Promise<void> {
    for (const ref of refs) effectsInHand.set(ref.effect, band)
    try {
      await execute(engine, refs, settle)
      stats.sends += refs.length
      stats.progressAt = engine.clock.now()
    } catch (error) {
      engine.log.error('sending failed; the sweep will find what is left', { error: String(error), effects: refs.length })
    } finally {
      for (const ref of refs) effectsInHand.delete(ref.effect)
    }
  }

  // One claim at a time; a ring that comes meanwhile is remembered by its shard and band.
  const pending = new Map<string, Ring>()
  let claiming: Promise<void> | null = null
  let everything = false
  const wake = (): void => {
    everything = true
    pump()
  }
  const pump = (): void => {
    if (claiming || stop.signal.aborted) return
    claiming = claimAll().finally(() => {
      claiming = null
      if (!stop.signal.aborted && (pending.size > 0 || everything)) pump()
    })
  }
  async function claimAll(): Promise<void> {
    const rings = [...pending.values()]
    pending.clear()
    const all = everything
    everything = false
    again.clear()
    try {
      if (engine.clock.uncertaintyMs() > 250) return
      if (all) await Promise.all([claimRuns(shards, ALL_BANDS), claimEffects(shards, ALL_BANDS)])
      else {
        const shardsOf = (of: Ring['of']): number[] => [...new Set(rings.filter((ring) => ring.of === of && shards.includes(ring.shard)).map((ring) => ring.shard))]
        const bandsOf = (of: Ring['of']): number[] => [...new Set(rings.filter((ring) => ring.of === of).map((ring) => ring.band))].sort()
        await Promise.all([claimRuns(shardsOf('runs'), bandsOf('runs')), claimEffects(shardsOf('effects'), bandsOf('effects'))])
      }
    } catch (error) {
      engine.log.error('a claim failed; the next sweep tries again', { error: String(error) })
    }
  }

  const unsubscribe = engine.doorbell.onRing((ring) => {
    stats.rings += 1
    pending.set(`${ring.of}|${ring.shard}|${ring.band}`, ring)
    pump()
  })

  /** The lease first: without it everything this worker is sending would be taken for a dead one's. */
  async function renewLease(): Promise<void> {
    const now = engine.clock.now()
    const { workerId, leaseMs } = engine.settings
    await renewWorker(engine.db, {
      worker: workerId, pid: options.pid ?? 0, host: options.host ?? '', now, until: plusMs(now, leaseMs), progressAt: stats.progressAt,
    })
  }

  async function sweep(): Promise<void> {
    stats.sweeps += 1
    await renewLease()
    if (options.shards === 'shared') {
      const now = engine.clock.now()
      shards = await shareShards(engine.db, engine.settings.workerId, now, plusMs(now, engine.settings.leaseMs))
      stats.shards = shards
    }
    await settleOrphans(engine)
    wake()
    await (claiming ?? Promise.resolve())
    stats.sweptAt = engine.clock.now()
  }

  const loops = [
    every(engine, 'sweep', stop.signal, SWEEP_EVERY_MS, sweep),
    tick(engine, stop.signal, () => shards, wake),
  ]

  const idle = async (): Promise<void> => {
    while (claiming || pending.size > 0 || everything || steps.waiting > 0 || effectsInHand.size > 0 || runsInHand.size > 0) {
      await (claiming ?? steps.idle())
      await steps.idle()
      if (effectsInHand.size > 0) await engine.clock.sleepUntil(plusMs(engine.clock.now(), 1), 'idle')
    }
  }

  return {
    async drain() {
      stop.abort()
      unsubscribe()
      await Promise.all(loops)
      await (claiming ?? Promise.resolve())
      while (effectsInHand.size > 0 || steps.waiting > 0) {
        await steps.idle()
        if (effectsInHand.size > 0) await engine.clock.sleepUntil(plusMs(engine.clock.now(), 10), 'drain')
      }
      await steps.idle()
      await signOff(engine.db, engine.settings.workerId)
    },
    sweep,
    idle,
    stats,
  }
}

/** A batch that fails is taken apart, so that one poisoned run cannot hold up the others; it alone is set aside. */
async function stepSafely(engine: Engine, batch: readonly Work[], stats: WorkerStats): Promise<readonly RunRef[]> {
  try {
    const report = await step(engine, batch)
    stats.turns += report.turns
    stats.progressAt = engine.clock.now()
    return report.left
  } catch (error) {
    if (batch.length > 1) {
      const half = Math.ceil(batch.length / 2)
      const left = await stepSafely(engine, batch.slice(0, half), stats)
      return [...left, ...(await stepSafely(engine, batch.slice(half), stats))]
    }
    await setAside(engine, batch[0]!, error)
    return []
  }
}

async function every(engine: Engine, label: string, signal: AbortSignal, periodMs: number, work: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    try {
      await work()
    } catch (error) {
      engine.log.error(`${label} failed; it is tried again`, { error: String(error) })
    }
    await engine.clock.sleepUntil(plusMs(engine.clock.now(), periodMs), label, signal)
  }
}

/** Sleeps until the earliest due row, so that a step starts on its moment and not with the next sweep. */
async function tick(engine: Engine, signal: AbortSignal, shards: () => readonly number[], wake: () => void): Promise<void> {
  let last: Instant | null = null
  while (!signal.aborted) {
    const now = engine.clock.now()
    let next: Instant | null = null
    try {
      next = await nextDue(engine.db, shards())
    } catch (error) {
      engine.log.error('the tick could not look ahead; the sweep carries on', { error: String(error) })
    }
    const at = next === null ? plusMs(now, SWEEP_EVERY_MS) : next
    // What stays due although it was claimed a moment ago is the sweep's business, not a reason to spin.
    const wait = at <= now && last !== null && at <= last ? SWEEP_EVERY_MS : Math.min(TICK_MAX_MS, Math.max(0, at - now))
    if (wait > 0) await engine.clock.sleepUntil(plusMs(now, Math.min(wait, SWEEP_EVERY_MS)), 'tick', signal)
    if (at <= engine.clock.now()) {
      last = engine.clock.now()
      wake()
      await engine.clock.sleepUntil(plusMs(last, 5), 'tick', signal)
    }
  }
}
