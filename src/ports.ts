import type { VendorId } from './core/ids.ts'
import { Refusal } from './core/refusal.ts'
import type { Instant } from './core/time/instant.ts'

/** Everything the program cannot know or do by itself, on one page. `main` and `sim` each make them all. */

/** One time for leases and due times: the database's, measured and carried on by the monotonic clock. */
export interface Clock {
  now(): Instant
  /** Sleeps until the moment or until the signal aborts; resolves in both cases. `label` names the sleeper. */
  sleepUntil(at: Instant, label: string, signal?: AbortSignal): Promise<void>
  /** How far `now()` may be off. No claims above 250 ms. */
  uncertaintyMs(): number
}

export interface Rng {
  u32(): number
  uuid7(now: Instant): string
}

/**
 * Runs SQL inside one transaction. `sql` is a tagged template: values become parameters, text stays text, so
 * that each template is prepared once by name.
 */
export type Sql = <Row = Record<string, unknown>>(
  text: TemplateStringsArray,
  ...values: readonly unknown[]
) => Promise<Row[]>

/** Whose rows a transaction may touch (I8): exactly these vendors, or only the claim's ids across all. */
export type Scope = { readonly vendors: readonly VendorId[] } | 'claim' | 'platform'

export interface Db {
  /** `name` names the transaction in logs, metrics and the simulator. Rolls back when `work` throws. */
  tx<T>(name: string, scope: Scope, work: (sql: Sql) => Promise<T>): Promise<T>
  /**
   * Statements that only read: each sees what was committed when it began, as in `tx`, and nobody waits for a commit
   * that has nothing to say. Writing in it is a mistake: whatever was written stays.
   */
  read<T>(name: string, scope: Scope, work: (sql: Sql) => Promise<T>): Promise<T>
  /** A transaction of one statement, sent in one flight: begin, scope, statement, commit. */
  one<Row = Record<string, unknown>>(
    name: string,
    scope: Scope,
    text: TemplateStringsArray,
    ...values: readonly unknown[]
  ): Promise<Row[]>
}

/** The connection died while a commit was under way: it may or may not have happened. Re-read, never assume. */
export class CommitUnknown extends Error {
  override readonly name = 'CommitUnknown'
}

/** The key of whoever this belongs to was destroyed: there is nothing to open, and nothing may be sealed for them again. */
export class SubjectErased extends Refusal {
  override readonly name = 'SubjectErased'
  constructor(subject: string) {
    super('conflict', 'Their data was erased: nothing can be read or written for them any more.', { subject })
  }
}

export type Ring = { readonly shard: number; readonly band: number; readonly of: 'runs' | 'effects' }

/** Whether a ring was brought to one hearer, who then sees to it, or to all, of whom its owner does. */
export type Heard = 'alone' | 'by_all'

/** A hint that rows are due. May be lost, doubled or late: nothing but time depends on it (I4). */
export interface Doorbell {
  ring(rings: readonly Ring[]): void
  /** The listener says whether it has room for the work; if not, others may be told. */
  onRing(listener: (ring: Ring, heard?: Heard) => boolean): () => void
}

/** What a provider answered, or what we must think when it did not (reliability 1.3). */
export type ProviderReply =
  | { readonly is: 'accepted'; readonly ref: string | null }
  /** Certainly not accepted, and asking again cannot help. */
  | {
      readonly is: 'rejected'
      readonly cause: string
      readonly detail?: string
      /** Nothing will ever arrive at this address, or its owner has told the provider so. */
      readonly address?: 'dead' | 'stopped'
    }
  /** Certainly not accepted; later it may be. */
  | {
      readonly is: 'busy'
      readonly cause: string
      readonly retryAfterMs: number | null
      /** The provider was not even asked: no attempt of it is used up. */
      readonly notBegun?: true
    }
  /** Nobody knows. */
  | { readonly is: 'unknown'; readonly cause: string }

/** Tells what happened inside to whoever listens: live views, metrics. Loses nothing that matters when lost. */
export interface Bus {
  publish(message: { readonly vendor: VendorId; readonly topic: string; readonly data: unknown }): void
}

/** Seals what is personal or secret before it reaches a row, bound to the place it is meant for. */
export interface Vault {
  seal(place: SealedPlace, plain: Uint8Array): Promise<Uint8Array>
  open(place: SealedPlace, sealed: Uint8Array): Promise<Uint8Array>
  /** A keyed mark by which equal values are found without being readable. */
  mark(vendor: VendorId, purpose: string, value: string): Promise<Uint8Array>
}

export interface Log {
  info(message: string, details?: Record<string, unknown>): void
  warn(message: string, details?: Record<string, unknown>): void
  error(message: string, details?: Record<string, unknown>): void
}

/** Where a sealed value lies; bound into it, so that it opens nowhere else. `subject` null: the vendor's own. */
export type SealedPlace = {
  readonly vendor: VendorId
  readonly subject: string | null
  readonly table: string
  readonly row: string
  readonly column: string
}

/** A key as it is stored: sealed by the key above it, `sealedBy`: a master key's id, or `vendor`. */
export type WrappedKey = { readonly sealedBy: string; readonly wrapped: Uint8Array }

/**
 * Where wrapped keys lie. `subject` null is the vendor's own key. A destroyed key leaves a mark, so that nothing
 * is sealed for an erased person again by accident.
 */
export interface KeyStore {
  get(vendor: VendorId, subject: string | null): Promise<WrappedKey | 'destroyed' | null>
  /** Stores the key unless one is there already; gives back the one that counts. */
  put(vendor: VendorId, subject: string | null, key: WrappedKey): Promise<WrappedKey | 'destroyed'>
  /** Replaces a vendor's key if it is still sealed by `from`. */
  replace(vendor: VendorId, from: string, key: WrappedKey): Promise<void>
  destroy(vendor: VendorId, subject: string): Promise<void>
  /** Vendors whose key is not sealed by this master key. */
  vendorsNotSealedBy(masterId: string, max: number): Promise<readonly VendorId[]>
}
