import { beforeEach, expect, test } from 'vitest'
import { type House, house } from '../../sim/house.ts'
import { readCsv } from '../../src/core/csv.ts'
import type { RunId, WeddingId } from '../../src/core/ids.ts'
import type { LocalDate } from '../../src/core/time/local.ts'
import { goOnWith, startBulk, undoBulk } from '../../src/engine/bulk.ts'
import { mapColumns, readCouples } from '../../src/engine/couple-sheet.ts'
import { namedClients, namesOf } from '../../src/engine/find-clients.ts'
import { duplicatesOf, importCouples } from '../../src/engine/import-couples.ts'
import { readJob } from '../../src/store/bulk-jobs.ts'
import { headcount } from './place.ts'

/** Work on many rows: a result for each, nothing twice, everything back. */
const COUPLES = 520
let w: House
let runs: RunId[]
beforeEach(async () => {
  w = await house({ now: '2027-05-01T08:00:00Z' })
  await w.publish('headcount', headcount)
})

const book = (from: number, to: number): string =>
  `Name,Email,Date\n${Array.from({ length: to - from }, (_, index) => `Anna ${from + index},anna${from + index}@example.org,2027-09-${String(1 + (index % 28)).padStart(2, '0')}`).join('\n')}`

function rowsOf(text: string) {
  const read = readCsv(text)
  if (!read.ok) throw new Error('the book is not a table')
  const { rows, problems } = readCouples(
    read.sheet,
    mapColumns(read.sheet, {}).mapping,
    null,
    '2027-05-01' as LocalDate,
  )
  expect(problems).toEqual([])
  return rows
}

async function fill(): Promise<void> {
  const told = await importCouples(w.engine, w.vendor, 'book', rowsOf(book(0, COUPLES)))
  expect([told.imported, told.already, told.started]).toEqual([COUPLES, 0, COUPLES])
  await w.settle()
  // What left the house in the very moment of a command would forbid to take it back.
  await w.runUntil('2027-05-01T09:00:00Z')
  runs = (await w.session.query<{ run_id: RunId }>('select run_id from app.run order by run_id')).map(
    (row) => row.run_id,
  )
}
const statuses = async () =>
  (
    await w.session.query<{ status: string; n: number }>(
      'select status, count(*)::int as n from app.run group by status',
    )
  ).map((row) => `${row.n} ${row.status}`)
const plan = async () => w.session.query('select run_id, due_at, state from app.run order by run_id')

test('an imported book is like one that was told couple by couple: names, dates, journeys and their history', async () => {
  await fill()
  const [first] = await w.session.query<{ client_id: never; wedding_on: string }>(
    'select c.client_id, w.wedding_on from app.client c join app.wedding w using (vendor_id, wedding_id) order by c.client_id limit 1',
  )
  const [client] = await namedClients(w.engine, w.vendor, [first!.client_id])
  expect([namesOf(client!).slice(0, 5), first!.wedding_on.slice(0, 7)]).toEqual(['Anna ', '2027-09'])
  expect(w.sent.length).toBe(COUPLES)
  const [history] = await w.session.query<{ n: number }>(
    `select count(*)::int as n from app.event where jsonb_array_length(history -> 'started') = 1 and type = 'client_added'`,
  )
  expect(history?.n).toBe(COUPLES)
})

test('the same book again changes nothing, and couples that are known by their address are found', async () => {
  await fill()
  const again = await importCouples(w.engine, w.vendor, 'book', rowsOf(book(0, COUPLES)))
  expect([again.imported, again.already]).toEqual([0, COUPLES])
  const found = await duplicatesOf(w.engine, w.vendor, rowsOf(book(COUPLES - 2, COUPLES + 2)))
  expect(found.map((one) => [one.line, one.column])).toEqual([
    [2, 10],
    [3, 10],
  ])
})

test('a command for many is obeyed by each, refused with a reason, and taken back row by row', async () => {
  await fill()
  const before = await plan()
  const told = await startBulk(
    w.engine,
    w.vendor,
    { is: 'command', command: { do: 'pause' }, runs: [...runs, runs[0]!.replace(/^../, 'ff') as RunId] },
    'test',
  )
  expect([told.state, told.total, told.done, told.failed]).toEqual(['done', COUPLES + 1, COUPLES, 1])
  expect(told.results.at(-1)).toMatchObject({ is: 'refused', why: 'This run is not known here.' })
  expect(await statuses()).toEqual([`${COUPLES} paused`])

  const results = await undoBulk(w.engine, w.vendor, told.job_id, 'test')
  expect(results.filter((one) => one.is === 'refused')).toEqual([])
  expect(results.length).toBe(COUPLES)
  expect(await plan()).toEqual(before)
})

test('weddings that move take their runs along, and come back with them', async () => {
  await fill()
  const weddings = await w.session.query<{ wedding_id: WeddingId }>(
    'select wedding_id from app.wedding order by wedding_id limit 30',
  )
  const before = (await plan()).map((row) => row.due_at)
  const changes = weddings.map((row) => ({
    wedding: row.wedding_id,
    anchors: { wedding: { is: 'day', on: '2028-01-08' as never } as const },
  }))
  const told = await startBulk(w.engine, w.vendor, { is: 'move', changes }, 'test')
  expect([told.done, told.failed]).toEqual([30, 0])
  const [moved] = await w.session.query<{ n: number }>(
    `select count(*)::int as n from app.run where due_at between '2027-12-29' and '2027-12-30'`,
  )
  expect(moved?.n).toBe(30)
  await undoBulk(w.engine, w.vendor, told.job_id, 'test')
  expect((await plan()).map((row) => row.due_at)).toEqual(before)
})

test('a job that was cut off goes on where it stood, and does nothing twice', async () => {
  await fill()
  const db = { ...w.engine.db }
  let parts = 0
  const dies: typeof db.tx = async (name, scope, work) => {
    if (name === 'bulk.part') parts += 1
    if (parts > 1) throw new Error('killed')
    return db.tx(name, scope, work)
  }
  const broken = { ...w.engine, db: { ...db, tx: dies } }
  await expect(
    startBulk(broken, w.vendor, { is: 'command', command: { do: 'pause' }, runs }, 'test'),
  ).rejects.toThrow('killed')
  const [row] = await w.session.query<{ job_id: string; done: number; state: string }>(
    'select job_id, done, state from app.job',
  )
  expect([row?.state, row?.done]).toEqual(['running', 100])
  const told = await goOnWith(w.engine, w.vendor, row!.job_id)
  expect([told.done, told.failed]).toEqual([COUPLES, 0])
  expect(
    (await w.engine.db.tx('test.job', { vendors: [w.vendor] }, (sql) => readJob(sql, w.vendor, row!.job_id)))
      ?.state,
  ).toBe('done')
})
