import type { ClientId, RunId, VendorId, WeddingId } from '../core/ids.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import { readDress } from '../store/brand.ts'
import { bumpVendor, type NewClient, type NewWedding } from '../store/clients.ts'
import { clientsByMarks } from '../store/find-clients.ts'
import { insertClients, insertWeddings, knownKeys, lockVendor } from '../store/import.ts'
import { beginnersEnter, dateJourneys } from '../store/journeys.ts'
import { insertPersons, type NewPerson } from '../store/people.ts'
import { firstValues, type NewCouple, sealPerson, weddingAnchors } from './clients.ts'
import type { CoupleRow } from './couple-sheet.ts'
import type { Engine } from './engine.ts'
import { hear, within } from './hear.ts'
import { retrying } from './retrying.ts'
import { ringRuns } from './ring.ts'
import { startRuns } from './start.ts'
import { loadViews, sealFields } from './views.ts'

/**
 * A whole book of couples in batches, each one transaction: couples, their event and the runs it starts, together
 * or not at all. Told again, a row that is here already is passed over, so that an import cut off goes on.
 */
const SOURCE = 'import'
export const IMPORT_BATCH = 500
const BATCH = IMPORT_BATCH

export type Duplicate = { readonly line: number; readonly column: number; readonly client: ClientId }
export type ImportTold = {
  imported: number
  already: number
  readonly clients: { line: number; client: ClientId }[]
  started: number
}

/** Rows one of whose addresses belongs to a couple that is here already. */
export async function duplicatesOf(
  engine: Engine,
  vendor: VendorId,
  rows: readonly CoupleRow[],
): Promise<Duplicate[]> {
  const found: Duplicate[] = []
  for (let at = 0; at < rows.length; at += BATCH * 4) {
    const cells = rows
      .slice(at, at + BATCH * 4)
      .flatMap((row) => row.emails.map((cell) => ({ line: row.line, cell })))
    const marks = await Promise.all(cells.map(({ cell }) => engine.vault.mark(vendor, 'email', cell.text)))
    const known = await engine.db.tx('import.known', { vendors: [vendor] }, (sql) =>
      clientsByMarks(sql, vendor, marks),
    )
    const clients = new Map(known.map((row) => [Buffer.from(row.mark).toString('hex'), row.client_id]))
    for (const [index, { line, cell }] of cells.entries()) {
      const client = clients.get(Buffer.from(marks[index]!).toString('hex'))
      if (client) found.push({ line, column: cell.column, client })
    }
  }
  return found
}

export async function importCouples(
  engine: Engine,
  vendor: VendorId,
  file: string,
  rows: readonly CoupleRow[],
  progress: (done: number) => void = () => undefined,
): Promise<ImportTold> {
  const told: ImportTold = { imported: 0, already: 0, clients: [], started: 0 }
  const dress = await engine.db.read('import.vendor', { vendors: [vendor] }, (sql) => readDress(sql, vendor))
  const region = dress?.region ?? ''
  const prepareFrom = (at: number): Promise<Ready[]> => {
    const ready = Promise.all(
      rows.slice(at, at + BATCH).map((row) => prepare(engine, vendor, region, file, row)),
    )
    // Awaited in its turn; if the batch before it fails, nobody will ask.
    ready.catch(() => undefined)
    return ready
  }
  let next = prepareFrom(0)
  for (let at = 0; at < rows.length; at += BATCH) {
    const part = rows.slice(at, at + BATCH)
    // Sealed outside the transaction, and the next ones while these are written: making keys takes the longest.
    const ready = await next
    next = prepareFrom(at + BATCH)
    const batch = await retrying(engine, () =>
      engine.db.tx('import.batch', { vendors: [vendor] }, (sql) => writeBatch(engine, sql, vendor, ready)),
    )
    told.imported += batch.written.length
    told.already += part.length - batch.written.length
    told.clients.push(...batch.written)
    told.started += batch.started.length
    ringRuns(engine, batch.started)
    progress(Math.min(rows.length, at + BATCH))
  }
  return told
}

type Ready = {
  readonly line: number
  readonly key: string
  readonly client: NewClient
  readonly wedding: NewWedding
  readonly people: readonly NewPerson[]
}

async function prepare(
  engine: Engine,
  vendor: VendorId,
  region: string,
  file: string,
  row: CoupleRow,
): Promise<Ready> {
  const at = engine.clock.now()
  const client = engine.rng.uuid7(at) as ClientId
  const wedding = engine.rng.uuid7(at) as WeddingId
  const { couple } = row
  return {
    line: row.line,
    key: row.reference === '' ? `${file}:${row.line}` : `reference:${row.reference}`,
    wedding: weddingOf(vendor, wedding, couple, at),
    client: {
      vendor,
      client,
      wedding,
      at,
      stage: couple.stage ?? 'inquiry',
      tags: couple.tags ?? [],
      language: couple.language ?? 'en',
      zone: couple.zone ?? null,
      anchors: firstValues(couple.anchors ?? {}),
      fields: couple.fields ? await sealFields(engine.vault, vendor, client, couple.fields) : null,
    },
    people: await Promise.all(
      couple.people.map((person) => sealPerson(engine, vendor, client, person, region)),
    ),
  }
}

function weddingOf(
  vendor: VendorId,
  wedding: WeddingId,
  { wedding: given = {} }: NewCouple,
  at: Instant,
): NewWedding {
  return {
    vendor,
    wedding,
    at,
    status: given.status ?? (given.on ? 'confirmed' : 'to_be_confirmed'),
    zone: given.zone ?? null,
    region: given.region ?? null,
    guests: given.guests ?? null,
    on: given.on ?? null,
    anchors: weddingAnchors(given),
  }
}

/** The same for one part, in a transaction of the caller's. */
export async function importPart(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  file: string,
  rows: readonly CoupleRow[],
): Promise<Batch> {
  const region = (await readDress(sql, vendor))?.region ?? ''
  const ready = await Promise.all(rows.map((row) => prepare(engine, vendor, region, file, row)))
  return writeBatch(engine, sql, vendor, ready)
}

type Batch = { readonly written: { line: number; client: ClientId }[]; readonly started: RunId[] }

async function writeBatch(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  ready: readonly Ready[],
): Promise<Batch> {
  await lockVendor(sql, vendor)
  const known = await knownKeys(
    sql,
    vendor,
    SOURCE,
    ready.map((one) => one.key),
  )
  const fresh = ready.filter((one) => !known.has(one.key))
  if (fresh.length === 0) return { written: [], started: [] }
  // Sent together and carried out in this order: nobody waits for an answer that says nothing.
  await Promise.all([
    insertWeddings(
      sql,
      fresh.map((one) => one.wedding),
    ),
    insertClients(
      sql,
      fresh.map((one) => one.client),
    ),
    insertPersons(
      sql,
      fresh.flatMap((one) => one.people),
    ),
    fresh.some((one) => one.wedding.on !== null) ? bumpVendor(sql, vendor) : undefined,
  ])
  const dated = await startByDate(engine, sql, vendor, fresh)
  const now = engine.clock.now()
  const histories = await hear(
    engine,
    sql,
    now,
    fresh.map(({ key, client }) => ({
      vendor,
      source: SOURCE,
      key,
      client: client.client,
      wedding: client.wedding,
      event: within(engine, now, 'client_added', { stage: client.stage }),
      anchor: null,
      personal: null,
    })),
  )
  const begun = histories.flatMap((one) => one.started.map(({ run }) => run))
  return {
    written: fresh.map((one) => ({ line: one.line, client: one.client.client })),
    started: [...dated, ...begun],
  }
}

/** The runs of journeys that begin by a date; they hear of the couple's coming like every other. */
async function startByDate(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  fresh: readonly Ready[],
): Promise<RunId[]> {
  const [, journeys] = await Promise.all([beginnersEnter(sql, [vendor]), dateJourneys(sql, vendor)])
  if (journeys.length === 0) return []
  const now = engine.clock.now()
  const views = await loadViews(
    engine,
    sql,
    now,
    fresh.map((one) => ({ vendor, client: one.client.client, graph: null })),
  )
  const answers = await startRuns(
    engine,
    sql,
    now,
    vendor,
    fresh.flatMap(({ client }) =>
      journeys.map((journey) => ({
        journey,
        client: client.client,
        wedding: client.wedding,
        by: null,
        view: views.of(client.client),
      })),
    ),
  )
  return answers.flatMap((answer) => (answer.is === 'started' ? [answer.run] : []))
}
