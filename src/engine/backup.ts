import { createHash } from 'node:crypto'
import { type Instant, isoOf } from '../core/time/instant.ts'
import {
  type BackupTable,
  backupTables,
  type CopySession,
  copyOutText,
  readMarks,
  refuseHiddenRows,
} from '../store/backup-tables.ts'
import {
  type BackupHeader,
  type BackupKey,
  type Bytes,
  FORMAT,
  FRAME,
  frame,
  sealFile,
} from './backup-file.ts'

/**
 * One consistent snapshot of everything, taken in a single reading transaction while the system goes on, as a
 * stream of sealed bytes. Personal data stays sealed as it lies in its rows; erasing a person's key later makes it
 * unreadable in every backup too.
 */
export type BackupFacts = {
  readonly key: BackupKey
  readonly now: Instant
  readonly program: string
  readonly zoneData: string
  /** 32 random bytes, of this file alone: no two files are sealed with the same key. */
  readonly salt: Uint8Array
}
export type TableTold = {
  readonly name: string
  readonly rows: number
  readonly bytes: number
  readonly sha256: string
}
export type BackupTold = {
  readonly header: BackupHeader
  readonly tables: readonly TableTold[]
  readonly rows: number
  readonly bytes: number
}
export type Progress = (done: {
  readonly rows: number
  readonly bytes: number
  readonly table: string
}) => void

/** Gives the file's bytes; what it held is told when the last of them has been taken. */
export async function* backup(
  session: CopySession,
  facts: BackupFacts,
  told: (backup: BackupTold) => void,
  progress: Progress = () => undefined,
): Bytes {
  await session.exec('begin isolation level repeatable read, read only')
  try {
    await refuseHiddenRows(session)
    const tables = await backupTables(session)
    const header = await headerOf(session, facts)
    const ended: TableTold[] = []
    yield* sealFile(header, facts.key, contentOf(session, tables, ended, progress))
    told({ header, tables: ended, ...sumOf(ended) })
  } finally {
    await session.exec('rollback')
  }
}

async function headerOf(
  session: CopySession,
  { key, now, program, zoneData, salt }: BackupFacts,
): Promise<BackupHeader> {
  const [row] = await session.query<{ installation: string; postgres: string }>(
    `select installation_id::text as installation, current_setting('server_version') as postgres from app.installation`,
  )
  return {
    format: FORMAT,
    program,
    at: isoOf(now),
    installation: row?.installation ?? '',
    postgres: row?.postgres ?? '',
    zoneData,
    migrations: await readMarks(session),
    keyId: key.id,
    salt: Buffer.from(salt).toString('hex'),
  }
}

async function* contentOf(
  session: CopySession,
  tables: readonly BackupTable[],
  ended: TableTold[],
  progress: Progress,
): Bytes {
  for (const table of tables) {
    yield frame(FRAME.table, JSON.stringify(table))
    const tally = tallyOf(table.name)
    for await (const piece of session.copyOut(copyOutText(table))) {
      tally.add(piece)
      yield frame(FRAME.rows, piece)
      const before = sumOf(ended)
      progress({ rows: before.rows + tally.rows(), bytes: before.bytes + tally.bytes(), table: table.name })
    }
    ended.push(tally.end())
    yield frame(FRAME.tableEnd, JSON.stringify(ended.at(-1)))
  }
  yield frame(FRAME.end, JSON.stringify(sumOf(ended)))
}

export const sumOf = (tables: readonly TableTold[]): { rows: number; bytes: number } =>
  tables.reduce((sum, one) => ({ rows: sum.rows + one.rows, bytes: sum.bytes + one.bytes }), {
    rows: 0,
    bytes: 0,
  })

const LINE_END = 0x0a

/** Counts and sums what went through. In COPY's text form a line end is the end of a row and nothing else. */
export function tallyOf(name: string) {
  const hash = createHash('sha256')
  let rows = 0
  let bytes = 0
  return {
    rows: () => rows,
    bytes: () => bytes,
    add(piece: Uint8Array): void {
      hash.update(piece)
      bytes += piece.length
      for (let at = piece.indexOf(LINE_END); at !== -1; at = piece.indexOf(LINE_END, at + 1)) rows += 1
    },
    end: (): TableTold => ({ name, rows, bytes, sha256: hash.digest('hex') }),
  }
}
