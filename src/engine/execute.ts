import type { JsonObject } from '../core/ids.ts'
import type { RunEvent } from '../core/run/event.ts'
import { type Instant, plusMs, SECOND_MS } from '../core/time/instant.ts'
import type { AttemptResult } from '../modules/runner.ts'
import { CommitUnknown } from '../ports.ts'
import { type EffectRow, freezeContents, leaseEffects, leasesOf, postponeEffects } from '../store/effects.ts'
import { type EffectRef, vendorsOf } from '../store/refs.ts'
import type { Engine } from './engine.ts'
import { type Job, loadJobs } from './jobs.ts'
import { mayRepeat, RUNG } from './ladder.ts'
import { type Judged, judge } from './outcome.ts'
import { retrying } from './retrying.ts'
import type { SendJob } from './senders.ts'
import type { Work } from './step.ts'
import { blockEffect, callUnknown, settleUnknown, suppressEffect } from './unknown.ts'
import { openJson, sealJson } from './views.ts'

/**
 * Sends what is due: prepare outside any transaction, intent in one commit, the call outside, the outcome in
 * another commit together with the run's next step (I10). It never decides whether a step should happen; it only
 * refuses to begin what has been stopped meanwhile, because the lease is conditional on the row.
 */

/** Time an outcome may take beyond the provider's own timeout before nobody counts on it any more. */
const OUTCOME_MARGIN_MS = 5 * SECOND_MS
/** A call that has not begun this long after its intent was committed is not begun: somebody may have stopped it. */
export const BEGIN_WITHIN_MS = SECOND_MS

/** Room is made by every call that ends; soon enough to be there for it, seldom enough not to be a load. */
const ROOM_PAUSE_MS = 250
const ROOM_PAUSE_EACH_MS = 4
const ROOM_PAUSE_MIN_MS = 50
/** After so long in the line the moment is half as long, after twice as long a third. */
const ROOM_PATIENCE_MS = 2 * SECOND_MS
const NOT_BEGUN_PAUSE_MS = SECOND_MS
const READ_AGAIN_EVERY_MS = 250
/** A minute of trying: a database restarts in seconds, and after the send deadline the row settles itself. */
const READ_AGAIN_TRIES_MAX = 240

/** What whoever holds the batch wants to know, and has to say. */
export type Watch = {
  /** The intents are committed and the calls begin: the rows of this batch are no longer due. */
  readonly leased?: () => void
  /** False when this worker may be taken for dead: then no call is begun. */
  readonly mayBegin?: () => boolean
}

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
    (job) => job.effect.rung === RUNG.sameKey && mayRepeat(job.effect, job.provider, now),
  )
  const resends = await settleUnknown(
    engine,
    unknown.filter((job) => !repeats.includes(job)),
    settle,
  )
  const fresh = jobs.filter(({ effect }) => effect.state === 'planned' || effect.state === 'retryable')
  const wanted = await withoutRefused(engine, fresh)
  const seated = await withRoom(engine, wanted)
  const ready = await prepareAll(engine, [...seated, ...repeats, ...resends])
  await sendAll(engine, ready, new Set(resends.map((job) => job.effect.effect_id)), settle, watch)
}

/** A message may have waited for an hour, a hold or a provider: the person's word at this moment is what counts. */
async function withoutRefused(engine: Engine, jobs: readonly Job[]): Promise<Job[]> {
  await Promise.all(
    jobs.map(({ effect, obstacle }) => (obstacle ? suppressEffect(engine, effect, obstacle) : null)),
  )
  return jobs.filter((job) => job.obstacle === null)
}

/** `hash` is there for what has never been attempted and is frozen with the intent. */
type Ready = { readonly job: Job; readonly content: JsonObject; readonly hash: Uint8Array | null }

/** Renders what has never been attempted, opens what is frozen. What cannot be rendered is shown to a person. */
async function prepareAll(engine: Engine, jobs: readonly Job[]): Promise<Ready[]> {
  const prepared = await Promise.all(jobs.map((job) => prepareOne(engine, job)))
  return prepared.filter((one) => one !== null)
}

async function prepareOne(engine: Engine, job: Job): Promise<Ready | null> {
  const { effect } = job
  if (job.frozen)
    return { job, content: await openJson(engine.vault, contentPlace(effect), job.frozen), hash: null }
  const prepared = await engine.senders.prepare(job.prepare)
  switch (prepared.is) {
    case 'ready':
      return { job, content: prepared.content, hash: prepared.hash }
    case 'unresolved':
      await blockEffect(engine, effect, 'unresolved_field', `No value for ${prepared.fields.join(', ')}.`)
      return null
    case 'broken':
      await blockEffect(engine, effect, 'cannot_render', `The message could not be made: ${prepared.cause}.`)
      return null
  }
}

const contentPlace = (effect: EffectRow) =>
  ({
    vendor: effect.vendor_id,
    subject: effect.client_id,
    table: 'effect_content',
    row: effect.effect_id,
    column: 'sealed',
  }) as const

/**
 * What has room now: the urgent first, then who has waited longest. The rest is put off for a moment instead of being
 * leased: a lease says that the call begins within a second, and a message that only waits for its turn must not
 * look as if it were on its way.
 */
async function withRoom(engine: Engine, jobs: readonly Job[]): Promise<Job[]> {
  const room = new Map<string, number>()
  const seated: Job[] = []
  const waiting: Job[] = []
  const inLine = [...jobs].sort(
    (a, b) => a.effect.band - b.effect.band || a.effect.planned_at - b.effect.planned_at,
  )
  for (const job of inLine) {
    const { kind } = job.effect
    const left = room.get(kind) ?? engine.senders.room?.(kind) ?? Number.POSITIVE_INFINITY
    room.set(kind, left - 1)
    if (left > 0) seated.push(job)
    else waiting.push(job)
  }
  if (waiting.length > 0) await putOff(engine, waiting)
  return seated
}

/** The longer the line, the longer the moment; the longer somebody has stood in it, the sooner it is asked again. */
async function putOff(engine: Engine, waiting: readonly Job[]): Promise<void> {
  const now = engine.clock.now()
  const fullMs = ROOM_PAUSE_MS + waiting.length * ROOM_PAUSE_EACH_MS
  const rows = waiting.map(({ effect }) => {
    const waitedMs = Math.max(0, now - effect.planned_at)
    const pauseMs = Math.max(ROOM_PAUSE_MIN_MS, fullMs / (1 + waitedMs / ROOM_PATIENCE_MS))
    const ref = { vendor: effect.vendor_id, effect: effect.effect_id }
    return { ref, until: plusMs(now, Math.ceil(pauseMs) + (engine.rng.u32() % ROOM_PAUSE_MIN_MS)) }
  })
  await engine.db.tx('execute.wait', { vendors: vendorsOf(rows.map((row) => row.ref)) }, (sql) =>
    postponeEffects(sql, rows),
  )
}

async function sendAll(
  engine: Engine,
  ready: readonly Ready[],
  resends: ReadonlySet<string>,
  settle: (work: Work) => void,
  watch: Watch,
): Promise<void> {
  if (ready.length === 0) return
  // Together, so that the keys of all these clients are asked for in one statement.
  const sealed = new Map(
    await Promise.all(
      ready
        .filter((one) => one.hash !== null)
        .map(
          async (one): Promise<[Ready, Uint8Array]> => [
            one,
            await sealJson(engine.vault, contentPlace(one.job.effect), one.content),
          ],
        ),
    ),
  )
  const now = engine.clock.now()
  const leased = await leaseSurely(engine, now, ready, sealed, resends)
  watch.leased?.()
  await Promise.all(
    ready.map(async (one) => {
      const taken = leased.get(one.job.effect.effect_id)
      if (taken) await call(engine, one, taken, now, resends.has(one.job.effect.effect_id), settle, watch)
    }),
  )
}

type Taken = { readonly attempt: number; readonly fence: number }

/**
 * A lease whose commit nobody heard of may hold all the same. Left alone it would look like a call under way until
 * its deadline, minutes from now; so it is read again, for as long as the database needs to come back. A call that
 * then would begin too late is not begun, as always.
 */
async function leaseSurely(
  engine: Engine,
  now: Instant,
  ready: readonly Ready[],
  sealed: ReadonlyMap<Ready, Uint8Array>,
  resends: ReadonlySet<string>,
): Promise<Map<string, Taken>> {
  try {
    return await retrying(engine, () => lease(engine, now, ready, sealed, resends))
  } catch (error) {
    if (!(error instanceof CommitUnknown)) throw error
    return leasedAfterAll(engine, ready, error)
  }
}

async function leasedAfterAll(
  engine: Engine,
  ready: readonly Ready[],
  lost: CommitUnknown,
): Promise<Map<string, Taken>> {
  const wanted = ready.map(({ job: { effect } }) => ({
    ref: { vendor: effect.vendor_id, effect: effect.effect_id },
    attempt: effect.attempt + 1,
  }))
  const scope = { vendors: vendorsOf(wanted.map((one) => one.ref)) }
  for (let tries = 1; tries <= READ_AGAIN_TRIES_MAX; tries += 1) {
    await engine.clock.sleepUntil(plusMs(engine.clock.now(), READ_AGAIN_EVERY_MS), 'lease')
    try {
      const rows = await engine.db.tx('execute.again', scope, (sql) =>
        leasesOf(sql, engine.settings.workerId, wanted),
      )
      return new Map(rows.map((row) => [row.effect_id as string, { attempt: row.attempt, fence: row.fence }]))
    } catch (error) {
      engine.log.warn('whether messages were leased cannot be read yet', { error: String(error) })
    }
  }
  throw lost
}

/** Tx B: the intent, with the frozen message of a first attempt. Only what is still wanted is leased. */
async function lease(
  engine: Engine,
  now: Instant,
  ready: readonly Ready[],
  sealed: ReadonlyMap<Ready, Uint8Array>,
  resends: ReadonlySet<string>,
): Promise<Map<string, Taken>> {
  return engine.db.tx(
    'execute.intent',
    { vendors: vendorsOf(ready.map(({ job }) => ({ vendor: job.effect.vendor_id }))) },
    async (sql) => {
      const inOrder = [...ready].sort((a, b) => (a.job.effect.effect_id < b.job.effect.effect_id ? -1 : 1))
      const rows = await leaseEffects(
        sql,
        now,
        inOrder.map(({ job }) => ({
          ref: { vendor: job.effect.vendor_id, effect: job.effect.effect_id },
          worker: engine.settings.workerId,
          sendDeadline: plusMs(now, job.provider.timeoutMs + OUTCOME_MARGIN_MS),
          provider: job.provider.name,
          keyExpires: job.provider.keyWindowMs === null ? null : plusMs(now, job.provider.keyWindowMs),
          resend: resends.has(job.effect.effect_id),
        })),
      )
      const leased = new Map(
        rows.map((row) => [row.effect_id as string, { attempt: row.attempt, fence: row.fence }]),
      )
      const frozen = inOrder.filter((one) => sealed.has(one) && leased.has(one.job.effect.effect_id))
      await freezeContents(
        sql,
        frozen.map((one) => ({
          vendor: one.job.effect.vendor_id,
          effect: one.job.effect.effect_id,
          sealed: sealed.get(one)!,
          hash: one.hash!,
        })),
      )
      return leased
    },
  )
}

/** The call itself, and its outcome on the way to the next commit. */
async function call(
  engine: Engine,
  ready: Ready,
  taken: Taken,
  leasedAt: Instant,
  resend: boolean,
  settle: (work: Work) => void,
  watch: Watch,
): Promise<void> {
  const { effect, provider } = ready.job
  if (engine.clock.now() - leasedAt > BEGIN_WITHIN_MS || watch.mayBegin?.() === false) {
    settle(workOf(ready.job, taken, notBegun(engine, ready.job, resend, TOO_LATE)))
    return
  }
  const result = await answer(engine, {
    vendor: ready.job.vendor,
    effect: effect.effect_id,
    kind: effect.kind,
    key: Buffer.from(effect.effect_key).toString('hex'),
    content: ready.content,
    recipient: ready.job.recipient,
    attempt: taken.attempt,
    deadline: plusMs(leasedAt, provider.timeoutMs),
  })
  if (result.is === 'retry' && result.notBegun) {
    settle(workOf(ready.job, taken, notBegun(engine, ready.job, resend, result)))
    return
  }
  const now = engine.clock.now()
  const judged = judge(result, {
    effect: {
      ...effect,
      attempt: taken.attempt,
      key_expires_at:
        effect.key_expires_at ??
        (provider.keyWindowMs === null ? null : plusMs(leasedAt, provider.keyWindowMs)),
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
  settle(workOf(ready.job, taken, { ...judged, event }))
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

const workOf = ({ effect }: Job, taken: Taken, { settled, event, deadLetter }: End): Work => ({
  ref: { vendor: effect.vendor_id, run: effect.run_id },
  settlements: [
    {
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
