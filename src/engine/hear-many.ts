import type { ClientId, EventId, JsonObject, RunId, VendorId, WeddingId } from '../core/ids.ts'
import { hearsOf } from '../core/journey/needs.ts'
import type { OutsideEvent, RunEvent } from '../core/run/event.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import { insertEvents } from '../store/import.ts'
import { type JourneyRow, journeysListeningTo } from '../store/journeys.ts'
import { deliver, liveRunsOfClients, readRuns } from '../store/runs.ts'
import type { Engine } from './engine.ts'
import { startRuns } from './start.ts'
import { loadViews } from './views.ts'

/**
 * The same kind of event for many couples, as `receive` would take it in for each: recorded with what it started,
 * whom it woke, and which journeys not and why. For events that come from within: they are new by their making, say
 * nothing personal and leave no date behind, so that neither has to be asked for one by one.
 */
export type Happening = {
  readonly key: string
  readonly client: ClientId
  readonly wedding: WeddingId | null
  readonly data: JsonObject
}

export type Hearing = {
  readonly source: string
  readonly type: string
  readonly happenings: readonly Happening[]
}

type History = {
  readonly started: { readonly journey: string; readonly run: RunId }[]
  readonly woken: RunId[]
  readonly not: { readonly journey: string; readonly why: string }[]
}
type One = Happening & { readonly event: OutsideEvent; readonly history: History }

/** Gives the runs that began. The caller holds the couples, or has just made them. */
export async function hearMany(
  engine: Engine,
  sql: Sql,
  now: Instant,
  vendor: VendorId,
  { source, type, happenings }: Hearing,
): Promise<RunId[]> {
  if (happenings.length === 0) return []
  const all = happenings.map(
    (one): One => ({
      ...one,
      event: { id: engine.rng.uuid7(now) as EventId, type, at: now, data: one.data, depth: 0 },
      history: { started: [], woken: [], not: [] },
    }),
  )
  await wakeAll(engine, sql, now, vendor, type, all)
  await startAll(engine, sql, now, vendor, type, all)
  await insertEvents(
    sql,
    vendor,
    source,
    type,
    now,
    all.map(({ event, key, client, wedding, data, history }) => ({
      event: event.id,
      key,
      client,
      wedding,
      data,
      history: history as unknown as JsonObject,
    })),
  )
  return all.flatMap((one) => one.history.started.map(({ run }) => run))
}

/** Letters to the runs that wait for this type of event. */
async function wakeAll(
  engine: Engine,
  sql: Sql,
  now: Instant,
  vendor: VendorId,
  type: string,
  all: readonly One[],
): Promise<void> {
  const live = await liveRunsOfClients(
    sql,
    vendor,
    all.map((one) => one.client),
  )
  if (live.length === 0) return
  const byClient = Map.groupBy(all, (one) => one.client)
  const letters: { ref: (typeof live)[number]; event: string }[] = []
  for (const row of await readRuns(sql, live)) {
    const graph = await engine.graphs.find(sql, vendor, row.journey_id, row.version)
    if (!hearsOf(graph).has(type)) continue
    for (const one of byClient.get(row.client_id) ?? []) {
      const happened: RunEvent = { is: 'happened', at: now, event: one.event }
      letters.push({ ref: { vendor, run: row.run_id }, event: JSON.stringify(happened) })
      one.history.woken.push(row.run_id)
    }
  }
  await deliver(sql, now, letters)
}

/** Runs of the journeys that listen, and of each couple's others the reason why not. */
async function startAll(
  engine: Engine,
  sql: Sql,
  now: Instant,
  vendor: VendorId,
  type: string,
  all: readonly One[],
): Promise<void> {
  const wanted: { one: One; journey: JourneyRow }[] = []
  const graphs = []
  for (const journey of await journeysListeningTo(sql, vendor, type)) {
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
