import { clientPromises } from '../../contract/promises.ts'
import type { ClientId } from '../../core/ids.ts'
import { Refusal } from '../../core/refusal.ts'
import { isoOf, MINUTE_MS } from '../../core/time/instant.ts'
import { firstNamesOf, namedClientsIn } from '../../engine/find-clients.ts'
import { promisesOf } from '../../engine/promises.ts'
import { homeZone } from '../../engine/vendor-views.ts'
import { runsOfClient } from '../../store/run-pages.ts'
import { type Route, reads } from '../frame/route.ts'

/** As many as the timeline of a couple tells. */
const RUNS_OF_CLIENT_MAX = 100

export const promiseRoutes: readonly Route[] = [
  reads(clientPromises, ({ engine, vendor, now }, { params }) =>
    engine.db.read('client.promises', { vendors: [vendor] }, async (sql) => {
      const [client] = await namedClientsIn(engine, sql, vendor, [params.client as ClientId])
      if (!client) throw new Refusal('not_found', 'No couple is known here by this id.')
      const lines = await runsOfClient(sql, vendor, client.client_id, RUNS_OF_CLIENT_MAX)
      const runs = lines.map((line) => line.run_id)
      const { items, ahead } = await promisesOf(engine, sql, now, vendor, runs, firstNamesOf(client))
      const count = (verdict: string) => items.filter((one) => one.verdict === verdict).length
      return {
        zone: client.wedding_zone ?? (await homeZone(engine, sql, vendor)),
        now: isoOf(now),
        journeys: lines.length,
        counts: {
          kept: count('kept'),
          late: count('late'),
          left_out: count('left_out'),
          not_delivered: count('not_delivered'),
          ahead,
        },
        items: items.map(({ promised, at, lateMs, ...row }) => ({
          ...row,
          promised: promised === null ? null : isoOf(promised),
          at: isoOf(at),
          lateMinutes: lateMs === null ? null : Math.floor(lateMs / MINUTE_MS),
        })),
      }
    }),
  ),
]
