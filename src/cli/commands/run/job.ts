import type { Command } from 'commander'
import type { VendorId } from '../../../core/ids.ts'
import { Refusal } from '../../../core/refusal.ts'
import { isoOf } from '../../../core/time/instant.ts'
import { goOnWith, stopBulk } from '../../../engine/bulk.ts'
import type { Engine } from '../../../engine/engine.ts'
import { readJob } from '../../../store/bulk-jobs.ts'
import { pageOfJobs } from '../../../store/run-pages.ts'
import { watched } from '../../progress.ts'
import { ofVendor, teach } from '../../teach.ts'
import { columns, give } from '../../terminal.ts'
import { vendorFor } from '../../whose.ts'
import { withHouse } from '../../with-house.ts'

type Options = { json?: boolean; vendor?: string; goOn?: boolean; cancel?: boolean }

export function job(group: Command): void {
  teach(
    ofVendor(
      group
        .command('job [job]')
        .description(
          'Show work on many rows: how far it is, and what became of each; without an id the latest jobs. One that was cut off goes on where it stood.',
        )
        .option('--go-on', 'go on with it until it is over')
        .option('--cancel', 'do no more of it'),
    ),
    {
      examples: [
        `wedsync ${group.name()} job`,
        `wedsync ${group.name()} job 0198c1d2-…`,
        `wedsync ${group.name()} job 0198c1d2-… --go-on`,
      ],
      next: `"wedsync ${group.name()} undo <job>" takes back what can be taken back.`,
    },
  ).action((id: string | undefined, options: Options) => {
    if (id === undefined && (options.goOn || options.cancel))
      throw new Refusal('invalid', 'Say which job: without its id they are only listed.')
    return withHouse(async ({ engine }) => {
      const vendor = await vendorFor(engine, options.vendor)
      if (id === undefined) return list(engine, vendor.id, options)
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
    })
  })
}

const LISTED_MAX = 20

async function list(engine: Engine, vendor: VendorId, options: Options): Promise<void> {
  const rows = await engine.db.tx('job.list', { vendors: [vendor] }, (sql) =>
    pageOfJobs(sql, vendor, null, null, LISTED_MAX),
  )
  const jobs = rows.map(({ job_id: job, kind, state, total, done, failed, at }) => ({
    job,
    kind,
    state,
    total,
    done,
    refused: failed,
    at: isoOf(at),
  }))
  const lines = columns(
    jobs.map((one) => [
      one.job,
      one.at,
      one.kind,
      one.state,
      `${one.done} of ${one.total}, ${one.refused} refused`,
    ]),
  )
  give(options.json, jobs, lines.length > 0 ? lines : ['There was no work on many rows yet.'])
}
