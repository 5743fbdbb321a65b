import type { EffectId, RunId } from '../core/ids.ts'
import type { ChangeEffect, Effect, SendEffect } from '../core/run/effect.ts'
import type { RunEvent } from '../core/run/event.ts'
import { isFinished, type Run } from '../core/run/run.ts'
import { type Instant, plusMs } from '../core/time/instant.ts'
import { OUTAGE_NOTICED_MS } from '../core/wedding/late-policy.ts'
import { BANDS } from '../core/wedding/priority.ts'
import type { Sql } from '../ports.ts'
import { closeApproval, insertApprovals } from '../store/approvals.ts'
import { holdClient } from '../store/clients.ts'
import { type Attempt, freezeContents, type NewEffect, planEffects } from '../store/effects.ts'
import { insertNotices } from '../store/notices.ts'
import type { RunRef } from '../store/refs.ts'
import {
  deliver,
  emptyInboxes,
  liveRunsOfClients,
  type RunRow,
  readRuns,
  runsOfJourney,
  saveRuns,
} from '../store/runs.ts'
import { closeTask, insertTasks } from '../store/tasks.ts'
import { parkEffects, withdrawEffects, withdrawHeldUp } from '../store/withdrawals.ts'
import type { Intent } from './call.ts'
import { changeCouples } from './change-couples.ts'
import { type Engine, shardOf } from './engine.ts'
import { effectId, effectKey } from './keys.ts'
import { attempts, contentsOf, leaseOf } from './lease.ts'
import { startJourneyFor } from './start.ts'
import { loadRuns, readLetters, runOf, savedRunOf, type Taken } from './turns.ts'

/**
 * Writes a batch of turns in one transaction: state, log, due time, effects and every change of our own house
 * together or not at all (I2). `saved` are the runs that were written; the others were changed by somebody meanwhile
 * and nothing of theirs is written. `woken` are other runs that have work now: whoever commits rings for them after.
 */
export type Written = {
  readonly saved: ReadonlySet<RunId>
  readonly woken: readonly RunId[]
  readonly planned: readonly NewEffect[]
  /** Those of the planned whose intent was written too: they may be called at once. */
  readonly begun: ReadonlyMap<EffectId, Attempt>
}
export const NOTHING_WRITTEN: Written = { saved: new Set(), woken: [], planned: [], begun: new Map() }
/** Messages this worker has a place for, rendered already: their intent is committed with their plan. */
export type Intents = ReadonlyMap<EffectId, Intent>
export const NO_INTENTS: Intents = new Map()

export async function commitTurns(
  engine: Engine,
  sql: Sql,
  now: Instant,
  batch: readonly Taken[],
  intents: Intents = NO_INTENTS,
): Promise<Written> {
  const saved = await saveRuns(
    sql,
    now,
    batch.map((taken) => savedRunOf(taken, now)),
  )
  const won = batch.filter((taken) => saved.has(taken.after.id))
  const [, written] = await Promise.all([
    emptyInboxes(
      sql,
      won.flatMap((taken) =>
        taken.loaded.letters.map((letter) => ({
          vendor: taken.after.vendor,
          run: taken.after.id,
          seq: letter.seq,
        })),
      ),
    ),
    writeEffects(engine, sql, now, won, intents),
  ])
  return { saved, ...written }
}

/**
 * Lets these runs, which the caller holds, read what lies in their inboxes, and gives them as they are then. What is
 * kept for an undo is kept after this: a letter read by the turn that is taken back would be forgotten with it.
 */
export async function withInboxesRead(
  engine: Engine,
  sql: Sql,
  now: Instant,
  rows: readonly RunRow[],
): Promise<readonly RunRow[]> {
  const unread = rows.filter((row) => row.inbox > 0)
  if (unread.length === 0) return rows
  // A moment before, as it was: an undo takes back what was made at its own moment.
  const before = plusMs(now, -1)
  const loaded = await loadRuns(engine, sql, before, unread)
  await commitTurns(
    engine,
    sql,
    before,
    loaded.map((one) => readLetters(one, before)),
  )
  const read = await readRuns(
    sql,
    unread.map((row) => ({ vendor: row.vendor_id, run: row.run_id })),
  )
  const byId = new Map(read.map((row) => [row.run_id, row]))
  return rows.map((row) => byId.get(row.run_id) ?? row)
}

/** True when a batch needs nothing but its rows and log: then one statement is the whole transaction. */
export const isPlain = (batch: readonly Taken[]): boolean =>
  batch.every(
    (taken) => taken.effects.length === 0 && taken.loaded.letters.length === 0 && !heldChanged(taken),
  )

export const heldChanged = (taken: Taken): boolean =>
  (taken.loaded.run.state.holds?.length ?? 0) !== (taken.after.state.holds?.length ?? 0)

async function writeEffects(
  engine: Engine,
  sql: Sql,
  now: Instant,
  won: readonly Taken[],
  intents: Intents,
): Promise<Omit<Written, 'saved'>> {
  const order: Promise<unknown>[] = []
  // Withdrawals first: a step planned anew in the same turn takes its key back from what was withdrawn.
  for (const taken of won)
    for (const effect of taken.effects) {
      if (effect.do === 'cancel_sends')
        order.push(withdrawEffects(sql, now, taken.after.vendor, taken.after.id, effect.names, effect.why))
    }
  const sends = won.flatMap(plannedBy).map((effect) => {
    const intent = intents.get(effect.effect)
    return intent ? { ...effect, lease: leaseOf(intent) } : effect
  })
  const planned = planEffects(sql, now, engine.settings.workerId, sends)
  order.push(planned)
  if (intents.size > 0)
    order.push(freezeContents(sql, contentsOf(sends.flatMap(({ effect }) => intents.get(effect) ?? []))))
  order.push(
    insertTasks(
      sql,
      pick(won, 'open_task').map(({ taken, effect }) => ({
        ...effect,
        vendor: taken.after.vendor,
        run: taken.after.id,
        at: now,
      })),
    ),
  )
  order.push(
    insertApprovals(
      sql,
      pick(won, 'ask_approval').map(({ taken, effect }) => ({
        ...effect,
        vendor: taken.after.vendor,
        run: taken.after.id,
        at: now,
      })),
    ),
  )
  order.push(
    insertNotices(
      sql,
      pick(won, 'raise').map(({ taken, effect }) => ({
        vendor: taken.after.vendor,
        id: engine.rng.uuid7(now),
        run: taken.after.id,
        node: effect.node ?? null,
        code: effect.code,
        facts: effect.values,
        at: now,
      })),
    ),
  )
  await Promise.all(order)
  const woken = [...(await changeCouples(engine, sql, now, won))]
  for (const taken of won) woken.push(...(await writeOwnHouse(engine, sql, now, taken)))
  return { woken, planned: sends, begun: attempts(await planned) }
}

/** The messages of these turns, as they will be recorded. */
export const plannedBy = (taken: Taken): NewEffect[] =>
  taken.effects.flatMap((effect, index) =>
    effect.do === 'send' && !isWithdrawn(effect.name, taken.effects.slice(index + 1))
      ? [newEffect(taken, effect)]
      : [],
  )

/** Two turns in one commit: what the first has planned, the second has taken back before anybody saw it. */
const isWithdrawn = (name: string, later: readonly Effect[]): boolean =>
  later.some(
    (effect) => effect.do === 'cancel_sends' && (effect.names === 'all' || effect.names.includes(name)),
  )

function pick<Kind extends Effect['do']>(
  won: readonly Taken[],
  kind: Kind,
): { taken: Taken; effect: Extract<Effect, { do: Kind }> }[] {
  return won.flatMap((taken) =>
    taken.effects
      .filter((effect): effect is Extract<Effect, { do: Kind }> => effect.do === kind)
      .map((effect) => ({ taken, effect })),
  )
}

function newEffect(taken: Taken, effect: SendEffect): NewEffect {
  const { vendor, id: run, client } = taken.after
  const key = effectKey(vendor, run, effect)
  return {
    vendor,
    effect: effectId(key),
    key,
    run,
    client,
    name: effect.name,
    node: effect.node,
    visit: effect.visit,
    edition: effect.edition,
    recipient: effect.recipient,
    kind: effect.kind.is === 'module' ? `${effect.kind.type}@${effect.kind.version}` : effect.kind.is,
    channel: effect.channel,
    messageClass: effect.class,
    delivery: effect.delivery,
    shard: shardOf(run),
    band: BANDS.indexOf(effect.band),
    anchor: effect.anchor,
    generation: effect.generation,
    merged: effect.merged ? JSON.stringify(effect.merged) : null,
    catchUp: effect.catchUp === true,
    deadline: effect.deadline,
    lease: null,
  }
}

/** The rarer changes, run by run: gates, other journeys, and the brake of a hold. */
async function writeOwnHouse(engine: Engine, sql: Sql, now: Instant, taken: Taken): Promise<RunId[]> {
  const { after, effects } = taken
  const woken: RunId[] = []
  for (const effect of effects) woken.push(...(await writeChange(engine, sql, now, taken, effect)))
  if (heldChanged(taken) && !isFinished(after.status)) {
    const held = (after.state.holds?.length ?? 0) > 0
    if (!held) await planHeldUpAnew(sql, now, taken)
    await parkEffects(sql, after.vendor, [after.id], held ? null : now)
    if (!held) woken.push(after.id)
  }
  return woken
}

/** A hold is no delay of sending: what it has kept back is looked at again by its run, and does not leave at night. */
const planHeldUpAnew = (sql: Sql, now: Instant, { after }: Taken): Promise<boolean> =>
  planAnew(sql, now, after, { parkedBefore: plusMs(now, -OUTAGE_NOTICED_MS) })

/** False where there was nothing to withdraw. */
export async function planAnew(
  sql: Sql,
  now: Instant,
  { vendor, id: run }: Pick<Run, 'vendor' | 'id'>,
  which: Parameters<typeof withdrawHeldUp>[4],
): Promise<boolean> {
  const withdrawn = await withdrawHeldUp(sql, now, vendor, run, which)
  await deliver(
    sql,
    now,
    withdrawn.map(({ name, planned_at }) => {
      const outcome = { is: 'stale', heldUpSince: planned_at } as const
      const event: RunEvent = { is: 'settled', at: now, effect: name, outcome }
      return { ref: { vendor, run }, event: JSON.stringify(event) }
    }),
  )
  return withdrawn.length > 0
}

async function writeChange(
  engine: Engine,
  sql: Sql,
  now: Instant,
  taken: Taken,
  effect: Effect,
): Promise<readonly RunId[]> {
  const { vendor, id: run } = taken.after
  switch (effect.do) {
    case 'close_task':
      await closeTask(sql, { vendor, run, name: effect.name, at: now })
      return []
    case 'close_approval':
      await closeApproval(sql, { vendor, run, name: effect.name, at: now })
      return []
    case 'start_journey':
      return startJourneyFor(engine, sql, now, taken, effect.journey, effect.name)
    case 'stop_journey':
      return stopJourney(sql, now, taken, effect.journey)
    case 'hold_journeys':
    case 'release_journeys':
      return tellOthers(sql, now, taken.after, effect)
    default:
      return []
  }
}

async function stopJourney(sql: Sql, now: Instant, taken: Taken, key: string): Promise<RunId[]> {
  const { vendor, id: run, client } = taken.after
  const others = (await runsOfJourney(sql, vendor, client, key)).filter((ref) => ref.run !== run)
  const reason = `stopped_by:${taken.loaded.run.journey}`
  const stop: RunEvent = { is: 'commanded', at: now, by: `run:${run}`, command: { do: 'stop', reason } }
  await deliver(
    sql,
    now,
    others.map((ref) => ({ ref, event: JSON.stringify(stop) })),
  )
  return others.map((ref) => ref.run)
}

/** Holds or releases the client's other journeys, those that are under way and those that begin meanwhile. */
export async function tellOthers(
  sql: Sql,
  now: Instant,
  { vendor, id: run, client }: Pick<Run, 'vendor' | 'id' | 'client'>,
  effect: ChangeEffect & { do: 'hold_journeys' | 'release_journeys' },
): Promise<RunId[]> {
  const reason = `hold:${effect.reason}`
  const held = effect.do === 'hold_journeys'
  const live = (await liveRunsOfClients(sql, vendor, [client])).filter((ref) => ref.run !== run)
  const others = held ? await thoseNotHolding(sql, live) : live
  const event: RunEvent = { is: held ? 'held' : 'released', at: now, reason }
  await holdClient(sql, vendor, client, reason, held)
  // The brake first (their unsent effects wait), then the letter: both are committed with this turn.
  const runs = others.map((ref) => ref.run)
  if (held) await parkEffects(sql, vendor, runs, null)
  await deliver(
    sql,
    now,
    others.map((ref) => ({ ref, event: JSON.stringify(event) })),
  )
  return runs
}

/** Two journeys that hold each other would both wait for ever: who holds is not held, and lets go in its time. */
async function thoseNotHolding(sql: Sql, refs: readonly RunRef[]): Promise<RunRef[]> {
  const rows = await readRuns(sql, refs)
  const holding = new Set(
    rows.filter((row) => runOf(row).state.holding !== undefined).map((row) => row.run_id),
  )
  return refs.filter((ref) => !holding.has(ref.run))
}
