import { fork } from 'node:child_process'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { VendorId } from '../../src/core/ids.ts'
import { plusMs } from '../../src/core/time/instant.ts'
import { ALL_SHARDS } from '../../src/engine/engine.ts'
import type { Senders } from '../../src/engine/senders.ts'
import type { AttemptResult } from '../../src/modules/runner.ts'
import type { Db } from '../../src/ports.ts'
import { ownIdentity, startOf } from '../../src/postgres/process-identity.ts'
import { monotonicMs, threadHeartbeat } from '../../src/queue/heartbeat.ts'
import { startWorker, type Worker, type WorkerOptions } from '../../src/queue/worker.ts'
import { doubtsOf } from '../../src/store/doubts.ts'
import { liveWorkers, openBreakers, type ProcessFacts, renewWorker } from '../../src/store/workers.ts'
import {
  begin,
  copies,
  coupleOf,
  dueCount,
  type ServerStage,
  type StageOptions,
  serverStage,
  told,
  until,
  vendorWith,
} from './stage.ts'

let stage: ServerStage
const closers: (() => Promise<void>)[] = []
beforeAll(async () => {
  stage = await serverStage()
})
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
  await stage.session.exec('truncate app.vendor, app.worker cascade')
})
afterAll(() => stage.stop())

const COUNT_LOGS = 'select count(*)::int as count from app.run_log'
const COUNT_RUNS = 'select count(*)::int as count from app.run'
async function count(text: string): Promise<number> {
  const [row] = await stage.session.query<{ count: number }>(text)
  return row?.count ?? 0
}

function open(options?: StageOptions) {
  told.length = 0
  const house = stage.open(options)
  closers.push(house.close)
  const start = (how: WorkerOptions = { shards: 'all' }): Worker => {
    const worker = startWorker(house.engine, how)
    closers.push(() => worker.drain())
    return worker
  }
  return { ...house, start }
}

const troubles = () => told.filter((one) => one.level !== 'info')
const percentile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0

test('an event is answered by a message within milliseconds, and everything comes to rest', async () => {
  const { engine, provider, start } = open()
  const vendor = await vendorWith(engine, 'mail')
  const couples = []
  for (let i = 0; i < 30; i += 1) couples.push(await coupleOf(engine, vendor))
  const worker = start()
  await worker.sweep()
  await worker.idle()
  const latencies: number[] = []
  for (const couple of couples) {
    const before = provider.sent.length
    await begin(engine, vendor, couple)
    const begunAt = performance.now()
    await until(() => provider.sent.length > before)
    latencies.push(performance.now() - begunAt)
    await worker.idle()
  }
  expect(provider.sent.length).toBe(30)
  // Four commits lie between the event and the call; the sweep would take two thousand.
  expect(percentile(latencies, 0.5)).toBeLessThan(100)
  expect(await dueCount(stage.session, engine.clock.now())).toBe(0)
  expect(troubles()).toEqual([])
})

test('a timer starts within milliseconds of its moment, without a ring', async () => {
  const { engine, start } = open()
  const vendor = await vendorWith(engine, 'step')
  const run = await begin(engine, vendor, await coupleOf(engine, vendor))
  const late: number[] = []
  const worker = start()
  await worker.idle()
  for (let i = 0; i < 10; i += 1) {
    const due = plusMs(engine.clock.now(), 150 + 37 * i)
    await stage.session.query(
      'update app.run set due_at = $2::timestamptz, status = $3 where run_id = $1::uuid',
      [run, new Date(due).toISOString(), 'active'],
    )
    await worker.sweep()
    const before = worker.stats.turns
    await until(() => worker.stats.turns > before || engine.clock.now() > due + 5_000)
    late.push(engine.clock.now() - due)
    await worker.idle()
  }
  expect(percentile(late, 0.5)).toBeLessThan(50)
  expect(Math.min(...late)).toBeGreaterThanOrEqual(0)
})

test('five thousand rows due at one instant are each worked off once', async () => {
  const { engine, start } = open()
  const vendor = await vendorWith(engine, 'step')
  const run = await begin(engine, vendor, await coupleOf(engine, vendor))
  await copies(stage.session, run, 5_000, { due: engine.clock.now() })
  const logsBefore = await count(COUNT_LOGS)
  const worker = start()
  await worker.sweep()
  await until(async () => (await dueCount(stage.session, engine.clock.now())) === 0, 25_000)
  await worker.idle()
  expect(worker.stats.turns).toBe(5_000)
  expect((await count(COUNT_LOGS)) - logsBefore).toBe(5_000)
  expect(troubles()).toEqual([])
})

test('a vendor with ten thousand due messages does not keep another waiting, nor the bride of today', async () => {
  const { engine, provider, start } = open({ settings: { sendsMax: 50 } })
  const flood = await vendorWith(engine, 'mail')
  const other = await vendorWith(engine, 'mail')
  const couple = await coupleOf(engine, other)
  const bride = await coupleOf(engine, other)
  const couples = []
  for (let i = 0; i < 200; i += 1) couples.push(await coupleOf(engine, flood))
  const run = await begin(engine, flood, couples[0]!)
  await copies(stage.session, run, 10_000, { due: engine.clock.now() })
  provider.delayMs = 20
  const worker = start()
  let seatsTaken = 0
  await until(() => {
    seatsTaken = Math.max(seatsTaken, worker.stats.seatsTaken)
    return provider.sent.length > 500
  }, 20_000)

  for (const one of [couple, bride]) {
    const startedAt = performance.now()
    const before = provider.sent.filter((sent) => sent.vendor === other).length
    await begin(engine, other, one)
    await until(() => provider.sent.filter((sent) => sent.vendor === other).length > before, 10_000)
    expect(performance.now() - startedAt).toBeLessThan(4_000)
  }
  expect(provider.sent.length).toBeLessThan(10_000)
  expect(provider.openMax).toBeLessThanOrEqual(50)
  expect(seatsTaken).toBeGreaterThan(0.3)
})

test('what finds no room goes out as room is made, and does not wait for a sweep', async () => {
  const { engine, provider, start } = open()
  Object.assign(engine.senders, { room: () => 3 - provider.open, pace: () => 10 })
  provider.delayMs = 30
  const vendor = await vendorWith(engine, 'mail')
  const couples = []
  for (let i = 0; i < 60; i += 1) couples.push(await coupleOf(engine, vendor))
  const worker = start()
  await worker.sweep()
  await Promise.all(couples.map((couple) => begin(engine, vendor, couple)))
  await until(() => provider.sent.length === 60, 20_000)
  await worker.idle()
  const gaps = provider.sent.slice(1).map((one, i) => one.at - provider.sent[i]!.at)
  // A letter that only a sweep finds leaves the line empty for most of two seconds.
  expect(Math.max(...gaps)).toBeLessThan(1_000)
  expect(new Set(provider.sent.map((one) => one.effect)).size).toBe(60)
})

test('when the database is away nobody is blamed, and what was sent is written when it is back', async () => {
  const { engine, provider } = open()
  const vendor = await vendorWith(engine, 'mail')
  const couples = []
  for (let i = 0; i < 10; i += 1) couples.push(await coupleOf(engine, vendor))
  let away = false
  const refuse = <T>(work: () => Promise<T>): Promise<T> =>
    away ? Promise.reject(new Error('Connection terminated unexpectedly')) : work()
  const db: Db = {
    tx: (name, scope, work) => refuse(() => engine.db.tx(name, scope, work)),
    read: (name, scope, work) => refuse(() => engine.db.read(name, scope, work)),
    one: (name, scope, text, ...values) => refuse(() => engine.db.one(name, scope, text, ...values)),
  }
  const worker = startWorker({ ...engine, db }, { shards: 'all' })
  closers.push(() => worker.drain())
  provider.delayMs = 300
  for (const couple of couples) await begin(engine, vendor, couple)
  await until(() => provider.sent.length === 10)
  away = true
  await until(() => provider.open === 0)
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  away = false
  await worker.idle()
  const states = await stage.session.query('select state, count(*)::int as count from app.effect group by 1')
  expect(states).toEqual([{ state: 'accepted', count: 10 }])
  expect(provider.sent.length).toBe(10)
  expect(await count(`select count(*)::int as count from app.notice where code = 'engine_error'`)).toBe(0)
})

test('what nobody knew, what settled it and which provider is not called are read from the rows', async () => {
  const house = open()
  const answers: AttemptResult[] = [
    { is: 'unknown', cause: 'timeout' },
    { is: 'done', exit: 'sent', ref: null },
  ]
  let shut: VendorId[] = []
  const senders: Senders = {
    ...house.engine.senders,
    provider: () => ({ name: 'stage', keyWindowMs: 3_600_000, timeoutMs: 10_000 }),
    send: async () => answers.shift() ?? { is: 'refused', exit: null, cause: 'twice' },
    closed: () => shut.map((vendor) => ({ provider: 'smtp', vendor })),
  }
  const engine = { ...house.engine, senders }
  const vendor = await vendorWith(engine, 'mail')
  const worker = startWorker(engine, { shards: 'all' })
  closers.push(() => worker.drain())
  const doubts = async () =>
    (await doubtsOf(engine.db)).map(({ how, effects, resends }) => [how, effects, resends])
  expect(await doubts()).toEqual([])
  await begin(engine, vendor, await coupleOf(engine, vendor))
  await until(async () => (await doubts()).length > 0)
  expect(await doubts()).toEqual([['open', 1, 0]])
  shut = [vendor]
  await worker.sweep()
  expect(await openBreakers(engine.db, engine.clock.now())).toEqual([{ provider: 'smtp', vendor }])
  await stage.session.exec('update app.effect set due_at = clock_timestamp()')
  await worker.sweep()
  await until(async () => answers.length === 0 && (await doubts())[0]?.[0] !== 'open')
  expect(await doubts()).toEqual([['same_key', 1, 0]])
  shut = []
  await worker.sweep()
  expect(await openBreakers(engine.db, engine.clock.now())).toEqual([])
})

test('one poisoned run is set aside alone; its batch goes on', async () => {
  const { engine, start } = open()
  const vendor = await vendorWith(engine, 'step')
  const run = await begin(engine, vendor, await coupleOf(engine, vendor))
  await copies(stage.session, run, 20, { due: engine.clock.now(), shard: 7 })
  await stage.session.query(
    `update app.run set state = 'no json', status = 'active', due_at = now() where run_id = $1::uuid`,
    [run],
  )
  const worker = start()
  await until(async () => (await dueCount(stage.session, engine.clock.now())) === 0, 15_000)
  await worker.idle()
  expect(worker.stats.turns).toBe(20)
  expect(await count(`select count(*)::int as count from app.notice where code = 'engine_error'`)).toBe(1)
})

test('workers share the shards, and a dead one is replaced as soon as its lease has lapsed', async () => {
  const settings = { leaseMs: 3_000 }
  const one = open({ settings })
  const two = open({ settings })
  const a = one.start({ shards: 'shared' })
  const dies = startWorker(two.engine, {
    shards: 'shared',
    heartbeat: {
      begun: Promise.resolve(),
      holds: () => true,
      heard: () => undefined,
      stop: async () => undefined,
    },
  })
  const leasedUntil = plusMs(two.engine.clock.now(), 3_000)
  await stage.session.query(
    `insert into app.worker (worker_id, pid, host, started_at, leased_until, progress_at)
     values ($1::uuid, 1, 'elsewhere', $2::timestamptz, $3::timestamptz, $2::timestamptz)`,
    [
      two.engine.settings.workerId,
      new Date(two.engine.clock.now()).toISOString(),
      new Date(leasedUntil).toISOString(),
    ],
  )
  await until(() => a.stats.shards.length === 32 && dies.stats.shards.length === 32)
  expect([...a.stats.shards, ...dies.stats.shards].sort((x, y) => x - y)).toEqual([...ALL_SHARDS])
  await dies.drain()
  await until(() => a.stats.shards.length === 64, 15_000)
  expect(one.engine.clock.now() - leasedUntil).toBeLessThan(1_000)
}, 30_000)

test('a drain finishes what is in hand and takes nothing new', async () => {
  const { engine, provider, start } = open()
  const vendor = await vendorWith(engine, 'mail')
  const first = await coupleOf(engine, vendor)
  const second = await coupleOf(engine, vendor)
  provider.delayMs = 300
  const worker = start()
  await begin(engine, vendor, first)
  await until(() => provider.open === 1)
  const drained = worker.drain()
  await begin(engine, vendor, second)
  await drained
  expect(provider.open).toBe(0)
  expect(provider.sent.length).toBe(1)
  expect(await stage.session.query('select state from app.effect')).toEqual([{ state: 'accepted' }])
  expect(await count('select count(*)::int as count from app.worker')).toBe(0)
  expect(await count(COUNT_RUNS)).toBe(2)
})

test('a busy event loop does not stop the heartbeat; a main thread without progress does', async () => {
  const { engine } = open()
  const heartbeat = threadHeartbeat(engine, stage.target)
  await heartbeat.begun
  const renewed = async () => {
    const [row] = await stage.session.query<{ at: number }>(
      'select extract(epoch from leased_until)::float8 * 1000 as at from app.worker where worker_id = $1::uuid',
      [engine.settings.workerId],
    )
    return row?.at ?? 0
  }
  const before = await renewed()
  const blockedUntil = monotonicMs() + 3_000
  while (monotonicMs() < blockedUntil);
  expect(await renewed()).toBeGreaterThan(before + 1_500)
  expect(heartbeat.holds()).toBe(true)

  // Nobody looks any more: after the length of a lease the renewals end, and with them the right to send.
  await until(() => !heartbeat.holds(), 25_000)
  expect(troubles().map((one) => one.message)).toEqual(['no progress: the lease is not renewed any more'])
  heartbeat.heard('looked', false)
  await until(() => heartbeat.holds(), 5_000)
  await heartbeat.stop()
  expect(heartbeat.holds()).toBe(false)
  expect(await renewed()).toBe(0)
}, 60_000)

test('a worker whose process is over is signed off by its neighbours; one that lives or cannot be judged is not', async () => {
  const { engine } = open()
  const child = fork(path.join(import.meta.dirname, 'worker-program.ts'))
  await new Promise((resolve) => child.once('message', resolve))
  const { pid, ...here } = ownIdentity()
  const theirs = { ...here, startedAt: startOf(child.pid!)! }
  const now = engine.clock.now()
  const lease = { host: 'here', now, until: plusMs(now, 600_000), progressAt: now }
  const rows: readonly (readonly [n: number, pid: number, process: ProcessFacts | null])[] = [
    [1, child.pid!, theirs],
    // Its number belongs to us by now.
    [2, pid, { ...here, startedAt: '1' }],
    [3, child.pid!, { ...theirs, boot: 'another machine' }],
    [4, child.pid!, { ...theirs, space: 'another container' }],
    [5, child.pid!, null],
    [6, pid, here],
  ]
  for (const [n, number, process] of rows)
    await renewWorker(engine.db, { ...lease, worker: workerId(n), pid: number, process })
  const heartbeat = threadHeartbeat(engine, stage.target)
  closers.push(() => heartbeat.stop())
  await heartbeat.begun
  const left = async () => {
    const ids = (await liveWorkers(engine.db, engine.clock.now())).map((one) => one.worker_id)
    return rows.map(([n]) => n).filter((n) => ids.includes(workerId(n)))
  }
  await until(async () => !(await left()).includes(2))
  expect(await left()).toEqual([1, 3, 4, 5, 6])
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await gone
  // The next beat, long before its lease.
  await until(async () => !(await left()).includes(1))
  expect(await left()).toEqual([3, 4, 5, 6])
})
const workerId = (n: number) => `0198c000-0000-7000-8000-00000000000${n}`

test('an idle worker asks the database a few times a second at most', async () => {
  const { engine } = open()
  let asked = 0
  const counted = <T>(work: () => Promise<T>): Promise<T> => {
    asked += 1
    return work()
  }
  const db: Db = {
    tx: (name, scope, work) => counted(() => engine.db.tx(name, scope, work)),
    read: (name, scope, work) => counted(() => engine.db.read(name, scope, work)),
    one: (name, scope, text, ...values) => counted(() => engine.db.one(name, scope, text, ...values)),
  }
  const worker = startWorker({ ...engine, db }, { shards: 'all' })
  closers.push(() => worker.drain())
  await worker.idle()
  asked = 0
  const cpu = process.cpuUsage()
  await new Promise((resolve) => setTimeout(resolve, 4_000))
  expect(asked).toBeLessThanOrEqual(12)
  expect(process.cpuUsage(cpu).user / 4_000_000).toBeLessThan(0.05)
})
