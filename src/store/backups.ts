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

export async function lastBackup(db: Db): Promise<BackupRow | null> {
  const rows = await once(db, 'backup.last', 'platform')<BackupRow>`
    select backup_id, at, finished_at, file, rows, bytes, verified_at from app.backup order by at desc limit 1`
  return rows[0] ?? null
}
