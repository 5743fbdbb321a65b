import type { ClientId, EventId, JsonObject, RunId, VendorId, WeddingId } from '../core/ids.ts'
import { hearsOf } from '../core/journey/needs.ts'
import type { OutsideEvent, RunEvent } from '../core/run/event.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import { bumpVendor, type NewClient, type NewWedding } from '../store/clients.ts'
import { clientsByMarks } from '../store/find-clients.ts'
import {
  type ImportedEvent,
  insertClients,
  insertImportEvents,
  insertWeddings,
  knownKeys,
  lockVendor,
} from '../store/import.ts'
import { dateJourneys, journeysListeningTo } from '../store/journeys.ts'
import { insertPersons, type NewPerson } from '../store/people.ts'
import { deliver } from '../store/runs.ts'
import { firstValues, type NewCouple, sealPerson, weddingAnchors } from './clients.ts'
import type { CoupleRow } from './couple-sheet.ts'
import type { Engine } from './engine.ts'
import { retrying } from './retrying.ts'
import { ringRuns } from './ring.ts'
import { type Start, startRuns } from './start.ts'
import { loadViews, sealFields } from './views.ts'

/**
 * A whole book of couples in batches, each one transaction: couples, their event and the runs it starts, together
 * or not at all. Told again, a row that is here already is passed over, so that an import cut off goes on.
 */
const SOURCE = 'import'
const BATCH = 250
const TYPE = 'client_added'

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
  const prepareFrom = (at: number): Promise<Ready[]> => {
    const ready = Promise.all(rows.slice(at, at + BATCH).map((row) => prepare(engine, vendor, file, row)))
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

async function prepare(engine: Engine, vendor: VendorId, file: string, row: CoupleRow): Promise<Ready> {
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
    people: await Promise.all(couple.people.map((person) => sealPerson(engine, vendor, client, person))),
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
  await insertWeddings(
    sql,
    fresh.map((one) => one.wedding),
  )
  await insertClients(
    sql,
    fresh.map((one) => one.client),
  )
  await insertPersons(
    sql,
    fresh.flatMap((one) => one.people),
  )
  if (fresh.some((one) => one.wedding.on !== null)) await bumpVendor(sql, vendor)
  const { events, started } = await startAll(engine, sql, vendor, fresh)
  await insertImportEvents(sql, vendor, SOURCE, TYPE, engine.clock.now(), events)
  return { written: fresh.map((one) => ({ line: one.line, client: one.client.client })), started }
}

/** The runs of journeys that begin by a date, then of those that listen; each row's history says which and why not. */
async function startAll(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  fresh: readonly Ready[],
): Promise<{ events: ImportedEvent[]; started: RunId[] }> {
  const now = engine.clock.now()
  const [byDate, listening] = [await dateJourneys(sql, vendor), await journeysListeningTo(sql, vendor, TYPE)]
  const views =
    byDate.length + listening.length > 0
      ? await loadViews(
          engine,
          sql,
          now,
          fresh.map((one) => ({ vendor, client: one.client.client, graph: null })),
        )
      : null
  const eventOf = new Map(
    fresh.map((one): [Ready, OutsideEvent] => [
      one,
      {
        id: engine.rng.uuid7(now) as EventId,
        type: TYPE,
        at: now,
        data: { stage: one.client.stage },
        depth: 0,
      },
    ]),
  )
  const startFor = (one: Ready, journey: Start['journey'], by: OutsideEvent | null): Start => ({
    journey,
    client: one.client.client,
    wedding: one.client.wedding,
    by,
    view: views!.of(one.client.client),
  })
  const dated = await startRuns(
    engine,
    sql,
    now,
    vendor,
    fresh.flatMap((one) => byDate.map((journey) => startFor(one, journey, null))),
  )
  const waiting = dated.flatMap((answer, index) =>
    answer.is === 'started'
      ? [
          {
            run: answer.run,
            journey: byDate[index % byDate.length]!,
            row: fresh[Math.floor(index / byDate.length)]!,
          },
        ]
      : [],
  )
  const history = new Map(
    fresh.map((one) => [
      one,
      { started: [] as JsonObject[], woken: [] as string[], not: [] as JsonObject[] },
    ]),
  )
  for (const { run, journey, row } of waiting) {
    const graph = await engine.graphs.find(sql, vendor, journey.journey_id, journey.version ?? 0)
    if (!hearsOf(graph).has(TYPE)) continue
    const happened: RunEvent = { is: 'happened', at: now, event: eventOf.get(row)! }
    await deliver(sql, now, [{ ref: { vendor, run }, event: JSON.stringify(happened) }])
    history.get(row)!.woken.push(run)
  }
  const wanted: { one: Ready; start: Start }[] = []
  for (const journey of listening) {
    const graph = await engine.graphs.find(sql, vendor, journey.journey_id, journey.version ?? 0)
    for (const one of fresh) {
      const verdict = graph.triggerType.matches?.(graph.trigger.config ?? {}, eventOf.get(one)!) ?? {
        matches: true,
        why: '',
      }
      if (verdict.matches) wanted.push({ one, start: startFor(one, journey, eventOf.get(one)!) })
      else history.get(one)!.not.push({ journey: journey.key, why: verdict.why })
    }
  }
  const answers = await startRuns(
    engine,
    sql,
    now,
    vendor,
    wanted.map(({ start }) => start),
  )
  for (const [index, answer] of answers.entries()) {
    const { one, start } = wanted[index]!
    if (answer.is === 'started')
      history.get(one)!.started.push({ journey: start.journey.key, run: answer.run })
    else history.get(one)!.not.push({ journey: start.journey.key, why: answer.why })
  }
  const events = fresh.map((one) => ({
    event: eventOf.get(one)!.id,
    key: one.key,
    client: one.client.client,
    wedding: one.client.wedding,
    data: { stage: one.client.stage },
    history: history.get(one)! as unknown as JsonObject,
  }))
  const started = [...dated, ...answers].flatMap((answer) => (answer.is === 'started' ? [answer.run] : []))
  return { events, started }
}
