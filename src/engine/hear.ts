import type { ClientId, EventId, JsonObject, RunId, VendorId, WeddingId } from '../core/ids.ts'
import { hearsOf } from '../core/journey/needs.ts'
import { Refusal } from '../core/refusal.ts'
import type { OutsideEvent, RunEvent } from '../core/run/event.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import { insertEvents } from '../store/events.ts'
import { beginnersEnter, type JourneyRow, journeysListening, type Listening } from '../store/journeys.ts'
import { type RunRef, vendorsOf } from '../store/refs.ts'
import { deliver, liveRunsOf, readRuns } from '../store/runs.ts'
import type { Engine } from './engine.ts'
import { startRuns } from './start.ts'
import { loadViews } from './views.ts'

/** An event that is new, of a couple that the caller holds or has just made. */
export type Heard = {
  readonly vendor: VendorId
  readonly source: string
  readonly key: string
  readonly client: ClientId
  readonly wedding: WeddingId | null
  readonly event: OutsideEvent
  /** The date it has left behind for rules to hang on. */
  readonly anchor: string | null
  readonly personal: Uint8Array | null
}

/** What became of an event: kept with it for good. */
export type History = {
  readonly started: readonly { readonly journey: string; readonly run: RunId }[]
  readonly woken: readonly RunId[]
  readonly not: readonly { readonly journey: string; readonly why: string }[]
}
type Growing = {
  started: { journey: string; run: RunId }[]
  woken: RunId[]
  not: { journey: string; why: string }[]
}
type One = Heard & { readonly history: Growing }

/** An event that comes from within: it leaves no date behind and says nothing personal. */
export const within = (
  engine: Engine,
  now: Instant,
  type: string,
  data: JsonObject,
  depth = 0,
): OutsideEvent => ({
  id: engine.rng.uuid7(now) as EventId,
  type,
  at: now,
  data,
  depth,
})

/** Wakes who waits for these events, starts what begins with them, and records both with each; in this order. */
export async function hear(
  engine: Engine,
  sql: Sql,
  now: Instant,
  heard: readonly Heard[],
): Promise<History[]> {
  if (heard.length === 0) return []
  const all = heard.map((one): One => ({ ...one, history: { started: [], woken: [], not: [] } }))
  await wakeAll(engine, sql, now, all)
  await startAll(engine, sql, now, all)
  const inserted = await insertEvents(
    sql,
    all.map(({ vendor, event, source, key, client, wedding, personal, history }) => ({
      vendor,
      event: event.id,
      source,
      key,
      type: event.type,
      at: event.at,
      client,
      wedding,
      depth: event.depth,
      data: event.data,
      personal,
      history: history as unknown as JsonObject,
    })),
  )
  // Somebody told one of them at the same moment and was first: all of this is undone, and theirs is the answer.
  if (inserted < all.length)
    throw new Refusal('conflict', 'The same event is being received; try again.', {
      keys: all.map((one) => one.key).slice(0, 20),
    })
  return all.map((one) => one.history)
}

/** Letters to the runs that wait for such an event, and to all of a couple when a date they may hang on is now known. */
async function wakeAll(engine: Engine, sql: Sql, now: Instant, all: readonly One[]): Promise<void> {
  const byClient = Map.groupBy(all, (one) => one.client)
  const live = await liveRunsOf(
    sql,
    [...byClient.values()].map(([one]) => one!),
  )
  if (live.length === 0) return
  const letters: { ref: RunRef; event: string }[] = []
  for (const row of await readRuns(sql, live)) {
    const hears = hearsOf(await engine.graphs.find(sql, row.vendor_id, row.journey_id, row.version))
    const ref = { vendor: row.vendor_id, run: row.run_id }
    for (const { event, anchor, history } of byClient.get(row.client_id) ?? []) {
      const happened = hears.has(event.type)
      if (anchor !== null) letters.push({ ref, event: JSON.stringify(movedBy(event, anchor, now)) })
      if (happened) letters.push({ ref, event: JSON.stringify({ is: 'happened', at: now, event }) })
      if (anchor !== null || happened) history.woken.push(row.run_id)
    }
  }
  await deliver(sql, now, letters)
}

const movedBy = (event: OutsideEvent, anchor: string, now: Instant): RunEvent => ({
  is: 'details_changed',
  at: now,
  anchors: [anchor],
  why: event.type,
  undoUntil: null,
})

/** Runs of the journeys that listen, and of each couple's others the reason why not. */
async function startAll(engine: Engine, sql: Sql, now: Instant, all: readonly One[]): Promise<void> {
  const vendors = vendorsOf(all)
  const [, listening] = await Promise.all([
    beginnersEnter(sql, vendors),
    journeysListening(sql, vendors, [...new Set(all.map((one) => one.event.type))]),
  ])
  // Vendor by vendor and type by type: most have nobody who listens.
  for (const journeys of Map.groupBy(listening, (one) => `${one.vendor_id}|${one.listens_to}`).values()) {
    const [{ vendor_id: vendor, listens_to: type }] = journeys as [Listening]
    const some = all.filter((one) => one.vendor === vendor && one.event.type === type)
    await startSome(engine, sql, now, vendor, journeys, some)
  }
}

async function startSome(
  engine: Engine,
  sql: Sql,
  now: Instant,
  vendor: VendorId,
  journeys: readonly JourneyRow[],
  all: readonly One[],
): Promise<void> {
  const wanted: { one: One; journey: JourneyRow }[] = []
  const graphs = []
  for (const journey of journeys) {
    const graph = await engine.graphs.find(sql, vendor, journey.journey_id, journey.version ?? 0)
    graphs.push(graph)
    for (const one of all) {
      const verdict = graph.triggerType.matches?.(graph.trigger.config ?? {}, one.event)
      if (verdict && !verdict.matches) one.history.not.push({ journey: journey.key, why: verdict.why })
      else wanted.push({ one, journey })
    }
  }
  if (wanted.length === 0) return
  const views = await loadViews(
    engine,
    sql,
    now,
    graphs.flatMap((graph) => all.map(({ client }) => ({ vendor, client, graph }))),
  )
  const answers = await startRuns(
    engine,
    sql,
    now,
    vendor,
    wanted.map(({ one, journey }) => ({
      journey,
      client: one.client,
      wedding: one.wedding,
      by: one.event,
      view: views.of(one.client),
    })),
  )
  for (const [index, answer] of answers.entries()) {
    const { one, journey } = wanted[index]!
    if (answer.is === 'started') one.history.started.push({ journey: journey.key, run: answer.run })
    else one.history.not.push({ journey: journey.key, why: answer.why })
  }
}
