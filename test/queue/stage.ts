import { rmSync } from 'node:fs'
import path from 'node:path'
import { jumpingClock, seededRng } from '../../sim/house.ts'
import type { ClientId, RunId, VendorId } from '../../src/core/ids.ts'
import { type Journey, journeySchema } from '../../src/core/journey/graph.ts'
import { type Instant, plusMs } from '../../src/core/time/instant.ts'
import { addCouple } from '../../src/engine/clients.ts'
import { type Engine, type EngineSettings, SETTINGS } from '../../src/engine/engine.ts'
import { keepGraphs } from '../../src/engine/graphs.ts'
import { publish } from '../../src/engine/publish.ts'
import { receive } from '../../src/engine/receive.ts'
import type { Senders } from '../../src/engine/senders.ts'
import { keepVendorViews } from '../../src/engine/vendor-views.ts'
import { addVendor } from '../../src/engine/vendors.ts'
import { email } from '../../src/modules/email/definition.ts'
import { hashOf } from '../../src/modules/execution.ts'
import { registryOf } from '../../src/modules/registry.ts'
import type { Clock, Db, Doorbell, Log } from '../../src/ports.ts'
import { openSession, type Target } from '../../src/postgres/client.ts'
import { startClock } from '../../src/postgres/clock.ts'
import { startEmbedded } from '../../src/postgres/cluster.ts'
import { openDb } from '../../src/postgres/connect.ts'
import { systemRng } from '../../src/postgres/rng.ts'
import { inProcessDoorbell } from '../../src/queue/in-process.ts'
import type { Session } from '../../src/store/sql.ts'
import { triggerTypes } from '../../src/triggers/definitions.ts'
import { masterKeyOf } from '../../src/vault/master-key.ts'
import { memoryKeyStore } from '../../src/vault/memory-key-store.ts'
import { deterministicVault } from '../../src/vault/vault.ts'
import { layFurnished } from '../embedded/furnished.ts'
import { temporaryFolder } from '../embedded/servers.ts'

/** The engine on a stage: real tables and real statements, a mail provider whose book can be read. */

export const told: { level: string; message: string; details: unknown }[] = []
const tell =
  (level: string) =>
  (message: string, details: unknown = null): void =>
    void told.push({ level, message, details })
export const tellingLog: Log = { info: tell('info'), warn: tell('warn'), error: tell('error') }

export type Sent = {
  readonly effect: string
  readonly at: Instant
  readonly to: string
  readonly vendor: VendorId
}

export type Provider = {
  readonly sent: Sent[]
  /** How long the next calls take. */
  delayMs: number
  /** How many calls are under way. */
  open: number
  openMax: number
}

function providerSenders(clock: Clock, provider: Provider): Senders {
  return {
    provider: () => ({ name: 'stage', keyWindowMs: null, timeoutMs: 10_000 }),
    prepare: async (job) => ({ is: 'ready', content: job.config, hash: hashOf(job.config) }),
    async send(job) {
      provider.open += 1
      provider.openMax = Math.max(provider.openMax, provider.open)
      provider.sent.push({
        effect: job.effect,
        at: clock.now(),
        to: job.recipient.ref,
        vendor: job.vendor.id,
      })
      if (provider.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, provider.delayMs))
      provider.open -= 1
      return { is: 'done', exit: 'sent', ref: null }
    },
  }
}

export type StageOptions = {
  readonly doorbell?: Doorbell
  readonly settings?: Partial<EngineSettings>
  readonly clock?: Clock
}

export function engineOver(db: Db, clock: Clock, keys: Engine['vault'], options: StageOptions = {}) {
  const registry = registryOf([email], triggerTypes)
  const provider: Provider = { sent: [], delayMs: 0, open: 0, openMax: 0 }
  const rng = systemRng()
  const engine: Engine = {
    db,
    clock,
    rng,
    vault: keys,
    registry,
    senders: providerSenders(clock, provider),
    doorbell: options.doorbell ?? inProcessDoorbell(),
    bus: { publish: () => undefined },
    log: tellingLog,
    graphs: keepGraphs(keys, registry),
    vendorViews: keepVendorViews(),
    settings: { ...SETTINGS, workerId: rng.uuid7(clock.now()), ...options.settings },
  }
  return { engine, provider }
}

/** One vault for all engines of a stage: several processes hold the same master key. */
export const stageVault = () =>
  deterministicVault({
    store: memoryKeyStore(),
    masters: [masterKeyOf(new Uint8Array(32).fill(7))],
    rng: seededRng(1),
  })

const node = (id: string, rest: object) => ({ id, ...rest })
export const JOURNEYS = {
  /** Ends at once: a turn and nothing else. */
  step: journey([node('wait', { kind: 'delay', wait: { on: '2020-01-01', at: '10:00' } })]),
  mail: journey([
    node('mail', {
      kind: 'module',
      type: 'email',
      version: 1,
      config: { subject: 'Hello', body: 'Hello' },
      class: 'transactional',
    }),
  ]),
}

function journey(nodes: readonly object[]): Journey {
  const ids = ['begin', ...nodes.map((one) => (one as { id: string }).id)]
  return journeySchema.parse({
    format: 1,
    name: 'Stage',
    category: 'planning',
    reentry: { always: { distance: { hours: 0 } } },
    nodes: [{ id: 'begin', kind: 'trigger', type: 'contract_signed' }, ...nodes],
    edges: ids.slice(1).map((to, i) => ({ from: ids[i], to })),
  }) as Journey
}

export async function vendorWith(engine: Engine, key: keyof typeof JOURNEYS): Promise<VendorId> {
  const vendor = await addVendor(engine, {
    name: `Vendor ${key}`,
    type: 'photographer',
    zone: 'Europe/London',
    region: 'GB',
    rules: {},
  })
  await publish(engine, vendor, { key, document: JOURNEYS[key], by: 'test' })
  return vendor
}

let keys = 0
export async function coupleOf(engine: Engine, vendor: VendorId): Promise<ClientId> {
  keys += 1
  const added = await addCouple(
    engine,
    vendor,
    { people: [{ ref: 'partner_a', name: 'Anna', email: 'anna@example.org' }] },
    { source: 'test', key: `couple-${process.pid}-${keys}` },
  )
  return added.client
}

/** Starts the vendor's journey for a couple of its own, as an event from outside does. */
export async function begin(engine: Engine, vendor: VendorId, client: ClientId): Promise<RunId> {
  keys += 1
  const receipt = await receive(engine, vendor, {
    source: 'test',
    key: `event-${process.pid}-${keys}`,
    type: 'contract_signed',
    client,
    data: {},
  })
  const [started] = receipt.started
  if (!started) throw new Error(`nothing started: ${JSON.stringify(receipt.not)}`)
  return started.run
}

/** Copies of one run for all couples of its vendor, due when wanted: a backlog without ten thousand events. */
export async function copies(
  session: Session,
  run: RunId,
  count: number,
  how: { readonly due: Instant; readonly band?: number; readonly shard?: number },
): Promise<void> {
  await session.query(
    `with couple as (
       select c.client_id, row_number() over (order by c.client_id) - 1 as place, count(*) over () as couples
         from app.client c join app.run r on r.vendor_id = c.vendor_id and r.run_id = $1::uuid)
     insert into app.run (vendor_id, run_id, journey_id, version, client_id, wedding_id, shard, band, due_at, status, entry_key, state)
     select vendor_id, gen.id, journey_id, version, couple.client_id, null,
            coalesce($3::smallint, (get_byte(uuid_send(gen.id), 15) % 64)::smallint), $4::smallint,
            $2::timestamptz, 'active', 'copy:' || gen.id, state
       from app.run
      cross join (select gen_random_uuid() as id, n from generate_series(1, $5::int) n) gen
       join couple on couple.place = gen.n % couple.couples
      where run_id = $1::uuid`,
    [run, new Date(how.due).toISOString(), how.shard ?? null, how.band ?? 3, count],
  )
  await session.exec('analyze app.run')
}

/** Runs that are still due: the backlog. */
export async function dueCount(session: Session, now: Instant): Promise<number> {
  const [row] = await session.query<{ due: number }>(
    'select count(*)::int as due from app.run where due_at <= $1::timestamptz',
    [new Date(now).toISOString()],
  )
  return row?.due ?? 0
}

export type ServerStage = {
  readonly clock: Clock
  readonly session: Session
  readonly target: Target
  open(options?: StageOptions): ReturnType<typeof engineOver> & { close(): Promise<void> }
  stop(): Promise<void>
}

/** A real server with our tables; each `open` is what a process of its own would have. */
export async function serverStage(): Promise<ServerStage> {
  const folder = temporaryFolder()
  const data = path.join(folder, 'data')
  await layFurnished(data)
  const server = await startEmbedded({ data, log: tellingLog })
  const target = server.target('wed_app')
  const session = await openSession(server.target('wed_admin'))
  const clock = startClock(target, tellingLog)
  await clock.ready(10_000)
  const vault = stageVault()
  return {
    clock,
    session,
    target,
    open(options = {}) {
      const db = openDb(target, { log: tellingLog })
      return { ...engineOver(db, options.clock ?? clock, vault, options), close: () => db.close() }
    },
    async stop() {
      await session.close()
      await clock.close()
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A clock that moves when told, and wakes whoever slept until then. */
export function steppedClock(start: Instant): Clock & { advance(ms: number): Promise<void> } {
  const inner = jumpingClock(start)
  const sleepers = new Set<{ at: Instant; wake: () => void }>()
  const settle = () => new Promise((resolve) => setTimeout(resolve, 5))
  return {
    now: inner.now,
    uncertaintyMs: () => 0,
    sleepUntil(at, _label, signal) {
      if (at <= inner.now() || signal?.aborted) return new Promise((resolve) => setImmediate(resolve))
      return new Promise((resolve) => {
        const sleeper = {
          at,
          wake() {
            sleepers.delete(sleeper)
            signal?.removeEventListener('abort', sleeper.wake)
            resolve()
          },
        }
        sleepers.add(sleeper)
        signal?.addEventListener('abort', sleeper.wake, { once: true })
      })
    },
    async advance(ms) {
      const end = plusMs(inner.now(), ms)
      for (;;) {
        await settle()
        const next = Math.min(end, ...[...sleepers].map((one) => one.at))
        inner.jump(plusMs(inner.now(), Math.max(0, next - inner.now())))
        for (const one of sleepers) if (one.at <= inner.now()) one.wake()
        if (inner.now() >= end) break
      }
      await settle()
    },
  }
}

export async function until(done: () => boolean | Promise<boolean>, withinMs = 10_000): Promise<number> {
  const startedAt = performance.now()
  while (!(await done())) {
    if (performance.now() - startedAt > withinMs) throw new Error(`It did not happen within ${withinMs} ms.`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  return performance.now() - startedAt
}
