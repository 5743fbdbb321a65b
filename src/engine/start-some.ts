import type { ClientId, JourneyId, NodeId, RunId, VendorId } from '../core/ids.ts'
import { Refusal } from '../core/refusal.ts'
import type { OutsideEvent } from '../core/run/event.ts'
import type { Chosen } from '../core/run/run.ts'
import type { Sql } from '../ports.ts'
import type { JobResult } from '../store/bulk-jobs.ts'
import { lockClients } from '../store/clients.ts'
import { lockJourney } from '../store/journeys.ts'
import type { Engine } from './engine.ts'
import { type Started, startRuns } from './start.ts'
import { loadViews } from './views.ts'

/** Couples are put on a journey by hand: its trigger's own question is asked of nobody, its re-entry rule is kept. */
export async function startByHand(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  journey: JourneyId,
  clients: readonly ClientId[],
  chosen?: Chosen,
): Promise<Map<ClientId, Started | null>> {
  const now = engine.clock.now()
  const row = await lockJourney(sql, vendor, journey)
  if (!row) throw new Refusal('not_found', 'There is no such journey here.')
  if (row.version === null)
    throw new Refusal('journey_unpublished', 'This journey was never published. Publish it first.')
  if (row.status !== 'active')
    throw new Refusal('journey_unpublished', `This journey is ${row.status}: nobody can begin it now.`)
  const held = await lockClients(sql, vendor, clients)
  const known = clients.filter((client) => held.has(client))
  const graph = await engine.graphs.find(sql, vendor, journey, row.version)
  const strange = Object.keys(chosen?.by ?? {}).find((node) => !graph.node(node as NodeId))
  if (strange)
    throw new Refusal('invalid', `This journey has no step "${strange}": look at it again before they begin.`)
  const views = await loadViews(
    engine,
    sql,
    now,
    known.map((client) => ({ vendor, client, graph })),
  )
  const isByDate = graph.triggerType.when !== undefined
  const answers = await startRuns(
    engine,
    sql,
    now,
    vendor,
    known.map((client) => ({
      journey: row,
      client,
      wedding: held.get(client)!.wedding_id,
      by: isByDate ? null : byHand(engine, now, graph.triggerType.listensTo ?? 'manual'),
      view: views.of(client),
      ...(chosen ? { chosen } : {}),
    })),
  )
  return new Map(
    clients.map((client) => [client, held.has(client) ? (answers[known.indexOf(client)] ?? null) : null]),
  )
}

const byHand = (engine: Engine, now: ReturnType<Engine['clock']['now']>, type: string): OutsideEvent => ({
  id: engine.rng.uuid7(now) as OutsideEvent['id'],
  type,
  at: now,
  data: { by_hand: true },
  depth: 0,
})

const WHY_NOT: { readonly [why: string]: string } = {
  already_entered: 'They are on it already, or have been, and it may not begin again for them.',
  still_running: 'They are on it already.',
  too_soon: 'They were on it too recently for it to begin again.',
  trigger_filter_failed: 'The condition under which this journey begins does not hold for them.',
}
export const whyNotStarted = (why: string): string => WHY_NOT[why] ?? why

export async function startSome(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  journey: JourneyId,
  clients: readonly ClientId[],
): Promise<{ results: JobResult[]; wake: RunId[] }> {
  const wake: RunId[] = []
  try {
    const answers = await startByHand(engine, sql, vendor, journey, clients)
    const results = clients.map((client): JobResult => {
      const answer = answers.get(client)
      if (!answer) return { of: client, is: 'refused', why: 'This couple is not known here.' }
      if (answer.is === 'not') return { of: client, is: 'refused', why: whyNotStarted(answer.why) }
      wake.push(answer.run)
      return { of: client, is: 'done' }
    })
    return { results, wake }
  } catch (error) {
    // Archived or paused meanwhile: that is an answer for each of them, and nothing was written.
    if (!(error instanceof Refusal)) throw error
    return { results: clients.map((of) => ({ of, is: 'refused', why: error.message })), wake: [] }
  }
}
