import type { EffectRow } from '../store/effects.ts'
import type { EffectRef } from '../store/refs.ts'
import { lockRuns } from '../store/runs.ts'
import { callAll, type Watch } from './call.ts'
import { planAnew } from './commit.ts'
import type { Engine } from './engine.ts'
import { type Job, loadJobs } from './jobs.ts'
import { mayRepeat, RUNG } from './ladder.ts'
import { leaseSurely } from './lease.ts'
import { prepareAll, type Ready } from './prepare.ts'
import { ringRuns } from './ring.ts'
import { withRoom } from './room.ts'
import type { Work } from './step.ts'
import { blockEffect, callUnknown, settleUnknown, suppressEffect } from './unknown.ts'

/**
 * Sends what is due: prepare outside any transaction, intent in one commit, the call outside, the outcome in
 * another commit together with the run's next step (I10). It never decides whether a step should happen; it only
 * refuses to begin what has been stopped meanwhile, because the lease is conditional on the row.
 */

export async function execute(
  engine: Engine,
  refs: readonly EffectRef[],
  settle: (work: Work) => void,
  watch: Watch = {},
): Promise<void> {
  const jobs = await loadJobs(engine, engine.clock.now(), refs)
  const lapsed = jobs.filter(({ effect }) => effect.state === 'sending')
  if (lapsed.length > 0) await callUnknown(engine, lapsed)
  const now = engine.clock.now()
  const unknown = jobs.filter(({ effect }) => effect.state === 'unknown')
  const repeats = unknown.filter(
    (job) =>
      job.effect.rung === RUNG.sameKey && job.obstacle === null && mayRepeat(job.effect, job.provider, now),
  )
  const resends = await settleUnknown(
    engine,
    unknown.filter((job) => !repeats.includes(job)),
    settle,
  )
  const fresh = jobs.filter(({ effect }) => effect.state === 'planned' || effect.state === 'retryable')
  const wanted = await withoutHeldUp(engine, await withoutRefused(engine, fresh))
  const seated = await withRoom(engine, wanted, watch)
  const { ready, unready } = await prepareAll(engine, [...seated, ...repeats, ...resends])
  // What cannot be made is shown to a person.
  await Promise.all(unready.map(({ job, cause, detail }) => blockEffect(engine, job.effect, cause, detail)))
  await sendAll(engine, ready, new Set(resends), settle, watch)
}

/** A message may have waited for an hour, a hold or a provider: the person's word at this moment is what counts. */
async function withoutRefused(engine: Engine, jobs: readonly Job[]): Promise<Job[]> {
  await Promise.all(
    jobs.map(({ effect, obstacle }) => (obstacle ? suppressEffect(engine, effect, obstacle) : null)),
  )
  return jobs.filter((job) => job.obstacle === null)
}

/** What its provider, or a house that was dark, has kept back does not leave by night, nor days late as if nothing had been. */
async function withoutHeldUp(engine: Engine, jobs: readonly Job[]): Promise<Job[]> {
  const anew = new Set<Job>()
  for (const job of jobs) if (job.heldUp && (await goesBackToItsRun(engine, job.effect))) anew.add(job)
  return jobs.filter((job) => !anew.has(job))
}

async function goesBackToItsRun(
  engine: Engine,
  { vendor_id: vendor, run_id: id, name }: EffectRow,
): Promise<boolean> {
  const goesBack = await engine.db.tx('execute.held_up', { vendors: [vendor] }, async (sql) => {
    // Runs before their messages, as everybody does who needs both.
    await lockRuns(sql, [{ vendor, run: id }])
    return planAnew(sql, engine.clock.now(), { vendor, id }, { name })
  })
  if (goesBack) ringRuns(engine, [id])
  return goesBack
}

async function sendAll(
  engine: Engine,
  ready: readonly Ready[],
  resends: ReadonlySet<Job>,
  settle: (work: Work) => void,
  watch: Watch,
): Promise<void> {
  if (ready.length === 0) return
  const at = engine.clock.now()
  const intents = ready.map((one) => ({ ready: one, at, resend: resends.has(one.job) }))
  const leased = await leaseSurely(engine, intents)
  watch.leased?.()
  await callAll(engine, intents, leased, settle, watch)
}
