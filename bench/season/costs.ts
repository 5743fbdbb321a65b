import pg from 'pg'
import { type Metrics, makeMetrics } from '../../src/api/metrics.ts'
import { publish } from '../../src/engine/publish.ts'
import { startMany } from '../../src/engine/start-many.ts'
import { startWorker } from '../../src/queue/worker.ts'
import { type Count, type Measured, STEPS_PER_RUN, WARM_UP_RUNS, type World } from '../harness/system.ts'
import { median } from '../harness/timing.ts'
import { chain, plainClients } from './chain.ts'
import { openBench } from './house.ts'

/**
 * What tenancy and measuring take of W1: the same house walks the same runs with row-level security and without,
 * with metrics (and a scrape a second) and without, by turns, so that a slow minute of the machine falls on both.
 * Each pair of turns is one comparison; the figure is the median of them.
 */
const PAIRS = 8
const SCRAPE_EVERY_MS = 1_000

type Turn = { readonly rls: boolean; readonly metrics: boolean }
const AS_DELIVERED: Turn = { rls: true, metrics: true }

export async function costs(world: World, runs: number): Promise<Measured> {
  const session = new pg.Client({ connectionString: world.databaseUrl })
  await session.connect()
  world.later(() => session.end())
  const metrics: Metrics = makeMetrics()
  let measuring = true
  let onDone = (): void => undefined
  const bench = await openBench(world, {
    observe: (name, ms, failed) => (measuring ? metrics.observeTransaction(name, ms, failed) : undefined),
    bus: {
      publish: ({ data }) => ((data as { status: string }).status === 'completed' ? onDone() : undefined),
    },
  })
  const engine = { ...bench.engine, settings: { ...bench.engine.settings, stepsPerActivationMax: 1 } }
  await publish(engine, bench.vendor, { key: 'chain', document: chain(STEPS_PER_RUN), by: 'bench' })
  const worker = startWorker(engine, { shards: 'all' })
  world.later(() => worker.drain())
  metrics.watchWorker(() => worker.stats)
  const scraping = setInterval(() => (measuring ? void metrics.text() : undefined), SCRAPE_EVERY_MS)
  world.later(() => clearInterval(scraping))

  const inTurn = Math.max(50, Math.round(runs / 10))
  let walked = 0
  const walk = async (turn: Turn, count = inTurn): Promise<number> => {
    measuring = turn.metrics
    await setRls(session, turn.rls)
    const clients = await plainClients(session, bench.vendor, count)
    walked += count
    let left = count
    const done = Promise.withResolvers<void>()
    onDone = () => (--left === 0 ? done.resolve() : undefined)
    const from = performance.now()
    await startMany(engine, bench.vendor, 'chain', clients)
    await done.promise
    const seconds = (performance.now() - from) / 1_000
    await worker.idle()
    return (count * STEPS_PER_RUN) / seconds
  }

  for (const turn of [AS_DELIVERED, { ...AS_DELIVERED, rls: false }]) await walk(turn, WARM_UP_RUNS)
  const tenancy = await compare(walk, { ...AS_DELIVERED, rls: false })
  const measuringCost = await compare(walk, { ...AS_DELIVERED, metrics: false })
  await setRls(session, true)
  return {
    figures: {
      stepsPerSecond: tenancy.withIt,
      tenancyPercent: tenancy.percent,
      measuringPercent: measuringCost.percent,
      withoutTenancy: tenancy.without,
      withoutMeasuring: measuringCost.without,
    },
    counts: await countsOf(session, walked),
  }
}

/** How much of the rate without it the thing takes, in per cent. */
async function compare(
  walk: (turn: Turn) => Promise<number>,
  off: Turn,
): Promise<{ withIt: number; without: number; percent: number }> {
  const pairs: { withIt: number; without: number }[] = []
  for (let nth = 0; nth < PAIRS; nth += 1) {
    // Whoever is second walks among more rows: they take turns at that too.
    if (nth % 2 === 0) pairs.push({ withIt: await walk(AS_DELIVERED), without: await walk(off) })
    else {
      const without = await walk(off)
      pairs.push({ withIt: await walk(AS_DELIVERED), without })
    }
  }
  return {
    withIt: median(pairs.map((one) => one.withIt)),
    without: median(pairs.map((one) => one.without)),
    percent: median(pairs.map((one) => 100 * (1 - one.withIt / one.without))),
  }
}

/** For every table at once; plans made under the other rule are made anew. */
async function setRls(session: pg.Client, on: boolean): Promise<void> {
  const { rows } = await session.query<{ name: string }>(
    `select c.oid::regclass::text as name from pg_class c
      where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p')
        and exists (select from pg_policy p where p.polrelid = c.oid) and c.relrowsecurity <> $1 order by 1`,
    [on],
  )
  for (const { name } of rows)
    await session.query(`alter table ${name} ${on ? 'enable' : 'disable'} row level security`)
}

async function countsOf(session: pg.Client, runs: number): Promise<Count[]> {
  const { rows } = await session.query<{ done: number; log: number; entries: number; open: number }>(`
    select (select count(*)::int from app.run where status = 'completed') as done,
           (select count(*)::int from app.run_log where rev > 1) as log,
           (select count(distinct (run_id, rev))::int from app.run_log where rev > 1) as entries,
           (select count(*)::int from pg_class c where exists (select from pg_policy p where p.polrelid = c.oid) and not c.relrowsecurity) as open`)
  const { done, log, entries, open } = rows[0]!
  return [
    { of: 'completed runs', expected: runs, found: done },
    { of: 'log rows', expected: runs * STEPS_PER_RUN, found: log },
    { of: 'distinct log rows', expected: runs * STEPS_PER_RUN, found: entries },
    { of: 'tables left open', expected: 0, found: open },
  ]
}
