import type { Command } from 'commander'
import { isoOf } from '../../../core/time/instant.ts'
import { deadLetterKinds } from '../../../store/dead-letters.ts'
import { ofVendor, teach } from '../../teach.ts'
import { columns, give, green } from '../../terminal.ts'
import { vendorFor } from '../../whose.ts'
import { withHouse } from '../../with-house.ts'

export function deadLettersList(group: Command): void {
  teach(
    ofVendor(
      group
        .command('list')
        .description(
          'What could not be delivered, by kind and cause: how often, since when, and one of each.',
        ),
    ),
    {
      examples: ['wedsync dead-letters list', 'wedsync dead-letters list --json'],
      next: '"wedsync dead-letters show <effect>" tells one in full; mend the cause, then "wedsync dead-letters requeue".',
    },
  ).action((options: { json?: boolean; vendor?: string }) =>
    withHouse(async ({ engine }) => {
      const vendor = await vendorFor(engine, options.vendor)
      const rows = await engine.db.tx('dead_letter.kinds', { vendors: [vendor.id] }, (sql) =>
        deadLetterKinds(sql, vendor.id),
      )
      const kinds = rows.map((row) => ({
        kind: row.kind,
        cause: row.cause,
        count: row.count,
        first: isoOf(row.first_at),
        last: isoOf(row.last_at),
        sample: row.sample,
        detail: row.detail,
      }))
      const lines = columns(
        kinds.map((one) => [
          String(one.count),
          one.kind,
          one.cause,
          `${one.first} to ${one.last}`,
          `such as ${one.sample}${one.detail ? `: ${one.detail}` : ''}`,
        ]),
      )
      give(options.json, kinds, lines.length > 0 ? lines : [green('Nothing is undelivered.')])
    }),
  )
}
