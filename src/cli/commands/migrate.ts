import type { Command } from 'commander'
import { readConfig } from '../../config.ts'
import { openLog } from '../../log.ts'
import { openSession } from '../../postgres/client.ts'
import { MIGRATIONS, prepareDatabase, reach } from '../../reach.ts'
import { pendingMigrations, readMigrations } from '../../store/migrate.ts'
import { watched } from '../progress.ts'
import { teach } from '../teach.ts'
import { EXIT, give } from '../terminal.ts'

/** Brings the database up to date; `start` does the same, so this is for whoever wants it apart from a start. */
export function migrate(program: Command): void {
  teach(
    program
      .command('migrate')
      .description('Bring the database up to date and check that vendors are kept apart in it.')
      .option('--dry-run', 'only say which migrations are missing; exit code 1 when there are any'),
    {
      examples: ['wedsync migrate --dry-run', 'DATABASE_URL=postgres://… wedsync migrate'],
      next: '"wedsync start". A backup before ("wedsync backup create") is the way back: migrations only go forward.',
    },
  ).action(async (options: { json?: boolean; dryRun?: boolean }) => {
    const log = openLog(process.env.WEDSYNC_LOG ?? 'error')
    const config = readConfig(process.env)
    const reached = await watched('Opening the data', () =>
      reach(config, log, { join: options.dryRun === true }),
    )
    try {
      if (options.dryRun) {
        const session = await openSession(reached.target('wed_migrate'))
        const pending = await pendingMigrations(session, await readMigrations(MIGRATIONS)).finally(() =>
          session.close(),
        )
        if (pending.length > 0) process.exitCode = EXIT.problems
        give(
          options.json,
          { pending },
          pending.length > 0
            ? ['Missing:', ...pending.map((name) => `  ${name}`)]
            : ['The database is up to date.'],
        )
        return
      }
      // Another program may have run some meanwhile: only those are told that ran here.
      const ran = await watched('Bringing the database up to date', () =>
        prepareDatabase(reached.target, reached.embedded !== null, config.logKeepDays, log),
      )
      give(
        options.json,
        { ran },
        ran.length > 0 ? ['Ran:', ...ran.map((name) => `  ${name}`)] : ['The database was up to date.'],
      )
    } finally {
      await reached.close()
    }
  })
}
