import { createHash } from 'node:crypto'
import { type Cell, plainCell, readCsv, type Sheet, writeCsv } from '../core/csv.ts'
import type { ClientId, Json, RunId, VendorId } from '../core/ids.ts'
import type { Problem } from '../core/problem.ts'
import { Refusal } from '../core/refusal.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import { insertJob, type JobResult } from '../store/bulk-jobs.ts'
import { clientsByMarks } from '../store/find-clients.ts'
import { roughDay } from './believed.ts'
import { BULK_ROWS_MAX } from './bulk.ts'
import { COLUMN_NAMES, type CoupleRow, type DateOrder, mapColumns, readCouples } from './couple-sheet.ts'
import type { Engine } from './engine.ts'
import { duplicatesOf, IMPORT_BATCH, importPart } from './import-couples.ts'
import { openJson, sealJson } from './views.ts'

/**
 * A table of couples as a job: judged as a whole, then brought in part by part. The rows wait sealed in the job, for
 * they are names and addresses like any others.
 */
export type SheetGiven = {
  readonly text: string
  readonly columns: { readonly [name: string]: string }
  readonly dates?: DateOrder | undefined
}
export type ImportBulk = {
  readonly is: 'import'
  /** By which the same file is known again. */
  readonly file: string
  readonly total: number
  /** The rows, sealed, as base64. */
  readonly sealed: string
}
const EXAMPLES_MAX = 3
const TOLD_MAX = 200

const rowsPlace = (vendor: VendorId, job: string) =>
  ({ vendor, subject: null, table: 'job', row: job, column: 'request' }) as const
const fileOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16)

/** What the command line says with its options is said in the app with a choice. */
const spoken = (message: string): string =>
  message
    .replace(/ Say --dates .*$/, ' Say above which comes first, the day or the month.')
    .replace(
      /^Two columns mean \w+\. Say --map .*$/,
      'Two columns mean the same. Choose above which one does.',
    )
    .replace(/ Say --map .*$/, ' Choose above what each column means.')
    .replace(/ Say which one does: --map .*$/, ' Choose above which one does.')

const placeOf = ({ path }: Problem): { line: number; column: number } => {
  const [line = 1, column = 1] = path.split(':').map(Number)
  return { line, column }
}

export type Judged = {
  readonly sheet: Sheet | null
  readonly means: readonly (string | null)[]
  readonly rows: readonly CoupleRow[]
  readonly problems: readonly Problem[]
  /** Something is wrong with the table or its columns: no row can be read. */
  readonly whole: boolean
}

export function judgeSheet({ text, columns, dates }: SheetGiven, now: Instant): Judged {
  const read = readCsv(text)
  if (!read.ok) return { sheet: null, means: [], rows: [], problems: read.problems, whole: false }
  const { mapping, problems } = mapColumns(read.sheet, columns)
  const means = read.sheet.header.cells.map((_, index) => mapping.of.get(index) ?? null)
  if (problems.length > 0) return { sheet: read.sheet, means, rows: [], problems, whole: false }
  const couples = readCouples(read.sheet, mapping, dates ?? null, roughDay(now))
  return { sheet: read.sheet, means, rows: couples.rows, problems: couples.problems, whole: true }
}

export async function checkSheet(engine: Engine, vendor: VendorId, given: SheetGiven) {
  const judged = judgeSheet(given, engine.clock.now())
  const { sheet, means, rows, problems } = judged
  const known = await duplicatesOf(engine, vendor, rows)
  const cells = new Map<string, { cell: Cell; of: string }>(
    [sheet?.header, ...(sheet?.rows ?? [])].flatMap((row) =>
      (row?.cells ?? []).map((cell, index) => {
        const of = sheet?.header.cells[index]?.text ?? ''
        return [`${cell.line}:${cell.column}`, { cell, of }] as const
      }),
    ),
  )
  const badLines = new Set(problems.map((one) => placeOf(one).line))
  return {
    columns:
      sheet?.header.cells.map((cell, index) => ({
        name: cell.text,
        means: means[index] ?? null,
        examples: examplesOf(sheet, index),
      })) ?? null,
    meanings: [...COLUMN_NAMES],
    rows: sheet?.rows.length ?? 0,
    good: rows.length,
    known: new Set(known.map((one) => one.line)).size,
    bad: judged.whole ? (sheet?.rows ?? []).filter((row) => badLines.has(row.line)).length : 0,
    problems: problems.slice(0, TOLD_MAX).map((one) => ({
      ...placeOf(one),
      code: one.code,
      message: spoken(one.message),
      cell: cells.get(one.path)?.cell.text.slice(0, 60) ?? '',
      of: cells.get(one.path)?.of.slice(0, 60) ?? '',
    })),
    refused: judged.whole && sheet && badLines.size > 0 ? refusedRows(sheet, problems) : null,
  }
}

const examplesOf = (sheet: Sheet, index: number): string[] =>
  [
    ...new Set(
      sheet.rows
        .slice(0, 50)
        .map((row) => plainCell(row.cells[index]?.text ?? '').slice(0, 60))
        .filter((text) => text !== ''),
    ),
  ].slice(0, EXAMPLES_MAX)

/** The bad rows as they came, each with what is wrong with it: the reason's column means nothing when read again. */
function refusedRows(sheet: Sheet, problems: readonly Problem[]): string {
  const why = Map.groupBy(problems, (one) => placeOf(one).line)
  return writeCsv([
    ['Why it was refused', ...sheet.header.cells.map((cell) => cell.text)],
    ...sheet.rows.flatMap((row) => {
      const found = why.get(row.line)
      return found
        ? [[found.map((one) => spoken(one.message)).join(' '), ...row.cells.map((cell) => cell.text)]]
        : []
    }),
  ])
}

/** Writes the job down in the caller's transaction, with every good row. */
export async function beginImportIn(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  given: SheetGiven,
  by: string,
): Promise<{ job: string; total: number }> {
  const { rows, problems, whole } = judgeSheet(given, engine.clock.now())
  if (!whole)
    throw new Refusal(
      'invalid',
      'This table cannot be read as couples.',
      {},
      problems.map((one) => ({ ...one, message: spoken(one.message) })),
    )
  if (rows.length === 0) throw new Refusal('invalid', 'There is no row in it that could come in.')
  if (rows.length > BULK_ROWS_MAX)
    throw new Refusal('too_many', `${rows.length} rows; at most ${BULK_ROWS_MAX} at once. Split the file.`)
  const now = engine.clock.now()
  const job = engine.rng.uuid7(now)
  const sealed = await sealJson(engine.vault, rowsPlace(vendor, job), { rows })
  const request: ImportBulk = {
    is: 'import',
    file: fileOf(given.text),
    total: rows.length,
    sealed: Buffer.from(sealed).toString('base64'),
  }
  await insertJob(sql, vendor, {
    job_id: job,
    kind: 'client.import',
    request: request as unknown as Json,
    total: rows.length,
    actor: by,
    at: now,
  })
  return { job, total: rows.length }
}

/** The next rows of it, in the transaction of the job's progress. */
export async function importSome(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  job: string,
  bulk: ImportBulk,
  from: number,
): Promise<{ results: JobResult[]; wake: RunId[] }> {
  const opened = (await openJson(
    engine.vault,
    rowsPlace(vendor, job),
    Buffer.from(bulk.sealed, 'base64'),
  )) as unknown as { rows: readonly CoupleRow[] }
  const part = opened.rows.slice(from, from + IMPORT_BATCH)
  const here = await knownLines(engine, sql, vendor, part)
  const fresh = part.filter((row) => !here.has(row.line))
  const { written, started } = await importPart(engine, sql, vendor, bulk.file, fresh)
  const clients = new Map(written.map((one) => [one.line, one.client]))
  return {
    results: part.map((row): JobResult => {
      const of = `line ${row.line}`
      if (here.has(row.line)) return { of, is: 'refused', why: 'A couple with this address is here already.' }
      const client = clients.get(row.line)
      return client !== undefined
        ? { of, is: 'done', undo: client }
        : { of, is: 'refused', why: 'This row came in with an earlier import.' }
    }),
    wake: [...started],
  }
}

async function knownLines(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  rows: readonly CoupleRow[],
): Promise<Set<number>> {
  const cells = rows.flatMap((row) => row.emails.map((cell) => ({ line: row.line, cell })))
  const marks = await Promise.all(cells.map(({ cell }) => engine.vault.mark(vendor, 'email', cell.text)))
  const found = new Map<string, ClientId>(
    (await clientsByMarks(sql, vendor, marks)).map((row) => [
      Buffer.from(row.mark).toString('hex'),
      row.client_id,
    ]),
  )
  return new Set(
    cells.flatMap(({ line }, index) => (found.has(Buffer.from(marks[index]!).toString('hex')) ? [line] : [])),
  )
}
