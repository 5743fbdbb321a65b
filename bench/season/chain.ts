import type pg from 'pg'
import type { ClientId, VendorId } from '../../src/core/ids.ts'
import { type Journey, journeySchema } from '../../src/core/journey/graph.ts'

/** W1's journey: conditions in a row, pure steps each of which is committed before the next. */
export function chain(steps: number): Journey {
  const nodes = Array.from({ length: steps }, (_, i) => ({
    id: `step${i}`,
    kind: 'condition',
    cases: [{ exit: 'yes', if: { fact: 'client.stage', is: 'equal', value: 'inquiry' } }],
  }))
  const ids = ['begin', ...nodes.map((node) => node.id)]
  return journeySchema.parse({
    format: 1,
    name: 'Chain',
    category: 'bench',
    reentry: 'never',
    nodes: [{ id: 'begin', kind: 'trigger', type: 'manual' }, ...nodes],
    edges: ids.slice(1).map((to, i) => ({ from: ids[i], to, ...(i > 0 ? { exit: 'yes' } : {}) })),
  })
}

/** Couples nobody writes to, by the server itself: how they become known is not what is measured. */
export async function plainClients(session: pg.Client, vendor: VendorId, count: number): Promise<ClientId[]> {
  const { rows } = await session.query<{ client_id: ClientId }>(
    `insert into app.client (vendor_id, client_id, created_at)
     select $1, gen_random_uuid(), now() from generate_series(1, $2::int) returning client_id`,
    [vendor, count],
  )
  return rows.map((row) => row.client_id)
}
