import type { ClientId, VendorId } from '../core/ids.ts'
import { Refusal } from '../core/refusal.ts'
import type { Instant } from '../core/time/instant.ts'
import { localDateOf } from '../core/time/zone.ts'
import type { Sql } from '../ports.ts'
import {
  type ByWedding,
  type ClientFilter,
  type ClientLine,
  clientLines,
  clientsByMarks,
  clientsByWedding,
  newestClients,
  pageOfClients,
} from '../store/find-clients.ts'
import { type Agreed, readPersons } from '../store/people.ts'
import type { Engine } from './engine.ts'
import { personPlace } from './jobs.ts'
import type { NameIndex } from './name-index.ts'
import { homeZone } from './vendor-views.ts'
import { openUnlessErased } from './views.ts'
import { ERASED, type PersonDocument } from './words.ts'

/** A client with the names of its people opened, for a person who looks at it and for an export. */
export type NamedClient = ClientLine & {
  readonly people: readonly (PersonDocument & {
    readonly ref: string
    readonly id: string
    readonly zone: string | null
    readonly may: Agreed
    readonly suppressed: readonly string[]
  })[]
}

const PAGE = 500
const LOOKED_AT_MAX = 20_000
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** The one client meant by an id, an email address or (a part of) a name; refuses when there is none or more. */
export async function findClient(engine: Engine, vendor: VendorId, wanted: string): Promise<NamedClient> {
  const found = UUID.test(wanted)
    ? await namedClients(engine, vendor, [wanted as ClientId])
    : wanted.includes('@')
      ? await byAddress(engine, vendor, wanted)
      : await byName(engine, vendor, wanted)
  if (found.length === 1) return found[0]!
  if (found.length === 0) throw new Refusal('not_found', `No couple is known here as "${wanted}".`)
  const list = found
    .slice(0, 10)
    .map((one) => `${one.client_id}  ${namesOf(one)}${one.wedding_on ? `, ${one.wedding_on}` : ''}`)
  throw new Refusal(
    'conflict',
    `"${wanted}" may mean ${found.length} couples; name one by its id:\n  ${list.join('\n  ')}`,
  )
}

export const namesOf = (client: Pick<NamedClient, 'people'>): string => {
  const names = client.people.filter((one) => one.ref.startsWith('partner_')).map((one) => one.name)
  return names.length > 0 ? names.join(' & ') : (client.people[0]?.name ?? 'erased')
}

async function byAddress(engine: Engine, vendor: VendorId, address: string): Promise<NamedClient[]> {
  const mark = await engine.vault.mark(vendor, 'email', address)
  const rows = await engine.db.tx('client.find', { vendors: [vendor] }, (sql) =>
    clientsByMarks(sql, vendor, [mark]),
  )
  return namedClients(
    engine,
    vendor,
    rows.map((row) => row.client_id),
  )
}

/** Names lie sealed, so that looking for one is reading them all: fine for a vendor's book, and bounded. */
async function byName(engine: Engine, vendor: VendorId, wanted: string): Promise<NamedClient[]> {
  const words = wanted.toLowerCase()
  const found: NamedClient[] = []
  let looked = 0
  for await (const page of clientPages(engine, vendor)) {
    found.push(
      ...page.filter(
        (one) =>
          one.people.some((person) => person.name.toLowerCase().includes(words)) ||
          namesOf(one).toLowerCase() === words,
      ),
    )
    looked += page.length
    if (looked >= LOOKED_AT_MAX)
      throw new Refusal(
        'too_many',
        `There are more than ${LOOKED_AT_MAX} couples; name one by its id or email address.`,
      )
  }
  return found
}

export async function* clientPages(engine: Engine, vendor: VendorId): AsyncIterable<NamedClient[]> {
  let after: ClientId | null = null
  for (;;) {
    const page: NamedClient[] = await engine.db.tx('client.page', { vendors: [vendor] }, async (sql) =>
      withPeople(engine, sql, vendor, await pageOfClients(sql, vendor, after, PAGE)),
    )
    if (page.length > 0) yield page
    if (page.length < PAGE) return
    after = page.at(-1)!.client_id
  }
}

export async function namedClients(
  engine: Engine,
  vendor: VendorId,
  clients: readonly ClientId[],
): Promise<NamedClient[]> {
  if (clients.length === 0) return []
  return engine.db.tx('client.read', { vendors: [vendor] }, (sql) =>
    namedClientsIn(engine, sql, vendor, clients),
  )
}

export async function namedClientsIn(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  clients: readonly ClientId[],
): Promise<NamedClient[]> {
  return withPeople(engine, sql, vendor, await clientLines(sql, vendor, clients))
}

/** A page of the book, the newest first; `next` is after whom the next one begins, null at the end. */
export async function bookPage(
  engine: Engine,
  vendor: VendorId,
  filter: ClientFilter,
  before: ClientId | null,
  limit: number,
): Promise<{ items: NamedClient[]; next: ClientId | null }> {
  const page: NamedClient[] = await engine.db.read('client.book', { vendors: [vendor] }, async (sql) =>
    withPeople(engine, sql, vendor, await newestClients(sql, vendor, filter, before, limit + 1)),
  )
  return pageOf(page, limit)
}

/** The same of those whose people hold every word of a search. */
export async function searchPage(
  engine: Engine,
  names: NameIndex,
  vendor: VendorId,
  search: string,
  filter: ClientFilter,
  before: ClientId | null,
  limit: number,
): Promise<{ items: NamedClient[]; next: ClientId | null }> {
  const words = search.split(/\s+/).filter(Boolean)
  const all = await names.find(engine, vendor, words)
  const from = before === null ? 0 : all.findIndex((client) => client < before)
  const meant = from === -1 ? [] : all.slice(from)
  const isMeant = (line: ClientLine): boolean =>
    (filter.stage === null || line.stage === filter.stage) &&
    (filter.tag === null || line.tags.includes(filter.tag))
  return engine.db.read('client.search', { vendors: [vendor] }, async (sql) => {
    const lines: ClientLine[] = []
    for (let at = 0; at < meant.length && lines.length <= limit; at += PAGE) {
      const found = await clientLines(sql, vendor, meant.slice(at, at + PAGE))
      lines.push(...found.filter(isMeant).reverse())
    }
    return pageOf(await withPeople(engine, sql, vendor, lines.slice(0, limit + 1)), limit)
  })
}

/**
 * By the wedding day; `next` is who was last and how far their day was, counted from the moment of the first page, so
 * that midnight moves nobody from one page to another.
 */
export async function weddingPage(
  engine: Engine,
  names: NameIndex,
  vendor: VendorId,
  search: string | undefined,
  filter: ClientFilter,
  from: (ByWedding & { readonly counted: Instant }) | null,
  limit: number,
): Promise<{ items: NamedClient[]; next: (ByWedding & { readonly counted: Instant }) | null }> {
  const among =
    search === undefined ? null : await names.find(engine, vendor, search.split(/\s+/).filter(Boolean))
  return engine.db.read('client.by_wedding', { vendors: [vendor] }, async (sql) => {
    const counted = from?.counted ?? engine.clock.now()
    const today = localDateOf(counted, await homeZone(engine, sql, vendor))
    const lines = await clientsByWedding(sql, vendor, filter, among, today, from, limit + 1)
    const last = lines.length > limit ? lines[limit - 1] : undefined
    return {
      items: await withPeople(engine, sql, vendor, lines.slice(0, limit)),
      next: last ? { counted, away: last.away, id: last.client_id } : null,
    }
  })
}

function pageOf(found: NamedClient[], limit: number): { items: NamedClient[]; next: ClientId | null } {
  const items = found.slice(0, limit)
  return { items, next: found.length > limit ? items.at(-1)!.client_id : null }
}

async function withPeople(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  lines: readonly ClientLine[],
): Promise<NamedClient[]> {
  const rows = await readPersons(
    sql,
    lines.map((line) => ({ vendor, client: line.client_id })),
  )
  const opened = await Promise.all(
    rows.map(async (row) => ({
      client: row.client_id,
      ref: row.ref,
      id: row.person_id,
      zone: row.zone,
      may: row.may,
      suppressed: row.suppressed,
      ...(((await openUnlessErased(
        engine.vault,
        personPlace(vendor, row.person_id),
        row.sealed,
      )) as PersonDocument | null) ?? ERASED),
    })),
  )
  const byClient = Map.groupBy(opened, (one) => one.client)
  return lines.map((line) => ({ ...line, people: byClient.get(line.client_id) ?? [] }))
}

export const firstNamesOf = (client: NamedClient | undefined): { [ref: string]: string } =>
  Object.fromEntries((client?.people ?? []).map((person) => [person.ref, person.firstName]))

/** What couples are called, by their id. */
export async function namesFor(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  clients: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const named = await namedClientsIn(engine, sql, vendor, [...new Set(clients)] as ClientId[])
  return new Map(named.map((one) => [one.client_id, namesOf(one)]))
}
