import { jumpingClock, seededRng } from '../../sim/house.ts'
import type { Call } from '../../sim/provider.ts'
import type { ClientId, WeddingId } from '../../src/core/ids.ts'
import type { Journey } from '../../src/core/journey/graph.ts'
import { instantFrom } from '../../src/core/time/instant.ts'
import type { LocalDate } from '../../src/core/time/local.ts'
import { addCouple } from '../../src/engine/clients.ts'
import { ALL_BANDS, ALL_SHARDS, type Engine, SETTINGS } from '../../src/engine/engine.ts'
import { execute } from '../../src/engine/execute.ts'
import { keepGraphs } from '../../src/engine/graphs.ts'
import { publish } from '../../src/engine/publish.ts'
import { type Receipt, receive } from '../../src/engine/receive.ts'
import type { Senders } from '../../src/engine/senders.ts'
import { step, type Work } from '../../src/engine/step.ts'
import { keepVendorViews } from '../../src/engine/vendor-views.ts'
import { addVendor } from '../../src/engine/vendors.ts'
import { definitions } from '../../src/modules/definitions.ts'
import { hashOf } from '../../src/modules/execution.ts'
import { registryOf } from '../../src/modules/registry.ts'
import type { Db } from '../../src/ports.ts'
import { openSession } from '../../src/postgres/client.ts'
import { openDb } from '../../src/postgres/connect.ts'
import { inProcessDoorbell } from '../../src/queue/in-process.ts'
import { dueEffects, dueRuns } from '../../src/store/claims.ts'
import { triggerTypes } from '../../src/triggers/definitions.ts'
import { masterKeyOf } from '../../src/vault/master-key.ts'
import { memoryKeyStore } from '../../src/vault/memory-key-store.ts'
import { deterministicVault } from '../../src/vault/vault.ts'
import { embeddedServer, productMigrations, silent } from '../embedded/servers.ts'
import type { Name, Stage } from './stepper.ts'

/**
 * A real PostgreSQL with the product's tables, one vendor, and two processes that have nothing in common but it. What
 * is set up for a scene, and what follows after it, goes by a third.
 */
export const NOW = '2027-03-01T09:00:00Z'
export const WEDDING = '2027-06-12' as LocalDate
/** Locks of each other are ended at once instead of after the server's second; and nobody here cuts the power. */
const DEADLOCK_MS = 15

export type Two = Awaited<ReturnType<typeof twoProcesses>>
export type Studio = Awaited<ReturnType<Two['studio']>>

export async function twoProcesses() {
  const server = await embeddedServer(productMigrations)
  const admin = await openSession(server.target('wed_admin'))
  await admin.exec(
    `alter role wed_app set deadlock_timeout = '${DEADLOCK_MS}ms'; alter role wed_app set synchronous_commit = off`,
  )
  const target = server.target('wed_app')
  const lines = {
    a: openDb(target, { log: silent, connectionsMax: 3, name: 'actor a' }),
    b: openDb(target, { log: silent, connectionsMax: 3, name: 'actor b' }),
    own: openDb(target, { log: silent, connectionsMax: 3, name: 'the house' }),
  }
  const clock = jumpingClock(instantFrom(NOW))
  const rng = seededRng(1)
  const master = masterKeyOf(new Uint8Array(32).fill(7))
  const vault = deterministicVault({ store: memoryKeyStore(), masters: [master], rng })
  const registry = registryOf(definitions, triggerTypes)
  const book: Call[] = []
  const senders: Senders = {
    provider: () => ({ name: 'book', keyWindowMs: null, timeoutMs: 10_000 }),
    prepare: async (job) => ({ is: 'ready', content: job.config, hash: hashOf(job.config) }),
    async send(job) {
      const { key, effect, attempt, content, recipient } = job
      const taken = { did: 'accepted', at: clock.now(), busyUntil: null } as const
      book.push({ key, effect, attempt, vendor: job.vendor.id, content, to: recipient.email, ...taken })
      return { is: 'done', exit: 'sent', ref: null }
    },
  }
  const engineOver = (db: Db): Engine => ({
    db,
    clock,
    rng,
    vault,
    registry,
    senders,
    doorbell: inProcessDoorbell(),
    bus: { publish: () => undefined },
    log: silent,
    graphs: keepGraphs(vault, registry),
    vendorViews: keepVendorViews(),
    settings: { ...SETTINGS, workerId: rng.uuid7(clock.now()) },
  })
  const own = engineOver(lines.own)
  const stage: Stage = {
    db: lines,
    async isHeld(name: Name) {
      const [row] = await admin.query<{ held: boolean }>(
        `select exists (select from pg_stat_activity where application_name = 'actor ${name}' and wait_event_type = 'Lock') as held`,
      )
      return row!.held
    },
  }
  let keys = 0
  const nextKey = (): string => `k${++keys}`

  /** A business of its own for each scene, with these journeys. */
  async function studio(journeys: { readonly [key: string]: Journey }) {
    const vendor = await addVendor(own, {
      name: 'Lumen',
      type: 'photographer',
      zone: 'Europe/London',
      region: 'GB',
      rules: {},
    })
    for (const [key, document] of Object.entries(journeys))
      await publish(own, vendor, { key, document, by: 'owner' })
    const added = await addCouple(
      own,
      vendor,
      {
        people: [{ ref: 'partner_a', name: 'Anna Ashworth', email: 'anna@example.org' }],
        wedding: { on: WEDDING, zone: 'Europe/London' },
      },
      { source: 'test', key: 'anna' },
    )
    const { client, wedding } = added as { client: ClientId; wedding: WeddingId }
    return {
      vendor,
      client,
      wedding,
      hears: (engine: Engine, type: string, key = nextKey()): Promise<Receipt> =>
        receive(engine, vendor, { source: 'test', key, type, client, data: {} }),
    }
  }

  return {
    stage,
    now: () => clock.now(),
    own,
    book,
    engineOver,
    studio,
    turn,
    /** Turns without what they send. */
    step: () => turnsOnly(own),
    /** Until nothing is due. */
    async settle(): Promise<void> {
      for (let round = 0; round < 20; round += 1) if (!(await turn(own))) return
      throw new Error('it does not come to rest')
    },
    rows: <Row>(text: string): Promise<Row[]> => admin.query<Row>(text),
    async close(): Promise<void> {
      for (const line of Object.values(lines)) await line.close()
      await admin.close()
      await server.stop()
    },
  }
}

/** What a worker does when it is rung: turns of what is due, sends of what is due, and the turns that hear of them. */
async function turn(engine: Engine): Promise<boolean> {
  const runs = await turnsOnly(engine)
  const effects = await dueEffects(engine.db, ALL_SHARDS, ALL_BANDS, engine.clock.now(), 50)
  const outcomes: Work[] = []
  if (effects.length > 0) await execute(engine, effects, (work) => outcomes.push(work))
  if (outcomes.length > 0) await step(engine, outcomes)
  return runs + effects.length > 0
}

async function turnsOnly(engine: Engine): Promise<number> {
  const runs = await dueRuns(engine.db, ALL_SHARDS, ALL_BANDS, engine.clock.now(), 50)
  const works = runs.map((ref): Work => ({ ref }))
  if (works.length > 0) await step(engine, works)
  return works.length
}
