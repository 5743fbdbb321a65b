import { createHash } from 'node:crypto'
import type { Command } from 'commander'
import { Option } from 'commander'
import { readCsv } from '../../../core/csv.ts'
import type { Problem } from '../../../core/problem.ts'
import { Refusal } from '../../../core/refusal.ts'
import type { LocalDate } from '../../../core/time/local.ts'
import {
  COLUMN_NAMES,
  type CoupleRow,
  type DateOrder,
  mapColumns,
  readCouples,
} from '../../../engine/couple-sheet.ts'
import { type Duplicate, duplicatesOf, importCouples } from '../../../engine/import-couples.ts'
import { watched } from '../../progress.ts'
import { ofVendor, pair, teach } from '../../teach.ts'
import { count, EXIT, give, ochre, say } from '../../terminal.ts'
import { readTextFile } from '../../text-file.ts'
import { vendorFor } from '../../whose.ts'
import { withHouse } from '../../with-house.ts'

type Options = {
  json?: boolean
  vendor?: string
  map?: Record<string, string>
  dates?: DateOrder
  dryRun?: boolean
  validRows?: boolean
  duplicates: 'skip' | 'refuse'
}
const SHOWN_MAX = 100

/** A book of couples from a table: everything is judged first, and nothing comes in unless all of it may. */
export function couplesImport(group: Command): void {
  teach(
    ofVendor(
      group
        .command('import <file.csv>')
        .description(
          'Bring couples in from a CSV file. Every bad cell is named with its line and column; by default all rows come in or none.',
        )
        .option(
          '--map <column=meaning>',
          'what a column means, when its name does not say it; as often as needed',
          pair,
        )
        .addOption(new Option('--dates <order>', 'what 03/04/2027 means').choices(['dmy', 'mdy']))
        .option('--dry-run', 'only judge: nothing is written')
        .option('--valid-rows', 'bring in the good rows and leave the bad ones out')
        .addOption(
          new Option('--duplicates <what>', 'rows whose email address is known here already')
            .choices(['skip', 'refuse'])
            .default('skip'),
        ),
    ),
    {
      examples: [
        'wedsync couples import book.csv --dry-run',
        'wedsync couples import book.csv --dates dmy --map "Big Day=wedding" --map "Notes=field:notes"',
      ],
      more: `Columns mean: ${COLUMN_NAMES.join(', ')}, or field:<name> for your own. Usual names ("Wedding date", "E-mail") are understood.`,
      next: '"wedsync run list" shows which journeys began. The same file again changes nothing.',
    },
  ).action(run)
}

async function run(file: string, options: Options): Promise<void> {
  const text = readTextFile(file)
  const { rows, problems, ignored, total } = judge(text, file, options)
  if (problems.length > 0 && !options.validRows) throw refusal(file, problems, total)
  await withHouse(async ({ engine }) => {
    const vendor = await vendorFor(engine, options.vendor)
    const duplicates = await watched('Looking for couples who are here already', () =>
      duplicatesOf(engine, vendor.id, rows),
    )
    if (duplicates.length > 0 && options.duplicates === 'refuse')
      throw refusal(
        file,
        duplicates.map((one) => duplicateProblem(file, one)),
        total,
      )
    const known = new Set(duplicates.map((one) => one.line))
    const fresh = rows.filter((row) => !known.has(row.line))
    const told = options.dryRun
      ? { imported: 0, already: 0, clients: [], started: 0 }
      : await watched('Importing couples', (tell) =>
          importCouples(
            engine,
            vendor.id,
            createHash('sha256').update(text).digest('hex').slice(0, 16),
            fresh,
            (done) => tell(done, fresh.length),
          ),
        )
    if (problems.length > 0) process.exitCode = EXIT.problems
    for (const problem of problems.slice(0, SHOWN_MAX)) say(`${problem.path}: ${problem.message}`)
    if (ignored.length > 0)
      say(
        ochre(
          `Columns that mean nothing here: ${ignored.join(', ')}. Say --map "${ignored[0]}=field:${fieldName(ignored[0])}" to keep one.`,
        ),
      )
    give(
      options.json,
      {
        file,
        rows: total,
        valid: rows.length,
        dryRun: options.dryRun === true,
        ...told,
        duplicates,
        ignored,
        problems,
      },
      [
        options.dryRun
          ? `${count(fresh.length, 'couple')} would come in, ${count(duplicates.length, 'is', 'are')} here already, ${count(total - rows.length, 'row')} cannot.`
          : `${count(told.imported, 'couple')} imported, ${count(told.already + duplicates.length, 'was', 'were')} here already, ${count(total - rows.length, 'row')} left out; ${count(told.started, 'run')} began.`,
      ],
    )
  })
}

const fieldName = (column: string | undefined): string =>
  (column ?? '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[^a-z]+|_+$/g, '') || 'note'

type Judged = {
  rows: readonly CoupleRow[]
  problems: readonly Problem[]
  ignored: readonly string[]
  total: number
}

function judge(text: string, file: string, options: Options): Judged {
  const read = readCsv(text)
  if (!read.ok)
    throw refusal(
      file,
      read.problems.map((one) => located(file, one)),
      0,
    )
  const { mapping, problems } = mapColumns(read.sheet, options.map ?? {})
  if (problems.length > 0)
    throw refusal(
      file,
      problems.map((one) => located(file, one)),
      0,
    )
  const couples = readCouples(
    read.sheet,
    mapping,
    options.dates ?? null,
    new Date().toISOString().slice(0, 10) as LocalDate,
  )
  return {
    rows: couples.rows,
    problems: couples.problems.map((one) => located(file, one)),
    ignored: mapping.ignored,
    total: read.sheet.rows.length,
  }
}

const located = (file: string, problem: Problem): Problem => ({
  ...problem,
  path: `${file}:${problem.path}`,
})

const duplicateProblem = (file: string, one: Duplicate): Problem => ({
  code: 'duplicate',
  severity: 'error',
  path: `${file}:${one.line}:${one.column}`,
  message: `This address belongs to couple ${one.client} already.`,
})

function refusal(file: string, problems: readonly Problem[], total: number): Refusal {
  const hint = total > 0 ? ' Mend them, or bring in the others with --valid-rows.' : ''
  return new Refusal(
    'invalid',
    `${file} has ${count(problems.length, 'problem')}; nothing was imported.${hint}`,
    {},
    problems,
  )
}
