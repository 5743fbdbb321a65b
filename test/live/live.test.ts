import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { endSession, listSessions, whoAmI } from '../../src/contract/accounts.ts'
import { addClient, changeClient } from '../../src/contract/clients.ts'
import { LIVE_CLOSED, openLive } from '../../src/contract/live.ts'
import { changeMember } from '../../src/contract/members.ts'
import { openStudio, refusal, type Studio, waiting } from '../api/studio.ts'
import { joinAs } from './member.ts'
import { type Ear, type Front, listen, openFront, openNeighbour, ticketOf } from './two-houses.ts'

/**
 * The line that tells what has changed, between two whole houses on one database: what is done through one is heard
 * through the other.
 */
let studio: Studio
let here: Front
let there: Front
const ears: Ear[] = []

beforeAll(async () => {
  studio = await openStudio()
  here = await openFront(studio.office.house, studio.office.accounts)
  there = await openNeighbour(studio.office)
}, 60_000)
afterEach(async () => {
  await Promise.all(ears.splice(0).map((ear) => ear.hangUp()))
})
afterAll(async () => {
  await there.close()
  await here.close()
  await studio.close()
})

const cursorNow = async (browser = studio.browser): Promise<string> =>
  (await browser.api(whoAmI, {})).data.cursor

async function open(
  front: Front,
  more: { since?: string | null; topics?: never[]; browser?: Studio['browser'] } = {},
): Promise<Ear> {
  const { browser = studio.browser } = more
  const ear = await listen(front, {
    ticket: await ticketOf(browser, studio.vendor),
    vendor: studio.vendor,
    since: more.since === undefined ? await cursorNow(browser) : more.since,
  })
  ears.push(ear)
  return ear
}

const tag = (client: string, tags: string[]) =>
  studio.api(changeClient, { params: { ...studio.params, client }, body: { tags }, ifMatch: '*' })

test('what happens through one process is heard through the other, with whose it is', async () => {
  const { client } = await studio.couple('Heard Elsewhere')
  const journey = await studio.live(waiting(3), 'heard')
  const ear = await open(there)
  const run = await studio.start(client, journey)

  const { topics } = await ear.next('changed')
  expect(topics.runs).toEqual({ clients: [client], journeys: [journey], runs: [run] })
  expect(topics.clients?.clients ?? [client]).toEqual([client])
})

test('a lost line goes on at the other process where it had got to: nothing is missed, nothing comes twice', async () => {
  const { client } = await studio.couple('Lost Line')
  const first = await open(here)
  await tag(client, ['before'])
  await first.next('changed')
  const cursor = first.cursor()
  await first.hangUp()

  await tag(client, ['meanwhile'])
  const again = await open(there, { since: cursor })
  const missed = await again.next('changed')
  expect(Object.keys(missed.topics).sort()).toEqual(['audit', 'clients', 'events'])

  // From where it stands now there is nothing to tell, at either process, until something happens again.
  const quiet = await open(here, { since: again.cursor() })
  await tag(client, ['after'])
  await Promise.all([again.next('changed'), quiet.next('changed')])
  expect(again.frames.filter(({ is }) => is === 'changed')).toHaveLength(2)
  expect(quiet.frames.filter(({ is }) => is === 'changed')).toHaveLength(1)
})

test('whoever comes from too long ago, from nowhere or with nonsense is told to look at everything again', async () => {
  const now = studio.office.house.engine.clock.now()
  for (const since of [
    null,
    `${now - 11 * 60_000}.700:700:`,
    'nonsense',
    `${now}.9:5:`,
    `${now}.${2n ** 62n}:${2n ** 62n}:`,
    `${now}.${2n ** 47n}:${2n ** 47n}:`,
    `${now}.${2n ** 47n + 9n}:${2n ** 47n + 9n}:`,
  ]) {
    const ear = await open(here, { since })
    expect((await ear.next('look_again')).cursor).toMatch(/^\d+\.\d+:\d+:/)
  }
})

test('a ticket opens one line, of its own business, and is worth nothing to anybody else', async () => {
  const vendor = studio.vendor
  const ticket = await ticketOf(studio.browser, vendor)
  ears.push(await listen(here, { ticket, vendor }))
  await expect(listen(here, { ticket, vendor })).rejects.toThrow('401')
  const other = await studio.office.business('Elsewhere')
  const theirs = await ticketOf(other.browser, other.vendor)
  await expect(listen(here, { ticket: theirs, vendor })).rejects.toThrow('401')
  const fresh = () => ticketOf(studio.browser, vendor)
  await expect(
    listen(here, { ticket: await fresh(), vendor, origin: 'https://evil.example' }),
  ).rejects.toThrow('403')
  await expect(listen(here, { ticket: await fresh(), vendor, origin: null })).rejects.toThrow('403')
  await expect(listen(here, { ticket: 'x'.repeat(43), vendor })).rejects.toThrow('401')
  await expect(listen(here, { ticket: '', vendor: 'not-a-vendor' })).rejects.toThrow('404')
})

test('another business hears nothing of ours', async () => {
  const other = await studio.office.business('Next Door')
  const since = await cursorNow(other.browser)
  const ear = await listen(here, {
    ticket: await ticketOf(other.browser, other.vendor),
    vendor: other.vendor,
    since,
  })
  ears.push(ear)
  const mine = await open(here)
  await studio.couple('Unheard Next Door')
  await mine.next('changed')
  await other.browser.api(addClient, {
    params: { vendor: other.vendor },
    body: { people: [{ ref: 'partner_a', name: 'Their Own' }] },
  })
  await ear.next('changed')
  expect(ear.frames).toHaveLength(1)
})

test('whoever may not see a thing does not hear of it, and a key opens no line', async () => {
  const viewer = await joinAs(studio, 'viewer')
  const { data } = await viewer.api(openLive, { params: studio.params })
  expect(data.topics).not.toContain('audit')
  const ear = await open(here, { browser: viewer })
  const { client } = await studio.couple('Seen By Viewers')
  await tag(client, ['seen'])
  const { topics } = await ear.next('changed')
  expect(topics.audit).toBeUndefined()
  expect(topics.clients).toBeDefined()
})

test('a line ends with its session, and with the role it was opened under', async () => {
  const assistant = await joinAs(studio, 'assistant')
  const member = (await assistant.api(whoAmI, {})).data.memberships[0]!.member
  const byRole = await open(there, { browser: assistant })
  await studio.api(changeMember, {
    params: { ...studio.params, member },
    body: { role: 'viewer' },
    ifMatch: '*',
  })
  expect(await byRole.closed).toBe(LIVE_CLOSED.notAllowed)

  const bySession = await open(there, { browser: assistant })
  const { data } = await assistant.api(listSessions, {})
  await assistant.api(endSession, { params: { session: data.items.find((one) => one.current)!.id } })
  expect(await bySession.closed).toBe(LIVE_CLOSED.notAllowed)
  expect((await refusal(assistant.api(openLive, { params: studio.params }))).status).toBe(401)
})

test('what is not in the contract ends the line, and so does saying it twice', async () => {
  for (const text of [
    '{',
    '{"is":"follow","topics":[],"since":null}',
    '{"is":"shout"}',
    `"${'x'.repeat(9_000)}"`,
  ]) {
    const ear = await listen(here, {
      ticket: await ticketOf(studio.browser, studio.vendor),
      vendor: studio.vendor,
    })
    ear.say(text)
    expect([LIVE_CLOSED.notUnderstood, 1009]).toContain(await ear.closed)
  }
  const ear = await open(here)
  ear.say('{"is":"follow","topics":["runs"],"since":null}')
  expect(await ear.closed).toBe(LIVE_CLOSED.notUnderstood)
})

test('a storm is told once a second, and without names when there are too many', async () => {
  const ear = await open(there)
  const couples = await Promise.all(Array.from({ length: 60 }, (_, n) => studio.couple(`Storm ${n}`)))
  expect(couples).toHaveLength(60)
  const journey = await studio.live(waiting(2), 'storm')
  await ear.next('changed')
  await Promise.all(couples.map(({ client }) => studio.start(client, journey)))
  await studio.settle()
  const told = ear.frames.filter(({ is }) => is === 'changed').length
  const before = Date.now()
  await tag(couples[0]!.client, ['last'])
  await ear.next('changed')
  expect(ear.frames.filter(({ is }) => is === 'changed').length).toBeLessThanOrEqual(
    told + 2 + Math.ceil((Date.now() - before) / 1_000),
  )
  expect(there.hub.size).toBe(1)
})
