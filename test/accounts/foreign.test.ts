import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addClient } from '../../src/contract/clients.ts'
import { requestFor } from '../../src/contract/connect.ts'
import { makeKey } from '../../src/contract/keys.ts'
import { invite, listMembers } from '../../src/contract/members.ts'
import { isOfVendor, type Operation } from '../../src/contract/operation.ts'
import { operations } from '../../src/contract/operations.ts'
import { PERMISSION_NAMES } from '../../src/contract/permission.ts'
import { type Browser, type Office, openOffice, URL_HERE } from './office.ts'

/**
 * The API as a surface of the tenancy matrix: every operation of a vendor, asked by another vendor's owner and by its
 * mightiest key, for what is there and for what is not. The answers must be the same to the letter.
 */
let office: Office
let mine: { browser: Browser; vendor: string; key: string }
let theirs: { vendor: string; ids: Record<string, string> }

/** A valid body for each change; an operation that has none here fails the test. */
const BODIES: Readonly<Record<string, unknown>> = {
  'vendors.change': { name: 'Stolen' },
  'members.change': { role: 'viewer' },
  'invitations.make': { email: 'spy@example.org', role: 'owner' },
  'keys.make': { name: 'spy', scopes: ['clients:read'] },
  'clients.add': { people: [{ ref: 'partner_a', name: 'Spy' }] },
  'clients.change': { stage: 'stolen' },
}
const ofVendors = operations.filter(isOfVendor)

beforeAll(async () => {
  office = await openOffice()
  const one = await office.business('Mine')
  const params = { vendor: one.vendor }
  const everything = await one.browser.api(makeKey, {
    params,
    body: { name: 'all', scopes: [...PERMISSION_NAMES] },
  })
  mine = { ...one, key: everything.data.secret }
  const other = await office.business('Theirs')
  const there = { vendor: other.vendor }
  const client = await other.browser.api(addClient, {
    params: there,
    body: { people: [{ ref: 'partner_a', name: 'Canary Couple', email: 'canary@example.org' }] },
  })
  const key = await other.browser.api(makeKey, {
    params: there,
    body: { name: 'canary', scopes: ['clients:read'] },
  })
  const invitation = await other.browser.api(invite, {
    params: there,
    body: { email: 'canary2@example.org', role: 'viewer' },
  })
  const members = await other.browser.api(listMembers, { params: there })
  theirs = {
    vendor: other.vendor,
    ids: {
      client: client.data.id,
      key: key.data.id,
      invitation: invitation.data.id,
      member: members.data.items[0]!.id,
    },
  }
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
      ...(one.etag === 'needs' ? { ifMatch: '*' } : {}),
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
    'invitation',
    'audit',
    'event',
    'answered_request',
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
        ...Object.fromEntries(namesOf(one).map((name) => [name, randomUUID()])),
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
    const swapped = ofVendors.filter((one) => namesOf(one).length > 0)
    for (const one of swapped) {
      const names = namesOf(one)
      const real = await ask(one, who, {
        vendor: mine.vendor,
        ...Object.fromEntries(names.map((name) => [name, theirs.ids[name] ?? ''])),
      })
      const imagined = await ask(one, who, {
        vendor: mine.vendor,
        ...Object.fromEntries(names.map((name) => [name, randomUUID()])),
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
    for (const id of [theirs.vendor, ...Object.values(theirs.ids)]) expect(text).not.toContain(id)
  }
})
