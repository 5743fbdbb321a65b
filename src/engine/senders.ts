import type { Brand } from '../core/brand.ts'
import type { ChannelSettings } from '../core/channel-settings.ts'
import type { JsonObject, VendorId } from '../core/ids.ts'
import type { Instant } from '../core/time/instant.ts'
import type { MessageClass } from '../core/wedding/policy.ts'
import type { AttemptResult, Recipient } from '../modules/runner.ts'

/**
 * How the engine speaks to what leaves the house: it knows neither module types nor providers. Production gives
 * the registered runners over real channels; the simulation gives providers that lie.
 */
export interface Senders {
  /** Renders what will be sent, outside any transaction. What it gives is frozen with the first attempt. */
  prepare(job: PrepareJob): Promise<Prepared>
  /** How many more attempts of this kind may begin now; absent: as many as you like. Whoever leases asks first. */
  room?(kind: string, urgent: boolean): number
  /** How often room for one more is made, in milliseconds, as the latest attempts went; null while nobody knows. */
  pace?(kind: string): number | null
  /** One attempt. It answers, it does not throw. */
  send(job: SendJob): Promise<AttemptResult>
  /** Providers that are not called for a business now, because they did not answer. */
  closed?(): readonly { readonly provider: string; readonly vendor: VendorId }[]
  /** What the provider behind this kind of effect can do for an outcome nobody knows. */
  provider(vendor: VendorId, kind: string, channels?: ChannelSettings): ProviderFacts
}

/** In whose name it goes out. */
export type SendingVendor = {
  readonly id: VendorId
  readonly name: string
  readonly region?: string
  readonly brand?: Brand
  readonly channels?: ChannelSettings
}

export type PrepareJob = {
  readonly vendor: SendingVendor
  /** `email@1`, or `webhook` and `notify` of an action. */
  readonly kind: string
  readonly config: JsonObject
  readonly class: MessageClass
  readonly language: string
  /** Words by merge field: personal, so they are opened for one rendering and kept nowhere. */
  readonly facts: JsonObject
  /** The mark of the address it goes to, under which its owner can say that they want no more; null for the team. */
  readonly mark?: string | null
}

export type Prepared =
  | {
      readonly is: 'ready'
      readonly content: JsonObject
      readonly hash: Uint8Array
      /** It can be read like this, but it must not leave before a person has mended something. */
      readonly heldBack?: { readonly cause: string; readonly detail: string }
    }
  /** A field has no value: a person must look, nothing is sent with a blank in it. */
  | { readonly is: 'unresolved'; readonly fields: readonly string[] }
  | { readonly is: 'broken'; readonly cause: string }

export type SendJob = {
  readonly vendor: SendingVendor
  readonly effect: string
  readonly kind: string
  /** Hex of the effect key: the same on every attempt. */
  readonly key: string
  readonly content: JsonObject
  readonly recipient: Recipient
  /** The mark of the address it goes to; null for the team, absent for what is no message of a journey. */
  readonly mark?: string | null
  readonly attempt: number
  readonly deadline: Instant
  /** It stands before all that is not. */
  readonly urgent: boolean
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
