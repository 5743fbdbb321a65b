import type { ClientId, RunId, VendorId } from '../core/ids.ts'
import { Refusal } from '../core/refusal.ts'
import type { RunState, Token } from '../core/run/run.ts'
import { holdInWords } from '../core/run/sentences.ts'
import { isoOf } from '../core/time/instant.ts'
import type { Engine } from '../engine/engine.ts'
import { namedClientsIn, namesOf } from '../engine/find-clients.ts'
import type { Sql } from '../ports.ts'
import { type RunPageLine, runLinesOf } from '../store/run-pages.ts'

/** Runs as the API shows them, with the names of their couples. */
const dueOf = (token: Token): number | null =>
  token.is === 'waiting' ? token.due : token.is === 'awaiting' ? token.until : null

export const noRun = (): Refusal => new Refusal('not_found', 'There is no run here with this id.')

export async function shownRuns(engine: Engine, sql: Sql, vendor: VendorId, lines: readonly RunPageLine[]) {
  const clients = await namedClientsIn(engine, sql, vendor, [
    ...new Set(lines.map((line) => line.client_id as ClientId)),
  ])
  const names = new Map(clients.map((one) => [one.client_id, namesOf(one)]))
  return lines.map((line) => {
    const { tokens, holds } = JSON.parse(line.state) as RunState
    return {
      id: line.run_id as string,
      journey: line.journey_id as string,
      key: line.journey,
      journeyName: line.journey_name,
      version: line.version,
      status: line.status,
      client: line.client_id as string,
      names: names.get(line.client_id) ?? 'erased',
      wedding: line.wedding_on,
      due: line.due_at && isoOf(line.due_at),
      at: tokens.map((token) => {
        const due = dueOf(token)
        return {
          token: token.id,
          node: token.at as string,
          is: token.is,
          due: due === null ? null : isoOf(due as never),
          why: token.is === 'stuck' ? token.problem.message : null,
        }
      }),
      holds: (holds ?? []).map((one) => holdInWords(one)),
    }
  })
}
export type ShownRun = Awaited<ReturnType<typeof shownRuns>>[number]

export async function oneRun(engine: Engine, sql: Sql, vendor: VendorId, run: RunId): Promise<ShownRun> {
  const [shown] = await shownRuns(engine, sql, vendor, await runLinesOf(sql, vendor, [run]))
  if (!shown) throw noRun()
  return shown
}
