import type { ClientId, RunId } from '../core/ids.ts'
import { NotKnownHere } from '../core/journey/graph.ts'
import type { RunEvent } from '../core/run/event.ts'
import { isFinished, waitsFor } from '../core/run/run.ts'
import { type Instant, SECOND_MS } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import { holdClients } from '../store/clients.ts'
import { insertDeadLetters, type NewDeadLetter } from '../store/dead-letters.ts'
import { type Settled, settleEffects } from '../store/effects.ts'
import { once } from '../store/once.ts'
import { type RunRef, vendorsOf } from '../store/refs.ts'
import { deliver, lockRuns, type RunRow } from '../store/runs.ts'
import { readRunsAndClients, takeCapped } from '../store/views.ts'
import { type PutOff, withdrawPutOff } from '../store/withdrawals.ts'
import { type AtOnce, beginCalls, giveBack, readyAtOnce } from './at-once.ts'
import { reachesCouple } from './change-couples.ts'
import { commitTurns, type Intents, isPlain, NO_INTENTS, NOTHING_WRITTEN, type Written } from './commit.ts'
import type { Engine } from './engine.ts'
import { knownHere } from './graphs.ts'
import { RUNG } from './ladder.ts'
import { retrying } from './retrying.ts'
import { ringAfter, tell } from './ring.ts'
import { type Loaded, loadRuns, runOf, savedDue, type Taken, takeTurns } from './turns.ts'

/**
 * Takes turns for a batch of runs: read, ask the core, commit, ring. Nothing is locked while the core thinks;
 * the commit counts only for runs nobody has written since they were read (I1), the others are read again.
 * Runs that yielded go on in the same call, from the state that was just committed.
 */

/** An outcome of a send that the run must hear in the very commit that records it (I10). */
export type Settlement = {
  /** The message's name inside its run. */
  readonly name: string
  readonly settled: Settled
  readonly event: RunEvent | null
  readonly deadLetter: {
    readonly kind: string
    readonly cause: string
    readonly detail: string | null
  } | null
}
export type Work = {
  readonly ref: RunRef
  readonly settlements?: readonly Settlement[]
  /** Of the send that has ended. */
  readonly band?: number
  /** The run as this worker committed it a moment ago: if nobody wrote it since, it need not be read again. */
  readonly carried?: { readonly at: Instant; readonly loaded: Loaded }
}

export type StepReport = {
  readonly turns: number
  readonly left: readonly RunRef[]
  /** Runs that fall due again soon, and when: whoever watches the clock need not look for them. */
  readonly soon: readonly { readonly run: RunId; readonly at: Instant }[]
}

/** What falls due later than this is found by whoever looks ahead. */
const SOON_MS = 5 * SECOND_MS

/** Rounds one call may take before it lets others have the worker; the rest is due and will be rung again. */
const ROUNDS_MAX = 64
/** What a turn knows of its couple may be as old as this; whatever must win against it has raised the run's revision. */
const CARRY_MAX_MS = SECOND_MS

export async function step(engine: Engine, work: readonly Work[], atOnce?: AtOnce): Promise<StepReport> {
  let todo = byRun(work)
  let carried = carriedIn(todo, engine.clock.now())
  let turns = 0
  const soon: { run: RunId; at: Instant }[] = []
  for (let round = 0; round < ROUNDS_MAX && todo.size > 0; round += 1) {
    const now = engine.clock.now()
    const taken = await takeAll(engine, now, todo, carried)
    if (taken.length === 0) return { turns, left: [], soon }
    const outcome = await commitBegun(engine, now, taken, todo, atOnce)
    turns += outcome.saved.reduce((sum, one) => sum + one.log.length, 0)
    ringAfter(engine, outcome)
    for (const { after, due } of outcome.saved) tell(engine, after.vendor, after.id, after.status, due)
    for (const { after, due } of outcome.saved)
      if (due !== null && due > now && due - now < SOON_MS) soon.push({ run: after.id, at: due })
    carried = new Map(
      outcome.saved.filter((one) => goesOn(one, now)).map((one) => [one.after.id, carryOn(one, now)]),
    )
    todo = new Map([
      ...outcome.lost.map((one) => [one.ref.run, one] as const),
      ...[...carried].map(([run, one]) => [run, { ref: { vendor: one.row.vendor_id, run } }] as const),
    ])
  }
  return { turns, left: [...todo.values()].map((one) => one.ref), soon }
}

const carriedIn = (todo: ReadonlyMap<RunId, Work>, now: Instant): Map<RunId, Loaded> =>
  new Map(
    [...todo.values()].flatMap(({ ref, carried }) =>
      carried && now - carried.at <= CARRY_MAX_MS ? [[ref.run, carried.loaded] as const] : [],
    ),
  )

/** One entry for each run: two outcomes for the same run are heard in one turn after the other. */
function byRun(work: readonly Work[]): Map<RunId, Work> {
  const runs = new Map<RunId, Work>()
  for (const one of work) {
    const before = runs.get(one.ref.run)
    const settlements = [...(before?.settlements ?? []), ...(one.settlements ?? [])]
    const carried = one.carried ?? before?.carried
    runs.set(one.ref.run, { ref: one.ref, settlements, ...(carried && { carried }) })
  }
  return runs
}

async function takeAll(
  engine: Engine,
  now: Instant,
  todo: ReadonlyMap<RunId, Work>,
  carried: ReadonlyMap<RunId, Loaded>,
): Promise<Taken[]> {
  const wanted = [...todo.values()].filter((one) => !carried.has(one.ref.run)).map((one) => one.ref)
  const loaded = [...carried.values()]
  if (wanted.length > 0) {
    const fresh = await engine.db.read('step.load', { vendors: vendorsOf(wanted) }, async (sql) => {
      const { runs, clients } = await readRunsAndClients(sql, wanted)
      const known = await knownHere(engine, sql, runs)
      const strange = runs.filter((row) => !known.includes(row) && todo.get(row.run_id)?.settlements?.length)
      // An outcome must not be lost with them.
      if (strange[0]) throw new NotKnownHere(`run ${strange[0].run_id} can hear nothing here`)
      return loadRuns(engine, sql, now, known, clients)
    })
    loaded.push(...fresh)
  }
  return (
    loaded
      .map((one) =>
        takeTurns(
          one,
          now,
          (todo.get(one.run.id)?.settlements ?? []).flatMap((settlement) => settlement.event ?? []),
        ),
      )
      .filter((one) => one.log.length > 0 || hasSettlements(todo, one))
      // Everybody writes runs in the order of their ids, so that two batches cannot wait for each other.
      .sort((a, b) => (a.after.id < b.after.id ? -1 : 1))
  )
}

/** Journeys of one couple may fall due together: only who has counted the messages of all others plans a capped one. */
async function commitCounted(
  engine: Engine,
  sql: Sql,
  now: Instant,
  batch: readonly Taken[],
  intents: Intents,
): Promise<Written> {
  const first = new Map<ClientId, Taken>()
  for (const one of batch)
    if (plansCapped(one) && !first.has(one.after.client)) first.set(one.after.client, one)
  if (first.size === 0) return commitTurns(engine, sql, now, batch, intents)
  const inOrder = [...first.values()].sort((a, b) => (a.after.client < b.after.client ? -1 : 1))
  const counted = await takeCapped(
    sql,
    inOrder.map(({ after, loaded }) => ({
      vendor: after.vendor,
      client: after.client,
      capped: loaded.capped,
    })),
  )
  const won = batch.filter(
    (one) => !plansCapped(one) || (first.get(one.after.client) === one && counted.has(one.after.client)),
  )
  return won.length > 0 ? commitTurns(engine, sql, now, won, intents) : NOTHING_WRITTEN
}

/** It counts against a cap, or waited for a day without another catch-up. */
const plansCapped = ({ effects, loaded }: Taken): boolean =>
  effects.some(
    (effect) =>
      effect.do === 'send' &&
      effect.channel !== 'none' &&
      (effect.catchUp === true || loaded.vendor.view.caps[effect.class] !== undefined),
  )

/**
 * Couples are locked before their runs, by whoever will need both: an event that comes in holds its couple and then
 * wakes their runs, and a step that held runs and then asked for the couple stood in its way for a second.
 */
const holdCouples = (sql: Sql, taken: readonly Taken[]): Promise<void> =>
  holdClients(
    sql,
    taken
      .filter((one) => reachesCouple(one) || plansCapped(one))
      .map(({ after }) => ({ vendor: after.vendor, client: after.client })),
  )

const hasSettlements = (todo: ReadonlyMap<RunId, Work>, taken: Taken): boolean =>
  (todo.get(taken.after.id)?.settlements?.length ?? 0) > 0

type Committed = Omit<Written, 'saved'> & { readonly saved: readonly Taken[]; readonly lost: readonly Work[] }

/** Makes ready what this worker has places for, commits, and begins the calls whose intents were committed. */
async function commitBegun(
  engine: Engine,
  now: Instant,
  taken: readonly Taken[],
  todo: ReadonlyMap<RunId, Work>,
  atOnce: AtOnce | undefined,
): Promise<Committed> {
  if (!atOnce) return retrying(engine, () => commitAll(engine, now, taken, todo, NO_INTENTS))
  const intents = await readyAtOnce(engine, now, taken, atOnce)
  try {
    const outcome = await retrying(engine, () => commitAll(engine, now, taken, todo, intents))
    const byRun = new Map(outcome.saved.map((one) => [one.after.id, one]))
    beginCalls(
      engine,
      intents,
      outcome.begun,
      ({ ready }) => ({
        carried: { at: now, loaded: carryOn(byRun.get(ready.job.effect.run_id)!, now) },
      }),
      atOnce,
    )
    return outcome
  } catch (error) {
    giveBack(engine, intents, error, atOnce)
    throw error
  }
}

async function commitAll(
  engine: Engine,
  now: Instant,
  taken: readonly Taken[],
  todo: ReadonlyMap<RunId, Work>,
  intents: Intents,
): Promise<Committed> {
  const scope = { vendors: vendorsOf(taken.map((one) => one.loaded.run)) }
  const settling = taken.some((one) => hasSettlements(todo, one))
  const { saved, ...written } = settling
    ? await engine.db.tx('step.settle', scope, (sql) => settleAll(engine, sql, now, taken, todo, intents))
    : isPlain(taken)
      ? await commitTurns(engine, once(engine.db, 'step.commit', scope), now, taken)
      : await engine.db.tx('step.commit', scope, async (sql) => {
          const [, written] = await Promise.all([
            holdCouples(sql, taken),
            commitCounted(engine, sql, now, taken, intents),
          ])
          return written
        })
  return {
    ...written,
    saved: taken.filter((one) => saved.has(one.after.id)),
    lost: taken
      .filter((one) => !saved.has(one.after.id))
      .map((one) => ({ ref: { vendor: one.after.vendor, run: one.after.id } })),
  }
}

/**
 * Records outcomes together with the turns that heard them. An outcome whose fence is too old counts for nothing,
 * and neither does the turn computed from it. A run that somebody wrote meanwhile hears its outcome by letter, in
 * this same commit. Couples are locked before runs and runs before effects, as everybody does who needs both.
 */
async function settleAll(
  engine: Engine,
  sql: Sql,
  now: Instant,
  taken: readonly Taken[],
  todo: ReadonlyMap<RunId, Work>,
  intents: Intents,
): Promise<Written> {
  const settlementsOf = (one: Taken): readonly Settlement[] => todo.get(one.after.id)?.settlements ?? []
  const [, held, counted] = await Promise.all([
    holdCouples(sql, taken),
    lockRuns(
      sql,
      taken.map((one) => ({ vendor: one.after.vendor, run: one.after.id })),
    ),
    settleEffects(
      sql,
      now,
      taken.flatMap((one) => settlementsOf(one).map((settlement) => settlement.settled)),
    ),
  ])
  const recalled = await withdrawPutOff(sql, now, putOffIn(held, todo), RUNG.wait)
  const counts = (settlement: Settlement): boolean => counted.has(settlement.settled.ref.effect)
  const valid = taken.filter((one) => one.log.length > 0 && settlementsOf(one).every(counts))
  const written: Written =
    valid.length > 0 ? await commitCounted(engine, sql, now, valid, intents) : NOTHING_WRITTEN
  const letters = taken.flatMap((one) =>
    settlementsOf(one)
      .filter(counts)
      .flatMap((settlement) =>
        recalled.has(settlement.settled.ref.effect)
          ? staleAt(now, settlement.name)
          : written.saved.has(one.after.id)
            ? []
            : (settlement.event ?? []),
      )
      .map((event) => ({
        ref: { vendor: one.after.vendor, run: one.after.id },
        event: JSON.stringify(event),
      })),
  )
  await Promise.all([
    deliver(sql, now, letters),
    insertDeadLetters(sql, deadLettersOf(now, taken, settlementsOf, counts)),
  ])
  return written
}

const putOffIn = (held: readonly RunRow[], todo: ReadonlyMap<RunId, Work>): PutOff[] =>
  held.flatMap((row) =>
    (todo.get(row.run_id)?.settlements ?? [])
      .filter(({ settled }) => settled.state === 'retryable')
      .map(({ settled, name }) => ({
        ref: settled.ref,
        wanted: waitsFor(runOf(row), name),
        held: row.status === 'paused',
      })),
  )

/** Its run plans it anew: nobody has seen it. */
const staleAt = (at: Instant, effect: string): RunEvent => ({
  is: 'settled',
  at,
  effect,
  outcome: { is: 'stale' },
})

function deadLettersOf(
  now: Instant,
  taken: readonly Taken[],
  settlementsOf: (one: Taken) => readonly Settlement[],
  counts: (one: Settlement) => boolean,
): NewDeadLetter[] {
  return taken.flatMap((one) =>
    settlementsOf(one)
      .filter((settlement) => settlement.deadLetter !== null && counts(settlement))
      .map((settlement) => ({
        vendor: one.after.vendor,
        effect: settlement.settled.ref.effect,
        run: one.after.id,
        at: now,
        ...settlement.deadLetter!,
      })),
  )
}

const goesOn = (taken: Taken, now: Instant): boolean =>
  !isFinished(taken.after.status) && taken.due !== null && taken.due <= now

/** The run as it was just committed, ready for its next turn without being read again. */
function carryOn(taken: Taken, now: Instant): Loaded {
  const { loaded, after } = taken
  return {
    row: {
      ...loaded.row,
      rev: loaded.row.rev + taken.log.length,
      inbox: 0,
      due_at: savedDue(taken, now),
      status: after.status,
      version: after.version,
    },
    run: after,
    graph: loaded.graph,
    view: taken.view,
    vendor: loaded.vendor,
    capped: loaded.capped + (plansCapped(taken) ? 1 : 0),
    letters: [],
  }
}
