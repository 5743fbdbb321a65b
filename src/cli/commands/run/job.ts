import type { Command } from 'commander'
import { Refusal } from '../../../core/refusal.ts'
import { goOnWith, stopBulk } from '../../../engine/bulk.ts'
import { readJob } from '../../../store/bulk-jobs.ts'
import { watched } from '../../progress.ts'
import { ofVendor, teach } from '../../teach.ts'
import { give } from '../../terminal.ts'
import { vendorFor } from '../../whose.ts'
import { withHouse } from '../../with-house.ts'

type Options = { json?: boolean; vendor?: string; goOn?: boolean; cancel?: boolean }

export function job(group: Command): void {
  teach(
    ofVendor(
      group
        .command('job <job>')
        .description(
          'Show work on many rows: how far it is, and what became of each. One that was cut off goes on where it stood.',
        )
        .option('--go-on', 'go on with it until it is over')
        .option('--cancel', 'do no more of it'),
    ),
    {
      examples: [`wedsync ${group.name()} job 0198c1d2-…`, `wedsync ${group.name()} job 0198c1d2-… --go-on`],
    },
  ).action((id: string, options: Options) =>
    withHouse(async ({ engine }) => {
      const vendor = await vendorFor(engine, options.vendor)
      if (options.cancel) await stopBulk(engine, vendor.id, id)
      if (options.goOn) await watched('Rows', (tell) => goOnWith(engine, vendor.id, id, tell))
      const row = await engine.db.tx('job.read', { vendors: [vendor.id] }, (sql) =>
        readJob(sql, vendor.id, id),
      )
      if (!row) throw new Refusal('not_found', `No job of ${vendor.name} is called ${id}.`)
      const { kind, state, total, done, failed, results } = row
      give(options.json, { job: id, kind, state, total, done, refused: failed, results }, [
        `${kind}: ${state}, ${done} done and ${failed} refused of ${total}.`,
        ...results.filter((one) => one.is === 'refused').map((one) => `  ${one.of}: ${one.why}`),
      ])
    }),
  )
}
