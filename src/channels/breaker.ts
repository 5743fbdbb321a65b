import {
  BrokenCircuitError,
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleWhenResult,
  noJitterGenerator,
} from 'cockatiel'
import type { VendorId } from '../core/ids.ts'
import type { ProviderReply } from '../ports.ts'
import { type Channel, notBegun } from './channel.ts'

/**
 * Stops knocking at a provider that does not open: one breaker for each provider and vendor, because one vendor's
 * wrong password must not silence the others. While it is open, sends are `busy` at once; after a pause a single
 * probe decides.
 */
export type Breakers = {
  guard<Message>(channel: Channel<Message>, vendor: VendorId): Channel<Message>
  /** Providers that are not being called now, for health and alerts. */
  open(): readonly { readonly provider: string; readonly vendor: VendorId }[]
}

export const BREAKER_FAILURES = 5
export const BREAKER_PAUSE_MS = 5_000
const BREAKER_PAUSE_MS_MAX = 120_000
const BREAKERS_MAX = 10_000

/** Whether a reply speaks against the provider. What one recipient cannot take says nothing about it. */
const failing = (reply: ProviderReply): boolean => {
  if (reply.is === 'unknown') return true
  return reply.is === 'busy' && !/^(recipient_|deadline_|aborted_)/.test(reply.cause)
}

type Breaker = { readonly policy: CircuitBreakerPolicy; readonly provider: string; readonly vendor: VendorId }

export function breakers(limits: { readonly pauseMs?: number; readonly failures?: number } = {}): Breakers {
  const pauseMs = limits.pauseMs ?? BREAKER_PAUSE_MS
  const kept = new Map<string, Breaker>()
  const opened = new Set<Breaker>()

  function breakerOf(provider: string, vendor: VendorId): Breaker {
    const name = `${provider}|${vendor}`
    const found = kept.get(name) ?? make(provider, vendor)
    kept.delete(name)
    kept.set(name, found)
    const [oldest] = kept
    if (kept.size > BREAKERS_MAX && oldest) {
      kept.delete(oldest[0])
      opened.delete(oldest[1])
    }
    return found
  }

  function make(provider: string, vendor: VendorId): Breaker {
    const policy = circuitBreaker(
      handleWhenResult((reply) => failing(reply as ProviderReply)).orType(Error),
      {
        breaker: new ConsecutiveBreaker(limits.failures ?? BREAKER_FAILURES),
        // Without jitter: the library's may draw a pause of nothing.
        halfOpenAfter: new ExponentialBackoff({
          generator: noJitterGenerator,
          initialDelay: pauseMs,
          maxDelay: BREAKER_PAUSE_MS_MAX,
        }),
      },
    )
    const breaker = { policy, provider, vendor }
    policy.onBreak(() => opened.add(breaker))
    policy.onReset(() => opened.delete(breaker))
    return breaker
  }

  return {
    guard: (channel, vendor) => ({
      name: channel.name,
      async send(message, delivery) {
        const { policy } = breakerOf(channel.name, vendor)
        // The library would let everyone else wait for the probe; they have deadlines and a queue of their own.
        if (policy.state === CircuitState.HalfOpen) return notBegun('breaker_open', pauseMs)
        try {
          return await policy.execute(() => channel.send(message, delivery))
        } catch (error) {
          if (error instanceof BrokenCircuitError) return notBegun('breaker_open', pauseMs)
          throw error
        }
      },
    }),
    open: () => [...opened].map(({ provider, vendor }) => ({ provider, vendor })),
  }
}
