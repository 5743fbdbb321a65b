import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import { makeBackup } from '../../../backups.ts'
import { Refusal } from '../../../core/refusal.ts'
import { watched } from '../../progress.ts'
import { teach } from '../../teach.ts'
import { count, give, size } from '../../terminal.ts'
import { withHouse } from '../../with-house.ts'

/** What a missing folder, a full disk or a place that is no file forbids. */
const WRITING = ['open', 'write', 'fsync', 'rename']

/** One file with everything, taken while the system goes on, and read again before it counts. */
export function backupCreate(group: Command): void {
  teach(
    group
      .command('create <file>')
      .description(
        'Write everything into one sealed file: a consistent snapshot, taken while the system goes on.',
      )
      .option('--overwrite', 'replace a file that is there already')
      .option('--no-verify', 'do not read the file again to prove it'),
    {
      examples: [
        'wedsync backup create /backup/wedsync-$(date +%F).wedbak',
        'wedsync backup create now.wedbak --json',
      ],
      more: 'The file is sealed with the master key. Without that key it cannot be restored: keep a copy of the key apart from the backups.',
      next: 'try it: "wedsync backup verify <file>", and "WEDSYNC_DATA=/tmp/trial wedsync restore <file>" into an empty folder.',
    },
  ).action((file: string, options: { json?: boolean; overwrite?: boolean; verify: boolean }) =>
    withHouse(async (house) => {
      if (existsSync(file) && !options.overwrite)
        throw new Refusal('conflict', `${file} is there already. Name another file, or say --overwrite.`)
      const { told, fileBytes } = await watched('Backing up rows', (tell) =>
        makeBackup(house, file, {
          verify: options.verify,
          written: ({ rows }) => tell(rows),
          proved: ({ rows }) => tell(rows, undefined, 'Proving rows'),
        }).catch((error: NodeJS.ErrnoException) => {
          if (!WRITING.includes(error.syscall ?? '')) throw error
          throw new Refusal(
            'conflict',
            `${file} cannot be written, and nothing is left of it: ${error.message}.`,
          )
        }),
      )
      const sentence = `${count(told.rows, 'row')} of ${count(told.tables.length, 'table')} in ${file}, ${size(fileBytes)}${options.verify ? ', read again and proved' : ''}.`
      give(
        options.json,
        { file, fileBytes, verified: options.verify, ...told.header, tables: told.tables, rows: told.rows },
        [sentence],
      )
    }),
  )
}
