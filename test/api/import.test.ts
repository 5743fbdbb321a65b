import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listAudit } from '../../src/contract/audit.ts'
import {
  changeClient,
  listClients,
  readClient,
  removeClient,
  savePerson,
  tagClients,
} from '../../src/contract/clients.ts'
import { checkImport, importClients } from '../../src/contract/import.ts'
import { undoJob } from '../../src/contract/jobs.ts'
import { changeJourney } from '../../src/contract/journeys.ts'
import { makeKey } from '../../src/contract/keys.ts'
import { composeMessage } from '../../src/contract/messages.ts'
import { commandRun, commandRuns, listRuns, startMany } from '../../src/contract/runs.ts'
import { changeWedding } from '../../src/contract/weddings.ts'
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

test('a partner beside a name is the other one; where two columns mean the same, both are told apart by a person', async () => {
  const found = await look({ text: 'Name,Partner,Email,Wedding date\nEsther,Noah,e@example.org,2028-06-10' })
  expect(found).toMatchObject({ good: 1, problems: [] })
  expect(found.columns?.map(({ means }) => means)).toEqual(['partner_a', 'partner_b', 'email', 'wedding'])
  const alone = await look({ text: 'Partner,Email\nEsther,e@example.org' })
  expect(alone.columns?.map(({ means }) => means)).toEqual(['partner_a', 'email'])
  const twice = await look({ text: 'Email,Mail,Name\na@example.org,b@example.org,Ann' })
  expect(twice.problems.map(({ message }) => message)).toEqual([
    'Two columns mean the same. Choose above which one does.',
  ])
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

test('what a table says beside is kept as a fact of one’s own: read, changed, taken away, and said in a letter', async () => {
  const { params, api, office } = studio
  const anna = (await book()).find(({ name }) => name.startsWith('Anna Rossi'))!
  const at = { params: { ...params, client: anna.id } }
  const read = async () => api(readClient, at)
  const first = await read()
  expect(first.data.fields).toEqual({ notes: 'likes, commas' })
  const change = (fields: Record<string, string | number | null>, ifMatch: string) =>
    api(changeClient, { ...at, body: { fields }, ifMatch })
  const told = await change({ how_they_met: 'On a ferry', notes: null, dogs: 2 }, first.etag!)
  expect(told.data.fields).toEqual({ how_they_met: 'On a ferry', dogs: 2 })
  expect((await refusal(change({ dogs: 3 }, first.etag!))).code).toBe('changed_meanwhile')
  expect((await refusal(change({ 'How?': 'no' }, told.etag!))).code).toBe('invalid')
  const letter = await api(composeMessage, {
    params,
    body: {
      type: 'email',
      version: 1,
      config: { subject: 'Hello', body: 'You met {{ client.fields.how_they_met | default: "somewhere" }}.' },
      client: anna.id,
    },
  })
  expect(JSON.stringify(letter.data)).toContain('You met On a ferry.')
  // The record names what was changed and never says what it is; the row holds no word of it.
  const rows = await office.admin.query<{ detail: string }>(
    `select detail::text as detail from app.audit where action = 'client.changed' and subject = $1`,
    [anna.id],
  )
  expect(rows.map((row) => row.detail).join()).toMatch(/fact\.how_they_met/)
  expect(rows.map((row) => row.detail).join()).not.toMatch(/ferry/)
  const { data: key } = await api(makeKey, { params, body: { name: 'Looks', scopes: ['clients:read'] } })
  expect((await office.program(key.secret)(readClient, at)).data.fields).toBeNull()
})

describe('an import that was a mistake', () => {
  /** Whoever comes in is on a journey at once, and hears of it in a year. */
  const comes = {
    ...waiting(365, { name: 'They come' }),
    nodes: [{ id: 'begin', kind: 'trigger', type: 'client_added' }, ...waiting(365).nodes.slice(1)],
  }
  const table = (names: readonly string[]) =>
    ['name,email,wedding date', ...names.map((name) => `${name},${name}@take.example,2029-05-05`)].join('\n')
  const bring = async (text: string) => {
    const { data } = await studio.api(importClients, { params: studio.params, body: { text } })
    await studio.finished(data.job)
    await studio.settle()
    return data.job
  }
  const takeBack = async (job: string) => {
    const { data } = await studio.api(undoJob, { params: { ...studio.params, job } })
    return studio.finished(data.job)
  }
  const named = async () => (await book()).map(({ name }) => name)
  let journey = ''
  afterAll(() =>
    studio.api(changeJourney, {
      params: { ...studio.params, journey },
      body: { status: 'archived' },
      ifMatch: '*',
    }),
  )

  test('is taken back as a whole, and not a row of it stays', async () => {
    journey = await studio.live(comes, 'they-come')
    const before = await rowsOf(studio)
    const text = table(['Wrong', 'Wronger'])
    const job = await bring(text)
    expect(await named()).toEqual(expect.arrayContaining(['Wrong', 'Wronger']))
    expect(await takeBack(job)).toMatchObject({ done: 2, refused: 0, state: 'done' })
    expect(await named()).not.toEqual(expect.arrayContaining(['Wrong']))
    expect(await rowsOf(studio)).toEqual(before)
    // The line is free: the same file comes in again.
    const again = await bring(text)
    expect(await named()).toEqual(expect.arrayContaining(['Wrong', 'Wronger']))
    await takeBack(again)
    // A second time there is nothing left to take.
    expect(await takeBack(again)).toMatchObject({ done: 0, refused: 2 })
  })

  test('keeps whoever has heard from us, or has been seen to, and says why', async () => {
    const job = await bring(table(['Sent', 'Moved', 'Spoke', 'Noted', 'Plain']))
    const here = new Map((await book()).map((one) => [one.name, one]))
    const { params } = studio
    const runOf = async (name: string) =>
      (await studio.api(listRuns, { params, query: { client: here.get(name)!.id } })).data.items[0]!.id
    const skip = { do: 'skip' } as const
    await studio.api(commandRun, { params: { ...params, run: await runOf('Sent') }, body: { command: skip } })
    await studio.settle()
    await studio.api(changeWedding, {
      params: { ...params, wedding: here.get('Moved')!.wedding!.id },
      body: { guests: 12 },
      ifMatch: '*',
    })
    await studio.api(savePerson, {
      params: { ...params, client: here.get('Spoke')!.id, ref: 'partner_a' },
      body: { name: 'Spoke Up', email: 'up@take.example', phone: null },
      ifMatch: '*',
    })
    await studio.api(changeClient, {
      params: { ...params, client: here.get('Noted')!.id },
      body: { fields: { dog: 'comes along' } },
      ifMatch: '*',
    })
    const undone = await takeBack(job)
    expect(undone).toMatchObject({ done: 1, refused: 4 })
    expect(undone.results.filter((one) => one.is === 'refused').map((one) => one.why)).toEqual([
      'Something has been sent to them.',
      'Their wedding has been changed since.',
      'Somebody has written about them since.',
      'Somebody has written about them since.',
    ])
    expect(await named()).not.toContain('Plain')
    expect(await named()).toEqual(expect.arrayContaining(['Sent', 'Moved', 'Spoke Up']))
  })

  test('and so is one couple who was added by hand; the record says so', async () => {
    const { params, api } = studio
    const slip = await studio.couple('Slip Finger', { fields: { note: 'typed twice' } })
    const at = { params: { ...params, client: slip.client } }
    await api(removeClient, at)
    expect(await named()).not.toContain('Slip Finger')
    expect((await refusal(api(removeClient, at))).code).toBe('not_found')
    const sent = (await book()).find(({ name }) => name === 'Sent')!
    const no = await refusal(api(removeClient, { params: { ...params, client: sent.id } }))
    expect([no.code, no.detail]).toEqual([
      'conflict',
      'They stay in your book. Something has been sent to them. Stop their journeys, and nothing more goes to them.',
    ])
    const told = (await api(listAudit, { params })).data.items[0]
    expect([told?.action, told?.subject]).toEqual(['client.removed', slip.client])
  })

  test('is not taken back by a key that may not touch couples', async () => {
    const job = await bring(table(['Guarded']))
    const { data } = await studio.api(makeKey, {
      params: studio.params,
      body: { name: 'Runs only', scopes: ['runs:write', 'runs:read'] },
    })
    const program = studio.office.program(data.secret)
    const no = await refusal(program(undoJob, { params: { ...studio.params, job } }))
    expect(no.code).toBe('forbidden')
    expect(await named()).toContain('Guarded')
  })
})

/** How many rows there are in every table that knows a vendor, but for what is kept of every request and its record. */
async function rowsOf({ office: { admin } }: Studio): Promise<Record<string, number>> {
  const tables = await admin.query<{ name: string }>(
    `select c.oid::regclass::text as name from pg_class c where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p')
       and not c.relispartition and c.relname not in ('audit', 'job', 'answered_request') order by 1`,
  )
  const counts: Record<string, number> = {}
  for (const { name } of tables) {
    const [row] = await admin.query<{ n: number }>(`select count(*)::int as n from ${name}`)
    counts[name] = row!.n
  }
  return counts
}

const FIVE_THOUSAND = 5_000
const BAD_EVERY = 97
let whole = ''
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
  whole = data.job
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

test('all five thousand go out again, those with a tag and on a journey too', {
  timeout: 120_000,
}, async () => {
  const from = performance.now()
  const { data } = await studio.api(undoJob, { params: { ...studio.params, job: whole } })
  const job = await studio.finished(data.job)
  expect(job).toMatchObject({ done: FIVE_THOUSAND - Math.ceil(FIVE_THOUSAND / BAD_EVERY), refused: 0 })
  const left = (await book()).filter(({ name }) => name.startsWith('Nina'))
  expect(left).toEqual([])
  console.log(`${job.done} couples taken out again within ${Math.round(performance.now() - from)} ms`)
})
