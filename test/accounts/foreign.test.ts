import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addClient } from '../../src/contract/clients.ts'
import { requestFor } from '../../src/contract/connect.ts'
import { listEvents } from '../../src/contract/events.ts'
import { forecastJourney } from '../../src/contract/foresight.ts'
import { addJourney, readDraft } from '../../src/contract/journeys.ts'
import { listMessages } from '../../src/contract/messages.ts'
import { isOfVendor, needsIfMatch, type Operation } from '../../src/contract/operation.ts'
import { operations } from '../../src/contract/operations.ts'
import { publishJourney } from '../../src/contract/publications.ts'
import { commandRuns, countRuns, listRuns, startMany, startRun } from '../../src/contract/runs.ts'
import { refusal, waiting } from '../api/studio.ts'
import { type Canary, canaryBusiness, type Mighty, mightyBusiness, PLAIN } from './canary.ts'
import { type Office, openOffice, PASSWORD, URL_HERE } from './office.ts'

/**
 * The API as a surface of the tenancy matrix: every operation of a vendor, asked by another vendor's owner and by its
 * mightiest key, for what is there and for what is not. The answers must be the same to the letter.
 */
let office: Office
let mine: Mighty
let theirs: Canary

const NOBODY = '01900000-0000-7000-8000-000000000000'

/** A valid body for each change; an operation that has none here fails the test. */
const BODIES: Readonly<Record<string, unknown>> = {
  'vendors.change': { name: 'Stolen' },
  'vendors.preview': { zone: 'Asia/Tokyo' },
  'members.change': { role: 'viewer' },
  'invitations.make': { email: 'spy@example.org', role: 'owner' },
  'keys.make': { name: 'spy', scopes: ['clients:read'] },
  'keys.limit': { networks: ['203.0.113.7'] },
  'incoming.add': {
    name: 'Spy',
    becomes: { type: 'inquiry_received', couple: { by: 'email', at: 'email' } },
  },
  'incoming.change': { paused: true },
  'incoming.rotate': {},
  'clients.add': { people: [{ ref: 'partner_a', name: 'Spy' }] },
  'clients.change': { stage: 'stolen' },
  'clients.import.check': { text: 'name\nSpy' },
  'clients.import': { text: 'name\nSpy' },
  'clients.tag_many': { clients: [NOBODY], tag: 'stolen' },
  'clients.people.save': { name: 'Stolen', email: null, phone: null },
  'clients.start': { journey: NOBODY },
  'events.tell': { type: 'contract_signed' },
  'journeys.add': { name: 'Stolen' },
  'journeys.change': { status: 'archived' },
  'journeys.draft.save': { document: { stolen: true } },
  'journeys.check': { document: {} },
  'journeys.forecast': { couple: { example: { wedding: '2029-06-09' } } },
  'templates.preview': {},
  'templates.adopt': {},
  'journeys.simulate': {},
  'journeys.simulations.export': { password: PASSWORD },
  'journeys.publish.preview': {},
  'journeys.publish': {},
  'journeys.versions.move': { otherwise: { is: 'move' } },
  'journeys.start_many': { clients: [NOBODY] },
  'runs.command': { command: { do: 'stop' } },
  'runs.command_many': { which: { like: { status: 'waiting' } }, command: { do: 'stop' } },
  'runs.count': { which: { like: { status: 'waiting' } } },
  'weddings.preview': { guests: 1 },
  'weddings.change': { guests: 1 },
  'messages.edit': { words: { subject: 'Stolen' } },
  'messages.edit_preview': { words: { subject: 'Stolen' } },
  'messages.edit_many': {
    which: { like: { status: 'waiting' } },
    node: 'hello',
    words: { subject: 'Stolen' },
  },
  'forms.add': { name: 'Stolen' },
  'forms.change': { name: 'Stolen' },
  'forms.answers.export': { password: PASSWORD },
  'forms.links.make': { client: NOBODY },
  'approvals.answer': { name: 'may_i', answer: 'approved' },
  'tasks.finish': { name: 'call' },
  'dead_letters.requeue': { kind: 'email@1' },
  'brand.change': { signature: 'Stolen' },
  'brand.logo.set': { picture: 'AAAA' },
  'brand.preview': {},
  'channels.change': { email: { sending: true } },
  'sending.hold': { held: true },
  'channels.check': { channel: 'email' },
  'channels.tryMail': {
    ...{ host: 'mail.example.org', port: 587, tls: 'starttls', user: 'u', password: 'p' },
    ...{ from: 'u@example.org', name: null },
  },
  'suppressions.add': { channel: 'email', address: 'a@b.example', reason: 'by_vendor' },
  'messages.compose': { type: 'email', version: 1, config: {} },
  'messages.try': { type: 'email', version: 1, config: {} },
}
const ofVendors = operations.filter(isOfVendor)

beforeAll(async () => {
  office = await openOffice()
  mine = await mightyBusiness(office, 'Mine')
  theirs = await canaryBusiness(office)
}, 60_000)
afterAll(() => office.close())

async function ask(
  one: Operation,
  who: 'owner' | 'key',
  params: Record<string, string>,
): Promise<{ status: number; text: string }> {
  if (one.body !== null && BODIES[one.id] === undefined) throw new Error(`${one.id} has no body in this test`)
  const request = requestFor(
    one,
    {
      params,
      ...(one.body === null ? {} : { body: BODIES[one.id] }),
      ...(needsIfMatch(one) ? { ifMatch: '*' } : {}),
    },
    {
      base: URL_HERE,
      newKey: randomUUID,
      headers: (): Record<string, string> =>
        who === 'key'
          ? { authorization: `Bearer ${mine.key}` }
          : { 'sec-fetch-site': 'same-origin', 'x-wedsync-csrf': mine.browser.csrf },
    },
  )
  const answer = who === 'key' ? await office.front.fetch(request) : await mine.browser.fetch(request)
  return { status: answer.status, text: await answer.text() }
}

const namesOf = (one: Operation): string[] =>
  Object.keys(one.params.shape).filter((name) => name !== 'vendor')
const rows = async (): Promise<string> => {
  const tables = [
    'vendor',
    'member',
    'client',
    'person',
    'api_key',
    'incoming_address',
    'incoming_call',
    'invitation',
    'audit',
    'event',
    'answered_request',
    'journey',
    'journey_version',
    'run',
    'wedding',
    'job',
    'notice',
    'details_change',
    'command',
    'effect',
  ]
  const counts: string[] = []
  for (const table of tables)
    counts.push(
      JSON.stringify(
        await office.admin.query(`select * from app.${table} where vendor_id = $1 order by 1, 2`, [
          theirs.vendor,
        ]),
      ),
    )
  return counts.join('\n')
}

test.for(['owner', 'key'] as const)(
  'another business is not there for its neighbour’s %s: not even its existence',
  async (who) => {
    const before = await rows()
    for (const one of ofVendors) {
      const real = await ask(one, who, { vendor: theirs.vendor, ...theirs.ids })
      const imagined = await ask(one, who, {
        vendor: randomUUID(),
        ...Object.fromEntries(namesOf(one).map((name) => [name, PLAIN[name] ?? randomUUID()])),
      })
      expect([one.id, real.status]).toEqual([one.id, 404])
      expect([one.id, real]).toEqual([one.id, imagined])
    }
    expect(await rows()).toBe(before)
    expect(ofVendors.length).toBeGreaterThanOrEqual(17)
  },
)

test.for(['owner', 'key'] as const)(
  'what belongs to another business is not found under one’s own, as %s',
  async (who) => {
    const before = await rows()
    // What every business has the same of, such as a template, belongs to nobody.
    const swapped = ofVendors.filter((one) => namesOf(one).some((name) => name !== 'template'))
    for (const one of swapped) {
      const names = namesOf(one)
      const real = await ask(one, who, {
        vendor: mine.vendor,
        ...Object.fromEntries(names.map((name) => [name, theirs.ids[name] ?? ''])),
      })
      const imagined = await ask(one, who, {
        vendor: mine.vendor,
        ...Object.fromEntries(names.map((name) => [name, PLAIN[name] ?? randomUUID()])),
      })
      expect([one.id, real.status]).toEqual([one.id, 404])
      expect([one.id, real]).toEqual([one.id, imagined])
    }
    expect(await rows()).toBe(before)
    expect(swapped.length).toBeGreaterThanOrEqual(6)
  },
)

test('no answer of one’s own tells anything of the other', async () => {
  for (const one of ofVendors.filter((op) => op.method === 'get' && namesOf(op).length === 0)) {
    const { status, text } = await ask(one, 'owner', { vendor: mine.vendor })
    expect([one.id, status]).toEqual([one.id, 200])
    expect(text).not.toMatch(/canary/i)
    for (const id of [theirs.vendor, ...Object.values(theirs.ids).filter((one) => one.length === 36)])
      expect(text).not.toContain(id)
  }
})

test('ids of another business in a body or a filter are ids of nobody', async () => {
  const { api } = mine.browser
  const params = { vendor: mine.vendor }
  const { client, journey, run } = theirs.ids as Record<'client' | 'journey' | 'run', string>
  const before = await rows()
  const { data: own } = await api(addJourney, { params, body: { document: waiting(9) } })
  const here = { ...params, journey: own.id }
  const draft = await api(readDraft, { params: here })
  await api(publishJourney, { params: here, body: {}, ifMatch: draft.etag! })
  const { data: couple } = await api(addClient, {
    params,
    body: { people: [{ ref: 'partner_a', name: 'Own Couple' }] },
  })
  const codes = await Promise.all(
    [
      api(commandRuns, { params, body: { which: { runs: [run] }, command: { do: 'stop' } } }),
      api(startRun, { params: { ...params, client: couple.id }, body: { journey } }),
      api(forecastJourney, { params: here, body: { couple: { client } } }),
    ].map(async (one) => (await refusal(one)).code),
  )
  expect(codes).toEqual(['not_found', 'not_found', 'not_found'])
  const counted = await api(countRuns, { params, body: { which: { runs: [run] } } })
  expect(counted.data.total).toBe(0)
  const many = await api(startMany, { params: here, body: { clients: [client] } })
  expect(many.data.total).toBe(1)
  for (const found of [
    await api(listRuns, { params, query: { client, journey, status: 'completed' } }),
    await api(listMessages, { params, query: { client } }),
    await api(listEvents, { params, query: { client } }),
  ])
    expect(found.data.items).toEqual([])
  expect(await rows()).toBe(before)
})
