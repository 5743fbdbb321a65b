import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { Refusal } from '../core/refusal.ts'
import type { Instant } from '../core/time/instant.ts'
import { OWNER } from './roles.ts'
import { type Session, ts } from './sql.ts'

/**
 * Numbered scripts, each run once, in order, in a transaction of its own together with the note that it ran.
 * Two starters at once: the second waits for the first and finds nothing to do. What ran is never edited: the
 * checksum says so. The note lies in a schema of its own, so that the first script starts from nothing.
 */
export type Migration = {
  readonly number: number
  readonly name: string
  readonly text: string
  readonly checksum: string
}

const FILE = /^(\d{4})-([a-z0-9-]+)\.sql$/
/** "wedsync" in ASCII, cut to a bigint: one lock for all who migrate this database. */
const LOCK = 0x776564_73796e

export async function readMigrations(folder: string): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
  const migrations = await Promise.all(names.map((name) => readMigration(folder, name)))
  for (const [i, { number, name }] of migrations.entries())
    if (number !== i + 1)
      throw new Refusal(
        'setup',
        `Migration ${name} should be number ${i + 1}: numbers begin at 1 without a gap.`,
      )
  return migrations
}

async function readMigration(folder: string, file: string): Promise<Migration> {
  const match = FILE.exec(file)
  if (match === null) throw new Refusal('setup', `${file} is not named like 0001-what-it-does.sql.`)
  // A checkout on Windows may turn line ends around; that is not a change.
  const text = (await readFile(path.join(folder, file), 'utf8')).replaceAll('\r\n', '\n')
  return {
    number: Number(match[1]),
    name: file.slice(0, -'.sql'.length),
    text,
    checksum: createHash('sha256').update(text).digest('hex'),
  }
}

type Applied = { readonly number: number; readonly name: string; readonly checksum: string }

/** Brings the database to the last migration; returns the names of those that ran now. */
export async function migrate(
  session: Session,
  migrations: readonly Migration[],
  now: Instant,
): Promise<string[]> {
  await session.query('select pg_advisory_lock($1::bigint)', [LOCK])
  try {
    const applied = await appliedMigrations(session)
    refuseDifferences(applied, migrations)
    const wanted = migrations.slice(applied.length)
    for (const migration of wanted) await apply(session, migration, now)
    return wanted.map(({ name }) => name)
  } finally {
    await session.query('select pg_advisory_unlock($1::bigint)', [LOCK])
  }
}

/** Which migrations are missing, without changing anything. */
export async function pendingMigrations(
  session: Session,
  migrations: readonly Migration[],
): Promise<string[]> {
  const [there] = await session.query<{ there: boolean }>(
    `select to_regclass('wedsync.migration') is not null as there`,
  )
  const applied = there?.there ? await readApplied(session) : []
  refuseDifferences(applied, migrations)
  return migrations.slice(applied.length).map(({ name }) => name)
}

async function appliedMigrations(session: Session): Promise<Applied[]> {
  await session.exec(`set role ${OWNER};
    create schema if not exists wedsync;
    create table if not exists wedsync.migration (
      number int primary key, name text not null, checksum text not null, applied_at timestamptz not null);
    grant usage on schema wedsync to wed_app, wed_backup;
    grant select on wedsync.migration to wed_app, wed_backup;
    reset role`)
  return readApplied(session)
}

const readApplied = (session: Session): Promise<Applied[]> =>
  session.query<Applied>('select number, name, checksum from wedsync.migration order by number')

function refuseDifferences(applied: readonly Applied[], migrations: readonly Migration[]): void {
  const newest = migrations.length
  for (const [i, done] of applied.entries()) {
    const ours = migrations[i]
    if (done.number !== i + 1)
      throw new Refusal(
        'setup',
        `The database has no record of migration ${i + 1} although later ones ran. Restore a backup; nothing was changed.`,
      )
    if (ours === undefined)
      throw new Refusal(
        'setup',
        `The database was migrated by a newer version (${done.name}; this one knows ${newest}). Start that version, or restore a backup made by this one.`,
      )
    if (ours.name !== done.name || ours.checksum !== done.checksum)
      throw new Refusal(
        'setup',
        `Migration ${done.name} ran with another text than ${ours.name} has now. Put the file back as it was and write the change as a new migration.`,
      )
  }
}

async function apply(session: Session, migration: Migration, now: Instant): Promise<void> {
  await session.exec(`begin; set local role ${OWNER}; set local search_path = app`)
  try {
    const before = await transactionId(session)
    await session.exec(migration.text)
    if ((await transactionId(session)) !== before)
      throw new Refusal('setup', `Migration ${migration.name} ends its own transaction; it must not commit.`)
    await session.exec(`set local role ${OWNER}`)
    await session.query(
      'insert into wedsync.migration (number, name, checksum, applied_at) values ($1, $2, $3, $4)',
      [migration.number, migration.name, migration.checksum, ts(now)],
    )
    await session.exec('commit')
  } catch (error) {
    await session.exec('rollback')
    if (error instanceof Refusal) throw error
    throw new Error(`Migration ${migration.name} failed and was undone: ${(error as Error).message}`, {
      cause: error,
    })
  }
}

async function transactionId(session: Session): Promise<unknown> {
  const [row] = await session.query<{ id: string }>('select pg_current_xact_id()::text as id')
  return row?.id
}
