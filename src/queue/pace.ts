import { SECOND_MS } from '../core/time/instant.ts'
import { perWorkerPerSecond, type WorkerTold } from '../platform/measure.ts'

/** What this process's own worker gets done in a second when it has enough to do; null until it once had. */
export type Pace = {
  /** `atMs` is monotonic. */
  hear(told: WorkerTold, atMs: number): void
  perSecond(): number | null
}

export function keepPace(): Pace {
  let each: number | null = null
  let before: { readonly told: WorkerTold; readonly atMs: number } | null = null
  return {
    hear(told, atMs) {
      if (before !== null)
        each = perWorkerPerSecond(each, [before.told], [told], (atMs - before.atMs) / SECOND_MS)
      before = { told, atMs }
    },
    perSecond: () => each,
  }
}
