import type { ClientId, Json, NodeId, RunId, VendorId } from '../core/ids.ts'
import type { Decision } from '../core/run/decision.ts'
import type { RunEvent } from '../core/run/event.ts'
import type { World } from '../core/run/rederive.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import type { JobResult } from '../store/bulk-jobs.ts'
import { lockClients } from '../store/clients.ts'
import { liveRunsOfClients, lockRuns } from '../store/runs.ts'
import { commitTurns } from './commit.ts'
import type { Engine } from './engine.ts'
import { type Loaded, loadRuns, type Taken, takeTurns } from './turns.ts'

/**
 * The pending waits of these couples are derived again, because the world of dates they were planned in has changed.
 * A run in which nothing comes out differently is not written and its log says nothing of it.
 */
export type ReplanBulk = {
  readonly is: 'replan'
  readonly world: World
  /** What the business's calendar was; by it a later change is known as one that only goes back. */
  readonly before: Json
  /** The release of the zone data the moments were derived with anew. */
  readonly release: string | null
  readonly undoUntil: Instant | null
  readonly clients: readonly ClientId[]
}

export async function replanSome(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  { world, undoUntil }: ReplanBulk,
  clients: readonly ClientId[],
  by: string,
): Promise<{ results: JobResult[]; wake: RunId[] }> {
  if (clients.length === 0) return { results: [], wake: [] }
  const now = engine.clock.now()
  // Couples before their runs, as everybody does who needs both.
  const [, live] = await Promise.all([
    lockClients(sql, vendor, clients),
    liveRunsOfClients(sql, vendor, clients),
  ])
  const rows = await lockRuns(sql, live)
  const loaded = await loadRuns(engine, sql, now, rows)
  const taken: Taken[] = []
  const broken = new Map<ClientId, string>()
  for (const one of loaded) {
    const anew = attempt(() => takeTurns(one, now, [changed(now, world, by, undoUntil)]))
    if (anew instanceof Error) broken.set(one.run.client, anew.message)
    else if (toldOfChange(anew.log).length > 0 || isAtHand(one, now)) taken.push(anew)
  }
  const { woken } = await commitTurns(engine, sql, now, taken)
  const moved = Map.groupBy(taken.flatMap(movesIn), (one) => one.client)
  return {
    results: clients.map((of): JobResult => {
      const why = broken.get(of)
      if (why !== undefined) return { of, is: 'refused', why }
      return { of, is: 'done', told: { steps: moved.get(of)?.length ?? 0 } }
    }),
    wake: [...taken.filter(({ due }) => due !== null && due <= now).map(({ after }) => after.id), ...woken],
  }
}

/** A turn of it may be under way that has read the calendar as it was: once this one is written, that cannot be saved. */
const isAtHand = ({ row }: Loaded, now: Instant): boolean => row.due_at !== null && row.due_at <= now

export const changed = (at: Instant, world: World, by: string, undoUntil: Instant | null): RunEvent => ({
  is: 'details_changed',
  at,
  anchors: [world],
  why: by,
  undoUntil,
})

export type MovedWait = {
  readonly client: ClientId
  readonly journey: string
  readonly node: NodeId
  readonly from: string | null
  readonly to: string | null
  readonly asks: boolean
}

/** What the change does to the waits of one run, from what its turn has told. */
export function movesIn({ loaded: { run, graph }, log }: Taken): MovedWait[] {
  return toldOfChange(log).flatMap(({ code, node, values }) => {
    if (code !== 'moves' && code !== 'needs_you') return []
    const from = values?.from ?? null
    const to = values?.to ?? null
    return [
      {
        client: run.client,
        journey: graph.journey.name,
        node: node!,
        from: from as string | null,
        to: to as string | null,
        asks: code === 'needs_you',
      },
    ]
  })
}

const toldOfChange = (log: Taken['log']): Decision[] =>
  log
    .filter((line) => (JSON.parse(line.event) as RunEvent).is === 'details_changed')
    .flatMap((line) => JSON.parse(line.because) as Decision[])

function attempt<T>(work: () => T): T | Error {
  try {
    return work()
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}
