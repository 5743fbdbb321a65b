import type { Command } from 'commander'
import { allVendors } from '../../store/journeys.ts'
import { teach } from '../teach.ts'
import { bold, give, say } from '../terminal.ts'
import { vendorFor } from '../whose.ts'
import { withHouse } from '../with-house.ts'

type Options = { json?: boolean; vendor?: string }

/** For whoever has the machine: they could read the database anyway. */
export function ownerLink(program: Command): void {
  teach(
    program
      .command('owner-link')
      .description(
        'Print a one-time link by which somebody opens a business, or becomes owner of one that is there.',
      )
      .option('--vendor <id|name>', 'a business that is there already'),
    {
      examples: ['wedsync owner-link', 'wedsync owner-link --vendor "Lumen Photography" --json'],
      next: 'open it in a browser within one day; a newer link makes earlier unused ones void.',
    },
  ).action((options: Options) =>
    withHouse(async (house) => {
      const vendor = options.vendor ? await vendorFor(house.engine, options.vendor) : null
      if (vendor === null && (await allVendors(house.engine.db)).length > 0 && !options.json)
        say('This link opens a new business. For one that is there, name it with --vendor.')
      const { accountsOf } = await import('../../main.ts')
      const accounts = await accountsOf(house)
      try {
        const link = await accounts.makeOpening(null, vendor?.id ?? null)
        give(options.json, { link, vendor: vendor?.id ?? null }, [bold(link)])
      } finally {
        await accounts.close()
      }
    }),
  )
}
