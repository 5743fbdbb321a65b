import { createReadStream } from 'node:fs'
import type { Command } from 'commander'
import { readConfig } from '../../config.ts'
import { Refusal } from '../../core/refusal.ts'
import { instant } from '../../core/time/instant.ts'
import { type RestoreTold, restore as restoreInto } from '../../engine/restore.ts'
import { openLog } from '../../log.ts'
import { openCopySession } from '../../postgres/copy.ts'
import { systemRng } from '../../postgres/rng.ts'
import { MIGRATIONS, type Reached, reach } from '../../reach.ts'
import { readMigrations } from '../../store/migrate.ts'
import { keepPartitions } from '../../store/partitions.ts'
import { watched } from '../progress.ts'
import { teach } from '../teach.ts'
import { bold, count, give, say } from '../terminal.ts'
import { readable } from './backup/readable.ts'

type Options = { json?: boolean; stopped?: boolean; hold?: boolean }

/** A backup becomes an installation of its own, in an empty place. */
export function restore(program: Command): void {
  teach(
    program
      .command('restore <file>')
      .description(
        'Restore a backup into an empty installation: everything is proved first, then loaded at once or not at all.',
      )
      .option(
        '--stopped',
        'the old installation was stopped before this backup: what was planned then is still to be sent',
      )
      .option('--hold', 'every run waits until a person lets it go on ("wedsync run resume --all")'),
    {
      examples: [
        'WEDSYNC_DATA=/srv/new wedsync restore last.wedbak',
        'DATABASE_URL=postgres://… wedsync restore last.wedbak --hold',
      ],
      more: [
        'The restored installation has a new id, and nothing leaves it until WEDSYNC_SENDING names that id.',
        'What fell due since the backup follows the late policy of its step. What was on its way when the backup',
        'was taken is unknown: it is settled with the provider or shown to a person, never simply sent again.',
      ].join('\n'),
      next: 'look at it with "wedsync doctor" before you switch sending on.',
    },
  ).action(async (file: string, options: Options) => {
    readable(file)
    const config = readConfig(process.env)
    const reached = await watched('Opening the data', () =>
      reach(config, openLog(process.env.WEDSYNC_LOG ?? 'error')),
    )
    for (const note of reached.notes) say(note)
    try {
      const told = await watched('Restoring rows', (tell) =>
        load(reached, file, options, config.logKeepDays, tell),
      )
      give(
        options.json,
        {
          file,
          ...told.header,
          restored: told.installation,
          rows: told.rows,
          unknown: told.unknown,
          overdue: told.overdue,
          tables: told.tables,
        },
        sentences(told, options),
      )
    } finally {
      await reached.close()
    }
  })
}

async function load(
  reached: Reached,
  file: string,
  options: Options,
  logKeepDays: number,
  tick: (rows: number) => void,
): Promise<RestoreTold> {
  const session = await openCopySession(reached.target('wed_migrate'))
  try {
    const [row] = await session.query<{ ms: number }>(
      'select floor(extract(epoch from clock_timestamp()) * 1000)::float8 as ms',
    )
    if (!row) throw new Refusal('setup', 'The database does not tell the time.')
    const now = instant(row.ms)
    const rng = systemRng()
    const told = await restoreInto(
      session,
      () => createReadStream(file),
      {
        key: reached.key,
        now,
        migrations: await readMigrations(MIGRATIONS),
        uuid: () => rng.uuid7(now),
        stopped: options.stopped === true,
        hold: options.hold === true,
      },
      ({ rows }) => tick(rows),
    )
    // As at every start, so that doctor, which is asked next, has nothing to say of it; a start tries again.
    await keepPartitions(session, now, logKeepDays).catch(() => undefined)
    return told
  } finally {
    await session.close()
  }
}

function sentences(told: RestoreTold, options: Options): string[] {
  const runs = options.hold
    ? `${count(told.overdue, 'run')} held: "wedsync run resume --all" lets them go on.`
    : `${count(told.overdue, 'run')} had something fall due since: each follows its late policy.`
  return [
    `Restored: ${count(told.rows, 'row')}, as of ${told.header.at}. This is installation ${told.installation}.`,
    runs,
    `${count(told.unknown, 'message was', 'messages were')} on the way when the backup was taken: settled one by one, never simply sent again.`,
    bold('Nothing leaves this installation yet.'),
    `If it takes over from the old one, stop the old one for good and set WEDSYNC_SENDING=${told.installation} before the first start:`,
    'without it, what falls due goes to the captured mailbox and counts as sent.',
  ]
}
