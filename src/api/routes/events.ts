import { type Context, Hono } from 'hono'
import { listEvents, openEvent, sendEvent, tellEvent } from '../../contract/events.ts'
import type { ClientId, EventId, RunId, VendorId } from '../../core/ids.ts'
import { Refusal } from '../../core/refusal.ts'
import { isoOf } from '../../core/time/instant.ts'
import { whoseKey } from '../../engine/api-keys.ts'
import { addCouple, type NewCouple } from '../../engine/clients.ts'
import { dispatchOf } from '../../engine/dispatch.ts'
import type { Engine } from '../../engine/engine.ts'
import { namedClientsIn, namesOf } from '../../engine/find-clients.ts'
import { personalPlace, receiptOf, receiveIn, receiver } from '../../engine/receive.ts'
import { ringRuns } from '../../engine/ring.ts'
import { whyNotStarted } from '../../engine/start-some.ts'
import { openUnlessErased } from '../../engine/views.ts'
import { sealedEvent } from '../../store/events.ts'
import { pageOfEvents } from '../../store/message-pages.ts'
import { readBody, readQuery } from '../body.ts'
import { cursorOf, readCursor, UUID } from '../frame/cursor.ts'
import { addressOf, type LimitName, type Limits, TooMany } from '../frame/limits.ts'
import { refuseKeyElsewhere } from '../frame/networks.ts'
import { remoteOf } from '../frame/remote.ts'
import { changes, type Route, reads } from '../frame/route.ts'
import { presentError } from '../problem.ts'

export const eventRoutes: readonly Route[] = [
  reads(openEvent, ({ engine, vendor }, { params }) =>
    engine.db.read('event.open', { vendors: [vendor] }, async (sql) => {
      const event = params.event as EventId
      const found = await sealedEvent(sql, vendor, event)
      const place = found && personalPlace(vendor, found.client_id, event)
      const words = place && (await openUnlessErased(engine.vault, place, found.personal))
      if (!words) throw new Refusal('not_found', 'No words came with this, or there is no such event here.')
      return { words }
    }),
  ),
  reads(listEvents, async ({ engine, vendor }, { query }) => {
    const [before] = readCursor(query.cursor, [UUID]) ?? []
    const filter = { client: query.client ?? null, type: query.type ?? null }
    const { rows, names } = await engine.db.read('event.list', { vendors: [vendor] }, async (sql) => {
      const found = await pageOfEvents(sql, vendor, filter, before ?? null, query.limit + 1)
      const clients = [...new Set(found.flatMap((row) => row.client_id ?? []))]
      const named = await namedClientsIn(engine, sql, vendor, clients)
      return { rows: found, names: new Map(named.map((one) => [one.client_id, namesOf(one)])) }
    })
    const items = rows.slice(0, query.limit)
    const last = items.at(-1)
    return {
      items: items.map((row) => ({
        id: row.event_id,
        at: isoOf(row.at),
        type: row.type,
        source: row.source,
        client: row.client_id,
        names: row.client_id && (names.get(row.client_id) ?? 'erased'),
        wedding: row.wedding_id,
        depth: row.depth,
        data: row.data,
        personal: row.has_personal,
        started: row.history.started,
        woken: row.history.woken,
        not: row.history.not.map(({ journey, why }) => ({ journey, code: why, why: whyNotStarted(why) })),
      })),
      next: rows.length > query.limit && last ? cursorOf([last.event_id]) : null,
    }
  }),
  changes(tellEvent, async (at, { params, body }) => {
    const { engine, sql, vendor } = at
    const client = params.client as ClientId
    const source = { source: 'api:person', key: `${at.actor}:${at.requestKey}` }
    const [answer] = await receiveIn(engine, sql, vendor, [
      { ...source, type: body.type, client, data: body.data ?? {} },
    ])
    const { event, started, woken, not } = receiptOf(answer!)
    at.audit('event.told', client, { type: body.type })
    at.after(() => ringRuns(engine, [...started.map(({ run }) => run), ...woken]))
    return {
      event,
      started: [...started],
      woken: [...woken],
      not: not.map(({ journey, why }) => ({ journey, why: whyNotStarted(why) })),
    }
  }),
]

/** Told for so many runs of one event; more than that nobody reads. */
const LINE_MAX = 20

async function lineOf(engine: Engine, vendor: VendorId, runs: readonly RunId[], perSecond: number | null) {
  const now = engine.clock.now()
  const told = await Promise.all(
    runs.slice(0, LINE_MAX).map(async (run) => {
      const found = await dispatchOf(engine.db, { vendor, run }, now, perSecond)
      return (
        found && { run, ...found, due: isoOf(found.due), startsAt: found.startsAt && isoOf(found.startsAt) }
      )
    }),
  )
  return told.filter((one) => one !== null)
}

/**
 * Events from outside, by key: a website form, a payment, a signature. The key says whose they are, so that the
 * address names no vendor; the limits are those of every other request by key.
 */
export function events(engine: Engine, limits: Limits, perSecond: () => number | null = () => null): Hono {
  const receive = receiver(engine)
  const count = async (c: Context, limit: LimitName, who: string): Promise<void> => {
    for (const [name, value] of Object.entries(await limits.count(limit, who))) c.header(name, value)
  }
  const take = async (c: Context): Promise<Response> => {
    const key = (c.req.header('authorization') ?? '').replace(/^Bearer /i, '')
    const who = await whoseKey(engine, key)
    if (who) await refuseKeyElsewhere(limits, who.networks, c)
    // Counted before a body is read; whoever has no key is counted by where they are.
    await (who ? count(c, 'key', who.vendor) : count(c, 'stranger', addressOf(remoteOf(c))))
    if (!who?.scopes.includes('events:write'))
      throw new Refusal('unauthorised', 'Send a key that may write events: "authorization: Bearer wed_…".')
    const { estimate } = readQuery(c, sendEvent.query)
    const body = await readBody(c, sendEvent.body)
    const source = 'api'
    const client =
      typeof body.client === 'string'
        ? (body.client as ClientId)
        : (
            await addCouple(engine, who.vendor, body.client as NewCouple, {
              source: 'api:couple',
              key: body.key,
            })
          ).client
    const receipt = await receive(who.vendor, {
      source,
      key: body.key,
      type: body.type,
      client,
      data: body.data ?? {},
      ...(body.personal ? { personal: body.personal as never } : {}),
    })
    if (estimate === 'false') return c.json({ ...receipt, client }, 202)
    const runs = [...receipt.started.map(({ run }) => run), ...receipt.woken]
    return c.json({ ...receipt, client, line: await lineOf(engine, who.vendor, runs, perSecond()) }, 202)
  }
  return new Hono().post('/', async (c) => {
    try {
      return await take(c)
    } catch (error) {
      if (error instanceof TooMany)
        for (const [name, value] of Object.entries(error.headers)) c.header(name, value)
      return presentError(error, c, engine.log)
    }
  })
}
