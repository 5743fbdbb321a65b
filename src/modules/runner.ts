import type { z } from 'zod'
import type { Channels } from '../channels/channels.ts'
import type { Brand } from '../core/brand.ts'
import type { Json, JsonObject } from '../core/ids.ts'
import type { LayOut, RenderParts } from '../core/merge.ts'
import type { Instant } from '../core/time/instant.ts'
import type { MessageClass } from '../core/wedding/policy.ts'
import type { ProviderReply } from '../ports.ts'
import type { ConfigOf, ModuleOf } from './module.ts'

/**
 * What a module type does, in two moments that never share a transaction (I10). `prepare` makes the content from
 * configuration and words; it is then frozen and sealed with its hash, and no attempt changes it. `send` hands
 * that content to a channel once and says what became of it. `execution.ts` keeps both within their limits.
 */
export type Runner<Module extends ModuleOf<z.ZodType>, Content extends JsonObject> = {
  readonly of: Module
  readonly limits: RunnerLimits
  prepare(
    input: PrepareInput<ConfigOf<Module>>,
    render: RenderParts,
    /** For content with a layout; where nobody lays out, such content is broken. */
    layOut?: LayOut,
  ): Promise<Draft<Content>>
  send(input: SendInput<Content>, channels: Channels): Promise<AttemptResult>
}
export type AnyRunner = Runner<ModuleOf<z.ZodType>, JsonObject>

export type RunnerLimits = {
  /** For one attempt, from its beginning to the provider's answer. */
  readonly timeoutMs: number
  /** Attempts of this type at the same time in this process. */
  readonly concurrency: number
  /** Of the frozen content as JSON. */
  readonly payloadBytesMax: number
}

export type PrepareInput<Config> = {
  readonly config: Config
  /** Words by merge field: `client`, `wedding`, `vendor`, `link`, `answers`. */
  readonly facts: JsonObject
  readonly class: MessageClass
  readonly language: string
  readonly vendor: {
    readonly name: string
    readonly postalAddress: string | null
    readonly brand?: Brand
    readonly logoUrl?: string | null
  }
  /** Where one click unsubscribes this person from this class; null for what cannot be unsubscribed. */
  readonly unsubscribeUrl: string | null
}

/** Content made, or why a person is needed first. */
export type Draft<Content> =
  | { readonly is: 'ready'; readonly content: Content }
  | { readonly is: 'unresolved'; readonly fields: readonly string[] }
  | { readonly is: 'broken'; readonly cause: string }

export type SendInput<Content> = {
  readonly content: Content
  /** Read at the moment of sending: an address may have changed since the content was frozen. */
  readonly recipient: Recipient
  readonly sender: Sender
  /** The effect key in hex; the same on every attempt (I5). */
  readonly key: string
  readonly attempt: number
  readonly deadline: Instant
  readonly signal: AbortSignal
}
export type Recipient = {
  readonly ref: string
  readonly name: string | null
  readonly email: string | null
  readonly phone: string | null
}
/** In whose name it goes out: the vendor's verified address. */
export type Sender = {
  readonly name: string
  readonly address: string
  readonly replyTo: string | null
  /** The return address of this very letter, and what it is for. */
  readonly returns?: { readonly address: string; readonly bounces: boolean; readonly answers: boolean } | null
}

/** What became of one attempt. Certain, certainly not (for ever or for now), or unknown (reliability 1.3). */
export type AttemptResult =
  | {
      readonly is: 'done'
      readonly exit: string
      readonly ref: string | null
      readonly outputs?: { readonly [key: string]: Json }
    }
  | {
      readonly is: 'refused'
      readonly exit: string | null
      readonly cause: string
      readonly detail?: string
      readonly address?: 'dead' | 'stopped'
    }
  | {
      readonly is: 'retry'
      readonly cause: string
      readonly afterMs: number | null
      /** Nobody outside was asked: it is no attempt, and exhausts nothing. */
      readonly notBegun?: true
    }
  | { readonly is: 'unknown'; readonly cause: string }

export const done = (
  exit: string,
  ref: string | null = null,
  outputs?: { readonly [key: string]: Json },
): AttemptResult => (outputs === undefined ? { is: 'done', exit, ref } : { is: 'done', exit, ref, outputs })
/** Asking again cannot help. `exit` is the way on in the journey, null where the node's failure policy decides. */
export const refused = (cause: string, exit: string | null = null, detail?: string): AttemptResult =>
  detail === undefined ? { is: 'refused', exit, cause } : { is: 'refused', exit, cause, detail }
/** Certainly not accepted; null leaves the moment to the engine's schedule. */
export const retry = (cause: string, afterMs: number | null = null): AttemptResult => ({
  is: 'retry',
  cause,
  afterMs,
})
export const doubt = (cause: string): AttemptResult => ({ is: 'unknown', cause })

/** A provider's reply as the result of a step that has one exit for success and one for refusal. */
export function resultOf(
  reply: ProviderReply,
  exits: { accepted: string; rejected: string | null },
): AttemptResult {
  switch (reply.is) {
    case 'accepted':
      return done(exits.accepted, reply.ref)
    case 'rejected':
      return {
        ...refused(reply.cause, exits.rejected, reply.detail),
        ...(reply.address ? { address: reply.address } : {}),
      }
    case 'busy':
      return { ...retry(reply.cause, reply.retryAfterMs), ...(reply.notBegun ? { notBegun: true } : {}) }
    case 'unknown':
      return doubt(reply.cause)
  }
}

/** Thrown by a runner that knows it is no use trying again. Any other error means: try again. */
export class GiveUp extends Error {
  override readonly name = 'GiveUp'
}
export function giveUp(cause: string): never {
  throw new GiveUp(cause)
}
