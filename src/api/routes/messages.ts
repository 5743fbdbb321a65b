import {
  composeMessage,
  listMessages,
  MESSAGE_KINDS_OF_STATE,
  previewMessage,
  readMessage,
  tryMessage,
} from '../../contract/messages.ts'
import type { EffectId, RunId, VendorId } from '../../core/ids.ts'
import { Refusal } from '../../core/refusal.ts'
import { instant, isoOf } from '../../core/time/instant.ts'
import { compose, type Written } from '../../engine/compose-message.ts'
import type { Engine } from '../../engine/engine.ts'
import { namedClientsIn, namesOf } from '../../engine/find-clients.ts'
import { contentPlace } from '../../engine/prepare.ts'
import { previewMessage as asItWouldBe } from '../../engine/preview-message.ts'
import { tryOnOneself } from '../../engine/try-message.ts'
import { openJson } from '../../engine/views.ts'
import type { Sql } from '../../ports.ts'
import { readContents } from '../../store/effects.ts'
import { type MessageLine, oneMessage, pageOfMessages, triesOf } from '../../store/message-pages.ts'
import { cursorOf, MILLISECONDS, readCursor } from '../frame/cursor.ts'
import { type Route, reads } from '../frame/route.ts'

/** Ids of messages are made from what they are, so that they carry no version as other ids do. */
const ANY_UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

async function shown(engine: Engine, sql: Sql, vendor: VendorId, lines: readonly MessageLine[]) {
  const clients = await namedClientsIn(engine, sql, vendor, [...new Set(lines.map((line) => line.client_id))])
  const names = new Map(clients.map((one) => [one.client_id, namesOf(one)]))
  return lines.map((line) => ({
    id: line.effect_id,
    run: line.run_id as string,
    client: line.client_id as string,
    names: names.get(line.client_id) ?? 'erased',
    journey: line.journey_name,
    node: line.node,
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

export const messageRoutes: readonly Route[] = [
  reads(listMessages, ({ engine, vendor }, { query }) =>
    engine.db.read('message.list', { vendors: [vendor] }, async (sql) => {
      const [at, id] = readCursor(query.cursor, [MILLISECONDS, ANY_UUID]) ?? []
      const before = at !== undefined && id !== undefined ? { at: instant(Number(at)), id } : null
      const filter = {
        states: query.is === undefined ? null : MESSAGE_KINDS_OF_STATE[query.is],
        client: query.client ?? null,
        run: query.run ?? null,
        kind: query.kind ?? null,
      }
      const lines = await pageOfMessages(sql, vendor, filter, before, query.limit + 1)
      const last = lines[query.limit - 1]
      return {
        items: await shown(engine, sql, vendor, lines.slice(0, query.limit)),
        next: lines.length > query.limit && last ? cursorOf([String(last.planned_at), last.effect_id]) : null,
      }
    }),
  ),
  reads(readMessage, ({ engine, vendor }, { params }) =>
    engine.db.read('message.read', { vendors: [vendor] }, async (sql) => {
      const line = await oneMessage(sql, vendor, params.message)
      if (!line) throw new Refusal('not_found', 'There is no message here with this id.')
      const effect = line.effect_id as EffectId
      const [[content], tries, [first]] = await Promise.all([
        readContents(sql, [{ vendor, effect }]),
        triesOf(sql, vendor, effect),
        shown(engine, sql, vendor, [line]),
      ])
      const place = contentPlace({ vendor_id: vendor, client_id: line.client_id, effect_id: effect })
      return {
        ...first!,
        content: content ? await openJson(engine.vault, place, content.sealed) : null,
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
  reads(composeMessage, async ({ engine, vendor }, { body }) => {
    const { to, made } = await compose(engine, vendor, body as Written)
    return {
      to,
      content: made.is === 'ready' ? made.content : null,
      unresolved: made.is === 'unresolved' ? [...made.fields] : [],
      why: made.is === 'broken' ? made.cause : null,
    }
  }),
  reads(tryMessage, ({ engine, vendor, actor }, { body }) =>
    tryOnOneself(engine, vendor, actor, body as Written),
  ),
]
