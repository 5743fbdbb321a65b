import type { ClientId, JourneyId, RunId } from '../../src/core/ids.ts'
import { HOUR_MS, MINUTE_MS, plusMs } from '../../src/core/time/instant.ts'
import { changeDetails } from '../../src/engine/change-details.ts'
import { ALL_BANDS, ALL_SHARDS, type Engine } from '../../src/engine/engine.ts'
import { importCouples } from '../../src/engine/import-couples.ts'
import { startMany } from '../../src/engine/start-many.ts'
import { step } from '../../src/engine/step.ts'
import { settleOrphans } from '../../src/engine/unknown.ts'
import { watch } from '../../src/engine/watch.ts'
import { AHEAD_MS } from '../../src/queue/claimer.ts'
import { startWorker } from '../../src/queue/worker.ts'
import { claimEffects, claimRuns, type Pair } from '../../src/store/claims.ts'
import { nextDue } from '../../src/store/runs.ts'
import { forgetWorkers, liveWorkers } from '../../src/store/workers.ts'
import type { Count, Figures, Measured, World } from '../harness/system.ts'
import { median } from '../harness/timing.ts'
import { crowd } from './crowd.ts'
import { anotherVendor, openBench, openOn } from './house.ts'
import { bulkMove } from './moves.ts'
import { bookOf, PLANNING_KEYS, publishPlanning, rowsOf } from './planning.ts'
import { type ServerTime, serverTime } from './server-time.ts'

/**
 * W6: what is asked again and again, in front of a hundredth, a tenth and all of `waiting` runs. Times are the
 * server's own. The figure of a size carries it in its name; the one without is the full size.
 */
const DUE = 500
const TIMES = 31
const RARE_TIMES = 7
const INSERTED = 500
const MOVED_AT_ONCE = 1_000
const STARTS = 3
const FIRST_COUPLES = 10
const SIZES = [0.01, 0.1, 1]

/** What a worker asks: all bells at once, as after a sweep; the seats are shared among them. */
const ALL_PAIRS: readonly Pair[] = ALL_BANDS.flatMap((band) => ALL_SHARDS.map((shard) => ({ shard, band })))
const PER = Math.ceil(DUE / ALL_SHARDS.length)
/** As a worker looks: at what is due, and some way ahead. */
const how = (engine: Engine, per = PER) => {
  const now = engine.clock.now()
  return { now, ahead: plusMs(now, AHEAD_MS), per }
}

export async function w6(world: World, waiting: number): Promise<Measured> {
  const server = await serverTime(world.databaseUrl)
  world.later(() => server.close())
  const bench = await openBench(world)
  const { engine, vendor } = bench
  await publishPlanning(engine, vendor)
  await importCouples(engine, vendor, 'first', rowsOf(bookOf(FIRST_COUPLES, yearOf(engine) + 2)))
  await takeTurns(engine)
  const [run] = (
    await server.session.query<{ state: string }>(
      `select state from app.run where status = 'waiting' order by run_id limit 1`,
    )
  ).rows
  const { rows: journeys } = await server.session.query<{ journey_id: JourneyId }>(
    'select journey_id from app.journey order by key',
  )
  const others = await crowd(
    server.session,
    vendor,
    journeys.map((one) => one.journey_id),
    run!.state,
  )

  const figures: { [name: string]: number } = {}
  const pages = new Map<string, number[]>()
  const counts: Count[] = []
  for (const size of sizesTo(waiting)) {
    await others.grow(size)
    // What autovacuum would have done long before so many had gathered.
    await server.session.query('vacuum analyze app.run, app.client, app.wedding')
    const measured = await measureAll(bench, server, counts)
    for (const [name, spent] of Object.entries(measured)) {
      figures[size === waiting ? `${name}Ms` : `${name}Ms@${short(size)}`] = spent.ms
      pages.set(name, [...(pages.get(name) ?? []), spent.pages])
    }
    Object.assign(figures, await startUps(world, size === waiting ? '' : `@${short(size)}`))
  }
  for (const [name, [first = 1, ...more]] of pages)
    figures[`${name}PagesGrowth`] = (more.at(-1) ?? first) / Math.max(first, 1)
  Object.assign(figures, await moveAmong(bench, counts))
  const own = (FIRST_COUPLES + MOVED_AT_ONCE) * PLANNING_KEYS.length + INSERTED * RARE_TIMES * SIZES.length
  return { figures, counts: [...counts, ...(await crowdCounts(server, others.waiting, own))] }
}

const sizesTo = (waiting: number): number[] => SIZES.map((share) => Math.round(waiting * share))
const short = (size: number): string => (size >= 1_000 ? `${Math.round(size / 1_000)}k` : String(size))
const yearOf = (engine: Engine): number => new Date(engine.clock.now()).getUTCFullYear()

type Bench = Awaited<ReturnType<typeof openBench>>
type Spents = { [name: string]: { ms: number; pages: number } }

async function measureAll(bench: Bench, server: ServerTime, counts: Count[]): Promise<Spents> {
  const { engine } = bench
  const idle = await periodic(engine, server)
  const inserted = await insertRuns(engine, server, counts)
  const due = await makeDue(server)
  let found = 0
  const claim = await server.of(TIMES, async () => {
    const { rows } = await claimRuns(engine.db, ALL_PAIRS, how(engine))
    found = rows.length
  })
  counts.push({ of: 'due runs claimed', expected: due.within, found })
  const onePair = await server.of(TIMES, () => claimRuns(engine.db, [due.pair], how(engine, DUE)))
  await due.undo()
  const [wedding] = (
    await server.session.query<{ wedding_id: never }>(
      `select r.wedding_id from app.run r where r.vendor_id = $1 order by r.run_id limit 1`,
      [bench.vendor],
    )
  ).rows
  const move = await server.of(RARE_TIMES, (nth) =>
    changeDetails(
      engine,
      bench.vendor,
      [
        {
          wedding: wedding!.wedding_id,
          anchors: {
            wedding: {
              is: 'day',
              on: `${yearOf(engine) + 2}-${String((nth % 9) + 1).padStart(2, '0')}-11` as never,
            },
          },
        },
      ],
      'bench',
    ),
  )
  return { claim, claimOfOneBell: onePair, ...idle, ...inserted, moveOne: move }
}

/** Every statement a worker repeats by itself, each in front of nothing that is due. */
async function periodic(engine: Engine, server: ServerTime): Promise<Spents> {
  const now = (): ReturnType<Engine['clock']['now']> => engine.clock.now()
  return {
    claimNothing: await server.of(TIMES, () => claimRuns(engine.db, ALL_PAIRS, how(engine))),
    claimPast: await server.of(TIMES, () =>
      claimRuns(engine.db, ALL_PAIRS.slice(0, 32), {
        ...how(engine),
        past: { vendors: [], depth: 4_096 },
      }),
    ),
    claimNoEffects: await server.of(TIMES, () => claimEffects(engine.db, ALL_PAIRS, how(engine))),
    nextMoment: await server.of(TIMES, () => nextDue(engine.db, ALL_SHARDS)),
    orphans: await server.of(TIMES, () => settleOrphans(engine)),
    workers: await server.of(TIMES, () => liveWorkers(engine.db, now())),
    forget: await server.of(RARE_TIMES, () =>
      engine.db.tx('bench.forget', 'platform', (sql) => forgetWorkers(sql, plusMs(now(), -HOUR_MS))),
    ),
    watch: await server.of(RARE_TIMES, () => watch(engine)),
  }
}

/** Makes some of the crowd due a minute ago, spread over all shards and bands; and gives them their time back. */
async function makeDue(
  server: ServerTime,
): Promise<{ pair: Pair; within: number; undo: () => Promise<void> }> {
  await server.session.query(
    'create temporary table bench_due (vendor_id uuid, run_id uuid, due_at timestamptz)',
  )
  await server.session.query(
    `insert into bench_due select vendor_id, run_id, due_at from app.run
      where status = 'waiting' and due_at > now() order by run_id limit $1`,
    [DUE],
  )
  await server.session.query(
    `update app.run r set due_at = now() - $1 * interval '1 millisecond' * random()
       from bench_due d where r.vendor_id = d.vendor_id and r.run_id = d.run_id`,
    [MINUTE_MS],
  )
  const { rows } = await server.session.query<Pair & { n: number }>(
    `select r.shard, r.band, count(*)::int as n from app.run r join bench_due d using (vendor_id, run_id)
      group by 1, 2 order by 3 desc`,
  )
  return {
    pair: rows[0]!,
    within: rows.reduce((sum, row) => sum + Math.min(row.n, PER), 0),
    async undo() {
      await server.session.query(
        `update app.run r set due_at = d.due_at from bench_due d where r.vendor_id = d.vendor_id and r.run_id = d.run_id`,
      )
      await server.session.query('drop table bench_due')
    },
  }
}

/** New couples put on a journey, and their first turns. */
async function insertRuns(engine: Engine, server: ServerTime, counts: Count[]): Promise<Spents> {
  // A vendor of their own, so that those the dates are moved of have as many weddings at every size as before.
  const vendor = await anotherVendor(engine)
  await publishPlanning(engine, vendor, PLANNING_KEYS.slice(0, 1))
  const clients = await freshClients(server, vendor, INSERTED * RARE_TIMES)
  let started = 0
  const insert = await server.of(RARE_TIMES, async (nth) => {
    const some = clients.slice(nth * INSERTED, (nth + 1) * INSERTED)
    const answers = await startMany(engine, vendor, PLANNING_KEYS[0], some)
    started += [...answers.values()].filter((one) => one.is === 'started').length
  })
  counts.push({ of: 'runs inserted', expected: clients.length, found: started })
  const { rows } = await server.session.query<{ run_id: RunId }>(
    `select run_id from app.run where vendor_id = $1 and client_id = any ($2)`,
    [vendor, clients],
  )
  const first = await server.of(RARE_TIMES, (nth) =>
    step(
      engine,
      rows.slice(nth * INSERTED, (nth + 1) * INSERTED).map((row) => ({ ref: { vendor, run: row.run_id } })),
    ),
  )
  return { insert500: insert, firstTurns500: first }
}

async function freshClients(server: ServerTime, vendor: string, count: number): Promise<ClientId[]> {
  const { rows } = await server.session.query<{ client_id: ClientId }>(
    `with made as (
       insert into app.wedding (vendor_id, wedding_id, status, anchors, wedding_on, created_at)
       select $1, gen_random_uuid(), 'confirmed',
              '{"wedding":{"value":{"is":"day","on":"2029-06-16"},"generation":1}}', '2029-06-16', now()
         from generate_series(1, $2::int)
       returning wedding_id)
     insert into app.client (vendor_id, client_id, wedding_id, created_at)
     select $1, gen_random_uuid(), wedding_id, now() from made returning client_id`,
    [vendor, count],
  )
  return rows.map((row) => row.client_id)
}

async function takeTurns(engine: Engine): Promise<void> {
  const worker = startWorker(engine, { shards: 'all' })
  await worker.sweep()
  await worker.idle()
  await worker.drain()
}

/** From nothing to a worker that has looked at everything once. */
async function startUps(world: World, suffix: string): Promise<Figures> {
  const houseMs: number[] = []
  const readyMs: number[] = []
  for (let nth = 0; nth < STARTS; nth += 1) {
    const from = performance.now()
    const house = await openOn(world)
    const opened = performance.now()
    const worker = startWorker(house.engine, { shards: 'all' })
    await worker.sweep()
    readyMs.push(performance.now() - from)
    houseMs.push(opened - from)
    await worker.drain()
    await house.close()
  }
  return { [`openMs${suffix}`]: median(houseMs), [`readyMs${suffix}`]: median(readyMs) }
}

async function moveAmong({ engine, vendor }: Bench, counts: Count[]): Promise<Figures> {
  const couples = await importCouples(
    engine,
    vendor,
    'moved',
    rowsOf(bookOf(MOVED_AT_ONCE, yearOf(engine) + 2)),
  )
  const worker = startWorker(engine, { shards: 'all' })
  await worker.sweep()
  await worker.idle()
  const bulk = await bulkMove(
    engine,
    vendor,
    couples.clients.map((one) => one.client),
    yearOf(engine) + 3,
  )
  await worker.idle()
  await worker.drain()
  counts.push({ of: 'weddings moved by the job', expected: MOVED_AT_ONCE, found: bulk.done })
  return { bulkMoveSeconds: bulk.seconds }
}

/** All are there, all wait, and each has its couple and its journey. */
async function crowdCounts(server: ServerTime, waiting: number, own: number): Promise<Count[]> {
  const { rows } = await server.session.query<{ n: number; waiting: number; broken: number }>(`
    select count(*)::int as n, count(*) filter (where r.status = 'waiting' and r.due_at > now())::int as waiting,
           count(*) filter (where c.client_id is null or v.version is null)::int as broken
      from app.run r
      left join app.client c on c.vendor_id = r.vendor_id and c.client_id = r.client_id
      left join app.journey_version v on v.vendor_id = r.vendor_id and v.journey_id = r.journey_id and v.version = r.version`)
  const { n, waiting: still, broken } = rows[0]!
  return [
    { of: 'runs', expected: waiting + own, found: n },
    { of: 'runs that wait', expected: waiting + own, found: still },
    { of: 'runs without couple or journey', expected: 0, found: broken },
  ]
}
