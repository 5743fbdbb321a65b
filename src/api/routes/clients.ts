import type { z } from 'zod'
import {
  addClient,
  type ClientDocument,
  changeClient,
  listClients,
  readClient,
  removeClient,
  removePerson,
  savePerson,
  tagClients,
  type WholeClient,
} from '../../contract/clients.ts'
import type { ClientId, VendorId } from '../../core/ids.ts'
import { Refusal } from '../../core/refusal.ts'
import { instant, isoOf } from '../../core/time/instant.ts'
import { type MessageClass, messageClassSchema } from '../../core/wedding/policy.ts'
import { beginBulkIn, goOnSoon } from '../../engine/bulk.ts'
import { changeTraitsIn } from '../../engine/change-client.ts'
import { savePersonIn } from '../../engine/change-person.ts'
import { addCoupleIn, type NewCouple } from '../../engine/clients.ts'
import type { Engine } from '../../engine/engine.ts'
import {
  bookPage,
  type NamedClient,
  namedClientsIn,
  namesOf,
  searchPage,
  weddingPage,
} from '../../engine/find-clients.ts'
import type { NameIndex } from '../../engine/name-index.ts'
import { changeFactsIn, factsIn } from '../../engine/own-facts.ts'
import { ringRuns } from '../../engine/ring.ts'
import { takeBackIn, takeBackPersonIn } from '../../engine/take-back.ts'
import type { Sql } from '../../ports.ts'
import { lockClients } from '../../store/clients.ts'
import { cursorOf, MILLISECONDS, readCursor, UUID } from '../frame/cursor.ts'
import { type Change, changes, type Route, reads, type Standing } from '../frame/route.ts'

const shown = (one: NamedClient): ClientDocument => ({
  id: one.client_id,
  name: namesOf(one),
  people: one.people.map(({ ref, name, email, phone, zone, may, suppressed }) => ({
    ref,
    name,
    email,
    phone,
    zone,
    may: { email: classesIn(may.email), sms: classesIn(may.sms) },
    refused: { email: refusedBy('email', suppressed), sms: refusedBy('sms', suppressed) },
    dead: (['email', 'sms'] as const).filter((way) =>
      suppressed.some((one) => one.startsWith(`${way}:dead:`)),
    ),
  })),
  stage: one.stage,
  tags: one.tags,
  language: one.language,
  wedding: one.wedding_id && {
    id: one.wedding_id,
    on: one.wedding_on,
    status: one.wedding_status ?? 'to_be_confirmed',
    zone: one.wedding_zone,
    region: one.wedding_region,
    guests: one.wedding_guests,
  },
  since: isoOf(one.created_at),
})

const CLASSES = messageClassSchema.options
const classesIn = (list: readonly string[] = []): MessageClass[] =>
  CLASSES.filter((one) => list.includes(one))
const refusedBy = (channel: string, suppressed: readonly string[]): MessageClass[] =>
  CLASSES.filter((one) => suppressed.includes(`${channel}:${one}`))

const PEOPLE_MAX = 20

const unknown = () => new Refusal('not_found', 'No couple is known here by this id.')

async function lookedUp({ engine, sql, vendor }: Change, client: ClientId): Promise<NamedClient> {
  const [found] = await namedClientsIn(engine, sql, vendor, [client])
  if (!found) throw unknown()
  return found
}

/** With the facts of their own: some of them come from answers, and are seen by whoever may read those. */
async function whole({ engine, vendor, may }: Standing, sql: Sql, one: NamedClient): Promise<WholeClient> {
  const facts = may('answers:read') ? await factsIn(engine, sql, vendor, one.client_id) : null
  return { ...shown(one), fields: facts as WholeClient['fields'] }
}
const wholeIn = async (at: Change, client: ClientId): Promise<WholeClient> =>
  whole(at, at.sql, await lookedUp(at, client))

const DAYS_AWAY = /^\d{1,7}$/

async function byWedding(
  engine: Engine,
  names: NameIndex,
  vendor: VendorId,
  { search, cursor, limit }: z.output<typeof listClients.query>,
  filter: { readonly stage: string | null; readonly tag: string | null },
) {
  const [counted, away, id] = readCursor(cursor, [MILLISECONDS, DAYS_AWAY, UUID]) ?? []
  const after =
    id === undefined ? null : { counted: instant(Number(counted)), away: Number(away), id: id as ClientId }
  const page = await weddingPage(engine, names, vendor, search, filter, after, limit)
  return {
    items: page.items.map(shown),
    next: page.next && cursorOf([String(page.next.counted), String(page.next.away), page.next.id]),
  }
}

export const clientRoutes = (names: NameIndex): readonly Route[] => [
  reads(listClients, async ({ engine, vendor }, { query }) => {
    const filter = { stage: query.stage ?? null, tag: query.tag ?? null }
    if (query.order === 'wedding') return byWedding(engine, names, vendor, query, filter)
    const [before] = readCursor(query.cursor, [UUID]) ?? []
    const from = (before ?? null) as ClientId | null
    const page =
      query.search === undefined
        ? await bookPage(engine, vendor, filter, from, query.limit)
        : await searchPage(engine, names, vendor, query.search, filter, from, query.limit)
    return { items: page.items.map(shown), next: page.next && cursorOf([page.next]) }
  }),
  reads(readClient, (at, { params }) =>
    at.engine.db.read('client.read', { vendors: [at.vendor] }, async (sql) => {
      const [found] = await namedClientsIn(at.engine, sql, at.vendor, [params.client as ClientId])
      if (!found) throw unknown()
      return whole(at, sql, found)
    }),
  ),
  changes(addClient, async (at, { body }) => {
    const { engine, sql, vendor } = at
    const source = { source: 'api:client', key: `${at.actor}:${at.requestKey}` }
    const { client, receipt } = await addCoupleIn(engine, sql, vendor, body as NewCouple, source)
    at.audit('client.added', client)
    at.after(() =>
      ringRuns(
        engine,
        receipt.started.map((one) => one.run),
      ),
    )
    return wholeIn(at, client)
  }),
  changes(changeClient, async (at, { params, body }) => {
    const { engine, sql, vendor } = at
    const client = params.client as ClientId
    if (!(await lockClients(sql, vendor, [client])).has(client)) throw unknown()
    const before = await lookedUp(at, client)
    at.mustBeSeen(await whole(at, sql, before))
    const source = { source: 'api:client', key: `${at.actor}:${at.requestKey}` }
    const { fields = {}, ...traits } = body
    const change = Object.fromEntries(Object.entries(traits).filter(([, value]) => value !== undefined))
    const facts = await changeFactsIn(engine, sql, vendor, client, fields)
    const { touched } = await changeTraitsIn(engine, sql, vendor, client, before, change, source)
    at.audit('client.changed', client, {
      changed: [...Object.keys(change), ...facts.map((name) => `fact.${name}`)],
    })
    at.after(() => ringRuns(engine, touched))
    return wholeIn(at, client)
  }),
  changes(removeClient, async (at, { params }) => {
    const { sql, vendor } = at
    const client = params.client as ClientId
    const { created_at: since } = await lookedUp(at, client)
    const why = (await takeBackIn(sql, vendor, [client], since)).get(client)
    if (why)
      throw new Refusal(
        'conflict',
        `They stay in your book. ${why} Stop their journeys, and nothing more goes to them.`,
      )
    at.audit('client.removed', client)
    return null
  }),
  changes(tagClients, async (at, { body }) => {
    const { engine, sql, vendor } = at
    const { tag, on } = body
    const clients = [...new Set(body.clients)] as ClientId[]
    const job = await beginBulkIn(engine, sql, vendor, { is: 'tag', tag, on, clients }, at.actor)
    at.audit('clients.tagged', job, { tag, on, clients: clients.length })
    at.after(() => goOnSoon(engine, vendor, job))
    return { job, total: clients.length }
  }),
  changes(savePerson, async (at, { params, body }) => {
    const { engine, sql, vendor } = at
    const client = params.client as ClientId
    if (!(await lockClients(sql, vendor, [client])).has(client)) throw unknown()
    const before = await lookedUp(at, client)
    at.mustBeSeen(await whole(at, sql, before))
    const known = before.people.find((one) => one.ref === params.ref)
    if (!known && before.people.length >= PEOPLE_MAX)
      throw new Refusal('conflict', `A couple has at most ${PEOPLE_MAX} people.`)
    const { may, ...person } = body
    const wanted = { ...person, ...(may && { may }) }
    const changed = await savePersonIn(engine, sql, vendor, client, known, params.ref, wanted, at.actor)
    at.audit('client.person_saved', client, { ref: params.ref, changed })
    return wholeIn(at, client)
  }),
  changes(removePerson, async (at, { params: { client, ref } }) => {
    await takeBackPersonIn(at.sql, at.vendor, client as ClientId, ref)
    at.audit('client.person_removed', client, { ref })
    return null
  }),
]
