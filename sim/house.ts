import { fileURLToPath } from 'node:url'
import type { ClientId, Json, RunId, WeddingId } from '../src/core/ids.ts'
import type { Journey } from '../src/core/journey/graph.ts'
import { journeySchema } from '../src/core/journey/graph.ts'
import { type Instant, instantFrom, isoOf } from '../src/core/time/instant.ts'
import { addCouple, type NewCouple } from '../src/engine/clients.ts'
import { ALL_BANDS, ALL_SHARDS, type Engine, SETTINGS } from '../src/engine/engine.ts'
import { execute } from '../src/engine/execute.ts'
import { keepGraphs } from '../src/engine/graphs.ts'
import { publish } from '../src/engine/publish.ts'
import { type Receipt, receive } from '../src/engine/receive.ts'
import type { Prepared, ProviderFacts, Senders } from '../src/engine/senders.ts'
import { step, type Work } from '../src/engine/step.ts'
import { keepVendorViews } from '../src/engine/vendor-views.ts'
import { addVendor } from '../src/engine/vendors.ts'
import { definitions } from '../src/modules/definitions.ts'
import { hashOf } from '../src/modules/execution.ts'
import { registryOf } from '../src/modules/registry.ts'
import type { Clock, Log, Rng } from '../src/ports.ts'
import { inProcessDoorbell } from '../src/queue/in-process.ts'
import { dueEffects, dueRuns } from '../src/store/claims.ts'
import { readMigrations } from '../src/store/migrate.ts'
import { nextDue, readLog } from '../src/store/runs.ts'
import { triggerTypes } from '../src/triggers/definitions.ts'
import { masterKeyOf } from '../src/vault/master-key.ts'
import { memoryKeyStore } from '../src/vault/memory-key-store.ts'
import { deterministicVault } from '../src/vault/vault.ts'
import { type SimDatabase, startPglite } from './pglite.ts'

/**
 * The house for stories: the real engine over the real SQL, a clock that jumps from one due moment to the next, and
 * a provider that accepts. No faults here; those belong to the simulator.
 */
export type SentMessage = {
  readonly to: string
  readonly node: string
  readonly at: string
  readonly content: { readonly [key: string]: Json }
}

const MIGRATIONS = fileURLToPath(new URL('../src/store/migrations', import.meta.url))
let database: Promise<SimDatabase> | null = null

/** One database for a test file; each house begins with empty tables. */
async function freshDatabase(): Promise<SimDatabase> {
  database ??= readMigrations(MIGRATIONS).then((migrations) => startPglite(migrations))
  const one = await database
  await one.reset()
  return one
}

export type HouseOptions = {
  readonly now: string
  readonly stepsPerActivationMax?: number
  readonly zone?: string
  readonly region?: string
  readonly rules?: unknown
  /** To whom the provider says no, for ever. */
  readonly refuses?: (to: string) => boolean
  /** Until when, and from when, it says "later" to everybody. */
  readonly busyUntil?: string
  readonly busyFrom?: string
  /** From then until then it is not asked at all: its breaker is open. */
  readonly shut?: { readonly from: string; readonly until: string }
  /** Nobody hears whether it has accepted anything. */
  readonly repliesLost?: boolean
}

export async function house(options: HouseOptions) {
  const { db, session } = await freshDatabase()
  const clock = jumpingClock(instantFrom(options.now))
  const rng = seededRng(1)
  const vault = deterministicVault({
    store: memoryKeyStore(),
    masters: [masterKeyOf(new Uint8Array(32).fill(7))],
    rng,
  })
  const registry = registryOf(definitions, triggerTypes)
  const sent: (SentMessage & { effect: string })[] = []
  const senders = acceptingSenders(clock, sent, options)
  const engine: Engine = {
    db,
    clock,
    rng,
    vault,
    registry,
    senders,
    doorbell: inProcessDoorbell(),
    bus: { publish: () => undefined },
    log: quietLog,
    graphs: keepGraphs(vault, registry),
    vendorViews: keepVendorViews(),
    settings: {
      ...SETTINGS,
      workerId: rng.uuid7(clock.now()),
      ...(options.stepsPerActivationMax ? { stepsPerActivationMax: options.stepsPerActivationMax } : {}),
    },
  }
  const vendor = await addVendor(engine, {
    name: 'Lumen Photography',
    type: 'photographer',
    zone: options.zone ?? 'Europe/London',
    region: options.region ?? 'GB',
    rules: options.rules ?? {},
  })

  const settle = async (): Promise<void> => {
    for (let round = 0; round < 200; round += 1) {
      const runs = await dueRuns(db, ALL_SHARDS, ALL_BANDS, clock.now(), 500)
      const works: Work[] = runs.map((ref) => ({ ref }))
      if (works.length > 0) await step(engine, works)
      const outcomes: Work[] = []
      const effects = await dueEffects(db, ALL_SHARDS, ALL_BANDS, clock.now(), 500)
      if (effects.length > 0) await execute(engine, effects, (work) => outcomes.push(work))
      if (outcomes.length > 0) await step(engine, outcomes)
      if (runs.length === 0 && effects.length === 0) return
    }
    throw new Error('the house does not come to rest')
  }
  let keys = 0
  const nextKey = (): string => {
    keys += 1
    return `story-${keys}`
  }
  return {
    engine,
    vendor,
    clock,
    session,
    sentTo: (client: ClientId) => tellSent(sent, client, session),
    sent,
    async publish(key: string, journey: unknown): Promise<void> {
      await publish(engine, vendor, { key, document: journeySchema.parse(journey) as Journey, by: 'story' })
      await settle()
    },
    async couple(couple: Partial<NewCouple> & { readonly wedding?: NewCouple['wedding'] }) {
      const added = await addCouple(
        engine,
        vendor,
        { people: [{ ref: 'partner_a', name: 'Anna Ashworth', email: 'anna@example.org' }], ...couple },
        { source: 'story', key: nextKey() },
      )
      await settle()
      return added as { client: ClientId; wedding: WeddingId | null; receipt: Receipt }
    },
    async event(
      client: ClientId,
      type: string,
      data: { readonly [key: string]: Json } = {},
    ): Promise<Receipt> {
      const receipt = await receive(engine, vendor, { source: 'story', key: nextKey(), type, client, data })
      await settle()
      return receipt
    },
    settle,
    /** Lets time pass, stopping at every moment at which something is due. */
    async runUntil(iso: string): Promise<void> {
      const end = instantFrom(iso)
      await settle()
      for (;;) {
        const next = await nextDue(db, ALL_SHARDS)
        if (next === null || next > end) break
        clock.jump(next)
        await settle()
      }
      clock.jump(end)
    },
    /** Stops the world until a moment: what falls due meanwhile is late, as after an outage. */
    async outageUntil(iso: string): Promise<void> {
      clock.jump(instantFrom(iso))
      await settle()
    },
    async log(run: RunId) {
      return db.tx('story.log', { vendors: [vendor] }, (sql) => readLog(sql, { vendor, run }))
    },
  }
}
export type House = Awaited<ReturnType<typeof house>>

async function tellSent(
  sent: readonly (SentMessage & { effect: string })[],
  client: ClientId,
  session: SimDatabase['session'],
): Promise<SentMessage[]> {
  const rows = await session.query<{ effect_id: string; node: string }>(
    `select effect_id, node from app.effect where client_id = '${client}'`,
  )
  const own = new Map(rows.map((row) => [row.effect_id, row.node]))
  return sent
    .filter((one) => own.has(one.effect))
    .map(({ effect, ...one }) => ({ ...one, node: own.get(effect) ?? '' }))
}

export function jumpingClock(start: Instant): Clock & { jump(to: Instant): void } {
  let now = start
  return {
    now: () => now,
    sleepUntil: async (at) => {
      if (at > now) now = at
    },
    uncertaintyMs: () => 0,
    jump(to) {
      if (to > now) now = to
    },
  }
}

/** xoshiro128**: small, fast, and the same everywhere. */
export function seededRng(seed: number): Rng {
  let s = [seed | 0, 0x9e3779b9, 0x243f6a88, 0xb7e15162] as [number, number, number, number]
  const rotate = (x: number, k: number): number => (x << k) | (x >>> (32 - k))
  const u32 = (): number => {
    const result = Math.imul(rotate(Math.imul(s[1], 5), 7), 9) >>> 0
    const t = s[1] << 9
    const [a, b, c, d] = s
    const c2 = c ^ a
    const d2 = d ^ b
    s = [a ^ d2, b ^ c2, c2 ^ t, rotate(d2, 11)]
    return result
  }
  for (let warm = 0; warm < 20; warm += 1) u32()
  let counter = 0
  return {
    u32,
    uuid7(now) {
      counter = (counter + 1) & 0xfff
      const time = now.toString(16).padStart(12, '0')
      const tail = u32().toString(16).padStart(8, '0') + (u32() & 0xffff).toString(16).padStart(4, '0')
      return `${time.slice(0, 8)}-${time.slice(8)}-7${counter.toString(16).padStart(3, '0')}-${(0x8000 | (u32() & 0x3fff)).toString(16)}-${tail}`
    },
  }
}

const quietLog: Log = {
  info: () => undefined,
  warn: () => undefined,
  error: (message, details) => console.error(message, details),
}

const ACCEPTING: ProviderFacts = { name: 'story', keyWindowMs: null, timeoutMs: 10_000 }

function acceptingSenders(
  clock: Clock,
  sent: (SentMessage & { effect: string })[],
  options: HouseOptions,
): Senders {
  const busyFrom = instantFrom(options.busyFrom ?? options.now)
  const busyUntil = instantFrom(options.busyUntil ?? options.now)
  const { shut } = options
  const isShut = (): boolean =>
    shut !== undefined && clock.now() >= instantFrom(shut.from) && clock.now() < instantFrom(shut.until)
  return {
    provider: () => ACCEPTING,
    async prepare(job): Promise<Prepared> {
      // What a couple needs of a letter with a form: the address behind its button.
      const content = job.kind.startsWith('form')
        ? { ...job.config, link: job.facts.link ?? null }
        : job.config
      return { is: 'ready', content, hash: hashOf(content) }
    },
    async send(job) {
      if (clock.now() >= busyFrom && clock.now() < busyUntil)
        return { is: 'retry', cause: 'busy', afterMs: 60_000 }
      if (isShut()) return { is: 'retry', cause: 'breaker_open', afterMs: 1_800_000, notBegun: true }
      if (options.refuses?.(job.recipient.ref)) return { is: 'refused', exit: null, cause: 'mailbox_unknown' }
      sent.push({
        to: job.recipient.ref,
        node: '',
        at: isoOf(clock.now()),
        content: job.content,
        effect: job.effect,
      })
      if (options.repliesLost) return { is: 'unknown', cause: 'timeout' }
      return { is: 'done', exit: /^(email|form-letter)@/.test(job.kind) ? 'sent' : 'next', ref: null }
    },
  }
}
