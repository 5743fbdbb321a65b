import type { RunId } from '../../../core/ids.ts'
import type { BulkTold } from '../../../engine/bulk.ts'
import { type Tell, watched } from '../../progress.ts'
import { count, EXIT, give, say } from '../../terminal.ts'

const SHOWN_MAX = 20

/** One verb for many runs: how far it is, who was refused and why, and how all of it is taken back. */
export async function tellBulk(
  verb: string,
  runs: readonly RunId[],
  json: boolean | undefined,
  work: (tell: Tell) => Promise<BulkTold>,
): Promise<void> {
  if (runs.length === 0)
    return give(json, { job: null, done: 0, refused: 0, results: [] }, ['No run is like that.'])
  const told = await watched(`Runs asked to ${verb}`, work)
  const refused = told.results.filter((one) => one.is === 'refused')
  if (refused.length > 0) process.exitCode = EXIT.problems
  for (const one of refused.slice(0, SHOWN_MAX)) say(`${one.of}: ${one.why}`)
  if (refused.length > SHOWN_MAX)
    say(`… and ${count(refused.length - SHOWN_MAX, 'other')}; --json lists them all.`)
  give(json, { job: told.job_id, done: told.done, refused: told.failed, results: told.results }, [
    `${verb}: ${count(told.done, 'run')} obeyed, ${count(told.failed, 'run')} refused. Take back: wedsync run undo ${told.job_id}`,
  ])
}
