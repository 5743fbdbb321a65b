import type { Registry } from '../core/journey/graph.ts'
import type { Bus, Clock, Db, Doorbell, Log, Rng, Vault } from '../ports.ts'
import type { Graphs } from './graphs.ts'
import type { Senders } from './senders.ts'
import type { VendorViews } from './vendor-views.ts'

/**
 * What the engine works with. It is made once, in a composition root, and remembers nothing that a crash could
 * lose (I9): the caches hold only what can never change or carries the revision it was read under.
 */
export type Engine = {
  readonly db: Db
  readonly clock: Clock
  readonly rng: Rng
  readonly vault: Vault
  readonly doorbell: Doorbell
  readonly bus: Bus
  readonly log: Log
  readonly registry: Registry
  readonly senders: Senders
  readonly graphs: Graphs
  readonly vendorViews: VendorViews
  readonly settings: EngineSettings
}

export type EngineSettings = {
  /** This process, as the holder of leases. */
  readonly workerId: string
  /** Runs or effects taken at once. */
  readonly batchMax: number
  readonly stepsPerActivationMax: number
  /** Sends under way at once in this process. */
  readonly sendsMax: number
  /** How long a dead worker's leases hold. */
  readonly leaseMs: number
  /** Where the pages are that letters lead to. */
  readonly publicUrl: string
  /** The release of the zone data this process plans with; null where nobody knows. */
  readonly zoneData: string | null
}

export const SETTINGS: Omit<EngineSettings, 'workerId'> = {
  batchMax: 500,
  stepsPerActivationMax: 100,
  sendsMax: 1_000,
  leaseMs: 10_000,
  publicUrl: 'http://localhost:3000',
  zoneData: null,
}

export const SHARDS = 64
export const ALL_SHARDS: readonly number[] = Array.from({ length: SHARDS }, (_, shard) => shard)
export const ALL_BANDS: readonly number[] = [0, 1, 2, 3]

/** A run and everything of it lives on one shard, found by its id alone. */
export const shardOf = (id: string): number => Number.parseInt(id.slice(-2), 16) % SHARDS
