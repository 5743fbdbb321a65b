import { beforeEach, expect, test } from 'vitest'
import { bookOf, PLANNING_KEYS, publishPlanning, rowsOf, STEPS_WAITING } from '../../bench/season/planning.ts'
import { type House, house } from '../../sim/house.ts'
import type { ClientId, RunId, WeddingId } from '../../src/core/ids.ts'
import { journey } from '../../src/core/journey/builder.ts'
import { startBulk } from '../../src/engine/bulk.ts'
import { changeDetails, type DetailsChange } from '../../src/engine/change-details.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { importCouples } from '../../src/engine/import-couples.ts'
import { startMany } from '../../src/engine/start-many.ts'
import { step } from '../../src/engine/step.ts'
import type { Sql } from '../../src/ports.ts'
import { readRunsAndClients } from '../../src/store/views.ts'

/** What is done for many costs as many statements as for one: time is then the database's, not the way to it. */
let w: House
beforeEach(async () => {
  w = await house({ now: '2027-05-01T08:00:00Z' })
})

type Transaction = { readonly name: string; statements: number }

function counting(engine: Engine): { engine: Engine; transactions: Transaction[] } {
  const transactions: Transaction[] = []
  const tx: Engine['db']['tx'] = (name, scope, work) => {
    const one: Transaction = { name, statements: 0 }
    transactions.push(one)
    return engine.db.tx(name, scope, (sql) => {
      const counted: Sql = (text, ...values) => {
        one.statements += 1
        return sql(text, ...values)
      }
      return work(counted)
    })
  }
  return { engine: { ...engine, db: { ...engine.db, tx } }, transactions }
}

async function couplesWith(journeys: number, couples: number): Promise<WeddingId[]> {
  w = await house({ now: '2027-05-01T08:00:00Z' })
  await publishPlanning(w.engine, w.vendor, PLANNING_KEYS.slice(0, journeys))
  await importCouples(w.engine, w.vendor, 'book', rowsOf(bookOf(couples, 2029)))
  await w.settle()
  const rows = await w.session.query<{ wedding_id: WeddingId }>(
    'select wedding_id from app.wedding order by wedding_id',
  )
  return rows.map((row) => row.wedding_id)
}

const movedBy = (wedding: WeddingId, months: number): DetailsChange => ({
  wedding,
  anchors: { wedding: { is: 'day', on: `2030-${String(months).padStart(2, '0')}-15` as never } },
})

const waitingUnder = async (generation: number): Promise<number> => {
  const [row] = await w.session.query<{ n: number }>(`
    select count(*)::int as n from app.run r cross join lateral jsonb_array_elements(r.state::jsonb -> 'tokens') as token
     where token ->> 'is' = 'waiting' and (token ->> 'generation')::int = ${generation}`)
  return row!.n
}

async function moveOne(journeys: number): Promise<Transaction[]> {
  const [wedding] = await couplesWith(journeys, 1)
  const { engine, transactions } = counting(w.engine)
  await changeDetails(engine, w.vendor, [movedBy(wedding!, 3)], 'owner')
  expect(await waitingUnder(2)).toBe(journeys * STEPS_WAITING)
  return transactions
}

test('a wedding with thirty waiting steps moves in one transaction, with no more statements than one with ten', async () => {
  const thirty = await moveOne(3)
  expect(thirty.map((one) => one.name)).toEqual(['details.change'])
  expect(await moveOne(1)).toEqual(thirty)
})

async function moveMany(weddings: number): Promise<number[]> {
  const known = await couplesWith(2, weddings)
  const { engine, transactions } = counting(w.engine)
  const told = await startBulk(
    engine,
    w.vendor,
    { is: 'move', changes: known.map((one, i) => movedBy(one, 1 + (i % 12))) },
    'owner',
  )
  expect([told.done, told.failed]).toEqual([weddings, 0])
  expect(await waitingUnder(2)).toBe(weddings * 2 * STEPS_WAITING)
  return transactions.filter((one) => one.name === 'bulk.part').map((one) => one.statements)
}

test('twenty weddings of one job move with as many statements as two', async () => {
  expect(await moveMany(20)).toEqual(await moveMany(2))
})

async function importMany(couples: number): Promise<number[]> {
  w = await house({ now: '2027-05-01T08:00:00Z' })
  await publishPlanning(w.engine, w.vendor)
  const { engine, transactions } = counting(w.engine)
  // The first of all reads journeys and the vendor's settings, which are then known.
  await importCouples(engine, w.vendor, 'first', rowsOf(bookOf(1, 2028)))
  transactions.length = 0
  const told = await importCouples(engine, w.vendor, 'book', rowsOf(bookOf(couples, 2029)))
  expect([told.imported, told.started]).toEqual([couples, couples * PLANNING_KEYS.length])
  return transactions.map((one) => one.statements)
}

test('a hundred couples come in with as many statements as ten', async () => {
  expect(await importMany(100)).toEqual(await importMany(10))
})

const marks = journey('Marks', { category: 'general', reentry: 'per_wedding' })
  .on('manual')
  .action('stage', { setStage: 'contacted' })
  .action('tag', { addTag: 'season' })
  .end('marked')
  .build()

async function marked(couples: number): Promise<RunId[]> {
  w = await house({ now: '2027-05-01T08:00:00Z' })
  await w.publish('marks', marks)
  await importCouples(w.engine, w.vendor, 'book', rowsOf(bookOf(couples, 2029)))
  await w.settle()
  const clients = await w.session.query<{ client_id: ClientId }>('select client_id from app.client')
  const answers = await startMany(
    w.engine,
    w.vendor,
    'marks',
    clients.map((one) => one.client_id),
  )
  return [...answers.values()].flatMap((one) => (one.is === 'started' ? [one.run] : []))
}

async function markMany(couples: number): Promise<Transaction[]> {
  const runs = await marked(couples)
  const { engine, transactions } = counting(w.engine)
  await step(
    engine,
    runs.map((run) => ({ ref: { vendor: w.vendor, run } })),
  )
  const [told] = await w.session.query<{ n: number }>(
    `select count(*)::int as n from app.event where type in ('stage_changed', 'tag_changed')`,
  )
  expect(told?.n).toBe(couples * 2)
  return transactions
}

test('twenty couples that a journey puts in another stage, with a tag, cost as many statements as two', async () => {
  const twenty = await markMany(20)
  expect(twenty.map(({ name }) => name)).toContain('step.commit')
  expect(twenty).toEqual(await markMany(2))
})

type Plan = {
  readonly 'Relation Name'?: string
  readonly 'Actual Rows': number
  readonly 'Actual Loops': number
  readonly 'Rows Removed by Filter'?: number
  readonly Plans?: readonly Plan[]
}
const rowsOfTable = (plan: Plan, table: string): number =>
  (plan['Relation Name'] === table
    ? (plan['Actual Rows'] + (plan['Rows Removed by Filter'] ?? 0)) * plan['Actual Loops']
    : 0) + (plan.Plans ?? []).reduce((sum, one) => sum + rowsOfTable(one, table), 0)

test('a turn reads its own couples and no others, by a plan that was made when the studio was empty', async () => {
  w = await house({ now: '2027-05-01T08:00:00Z' })
  let text = ''
  const listening: Sql = async (strings) => {
    text = strings.reduce((all, part, nth) => `${all}$${nth}${part}`)
    return []
  }
  await readRunsAndClients(listening, [])
  await w.session.query(`select set_config('app.vendor_ids', '{${w.vendor}}', false)`)
  await w.session.query('set role wed_app')
  await w.session.query('set enable_seqscan = off')
  await w.session.query('set plan_cache_mode = force_generic_plan')
  await w.session.query(`prepare turn (uuid[], uuid[]) as ${text}`)
  await w.session.query(`explain execute turn('{}', '{}')`)
  await w.session.query('reset role')

  await publishPlanning(w.engine, w.vendor)
  await importCouples(w.engine, w.vendor, 'book', rowsOf(bookOf(60, 2029)))
  const runs = await w.session.query<{ run_id: RunId }>('select run_id from app.run limit 20')
  expect(runs).toHaveLength(20)
  const list = (ids: readonly string[]): string => `'{${ids.join(',')}}'`
  await w.session.query('set role wed_app')
  const [told] = await w.session.query<{ 'QUERY PLAN': readonly { Plan: Plan }[] }>(
    `explain (analyze, format json) execute turn(${list(runs.map(() => w.vendor))}, ${list(runs.map((one) => one.run_id))})`,
  )
  const plan = told!['QUERY PLAN'][0]!.Plan
  expect(plan['Actual Rows']).toBe(20)
  expect(rowsOfTable(plan, 'run')).toBe(20)
  expect(rowsOfTable(plan, 'client')).toBe(20)
})
