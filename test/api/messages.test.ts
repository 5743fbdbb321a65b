import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { changeBrand, previewBrand, readBrand, setLogo } from '../../src/contract/brand.ts'
import { changeChannels, checkChannel, readChannels } from '../../src/contract/channels.ts'
import { checkDocument } from '../../src/contract/journeys.ts'
import { composeMessage, listLeftOut, listMessages, tryMessage } from '../../src/contract/messages.ts'
import { clientTimeline, commandRun, readRun } from '../../src/contract/runs.ts'
import { addSuppression, liftSuppression, listSuppressions } from '../../src/contract/suppressions.ts'
import type { VendorId } from '../../src/core/ids.ts'
import { ALL_BANDS, ALL_SHARDS } from '../../src/engine/engine.ts'
import { hearText } from '../../src/engine/hear-text.ts'
import { step } from '../../src/engine/step.ts'
import { openJson } from '../../src/engine/views.ts'
import { capturedPlace } from '../../src/outgoing.ts'
import { listCaptured } from '../../src/store/captured.ts'
import { dueRuns } from '../../src/store/claims.ts'
import { openStudio, refusal, type Studio, waiting } from './studio.ts'

/** Letters and texts as a vendor and a couple meet them: looked at, sent, ended, and why. */
let studio: Studio
beforeAll(async () => {
  studio = await openStudio()
}, 60_000)
afterAll(() => studio?.close())

const letter = (more: Record<string, unknown> = {}) => ({
  type: 'email',
  version: 2,
  config: {
    subject: 'Hello {{ client.names }}',
    body: {
      type: 'doc',
      content: [
        {
          type: 'paragraph',
          content: [
            { type: 'text', text: 'At ' },
            { type: 'field', attrs: { name: 'wedding.venue', fallback: 'your venue' } },
          ],
        },
      ],
    },
  },
  ...more,
})
const node = (id: string, what: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
  ...{ id, kind: 'module', name: id, late: 'send_now', class: 'marketing' },
  ...what,
  ...more,
})
const journeyOf = (name: string, ...nodes: Record<string, unknown>[]) => {
  const all = [{ id: 'begin', kind: 'trigger', type: 'manual' }, ...nodes, { id: 'done', kind: 'end' }]
  return {
    ...waiting(0),
    name,
    nodes: all,
    edges: all.slice(1).map((one, index) => ({ from: all[index]?.id, to: one.id })),
  }
}

type Captured = {
  to: { address: string } | string
  html: string
  text: string
  body: string
  unsubscribe?: { url: string }
}
async function captured(channel: string): Promise<Captured[]> {
  const { engine } = studio.office.house
  const vendor = studio.vendor as VendorId
  const rows = await engine.db.read('test.captured', { vendors: [vendor] }, (sql) =>
    listCaptured(sql, vendor, 50),
  )
  return Promise.all(
    rows
      .filter((row) => row.channel === channel)
      .map(
        async (row) =>
          (await openJson(
            engine.vault,
            capturedPlace(vendor, row.effect_id),
            row.sealed,
          )) as unknown as Captured,
      ),
  )
}

test('a letter is looked at before it is sent, for a couple and in the look of the business', async () => {
  const { api, params } = studio
  const { client } = await studio.couple('Mia Berg')
  const before = await api(readBrand, { params })
  await api(changeBrand, {
    params,
    body: { accent: '#204060', signature: 'Nell', postalAddress: '1 High Street' },
    ifMatch: before.etag!,
  })
  const { data } = await api(composeMessage, { params, body: { ...letter(), client, class: 'marketing' } })
  expect(data).toMatchObject({ to: 'Mia', unresolved: [], why: null })
  const content = data.content as { subject: string; html: string; text: string }
  expect(content.subject).toBe('Hello Mia')
  expect(content.text).toContain('At your venue')
  expect(content.text).toContain('Nell\n\n-- \nLumen Photography\n1 High Street\nUnsubscribe')
  expect((await captured('email')).length).toBe(0)
  const sample = await api(previewBrand, { params, body: { signature: 'Somebody else' } })
  expect(sample.data.html).toContain('Somebody else')
  expect(sample.data.html).toContain('#204060')
})

test('a look that cannot be read is refused, and so is a logo that is no picture', async () => {
  const { api, params } = studio
  const { etag } = await api(readBrand, { params })
  const pale = await refusal(api(changeBrand, { params, body: { accent: '#ffee99' }, ifMatch: etag! }))
  expect(pale).toMatchObject({ code: 'invalid' })
  expect(await refusal(api(setLogo, { params, body: { picture: 'AAAA' } }))).toMatchObject({
    code: 'invalid',
  })
  const { data } = await api(setLogo, { params, body: { picture: PIXEL.toString('base64') } })
  expect(data.logo).toMatchObject({ width: 1, height: 1 })
  const hash = createHash('sha256').update(PIXEL).digest('hex')
  expect(data.logo?.url).toBe(`/brand/${studio.vendor}/${hash}.png`)
  const given = await studio.office.front.request(data.logo?.url ?? '')
  expect([given.status, given.headers.get('content-type')]).toEqual([200, 'image/png'])
  expect(Buffer.from(await given.arrayBuffer()).equals(PIXEL)).toBe(true)
})
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

test('a letter is tried on oneself, and says where it went; a couple hears nothing', async () => {
  const { api, params } = studio
  const { client } = await studio.couple('Tom Try')
  const { data } = await api(tryMessage, { params, body: { ...letter(), client } })
  expect(data).toMatchObject({ sent: true, left: false })
  expect(data.says).toContain('captured mailbox')
  const tried = (await captured('email')).filter(
    (one) => one.html.includes('[Test]') || one.text.includes('At your'),
  )
  expect(tried.map((one) => (one.to as { address: string }).address)).toEqual([data.to])
  const { data: sent } = await api(listMessages, { params, query: { client } })
  expect(sent.items).toEqual([])
})

test('one click ends what advertises: a scanner’s look does not, and the timeline says why nothing came', async () => {
  const { api, params } = studio
  const mails = { email: ['transactional', 'relationship', 'marketing'] }
  const people = [{ ref: 'partner_a', name: 'Uma Quist', email: 'uma@example.org', may: mails }]
  const { client } = await studio.couple('Uma Quist', { people })
  const journey = await studio.live(
    journeyOf(
      'News',
      node('first', letter()),
      { id: 'pause', kind: 'delay', wait: { after: { days: 3 } } },
      node('second', letter()),
    ),
  )
  await studio.start(client, journey)
  await studio.settle()
  const [first] = (await captured('email')).filter(
    (one) => (one.to as { address: string }).address === 'uma@example.org',
  )
  const url = new URL(first?.unsubscribe?.url ?? '')
  expect(first?.html).toContain(url.href)

  const office = studio.office
  const look = await office.front.request(url.pathname)
  expect(look.status).toBe(200)
  expect(await look.text()).toContain('u•••@example.org')
  expect(look.headers.get('content-security-policy')).toContain("form-action 'self'")
  expect((await api(listSuppressions, { params })).data.items).toEqual([])

  const click = await office.front.request(url.pathname, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'List-Unsubscribe=One-Click',
  })
  expect(click.status).toBe(200)
  const { data: list } = await api(listSuppressions, { params })
  expect(list.items).toMatchObject([
    { channel: 'email', classes: ['marketing'], reason: 'unsubscribed', clients: [{ id: client }] },
  ])

  const again = await studio.live(journeyOf('More news', node('third', letter())))
  await studio.start(client, again)
  await studio.settle()
  const { data: timeline } = await api(clientTimeline, { params: { ...params, client } })
  const told = JSON.stringify(timeline)
  expect(told).toContain('has not agreed to emails of this kind')
  const mine = (await captured('email')).filter(
    (one) => (one.to as { address: string }).address === 'uma@example.org',
  )
  expect(mine).toHaveLength(1)

  await office.front.request(url.pathname, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'hear=relationship&hear=marketing',
  })
  expect((await api(listSuppressions, { params })).data.items).toEqual([])
})

test('a letter that is planned and has not left is withdrawn the moment they say no', async () => {
  const { api, params } = studio
  const { client } = await studio.couple('Ada Late')
  const journey = await studio.live(journeyOf('Held', node('only', letter({ class: 'relationship' }))))
  const { engine } = studio.office.house
  const run = await studio.start(client, journey)
  await step(
    engine,
    (await dueRuns(engine.db, ALL_SHARDS, ALL_BANDS, engine.clock.now(), 50)).map((ref) => ({ ref })),
  )
  const { data: planned } = await api(listMessages, { params, query: { run } })
  expect(planned.items.map((one) => one.state)).toEqual(['planned'])
  await api(addSuppression, {
    params,
    body: { channel: 'email', address: 'ADA.late@example.org', reason: 'complaint' },
  })
  await studio.settle()
  const { data: after } = await api(listMessages, { params, query: { run } })
  expect(after.items.map((one) => [one.state, one.cause])).toEqual([['cancelled', 'no_consent']])
  const { data: list } = await api(listSuppressions, { params })
  const mine = list.items.find((one) => one.clients.some((known) => known.id === client))
  expect(mine).toMatchObject({ classes: ['marketing', 'relationship'], reason: 'complaint' })
  await api(liftSuppression, { params: { ...params, suppression: mine?.id ?? '' } })
  expect(
    await refusal(api(liftSuppression, { params: { ...params, suppression: mine?.id ?? '' } })),
  ).toMatchObject({ code: 'not_found' })
})

test('a link that was not signed here leads nowhere, to the same words', async () => {
  const answers = await Promise.all(
    ['A'.repeat(88), 'x', `${'A'.repeat(87)}B`].map((token) => studio.office.front.request(`/u/${token}`)),
  )
  expect(answers.map((one) => one.status)).toEqual([404, 404, 404])
  expect(new Set(await Promise.all(answers.map((one) => one.text()))).size).toBe(1)
})

test('a text goes to the captured phone; STOP ends it for this business, START begins it again', async () => {
  const { api, params } = studio
  const people = [
    {
      ref: 'partner_a',
      name: 'Sam Text',
      phone: '07700 900123',
      may: { sms: ['transactional', 'relationship'], email: [] },
    },
  ]
  const { client } = await studio.couple('Sam Text', { people })
  const text = { type: 'sms', version: 1, config: { body: 'Hi {{ client.partner_a.first_name }}, see you!' } }
  const journey = () =>
    studio.live(
      journeyOf('Texts', node('text', text, { class: 'relationship', windows: { quiet: 'ignore' } })),
    )
  const start = async () => {
    await studio.start(client, await journey())
    await studio.settle()
  }
  await start()
  const sentTo = async () => (await captured('sms')).map((one) => one.to)
  expect(await sentTo()).toEqual(['+447700900123'])
  const { engine } = studio.office.house
  const vendor = studio.vendor as VendorId
  const local = { host: 'localhost:3000' }
  const seen = await studio.office.front.request('/phone', { headers: local })
  expect(await seen.text()).toContain('Hi Sam, see you!')
  const answered = await studio.office.front.request('/phone', {
    method: 'POST',
    headers: {
      ...local,
      'content-type': 'application/x-www-form-urlencoded',
      'sec-fetch-site': 'same-origin',
    },
    body: new URLSearchParams({ vendor, from: '+447700900123', body: ' Stop. ' }).toString(),
  })
  expect(answered.status).toBe(303)
  const foreign = { ...local, 'sec-fetch-site': 'cross-site' }
  const refused = await studio.office.front.request('/phone', { method: 'POST', headers: foreign, body: '' })
  expect(refused.status).toBe(403)
  const elsewhere = await studio.office.front.request('/phone', { headers: { host: 'lumen.example' } })
  expect(elsewhere.status).toBe(403)
  await start()
  expect(await sentTo()).toHaveLength(1)
  expect((await api(listSuppressions, { params })).data.items).toMatchObject([
    { channel: 'sms', reason: 'stop', classes: ['marketing', 'relationship', 'transactional'] },
  ])
  expect(await hearText(engine, vendor, '+447700900123', 'help', 'SM1')).toContain('Reply STOP to end')
  await hearText(engine, vendor, '+447700900123', 'START', 'SM2')
  await start()
  expect(await sentTo()).toHaveLength(2)
})

test('what is missing before anything leaves is said, and texts are not switched on without an account', async () => {
  const { api, params } = studio
  const { data, etag } = await api(readChannels, { params })
  expect(data.email.leaves || data.sms.leaves).toBe(false)
  expect(data.email.missing.join(' ')).toContain('WEDSYNC_SENDING')
  const early = await refusal(
    api(changeChannels, { params, body: { sms: { sending: true } }, ifMatch: etag! }),
  )
  expect(early).toMatchObject({ code: 'conflict' })
  const sms = { account: `AC${'0'.repeat(32)}`, token: 'f'.repeat(32), from: '+447700900000' }
  const { data: set } = await api(changeChannels, { params, body: { sms }, ifMatch: etag! })
  expect(set.sms).toMatchObject({ hasToken: true, from: '+447700900000', sending: false })
  expect(JSON.stringify(set)).not.toContain(sms.token)
  const check = await api(checkChannel, { params, body: { channel: 'email' } })
  expect(check.data).toMatchObject({ ok: false })
})

test('what advertises is held back until the business says where it can be written to', async () => {
  const { api, params } = studio
  const brand = await api(readBrand, { params })
  await api(changeBrand, { params, body: { postalAddress: '' }, ifMatch: brand.etag! })
  const mails = { email: ['transactional', 'relationship', 'marketing'] }
  const people = [{ ref: 'partner_a', name: 'Pia Post', email: 'pia@example.org', may: mails }]
  const { client } = await studio.couple('Pia Post', { people })
  const news = journeyOf('Postal', node('news', letter()), node('care', letter({ class: 'relationship' })))
  const { data: told } = await api(checkDocument, { params, body: { document: news } })
  expect(told.problems.filter((one) => one.code === 'postal_address_missing')).toMatchObject([
    { severity: 'warning', node: 'news', mendAt: 'settings/letters' },
  ])
  const { data: composed } = await api(composeMessage, { params, body: { ...letter(), class: 'marketing' } })
  expect(composed.why).toContain('no postal address')

  const run = await studio.start(client, await studio.live(news))
  await studio.settle()
  const toPia = async () =>
    (await captured('email')).filter((one) => JSON.stringify(one.to).includes('pia@example.org'))
  expect(await toPia()).toEqual([])
  const { data: stuck } = await api(readRun, { params: { ...params, run } })
  expect(JSON.stringify(stuck)).toContain('your business has no postal address yet')

  const { etag } = await api(readBrand, { params })
  await api(changeBrand, { params, body: { postalAddress: '7 Mill Lane' }, ifMatch: etag! })
  await api(commandRun, { params: { ...params, run }, body: { command: { do: 'retry' } } })
  await studio.settle()
  const left = await toPia()
  expect(left).toHaveLength(2)
  expect(left.every((one) => one.text.includes('7 Mill Lane') && one.html.includes('7 Mill Lane'))).toBe(true)
  const { data: after } = await api(checkDocument, { params, body: { document: news } })
  expect(after.problems.filter((one) => one.code === 'postal_address_missing')).toEqual([])
})

test('what was never begun is listed with its reason, page by page, and found by couple, kind and words', async () => {
  const { params } = studio
  const { client } = await studio.couple('Ida Quist')
  const journey = await studio.live(
    journeyOf(
      'Too late for some',
      node('moodboard', letter(), {
        name: 'The moodboard',
        late: 'skip',
        when: { before: { days: 2000 }, of: 'wedding', at: '10:00' },
      }),
      node(
        'nudge',
        { type: 'sms', version: 1, config: { body: 'Nearly there!' } },
        { name: 'A nudge', class: 'relationship', windows: { quiet: 'ignore' } },
      ),
    ),
  )
  await studio.start(client, journey)
  await studio.settle()

  const all = (await studio.api(listLeftOut, { params, query: { client } })).data
  expect(all.items.map(({ names, name, kind, code }) => ({ names, name, kind, code }))).toEqual([
    { names: 'Ida Quist', name: 'A nudge', kind: 'sms@1', code: 'no_address' },
    { names: 'Ida Quist', name: 'The moodboard', kind: 'email@2', code: 'late_skipped' },
  ])
  expect(all.items.map(({ sentence }) => sentence)).toEqual([
    'Ida has no phone number.',
    expect.stringMatching(/^It was left out because its moment, .*, was already past\.$/),
  ])
  const first = (await studio.api(listLeftOut, { params, query: { client, limit: 1 } })).data
  const second = (await studio.api(listLeftOut, { params, query: { client, limit: 1, cursor: first.next! } }))
    .data
  expect([...first.items, ...second.items]).toEqual(all.items)
  expect(second.next).toBeNull()
  for (const query of [
    { kind: 'email', client },
    { search: 'ida moodboard' },
    { search: 'quist', kind: 'email@2' },
  ])
    expect((await studio.api(listLeftOut, { params, query })).data.items).toEqual([all.items[1]])
  expect((await studio.api(listLeftOut, { params, query: { search: 'nobody' } })).data.items).toEqual([])
})
