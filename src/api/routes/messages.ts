import {
  composeMessage,
  editMessage,
  editMessages,
  explainMessages,
  listLeftOut,
  listMessages,
  MESSAGE_KINDS_OF_STATE,
  previewEdit,
  previewMessage,
  readMessage,
  tryMessage,
} from '../../contract/messages.ts'
import type { EffectId, JsonObject, NodeId, RunId, VendorId } from '../../core/ids.ts'
import type { Graph } from '../../core/journey/graph.ts'
import { Refusal } from '../../core/refusal.ts'
import { titleOf } from '../../core/run/step-title.ts'
import { instant, isoOf, plusMs } from '../../core/time/instant.ts'
import { goOnSoon } from '../../engine/bulk.ts'
import { UNDO_MS } from '../../engine/change-details.ts'
import { compose, type Written } from '../../engine/compose-message.ts'
import { editIn } from '../../engine/edit-message.ts'
import { beginEditIn } from '../../engine/edit-some.ts'
import type { Engine } from '../../engine/engine.ts'
import { namedClientsIn, namesOf } from '../../engine/find-clients.ts'
import { whatIsMeant, whyOf } from '../../engine/message-search.ts'
import type { NameIndex } from '../../engine/name-index.ts'
import { contentPlace } from '../../engine/prepare.ts'
import { previewMessage as asItWouldBe } from '../../engine/preview-message.ts'
import { tryOnOneself } from '../../engine/try-message.ts'
import { homeZone } from '../../engine/vendor-views.ts'
import { openUnlessErased } from '../../engine/views.ts'
import type { Sql } from '../../ports.ts'
import { readContents } from '../../store/effects.ts'
import { isDead, type MessageLine, oneMessage, pageOfMessages, triesOf } from '../../store/message-pages.ts'
import { cursorOf, MILLISECONDS, readCursor, UUID } from '../frame/cursor.ts'
import { changes, type Route, reads } from '../frame/route.ts'
import { leftOut } from '../left-out.ts'
import { runsMeant } from '../runs-meant.ts'

const said = (words: Readonly<Record<string, string | undefined>>): JsonObject =>
  Object.fromEntries(
    Object.entries(words).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )

/** Ids of messages are made from what they are, so that they carry no version as other ids do. */
const ANY_UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Which turn of a run, and which of its decisions. */
const COUNT = /^\d{1,9}$/

async function shown(engine: Engine, sql: Sql, vendor: VendorId, lines: readonly MessageLine[]) {
  const clients = await namedClientsIn(engine, sql, vendor, [...new Set(lines.map((line) => line.client_id))])
  const names = new Map(clients.map((one) => [one.client_id, namesOf(one)]))
  const here = await homeZone(engine, sql, vendor)
  const graphs = await Promise.all(
    lines.map((line) => engine.graphs.find(sql, vendor, line.journey_id, line.version)),
  )
  const titleAt = (graph: Graph | undefined, id: string): string => {
    const node = graph?.node(id as NodeId)
    return node ? titleOf(node) : id
  }
  return lines.map((line, index) => ({
    id: line.effect_id,
    run: line.run_id as string,
    client: line.client_id as string,
    names: names.get(line.client_id) ?? 'erased',
    journey: line.journey_name,
    node: line.node,
    name: titleAt(graphs[index], line.node),
    zone: line.wedding_zone ?? here,
    kind: line.kind,
    channel: line.channel,
    class: line.message_class,
    recipient: line.recipient,
    state: line.state,
    cause: line.cause,
    planned: isoOf(line.planned_at),
    due: line.due_at && isoOf(line.due_at),
    settled: line.settled_at && isoOf(line.settled_at),
    attempts: line.attempt,
  }))
}

/** Named and searched for: whoever is both. */
const ofBoth = (client: string | undefined, meant: readonly string[] | null): readonly string[] | null =>
  client === undefined ? meant : meant === null || meant.includes(client) ? [client] : []

export const messageRoutes = (names: NameIndex): readonly Route[] => [
  reads(listMessages, async ({ engine, vendor }, { query }) => {
    const [at, id] = readCursor(query.cursor, [MILLISECONDS, ANY_UUID]) ?? []
    const before = at !== undefined && id !== undefined ? { at: instant(Number(at)), id } : null
    const search = query.search?.trim() ?? ''
    const meant = search === '' ? null : await whatIsMeant(engine, names, vendor, search)
    return engine.db.read('message.list', { vendors: [vendor] }, async (sql) => {
      const filter = {
        states: query.is === undefined ? null : MESSAGE_KINDS_OF_STATE[query.is],
        run: query.run ?? null,
        kind: query.kind ?? null,
        journey: query.journey ?? null,
        clients: ofBoth(query.client, meant?.clients ?? null),
        steps: meant?.steps ?? null,
      }
      const lines = await pageOfMessages(sql, vendor, filter, before, query.limit + 1)
      const last = lines[query.limit - 1]
      return {
        items: await shown(engine, sql, vendor, lines.slice(0, query.limit)),
        next: lines.length > query.limit && last ? cursorOf([String(last.planned_at), last.effect_id]) : null,
      }
    })
  }),
  reads(listLeftOut, async ({ engine, vendor, now }, { query }) => {
    const [at, run, rev, place] = readCursor(query.cursor, [MILLISECONDS, UUID, COUNT, COUNT]) ?? []
    const before =
      place === undefined
        ? null
        : { at: instant(Number(at)), run_id: run as RunId, rev: Number(rev), place: Number(place) }
    const search = query.search?.trim() ?? ''
    const meant = search === '' ? null : await whatIsMeant(engine, names, vendor, search)
    const filter = {
      clients: ofBoth(query.client, meant?.clients ?? null),
      journey: query.journey ?? null,
      kind: query.kind ?? null,
      steps: meant?.steps ?? null,
    }
    return engine.db.read('message.left_out', { vendors: [vendor] }, async (sql) => {
      const { items, last } = await leftOut(engine, sql, vendor, filter, now, before, query.limit)
      return {
        items,
        next: last && cursorOf([String(last.at), last.run_id, String(last.rev), String(last.place)]),
      }
    })
  }),
  reads(explainMessages, async ({ engine, vendor, now }, { query }) => {
    const accounts = await whyOf(engine, names, vendor, query.search, now)
    return {
      items: accounts.map(({ client, run, journey, name, zone, step }) => ({
        client: client.client_id as string,
        names: namesOf(client),
        run: run as string,
        journey,
        zone,
        node: step.node as string,
        name,
        is: step.is,
        sentence: step.sentence,
        at: step.at === null ? null : isoOf(step.at),
        evidence: step.evidence.map(({ code, sentence }) => ({ code, sentence })),
        decidedBy: step.decidedBy,
      })),
    }
  }),
  reads(readMessage, ({ engine, vendor }, { params }) =>
    engine.db.read('message.read', { vendors: [vendor] }, async (sql) => {
      const line = await oneMessage(sql, vendor, params.message)
      if (!line) throw new Refusal('not_found', 'There is no message here with this id.')
      const effect = line.effect_id as EffectId
      const [[content], tries, maySendAgain, [first]] = await Promise.all([
        readContents(sql, [{ vendor, effect }]),
        triesOf(sql, vendor, effect),
        isDead(sql, vendor, effect),
        shown(engine, sql, vendor, [line]),
      ])
      const place = contentPlace({ vendor_id: vendor, client_id: line.client_id, effect_id: effect })
      return {
        ...first!,
        maySendAgain,
        content: content ? await openUnlessErased(engine.vault, place, content.sealed) : null,
        tries: tries.map((one) => ({
          attempt: one.attempt,
          started: isoOf(one.started_at),
          ended: one.ended_at && isoOf(one.ended_at),
          result: one.result,
          detail: one.detail,
        })),
      }
    }),
  ),
  reads(previewMessage, async ({ engine, vendor }, { params }) => {
    const made = await asItWouldBe(engine, vendor, params.run as RunId, params.node)
    return { ...made, unresolved: [...made.unresolved] }
  }),
  reads(previewEdit, async ({ engine, vendor }, { params, body }) => {
    const made = await asItWouldBe(engine, vendor, params.run as RunId, params.node, said(body.words))
    return { ...made, unresolved: [...made.unresolved] }
  }),
  changes(editMessage, async (at, { params, body }) => {
    const { engine, sql, vendor, actor, now } = at
    const run = params.run as RunId
    const command = await editIn(engine, sql, vendor, run, params.node, said(body.words), actor)
    at.auditedWithin()
    return { run, node: params.node, command, undoUntil: isoOf(plusMs(now, UNDO_MS)) }
  }),
  changes(editMessages, async (at, { body }) => {
    const { engine, sql, vendor, actor } = at
    const runs = await runsMeant(at, sql, body.which)
    if (runs.length === 0) throw new Refusal('not_found', 'No run is like that.')
    const wanted = { runs, node: body.node, words: said(body.words) }
    const job = await beginEditIn(engine, sql, vendor, wanted, actor)
    at.after(() => goOnSoon(engine, vendor, job))
    at.audit('runs.commanded', job, { do: 'edit', runs: runs.length })
    return { job, total: runs.length }
  }),
  reads(composeMessage, async ({ engine, vendor }, { body }) => {
    const { to, seen } = await compose(engine, vendor, body as Written)
    return { to, ...seen, unresolved: [...seen.unresolved] }
  }),
  reads(tryMessage, ({ engine, vendor, actor }, { body }) =>
    tryOnOneself(engine, vendor, actor, body as Written),
  ),
]
