import { nextAttempt } from '../core/retry.ts'
import type { Outcome } from '../core/run/event.ts'
import { type Instant, instant, plusMs } from '../core/time/instant.ts'
import type { AttemptResult } from '../modules/runner.ts'
import type { EffectRow, Settled } from '../store/effects.ts'
import { nextRung } from './ladder.ts'
import type { ProviderFacts } from './senders.ts'

/** What follows from a provider's answer (reliability 1.3): the row's next state, and what the run is told. */
export type Judged = {
  readonly settled: Omit<Settled, 'ref' | 'attempt' | 'fence'>
  readonly outcome: Outcome | null
  readonly deadLetter: { readonly cause: string; readonly detail: string | null } | null
}

export type JudgeFacts = {
  readonly effect: EffectRow
  readonly attempt: number
  readonly provider: ProviderFacts
  readonly daysToWedding: number | null
  readonly now: Instant
  readonly random01: number
}

export function judge(result: AttemptResult, facts: JudgeFacts): Judged {
  // An earlier attempt may have arrived: a certain "no" to this one says nothing of that one.
  if (facts.effect.state === 'unknown' && result.is !== 'done') return stillUnknown(result, facts)
  switch (result.is) {
    case 'done':
      return {
        settled: { state: 'accepted', due: null, rung: 0, providerRef: result.ref, cause: null },
        outcome: { is: 'done', exit: result.exit, ...(result.outputs ? { outputs: result.outputs } : {}) },
        deadLetter: null,
      }
    case 'refused':
      return giveUp('rejected', result.cause, result.detail ?? null, true)
    case 'retry': {
      const next = nextAttempt(facts.attempt, {
        daysToWedding: facts.daysToWedding,
        deadline: facts.effect.deadline,
        now: facts.now,
        random01: facts.random01,
        providerRetryAfterMs: result.afterMs,
      })
      if (next.is === 'exhausted') return giveUp('failed', result.cause, next.by, false)
      return {
        settled: { state: 'retryable', due: next.at, rung: 0, providerRef: null, cause: result.cause },
        outcome: null,
        deadLetter: null,
      }
    }
    case 'unknown':
      return stillUnknown(result, facts)
  }
}

function stillUnknown(result: Exclude<AttemptResult, { is: 'done' }>, facts: JudgeFacts): Judged {
  const { cause } = result
  if (result.is === 'refused') {
    return {
      settled: { state: 'unresolved', due: null, rung: 0, providerRef: null, cause },
      outcome: { is: 'unresolved', cause },
      deadLetter: { cause: 'unresolved', detail: result.detail ?? cause },
    }
  }
  const next = nextRung(facts.effect, facts.provider, 0, facts.daysToWedding, facts.now)
  const asked = result.is === 'retry' ? plusMs(facts.now, result.afterMs ?? 0) : facts.now
  const due = instant(Math.max(asked, next.due))
  return {
    settled: { state: 'unknown', due, rung: next.rung, providerRef: null, cause },
    outcome: null,
    deadLetter: null,
  }
}

function giveUp(
  state: 'rejected' | 'failed',
  cause: string,
  detail: string | null,
  permanent: boolean,
): Judged {
  return {
    settled: { state, due: null, rung: 0, providerRef: null, cause },
    outcome: { is: 'failed', cause, permanent },
    deadLetter: { cause, detail },
  }
}
