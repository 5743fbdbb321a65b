import type pg from 'pg'
import type { Log } from '../ports.ts'
import { STATEMENT_TIMEOUT_MS } from './client.ts'

/**
 * A small bounded pool. It owns how many connections there are and who waits; it knows nothing of
 * transactions. Of the connections that fit, the most recently used goes out first: its statements are prepared and
 * its server process is warm. A connection that is doubted is thrown away, never mended.
 */
export type Checkout = {
  readonly client: pg.Client
  /** Why this connection must not be used again; null while it is sound. */
  broken: Error | null
  /** Monotonic moment after which the watchdog cuts the line. */
  cutAt: number
  /** The vendors this session shows rows of, as it was last set for certain; null when that is not known. */
  scope: string | null
}

export type PoolStats = { readonly open: number; readonly idle: number; readonly waiting: number }

export type Pool = {
  /** Best a connection whose session already has this scope: then it need not be told. */
  acquire(scope: string): Promise<Checkout>
  /** Gives it back; a broken one is closed and its place is free for a new one. */
  release(checkout: Checkout): void
  stats(): PoolStats
  close(): Promise<void>
}

export type PoolBounds = {
  readonly connectionsMax: number
  readonly acquireTimeoutMs: number
  /** A line in use that has said nothing for this long is dead: the server gives up before. */
  readonly cutAfterMs: number
}

export const CONNECTIONS_MAX = 10
export const ACQUIRE_TIMEOUT_MS = 5_000
export const CUT_AFTER_MS = STATEMENT_TIMEOUT_MS + 2_000
/** More waiters than this are refused at once: they would only time out later. */
export const WAITING_MAX = 5_000
const WATCH_EVERY_MS = 1_000
const CLOSE_TIMEOUT_MS = 5_000

/** All connections stayed busy for too long: an overload or a leak, never a reason to open more. */
export class PoolExhausted extends Error {
  override readonly name = 'PoolExhausted'
}

type Waiter = {
  readonly resolve: (checkout: Checkout) => void
  readonly reject: (error: Error) => void
  readonly timer: NodeJS.Timeout
}

export function makePool(connect: () => Promise<pg.Client>, bounds: PoolBounds, log: Log): Pool {
  const idle: Checkout[] = []
  const busy = new Set<Checkout>()
  const waiting = new Set<Waiter>()
  let opening = 0
  let closed = false

  // Only a dead line gets here (the server's own timeouts are shorter), so nobody can be asked to stop.
  const watchdog = setInterval(() => {
    const now = performance.now()
    for (const checkout of busy) if (now > checkout.cutAt) cut(checkout, bounds.cutAfterMs)
  }, WATCH_EVERY_MS)
  watchdog.unref()

  function adopt(client: pg.Client): Checkout {
    const checkout: Checkout = { client, broken: null, cutAt: 0, scope: null }
    const lost = (error?: Error) => {
      if (checkout.broken !== null) return
      checkout.broken = error ?? new Error('The database closed the connection.')
      const at = idle.indexOf(checkout)
      if (at >= 0) idle.splice(at, 1)
      if (!closed) log.warn('A database connection was lost.', { cause: checkout.broken.message })
      serveNext()
    }
    client.connection.stream.on('data', () => {
      checkout.cutAt = performance.now() + bounds.cutAfterMs
    })
    client.on('error', lost)
    client.on('end', () => lost())
    return checkout
  }

  function handOut(checkout: Checkout): Checkout {
    checkout.cutAt = performance.now() + bounds.cutAfterMs
    busy.add(checkout)
    return checkout
  }

  async function open(): Promise<Checkout> {
    opening++
    try {
      const checkout = adopt(await connect())
      if (closed) {
        void checkout.client.end().catch(() => undefined)
        throw new Error('The database pool is closed.')
      }
      opening--
      return handOut(checkout)
    } catch (error) {
      opening--
      serveNext()
      throw error
    }
  }

  /** Of those with another scope the one that has been idle longest, so that busy scopes keep theirs. */
  function takeIdle(scope: string): Checkout | undefined {
    const fits = idle.findLastIndex((one) => one.scope === scope)
    return idle.splice(Math.max(fits, 0), 1)[0]
  }

  const room = () => idle.length + busy.size + opening < bounds.connectionsMax

  function serveNext(): void {
    const [next] = waiting
    if (next === undefined || closed) return
    const ready = idle.pop()
    if (ready === undefined && !room()) return
    waiting.delete(next)
    clearTimeout(next.timer)
    if (ready !== undefined) next.resolve(handOut(ready))
    else open().then(next.resolve, next.reject)
  }

  function wait(): Promise<Checkout> {
    if (waiting.size >= WAITING_MAX)
      return Promise.reject(new PoolExhausted(`${WAITING_MAX} transactions already wait for a connection.`))
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.delete(waiter)
        reject(new PoolExhausted(`No database connection was free within ${bounds.acquireTimeoutMs} ms.`))
      }, bounds.acquireTimeoutMs)
      const waiter: Waiter = { resolve, reject, timer }
      waiting.add(waiter)
    })
  }

  return {
    async acquire(scope) {
      if (closed) throw new Error('The database pool is closed.')
      const ready = takeIdle(scope)
      if (ready !== undefined) return handOut(ready)
      return room() ? open() : wait()
    },

    release(checkout) {
      busy.delete(checkout)
      if (checkout.broken === null && !closed) idle.push(checkout)
      else void checkout.client.end().catch(() => undefined)
      serveNext()
    },

    stats: () => ({ open: idle.length + busy.size + opening, idle: idle.length, waiting: waiting.size }),

    async close() {
      closed = true
      clearInterval(watchdog)
      for (const waiter of waiting) {
        clearTimeout(waiter.timer)
        waiter.reject(new Error('The database pool is closed.'))
      }
      waiting.clear()
      const all = [...idle.splice(0), ...busy]
      const ended = Promise.all(all.map(({ client }) => client.end().catch(() => undefined)))
      await Promise.race([ended, timeout(CLOSE_TIMEOUT_MS)])
      for (const checkout of busy) cut(checkout, CLOSE_TIMEOUT_MS)
    },
  }
}

function cut(checkout: Checkout, afterMs: number): void {
  checkout.client.connection.stream.destroy(new Error(`No answer from the database for ${afterMs} ms.`))
}

const timeout = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms).unref())
