import type { EventId, JsonObject } from '../src/core/ids.ts'
import type { Decision } from '../src/core/run/decision.ts'
import type { OutsideEvent } from '../src/core/run/event.ts'
import type { LoggedEvent, LogRow } from '../src/core/run/log-row.ts'
import { replay } from '../src/core/run/replay.ts'
import type { Engine } from '../src/engine/engine.ts'
import { loadRuns } from '../src/engine/turns.ts'
import { type RunRef, vendorsOf } from '../src/store/refs.ts'
import { readRuns } from '../src/store/runs.ts'
import type { Reading } from './differential.ts'

/**
 * Invariant 8: the log of a run, read from empty, makes the state its row has, decision by decision. Only runs whose
 * couple nobody has changed: their view at the end is the view of every turn.
 */
export async function replayRuns(
  engine: Engine,
  { ask, violate }: Reading,
  refs: readonly RunRef[],
): Promise<number> {
  if (refs.length === 0) return 0
  const now = engine.clock.now()
  const loaded = await engine.db.read('sim.replay', { vendors: vendorsOf(refs) }, async (sql) =>
    loadRuns(engine, sql, now, await readRuns(sql, refs)),
  )
  const lines = await ask<{ run_id: string; rev: number; event: string; because: string }>(
    `select run_id, rev, event, because from app.run_log where run_id = any($1::uuid[]) order by run_id, rev`,
    [refs.map((one) => one.run)],
  )
  const events = await ask<{ event_id: EventId; type: string; at: number; data: JsonObject; depth: number }>(
    `select event_id, type, (extract(epoch from at) * 1000)::float8 as at, data, depth from app.event order by event_id`,
  )
  const byRun = Map.groupBy(lines, (line) => line.run_id)
  let count = 0
  for (const { run, graph, view } of loaded) {
    const log = (byRun.get(run.id) ?? []).map(({ rev, event, because }): LogRow => {
      const logged = JSON.parse(event) as LoggedEvent
      return { rev, at: logged.at, event: logged, because: JSON.parse(because) as Decision[] }
    })
    const began = log[0]?.event as { readonly by?: string | null } | undefined
    const by = events.find((one) => one.event_id === began?.by)
    // What another journey has begun is told by no event.
    if (began?.by && !by) continue
    const { status: _status, state: _state, ...identity } = run
    const startedBy = by ? ({ ...by, id: by.event_id } as unknown as OutsideEvent) : null
    // Whoever holds the couple's other journeys began before that hold was there, and so did who has never felt it.
    const isFree = !run.state.holds?.length && log.every(({ event }) => event.is !== 'released')
    const seen = run.state.holding || isFree ? { ...view, client: { ...view.client, holds: [] } } : view
    const again = replay(graph, identity, log, () => seen, startedBy)
    count += 1
    if (again.differs)
      violate(
        '8 replay',
        `run ${run.id} decides otherwise at ${again.differs.rev}: ${JSON.stringify(again.differs)}`,
      )
    else if (JSON.stringify(again.run.state) !== JSON.stringify(run.state) || again.run.status !== run.status)
      violate(
        '8 replay',
        `run ${run.id} is ${run.status} ${JSON.stringify(run.state)}; its log makes ${again.run.status} ${JSON.stringify(again.run.state)}`,
      )
  }
  return count
}
