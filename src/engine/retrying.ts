import { Refusal } from '../core/refusal.ts'
import { plusMs } from '../core/time/instant.ts'
import { isRetryable } from '../store/sql.ts'
import type { Engine } from './engine.ts'

/** A transaction that lost against another (deadlock, serialisation, lock timeout) did not happen; try it again. */
const TRIES_MAX = 5
const PAUSE_MS = 5

/** The same was told twice at one moment and the other was first: now its work is there to be found. */
export async function afterTwin<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Refusal && error.code === 'conflict') return work()
    throw error
  }
}

export async function retrying<T>(engine: Engine, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work()
    } catch (error) {
      if (attempt >= TRIES_MAX || !isRetryable(error)) throw error
      const pauseMs = PAUSE_MS * 2 ** attempt + (engine.rng.u32() % (PAUSE_MS * 2))
      await engine.clock.sleepUntil(plusMs(engine.clock.now(), pauseMs), 'retry')
    }
  }
}
