/**
 * What a system under test promises the harness: the workloads it can run, each a function that opens what
 * it needs in a fresh world, measures itself, and says what it found afterwards. Every call happens in a
 * process of its own, so a system may be as global as it likes and cannot slow its neighbour down.
 */
export type Workload = 'w1' | 'w2' | 'w3' | 'w4' | 'w5' | 'w6' | 'w7' | 'moves' | 'costs'

/** A run of W1 takes this many durable steps. */
export const STEPS_PER_RUN = 5
/** So many runs go through W1 and W2 before the clock starts: a cold program tells nothing about a warm one. */
export const WARM_UP_RUNS = 100

export interface System {
  readonly name: string
  readonly mode: string
  readonly role: 'ours' | 'ceiling' | 'peer'
  /** What was tuned, in one line: it is printed beside the figures. */
  readonly settings: string
  /** Why it cannot be measured at all, when we know it beforehand. */
  readonly notRun?: string
  /** The part of the full size this system takes where its rate is too low to wait for. */
  readonly share?: { readonly [W in Workload]?: number }

  /** `runs` runs of five durable steps, each step durable before the next one starts. */
  readonly w1?: (world: World, runs: number) => Promise<Throughput>
  /** `timers` timers due at one instant. */
  readonly w2?: (world: World, timers: number) => Promise<Lateness>
  /** An idle system: from the call that enqueues to the first line of the work. */
  readonly w3?: (world: World, samples: number) => Promise<Latency>
  /** `runs` runs one after the other, each of `steps` sequential durable steps. */
  readonly w4?: (world: World, steps: number, runs: number) => Promise<RunTimes>
  /** `effects` effects through intent, lease, send and outcome; the provider answers after `providerMs`. */
  readonly w5?: (world: World, effects: number, providerMs: number) => Promise<EffectRate>
  /** `waiting` runs wait; what is asked again and again must not take longer for it. */
  readonly w6?: (world: World, waiting: number) => Promise<Measured>
  /** A mixed season over `couples` couples, with everything on. */
  readonly w7?: (world: World, couples: number) => Promise<Measured>
  /** A book of `couples` comes in, and weddings move. */
  readonly moves?: (world: World, couples: number) => Promise<Measured>
  /** What tenancy and measuring take of W1's `runs`. */
  readonly costs?: (world: World, runs: number) => Promise<Measured>
}

/** The numbers one measurement yields, by name. */
export type Figures = { readonly [name: string]: number }
/** A workload that names its own figures. */
export type Measured = Proven & { readonly figures: Figures }

export type Throughput = Proven & { readonly steps: number; readonly seconds: number }
export type Lateness = Proven & { readonly latenessMs: readonly number[] }
export type Latency = Proven & { readonly latencyMs: readonly number[] }
export type RunTimes = Proven & { readonly steps: number; readonly seconds: readonly number[] }
/** `addedMs`: what the system added to the provider's own time, per effect. */
export type EffectRate = Proven & {
  readonly effects: number
  readonly seconds: number
  readonly addedMs: readonly number[]
}

/** Found after the clock stopped, beside what should be there. One that differs voids the figure. */
export type Count = { readonly of: string; readonly expected: number; readonly found: number }
export type Proven = { readonly counts: readonly Count[] }

/** What one measurement may use; all of it is fresh and thrown away afterwards. */
export interface World {
  /** An empty database on the shared PostgreSQL (fsync on, synchronous_commit on). */
  readonly databaseUrl: string
  /** Emptied before each measurement; null where no redis-server is to be had. */
  readonly redis: { readonly [F in AppendFsync]: RedisAddress } | null
  /** A directory of its own. */
  readonly scratch: string
  /** Closes in reverse order after the measurement, also when it failed. */
  later(close: () => unknown): void
}

export type AppendFsync = 'everysec' | 'always'
export type RedisAddress = { readonly host: string; readonly port: number }

/** This machine cannot run the system; not a failure of it. The message is the reason that is printed. */
export class CannotRun extends Error {
  override readonly name = 'CannotRun'
}

export const idOf = (system: Pick<System, 'name' | 'mode'>): string => `${system.name} · ${system.mode}`
