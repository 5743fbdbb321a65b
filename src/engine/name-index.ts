import type { ClientId, VendorId } from '../core/ids.ts'
import { type Instant, MINUTE_MS } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import { type PersonLine, pageOfPeople, peopleMark, peopleSince } from '../store/people-since.ts'
import type { Engine } from './engine.ts'
import { personPlace } from './jobs.ts'
import { openUnlessErased } from './views.ts'
import type { PersonDocument } from './words.ts'

/**
 * Names lie sealed, and yet are looked for at every key that somebody presses. Each process keeps the opened names of
 * the vendors who search here, built once and brought up to date before every search by what was written since. It
 * answers with ids and nothing else: what is shown is read and opened anew, so that nobody erased is ever found.
 */
export type NameIndex = {
  /** Couples whose people hold every word, the newest first. */
  find(engine: Engine, vendor: VendorId, words: readonly string[]): Promise<readonly ClientId[]>
  /** What it holds at most of the time: for the tests and whoever asks what memory it takes. */
  size(): { readonly vendors: number; readonly people: number }
}

type Entry = { readonly client: ClientId; readonly text: string }
type Book = {
  readonly people: Map<string, Entry>
  /** Couples by their newest id first, with all that is known of their people; made when the people change. */
  couples: readonly Entry[]
  horizon: string
  used: Instant
}

export const INDEXED_PEOPLE_MAX = 200_000
export const INDEX_IDLE_MS = 15 * MINUTE_MS
const PAGE = 1_000

export function nameIndex(peopleMax = INDEXED_PEOPLE_MAX): NameIndex {
  const books = new Map<VendorId, Book>()
  /** Who asks while it is built or brought up to date waits for that, and does not begin again. */
  const busy = new Map<VendorId, Promise<Book>>()

  function makeRoom(now: Instant): void {
    for (const [vendor, book] of books) if (now - book.used > INDEX_IDLE_MS) books.delete(vendor)
    const byUse = [...books].sort(([, a], [, b]) => a.used - b.used)
    let people = sizeOf(books)
    for (const [vendor, book] of byUse) {
      if (people <= peopleMax || books.size === 1) return
      books.delete(vendor)
      people -= book.people.size
    }
  }

  async function refreshed(engine: Engine, vendor: VendorId): Promise<Book> {
    const book = await engine.db.read('client.names', { vendors: [vendor] }, async (sql) => {
      const mark = await peopleMark(sql, vendor)
      const known = books.get(vendor)
      if (known && (await isBroughtUpToDate(engine, sql, vendor, known, mark.horizon, mark.people)))
        return known
      return built(engine, sql, vendor, mark.horizon)
    })
    book.used = engine.clock.now()
    books.set(vendor, book)
    makeRoom(book.used)
    return book
  }

  return {
    async find(engine, vendor, words) {
      // One that began before this was asked may have missed what the asker has just written.
      await busy.get(vendor)?.catch(() => undefined)
      let work = busy.get(vendor)
      if (!work) {
        work = refreshed(engine, vendor).finally(() => busy.delete(vendor))
        busy.set(vendor, work)
      }
      const { couples } = await work
      const folded = words.map(fold)
      return couples.filter((one) => folded.every((word) => one.text.includes(word))).map((one) => one.client)
    },
    size: () => ({ vendors: books.size, people: sizeOf(books) }),
  }
}

const sizeOf = (books: ReadonlyMap<VendorId, Book>): number =>
  [...books.values()].reduce((sum, book) => sum + book.people.size, 0)

async function built(engine: Engine, sql: Sql, vendor: VendorId, horizon: string): Promise<Book> {
  const people = new Map<string, Entry>()
  let after: string | null = null
  for (;;) {
    const page: PersonLine[] = await pageOfPeople(sql, vendor, after, PAGE)
    for (const [id, entry] of await openAll(engine, vendor, page)) people.set(id, entry)
    if (page.length < PAGE) break
    after = page.at(-1)!.person_id
  }
  return { people, couples: couplesOf(people), horizon, used: engine.clock.now() }
}

/** False when somebody is gone: then it is built anew, so that nothing of them stays. */
async function isBroughtUpToDate(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  book: Book,
  horizon: string,
  people: number,
): Promise<boolean> {
  if (book.horizon !== horizon) {
    const written = await openAll(engine, vendor, await peopleSince(sql, vendor, book.horizon))
    const news = written.filter(([id, entry]) => {
      const known = book.people.get(id)
      return known?.text !== entry.text || known.client !== entry.client
    })
    for (const [id, entry] of news) book.people.set(id, entry)
    if (news.length > 0) book.couples = couplesOf(book.people)
    book.horizon = horizon
  }
  // Counted before they were read: more may have come since. Fewer than are known means that somebody was erased.
  return book.people.size <= people || (await peopleMark(sql, vendor)).people >= book.people.size
}

async function openAll(
  engine: Engine,
  vendor: VendorId,
  lines: readonly PersonLine[],
): Promise<(readonly [string, Entry])[]> {
  return Promise.all(
    lines.map(async (line) => {
      const place = personPlace(vendor, line.person_id)
      const document = (await openUnlessErased(engine.vault, place, line.sealed)) as PersonDocument | null
      return [line.person_id, { client: line.client_id, text: document ? textOf(document) : '' }] as const
    }),
  )
}

const textOf = ({ name, email, phone }: PersonDocument): string =>
  fold([name, email, phone, phone?.replace(/\D/g, '')].filter((part) => part).join(' '))

/** Letters without their marks, and all of them small: whoever looks for "zoe" finds "Zoë". */
export const fold = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()

function couplesOf(people: ReadonlyMap<string, Entry>): Entry[] {
  const byClient = new Map<ClientId, string>()
  for (const { client, text } of people.values())
    byClient.set(client, byClient.has(client) ? `${byClient.get(client)} ${text}` : text)
  return [...byClient]
    .map(([client, text]) => ({ client, text }))
    .sort((a, b) => (a.client < b.client ? 1 : -1))
}
