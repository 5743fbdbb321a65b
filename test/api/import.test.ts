import { afterAll, beforeAll, expect, test } from 'vitest'
import { listClients, tagClients } from '../../src/contract/clients.ts'
import { checkImport, importClients } from '../../src/contract/import.ts'
import { undoJob } from '../../src/contract/jobs.ts'
import { commandRuns, listRuns, startMany } from '../../src/contract/runs.ts'
import { readCsv } from '../../src/core/csv.ts'
import { openStudio, refusal, type Studio, waiting } from './studio.ts'

/** A book from a table, through the API: judged as a whole, brought in as a job, and everything that many can be told. */
let studio: Studio
beforeAll(async () => {
  studio = await openStudio()
}, 60_000)
afterAll(() => studio.close())

const TABLE = [
  'Bride,Groom,E-mail,Big Day,Guests,Notes',
  'Anna Rossi,Ben Cole,anna@example.org,2028-06-10,96,"likes, commas"',
  'Clara Moreau,,clara@example,2028-07-01,40,',
  ',Tom,tom@example.org,2028-07-08,40,',
  'Ines Duarte,Rui Sa,ines@example.org,03/04/2028,lots,',
  'Mia Stone,Leo Park,mia@example.org,2028-09-02,120,',
].join('\n')
const COLUMNS = { 'Big Day': 'wedding', Notes: 'field:notes' }
const look = async (body: Record<string, unknown>) =>
  (await studio.api(checkImport, { params: studio.params, body: body as { text: string } })).data
const book = async () =>
  (await studio.api(listClients, { params: studio.params, query: { limit: 200 } })).data.items

test('a table is judged row by row, each cell that is wrong at its place', async () => {
  const found = await look({ text: TABLE, columns: COLUMNS })
  expect(found.columns?.map(({ name, means }) => [name, means])).toEqual([
    ['Bride', 'partner_a'],
    ['Groom', 'partner_b'],
    ['E-mail', 'email'],
    ['Big Day', 'wedding'],
    ['Guests', 'guests'],
    ['Notes', 'field:notes'],
  ])
  expect(found).toMatchObject({ rows: 5, good: 2, known: 0, bad: 3, begins: [] })
  expect(found.problems.map(({ line, cell }) => [line, cell])).toEqual([
    [3, 'clara@example'],
    [4, ''],
    [5, '03/04/2028'],
    [5, 'lots'],
  ])
  expect(found.problems[2]?.message).not.toMatch(/--/)
  // What was refused can be mended and brought in again: its first column is the reason, and means nothing.
  const again = readCsv(found.refused ?? '')
  expect(again.ok && again.sheet.rows.map((row) => row.cells[1]?.text)).toEqual([
    'Clara Moreau',
    '',
    'Ines Duarte',
  ])
  const mended = await look({ text: TABLE, columns: COLUMNS, dates: 'dmy' })
  expect(mended.problems.map(({ cell }) => cell)).not.toContain('03/04/2028')
  expect(await book()).toEqual([])
})

test('what is no table, or names nobody, is said as such', async () => {
  expect(await look({ text: 'a,"b' })).toMatchObject({ columns: null, good: 0 })
  const nobody = await look({ text: 'Colour\nblue' })
  expect(nobody.problems[0]?.message).toBe('No column names the couple. Choose above which one does.')
  const no = refusal(studio.api(importClients, { params: studio.params, body: { text: 'Colour\nblue' } }))
  expect((await no).code).toBe('invalid')
})

test('the good rows come in once, with their names sealed while they wait', async () => {
  const bring = () =>
    studio.api(importClients, { params: studio.params, body: { text: TABLE, columns: COLUMNS } })
  const { data } = await bring()
  expect(data.total).toBe(2)
  expect(await studio.finished(data.job)).toMatchObject({ done: 2, refused: 0, state: 'done' })
  expect((await book()).map(({ name }) => name).sort()).toEqual([
    'Anna Rossi & Ben Cole',
    'Mia Stone & Leo Park',
  ])
  const rows = await studio.office.admin.query<{ request: string }>(
    'select request::text as request from app.job where job_id = $1',
    [data.job],
  )
  expect(rows[0]?.request).not.toMatch(/Anna|example\.org/)
  const again = await bring()
  expect(await studio.finished(again.data.job)).toMatchObject({ done: 0, refused: 2, state: 'done' })
  expect(await book()).toHaveLength(2)
  expect((await look({ text: TABLE, columns: COLUMNS })).known).toBe(2)
})

const FIVE_THOUSAND = 5_000
const BAD_EVERY = 97
test('five thousand couples with errors among them', { timeout: 120_000 }, async () => {
  const lines = Array.from({ length: FIVE_THOUSAND }, (_, n) =>
    n % BAD_EVERY === 0
      ? `Bad ${n},Row,not an address,2028-13-45`
      : `Nina ${n},Otto ${n},nina${n}@example.org,2028-0${(n % 9) + 1}-1${n % 9}`,
  )
  const text = ['name,partner 2,email,wedding date', ...lines].join('\n')
  const from = performance.now()
  const found = await look({ text })
  const looked = performance.now() - from
  const bad = Math.ceil(FIVE_THOUSAND / BAD_EVERY)
  expect(found).toMatchObject({ rows: FIVE_THOUSAND, good: FIVE_THOUSAND - bad, bad })
  expect(readCsv(found.refused ?? '')).toMatchObject({ ok: true, sheet: { rows: { length: bad } } })
  const { data } = await studio.api(importClients, { params: studio.params, body: { text } })
  const job = await studio.finished(data.job)
  expect(job).toMatchObject({ done: FIVE_THOUSAND - bad, refused: 0, state: 'done' })
  console.log(
    `${FIVE_THOUSAND} rows: looked at in ${Math.round(looked)} ms, brought in within ${Math.round(performance.now() - from - looked)} ms`,
  )
})

test('many are tagged, put on a journey, paused and let go, and it can be taken back', async () => {
  const clients = (await book()).slice(0, 120).map(({ id }) => id)
  const { params } = studio
  const tagged = async (tag: string) =>
    (await studio.api(listClients, { params, query: { tag, limit: 200 } })).data.items.length
  const job = (await studio.api(tagClients, { params, body: { clients, tag: 'summer' } })).data.job
  expect(await studio.finished(job)).toMatchObject({ done: 120, refused: 0 })
  expect(await tagged('summer')).toBe(120)
  const undo = (await studio.api(undoJob, { params: { ...params, job } })).data.job
  expect(await studio.finished(undo)).toMatchObject({ done: 120, refused: 0 })
  expect(await tagged('summer')).toBe(0)

  const journey = await studio.live(waiting(9))
  const started = await studio.api(startMany, { params: { ...params, journey }, body: { clients } })
  expect(await studio.finished(started.data.job)).toMatchObject({ done: 120 })
  await studio.settle()
  const paused = await studio.api(commandRuns, {
    params,
    body: { which: { clients }, command: { do: 'pause' } },
  })
  expect(paused.data.total).toBe(120)
  expect(await studio.finished(paused.data.job)).toMatchObject({ done: 120 })
  const { data } = await studio.api(listRuns, { params, query: { status: 'paused', limit: 200 } })
  expect(data.items).toHaveLength(120)
})
