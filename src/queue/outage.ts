import { SECOND_MS } from '../core/time/instant.ts'
import type { Log } from '../ports.ts'

/**
 * The breaker of something we can do without. It opens with the first failure, because nothing is lost by not
 * trying; after a pause that doubles one try decides. An outage is told once when it begins and once when it ends.
 */
export type Outage = {
  mayTry(): boolean
  failed(error: unknown): void
  worked(): void
}

const PAUSE_FIRST_MS = 250
const PAUSE_MAX_MS = 5 * SECOND_MS

export function makeOutage(
  log: Log,
  words: { readonly gone: string; readonly back: string },
  now: () => number = () => performance.now(),
): Outage {
  let pauseMs = 0
  let tryAt = Number.NEGATIVE_INFINITY
  return {
    mayTry: () => now() >= tryAt,
    failed(error) {
      if (pauseMs === 0)
        log.warn(words.gone, { error: error instanceof Error ? error.message : String(error) })
      // Several failures of one moment are one: only a try after the pause makes the next pause longer.
      else if (now() < tryAt) return
      pauseMs = pauseMs === 0 ? PAUSE_FIRST_MS : Math.min(pauseMs * 2, PAUSE_MAX_MS)
      tryAt = now() + pauseMs
    },
    worked() {
      if (pauseMs > 0) log.info(words.back)
      pauseMs = 0
      tryAt = Number.NEGATIVE_INFINITY
    },
  }
}
