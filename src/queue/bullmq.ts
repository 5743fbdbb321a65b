import { type Job, Queue, Worker as QueueWorker } from 'bullmq'
import { Redis } from 'ioredis'
import { BANDS } from '../core/wedding/priority.ts'
import { SHARDS } from '../engine/engine.ts'
import type { Doorbell, Log, Ring } from '../ports.ts'
import { gatherRings, nameOf, neighbours } from './in-process.ts'
import { makeOutage } from './outage.ts'

/**
 * The doorbell of several machines: BullMQ on Redis. It carries shard and band and nothing else; the row is the
 * truth (I4), so everything here may be lost, doubled or late, and nothing here may hang or throw into the engine.
 *
 * One lane (queue) per band. A ring is a job named after its shard and band, so that there is at most one pending
 * ring for each; it is removed as soon as it is done and can be rung again. A ring that comes while the job of that
 * name is being processed is swallowed by Redis. Therefore a ring is handed on only *after* its job has been
 * removed: whoever was swallowed had committed before that, and the claim that follows sees it; whoever comes later
 * makes a new job. No ring is lost in between, and nobody waits for the sweep.
 *
 * While Redis is away or wrong, rings are dropped (the outage is told once) and every worker's sweep carries the
 * load; when it answers again, rings go out again.
 */
export type RedisDoorbell = Doorbell & {
  /** For health: whether rings go out. */
  readonly up: boolean
  close(): Promise<void>
}

const PREFIX = 'wedsync'
/** The first ring goes at once; those of the next milliseconds travel in one bulk. */
const GATHER_MS = 3
const COMMAND_TIMEOUT_MS = 1_000
const CONNECT_TIMEOUT_MS = 2_000
const RECONNECT_MAX_MS = 2_000
const CLOSE_TIMEOUT_MS = 2_000
/** A job is done as soon as it is read; a lock that lasts longer belongs to a process that died. */
const LOCK_MS = 2_000
const RINGS_AT_ONCE = 32
/** When the removal of a job is not confirmed by then, its ring is handed on all the same. */
const REMOVAL_TIMEOUT_MS = 50

export function bullmqDoorbell(options: { readonly url: string; readonly log: Log }): RedisDoorbell {
  const { url, log } = options
  const outage = makeOutage(log, {
    gone: 'Redis does not answer; until it does, work is found by the sweep, up to two seconds later',
    back: 'Redis answers again; rings go out',
  })
  const client = connect(url, 'wedsync ring', { commandTimeout: COMMAND_TIMEOUT_MS, maxRetriesPerRequest: 1 })
  const hearing = connect(url, 'wedsync hear', { maxRetriesPerRequest: null })
  for (const one of [client, hearing]) one.on('error', (error) => outage.failed(error))
  client.on('ready', () => outage.worked())

  const queues = BANDS.map((band) => {
    const queue = new Queue(band, { connection: client, prefix: PREFIX, skipMetasUpdate: true })
    queue.on('error', (error) => outage.failed(error))
    return queue
  })
  let workers: QueueWorker[] = []
  let closed = false
  let sentAt = Number.NEGATIVE_INFINITY

  const gather = gatherRings(
    (rings) => {
      sentAt = performance.now()
      void send(rings)
    },
    (call) => {
      const waitMs = sentAt + GATHER_MS - performance.now()
      if (waitMs > 0) setTimeout(call, waitMs)
      else setImmediate(call)
    },
  )
  const bell = neighbours((rings) => {
    if (!closed) gather(rings)
  })

  async function send(rings: readonly Ring[]): Promise<void> {
    if (closed || client.status !== 'ready' || !outage.mayTry()) return
    try {
      const bulks = BANDS.map((_, band) => rings.filter((ring) => ring.band === band))
      const added = bulks.map((bulk, band) =>
        bulk.length === 0 ? null : queues[band]?.addBulk(bulk.map(jobOf)),
      )
      await within(COMMAND_TIMEOUT_MS, Promise.all(added))
      outage.worked()
    } catch (error) {
      outage.failed(error)
    }
  }

  /** Hears from now on; nothing is fetched from Redis before somebody listens. */
  function hear(): void {
    if (workers.length > 0 || closed) return
    workers = BANDS.map((band) => {
      const held = new Map<string, () => void>()
      const worker = new QueueWorker(band, async (job) => hold(job, held), {
        connection: hearing,
        prefix: PREFIX,
        concurrency: RINGS_AT_ONCE,
        lockDuration: LOCK_MS,
        stalledInterval: LOCK_MS,
        // A ring is never given up: it is no work, only where to look.
        maxStalledCount: Number.MAX_SAFE_INTEGER,
        runRetryDelay: COMMAND_TIMEOUT_MS,
      })
      worker.on('completed', (job) => held.get(job.id ?? '')?.())
      worker.on('error', (error) => outage.failed(error))
      return worker
    })
  }

  /** Reads the ring and keeps it until its job is gone; then, or soon, it is handed on. */
  function hold(job: Job, held: Map<string, () => void>): void {
    const ring = ringIn(job.data)
    if (ring === null) return
    const id = job.id ?? ''
    const handOn = (): void => {
      clearTimeout(timer)
      if (held.get(id) === handOn) held.delete(id)
      bell.deliver(ring, 'alone')
    }
    const timer = setTimeout(handOn, REMOVAL_TIMEOUT_MS)
    held.set(id, handOn)
  }

  return {
    ring: bell.ring,
    onRing(listener) {
      hear()
      return bell.onRing(listener)
    },
    get up() {
      return client.status === 'ready' && outage.mayTry()
    },
    async close() {
      closed = true
      const closing = [...workers.map((one) => one.close(true)), ...queues.map((one) => one.close())]
      await within(CLOSE_TIMEOUT_MS, Promise.allSettled(closing)).catch(() => undefined)
      for (const one of [client, hearing]) one.disconnect()
    },
  }
}

function connect(
  url: string,
  name: string,
  bounds: { readonly commandTimeout?: number; readonly maxRetriesPerRequest: number | null },
): Redis {
  return new Redis(url, {
    ...bounds,
    connectionName: name,
    enableOfflineQueue: bounds.maxRetriesPerRequest === null,
    connectTimeout: CONNECT_TIMEOUT_MS,
    retryStrategy: (times) => Math.min(100 * 2 ** Math.min(times, 10), RECONNECT_MAX_MS),
  })
}

const jobOf = (ring: Ring) => ({
  name: 'ring',
  data: ring,
  opts: { jobId: nameOf(ring), attempts: 1, removeOnComplete: true, removeOnFail: true },
})

/** What lies in Redis was written by anybody. */
function ringIn(data: unknown): Ring | null {
  if (typeof data !== 'object' || data === null) return null
  const { of, shard, band } = data as { of?: unknown; shard?: unknown; band?: unknown }
  if (of !== 'runs' && of !== 'effects') return null
  return isBelow(SHARDS, shard) && isBelow(BANDS.length, band) ? { of, shard, band } : null
}

const isBelow = (max: number, value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < max

function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error(`No answer within ${ms} ms.`)), ms)
  return Promise.race([work, late.promise]).finally(() => clearTimeout(timer))
}
