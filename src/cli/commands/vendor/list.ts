import type { Command } from 'commander'
import { allVendors } from '../../../store/journeys.ts'
import { teach } from '../../teach.ts'
import { columns, give } from '../../terminal.ts'
import { withHouse } from '../../with-house.ts'

export function vendorList(group: Command): void {
  teach(group.command('list').description('List the wedding businesses of this installation.'), {
    examples: ['wedsync vendor list', 'wedsync vendor list --json'],
    next: 'name one with --vendor in every other command when there are several.',
  }).action((options: { json?: boolean }) =>
    withHouse(async ({ engine }) => {
      const vendors = (await allVendors(engine.db)).map((row) => ({ vendor: row.vendor_id, name: row.name }))
      const lines =
        vendors.length > 0
          ? columns(vendors.map((one) => [one.vendor, one.name]))
          : ['There is no vendor here yet: wedsync vendor add']
      give(options.json, vendors, lines)
    }),
  )
}
