import type { Command } from 'commander'
import { undoBulk } from '../../../engine/bulk.ts'
import { watched } from '../../progress.ts'
import { ofVendor, teach } from '../../teach.ts'
import { count, EXIT, give, say } from '../../terminal.ts'
import { ACTOR, vendorFor } from '../../whose.ts'
import { withHouse } from '../../with-house.ts'

/** The same for runs and for weddings: a job knows what it did. */
export function undo(group: Command): void {
  teach(
    ofVendor(
      group
        .command('undo <job>')
        .description(
          'Take a command or a move back, row by row, within ten minutes and where nothing has left the house.',
        ),
    ),
    {
      examples: [`wedsync ${group.name()} undo 0198c1d2-…`],
      next: 'rows that could not be taken back say why; nothing else is touched.',
    },
  ).action((job: string, options: { json?: boolean; vendor?: string }) =>
    withHouse(async ({ engine }) => {
      const vendor = await vendorFor(engine, options.vendor)
      const results = await watched('Rows taken back', (tell) =>
        undoBulk(engine, vendor.id, job, ACTOR, tell),
      )
      const refused = results.filter((one) => one.is === 'refused')
      if (refused.length > 0) process.exitCode = EXIT.problems
      for (const one of refused.slice(0, 20)) say(`${one.of}: ${one.why}`)
      give(options.json, { job, done: results.length - refused.length, refused: refused.length, results }, [
        `${count(results.length - refused.length, 'row')} taken back, ${count(refused.length, 'row')} not.`,
      ])
    }),
  )
}
