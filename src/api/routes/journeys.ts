import { listJourneys } from '../../contract/journeys.ts'
import { runCounts } from '../../store/journey-counts.ts'
import { listJourneys as allJourneys } from '../../store/journeys.ts'
import { type Route, reads } from '../frame/route.ts'

export const journeyRoutes: readonly Route[] = [
  reads(listJourneys, async ({ engine, vendor }, { query }) => {
    const [rows, counts] = await engine.db.read('journey.list', { vendors: [vendor] }, (sql) =>
      Promise.all([allJourneys(sql, vendor), runCounts(sql, vendor)]),
    )
    const wanted = rows.filter(
      (row) =>
        (query.status === undefined || row.status === query.status) &&
        (query.category === undefined || row.category === query.category),
    )
    return {
      items: wanted.map((row) => ({
        id: row.journey_id,
        key: row.key,
        name: row.name,
        category: row.category,
        status: row.status,
        version: row.version,
        trigger: row.trigger_type,
        runs: Object.fromEntries(
          counts.filter((one) => one.journey_id === row.journey_id).map((one) => [one.status, one.runs]),
        ),
      })),
    }
  }),
]
