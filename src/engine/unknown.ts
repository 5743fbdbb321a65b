import type { Outcome, RunEvent } from '../core/run/event.ts'
import type { Instant } from '../core/time/instant.ts'
import { type EffectRow, markUnknown, moveRung, orphanedEffects, type Settled } from '../store/effects.ts'
import { vendorsOf } from '../store/refs.ts'
import { deliver } from '../store/runs.ts'
import { withdrawEffects } from '../store/withdrawals.ts'
import type { Engine } from './engine.ts'
import { type Job, loadJobs } from './jobs.ts'
import { nextRung, RUNG } from './ladder.ts'
import { retrying } from './retrying.ts'
import { ringRuns } from './ring.ts'
import type { Work } from './step.ts'

/** What is done about sends whose outcome nobody knows (reliability 1.3): shown at once, settled rung by rung. */

/** The sender is gone or silent past its deadline: from now on nobody knows. Nothing is sent here. */
export async function callUnknown(engine: Engine, jobs: readonly Job[]): Promise<void> {
  const now = engine.clock.now()
  const scope = { vendors: vendorsOf(jobs.map((job) => ({ vendor: job.effect.vendor_id }))) }
  // Two workers may find the same dead one at the same moment and meet in the wrong order.
  await retrying(engine, () =>
    engine.db.tx('unknown.mark', scope, (sql) =>
      markUnknown(
        sql,
        now,
        jobs.map((job) => ({
          ref: { vendor: job.effect.vendor_id, effect: job.effect.effect_id },
          fence: job.effect.fence ?? 0,
          ...nextRung(job.effect, job.provider, RUNG.none, job.daysToWedding, now),
        })),
      ),
    ),
  )
}

/** What dead workers were sending becomes unknown as soon as their lease has lapsed. Gives how many there were. */
export async function settleOrphans(engine: Engine): Promise<number> {
  const refs = await orphanedEffects(engine.db, engine.clock.now(), engine.settings.batchMax)
  if (refs.length === 0) return 0
  await callUnknown(
    engine,
    (await loadJobs(engine, engine.clock.now(), refs, 'all')).filter((job) => job.effect.state === 'sending'),
  )
  return refs.length
}

/** Takes the rung that is due. Gives the jobs that are to be sent once more, for a recorded reason. */
export async function settleUnknown(
  engine: Engine,
  jobs: readonly Job[],
  settle: (work: Work) => void,
): Promise<Job[]> {
  const resends: Job[] = []
  for (const job of jobs) {
    if (job.effect.rung === RUNG.lookUp && job.provider.lookUp) await lookUp(engine, job, settle)
    else if (job.effect.rung < RUNG.wait) await climb(engine, job)
    else if (mayGoAgain(job)) resends.push(job)
    else
      settle(
        workOf(engine, job, {
          state: 'unresolved',
          outcome: { is: 'unresolved', cause: job.effect.cause ?? 'unknown' },
        }),
      )
  }
  return resends
}

/** Whoever has said no since does not get it for the first time by our doubt. */
const mayGoAgain = ({ mayResend, obstacle, effect }: Job): boolean =>
  mayResend && obstacle === null && effect.class === 'at_least_once' && effect.resends === 0

async function lookUp(engine: Engine, job: Job, settle: (work: Work) => void): Promise<void> {
  const answer = await job.provider.lookUp?.(Buffer.from(job.effect.effect_key).toString('hex'))
  if (answer === 'accepted')
    settle(workOf(engine, job, { state: 'accepted', outcome: { is: 'done', exit: job.exit } }))
  else if (answer === 'not_found')
    settle(workOf(engine, job, { state: 'retryable', outcome: null, due: engine.clock.now() }))
  else await climb(engine, job)
}

async function climb(engine: Engine, job: Job): Promise<void> {
  const now = engine.clock.now()
  const { effect } = job
  const next = nextRung(effect, job.provider, Math.max(effect.rung, RUNG.lookUp), job.daysToWedding, now)
  await engine.db.tx('unknown.climb', { vendors: [effect.vendor_id] }, (sql) =>
    moveRung(sql, {
      ref: { vendor: effect.vendor_id, effect: effect.effect_id },
      fence: effect.fence ?? 0,
      ...next,
    }),
  )
}

function workOf(
  engine: Engine,
  job: Job,
  end: { state: Settled['state']; outcome: Outcome | null; due?: Instant },
): Work {
  const { effect } = job
  const event: RunEvent | null = end.outcome
    ? { is: 'settled', at: engine.clock.now(), effect: effect.name, outcome: end.outcome }
    : null
  return {
    ref: { vendor: effect.vendor_id, run: effect.run_id },
    settlements: [
      {
        name: effect.name,
        settled: {
          ref: { vendor: effect.vendor_id, effect: effect.effect_id },
          attempt: effect.attempt,
          fence: effect.fence ?? 0,
          state: end.state,
          due: end.due ?? null,
          rung: effect.rung,
          providerRef: null,
          cause: effect.cause,
        },
        event,
        deadLetter:
          end.state === 'unresolved'
            ? { kind: effect.kind, cause: 'unresolved', detail: effect.cause }
            : null,
      },
    ],
  }
}

/** A message that must not go out as it is: withdrawn before anybody was asked to send it, and shown at its step. */
export const blockEffect = (
  engine: Engine,
  effect: EffectRow,
  code: string,
  message: string,
): Promise<void> => keepBack(engine, effect, code, { is: 'blocked', code, message })

/** Whoever has unsubscribed since the plan was made does not hear of it any more; the step goes on without them. */
export const suppressEffect = (engine: Engine, effect: EffectRow, cause: string): Promise<void> =>
  keepBack(engine, effect, cause, { is: 'suppressed', cause })

async function keepBack(engine: Engine, effect: EffectRow, cause: string, outcome: Outcome): Promise<void> {
  const now = engine.clock.now()
  const kept = await engine.db.tx('execute.block', { vendors: [effect.vendor_id] }, async (sql) => {
    const withdrawn = await withdrawEffects(sql, now, effect.vendor_id, effect.run_id, [effect.name], cause)
    if (withdrawn.length === 0) return false
    const event: RunEvent = { is: 'settled', at: now, effect: effect.name, outcome }
    await deliver(sql, now, [
      { ref: { vendor: effect.vendor_id, run: effect.run_id }, event: JSON.stringify(event) },
    ])
    return true
  })
  if (kept) ringRuns(engine, [effect.run_id])
}
