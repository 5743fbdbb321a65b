import { createReadStream } from 'node:fs'
import type { Command } from 'commander'
import { type Config, readConfig } from '../../../config.ts'
import { Refusal } from '../../../core/refusal.ts'
import { verifyBackup } from '../../../engine/restore.ts'
import { keyThatIsThere } from '../../../secrets.ts'
import type { MasterKey } from '../../../vault/master-key.ts'
import { watched } from '../../progress.ts'
import { teach } from '../../teach.ts'
import { columns, count, give } from '../../terminal.ts'
import { readable } from './readable.ts'

/** Needs no database: a file and the master key are enough. */
export function backupVerify(group: Command): void {
  teach(
    group
      .command('verify <file>')
      .description(
        'Read a whole backup and prove it: nothing cut off, nothing changed, every table as long as it says.',
      ),
    {
      examples: ['wedsync backup verify now.wedbak', 'WEDSYNC_KEY=… wedsync backup verify now.wedbak --json'],
      next: 'a proof of the file is not yet a proof of the recovery: restore it into an empty folder now and then.',
    },
  ).action(async (file: string, options: { json?: boolean }) => {
    readable(file)
    const key = keyOf(readConfig(process.env))
    const told = await watched('Proving rows', (tell) =>
      verifyBackup(createReadStream(file), key, ({ rows }) => tell(rows)),
    )
    give(options.json, { file, ...told.header, tables: told.tables, rows: told.rows }, [
      ...columns(
        told.tables.filter((one) => one.rows > 0).map((one) => [one.name, one.rows.toLocaleString('en')]),
      ),
      `Whole and authentic: ${count(told.rows, 'row')}, taken ${told.header.at} from installation ${told.header.installation}.`,
    ])
  })
}

function keyOf(config: Config): MasterKey {
  const key = keyThatIsThere(config)
  if (key) return key
  const file = 'file' in config.key ? config.key.file : ''
  throw new Refusal(
    'setup',
    `The key file ${file} is not there: a backup opens only with the key it was sealed by. Put that key file in its place, or set WEDSYNC_KEY.`,
  )
}
