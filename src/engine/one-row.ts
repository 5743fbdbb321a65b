import type { RunId } from '../core/ids.ts'
import { Refusal } from '../core/refusal.ts'
import type { Sql } from '../ports.ts'
import type { JobResult } from '../store/bulk-jobs.ts'

export type Done = { readonly results: JobResult[]; readonly wake: RunId[] }

/**
 * One row of a job. What says no must undo its own half-done work and nothing else: inside a savepoint, so that the
 * refusal and the progress of the job are one transaction.
 */
export async function oneRow(
  sql: Sql,
  of: string,
  work: () => Promise<{ readonly undo?: string; readonly wake: readonly RunId[] }>,
): Promise<Done> {
  await sql`savepoint one_row`
  try {
    const { undo, wake } = await work()
    return { results: [{ of, is: 'done', ...(undo === undefined ? {} : { undo }) }], wake: [...wake] }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    await sql`rollback to savepoint one_row`
    return { results: [{ of, is: 'refused', why: error.message }], wake: [] }
  }
}
