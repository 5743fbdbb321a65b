import type { Engine } from '../engine/engine.ts'
import { nextDue } from '../store/runs.ts'

/** Failures in a row before a piece of work is taken for poisoned rather than unlucky. */
export const POISON_AFTER = 3
/** More than this at once is no poison but an outage; the oldest are forgotten. */
const REMEMBERED_MAX = 10_000

/** Counts failures in a row. It may forget: a poisoned piece of work then fails a few times more. */
export function makePoisonCount() {
  const failures = new Map<string, number>()
  return {
    /** One more failure; true when it was one too many. The count then begins anew. */
    tooOften(id: string): boolean {
      const count = (failures.get(id) ?? 0) + 1
      failures.delete(id)
      if (count >= POISON_AFTER) return true
      failures.set(id, count)
      if (failures.size > REMEMBERED_MAX) failures.delete(failures.keys().next().value ?? '')
      return false
    },
    well(id: string): void {
      if (failures.size > 0) failures.delete(id)
    },
  }
}

/** Whether the database answers at all. If not, a failure says nothing about the work that met it. */
export async function databaseAnswers(engine: Engine): Promise<boolean> {
  try {
    await nextDue(engine.db, [])
    return true
  } catch {
    return false
  }
}
