import type { ClientId, RunId, VendorId } from '../core/ids.ts'
import { Refusal } from '../core/refusal.ts'
import { findJourney } from '../store/journeys.ts'
import type { Engine } from './engine.ts'
import { retrying } from './retrying.ts'
import { ringRuns } from './ring.ts'
import { type Started, startRuns } from './start.ts'
import { loadViews } from './views.ts'

/** Couples put on a journey by hand, one or a whole list: each part is complete in itself and told as it is done. */
const CLIENTS_AT_ONCE = 500

export async function startMany(
  engine: Engine,
  vendor: VendorId,
  key: string,
  clients: readonly ClientId[],
  progress: (done: number) => void = () => undefined,
): Promise<Map<ClientId, Started>> {
  const answers = new Map<ClientId, Started>()
  for (let from = 0; from < clients.length; from += CLIENTS_AT_ONCE) {
    const part = clients.slice(from, from + CLIENTS_AT_ONCE)
    const started = await retrying(engine, () => startPart(engine, vendor, key, part))
    for (const [index, client] of part.entries()) answers.set(client, started[index]!)
    ringRuns(
      engine,
      started.flatMap((one): RunId[] => (one.is === 'started' ? [one.run] : [])),
    )
    progress(Math.min(clients.length, from + part.length))
  }
  return answers
}

async function startPart(
  engine: Engine,
  vendor: VendorId,
  key: string,
  clients: readonly ClientId[],
): Promise<Started[]> {
  return engine.db.tx('start.many', { vendors: [vendor] }, async (sql) => {
    const now = engine.clock.now()
    const journey = await findJourney(sql, vendor, key)
    if (journey?.status !== 'active' || journey.version === null) {
      throw new Refusal(
        'journey_unpublished',
        `Publish the journey "${key}" before starting couples on it.`,
        { key },
      )
    }
    const graph = await engine.graphs.find(sql, vendor, journey.journey_id, journey.version)
    const views = await loadViews(
      engine,
      sql,
      now,
      clients.map((client) => ({ vendor, client, graph })),
    )
    return startRuns(
      engine,
      sql,
      now,
      vendor,
      clients.map((client) => ({
        journey,
        client,
        wedding: views.row(client).wedding_id,
        by: null,
        view: views.of(client),
      })),
    )
  })
}
