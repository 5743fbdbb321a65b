import type { Command } from 'commander'
import type { RunState } from '../../../core/run/run.ts'
import { isoOf } from '../../../core/time/instant.ts'
import { picking, type RunOptions, runsLike, standing } from '../../runs-meant.ts'
import { ofVendor, teach, wholeNumber } from '../../teach.ts'
import { columns, give } from '../../terminal.ts'
import { vendorFor } from '../../whose.ts'
import { withHouse } from '../../with-house.ts'

export function runList(group: Command): void {
  teach(
    ofVendor(
      picking(
        group
          .command('list')
          .description(
            'List runs: which couple is in which journey, where it stands, and when something happens next.',
          ),
      ).option('--max <number>', 'at most so many', wholeNumber, 200),
    ),
    {
      examples: [
        'wedsync run list',
        'wedsync run list --journey booked --status waiting',
        'wedsync run list --client anna@example.org --json',
      ],
      next: '"wedsync run show <id>" tells one of them in full; "wedsync journey explain --run <id>" says why.',
    },
  ).action((options: RunOptions & { json?: boolean; vendor?: string; max: number }) =>
    withHouse(async ({ engine }) => {
      const vendor = await vendorFor(engine, options.vendor)
      const rows = await runsLike(engine, vendor.id, options, options.max)
      const runs = rows.map((row) => {
        const { tokens, holds } = JSON.parse(row.state) as RunState
        return {
          run: row.run_id,
          journey: row.journey,
          version: row.version,
          status: row.status,
          client: row.client_id,
          wedding: row.wedding_on,
          due: row.due_at === null ? null : isoOf(row.due_at),
          at: standing(tokens),
          holds: holds ?? [],
        }
      })
      const lines = columns(
        runs.map((one) => [
          one.run,
          `${one.journey} v${one.version}`,
          one.status,
          one.wedding ?? 'no date',
          one.at,
        ]),
      )
      give(options.json, runs, lines.length > 0 ? lines : ['No run is like that.'])
    }),
  )
}
