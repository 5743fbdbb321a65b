import { setTimeout as pause } from 'node:timers/promises'
import type pg from 'pg'
import type { Log } from '../ports.ts'
import { openClient, type Target } from './client.ts'

const RETRY_FIRST_MS = 100
const RETRY_MAX_MS = 5_000

/** A connection beside the pool that is opened again whenever it goes. */
export type SideLine = {
  /** The living connection, or null while there is none. */
  client(): pg.Client | null
  close(): Promise<void>
}

/**
 * Keeps one connection open for what must not wait behind transactions: listening and asking for the time.
 * `ready` is called with each new connection before it counts; when it throws, the connection is tried anew.
 */
export function keepSideLine(
  target: Target,
  name: string,
  log: Log,
  ready: (client: pg.Client) => Promise<void>,
): SideLine {
  const closing = new AbortController()
  let living: pg.Client | null = null

  async function connectOnce(): Promise<void> {
    const client = await openClient(target, 'alone', name)
    const gone = new Promise<void>((resolve) => client.once('end', () => resolve()))
    const stop = () => void client.end().catch(() => undefined)
    closing.signal.addEventListener('abort', stop, { once: true })
    try {
      if (closing.signal.aborted) stop()
      else {
        await ready(client)
        living = client
      }
      await gone
    } catch (error) {
      stop()
      throw error
    } finally {
      closing.signal.removeEventListener('abort', stop)
      living = null
    }
  }

  async function run(): Promise<void> {
    let delayMs = RETRY_FIRST_MS
    while (!closing.signal.aborted) {
      const startedAt = performance.now()
      try {
        await connectOnce()
        if (!closing.signal.aborted) log.warn('A side connection to the database was lost.', { line: name })
      } catch (error) {
        if (!closing.signal.aborted)
          log.warn('A side connection to the database cannot be opened.', {
            line: name,
            cause: (error as Error).message,
          })
      }
      // One that held for a while may come back at once; one that never holds is asked less and less often.
      delayMs =
        performance.now() - startedAt > RETRY_MAX_MS ? RETRY_FIRST_MS : Math.min(delayMs * 2, RETRY_MAX_MS)
      await pause(delayMs, undefined, { signal: closing.signal }).catch(() => undefined)
    }
  }

  const running = run()
  return {
    client: () => living,
    async close() {
      closing.abort()
      await running
    },
  }
}
