import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream, createWriteStream, existsSync, rmSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import path from 'node:path'
import type { Command } from 'commander'
import { Refusal } from '../../../core/refusal.ts'
import { type BackupTold, backup } from '../../../engine/backup.ts'
import type { Bytes } from '../../../engine/backup-file.ts'
import { verifyBackup } from '../../../engine/restore.ts'
import type { House } from '../../../main.ts'
import { openCopySession } from '../../../postgres/copy.ts'
import { noteBackup } from '../../../store/backups.ts'
import { watched } from '../../progress.ts'
import { teach } from '../../teach.ts'
import { count, give, size } from '../../terminal.ts'
import { VERSION } from '../../version.ts'
import { withHouse } from '../../with-house.ts'

const SALT_BYTES = 32

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
      const { told, fileBytes } = await write(house, file)
      if (options.verify) await prove(house, file)
      const { engine } = house
      const now = engine.clock.now()
      await noteBackup(engine.db, {
        backup_id: engine.rng.uuid7(now),
        at: told.startedAt,
        finished_at: now,
        file: path.basename(file),
        rows: told.rows,
        bytes: fileBytes,
        verified_at: options.verify ? now : null,
      })
      const sentence = `${count(told.rows, 'row')} of ${count(told.tables.length, 'table')} in ${file}, ${size(fileBytes)}${options.verify ? ', read again and proved' : ''}.`
      give(
        options.json,
        { file, fileBytes, verified: options.verify, ...told.header, tables: told.tables, rows: told.rows },
        [sentence],
      )
    }),
  )
}

/** Beside its place first: a backup that is cut off never takes the place of one that is whole. */
async function write(
  house: House,
  file: string,
): Promise<{
  told: BackupTold & { startedAt: ReturnType<House['engine']['clock']['now']> }
  fileBytes: number
}> {
  const draft = `${file}.unfinished-${process.pid}`
  const session = await openCopySession(house.target('wed_backup'))
  const startedAt = house.engine.clock.now()
  let told: BackupTold | null = null
  try {
    const facts = {
      key: house.key,
      now: startedAt,
      program: VERSION,
      zoneData: house.installation.zone_data,
      salt: randomBytes(SALT_BYTES),
    }
    const fileBytes = await watched('Backing up rows', (tell) =>
      pour(
        backup(
          session,
          facts,
          (all) => (told = all),
          ({ rows }) => tell(rows),
        ),
        draft,
      ),
    )
    await rename(draft, file)
    return { told: { ...told!, startedAt }, fileBytes }
  } finally {
    rmSync(draft, { force: true })
    await session.close()
  }
}

async function pour(bytes: Bytes, file: string): Promise<number> {
  const out = createWriteStream(file, { mode: 0o600, flags: 'wx', flush: true })
  let written = 0
  try {
    for await (const piece of bytes) {
      written += piece.length
      if (!out.write(piece)) await once(out, 'drain')
    }
    out.end()
    await once(out, 'close')
    return written
  } finally {
    out.destroy()
  }
}

const prove = (house: House, file: string): Promise<unknown> =>
  watched('Proving rows', (tell) => verifyBackup(createReadStream(file), house.key, ({ rows }) => tell(rows)))
