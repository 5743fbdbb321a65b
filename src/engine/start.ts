import type { ClientId, EventId, RunId, VendorId, WeddingId } from '../core/ids.ts'
import type { Graph, Reentry } from '../core/journey/graph.ts'
import { begin } from '../core/run/advance.ts'
import { bandOf } from '../core/run/band.ts'
import { EVERYTHING } from '../core/run/command.ts'
import type { Decision } from '../core/run/decision.ts'
import { CAUSE_DEPTH_MAX, type OutsideEvent } from '../core/run/event.ts'
import type { Chosen, RunStatus } from '../core/run/run.ts'
import type { Turn } from '../core/run/turn.ts'
import type { View } from '../core/run/view.ts'
import { addAmount } from '../core/time/amount.ts'
import type { Instant } from '../core/time/instant.ts'
import { BANDS } from '../core/wedding/priority.ts'
import type { Sql } from '../ports.ts'
import {
  beginnersEnter,
  type EntryFacts,
  findJourney,
  type JourneyRow,
  readEntries,
} from '../store/journeys.ts'
import { insertNotices } from '../store/notices.ts'
import { insertRuns, type NewRun, runsOfJourney } from '../store/runs.ts'
import { type Engine, shardOf } from './engine.ts'
import { savedDue, type Taken, type Turnable, takeTurns } from './turns.ts'

/**
 * How runs come to be: the first turn decides whether, the unique entry key decides whether again. A run whose first
 * steps change nothing but itself walks them in the same commit, so that one that only waits is written once.
 */
export type Start = {
  readonly journey: JourneyRow
  readonly client: ClientId
  readonly wedding: WeddingId | null
  readonly by: OutsideEvent | null
  readonly view: View
  /** What a person wants of its late steps. */
  readonly chosen?: Chosen
}

export type Started =
  | {
      readonly is: 'started'
      readonly run: RunId
      readonly status: RunStatus
      readonly due: Instant | null
      readonly band: number
    }
  | { readonly is: 'not'; readonly why: string; readonly because?: readonly Decision[] }

/** Starts runs of active journeys for one vendor, all in the given transaction. */
export async function startRuns(
  engine: Engine,
  sql: Sql,
  now: Instant,
  vendor: VendorId,
  starts: readonly Start[],
): Promise<Started[]> {
  const graphs = await Promise.all(
    starts.map((one) => engine.graphs.find(sql, vendor, one.journey.journey_id, one.journey.version ?? 0)),
  )
  const entries = await readEntries(
    sql,
    vendor,
    starts
      .filter((_, index) => needsEntries(graphs[index]!.journey.reentry))
      .map((one) => ({ journey: one.journey.journey_id, client: one.client })),
  )
  const begun: Begun[] = []
  const answers = new Map<Start, Started>()
  for (const [index, start] of starts.entries()) {
    const { journey, client } = start
    const graph = graphs[index]!
    const entry = entryKey(
      graph.journey.reentry,
      start,
      now,
      entries.get(`${journey.journey_id}|${client}`) ?? { finished: 0, live: 0, lastStartedAt: null },
    )
    if (entry.is === 'not') {
      answers.set(start, entry)
      continue
    }
    const run = engine.rng.uuid7(now) as RunId
    const identity = {
      id: run,
      vendor,
      client,
      wedding: start.wedding,
      journey: journey.journey_id,
      version: journey.version ?? 0,
    }
    const turn = begin(graph, identity, start.by, now, braked(start.view), start.chosen)
    if (turn.after.status === 'cancelled')
      answers.set(start, { is: 'not', why: 'trigger_filter_failed', because: turn.because })
    else begun.push({ start, key: entry.key, ...walked(engine, graph, start, turn, now) })
  }
  const rows = begun.map((one) => newRun(one, now))
  const inserted = await insertRuns(sql, now, rows)
  for (const [index, { start, after, due }] of begun.entries()) {
    answers.set(
      start,
      inserted.has(after.id)
        ? { is: 'started', run: after.id, status: after.status, due, band: rows[index]!.band }
        : { is: 'not', why: 'already_entered' },
    )
  }
  return starts.map((start) => answers.get(start)!)
}

/** While a business holds everything, what begins begins held. */
const braked = (view: View): View =>
  view.vendor.held === true
    ? { ...view, client: { ...view.client, holds: [...view.client.holds, EVERYTHING] } }
    : view

type Begun = Pick<Taken, 'after' | 'due' | 'log'> & { readonly start: Start; readonly key: string }

/** The beginning, and what follows at once. Whatever wants more than the run's own row is left to a worker. */
function walked(
  engine: Engine,
  graph: Graph,
  start: Start,
  turn: Turn,
  now: Instant,
): Pick<Taken, 'after' | 'due' | 'log'> {
  const beginning = {
    event: JSON.stringify({
      is: 'started',
      at: now,
      by: start.by?.id ?? null,
      ...(start.chosen ? { chosen: start.chosen } : {}),
    }),
    because: JSON.stringify(turn.because),
  }
  const begun = { after: turn.after, due: turn.due, log: [beginning] }
  try {
    const taken = takeTurns(loadedOf(graph, start, turn), now, [])
    return taken.effects.length > 0 || taken.after.state.holds !== turn.after.state.holds
      ? begun
      : { after: taken.after, due: savedDue(taken, now), log: [beginning, ...taken.log] }
  } catch (error) {
    // A worker will meet it again, and sets the run aside for a person to see.
    engine.log.error('the first steps of a run failed', { run: turn.after.id, error: String(error) })
    return begun
  }
}

const loadedOf = (graph: Graph, { journey, client, wedding, view }: Start, turn: Turn): Turnable => ({
  row: {
    vendor_id: turn.after.vendor,
    run_id: turn.after.id,
    journey_id: journey.journey_id,
    version: turn.after.version,
    client_id: client,
    wedding_id: wedding,
    shard: shardOf(turn.after.id),
    band: 0,
    rev: 1,
    inbox: 0,
    due_at: turn.due,
    status: turn.after.status,
    entry_key: '',
    state: '',
  },
  run: turn.after,
  graph,
  view,
  letters: [],
})

const newRun = ({ start, after, due, log, key }: Begun, now: Instant): NewRun => ({
  vendor_id: after.vendor,
  run_id: after.id,
  journey_id: start.journey.journey_id,
  version: after.version,
  client_id: start.client,
  wedding_id: start.wedding,
  shard: shardOf(after.id),
  band: BANDS.indexOf(bandOf(due ?? now, start.view, undefined)),
  due_at: due,
  status: after.status,
  entry_key: key,
  state: JSON.stringify(after.state),
  log,
})

/** Rules that a key alone can keep need nothing read and nobody locked. */
const needsEntries = (rule: Reentry): boolean => rule !== 'never' && rule !== 'per_wedding'

/** The re-entry rule as a key: what may happen once has one key, and the database refuses the second. */
function entryKey(
  rule: Reentry,
  start: Start,
  now: Instant,
  facts: EntryFacts,
): { is: 'key'; key: string } | { is: 'not'; why: string } {
  if (rule === 'never') return { is: 'key', key: 'once' }
  if (rule === 'per_wedding') return { is: 'key', key: `wedding:${start.wedding ?? 'none'}` }
  if (rule === 'after_finish') {
    return facts.live > 0
      ? { is: 'not', why: 'still_running' }
      : { is: 'key', key: `after:${facts.finished}` }
  }
  const zone = start.view.vendor.zone
  if (
    facts.lastStartedAt !== null &&
    addAmount(facts.lastStartedAt, rule.always.distance, 1, zone, start.view.vendor) > now
  )
    return { is: 'not', why: 'too_soon' }
  return { is: 'key', key: start.by ? `event:${start.by.id}` : `at:${now}` }
}

/** An action of one journey starts another for the same client, in the same commit; chains cannot go on for ever. */
export async function startJourneyFor(
  engine: Engine,
  sql: Sql,
  now: Instant,
  taken: Taken,
  key: string,
  name: string,
): Promise<readonly RunId[]> {
  const { vendor, client, id: run, wedding, state } = taken.after
  const depth = (state.startedBy?.depth ?? 0) + 1
  const [, journey] = await Promise.all([beginnersEnter(sql, [vendor]), findJourney(sql, vendor, key)])
  const by: OutsideEvent = {
    id: run as string as EventId,
    type: 'journey_start',
    at: now,
    data: { journey: taken.loaded.run.journey },
    depth,
  }
  const answer: Started =
    depth > CAUSE_DEPTH_MAX
      ? { is: 'not', why: 'cause_too_deep' }
      : journey?.status !== 'active' || journey.version === null
        ? { is: 'not', why: 'journey_not_active' }
        : (
            await startRuns(engine, sql, now, vendor, [{ journey, client, wedding, by, view: taken.view }])
          )[0]!
  if (answer.is === 'started') return [answer.run]
  // They are on it already: the stage that was set a moment before may have begun it, and nobody needs to look at that.
  if (answer.why === 'already_entered' && (await runsOfJourney(sql, vendor, client, key)).length > 0)
    return []
  await insertNotices(sql, [
    {
      vendor,
      id: engine.rng.uuid7(now),
      run,
      node: name.split('|')[0] ?? null,
      code: 'journey_not_started',
      facts: { journey: key, why: answer.why },
      at: now,
    },
  ])
  return []
}
