import { randomBytes } from 'node:crypto'
import { createReadStream, createWriteStream, rmSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import path from 'node:path'
import { VERSION } from './cli/version.ts'
import { type BackupTold, backup, type Progress } from './engine/backup.ts'
import type { Bytes } from './engine/backup-file.ts'
import { verifyBackup } from './engine/restore.ts'
import type { House } from './main.ts'
import { openCopySession } from './postgres/copy.ts'
import { noteBackup } from './store/backups.ts'

/** One file with everything, taken while the system goes on, read again before it counts, and noted in the book. */
const SALT_BYTES = 32

export type BackupMade = { readonly told: BackupTold; readonly fileBytes: number }
export type BackupHow = {
  readonly verify: boolean
  readonly written?: Progress
  readonly proved?: Progress
  readonly signal?: AbortSignal
}

/** Beside its place until it is whole and, if wanted, proved: what is cut off never takes the place of another. */
export async function makeBackup(house: House, file: string, how: BackupHow): Promise<BackupMade> {
  const { engine } = house
  const draft = draftOf(file)
  const startedAt = engine.clock.now()
  try {
    const made = await write(house, draft, how)
    if (how.verify) await verifyBackup(createReadStream(draft, { signal: how.signal }), house.key, how.proved)
    await rename(draft, file)
    const now = engine.clock.now()
    await noteBackup(engine.db, {
      backup_id: engine.rng.uuid7(now),
      at: startedAt,
      finished_at: now,
      file: path.basename(file),
      rows: made.told.rows,
      bytes: made.fileBytes,
      verified_at: how.verify ? now : null,
    })
    return made
  } finally {
    rmSync(draft, { force: true })
  }
}

const UNFINISHED = '.unfinished-'
const draftOf = (file: string): string => `${file}${UNFINISHED}${process.pid}`
/** Of which finished file this is the cut-off beginning; null when it is none. */
export const finishedNameOf = (name: string): string | null => {
  const at = name.indexOf(UNFINISHED)
  return at < 0 ? null : name.slice(0, at)
}

async function write(house: House, file: string, { written, signal }: BackupHow): Promise<BackupMade> {
  const session = await openCopySession(house.target('wed_backup'))
  let told: BackupTold | null = null
  try {
    const facts = {
      key: house.key,
      now: house.engine.clock.now(),
      program: VERSION,
      zoneData: house.installation.zone_data,
      salt: randomBytes(SALT_BYTES),
    }
    const bytes = backup(session, facts, (all) => (told = all), written)
    const fileBytes = await pour(bytes, file, signal)
    return { told: told!, fileBytes }
  } finally {
    await session.close()
  }
}

async function pour(bytes: Bytes, file: string, signal?: AbortSignal): Promise<number> {
  const out = createWriteStream(file, { mode: 0o600, flags: 'wx', flush: true })
  // A full disk is told at any moment, also while the next piece is on its way.
  let failure: Error | null = null
  out.on('error', (error) => {
    failure = error
  })
  const closed = new Promise<void>((resolve) => out.once('close', resolve))
  const mustGoOn = (): void => {
    signal?.throwIfAborted()
    if (failure) throw failure
  }
  let written = 0
  try {
    for await (const piece of bytes) {
      mustGoOn()
      written += piece.length
      if (!out.write(piece))
        await Promise.race([closed, new Promise<void>((resolve) => out.once('drain', resolve))])
    }
    mustGoOn()
    out.end()
    await closed
    mustGoOn()
    return written
  } finally {
    out.destroy()
  }
}
