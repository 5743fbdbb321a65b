import type { ClientId, VendorId } from '../core/ids.ts'
import { Refusal } from '../core/refusal.ts'
import type { Sql } from '../ports.ts'
import {
  type ClientFilter,
  type ClientLine,
  clientLines,
  clientsByMarks,
  newestClients,
  pageOfClients,
} from '../store/find-clients.ts'
import { readPersons } from '../store/people.ts'
import type { Engine } from './engine.ts'
import { personPlace } from './jobs.ts'
import { openJson } from './views.ts'
import type { PersonDocument } from './words.ts'

/** A client with the names of its people opened, for a person who looks at it and for an export. */
export type NamedClient = ClientLine & {
  readonly people: readonly (PersonDocument & { readonly ref: string })[]
}

const PAGE = 500
const LOOKED_AT_MAX = 20_000
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** The one client meant by an id, an e-mail address or (a part of) a name; refuses when there is none or more. */
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
        `There are more than ${LOOKED_AT_MAX} couples; name one by its id or e-mail address.`,
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
  filter: ClientFilter & { readonly search: string | null },
  before: ClientId | null,
  limit: number,
): Promise<{ items: NamedClient[]; next: ClientId | null }> {
  const words = filter.search?.toLowerCase().split(/\s+/).filter(Boolean) ?? []
  const pageSize = words.length > 0 ? PAGE : limit + 1
  const found: NamedClient[] = []
  let after = before
  for (let looked = 0; looked < LOOKED_AT_MAX && found.length <= limit; looked += pageSize) {
    const page: NamedClient[] = await engine.db.read('client.book', { vendors: [vendor] }, async (sql) =>
      withPeople(engine, sql, vendor, await newestClients(sql, vendor, filter, after, pageSize)),
    )
    found.push(...page.filter((one) => holdsAll(one, words)))
    if (page.length < pageSize) break
    after = page.at(-1)!.client_id
  }
  const items = found.slice(0, limit)
  return { items, next: found.length > limit ? items.at(-1)!.client_id : null }
}

function holdsAll(client: NamedClient, words: readonly string[]): boolean {
  if (words.length === 0) return true
  const text = client.people
    .map((one) => `${one.name} ${one.email ?? ''} ${one.phone ?? ''}`)
    .join(' ')
    .toLowerCase()
  return words.every((word) => text.includes(word))
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
      ...((await openJson(
        engine.vault,
        personPlace(vendor, row.person_id),
        row.sealed,
      )) as unknown as PersonDocument),
    })),
  )
  const byClient = Map.groupBy(opened, (one) => one.client)
  return lines.map((line) => ({ ...line, people: byClient.get(line.client_id) ?? [] }))
}
