import { SECOND_MS } from '../core/time/instant.ts'

/**
 * When a worker that still breathes counts as dead (I12: health means progress made, not process up). Two things
 * must not stand still, each for at most the length of a lease:
 *
 * - *looking*: a healthy worker asks the database at least with every sweep, idle or not. A main thread that is
 *   blocked, or whose claims all fail, does not;
 * - *moving*: as long as batches are in its lanes, one of them must end: a commit, a lease, an outcome, or an honest
 *   failure. A promise that never settles holds work that nobody else would touch. A send on its way to a provider
 *   does not count here: it has a deadline of its own.
 *
 * Shorter than the lease would give up workers for one slow checkpoint of the database; longer would leave their
 * work lying. After it the lease runs out by itself, and others take over.
 */
export type Progress = {
  /** Monotonic milliseconds. */
  readonly lookedAt: number
  /** The last end of a batch, or the moment the lanes became busy. */
  readonly movedAt: number
  readonly busy: boolean
}

export const STALL_MS = 10 * SECOND_MS

export const isStalled = (progress: Progress, now: number): boolean =>
  now - progress.lookedAt > STALL_MS || (progress.busy && now - progress.movedAt > STALL_MS)

/** The state after something was heard from the worker. */
export function heard(before: Progress, what: 'looked' | 'moved', busy: boolean, now: number): Progress {
  const moved = what === 'moved' || (busy && !before.busy)
  return {
    lookedAt: what === 'looked' ? now : before.lookedAt,
    movedAt: moved ? now : before.movedAt,
    busy,
  }
}
