import type { ClientId, EventId, JsonObject, RunId, VendorId, WeddingId } from '../core/ids.ts'
import type { Graph } from '../core/journey/graph.ts'
import { hearsOf } from '../core/journey/needs.ts'
import { Refusal } from '../core/refusal.ts'
import { CAUSE_DEPTH_MAX, type OutsideEvent, type RunEvent } from '../core/run/event.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Anchors } from '../core/wedding/anchor.ts'
import { anchorSetBy } from '../core/wedding/anchor-of-event.ts'
import type { Sql } from '../ports.ts'
import { lockClient, setClientAnchors } from '../store/clients.ts'
import { findEvent, insertEvent, saveAnswer } from '../store/events.ts'
import { journeysListeningTo } from '../store/journeys.ts'
import type { RunRef } from '../store/refs.ts'
import { deliver, liveRunsOfClients, readRuns } from '../store/runs.ts'
import type { Engine } from './engine.ts'
import { retrying } from './retrying.ts'
import { ringRuns } from './ring.ts'
import { type Start, startRuns } from './start.ts'
import { loadViews, sealJson } from './views.ts'

/**
 * Something happened: one transaction records the event, starts the runs whose trigger matches (or the reason why
 * not), wakes the runs that wait for it, and keeps the history of both (engine 5). Told twice, it changes nothing.
 */
export type Incoming = {
  readonly source: string
  /** The sender's own key for this event; the same key again is the same event. */
  readonly key: string
  readonly type: string
  readonly client: ClientId
  /** Small facts that conditions may ask for. Never personal. */
  readonly data: JsonObject
  /** Answers and the like: sealed with the client's key, never in a run, a decision or a log. */
  readonly personal?: JsonObject
  readonly depth?: number
}

export type Receipt = {
  readonly event: EventId
  readonly duplicate: boolean
  readonly started: readonly { readonly journey: string; readonly run: RunId }[]
  readonly woken: readonly RunId[]
  readonly not: readonly { readonly journey: string; readonly why: string }[]
}

export async function receive(engine: Engine, vendor: VendorId, incoming: Incoming): Promise<Receipt> {
  const depth = incoming.depth ?? 0
  if (depth > CAUSE_DEPTH_MAX)
    throw new Refusal(
      'too_many',
      `This event is the ${depth}th link of a chain of journeys; at most ${CAUSE_DEPTH_MAX} may follow each other.`,
    )
  const receipt = await retrying(engine, () =>
    engine.db.tx('receive', { vendors: [vendor] }, (sql) =>
      receiveIn(engine, sql, vendor, { ...incoming, depth }),
    ),
  )
  ringRuns(engine, [...receipt.started.map((one) => one.run), ...receipt.woken])
  return receipt
}

export async function receiveIn(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  incoming: Incoming & { depth: number },
): Promise<Receipt> {
  const now = engine.clock.now()
  // The lock first: two tellers of one event take turns here, and the second finds the first one's receipt.
  const client = await lockClient(sql, vendor, incoming.client)
  const known = await findEvent(sql, vendor, incoming.source, incoming.key)
  if (known) return { ...(known.history as unknown as Receipt), event: known.event_id, duplicate: true }
  if (!client) throw new Refusal('not_found', 'This couple is not known here.', { client: incoming.client })
  const event: OutsideEvent = {
    id: engine.rng.uuid7(now) as EventId,
    type: incoming.type,
    at: now,
    data: incoming.data,
    depth: incoming.depth,
  }
  const anchored = await setAnchor(sql, vendor, incoming.client, client.anchors, event)
  await keepAnswers(engine, sql, vendor, incoming, event)
  const woken = await wake(engine, sql, now, vendor, incoming.client, event, anchored)
  const { started, not } = await start(engine, sql, now, vendor, incoming.client, client.wedding_id, event)
  const history = { started, woken, not }
  const inserted = await insertEvent(sql, {
    vendor,
    event: event.id,
    source: incoming.source,
    key: incoming.key,
    type: event.type,
    at: now,
    client: incoming.client,
    wedding: client.wedding_id,
    depth: incoming.depth,
    data: incoming.data,
    history: history as unknown as JsonObject,
    personal: incoming.personal
      ? await sealJson(
          engine.vault,
          { vendor, subject: incoming.client, table: 'event', row: event.id, column: 'personal' },
          incoming.personal,
        )
      : null,
  })
  // Somebody told the same event at the same moment and was first: all of this is undone, and theirs is the answer.
  if (!inserted)
    throw new Refusal('conflict', 'The same event is being received; try again.', { key: incoming.key })
  return { event: event.id, duplicate: false, ...history }
}

async function setAnchor(
  sql: Sql,
  vendor: VendorId,
  client: ClientId,
  anchors: Anchors,
  event: OutsideEvent,
): Promise<string | null> {
  const found = anchorSetBy(event)
  if (found === null || (found.once && anchors[found.name]?.value)) return null
  const { name, at } = found
  await setClientAnchors(sql, vendor, client, {
    ...anchors,
    [name]: { value: { is: 'moment', at }, generation: (anchors[name]?.generation ?? 0) + 1 },
  })
  return name
}

async function keepAnswers(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  incoming: Incoming,
  event: OutsideEvent,
): Promise<void> {
  const form = incoming.data.form
  if (incoming.type !== 'form_submitted' || typeof form !== 'string' || !incoming.personal) return
  const sealed = await sealJson(
    engine.vault,
    {
      vendor,
      subject: incoming.client,
      table: 'answer',
      row: `${incoming.client}/${form}`,
      column: 'sealed',
    },
    incoming.personal,
  )
  await saveAnswer(sql, { vendor, client: incoming.client, form, event: event.id, sealed, at: event.at })
}

/** Letters to the runs that wait for this type of event, and to all when a date they may hang on is now known. */
async function wake(
  engine: Engine,
  sql: Sql,
  now: Instant,
  vendor: VendorId,
  client: ClientId,
  event: OutsideEvent,
  anchor: string | null,
): Promise<RunId[]> {
  const live = await liveRunsOfClients(sql, vendor, [client])
  if (live.length === 0) return []
  const rows = await readRuns(sql, live)
  const graphs = new Map<RunId, Graph>()
  for (const row of rows)
    graphs.set(row.run_id, await engine.graphs.find(sql, vendor, row.journey_id, row.version))
  const hears = (ref: RunRef): boolean => hearsOf(graphs.get(ref.run)!).has(event.type)
  const moved: RunEvent = {
    is: 'details_changed',
    at: now,
    anchors: [anchor ?? ''],
    why: event.type,
    undoUntil: null,
  }
  const happened: RunEvent = { is: 'happened', at: now, event }
  const letters = live.flatMap((ref) => [
    ...(anchor === null ? [] : [{ ref, event: JSON.stringify(moved) }]),
    ...(hears(ref) ? [{ ref, event: JSON.stringify(happened) }] : []),
  ])
  await deliver(sql, now, letters)
  return live.filter((ref) => anchor !== null || hears(ref)).map((ref) => ref.run)
}

async function start(
  engine: Engine,
  sql: Sql,
  now: Instant,
  vendor: VendorId,
  client: ClientId,
  wedding: WeddingId | null,
  event: OutsideEvent,
): Promise<Pick<Receipt, 'started' | 'not'>> {
  const started: { journey: string; run: RunId }[] = []
  const not: { journey: string; why: string }[] = []
  const starts: Start[] = []
  for (const journey of await journeysListeningTo(sql, vendor, event.type)) {
    const graph = await engine.graphs.find(sql, vendor, journey.journey_id, journey.version ?? 0)
    const verdict = graph.triggerType.matches?.(graph.trigger.config ?? {}, event) ?? {
      matches: true,
      why: '',
    }
    if (!verdict.matches) {
      not.push({ journey: journey.key, why: verdict.why })
      continue
    }
    const views = await loadViews(engine, sql, now, [{ vendor, client, graph }])
    starts.push({ journey, client, wedding, by: event, view: views.of(client) })
  }
  if (starts.length === 0) return { started, not }
  const answers = await startRuns(engine, sql, now, vendor, starts)
  answers.forEach((answer, index) => {
    const journey = starts[index]!.journey.key
    if (answer.is === 'started') started.push({ journey, run: answer.run })
    else not.push({ journey, why: answer.why })
  })
  return { started, not }
}
