import { hostname } from 'node:os'
import { Worker as Thread } from 'node:worker_threads'
import { type Instant, plusMs, SECOND_MS } from '../core/time/instant.ts'
import type { Engine } from '../engine/engine.ts'
import type { Target } from '../postgres/client.ts'
import { ownIdentity } from '../postgres/process-identity.ts'
import { type ProcessFacts, renewWorker, signOff } from '../store/workers.ts'
import { heard, isStalled, type Progress } from './progress.ts'

/**
 * A worker's lease: one row for everything it has in hand. While it is renewed nobody else declares its sends lost;
 * when it lapses, they are unknown at once. The worker tells what it does, the heartbeat decides whether that is
 * life (progress.ts), and no send may begin while `holds()` is false.
 */
export type Heartbeat = {
  /** Resolves when the lease is held for the first time, or was ended before. */
  readonly begun: Promise<void>
  /** Whether the lease certainly holds, by a clock of this process that nobody can set. */
  holds(): boolean
  /** The worker asked the database (`looked`) or a batch ended (`moved`); `busy` while its lanes hold work. */
  heard(what: 'looked' | 'moved', busy: boolean): void
  /** Ends the lease at once; for a worker with nothing in hand any more. */
  stop(): Promise<void>
}

export const RENEW_EVERY_MS = 2 * SECOND_MS
/** The lease is trusted this much shorter than it was written: clocks may differ a little (ports Clock). */
export const TRUST_MARGIN_MS = 500

export type SignIn = {
  readonly pid: number
  readonly host: string
  /** Null where nobody judges whether a process is over, such as in the simulator. */
  readonly process: ProcessFacts | null
}
function thisProcess(): SignIn {
  const { pid, startedAt, boot, space } = ownIdentity()
  return { pid, host: hostname(), process: { startedAt, boot, space } }
}

/**
 * A heartbeat in the main loop, over the engine's own ports: for the simulator and for tests. A busy loop stops
 * it, so the program uses the one in a thread.
 */
export function loopHeartbeat(engine: Engine, who: SignIn = thisProcess()): Heartbeat {
  const { clock, settings } = engine
  const stop = new AbortController()
  const begun = Promise.withResolvers<void>()
  let heldUntil: Instant = plusMs(clock.now(), -1)
  let progress: Progress = { lookedAt: clock.now(), movedAt: clock.now(), busy: false }
  // Nobody looks before the lease is held for the first time: until then silence is no stall.
  let held = false

  async function beat(): Promise<void> {
    while (!stop.signal.aborted) {
      const now = clock.now()
      if (!held || !isStalled(progress, now)) {
        try {
          const until = plusMs(now, settings.leaseMs)
          await renewWorker(engine.db, {
            worker: settings.workerId,
            ...who,
            now,
            until,
            progressAt: plusMs(now, progress.movedAt - now),
          })
          heldUntil = plusMs(until, -TRUST_MARGIN_MS)
          held = true
          begun.resolve()
        } catch (error) {
          engine.log.warn('the lease could not be renewed', { error: String(error) })
        }
      }
      await clock.sleepUntil(plusMs(clock.now(), RENEW_EVERY_MS), 'heartbeat', stop.signal)
    }
  }
  const beating = beat()

  return {
    begun: begun.promise,
    holds: () => clock.now() < heldUntil,
    heard(what, busy) {
      progress = heard(progress, what, busy, clock.now())
    },
    async stop() {
      stop.abort()
      begun.resolve()
      await beating
      heldUntil = plusMs(clock.now(), -1)
      await signOff(engine.db, settings.workerId)
    },
  }
}

/** What main thread and heartbeat thread share, as monotonic milliseconds; see the thread's file. */
export const SHARED = { lookedAt: 0, movedAt: 1, busy: 2, heldUntil: 3, clockOffset: 4, slots: 5 } as const

export type ThreadOrders = {
  readonly shared: SharedArrayBuffer
  readonly target: Target
  readonly worker: string
  readonly who: SignIn
  readonly leaseMs: number
  /** After a stall of this length the process is ended, so that its supervisor starts another; null never. */
  readonly killAfterMs: number | null
}

export type HeartbeatNews =
  | { readonly is: 'held' }
  | { readonly is: 'stopped' }
  | { readonly is: 'trouble'; readonly what: string; readonly error: string | null }

/** The same clock in every thread of the process, in milliseconds; it can be neither set nor reset. */
export const monotonicMs = (): number => Number(process.hrtime.bigint() / 1_000_000n)

/**
 * The program's heartbeat: a thread with a connection of its own, which a busy event loop cannot stop. It ends the
 * renewals when the main thread stands still, because a lease that outlives its worker's work is a lie.
 */
export function threadHeartbeat(
  engine: Engine,
  target: Target,
  options: { readonly killAfterMs?: number } = {},
): Heartbeat {
  const shared = new SharedArrayBuffer(SHARED.slots * BigInt64Array.BYTES_PER_ELEMENT)
  const cells = new BigInt64Array(shared)
  const write = (slot: number, value: number): void =>
    void Atomics.store(cells, slot, BigInt(Math.floor(value)))
  const read = (slot: number): number => Number(Atomics.load(cells, slot))
  const begun = Promise.withResolvers<void>()
  const now = monotonicMs()
  let progress: Progress = { lookedAt: now, movedAt: now, busy: false }

  const publish = (): void => {
    write(SHARED.lookedAt, progress.lookedAt)
    write(SHARED.movedAt, progress.movedAt)
    write(SHARED.busy, progress.busy ? 1 : 0)
    // Rounded down with the doubt taken off: the thread may think it earlier than it is, never later.
    const doubt = Math.min(engine.clock.uncertaintyMs(), TRUST_MARGIN_MS)
    write(SHARED.clockOffset, engine.clock.now() - monotonicMs() - doubt)
  }
  publish()
  const orders: ThreadOrders = {
    shared,
    target,
    worker: engine.settings.workerId,
    who: thisProcess(),
    leaseMs: engine.settings.leaseMs,
    killAfterMs: options.killAfterMs ?? null,
  }
  const thread = new Thread(new URL('./heartbeat-thread.ts', import.meta.url), {
    workerData: orders,
    name: 'heartbeat',
  })
  const gone = new Promise<void>((resolve) => thread.once('exit', () => resolve()))
  void gone.then(begun.resolve)
  thread.on('message', (news: HeartbeatNews) => {
    if (news.is === 'held') begun.resolve()
    if (news.is === 'trouble') engine.log.warn(news.what, { error: news.error })
  })
  thread.on('error', (error) => {
    // The lease lapses by itself, and this worker begins no sends any more.
    engine.log.error('the heartbeat ended', { error: String(error) })
  })

  return {
    begun: begun.promise,
    holds: () => monotonicMs() < read(SHARED.heldUntil),
    heard(what, busy) {
      progress = heard(progress, what, busy, monotonicMs())
      publish()
    },
    async stop() {
      thread.postMessage('stop')
      await gone
      write(SHARED.heldUntil, 0)
    },
  }
}
