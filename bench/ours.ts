import { randomBytes } from 'node:crypto'
import { readConfig } from '../src/config.ts'
import type { ClientId, VendorId } from '../src/core/ids.ts'
import { type Journey, journeySchema } from '../src/core/journey/graph.ts'
import { MINUTE_MS, plusMs } from '../src/core/time/instant.ts'
import type { Engine } from '../src/engine/engine.ts'
import { personPlace } from '../src/engine/jobs.ts'
import { publish } from '../src/engine/publish.ts'
import type { Senders } from '../src/engine/senders.ts'
import { startMany } from '../src/engine/start-many.ts'
import { addVendor } from '../src/engine/vendors.ts'
import { sealJson } from '../src/engine/views.ts'
import { type House, openHouse } from '../src/main.ts'
import { hashOf } from '../src/modules/execution.ts'
import type { Db, Log } from '../src/ports.ts'
import { startWorker } from '../src/queue/worker.ts'
import { insertPersons, type NewPerson } from '../src/store/people.ts'
import { ts } from '../src/store/sql.ts'
import {
  type Count,
  type EffectRate,
  type Latency,
  type Lateness,
  type RunTimes,
  STEPS_PER_RUN,
  type System,
  type Throughput,
  WARM_UP_RUNS,
  type World,
} from './harness/system.ts'
import { wallMs } from './harness/timing.ts'

/**
 * Ours, measured as it is delivered: the real engine and worker over a real PostgreSQL with row-level security,
 * decisions and log. Only the provider stands in for the world, and the bus counts what was committed.
 */
const quiet: Log = {
  info: () => undefined,
  warn: () => undefined,
  error: (message, details) => console.error(message, details),
}

/** Where the time of transactions goes, by their names; printed by `bench/profile.ts`. */
export const transactions = new Map<string, { count: number; ms: number }>()
function noteTransaction(name: string, ms: number): void {
  const known = transactions.get(name) ?? { count: 0, ms: 0 }
  transactions.set(name, { count: known.count + 1, ms: known.ms + ms })
}

type Bench = {
  readonly engine: Engine
  readonly vendor: VendorId
  readonly house: House
  clients(count: number): Promise<ClientId[]>
  onRun: (run: string, status: string) => void
  loaded: () => void
}

async function open(world: World, settings: Partial<Engine['settings']>, senders?: Senders): Promise<Bench> {
  const config = readConfig({
    DATABASE_URL: world.databaseUrl,
    WEDSYNC_KEY: randomBytes(32).fill(9).toString('base64'),
    WEDSYNC_DATA: world.scratch,
  })
  const told = { onRun: (_run: string, _status: string): void => undefined, loaded: (): void => undefined }
  const house = await openHouse(config, quiet, {
    observe: noteTransaction,
    bus: {
      publish: ({ data }) => told.onRun((data as { run: string }).run, (data as { status: string }).status),
    },
  })
  world.later(() => house.close())
  const engine: Engine = {
    ...house.engine,
    ...(senders ? { senders } : {}),
    db: watching(house.engine.db, () => told.loaded()),
    settings: { ...house.engine.settings, ...settings },
  }
  const vendor = await addVendor(engine, {
    name: 'Bench',
    type: 'photographer',
    zone: 'Europe/London',
    region: 'GB',
  })
  return Object.assign(told, {
    engine,
    vendor,
    house,
    clients: (count: number) => manyClients(engine, vendor, count, senders !== undefined),
  })
}

/** Says when a batch has been read and its first turn is about to be taken. */
const watching = (db: Db, loaded: () => void): Db => ({
  ...db,
  tx: (name, scope, work) =>
    name === 'step.load'
      ? db.tx(name, scope, work).then((result) => {
          loaded()
          return result
        })
      : db.tx(name, scope, work),
})

const CLIENTS_AT_ONCE = 2_000

/** Couples, many in a statement: how they become known is not what is measured. */
async function manyClients(
  engine: Engine,
  vendor: VendorId,
  count: number,
  withMail: boolean,
): Promise<ClientId[]> {
  const now = engine.clock.now()
  const ids = Array.from({ length: count }, () => engine.rng.uuid7(now) as ClientId)
  const sealed = new Uint8Array(0)
  for (let from = 0; from < count; from += CLIENTS_AT_ONCE) {
    const part = ids.slice(from, from + CLIENTS_AT_ONCE)
    await engine.db.tx('bench.clients', { vendors: [vendor] }, async (sql) => {
      await sql`insert into app.client (vendor_id, client_id, created_at) select ${vendor}, id, ${ts(now)}::timestamptz from unnest(${part}::uuid[]) as id`
      if (withMail)
        await insertPersons(
          sql,
          await Promise.all(part.map((client) => person(engine, vendor, client, sealed))),
        )
    })
  }
  return ids
}

async function person(
  engine: Engine,
  vendor: VendorId,
  client: ClientId,
  mark: Uint8Array,
): Promise<NewPerson> {
  const id = engine.rng.uuid7(engine.clock.now())
  const document = { name: 'Anna Ashworth', firstName: 'Anna', email: 'anna@example.org', phone: null }
  return {
    vendor_id: vendor,
    client_id: client,
    person_id: id,
    ref: 'partner_a',
    sealed: await sealJson(engine.vault, personPlace(vendor, id), document),
    email_mark: mark,
    phone_mark: null,
    zone: null,
    may: { email: ['transactional'], sms: [] },
  }
}

/** Conditions in a row: pure steps, each of which the engine is made to commit before the next. */
function chain(steps: number): Journey {
  const nodes = Array.from({ length: steps }, (_, i) => ({
    id: `step${i}`,
    kind: 'condition',
    cases: [{ exit: 'yes', if: { fact: 'client.stage', is: 'equal', value: 'inquiry' } }],
  }))
  const ids = ['begin', ...nodes.map((node) => node.id)]
  return journeySchema.parse({
    format: 1,
    name: 'Chain',
    category: 'bench',
    reentry: 'never',
    nodes: [{ id: 'begin', kind: 'trigger', type: 'manual' }, ...nodes],
    edges: ids.slice(1).map((to, i) => ({ from: ids[i], to, ...(i > 0 ? { exit: 'yes' } : {}) })),
  })
}

async function runAll(bench: Bench, key: string, clients: readonly ClientId[]): Promise<number> {
  let left = clients.length
  const done = Promise.withResolvers<void>()
  bench.onRun = (_run, status) => {
    if (status === 'completed' && --left === 0) done.resolve()
  }
  const from = performance.now()
  await startMany(bench.engine, bench.vendor, key, clients)
  await done.promise
  return (performance.now() - from) / 1_000
}

const w1 =
  (stepsPerActivationMax: number) =>
  async (world: World, runs: number): Promise<Throughput> => {
    const bench = await open(world, { stepsPerActivationMax })
    await publish(bench.engine, bench.vendor, { key: 'chain', document: chain(STEPS_PER_RUN), by: 'bench' })
    const clients = await bench.clients(WARM_UP_RUNS + runs)
    const worker = startWorker(bench.engine, { shards: 'all' })
    world.later(() => worker.drain())
    await runAll(bench, 'chain', clients.slice(0, WARM_UP_RUNS))
    const seconds = await runAll(bench, 'chain', clients.slice(WARM_UP_RUNS))
    const turns = stepsPerActivationMax === 1 ? STEPS_PER_RUN : 1
    return { steps: runs * STEPS_PER_RUN, seconds, counts: await runCounts(bench, clients.length, turns) }
  }

async function runCounts(bench: Bench, runs: number, turns: number): Promise<Count[]> {
  return bench.engine.db.tx('bench.count', { vendors: [bench.vendor] }, async (sql) => {
    const [done] = await sql<{ n: number }>`select count(*)::int as n from app.run where status = 'completed'`
    const [log] = await sql<{
      n: number
      d: number
    }>`select count(*)::int as n, count(distinct (run_id, rev))::int as d from app.run_log where rev > 1`
    return [
      { of: 'completed runs', expected: runs, found: done?.n ?? 0 },
      { of: 'log rows', expected: runs * turns, found: log?.n ?? 0 },
      { of: 'distinct log rows', expected: runs * turns, found: log?.d ?? 0 },
    ]
  })
}

async function w2(world: World, timers: number): Promise<Lateness> {
  const bench = await open(world, {})
  const waits = (anchor: string): Journey =>
    journeySchema.parse({
      format: 1,
      name: 'Timer',
      category: 'bench',
      reentry: 'never',
      nodes: [
        { id: 'begin', kind: 'trigger', type: 'manual' },
        { id: 'wait', kind: 'delay', wait: { after: { minutes: 0 }, of: anchor } },
        {
          id: 'done',
          kind: 'condition',
          cases: [{ exit: 'yes', if: { fact: 'client.stage', is: 'known' } }],
        },
      ],
      edges: [
        { from: 'begin', to: 'wait' },
        { from: 'wait', to: 'done' },
      ],
    })
  const clients = await bench.clients(WARM_UP_RUNS + timers)
  await publish(bench.engine, bench.vendor, { key: 'timer', document: waits('custom:bench'), by: 'bench' })
  const worker = startWorker(bench.engine, { shards: 'all' })
  world.later(() => worker.drain())
  const wait = async (some: readonly ClientId[], inMs: number): Promise<number[]> => {
    const due = plusMs(bench.engine.clock.now(), inMs)
    await bench.engine.db.tx(
      'bench.anchor',
      { vendors: [bench.vendor] },
      (sql) =>
        sql`update app.client set anchors = ${JSON.stringify({ 'custom:bench': { value: { is: 'moment', at: due }, generation: 1 } })}::jsonb where client_id = any (${some}::uuid[])`,
    )
    await startMany(bench.engine, bench.vendor, 'timer', some)
    const late: number[] = []
    const done = Promise.withResolvers<void>()
    bench.onRun = (_run, status) => {
      if (status !== 'completed') return
      late.push(bench.engine.clock.now() - due)
      if (late.length === some.length) done.resolve()
    }
    await worker.idle()
    if (bench.engine.clock.now() >= due)
      throw new Error('the timers fell due before they were all planned; give them longer')
    await done.promise
    return late
  }
  await wait(clients.slice(0, WARM_UP_RUNS), 2_000)
  const latenessMs = await wait(clients.slice(WARM_UP_RUNS), Math.max(4_000, timers * 0.6))
  return { latenessMs, counts: await timerCounts(bench, clients.length) }
}

async function timerCounts(bench: Bench, runs: number): Promise<Count[]> {
  const rows = await bench.engine.db.tx(
    'bench.count',
    { vendors: [bench.vendor] },
    (sql) => sql<{ n: number }>`select count(*)::int as n from app.run where status = 'completed'`,
  )
  return [{ of: 'completed runs', expected: runs, found: rows[0]?.n ?? 0 }]
}

/** From the call that puts a couple on a journey to a worker that has its row in hand, in a house that is idle. */
async function w3(world: World, samples: number): Promise<Latency> {
  const bench = await open(world, {}, sendersOf(0))
  await publish(bench.engine, bench.vendor, { key: 'letter', document: letter(), by: 'bench' })
  const clients = await bench.clients(samples + 5)
  const worker = startWorker(bench.engine, { shards: 'all' })
  world.later(() => worker.drain())
  const latencyMs: number[] = []
  for (const [index, client] of clients.entries()) {
    await worker.idle()
    await new Promise((resolve) => setTimeout(resolve, 20))
    const begun = Promise.withResolvers<number>()
    bench.loaded = () => begun.resolve(performance.now())
    const from = performance.now()
    await Promise.all([startMany(bench.engine, bench.vendor, 'letter', [client]), begun.promise])
    if (index >= 5) latencyMs.push((await begun.promise) - from)
  }
  await worker.idle()
  return { latencyMs, counts: await runCounts(bench, clients.length, 2) }
}

async function w4(world: World, steps: number, runs: number): Promise<RunTimes> {
  const bench = await open(world, { stepsPerActivationMax: 1 })
  await publish(bench.engine, bench.vendor, { key: 'chain', document: chain(steps), by: 'bench' })
  const clients = await bench.clients(runs)
  const worker = startWorker(bench.engine, { shards: 'all' })
  world.later(() => worker.drain())
  const seconds: number[] = []
  for (const client of clients) {
    await worker.idle()
    seconds.push(await runAll(bench, 'chain', [client]))
  }
  return { steps, seconds, counts: await runCounts(bench, runs, steps) }
}

const LETTER = { subject: 'Hello', text: 'x'.repeat(800) }

function letter(): Journey {
  return journeySchema.parse({
    format: 1,
    name: 'Letter',
    category: 'bench',
    reentry: 'never',
    nodes: [
      { id: 'begin', kind: 'trigger', type: 'manual' },
      {
        id: 'letter',
        kind: 'module',
        type: 'email',
        version: 1,
        class: 'transactional',
        config: { subject: 'Hello', body: 'Hello' },
      },
    ],
    edges: [{ from: 'begin', to: 'letter' }],
  })
}

/** A provider that takes this long and keeps count. */
function sendersOf(providerMs: number): Senders & { sent: number } {
  return {
    sent: 0,
    provider: () => ({ name: 'bench', keyWindowMs: null, timeoutMs: MINUTE_MS }),
    prepare: async () => ({ is: 'ready', content: LETTER, hash: hashOf(LETTER) }),
    async send() {
      this.sent += 1
      if (providerMs > 0) await new Promise((resolve) => setTimeout(resolve, providerMs))
      return { is: 'done', exit: 'sent', ref: 'bench' }
    },
  }
}

async function w5(world: World, effects: number, providerMs: number): Promise<EffectRate> {
  const addedMs: number[] = []
  const plannedAt = new Map<string, number>()
  const senders = sendersOf(providerMs)
  const bench = await open(world, { sendsMax: 4_000 }, senders)
  await publish(bench.engine, bench.vendor, { key: 'letter', by: 'bench', document: letter() })
  const clients = await bench.clients(WARM_UP_RUNS + effects)
  const worker = startWorker(bench.engine, { shards: 'all' })
  world.later(() => worker.drain())
  await runAll(bench, 'letter', clients.slice(0, WARM_UP_RUNS))
  let left = effects
  const done = Promise.withResolvers<void>()
  bench.onRun = (run, status) => {
    if (status === 'active' && !plannedAt.has(run)) plannedAt.set(run, wallMs())
    if (status !== 'completed') return
    addedMs.push(wallMs() - (plannedAt.get(run) ?? wallMs()) - providerMs)
    if (--left === 0) done.resolve()
  }
  const from = performance.now()
  await startMany(bench.engine, bench.vendor, 'letter', clients.slice(WARM_UP_RUNS))
  await done.promise
  const seconds = (performance.now() - from) / 1_000
  const rows = await bench.engine.db.tx(
    'bench.count',
    { vendors: [bench.vendor] },
    (sql) =>
      sql<{ n: number }>`select count(*)::int as n from app.effect where state = 'accepted' and attempt = 1`,
  )
  return {
    effects,
    seconds,
    addedMs,
    counts: [
      { of: 'accepted effects', expected: clients.length, found: rows[0]?.n ?? 0 },
      { of: 'sends', expected: clients.length, found: senders.sent },
    ],
  }
}

export const systems: readonly System[] = [
  {
    name: 'WedSync',
    mode: 'each step committed',
    role: 'ours',
    settings: 'one process; batches as they come, at most 500; decisions, log, row-level security on',
    w1: w1(1),
    w2,
    w3,
    w4,
    w5,
  },
  {
    name: 'WedSync',
    mode: 'run to wait',
    role: 'ours',
    settings: 'all steps of one activation in one commit',
    w1: w1(100),
  },
]
