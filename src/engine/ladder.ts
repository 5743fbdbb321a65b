import { type Instant, MINUTE_MS, plusMs, SECOND_MS } from '../core/time/instant.ts'
import type { EffectRow } from '../store/effects.ts'
import type { ProviderFacts } from './senders.ts'

/**
 * Settling what nobody knows, rung by rung (reliability 1.3). Each rung has its moment in `due_at`, so that a
 * crash on the ladder is nothing but a late rung:
 *
 *  1 repeat with the same key, while the provider still swallows repeats of it
 *  2 ask the provider by our key
 *  3 wait for a delivery event, then decide by class: one recorded resend, or `unresolved` and a person
 */
export const RUNG = { none: 0, sameKey: 1, lookUp: 2, wait: 3 } as const

const SAME_KEY_PAUSE_MS = 2 * SECOND_MS
const LOOK_UP_AFTER_MS = 30 * SECOND_MS
const WAIT_MS = 10 * MINUTE_MS
const WAIT_WEDDING_DAY_MS = 2 * MINUTE_MS
/** The window is not used to its end: a repeat after it would be a plain duplicate. */
const KEY_WINDOW_USED = 0.9
const SAME_KEY_ATTEMPTS_MAX = 8

export function nextRung(
  effect: Pick<EffectRow, 'key_expires_at' | 'attempt' | 'planned_at'>,
  provider: ProviderFacts,
  after: number,
  daysToWedding: number | null,
  now: Instant,
): { rung: number; due: Instant } {
  if (after <= RUNG.sameKey && mayRepeat(effect, provider, now))
    return { rung: RUNG.sameKey, due: plusMs(now, SAME_KEY_PAUSE_MS) }
  if (after < RUNG.lookUp && provider.lookUp) return { rung: RUNG.lookUp, due: plusMs(now, LOOK_UP_AFTER_MS) }
  const waitMs =
    daysToWedding !== null && daysToWedding >= 0 && daysToWedding <= 1 ? WAIT_WEDDING_DAY_MS : WAIT_MS
  return { rung: RUNG.wait, due: plusMs(now, waitMs) }
}

export function mayRepeat(
  effect: Pick<EffectRow, 'key_expires_at' | 'attempt'>,
  provider: ProviderFacts,
  now: Instant,
): boolean {
  if (provider.keyWindowMs === null || effect.attempt >= SAME_KEY_ATTEMPTS_MAX) return false
  const expires = effect.key_expires_at ?? plusMs(now, provider.keyWindowMs)
  return now < expires - provider.keyWindowMs * (1 - KEY_WINDOW_USED)
}
