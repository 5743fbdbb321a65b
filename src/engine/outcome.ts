import type { Outcome } from '../core/run/event.ts'
import { nextAttempt } from '../core/retry.ts'
import type { Instant } from '../core/time/instant.ts'
import type { ProviderReply } from '../ports.ts'
import type { EffectRow, Settled } from '../store/effects.ts'
import type { ProviderFacts } from './senders.ts'
import { nextRung } from './ladder.ts'

/** What follows from a provider's answer (reliability 1.3): the row's next state, and what the run is told. */
export type Judged = {
  readonly settled: Omit<Settled, 'ref' | 'attempt' | 'fence'>
  readonly outcome: Outcome | null
  readonly deadLetter: { readonly cause: string; readonly detail: string | null } | null
}

export type JudgeFacts = {
  readonly effect: EffectRow
  readonly attempt: number
  readonly exit: string
  readonly provider: ProviderFacts
  readonly daysToWedding: number | null
  readonly now: Instant
  readonly random01: number
}

export function judgeReply(reply: ProviderReply, facts: JudgeFacts): Judged {
  switch (reply.is) {
    case 'accepted':
      return { settled: { state: 'accepted', due: null, rung: 0, providerRef: reply.ref, cause: null }, outcome: { is: 'done', exit: facts.exit }, deadLetter: null }
    case 'rejected':
      return giveUp('rejected', reply.cause, reply.detail ?? null, true)
    case 'busy': {
      const next = nextAttempt(facts.attempt, {
        daysToWedding: facts.daysToWedding,
        deadline: facts.effect.deadline,
        now: facts.now,
        random01: facts.random01,
        providerRetryAfterMs: reply.retryAfterMs,
      })
      if (next.is === 'exhausted') return giveUp('failed', reply.cause, null, false)
      return { settled: { state: 'retryable', due: next.at, rung: 0, providerRef: null, cause: reply.cause }, outcome: null, deadLetter: null }
    }
    case 'unknown': {
      const rung = nextRung(facts.effect, facts.provider, 0, facts.daysToWedding, facts.now)
      return { settled: { state: 'unknown', due: rung.due, rung: rung.rung, providerRef: null, cause: reply.cause }, outcome: null, deadLetter: null }
    }
  }
}

function giveUp(state: 'rejected' | 'failed', cause: string, detail: string | null, permanent: boolean): Judged {
  return {
    settled: { state, due: null, rung: 0, providerRef: null, cause },
    outcome: { is: 'failed', cause, permanent },
    deadLetter: { cause, detail },
  }
}
