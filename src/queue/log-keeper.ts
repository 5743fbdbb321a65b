import { HOUR_MS, MINUTE_MS, plusMs } from '../core/time/instant.ts'
import type { Clock, Log } from '../ports.ts'
import { openSession, type Target } from '../postgres/client.ts'
import { keepPartitions } from '../store/partitions.ts'

/**
 * Keeps the logs in order while the program runs: the next quarters are made ahead, those past their retention are
 * dropped. It comes as the owner, a few times a day, and leaves again; one on each machine, and only one at a time
 * does anything. A start does the same once before any work, so this is for programs that are never stopped.
 */
export type LogKeeper = { stop(): Promise<void> }

const EVERY_MS = 6 * HOUR_MS
const AGAIN_AFTER_MS = 10 * MINUTE_MS

export function keepLogs(
  owner: Target,
  { clock, log, keepDays, everyMs = EVERY_MS }: LogKeeperOptions,
): LogKeeper {
  const stop = new AbortController()
  async function work(): Promise<void> {
    let waitMs = everyMs
    while (!stop.signal.aborted) {
      await clock.sleepUntil(plusMs(clock.now(), waitMs), 'log keeper', stop.signal)
      if (!stop.signal.aborted)
        waitMs = (await keepOnce(owner, clock, log, keepDays)) ? everyMs : AGAIN_AFTER_MS
    }
  }
  const working = work()
  return {
    async stop() {
      stop.abort()
      await working
    },
  }
}

type LogKeeperOptions = {
  readonly clock: Clock
  readonly log: Log
  readonly keepDays: number
  readonly everyMs?: number
}

async function keepOnce(owner: Target, clock: Clock, log: Log, keepDays: number): Promise<boolean> {
  try {
    const session = await openSession(owner)
    try {
      tellKept(log, await keepPartitions(session, clock.now(), keepDays))
      return true
    } finally {
      await session.close()
    }
  } catch (error) {
    log.warn('the logs could not be put in order; it is tried again', { error: String(error) })
    return false
  }
}

export function tellKept(log: Log, kept: { made: readonly string[]; dropped: readonly string[] }): void {
  if (kept.made.length > 0) log.info('quarters of the logs were made', { made: kept.made })
  if (kept.dropped.length > 0)
    log.info('quarters of the logs past their retention were dropped', { dropped: kept.dropped })
}
