import type { ClientId, Json, VendorId, WeddingId } from '../core/ids.ts'
import { Refusal } from '../core/refusal.ts'
import type { DateStatus } from '../core/run/view.ts'
import type { Anchors, AnchorValue } from '../core/wedding/anchor.ts'
import type { MessageClass } from '../core/wedding/policy.ts'
import { phoneOf } from '../modules/sms/phone.ts'
import type { Sql } from '../ports.ts'
import { readDress } from '../store/brand.ts'
import { bumpVendor, insertClient, insertWedding } from '../store/clients.ts'
import { findEvents } from '../store/events.ts'
import { beginnersEnter, dateJourneys } from '../store/journeys.ts'
import { insertPersons, type NewPerson } from '../store/people.ts'
import { mustBeBelievable } from './believed.ts'
import type { Engine } from './engine.ts'
import { personPlace } from './jobs.ts'
import { type Receipt, receiptOf, receiveIn } from './receive.ts'
import { afterTwin, retrying } from './retrying.ts'
import { ringRuns } from './ring.ts'
import { startRuns } from './start.ts'
import { loadViews, sealFields, sealJson } from './views.ts'
import type { PersonDocument } from './words.ts'

/** A couple becomes known: its people sealed, its wedding with anchors, and the runs that wait for its dates. */
export type NewCouple = {
  readonly people: readonly {
    readonly ref: string
    readonly name: string
    readonly email?: string
    readonly phone?: string
    readonly zone?: string
    readonly may?: { email?: readonly MessageClass[]; sms?: readonly MessageClass[] }
  }[]
  readonly stage?: string
  readonly tags?: readonly string[]
  readonly language?: string
  readonly zone?: string
  readonly fields?: { readonly [key: string]: Json }
  readonly wedding?: {
    readonly status?: DateStatus
    readonly on?: string
    readonly at?: string
    readonly zone?: string
    readonly region?: string
    readonly guests?: number
    readonly anchors?: { readonly [name: string]: AnchorValue }
  }
  readonly anchors?: { readonly [name: string]: AnchorValue }
}

export async function addCouple(
  engine: Engine,
  vendor: VendorId,
  couple: NewCouple,
  source: { source: string; key: string },
): Promise<{ client: ClientId; wedding: WeddingId | null; receipt: Receipt }> {
  const added = await afterTwin(() =>
    retrying(engine, () =>
      engine.db.tx('client.add', { vendors: [vendor] }, (sql) =>
        addCoupleIn(engine, sql, vendor, couple, source),
      ),
    ),
  )
  ringRuns(
    engine,
    added.receipt.started.map((one) => one.run),
  )
  return added
}

export async function addCoupleIn(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  couple: NewCouple,
  source: { source: string; key: string },
) {
  const now = engine.clock.now()
  const known = (await findEvents(sql, vendor, [source])).get(`${source.source}|${source.key}`)
  if (known?.client_id) {
    const receipt: Receipt = {
      ...(known.history as unknown as Receipt),
      event: known.event_id,
      duplicate: true,
    }
    return { client: known.client_id, wedding: null, receipt }
  }
  const day = couple.wedding ? weddingAnchors(couple.wedding).wedding!.value : null
  mustBeBelievable(now, [{ path: '/wedding/on', value: day }])
  const client = engine.rng.uuid7(now) as ClientId
  const wedding = couple.wedding ? (engine.rng.uuid7(now) as WeddingId) : null
  if (couple.wedding && wedding) {
    await insertWedding(sql, {
      vendor,
      wedding,
      at: now,
      status: couple.wedding.status ?? (couple.wedding.on ? 'confirmed' : 'to_be_confirmed'),
      zone: couple.wedding.zone ?? null,
      region: couple.wedding.region ?? null,
      guests: couple.wedding.guests ?? null,
      on: couple.wedding.on ?? null,
      anchors: weddingAnchors(couple.wedding),
    })
    if (couple.wedding.on) await bumpVendor(sql, vendor)
  }
  await insertClient(sql, {
    vendor,
    client,
    wedding,
    at: now,
    stage: couple.stage ?? 'inquiry',
    tags: couple.tags ?? [],
    language: couple.language ?? 'en',
    zone: couple.zone ?? null,
    anchors: firstValues(couple.anchors ?? {}),
    fields: couple.fields ? await sealFields(engine.vault, vendor, client, couple.fields) : null,
  })
  const dials = couple.people.some((person) => person.phone !== undefined)
  const region = dials ? ((await readDress(sql, vendor))?.region ?? '') : ''
  await insertPersons(
    sql,
    await Promise.all(couple.people.map((person) => sealPerson(engine, vendor, client, person, region))),
  )
  await startDateJourneys(engine, sql, vendor, client, wedding)
  const [answer] = await receiveIn(engine, sql, vendor, [
    { ...source, type: 'client_added', client, data: { stage: couple.stage ?? 'inquiry' } },
  ])
  const receipt = receiptOf(answer!)
  // A twin was committed between our look and this: this couple is undone, and theirs is the answer.
  if (receipt.duplicate) throw new Refusal('conflict', 'The same couple is being added; try again.')
  return { client, wedding, receipt }
}

export function weddingAnchors(wedding: NonNullable<NewCouple['wedding']>): Anchors {
  const day: AnchorValue | null = !wedding.on
    ? null
    : wedding.at && wedding.zone
      ? { is: 'hour', on: wedding.on as never, at: wedding.at as never, zone: wedding.zone as never }
      : { is: 'day', on: wedding.on as never }
  return { ...firstValues(wedding.anchors ?? {}), wedding: { value: day, generation: 1 } }
}

export const firstValues = (values: { readonly [name: string]: AnchorValue }): Anchors =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value, generation: 1 }]))

/** With the prefix of its country, as far as it can be read as a number of this region. */
export const asDialled = (phone: string, region: string): string => phoneOf(phone, region)?.e164 ?? phone

export async function sealPerson(
  engine: Engine,
  vendor: VendorId,
  client: ClientId,
  person: NewCouple['people'][number],
  /** The business's country: what is written without a prefix is read as people there dial it. */
  region: string,
): Promise<NewPerson> {
  const id = engine.rng.uuid7(engine.clock.now())
  const phone = person.phone === undefined ? null : asDialled(person.phone, region)
  const document: PersonDocument = {
    name: person.name,
    firstName: person.name.split(' ')[0] ?? person.name,
    email: person.email ?? null,
    phone,
  }
  return {
    vendor_id: vendor,
    client_id: client,
    person_id: id,
    ref: person.ref,
    sealed: await sealJson(engine.vault, personPlace(vendor, id), document),
    email_mark: person.email ? await engine.vault.mark(vendor, 'email', person.email) : null,
    phone_mark: phone ? await engine.vault.mark(vendor, 'phone', phone) : null,
    zone: person.zone ?? null,
    may: person.may ?? { email: ['transactional', 'relationship'], sms: ['transactional'] },
  }
}

/** A journey that begins by a date has one waiting run for each couple: it moves like every other wait. */
async function startDateJourneys(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  client: ClientId,
  wedding: WeddingId | null,
): Promise<void> {
  const now = engine.clock.now()
  const [, journeys] = await Promise.all([beginnersEnter(sql, [vendor]), dateJourneys(sql, vendor)])
  if (journeys.length === 0) return
  const views = await loadViews(engine, sql, now, [{ vendor, client, graph: null }])
  await startRuns(
    engine,
    sql,
    now,
    vendor,
    journeys.map((journey) => ({ journey, client, wedding, by: null, view: views.of(client) })),
  )
}
