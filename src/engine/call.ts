import type { EffectId, RunId } from '../core/ids.ts'
import type { RunEvent } from '../core/run/event.ts'
import { type Instant, plusMs, SECOND_MS } from '../core/time/instant.ts'
import { isUrgent } from '../core/wedding/priority.ts'
import type { AttemptResult } from '../modules/runner.ts'
import type { Attempt } from '../store/effects.ts'
import { CLASSES, refuseIn } from './consent.ts'
import type { Engine } from './engine.ts'
import type { Job } from './jobs.ts'
import { type Judged, judge } from './outcome.ts'
import type { Ready } from './prepare.ts'
import { retrying } from './retrying.ts'
import { ringRuns } from './ring.ts'
import type { SendJob } from './senders.ts'
import type { Work } from './step.ts'

/** A call that has not begun this long after its intent was committed is not begun: somebody may have stopped it. */
export const BEGIN_WITHIN_MS = SECOND_MS
const NOT_BEGUN_PAUSE_MS = SECOND_MS

/** What whoever holds the batch wants to know, and has to say. */
export type Watch = {
  /** The intents are committed and the calls begin: the rows of this batch are no longer due. */
  readonly leased?: () => void
  /** A message found no room: it is nobody's any more, and due again at that moment. */
  readonly putOff?: (effect: EffectId, run: RunId, until: Instant) => void
  /** False when this worker may be taken for dead: then no call is begun. */
  readonly mayBegin?: () => boolean
}

/** What was committed as an intent, and when it was read for the last time that it is wanted. */
export type Intent = { readonly ready: Ready; readonly at: Instant; readonly resend: boolean }

/** Begins the calls whose intents were committed. Resolves when all have ended. */
export async function callAll(
  engine: Engine,
  intents: readonly Intent[],
  leased: ReadonlyMap<EffectId, Attempt>,
  settle: (work: Work, intent: Intent) => void,
  watch: Watch,
): Promise<void> {
  await Promise.all(
    intents.map(async (intent) => {
      const attempt = leased.get(intent.ready.job.effect.effect_id)
      if (attempt) settle(await call(engine, intent, attempt, watch), intent)
    }),
  )
}

/** The call itself, and its outcome on the way to the next commit. */
async function call(
  engine: Engine,
  { ready, at, resend }: Intent,
  taken: Attempt,
  watch: Watch,
): Promise<Work> {
  const { effect, provider } = ready.job
  if (engine.clock.now() - at > BEGIN_WITHIN_MS || watch.mayBegin?.() === false)
    return workOf(ready.job, taken, notBegun(engine, ready.job, resend, TOO_LATE))
  const result = await answer(engine, {
    vendor: ready.job.vendor,
    effect: effect.effect_id,
    kind: effect.kind,
    key: Buffer.from(effect.effect_key).toString('hex'),
    content: ready.content,
    recipient: ready.job.recipient,
    mark: ready.job.prepare.mark ?? null,
    attempt: taken.attempt,
    deadline: plusMs(at, provider.timeoutMs),
    urgent: isUrgent(effect.band),
  })
  if (result.is === 'refused' && result.address) await keepFrom(engine, ready.job, result.address)
  if (result.is === 'retry' && result.notBegun)
    return workOf(ready.job, taken, notBegun(engine, ready.job, resend, result))
  const now = engine.clock.now()
  const judged = judge(result, {
    effect: {
      ...effect,
      attempt: taken.attempt,
      key_expires_at:
        effect.key_expires_at ?? (provider.keyWindowMs === null ? null : plusMs(at, provider.keyWindowMs)),
    },
    attempt: taken.attempt,
    provider,
    daysToWedding: ready.job.daysToWedding,
    now,
    random01: engine.rng.u32() / 2 ** 32,
  })
  const event: RunEvent | null = judged.outcome
    ? { is: 'settled', at: now, effect: effect.name, outcome: judged.outcome }
    : null
  return workOf(ready.job, taken, { ...judged, event })
}

/**
 * Nothing more is written to an address at which nothing arrives, or whose owner has told the provider to stop. A
 * commit of its own, before the outcome's: were it lost, the next message would be refused again, and tell again.
 */
async function keepFrom(engine: Engine, job: Job, address: 'dead' | 'stopped'): Promise<void> {
  const { mark } = job.prepare
  const way = job.effect.channel
  if (!mark || (way !== 'email' && way !== 'sms')) return
  const vendor = job.effect.vendor_id
  const whose = { vendor, way, mark: Buffer.from(mark, 'base64url'), actor: 'provider' } as const
  const reason = address === 'dead' ? 'dead_address' : 'stop'
  try {
    const touched = await retrying(engine, () =>
      engine.db.tx('consent.dead', { vendors: [vendor] }, (sql) =>
        refuseIn(engine, sql, whose, CLASSES, reason),
      ),
    )
    ringRuns(engine, touched)
  } catch (error) {
    engine.log.warn('an address that refuses mail was not remembered', { error: String(error) })
  }
}

/** Senders promise not to throw. One that does leaves us not knowing how far it got. */
async function answer(engine: Engine, job: SendJob): Promise<AttemptResult> {
  try {
    return await engine.senders.send(job)
  } catch (error) {
    engine.log.error('a sender threw', { effect: job.effect, error: String(error) })
    return { is: 'unknown', cause: 'sender_threw' }
  }
}

const TOO_LATE = { cause: 'began_too_late', afterMs: 0 }

/**
 * A call that was not begun says nothing about the provider: it is no failed attempt and exhausts nothing, and its
 * number is given back. What was unknown before stays unknown.
 */
function notBegun(
  engine: Engine,
  { effect }: Job,
  resend: boolean,
  why: { readonly cause: string; readonly afterMs: number | null },
): End {
  const pauseMs = (why.afterMs ?? NOT_BEGUN_PAUSE_MS) * (1 + engine.rng.u32() / 2 ** 32)
  return {
    settled: {
      state: effect.state === 'unknown' ? 'unknown' : 'retryable',
      due: plusMs(engine.clock.now(), Math.floor(pauseMs)),
      rung: effect.rung,
      providerRef: null,
      cause: why.cause,
      notBegun: { resend },
    },
    event: null,
    deadLetter: null,
  }
}

type End = Pick<Judged, 'settled' | 'deadLetter'> & { readonly event: RunEvent | null }

const workOf = ({ effect }: Job, taken: Attempt, { settled, event, deadLetter }: End): Work => ({
  ref: { vendor: effect.vendor_id, run: effect.run_id },
  band: effect.band,
  settlements: [
    {
      name: effect.name,
      settled: {
        ref: { vendor: effect.vendor_id, effect: effect.effect_id },
        attempt: taken.attempt,
        fence: taken.fence,
        ...settled,
      },
      event,
      deadLetter: deadLetter ? { ...deadLetter, kind: effect.kind } : null,
    },
  ],
})
