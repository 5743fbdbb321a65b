import type { ClientId, VendorId } from '../core/ids.ts'
import { Refusal } from '../core/refusal.ts'
import { beginnersEnter, findJourney } from '../store/journeys.ts'
import { readClients } from '../store/views.ts'
import type { Engine } from './engine.ts'
import { retrying } from './retrying.ts'
import { ringStarted, tell } from './ring.ts'
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
  const parts = slices(clients, CLIENTS_AT_ONCE)
  let done = 0
  const lane = async (): Promise<void> => {
    for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
      const of = part
      const started = await retrying(engine, () => startPart(engine, vendor, key, of))
      for (const [index, client] of of.entries()) answers.set(client, started[index]!)
      told(engine, vendor, started)
      done += of.length
      progress(done)
    }
  }
  // While one part is written the next is thought out.
  await Promise.all([lane(), lane()])
  return answers
}

const slices = <Item>(items: readonly Item[], size: number): Item[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size))

function told(engine: Engine, vendor: VendorId, started: readonly Started[]): void {
  const begun = started.filter((one) => one.is === 'started')
  ringStarted(engine, begun)
  for (const { run, status, due } of begun) tell(engine, vendor, run, status, due)
}

async function startPart(
  engine: Engine,
  vendor: VendorId,
  key: string,
  clients: readonly ClientId[],
): Promise<Started[]> {
  return engine.db.tx('start.many', { vendors: [vendor] }, async (sql) => {
    const now = engine.clock.now()
    const [, journey, rows] = await Promise.all([
      beginnersEnter(sql, [vendor]),
      findJourney(sql, vendor, key),
      readClients(
        sql,
        clients.map((client) => ({ vendor, client })),
      ),
    ])
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
      rows,
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
