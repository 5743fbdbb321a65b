import { randomBytes, randomUUID } from 'node:crypto'
import pg from 'pg'
import {
  type EffectRate,
  type RunTimes,
  STEPS_PER_RUN,
  type System,
  type Throughput,
  WARM_UP_RUNS,
  type World,
} from './system.ts'
import { slices } from './timing.ts'

/**
 * The ceiling: the bytes a durable step of ours must write, written by bare batch statements with nothing
 * around them. No claim, no decision, no tenancy: whatever a real system reaches of it is its efficiency.
 */
const STATE_BYTES = 300
const LOG_BYTES = 200
/** Names, kinds and moments of a message, and the message itself as it is sealed. */
const EFFECT_BYTES = 250
const CONTENT_BYTES = 900
const BATCH = 500
const LANES = 2

const SCHEMA = `
  create table run (
    id uuid primary key, due timestamptz, steps integer not null, state text not null
  ) with (fillfactor = 50);
  create table log (run uuid not null, step integer not null, entry text not null);
  create table effect (id uuid primary key, state text not null, words text not null) with (fillfactor = 50);
  create table attempt (effect uuid primary key, attempt integer not null, began timestamptz, ended timestamptz)
    with (fillfactor = 50);
  create table content (effect uuid primary key, sealed bytea not null)`

const STEP = {
  name: 'step',
  text: `
    with stepped as (
      update run set state = new.state, steps = new.steps
        from unnest($1::uuid[], $2::int[], $3::text[]) as new(id, steps, state)
       where run.id = new.id)
    insert into log select * from unnest($1::uuid[], $2::int[], $4::text[])`,
}
/** A message: planned and leased by one commit, settled by another, each with its step. */
const INTENT = {
  name: 'intent',
  text: `
    with stepped as (
      update run set state = new.state, steps = new.steps
        from unnest($1::uuid[], $2::int[], $3::text[]) as new(id, steps, state)
       where run.id = new.id),
    logged as (insert into log select * from unnest($1::uuid[], $2::int[], $4::text[])),
    planned as (insert into effect select id, 'sending', words from unnest($1::uuid[], $5::text[]) as new(id, words)),
    begun as (insert into attempt select id, 1, now() from unnest($1::uuid[]) as new(id))
    insert into content select * from unnest($1::uuid[], $6::bytea[])`,
}
const OUTCOME = {
  name: 'outcome',
  text: `
    with stepped as (
      update run set state = new.state, steps = new.steps
        from unnest($1::uuid[], $2::int[], $3::text[]) as new(id, steps, state)
       where run.id = new.id),
    logged as (insert into log select * from unnest($1::uuid[], $2::int[], $4::text[])),
    ended as (update attempt set ended = now() from unnest($1::uuid[]) as new(id) where attempt.effect = new.id)
    update effect set state = 'accepted' from unnest($1::uuid[]) as new(id) where effect.id = new.id`,
}
const START = {
  name: 'start',
  text: `insert into run select id, null, 0, state from unnest($1::uuid[], $2::text[]) as new(id, state)`,
}

const json = (bytes: number, step: number): string => {
  const head = `{"steps":${step},"fill":"`
  return `${head}${'x'.repeat(bytes - head.length - 2)}"}`
}

async function open(world: World, lanes: number): Promise<pg.Client[]> {
  const clients = Array.from({ length: lanes }, () => new pg.Client({ connectionString: world.databaseUrl }))
  for (const client of clients) {
    await client.connect()
    world.later(() => client.end())
  }
  await clients[0]!.query(SCHEMA)
  return clients
}

async function w1(world: World, runs: number): Promise<Throughput> {
  const clients = await open(world, LANES)
  const batches = (count: number) => slices(count, BATCH).map((batch) => batch.map(() => randomUUID()))
  await walk(clients, batches(WARM_UP_RUNS))
  const measured = batches(runs)
  const from = performance.now()
  await walk(clients, measured)
  const seconds = (performance.now() - from) / 1_000
  const all = WARM_UP_RUNS + runs
  return { steps: runs * STEPS_PER_RUN, seconds, counts: await counts(clients[0]!, all, STEPS_PER_RUN) }
}

/** Each lane owns every second batch: a batch's next step begins when its last one is durable. */
async function walk(clients: readonly pg.Client[], batches: readonly string[][]): Promise<void> {
  await Promise.all(
    clients.map(async (client, lane) => {
      const mine = batches.filter((_, i) => i % clients.length === lane)
      for (const ids of mine) {
        await client.query({ ...START, values: [ids, ids.map(() => json(STATE_BYTES, 0))] })
      }
      for (let step = 1; step <= STEPS_PER_RUN; step++) {
        for (const ids of mine) await client.query({ ...STEP, values: stepOf(ids, step) })
      }
    }),
  )
}

const stepOf = (ids: readonly string[], step: number): unknown[] => [
  ids,
  ids.map(() => step),
  ids.map(() => json(STATE_BYTES, step)),
  ids.map(() => json(LOG_BYTES, step)),
]

async function w5(world: World, effects: number): Promise<EffectRate> {
  const clients = await open(world, LANES)
  const batches = slices(effects, BATCH).map((batch) => batch.map(() => randomUUID()))
  const sealed = randomBytes(CONTENT_BYTES)
  const addedMs: number[] = []
  const from = performance.now()
  await Promise.all(
    clients.map(async (client, lane) => {
      for (const ids of batches.filter((_, i) => i % clients.length === lane)) {
        await client.query({ ...START, values: [ids, ids.map(() => json(STATE_BYTES, 0))] })
        const begun = performance.now()
        const words = [ids.map(() => json(EFFECT_BYTES, 1)), ids.map(() => sealed)]
        await client.query({ ...INTENT, values: [...stepOf(ids, 1), ...words] })
        await client.query({ ...OUTCOME, values: stepOf(ids, 2) })
        addedMs.push(...ids.map(() => performance.now() - begun))
      }
    }),
  )
  const seconds = (performance.now() - from) / 1_000
  const { rows } = await clients[0]!.query<{ n: number }>(
    "select count(*)::int as n from effect where state = 'accepted'",
  )
  return {
    effects,
    seconds,
    addedMs,
    counts: [
      { of: 'accepted effects', expected: effects, found: rows[0]!.n },
      ...(await counts(clients[0]!, effects, 2)),
    ],
  }
}

async function w4(world: World, steps: number, runs: number): Promise<RunTimes> {
  const [client] = await open(world, 1)
  const seconds: number[] = []
  for (let run = 0; run < runs; run++) {
    const ids = [randomUUID()]
    await client!.query({ ...START, values: [ids, [json(STATE_BYTES, 0)]] })
    const from = performance.now()
    for (let step = 1; step <= steps; step++) await client!.query({ ...STEP, values: stepOf(ids, step) })
    seconds.push((performance.now() - from) / 1_000)
  }
  return { steps, seconds, counts: await counts(client!, runs, steps) }
}

async function counts(client: pg.Client, runs: number, steps: number) {
  const { rows } = await client.query<{ done: number; log: number; entries: number }>(
    `select (select count(*)::int from run where steps = $1) as done,
            (select count(*)::int from log) as log,
            (select count(distinct (run, step))::int from log) as entries`,
    [steps],
  )
  const { done, log, entries } = rows[0]!
  return [
    { of: 'runs at their last step', expected: runs, found: done },
    { of: 'log rows', expected: runs * steps, found: log },
    { of: 'distinct log rows', expected: runs * steps, found: entries },
  ]
}

export const systems: readonly System[] = [
  {
    name: 'raw ceiling',
    mode: 'bare batch statements',
    role: 'ceiling',
    settings: `${LANES} connections, batches of ${BATCH}, ${STATE_BYTES} B state, ${LOG_BYTES} B log; W4: a bare commit; W5: its rows alone, without a provider`,
    w1,
    w4,
    w5,
  },
]
