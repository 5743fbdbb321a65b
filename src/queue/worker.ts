import { HOUR_MS, type Instant, plusMs, SECOND_MS } from '../core/time/instant.ts'
import { ALL_BANDS, ALL_SHARDS, type Engine, shardOf } from '../engine/engine.ts'
import type { Work } from '../engine/step.ts'
import { settleOrphans } from '../engine/unknown.ts'
import { watch } from '../engine/watch.ts'
import type { Heard, Ring } from '../ports.ts'
import { claimEffects, claimRuns } from '../store/claims.ts'
import type { EffectRef, RunRef } from '../store/refs.ts'
import { forgetWorkers, liveWorkers, tellBreakers } from '../store/workers.ts'
import { type Claimer, makeClaimer } from './claimer.ts'
import { type Heartbeat, loopHeartbeat } from './heartbeat.ts'
import { makeSending } from './sending.ts'
import { shardsOf } from './shards.ts'
import { makeStepping } from './stepping.ts'

/**
 * A worker: hears the doorbell, watches the clock, sweeps, and hands what is due to the engine in batches. It owns
 * its claims and the number of things in hand; what happens to a row is the engine's. A row claimed twice, by two
 * rings or two workers, costs time and nothing else: the row says who works (I4).
 *
 * Three things lead to a row, each enough by itself: a ring (milliseconds), the moment it falls due (milliseconds),
 * the sweep (two seconds). They only say where to look; looking is the claimer's.
 */
export type Worker = {
  /** Stops claiming, lets what is in hand finish, and resolves; bounded. */
  drain(): Promise<void>
  /** Looks at everything that is ours. Resolves when what is due is in hand. */
  sweep(): Promise<void>
  idle(): Promise<void>
  readonly stats: WorkerStats
}

export type WorkerStats = {
  turns: number
  sends: number
  rings: number
  sweeps: number
  progressAt: Instant
  sweptAt: Instant
  shards: readonly number[]
  /** Share of the seats that are taken, of runs or effects, whichever is more. */
  readonly seatsTaken: number
}

export type WorkerOptions = {
  /** A worker that is alone takes all shards; several share them. */
  readonly shards: 'all' | 'shared'
  readonly heartbeat?: Heartbeat
  readonly drainMs?: number
}

export const SWEEP_EVERY_MS = 2 * SECOND_MS
/** Longer than a provider's timeout: what is still under way then will be unknown, and shown. */
export const DRAIN_MS = 30 * SECOND_MS
/** Four batches: two in the lanes, two behind them while the next are claimed. */
const RUNS_IN_HAND_BATCHES = 4
/** More outcomes than this waiting to be written: nothing new is begun. */
const OUTCOMES_WAITING_BATCHES = 8
const TICK_MIN_MS = 1
/** When something is due that cannot be taken yet (a claim is under way, the clock is in doubt). */
const TICK_BLOCKED_MS = 20
const FORGET_EVERY_SWEEPS = 300
const CLOSED_TOLD_MAX = 100
/** Each minute somebody looks whether anything stands still (I12). */
const WATCH_EVERY_SWEEPS = 30

export function startWorker(engine: Engine, options: WorkerOptions): Worker {
  const { clock, settings } = engine
  const stop = new AbortController()
  const heartbeat = options.heartbeat ?? loopHeartbeat(engine)
  let alarm = new AbortController()
  let alarmAt = Number.POSITIVE_INFINITY
  const stats = {
    turns: 0,
    sends: 0,
    rings: 0,
    sweeps: 0,
    progressAt: clock.now(),
    sweptAt: clock.now(),
    shards: options.shards === 'all' ? ALL_SHARDS : ([] as readonly number[]),
    get seatsTaken() {
      return Math.max(runs.held / runs.seats, effects.held / effects.seats)
    },
  }

  const busy = (): boolean => steps.busy || sends.busy
  const moved = (): void => {
    stats.progressAt = clock.now()
    heartbeat.heard('moved', busy())
  }

  const steps = makeStepping(engine, {
    atOnce: {
      seat: (ref, shard, band) => heartbeat.holds() && effects.seat(ref, { shard, band }),
      leave: (effect) => effects.leave(effect),
      send: (effects, calls) => sends.begin(effects, calls),
    },
    done: (run) => runs.leave(run),
    soon: (run, at) => expect(runs, run, at),
    settled: (work) => expectRetries(work),
    moved(turns) {
      stats.turns += turns
      moved()
      effects.pump()
    },
  })
  const sends = makeSending(engine, {
    leased: (effect) => effects.release(effect),
    left: (effect) => effects.leave(effect),
    settle: steps.settle,
    putOff: (run, until) => expect(effects, run, until),
    mayBegin: () => heartbeat.holds(),
    moved,
    sent() {
      stats.sends += 1
    },
  })

  const runs = makeClaimer<RunRef>({
    clock,
    log: engine.log,
    name: 'runs',
    seatsMax: settings.batchMax * RUNS_IN_HAND_BATCHES,
    batchMax: settings.batchMax,
    ask: (pairs, how) => claimRuns(engine.db, pairs, how),
    idOf: (ref) => ref.run,
    take: ({ ref, band }) => steps.submit({ ref }, band),
    mayClaim: () => true,
    looked,
  })
  const effects = makeClaimer<EffectRef>({
    clock,
    log: engine.log,
    name: 'effects',
    seatsMax: settings.sendsMax,
    batchMax: settings.batchMax,
    ask: (pairs, how) => claimEffects(engine.db, pairs, how),
    idOf: (ref) => ref.effect,
    take: ({ ref, band }) => sends.submit(ref, band),
    mayClaim: () => heartbeat.holds() && steps.waiting < settings.batchMax * OUTCOMES_WAITING_BATCHES,
    looked,
  })
  const claimers: readonly (Claimer<RunRef> | Claimer<EffectRef>)[] = [runs, effects]

  function looked(answered: boolean): void {
    if (answered) heartbeat.heard('looked', busy())
    wakeBefore(nextMoment())
  }

  /** A run's row may lie in any band; which one, its row will say. */
  function expect(of: Claimer<RunRef> | Claimer<EffectRef>, run: string, at: Instant): void {
    for (const band of ALL_BANDS) of.expect({ shard: shardOf(run), band }, at)
    wakeBefore(at)
  }

  function expectRetries(work: Work): void {
    for (const { settled } of work.settlements ?? [])
      if (settled.due !== null) expect(effects, work.ref.run, settled.due)
  }

  const nextMoment = (): number => Math.min(...claimers.map((one) => one.next()))
  const wakeBefore = (at: number): void => {
    if (at < alarmAt) alarm.abort()
  }

  const unsubscribe = engine.doorbell.onRing((ring, heard) => hear(ring, heard))
  function hear({ of, shard, band }: Ring, heard: Heard = 'alone'): boolean {
    stats.rings += 1
    // When everybody hears it, its owner is enough.
    if (heard === 'by_all' && !stats.shards.includes(shard)) return false
    const claimer = of === 'runs' ? runs : effects
    claimer.ring({ shard, band })
    return claimer.hasRoom(band)
  }

  /** Wakes on the moment the next row falls due, so that a step starts on time and not with the next sweep. */
  async function tick(): Promise<void> {
    while (!stop.signal.aborted) {
      const now = clock.now()
      let at = Math.min(nextMoment(), now + SWEEP_EVERY_MS)
      if (at <= now) {
        for (const one of claimers) one.pump()
        const next = nextMoment()
        at = next <= now ? now + TICK_BLOCKED_MS : Math.max(next, now + TICK_MIN_MS)
      }
      alarm = new AbortController()
      alarmAt = at
      await clock.sleepUntil(plusMs(now, at - now), 'tick', alarm.signal)
    }
  }

  async function sweep(): Promise<void> {
    stats.sweeps += 1
    const lapse = await guarded('sharing the shards', () => share())
    await guarded('telling which providers are not called', tellClosed)
    await guarded('calling lost sends unknown', () => settleOrphans(engine))
    if (stats.sweeps % FORGET_EVERY_SWEEPS === 0)
      await guarded('forgetting dead workers', () =>
        engine.db.tx('worker.forget', 'platform', (sql) => forgetWorkers(sql, plusMs(clock.now(), -HOUR_MS))),
      )
    if (stats.sweeps % WATCH_EVERY_SWEEPS === 0)
      await guarded('looking for what stands still', () => watch(engine))
    for (const one of claimers) one.sweep(stats.shards)
    if (options.shards === 'shared') for (const one of claimers) one.steal()
    await Promise.all(claimers.map((one) => one.asked()))
    stats.sweptAt = clock.now()
    nextSweepAt = Math.min(stats.sweptAt + SWEEP_EVERY_MS, lapse ?? Number.POSITIVE_INFINITY)
  }
  let nextSweepAt = 0

  /** Gives the moment at which the next of the others would lapse, if it renews no more: then its work is ours. */
  async function share(): Promise<Instant | null> {
    if (options.shards === 'all') return null
    const now = clock.now()
    const alive = await liveWorkers(engine.db, now)
    stats.shards = shardsOf(settings.workerId, alive)
    const others = alive.filter((one) => one.worker_id !== settings.workerId)
    return others.length === 0
      ? null
      : plusMs(now, Math.min(...others.map((one) => one.leased_until - now)) + 1)
  }

  let closedTold = '[]'
  /** Written when it changes: others read it from our row. */
  async function tellClosed(): Promise<void> {
    const closed = (engine.senders.closed?.() ?? []).slice(0, CLOSED_TOLD_MAX)
    const now = JSON.stringify(closed)
    if (now === closedTold) return
    await tellBreakers(engine.db, settings.workerId, closed)
    closedTold = now
  }

  async function guarded<T>(what: string, work: () => Promise<T>): Promise<T | null> {
    try {
      return await work()
    } catch (error) {
      engine.log.error(`${what} failed; it is tried again`, { error: String(error) })
      return null
    }
  }

  async function sweepForEver(): Promise<void> {
    while (!stop.signal.aborted) {
      await guarded('a sweep', sweep)
      const now = clock.now()
      const at = Math.max(nextSweepAt, now + TICK_MIN_MS)
      await clock.sleepUntil(plusMs(now, Math.min(at - now, SWEEP_EVERY_MS)), 'sweep', stop.signal)
    }
  }

  const working = heartbeat.begun.then(() =>
    stop.signal.aborted ? undefined : Promise.all([sweepForEver(), tick()]),
  )
  const atRest = (): boolean => steps.quiet && sends.quiet

  async function until(done: () => boolean, at: Instant, label: string): Promise<boolean> {
    while (!done() && clock.now() < at) await clock.sleepUntil(plusMs(clock.now(), TICK_MIN_MS), label)
    return done()
  }

  return {
    async drain() {
      stop.abort()
      alarm.abort()
      unsubscribe()
      await Promise.all(claimers.map((one) => one.stop()))
      const rested = await until(atRest, plusMs(clock.now(), options.drainMs ?? DRAIN_MS), 'drain')
      if (!rested)
        engine.log.warn('not everything in hand was finished; what was being sent will be unknown', {
          effects: effects.held,
        })
      await guarded('ending the lease', () => heartbeat.stop())
      await working
    },
    async sweep() {
      await heartbeat.begun
      await sweep()
    },
    async idle() {
      await heartbeat.begun
      await until(() => atRest() && claimers.every((one) => one.quiet), plusMs(clock.now(), HOUR_MS), 'idle')
    },
    stats,
  }
}
