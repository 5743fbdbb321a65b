import type { ClientId, Json, JsonObject, VendorId } from '../core/ids.ts'
import type { Graph } from '../core/journey/graph.ts'
import { type Needs, needsOf } from '../core/journey/needs.ts'
import type { PersonView, SendView, View } from '../core/run/view.ts'
import { DAY_MS, type Instant, plusMs } from '../core/time/instant.ts'
import type { Zone } from '../core/time/local.ts'
import { type Anchors, anchorsTogether } from '../core/wedding/anchor.ts'
import type { MessageClass } from '../core/wedding/policy.ts'
import { type Sql, SubjectErased, type Vault } from '../ports.ts'
import { recentSends } from '../store/effects.ts'
import {
  type ClientKey,
  type ClientRow,
  type PersonRow,
  readAnswers,
  readClients,
  readHappened,
  readPeople,
} from '../store/views.ts'
import type { Engine } from './engine.ts'
import type { KnownVendor } from './vendor-views.ts'

/**
 * Loads what turns may know, for a whole batch: one statement for each kind of row, and only the kinds that the
 * batch's journeys can ask for. JSON is parsed when it is first looked at.
 */
export type Views = {
  of(client: ClientId): View
  vendor(client: ClientId): KnownVendor
  row(client: ClientId): ClientRow
}

/** Caps and catch-ups look this far back. */
export const SENDS_BACK_MS = 35 * DAY_MS

export async function loadViews(
  engine: Engine,
  sql: Sql,
  now: Instant,
  wanted: readonly (ClientKey & { graph: Graph | null })[],
  /** Their rows, when the caller has read them already. */
  rows?: readonly ClientRow[],
): Promise<Views> {
  const keys = distinct(wanted)
  const needs = unionOf(wanted.map((one) => (one.graph ? needsOf(one.graph) : EVERYTHING)))
  const [read, found] = await Promise.all([readParts(sql, now, keys, needs), rows ?? readClients(sql, keys)])
  const clients = new Map(found.map((row) => [row.client_id, row]))
  const vendors = await engine.vendorViews.find(
    sql,
    found.map((row) => ({ vendor: row.vendor_id, rev: row.vendor_rev })),
  )
  const parts = await openParts(engine.vault, read, clients, needs)
  const made = new Map<ClientId, View>()
  const row = (client: ClientId): ClientRow => {
    const found = clients.get(client)
    if (!found) throw new Error(`client ${client} is missing`)
    return found
  }
  const vendor = (client: ClientId): KnownVendor => {
    const found = vendors.get(row(client).vendor_id)
    if (!found) throw new Error(`vendor of client ${client} is missing`)
    return found
  }
  return {
    row,
    vendor,
    of(client) {
      const known = made.get(client)
      if (known) return known
      const view = makeView(row(client), vendor(client), parts, engine.settings.stepsPerActivationMax)
      made.set(client, view)
      return view
    },
  }
}

const EVERYTHING: Needs = { people: true, sends: true, answers: true, fields: true, happened: true }

function unionOf(all: readonly Needs[]): Needs {
  const any = (part: keyof Needs): boolean => all.some((needs) => needs[part])
  return {
    people: any('people'),
    sends: any('sends'),
    answers: any('answers'),
    fields: any('fields'),
    happened: any('happened'),
  }
}

function distinct(wanted: readonly ClientKey[]): ClientKey[] {
  const seen = new Map<ClientId, ClientKey>()
  for (const one of wanted) seen.set(one.client, one)
  return [...seen.values()]
}

type Parts = {
  people: Map<ClientId, PersonRow[]>
  sends: Map<ClientId, SendView[]>
  answers: Map<ClientId, { [form: string]: { [field: string]: Json } }>
  fields: Map<ClientId, JsonObject>
  happened: Map<ClientId, { [type: string]: { count: number; lastAt: Instant } }>
}

type PartRows = {
  readonly people: readonly PersonRow[]
  readonly sends: Awaited<ReturnType<typeof recentSends>>
  readonly answers: Awaited<ReturnType<typeof readAnswers>>
  readonly happened: Awaited<ReturnType<typeof readHappened>>
}

async function readParts(
  sql: Sql,
  now: Instant,
  keys: readonly ClientKey[],
  needs: Needs,
): Promise<PartRows> {
  const [people, sends, answers, happened] = await Promise.all([
    needs.people ? readPeople(sql, keys) : [],
    needs.sends ? recentSends(sql, keys, plusMs(now, -SENDS_BACK_MS)) : [],
    needs.answers ? readAnswers(sql, keys) : [],
    needs.happened ? readHappened(sql, keys) : [],
  ])
  return { people, sends, answers, happened }
}

async function openParts(
  vault: Vault,
  rows: PartRows,
  clients: ReadonlyMap<ClientId, ClientRow>,
  needs: Needs,
): Promise<Parts> {
  const parts: Parts = {
    people: new Map(),
    sends: new Map(),
    answers: new Map(),
    fields: new Map(),
    happened: new Map(),
  }
  for (const person of rows.people) push(parts.people, person.client_id, person)
  for (const send of rows.sends) {
    push(parts.sends, send.client_id, {
      to: send.recipient,
      class: send.message_class as MessageClass,
      at: send.planned_at,
      catchUp: send.catch_up,
    })
  }
  for (const one of rows.happened) {
    parts.happened.set(one.client_id, {
      ...parts.happened.get(one.client_id),
      [one.type]: { count: one.count, lastAt: one.last_at },
    })
  }
  // Opened together, so that the keys of all these clients are asked for in one statement.
  await Promise.all([
    ...rows.answers.map(async (one) => {
      const vendor = clients.get(one.client_id)?.vendor_id as VendorId
      const plain = await openAnswer(vault, vendor, one.client_id, one.form, one.sealed)
      if (plain) parts.answers.set(one.client_id, { ...parts.answers.get(one.client_id), [one.form]: plain })
    }),
    ...[...(needs.fields ? clients.values() : [])].map(async ({ vendor_id, client_id, fields }) => {
      const plain = fields && (await openFields(vault, vendor_id, client_id, fields))
      if (plain) parts.fields.set(client_id, plain)
    }),
  ])
  return parts
}

const answerPlace = (vendor: VendorId, client: ClientId, form: string) =>
  ({ vendor, subject: client, table: 'answer', row: `${client}/${form}`, column: 'sealed' }) as const

export const openAnswer = (
  vault: Vault,
  vendor: VendorId,
  client: ClientId,
  form: string,
  sealed: Uint8Array,
) => openUnlessErased(vault, answerPlace(vendor, client, form), sealed)

function push<Key, Value>(into: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = into.get(key)
  if (list) list.push(value)
  else into.set(key, [value])
}

export async function openJson(
  vault: Vault,
  place: Parameters<Vault['open']>[0],
  sealed: Uint8Array,
): Promise<JsonObject> {
  return JSON.parse(new TextDecoder().decode(await vault.open(place, sealed))) as JsonObject
}
/** The same, and null where the key was destroyed: who reads many goes on with the others. */
export const openUnlessErased = (...given: Parameters<typeof openJson>): Promise<JsonObject | null> =>
  unlessErased(() => openJson(...given))

export async function unlessErased<Opened>(work: () => Promise<Opened>): Promise<Opened | null> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof SubjectErased) return null
    throw error
  }
}
export async function sealJson(
  vault: Vault,
  place: Parameters<Vault['seal']>[0],
  value: unknown,
): Promise<Uint8Array> {
  return vault.seal(place, new TextEncoder().encode(JSON.stringify(value)))
}
const fieldsPlace = (vendor: VendorId, client: ClientId) =>
  ({ vendor, subject: client, table: 'client', row: client, column: 'fields' }) as const
export const openFields = (vault: Vault, vendor: VendorId, client: ClientId, sealed: Uint8Array) =>
  openUnlessErased(vault, fieldsPlace(vendor, client), sealed)
export const sealFields = (vault: Vault, vendor: VendorId, client: ClientId, fields: JsonObject) =>
  sealJson(vault, fieldsPlace(vendor, client), fields)

const NO_ANCHORS: Anchors = {}

function makeView(row: ClientRow, vendor: KnownVendor, parts: Parts, stepsPerActivationMax: number): View {
  let anchors: Anchors | undefined
  return {
    client: {
      id: row.client_id,
      stage: row.stage,
      tags: row.tags,
      language: row.language,
      zone: row.zone as Zone | null,
      fields: parts.fields.get(row.client_id) ?? {},
      holds: row.holds,
    },
    people: [...(parts.people.get(row.client_id) ?? []).map(personView), ...vendor.members.map(memberView)],
    wedding: row.wedding_status
      ? {
          id: row.wedding_id ?? '',
          status: row.wedding_status,
          zone: row.wedding_zone as Zone | null,
          region: row.wedding_region,
          guests: row.wedding_guests,
        }
      : null,
    get anchors() {
      anchors ??= readAnchors(row)
      return anchors
    },
    vendor: vendor.view,
    sends: parts.sends.get(row.client_id) ?? [],
    answers: parts.answers.get(row.client_id) ?? {},
    happened: parts.happened.get(row.client_id) ?? {},
    limits: { stepsPerActivationMax },
  }
}

function readAnchors(row: ClientRow): Anchors {
  if (row.anchors === '{}' && (row.wedding_anchors === null || row.wedding_anchors === '{}'))
    return NO_ANCHORS
  return anchorsTogether(
    JSON.parse(row.anchors) as Anchors,
    row.wedding_anchors ? (JSON.parse(row.wedding_anchors) as Anchors) : NO_ANCHORS,
  )
}

const CLASSES: readonly MessageClass[] = ['transactional', 'relationship', 'marketing']
const WAYS = ['email', 'sms'] as const
const markText = (mark: Uint8Array): string => Buffer.from(mark).toString('base64url')

function personView(row: PersonRow): PersonView {
  const allowed = (channel: 'email' | 'sms'): MessageClass[] =>
    CLASSES.filter(
      (one) =>
        row.may[channel]?.includes(one) &&
        !row.suppressed.includes(`${channel}:${one}`) &&
        !row.suppressed.includes(`${channel}:dead:${one}`),
    )
  const dead = WAYS.filter((way) => row.suppressed.some((one) => one.startsWith(`${way}:dead:`)))
  return {
    ref: row.ref,
    zone: row.zone as Zone | null,
    reach: {
      ...(row.email_mark ? { email: markText(row.email_mark) } : {}),
      ...(row.phone_mark ? { sms: markText(row.phone_mark) } : {}),
    },
    may: { email: allowed('email'), sms: allowed('sms') },
    ...(dead.length > 0 ? { dead } : {}),
  }
}

/** Members hear from their own business; their addresses are read when it is sent. */
function memberView(member: { id: string; role: string }): PersonView {
  return {
    ref: `member:${member.role}`,
    zone: null,
    reach: { email: member.id },
    may: { email: [...CLASSES], sms: [...CLASSES] },
  }
}
