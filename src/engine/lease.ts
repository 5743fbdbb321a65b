import type { EffectId } from '../core/ids.ts'
import { plusMs, SECOND_MS } from '../core/time/instant.ts'
import { CommitUnknown } from '../ports.ts'
import { type Attempt, freezeContents, type Lease, leaseEffects, leasesOf } from '../store/effects.ts'
import { vendorsOf } from '../store/refs.ts'
import type { Intent } from './call.ts'
import type { Engine } from './engine.ts'
import { retrying } from './retrying.ts'

/** Time an outcome may take beyond the provider's own timeout before nobody counts on it any more. */
const OUTCOME_MARGIN_MS = 5 * SECOND_MS
const READ_AGAIN_EVERY_MS = 250
/** A minute of trying: a database restarts in seconds, and after the send deadline the row settles itself. */
const READ_AGAIN_TRIES_MAX = 240

/** Takes what is still wanted of these. A lease whose commit nobody heard of may hold all the same. */
export async function leaseSurely(
  engine: Engine,
  intents: readonly Intent[],
): Promise<ReadonlyMap<EffectId, Attempt>> {
  try {
    return await retrying(engine, () => lease(engine, intents))
  } catch (error) {
    if (!(error instanceof CommitUnknown)) throw error
    return leasedAfterAll(engine, intents, error)
  }
}

/**
 * Left alone, a lease nobody heard of would look like a call under way until its deadline, minutes from now; so it is
 * read again, for as long as the database needs to come back. A call that then would begin too late is not begun.
 */
export async function leasedAfterAll(
  engine: Engine,
  intents: readonly Intent[],
  lost: CommitUnknown,
): Promise<ReadonlyMap<EffectId, Attempt>> {
  const wanted = intents.map(
    ({
      ready: {
        job: { effect },
      },
    }) => ({
      ref: { vendor: effect.vendor_id, effect: effect.effect_id },
      attempt: effect.attempt + 1,
    }),
  )
  const scope = { vendors: vendorsOf(wanted.map((one) => one.ref)) }
  for (let tries = 1; tries <= READ_AGAIN_TRIES_MAX; tries += 1) {
    await engine.clock.sleepUntil(plusMs(engine.clock.now(), READ_AGAIN_EVERY_MS), 'lease')
    try {
      const rows = await engine.db.tx('execute.again', scope, (sql) =>
        leasesOf(sql, engine.settings.workerId, wanted),
      )
      return attempts(rows)
    } catch (error) {
      engine.log.warn('whether messages were leased cannot be read yet', { error: String(error) })
    }
  }
  throw lost
}

/** Tx B: the intent, with the frozen message of a first attempt. Only what is still wanted is leased. */
async function lease(engine: Engine, intents: readonly Intent[]): Promise<ReadonlyMap<EffectId, Attempt>> {
  const inOrder = [...intents].sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1))
  const scope = {
    vendors: vendorsOf(inOrder.map(({ ready: { job } }) => ({ vendor: job.effect.vendor_id }))),
  }
  return engine.db.tx('execute.intent', scope, async (sql) => {
    const [rows] = await Promise.all([
      leaseEffects(
        sql,
        engine.settings.workerId,
        inOrder.map((intent) => leaseOf(intent)),
      ),
      freezeContents(sql, contentsOf(inOrder)),
    ])
    return attempts(rows)
  })
}

const idOf = ({ ready }: Intent): EffectId => ready.job.effect.effect_id

export const attempts = (
  rows: readonly { effect_id: EffectId; attempt: number; fence: number }[],
): ReadonlyMap<EffectId, Attempt> =>
  new Map(rows.map(({ effect_id, attempt, fence }) => [effect_id, { attempt, fence }]))

export const leaseOf = ({ ready: { job }, at, resend }: Intent): Lease => ({
  ref: { vendor: job.effect.vendor_id, effect: job.effect.effect_id },
  at,
  sendDeadline: plusMs(at, job.provider.timeoutMs + OUTCOME_MARGIN_MS),
  provider: job.provider.name,
  keyExpires: job.provider.keyWindowMs === null ? null : plusMs(at, job.provider.keyWindowMs),
  resend,
})

export const contentsOf = (intents: readonly Intent[]) =>
  intents.flatMap(({ ready: { job, fresh } }) =>
    fresh ? [{ vendor: job.effect.vendor_id, effect: job.effect.effect_id, ...fresh }] : [],
  )
