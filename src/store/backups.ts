import type { Instant } from '../core/time/instant.ts'
import type { Db } from '../ports.ts'
import { once } from './once.ts'
import { ts } from './sql.ts'

/** The book of backups that were made of this installation. */
export type BackupRow = {
  backup_id: string
  at: Instant
  finished_at: Instant
  file: string
  rows: number
  bytes: number
  verified_at: Instant | null
}

export async function noteBackup(db: Db, one: BackupRow): Promise<void> {
  await once(db, 'backup.note', 'platform')`
    insert into app.backup (backup_id, at, finished_at, file, rows, bytes, verified_at)
    values (${one.backup_id}, ${ts(one.at)}::timestamptz, ${ts(one.finished_at)}::timestamptz, ${one.file}, ${one.rows}::bigint,
            ${one.bytes}::bigint, ${ts(one.verified_at)}::timestamptz)`
}

/** The last one that is one. */
export async function lastBackup(db: Db): Promise<BackupRow | null> {
  const rows = await once(db, 'backup.last', 'platform')<BackupRow>`
    select backup_id, at, finished_at, file, rows, bytes, verified_at from app.backup
     where trouble is null order by at desc limit 1`
  return rows[0] ?? null
}

/** A try that gave none, and why. */
export async function noteTrouble(
  db: Db,
  one: { backup_id: string; at: Instant; file: string; trouble: string },
): Promise<void> {
  await once(db, 'backup.trouble', 'platform')`
    insert into app.backup (backup_id, at, finished_at, file, rows, bytes, trouble)
    values (${one.backup_id}, ${ts(one.at)}::timestamptz, ${ts(one.at)}::timestamptz, ${one.file}, 0, 0, ${one.trouble})`
}

/** When the last try failed, and none has succeeded since: when and why. */
export async function backupTrouble(db: Db): Promise<{ at: Instant; trouble: string } | null> {
  const rows = await once(db, 'backup.hindered', 'platform')<{ at: Instant; trouble: string | null }>`
    select at, trouble from app.backup order by at desc limit 1`
  const [last] = rows
  return last?.trouble ? { at: last.at, trouble: last.trouble } : null
}
