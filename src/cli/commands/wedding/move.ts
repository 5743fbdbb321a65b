import type { Command } from 'commander'
import { plainCell, type Row, readCsv } from '../../../core/csv.ts'
import type { ClientId, VendorId, WeddingId } from '../../../core/ids.ts'
import type { Problem } from '../../../core/problem.ts'
import { Refusal } from '../../../core/refusal.ts'
import type { Decision } from '../../../core/run/decision.ts'
import { parseLocalDate } from '../../../core/time/calendar.ts'
import type { LocalDate } from '../../../core/time/local.ts'
import { startBulk } from '../../../engine/bulk.ts'
import { type ChangeReceipt, type DetailsChange, previewDetails } from '../../../engine/change-details.ts'
import type { Engine } from '../../../engine/engine.ts'
import { findClient, type NamedClient, namedClients, namesOf } from '../../../engine/find-clients.ts'
import { clientsByMarks } from '../../../store/find-clients.ts'
import { watched } from '../../progress.ts'
import { dateText, ofVendor, teach } from '../../teach.ts'
import { count, EXIT, give, say } from '../../terminal.ts'
import { readTextFile } from '../../text-file.ts'
import { ACTOR, vendorFor } from '../../whose.ts'
import { withHouse } from '../../with-house.ts'

type Options = {
  json?: boolean
  vendor?: string
  client?: string
  to?: string
  unknown?: boolean
  csv?: string
  preview?: boolean
}
type Move = { readonly client: NamedClient; readonly on: LocalDate | null }

/** A wedding moves, or a whole weekend of them; what that means for each couple is shown before or after. */
export function weddingMove(group: Command): void {
  teach(
    ofVendor(
      group
        .command('move')
        .description(
          'Move a wedding: every step that hangs on the date moves along, what was sent stays sent.',
        )
        .option('--client <id, e-mail or name>', 'whose wedding')
        .option('--to <date>', 'the new day', dateText)
        .option('--unknown', 'the new day is not known yet: what hangs on it waits')
        .option(
          '--csv <file>',
          'many at once: columns "client" (id or e-mail) and "date" (2027-06-12, or empty)',
        )
        .option('--preview', 'only show what stays, what moves and what needs you'),
    ),
    {
      examples: [
        'wedsync wedding move --client anna@example.org --to 2027-07-03 --preview',
        'wedsync wedding move --csv postponed.csv',
      ],
      next: '"wedsync wedding undo <job>" takes it back within ten minutes: late steps wait for that long.',
    },
  ).action((options: Options) =>
    withHouse(async ({ engine }) => {
      const vendor = await vendorFor(engine, options.vendor)
      const moves =
        options.csv === undefined
          ? [await oneMove(engine, vendor.id, options)]
          : await movesIn(engine, vendor.id, options.csv)
      const changes = moves.map(
        ({ client, on }): DetailsChange => ({
          wedding: client.wedding_id as WeddingId,
          anchors: { wedding: on === null ? null : { is: 'day', on } },
        }),
      )
      if (options.preview) return preview(engine, vendor.id, moves, changes, options)
      const told = await watched('Weddings moved', (tell) =>
        startBulk(engine, vendor.id, { is: 'move', changes }, ACTOR, tell),
      )
      const refused = told.results.filter((one) => one.is === 'refused')
      if (refused.length > 0) process.exitCode = EXIT.problems
      for (const one of refused) say(`${one.of}: ${one.why}`)
      give(options.json, { job: told.job_id, done: told.done, refused: told.failed, results: told.results }, [
        `${count(told.done, 'wedding')} moved. Take back within ten minutes: wedsync wedding undo ${told.job_id}`,
      ])
    }),
  )
}

async function oneMove(engine: Engine, vendor: VendorId, options: Options): Promise<Move> {
  if (options.client === undefined || (options.to === undefined) === !options.unknown)
    throw new Refusal(
      'invalid',
      'Say whose wedding and where to: --client <…> and --to <date> (or --unknown); or --csv <file>.',
    )
  return withWedding(
    await findClient(engine, vendor, options.client),
    options.to === undefined ? null : (options.to as LocalDate),
  )
}

function withWedding(client: NamedClient, on: LocalDate | null): Move {
  if (client.wedding_id === null) throw new Refusal('invalid', `${namesOf(client)} have no wedding here yet.`)
  return { client, on }
}

/** The whole file is judged before anything moves. */
async function movesIn(engine: Engine, vendor: VendorId, file: string): Promise<Move[]> {
  const read = readCsv(readTextFile(file))
  const problems: Problem[] = read.ok ? [] : [...read.problems]
  const tell = (line: number, column: number, message: string): void =>
    void problems.push({ code: 'cell', severity: 'error', path: `${line}:${column}`, message })
  const names = read.ok ? read.sheet.header.cells.map((cell) => cell.text.trim().toLowerCase()) : []
  const [who, when] = [
    names.findIndex((name) => ['client', 'couple', 'email', 'e-mail', 'id'].includes(name)),
    names.findIndex((name) => ['date', 'to', 'wedding', 'wedding date'].includes(name)),
  ]
  if (read.ok && who === -1) tell(1, 1, 'No column is called "client".')
  if (read.ok && when === -1) tell(1, 1, 'No column is called "date".')
  const rows = read.ok && problems.length === 0 ? read.sheet.rows : []
  const clients = await clientsMeant(
    engine,
    vendor,
    rows.map((row) => plainCell(row.cells[who]!.text)),
  )
  const lines = new Map<string, number>()
  const moves = rows.flatMap((row) => moveOf(row, who, when, clients, lines, tell))
  if (problems.length > 0)
    throw new Refusal(
      'invalid',
      `${file} has ${count(problems.length, 'problem')}; nothing was moved.`,
      {},
      problems.map((one) => ({ ...one, path: `${file}:${one.path}` })),
    )
  return moves
}

function moveOf(
  row: Row,
  who: number,
  when: number,
  clients: ReadonlyMap<string, NamedClient>,
  lines: Map<string, number>,
  tell: (line: number, column: number, message: string) => void,
): Move[] {
  const [cell, dateCell] = [row.cells[who]!, row.cells[when]!]
  const given = plainCell(dateCell.text)
  const client = clients.get(plainCell(cell.text).toLowerCase())
  const on = given === '' ? null : parseLocalDate(given)
  const before = client?.wedding_id ? lines.get(client.wedding_id) : undefined
  if (!client)
    tell(
      cell.line,
      cell.column,
      `No couple is known here as "${cell.text}". Use its id or its email address.`,
    )
  else if (client.wedding_id === null)
    tell(cell.line, cell.column, `${namesOf(client)} have no wedding here yet.`)
  else if (before !== undefined) tell(cell.line, cell.column, `This wedding is in line ${before} already.`)
  else lines.set(client.wedding_id, row.line)
  if (given !== '' && on === null)
    tell(dateCell.line, dateCell.column, `"${given}" is not a date such as 2027-06-12.`)
  return client && (on !== null || given === '') ? [{ client, on }] : []
}

async function clientsMeant(
  engine: Engine,
  vendor: VendorId,
  words: readonly string[],
): Promise<Map<string, NamedClient>> {
  const addresses = words.filter((word) => word.includes('@'))
  const marks = await Promise.all(addresses.map((address) => engine.vault.mark(vendor, 'email', address)))
  const rows = await engine.db.tx('client.find', { vendors: [vendor] }, (sql) =>
    clientsByMarks(sql, vendor, marks),
  )
  const byMark = new Map(rows.map((row) => [Buffer.from(row.mark).toString('hex'), row.client_id]))
  const idOf = new Map<string, ClientId>()
  for (const [index, address] of addresses.entries()) {
    const id = byMark.get(Buffer.from(marks[index]!).toString('hex'))
    if (id) idOf.set(address.toLowerCase(), id)
  }
  for (const word of words)
    if (/^[0-9a-f-]{36}$/i.test(word)) idOf.set(word.toLowerCase(), word.toLowerCase() as ClientId)
  const named = new Map(
    (await namedClients(engine, vendor, [...new Set(idOf.values())])).map((one) => [
      one.client_id as string,
      one,
    ]),
  )
  return new Map([...idOf].flatMap(([word, id]) => (named.has(id) ? [[word, named.get(id)!] as const] : [])))
}

async function preview(
  engine: Engine,
  vendor: VendorId,
  moves: readonly Move[],
  changes: readonly DetailsChange[],
  options: Options,
): Promise<void> {
  const couples: {
    client: string
    names: string
    from: string | null
    to: string | null
    steps: ReturnType<typeof stepsOf>
  }[] = []
  await watched('Weddings looked at', async (tell) => {
    for (const [index, move] of moves.entries()) {
      const receipt = await previewDetails(engine, vendor, [changes[index]!], ACTOR)
      couples.push({
        client: move.client.client_id,
        names: namesOf(move.client),
        from: move.client.wedding_on,
        to: move.on,
        steps: stepsOf(receipt),
      })
      tell(index + 1, moves.length)
    }
  })
  give(
    options.json,
    { preview: true, couples },
    couples.flatMap((one) => [
      `${one.names}: ${one.from ?? 'no date'} → ${one.to ?? 'to be confirmed'}`,
      ...one.steps.map((step) =>
        `  ${step.node ?? ''}: ${WORDS[step.is] ?? step.is} ${step.from ?? ''}${step.to ? ` → ${step.to}` : ''}`.trimEnd(),
      ),
    ]),
  )
}

const WORDS: { readonly [code: string]: string } = {
  stays: 'stays',
  moves: 'moves',
  needs_you: 'needs you',
  parked: 'waits for a date',
  late_skipped: 'is left out (late)',
  late_until_undo: 'is late; decided when it can no longer be undone',
  late_task: 'becomes a task',
  left: 'the journey ends',
}

const stepsOf = (receipt: ChangeReceipt) =>
  receipt.runs.flatMap(({ run, because }) =>
    because
      .filter((one) => one.code in WORDS)
      .map((one: Decision) => ({
        run,
        is: one.code,
        node: one.node ?? null,
        from: textOf(one, 'from'),
        to: textOf(one, 'to'),
      })),
  )
const textOf = (one: Decision, name: string): string | null =>
  typeof one.values?.[name] === 'string' ? (one.values[name] as string) : null
