import type { EffectId } from '../core/ids.ts'
import { editOf } from '../core/run/run.ts'
import type { Instant } from '../core/time/instant.ts'
import { CommitUnknown } from '../ports.ts'
import type { Attempt, EffectRow, NewEffect } from '../store/effects.ts'
import { type EffectRef, vendorsOf } from '../store/refs.ts'
import { callAll, type Intent, type Watch } from './call.ts'
import { type Intents, NO_INTENTS, plannedBy } from './commit.ts'
import type { Engine } from './engine.ts'
import { jobOf, openPeople } from './jobs.ts'
import { leasedAfterAll } from './lease.ts'
import { prepareAll } from './prepare.ts'
import { placesAt } from './room.ts'
import type { Work } from './step.ts'
import type { Taken } from './turns.ts'

/**
 * Plan and intent in one commit (reliability 1.2): a worker that has a free place when a turn plans a message renders
 * it before the commit and calls right after. It saves a claim, a load and a commit of each message. What cannot be
 * done this way, for whatever reason, is only planned: somebody will find it due.
 */
export type AtOnce = {
  /** A place for this message, if one is free and nobody stands in line for it. It is given to `send` or `leave`. */
  seat(ref: EffectRef, shard: number, band: number): boolean
  leave(effect: EffectId): void
  send(effects: readonly EffectId[], calls: Calls): void
}
export type Calls = (settle: (work: Work) => void, watch: Watch) => Promise<void>

type Wanted = { readonly taken: Taken; readonly effect: NewEffect }

/** Finds places for what these turns have planned, and makes it ready. */
export async function readyAtOnce(
  engine: Engine,
  now: Instant,
  batch: readonly Taken[],
  atOnce: AtOnce,
): Promise<Intents> {
  const places = placesAt(engine)
  const wanted = batch
    .filter(({ after }) => (after.state.holds?.length ?? 0) === 0)
    .flatMap((taken) => plannedBy(taken).map((effect): Wanted => ({ taken, effect })))
    // Words that a person has changed are read where there is time for it.
    .filter(({ taken, effect }) => editOf(taken.after.state, effect.node, effect.visit) === null)
    .filter(({ effect }) => {
      const { vendor, shard, band, kind } = effect
      return places(kind, band) && atOnce.seat({ vendor, effect: effect.effect }, shard, band)
    })
  if (wanted.length === 0) return NO_INTENTS
  let intents = NO_INTENTS
  try {
    intents = await makeReady(engine, now, wanted)
  } catch (error) {
    engine.log.warn('messages were planned but not made ready at once', { error: String(error) })
  }
  for (const { effect } of wanted) if (!intents.has(effect.effect)) atOnce.leave(effect.effect)
  return intents
}

async function makeReady(engine: Engine, now: Instant, wanted: readonly Wanted[]): Promise<Intents> {
  const keys = wanted.map(({ effect }) => ({ vendor: effect.vendor, client: effect.client }))
  const people = await engine.db.read('step.people', { vendors: vendorsOf(keys) }, (sql) =>
    openPeople(engine, sql, keys),
  )
  const jobs = wanted.map(({ taken, effect }) =>
    jobOf(
      engine,
      rowOf(effect, now),
      { run: taken.after, graph: taken.loaded.graph, view: taken.view, vendor: taken.loaded.vendor },
      people.get(effect.client) ?? new Map(),
      null,
      now,
    ),
  )
  const { ready } = await prepareAll(
    engine,
    jobs.filter((job) => job.obstacle === null),
  )
  const at = engine.clock.now()
  return new Map(ready.map((one) => [one.job.effect.effect_id, { ready: one, at, resend: false }]))
}

/** The row as it would be read if it were only planned. */
const rowOf = (effect: NewEffect, now: Instant): EffectRow => ({
  vendor_id: effect.vendor,
  effect_id: effect.effect,
  effect_key: effect.key,
  run_id: effect.run,
  client_id: effect.client,
  name: effect.name,
  node: effect.node,
  visit: effect.visit,
  edition: effect.edition,
  recipient: effect.recipient,
  kind: effect.kind,
  channel: effect.channel,
  message_class: effect.messageClass,
  class: effect.delivery,
  shard: effect.shard,
  band: effect.band,
  merged: effect.merged,
  planned_at: now,
  deadline: effect.deadline,
  state: 'planned',
  due_at: now,
  attempt: 0,
  fence: null,
  send_deadline: null,
  provider: null,
  provider_ref: null,
  key_expires_at: null,
  resends: 0,
  rung: 0,
  cause: null,
  recalled: null,
})

/** The calls of what was committed; what was not is given back. */
export function beginCalls(
  engine: Engine,
  intents: Intents,
  begun: ReadonlyMap<EffectId, Attempt>,
  carry: (intent: Intent) => Pick<Work, 'carried'>,
  atOnce: AtOnce,
): void {
  const [mine, others] = split([...intents], ([effect]) => begun.has(effect))
  for (const [effect] of others) atOnce.leave(effect)
  if (mine.length === 0) return
  atOnce.send(
    mine.map(([effect]) => effect),
    (settle, watch) =>
      callAll(
        engine,
        mine.map(([, intent]) => intent),
        begun,
        (work, intent) => settle({ ...work, ...carry(intent) }),
        watch,
      ),
  )
}

/** Nobody heard of the commit: what it leased is looked up when the database answers again. */
export function giveBack(engine: Engine, intents: Intents, error: unknown, atOnce: AtOnce): void {
  if (intents.size === 0) return
  const effects = [...intents.keys()]
  if (!(error instanceof CommitUnknown)) {
    for (const effect of effects) atOnce.leave(effect)
    return
  }
  atOnce.send(effects, async (settle, watch) => {
    const all = [...intents.values()]
    await callAll(engine, all, await leasedAfterAll(engine, all, error), settle, watch)
  })
}

function split<Item>(items: readonly Item[], is: (item: Item) => boolean): [Item[], Item[]] {
  const yes: Item[] = []
  const no: Item[] = []
  for (const item of items) (is(item) ? yes : no).push(item)
  return [yes, no]
}
