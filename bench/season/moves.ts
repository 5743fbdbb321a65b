import type { ClientId, VendorId, WeddingId } from '../../src/core/ids.ts'
import type { LocalDate } from '../../src/core/time/local.ts'
import { startBulk } from '../../src/engine/bulk.ts'
import { changeDetails, type DetailsChange } from '../../src/engine/change-details.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { importCouples } from '../../src/engine/import-couples.ts'
import { addVendor } from '../../src/engine/vendors.ts'
import { startWorker } from '../../src/queue/worker.ts'
import type { Measured } from '../harness/figures.ts'
import type { Count, World } from '../harness/system.ts'
import { median, quantile } from '../harness/timing.ts'
import { openBench } from './house.ts'
import { bookOf, PLANNING_KEYS, publishPlanning, rowsOf, STEPS_WAITING } from './planning.ts'

/**
 * A book that comes in and weddings that move: the import of `couples` couples with a journey that begins for each;
 * then, for a fifth of them, three journeys with thirty waiting steps a wedding, moved one by one and all at once.
 */
const MOVED_SHARE = 5
const SINGLE_MOVES = 100
const YEARS_AHEAD = 2

export async function moves(world: World, couples: number): Promise<Measured> {
  const bench = await openBench(world)
  const { engine } = bench
  const year = new Date(engine.clock.now()).getUTCFullYear() + YEARS_AHEAD
  await publishPlanning(engine, bench.vendor, PLANNING_KEYS.slice(0, 1))
  const imported = await timed(() => bookInto(engine, bench.vendor, couples, year))

  const planner = await addVendor(engine, {
    name: 'Planner',
    type: 'planner',
    zone: 'Europe/London',
    region: 'GB',
  })
  await publishPlanning(engine, planner)
  const weddingsCount = Math.max(SINGLE_MOVES, Math.round(couples / MOVED_SHARE))
  await bookInto(engine, planner, weddingsCount, year)
  const worker = startWorker(engine, { shards: 'all' })
  world.later(() => worker.drain())
  await worker.sweep()
  await worker.idle()
  const weddings = await weddingsOf(engine, planner)

  const singleMs: number[] = []
  for (const [i, wedding] of weddings.slice(0, SINGLE_MOVES).entries()) {
    const { ms } = await timed(() => changeDetails(engine, planner, [moved(wedding, year, i)], 'bench'))
    singleMs.push(ms)
  }
  const bulk = await bulkMoveOf(engine, planner, weddings, year + 1)
  await worker.idle()
  return {
    figures: {
      importSeconds: imported.ms / 1_000,
      importMsPerCouple: imported.ms / couples,
      moveMs: median(singleMs),
      moveP95Ms: quantile(singleMs, 0.95),
      moveMaxMs: quantile(singleMs, 1),
      bulkSeconds: bulk.seconds,
      bulkWeddings: weddings.length,
      bulkProgress: bulk.told,
    },
    counts: [
      { of: 'imported couples', expected: couples, found: imported.result },
      { of: 'moved by the job', expected: weddings.length, found: bulk.done },
      ...(await plansOf(engine, planner, weddings.length)),
    ],
  }
}

export type BulkMoved = { readonly seconds: number; readonly done: number; readonly told: number }

/** All at once, by the command the command line uses. */
async function bulkMoveOf(
  engine: Engine,
  vendor: VendorId,
  weddings: readonly WeddingId[],
  year: number,
): Promise<BulkMoved> {
  const progress: number[] = []
  const changes = weddings.map((wedding, i) => moved(wedding, year, i))
  const { ms, result } = await timed(() =>
    startBulk(engine, vendor, { is: 'move', changes }, 'bench', (done) => progress.push(done)),
  )
  return { seconds: ms / 1_000, done: result.done, told: progress.length }
}

export async function bulkMove(
  engine: Engine,
  vendor: VendorId,
  clients: readonly ClientId[],
  year: number,
): Promise<BulkMoved> {
  const weddings = await engine.db.tx('bench.weddings', { vendors: [vendor] }, async (sql) =>
    (
      await sql<{ wedding_id: WeddingId }>`
        select wedding_id from app.client where (vendor_id = ${vendor}) is true and client_id = any (${clients}::uuid[])`
    ).map((row) => row.wedding_id),
  )
  return bulkMoveOf(engine, vendor, weddings, year)
}

const bookInto = async (engine: Engine, vendor: VendorId, couples: number, year: number): Promise<number> =>
  (await importCouples(engine, vendor, 'book', rowsOf(bookOf(couples, year)))).imported

async function timed<T>(work: () => Promise<T>): Promise<{ ms: number; result: T }> {
  const from = performance.now()
  const result = await work()
  return { ms: performance.now() - from, result }
}

/** Months apart from where it was, and on another day of the month for each. */
const moved = (wedding: WeddingId, year: number, nth: number): DetailsChange => ({
  wedding,
  anchors: {
    wedding: {
      is: 'day',
      on: `${year}-${String(1 + ((nth + 5) % 12)).padStart(2, '0')}-${String(1 + (nth % 27)).padStart(2, '0')}` as LocalDate,
    },
  },
})

const weddingsOf = (engine: Engine, vendor: VendorId): Promise<WeddingId[]> =>
  engine.db.tx('bench.weddings', { vendors: [vendor] }, async (sql) =>
    (
      await sql<{
        wedding_id: WeddingId
      }>`select wedding_id from app.wedding where vendor_id = ${vendor} order by wedding_id`
    ).map((row) => row.wedding_id),
  )

/** Every waiting step must stand under its wedding's newest generation, and every move must have been told once. */
function plansOf(engine: Engine, vendor: VendorId, weddings: number): Promise<Count[]> {
  const steps = weddings * PLANNING_KEYS.length * STEPS_WAITING
  return engine.db.tx('bench.plans', { vendors: [vendor] }, async (sql) => {
    const [plans] = await sql<{ steps: number; newest: number }>`
      select count(*)::int as steps,
             count(*) filter (where (token ->> 'generation')::int = (w.anchors -> 'wedding' ->> 'generation')::int)::int as newest
        from app.run r
        join app.wedding w on w.vendor_id = r.vendor_id and w.wedding_id = r.wedding_id
       cross join lateral jsonb_array_elements(r.state::jsonb -> 'tokens') as token
       where r.vendor_id = ${vendor} and token ->> 'is' = 'waiting'`
    const [told] = await sql<{ n: number }>`
      select count(*)::int as n from app.event where vendor_id = ${vendor} and type = 'wedding_date_changed'`
    const [changes] = await sql<{ n: number }>`
      select count(*)::int as n from app.details_change where vendor_id = ${vendor}`
    return [
      { of: 'waiting steps', expected: steps, found: plans?.steps ?? 0 },
      { of: 'waiting steps under the newest date', expected: steps, found: plans?.newest ?? 0 },
      { of: 'moves told', expected: weddings + SINGLE_MOVES, found: told?.n ?? 0 },
      { of: 'moves recorded', expected: weddings + SINGLE_MOVES, found: changes?.n ?? 0 },
    ]
  })
}
