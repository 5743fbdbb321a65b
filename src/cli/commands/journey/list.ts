import type { Command } from 'commander'
import { runCounts } from '../../../store/journey-counts.ts'
import { listJourneys } from '../../../store/journeys.ts'
import { ofVendor, teach } from '../../teach.ts'
import { columns, give } from '../../terminal.ts'
import { vendorFor } from '../../whose.ts'
import { withHouse } from '../../with-house.ts'

const LIVE = new Set(['active', 'waiting', 'paused'])

export function journeyList(group: Command): void {
  teach(
    ofVendor(
      group
        .command('list')
        .description(
          "List a vendor's journeys: version, status, how they begin, and how many couples are in them.",
        ),
    ),
    {
      examples: ['wedsync journey list', 'wedsync journey list --json'],
      next: '"wedsync run list --journey <key>" shows who is in one.',
    },
  ).action((options: { json?: boolean; vendor?: string }) =>
    withHouse(async ({ engine }) => {
      const vendor = await vendorFor(engine, options.vendor)
      const [rows, counts] = await engine.db.tx(
        'journey.list',
        { vendors: [vendor.id] },
        async (sql) => [await listJourneys(sql, vendor.id), await runCounts(sql, vendor.id)] as const,
      )
      const journeys = rows.map((row) => {
        const runs = Object.fromEntries(
          counts.filter((one) => one.journey_id === row.journey_id).map((one) => [one.status, one.runs]),
        )
        const live = Object.entries(runs).reduce(
          (sum, [status, number]) => sum + (LIVE.has(status) ? number : 0),
          0,
        )
        return {
          key: row.key,
          name: row.name,
          category: row.category,
          status: row.status,
          version: row.version,
          trigger: row.trigger_type,
          live,
          runs,
        }
      })
      const lines = columns(
        journeys.map((one) => [
          one.key,
          one.version === null ? 'draft' : `v${one.version}`,
          one.status,
          one.trigger ?? '',
          `${one.live} live`,
          one.name,
        ]),
      )
      give(
        options.json,
        journeys,
        lines.length > 0 ? lines : [`${vendor.name} has no journeys: wedsync journey publish <file>`],
      )
    }),
  )
}
