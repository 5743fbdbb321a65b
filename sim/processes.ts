import { type Instant, instant } from '../src/core/time/instant.ts'
import { type Engine, type EngineSettings, SETTINGS } from '../src/engine/engine.ts'
import { keepGraphs } from '../src/engine/graphs.ts'
import { keepVendorViews } from '../src/engine/vendor-views.ts'
import { email } from '../src/modules/email/definition.ts'
import { registryOf } from '../src/modules/registry.ts'
import type { Clock, Db, Doorbell, Heard, Log, Ring } from '../src/ports.ts'
import { loopHeartbeat } from '../src/queue/heartbeat.ts'
import { startWorker, type Worker } from '../src/queue/worker.ts'
import { triggerTypes } from '../src/triggers/definitions.ts'
import type { SealingVault } from '../src/vault/vault.ts'
import type { Bug } from './bugs.ts'
import { type Line, lineOf } from './database.ts'
import type { Faults } from './faults.ts'
import { type Providers, sendersOf } from './provider.ts'
import type { Process, Scheduler } from './scheduler.ts'
import type { Written } from './shapes.ts'

/** The processes of a world: each with its own engine, caches, clock and line to the one database. */
export type House = {
  readonly line: Line
  readonly scheduler: Scheduler
  readonly faults: Faults
  readonly providers: Providers
  readonly vault: SealingVault
  readonly bell: Bell
  readonly bug: Bug | null
  readonly settings?: Partial<EngineSettings>
}

/** The same letter once more, as a newer release has it. */
const registry = registryOf([email, { ...email, version: 2 }], triggerTypes)
const olderRegistry = registryOf([email], triggerTypes)

/** Some of the letters of a journey as the newer release writes them. */
export const newer = ({ key, document }: Written): Written => ({
  key,
  document: {
    ...document,
    nodes: document.nodes.map((node, place) =>
      node.kind === 'module' && place % 2 === 0 ? { ...node, version: 2 } : node,
    ),
  },
})

export function engineOf(house: House, process: Process): Engine {
  const known = process.older ? olderRegistry : registry
  const { scheduler, bug } = house
  const rng = scheduler.dice.fork().rng
  const clock = clockOf(scheduler, process)
  const db: Db = lineOf(house.line, process)
  const senders = sendersOf(house.providers, scheduler, house.faults, process)
  return {
    db: bug?.db ? bug.db(db) : db,
    clock,
    rng,
    vault: bug?.vault ? bug.vault(house.vault) : house.vault,
    registry: known,
    senders: bug?.senders ? bug.senders(senders) : senders,
    doorbell: house.bell.of(process),
    bus: { publish: () => undefined },
    log: logOf(scheduler, process),
    graphs: keepGraphs(bug?.vault ? bug.vault(house.vault) : house.vault, known),
    vendorViews: keepVendorViews(),
    settings: {
      ...SETTINGS,
      batchMax: 20,
      stepsPerActivationMax: 20,
      ...house.settings,
      workerId: rng.uuid7(scheduler.now),
    },
  }
}

export function startWorkerOn(house: House, process: Process): { engine: Engine; worker: Worker } {
  const engine = engineOf(house, process)
  return {
    engine,
    worker: startWorker(engine, {
      shards: 'shared',
      heartbeat: loopHeartbeat(engine, { pid: 1, host: process.name, process: null }),
    }),
  }
}

function clockOf(scheduler: Scheduler, process: Process): Clock {
  const now = (): Instant => instant(Math.floor(scheduler.now + process.skewMs))
  return {
    now,
    sleepUntil: (at, label, signal) =>
      at <= now()
        ? scheduler.point(process, `no sleep ${label}`)
        : scheduler.sleep(process, at, label, signal),
    uncertaintyMs: () => process.uncertaintyMs,
  }
}

function logOf(scheduler: Scheduler, process: Process): Log {
  const tell = (message: string, details?: Record<string, unknown>): void =>
    scheduler.tell(
      process.name,
      `${message} ${JSON.stringify(details?.error ?? details ?? '').slice(0, 240)}`,
    )
  return { info: () => undefined, warn: tell, error: tell }
}

/** The doorbell between processes: it loses, doubles, delays and invents, and some worlds have none at all. */
export type Bell = {
  of(process: Process): Doorbell
  /** What rings before this moment nobody hears. */
  silentUntil: number
}

const RING_MS_MAX = 20
const RING_LATE_MS_MAX = 3 * 3_600_000

export function makeBell(scheduler: Scheduler, faults: Faults): Bell {
  const listeners = new Map<Process, Set<(ring: Ring, heard: Heard) => void>>()
  const shared = scheduler.dice.chance(0.5)
  const deliver = (ring: Ring, afterMs: number): void => {
    for (const process of listeners.keys()) if (process.dead) listeners.delete(process)
    const all = [...listeners.keys()]
    if (all.length === 0) return
    // As a queue does it: one of them answers. As NOTIFY does it: everybody hears, and its owner answers.
    const alone = !shared || all.length === 1
    const who = alone ? [scheduler.dice.pick(all)] : all
    for (const process of who)
      scheduler.post(process, 'ring', afterMs, () => {
        for (const listener of listeners.get(process) ?? []) listener(ring, alone ? 'alone' : 'by_all')
      })
  }
  const bell: Bell = {
    silentUntil: 0,
    of: (process) => ({
      ring(rings) {
        if (process.dead || scheduler.now < bell.silentUntil) return
        for (const ring of rings) {
          if (faults.strikes('doorbell_dead')) continue
          if (faults.strikes('ring_lost')) continue
          const late = faults.strikes('ring_delayed')
          deliver(
            ring,
            late ? scheduler.dice.int(1_000, RING_LATE_MS_MAX) : scheduler.dice.int(0, RING_MS_MAX),
          )
          if (faults.strikes('ring_doubled')) deliver(ring, scheduler.dice.int(0, 2_000))
          if (faults.strikes('ring_stale'))
            deliver(
              { of: 'runs', shard: scheduler.dice.int(0, 63), band: scheduler.dice.int(0, 3) },
              scheduler.dice.int(0, 60_000),
            )
        }
      },
      onRing(listener) {
        const heard = listeners.get(process) ?? new Set()
        heard.add(listener)
        listeners.set(process, heard)
        return () => heard.delete(listener)
      },
    }),
  }
  return bell
}
