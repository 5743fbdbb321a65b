import type { Brand } from '../core/brand.ts'
import type { ClientId, JsonObject, VendorId } from '../core/ids.ts'
import { moduleKey } from '../core/journey/graph.ts'
import { exampleFacts } from '../core/merge-fields.ts'
import { Refusal } from '../core/refusal.ts'
import type { MessageClass } from '../core/wedding/policy.ts'
import type { Sql } from '../ports.ts'
import { readVendors } from '../store/views.ts'
import type { Engine } from './engine.ts'
import { withLookedAtLink } from './form-links.ts'
import { openPeople, sendingVendor } from './jobs.ts'
import type { Prepared, PrepareJob } from './senders.ts'
import type { KnownVendor } from './vendor-views.ts'
import { loadViews } from './views.ts'
import { wordsFor } from './words.ts'

/** A message as somebody is writing it, for a couple of theirs or one like any other. Nothing is kept of it. */
export type Written = {
  readonly type: string
  readonly version: number
  readonly config: JsonObject
  readonly class?: MessageClass | undefined
  readonly client?: ClientId | undefined
}
export type Composed = {
  readonly job: PrepareJob
  readonly to: string
  readonly channel: 'email' | 'sms'
  readonly made: Prepared
  readonly seen: SeenMessage
}

/** A message as it is looked at, and what keeps it from being made or from leaving. */
export type SeenMessage = {
  readonly content: JsonObject | null
  readonly unresolved: readonly string[]
  readonly why: string | null
}
export const seen = (made: Prepared, missing: string | null): SeenMessage => {
  switch (made.is) {
    case 'ready':
      return { content: made.content, unresolved: [], why: made.heldBack?.detail ?? missing }
    case 'unresolved':
      return { content: null, unresolved: made.fields, why: missing }
    case 'broken':
      return { content: null, unresolved: [], why: made.cause }
  }
}

export async function compose(engine: Engine, vendor: VendorId, written: Written): Promise<Composed> {
  const kind = moduleKey(written.type, written.version)
  const type = engine.registry.modules.get(kind)
  if (!type) throw new Refusal('invalid', `There is no module type ${kind} here.`)
  if (type.channel !== 'email' && type.channel !== 'sms')
    throw new Refusal('invalid', 'Only what is written to people can be looked at like this.')
  const { known, facts, language, to, missing } = await engine.db.read(
    'message.compose',
    { vendors: [vendor] },
    async (sql) => {
      const words =
        written.client === undefined
          ? await likeAnyOther(engine, sql, vendor)
          : await ofCouple(engine, sql, vendor, written.client)
      const letter = { kind, config: written.config }
      return { ...words, ...(await withLookedAtLink(engine, sql, vendor, letter, words.facts)) }
    },
  )
  const job: PrepareJob = {
    vendor: sendingVendor(vendor, known),
    kind,
    config: written.config,
    class: written.class ?? type.class,
    language,
    facts,
    mark: NOBODYS,
  }
  const made = await engine.senders.prepare(job)
  return { job, to, channel: type.channel, made, seen: seen(made, missing) }
}

/** A mark that is nobody's: the way out is drawn in the letter and leads to no person. */
const NOBODYS = Buffer.alloc(32).toString('base64url')

type Words = {
  readonly known: KnownVendor
  readonly facts: JsonObject
  readonly language: string
  readonly to: string
}

async function likeAnyOther(engine: Engine, sql: Sql, vendor: VendorId): Promise<Words> {
  const known = await knownVendor(engine, sql, vendor)
  const facts: JsonObject = { ...exampleFacts(), vendor: { name: known.name }, links: known.links }
  return { known, facts, language: 'en', to: 'Anna & Ben' }
}

export async function knownVendor(engine: Engine, sql: Sql, vendor: VendorId): Promise<KnownVendor> {
  const [row] = await readVendors(sql, [vendor])
  const found = row && (await engine.vendorViews.find(sql, [{ vendor, rev: row.rev }])).get(vendor)
  if (!found) throw new Refusal('not_found', 'There is no such business here.')
  return found
}

async function ofCouple(engine: Engine, sql: Sql, vendor: VendorId, client: ClientId): Promise<Words> {
  const keys = [{ vendor, client, graph: null }]
  const views = await loadViews(engine, sql, engine.clock.now(), keys)
  const people = (await openPeople(engine, sql, keys)).get(client)
  if (!people) throw new Refusal('not_found', 'No couple is known here by this id.')
  const view = views.of(client)
  const known = views.vendor(client)
  const to = [...people.values()].flatMap((one) => one?.firstName ?? []).join(' & ')
  return {
    known,
    facts: wordsFor(view, known, people, engine.clock.now()),
    language: view.client.language,
    to,
  }
}

/** The letter by which a look is judged. */
const SAMPLE: JsonObject = {
  subject: 'Six weeks to go, {{ client.names }}',
  preheader: 'The timeline, and one thing we need from you.',
  body: {
    type: 'doc',
    content: [
      {
        type: 'paragraph',
        content: [
          { type: 'text', text: 'Dear ' },
          { type: 'field', attrs: { name: 'client.names', fallback: null } },
          { type: 'text', text: ',' },
        ],
      },
      {
        type: 'paragraph',
        content: [
          { type: 'text', text: 'it is six weeks until your day at ' },
          { type: 'field', attrs: { name: 'wedding.venue', fallback: 'your venue' } },
          { type: 'text', text: '. Please tell us when the ' },
          { type: 'text', text: 'speeches', marks: [{ type: 'bold' }] },
          { type: 'text', text: ' will be, so that we stand in the right place.' },
        ],
      },
      { type: 'button', attrs: { label: 'Open the timeline', url: 'https://example.org/timeline' } },
    ],
  },
}

export async function sampleLetter(
  engine: Engine,
  vendor: VendorId,
  change: Partial<Brand>,
): Promise<{ html: string; text: string }> {
  const { known, facts } = await engine.db.read('brand.sample', { vendors: [vendor] }, (sql) =>
    likeAnyOther(engine, sql, vendor),
  )
  const made = await engine.senders.prepare({
    vendor: { ...sendingVendor(vendor, known), brand: { ...known.brand, ...change } },
    kind: 'email@2',
    config: SAMPLE,
    class: 'relationship',
    language: 'en',
    facts,
    mark: NOBODYS,
  })
  if (made.is !== 'ready') throw new Error(`the sample letter cannot be made: ${JSON.stringify(made)}`)
  return { html: String(made.content.html), text: String(made.content.text) }
}
