import type { JsonObject } from '../core/ids.ts'
import type { MessageClass } from '../core/wedding/policy.ts'
import type { Instant } from '../core/time/instant.ts'
import type { ProviderReply } from '../ports.ts'
import type { EffectRow } from '../store/effects.ts'
import type { MessageFacts } from './message-facts.ts'

/**
 * How the engine speaks to what leaves the house: it knows neither module types nor providers. Production gives
 * the registered runners over real channels; the simulation gives providers that lie.
 */
export interface Senders {
  /** Renders what will be sent: pure but for its own worker, outside any transaction, at most once per attempt. */
  prepare(job: PrepareJob): Promise<Prepared>
  send(job: SendJob): Promise<ProviderReply>
  /** What the provider behind this channel can do for an outcome nobody knows. */
  provider(vendor: string, channel: string): ProviderFacts
}

export type PrepareJob = {
  readonly effect: EffectRow
  readonly config: JsonObject
  readonly moduleVersion: number
  readonly class: MessageClass
  readonly facts: MessageFacts
}

export type Prepared =
  /** `content` is frozen with the first attempt and is all that `send` is given. */
  | { readonly is: 'ready'; readonly content: Uint8Array }
  /** A field has no value: a person must look, nothing is sent with a blank in it. */
  | { readonly is: 'unresolved_fields'; readonly fields: readonly string[] }
  | { readonly is: 'failed'; readonly cause: string }

export type SendJob = {
  readonly effect: Pick<EffectRow, 'vendor_id' | 'effect_id' | 'kind' | 'channel'>
  /** Hex of the effect key: the same on every attempt. */
  readonly key: string
  readonly content: Uint8Array
  readonly attempt: number
  readonly deadline: Instant
}

export type ProviderFacts = {
  readonly name: string
  /** How long the provider swallows a repeat of the same key; null when it does not. */
  readonly keyWindowMs: number | null
  /** How long it may take to answer before nobody knows. */
  readonly timeoutMs: number
  /** Asks the provider what became of a key; absent when it cannot be asked. */
  readonly lookUp?: (key: string) => Promise<'accepted' | 'not_found' | 'unsure'>
}
