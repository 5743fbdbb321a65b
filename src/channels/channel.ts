import type { Instant } from '../core/time/instant.ts'
import type { ProviderReply } from '../ports.ts'

/**
 * How something leaves the house. A provider is one file behind this promise; `conformance.ts` holds it to it.
 *
 *  C1 One message to one recipient for each call, and at most one hand-over.
 *  C2 It answers, it does not throw: what cannot be known is `unknown`, never a failure.
 *  C3 The same key names the message the same way on every attempt, so that a repeat can be recognised.
 *  C4 Nothing is begun after the deadline or once the signal has aborted.
 */
export interface Channel<Message> {
  readonly name: string
  send(message: Message, delivery: Delivery): Promise<ProviderReply>
}

export type Delivery = {
  /** The effect key in hex (I5). */
  readonly key: string
  /** Counts from 1. */
  readonly attempt: number
  /** Nothing may be begun after it. */
  readonly deadline: Instant
  readonly signal: AbortSignal
}

/** Certainly not accepted; the engine's own schedule says when to try again unless the provider named a time. */
export const busy = (cause: string, retryAfterMs: number | null = null): ProviderReply => ({
  is: 'busy',
  cause,
  retryAfterMs,
})
/** Our own house did not ask the provider (its breaker is open, it is too late): that uses up no attempt. */
export const notBegun = (cause: string, retryAfterMs: number | null = null): ProviderReply => ({
  is: 'busy',
  cause,
  retryAfterMs,
  notBegun: true,
})
export const unknown = (cause: string): ProviderReply => ({ is: 'unknown', cause })
export const rejected = (cause: string, detail?: string): ProviderReply =>
  detail === undefined
    ? { is: 'rejected', cause }
    : { is: 'rejected', cause, detail: detail.slice(0, DETAIL_MAX) }
export const DETAIL_MAX = 1_000

/** Why a call must not be begun any more, or null (C4). Asked last before the line is opened. */
export function tooLate(delivery: Delivery, now: Instant): ProviderReply | null {
  if (delivery.signal.aborted) return notBegun('aborted_before_start')
  return now > delivery.deadline ? notBegun('deadline_passed') : null
}
