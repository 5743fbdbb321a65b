import { parentPort, workerData } from 'node:worker_threads'
import { type Instant, plusMs } from '../core/time/instant.ts'
import { openDb } from '../postgres/connect.ts'
import { isGone } from '../postgres/process-identity.ts'
import { neighbours, renewWorker, signOff } from '../store/workers.ts'
import {
  type HeartbeatNews,
  monotonicMs,
  RENEW_EVERY_MS,
  SHARED,
  type ThreadOrders,
  TRUST_MARGIN_MS,
} from './heartbeat.ts'
import { isStalled } from './progress.ts'

/**
 * The thread of a worker's heartbeat. It owns one connection and one row. What it knows of the main thread is what
 * lies in the shared cells: when it last looked, when a batch last ended, and the database's time as an offset to
 * the monotonic clock that both share. Its answer there is until when the lease may be trusted.
 */
const orders = workerData as ThreadOrders
const cells = new BigInt64Array(orders.shared)
const read = (slot: number): number => Number(Atomics.load(cells, slot))
const tell = (news: HeartbeatNews): void => parentPort?.postMessage(news)
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }

/** Somebody else takes over when the lease lapses; a renewal that takes longer than this comes too late anyway. */
const db = openDb(orders.target, {
  log: quiet,
  name: 'wedsync heartbeat',
  connectionsMax: 1,
  cutAfterMs: 5_000,
})

let stopping = false
let wake: () => void = () => undefined
let failing = false
let stalled = false
let held = false

parentPort?.on('message', () => {
  stopping = true
  wake()
})

const pause = (): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, RENEW_EVERY_MS)
    wake = () => {
      clearTimeout(timer)
      resolve()
    }
  })

async function renew(): Promise<void> {
  const local = monotonicMs()
  const now = (local + read(SHARED.clockOffset)) as Instant
  const progressAt = plusMs(now, read(SHARED.movedAt) - local)
  const until = plusMs(now, orders.leaseMs)
  await renewWorker(db, { worker: orders.worker, ...orders.who, now, until, progressAt })
  // Counted from before the question: the answer may have been long on its way.
  Atomics.store(cells, SHARED.heldUntil, BigInt(local + orders.leaseMs - TRUST_MARGIN_MS))
  if (!held) tell({ is: 'held' })
  held = true
  if (failing) tell({ is: 'trouble', what: 'the lease is renewed again', error: null })
  failing = false
}

/**
 * A worker of this machine whose process is over cannot be at work: its lease is ended for it, so that what it had
 * in hand is taken up at once and several deaths in a row do not add up to several leases.
 */
async function signOffTheDead(): Promise<void> {
  const here = orders.who.process
  if (here === null || here.boot === '') return
  const now = (monotonicMs() + read(SHARED.clockOffset)) as Instant
  for (const { worker, pid, started } of await neighbours(db, orders.worker, here, now)) {
    if (!isGone({ ...here, pid, startedAt: started })) continue
    await signOff(db, worker)
    tell({ is: 'trouble', what: `the worker of process ${pid} is over: its work is taken up`, error: null })
  }
}

function mainStandsStill(): boolean {
  const local = monotonicMs()
  const progress = {
    lookedAt: read(SHARED.lookedAt),
    movedAt: read(SHARED.movedAt),
    busy: read(SHARED.busy) === 1,
  }
  const now = isStalled(progress, local)
  if (now && !stalled)
    tell({
      is: 'trouble',
      what: 'no progress: the lease is not renewed any more',
      error: JSON.stringify(progress),
    })
  stalled = now
  const silentMs = local - Math.max(progress.lookedAt, progress.movedAt)
  if (now && orders.killAfterMs !== null && silentMs > orders.killAfterMs)
    process.kill(process.pid, 'SIGKILL')
  return now
}

while (!stopping) {
  try {
    // Nobody looks before the lease is held for the first time: until then silence is no stall.
    if (!held || !mainStandsStill()) await renew()
  } catch (error) {
    if (!failing) tell({ is: 'trouble', what: 'the lease could not be renewed', error: String(error) })
    failing = true
  }
  // A lease that could not be ended for a dead neighbour lapses by itself.
  if (!failing && !stopping) await signOffTheDead().catch(() => undefined)
  if (!stopping) await pause()
}
try {
  await signOff(db, orders.worker)
} catch (error) {
  tell({ is: 'trouble', what: 'signing off failed; the lease lapses by itself', error: String(error) })
}
await db.close()
parentPort?.close()
