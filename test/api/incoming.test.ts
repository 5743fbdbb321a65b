import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { LIMITS, type LimitSettings } from '../../src/api/frame/limits.ts'
import { signed } from '../../src/channels/webhook/signature.ts'
import { listAudit } from '../../src/contract/audit.ts'
import { listClients } from '../../src/contract/clients.ts'
import { listEvents, openEvent, tellEvent } from '../../src/contract/events.ts'
import {
  addIncoming,
  changeIncoming,
  listCalls,
  listIncoming,
  readIncoming,
  removeIncoming,
  rotateIncoming,
} from '../../src/contract/incoming.ts'
import { listNotices } from '../../src/contract/work.ts'
import { instant } from '../../src/core/time/instant.ts'
import { openStudio, refusal, type Studio, waiting } from './studio.ts'

/** Other systems tell a business what happened: its website, its payments. */
const WIDE = Object.fromEntries(
  Object.keys(LIMITS).map((name) => [name, { points: 1_000_000, seconds: 60 }]),
) as unknown as LimitSettings
let studio: Studio
beforeAll(async () => {
  studio = await openStudio('Lumen Photography', {
    limits: { ...WIDE, incoming: { points: 5, seconds: 60 }, miss: { points: 8, seconds: 60 } },
  })
  await studio.live({
    ...waiting(9),
    name: 'First reply',
    nodes: [
      { id: 'begin', kind: 'trigger', type: 'inquiry_received' },
      ...waiting(9).nodes.filter(({ id }) => id !== 'begin'),
    ],
  })
}, 60_000)
afterAll(() => studio?.close())

const website = {
  type: 'inquiry_received',
  couple: { by: 'email', at: 'form.email' },
  add: { name: 'form.name', wedding: 'form.date' },
  fields: [
    { name: 'guests', at: 'form.guests', sealed: false },
    { name: 'message', at: 'form.message' },
  ],
} as const
const anna = {
  form: {
    ...{ name: 'Anna Ashworth', email: 'anna@example.org', date: '2028-06-10', guests: 90 },
    message: 'We met in Rome.',
  },
}

type Address = { readonly id: string; readonly url: string; readonly secret: string }
async function made(name: string, becomes: Record<string, unknown> = website): Promise<Address> {
  const { api, params } = studio
  return (await api(addIncoming, { params, body: { name, becomes } as never })).data
}
/** As the other system sends it; what differs is said. */
async function call(
  to: Address,
  body: unknown,
  { id = 'msg_1', secret = to.secret, at = Date.now(), sent = '', from = '203.0.113.1' } = {},
): Promise<{ status: number; headers: Headers; text: string; said: Record<string, unknown> }> {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const answer = await studio.office.front.request(
    new URL(to.url).pathname,
    {
      method: 'POST',
      body: sent || text,
      headers: { 'content-type': 'application/json', ...signed([secret], id, instant(at), text) },
    },
    { incoming: { socket: { remoteAddress: from } } },
  )
  const said = await answer.text()
  return { status: answer.status, headers: answer.headers, text: said, said: JSON.parse(said) }
}
const here = ({ id }: Address) => ({ params: { ...studio.params, incoming: id } })
const callsOf = async (to: Address) => (await studio.api(listCalls, here(to))).data.items

describe('the form of a website', () => {
  test('begins the first reply to a couple nobody knew, and sent twice it begins it once', async () => {
    const { api, params } = studio
    const site = await made('Website form')
    // Both at one moment, as a sender does that has not waited for the answer; and once more the next day.
    const both = await Promise.all([call(site, anna), call(site, anna)])
    const later = await call(site, { form: { ...anna.form, name: 'Somebody Else' } })
    expect([...both, later].map(({ status }) => status)).toEqual([202, 202, 202])
    const told = [...both, later].map(({ said }) => said)
    expect(new Set(told.map(({ event }) => event)).size).toBe(1)
    expect(told.filter(({ duplicate }) => duplicate === false)).toHaveLength(1)

    const { data: clients } = await api(listClients, { params })
    expect(clients.items.map(({ name }) => name)).toEqual(['Anna Ashworth'])
    const { data: events } = await api(listEvents, { params, query: { type: 'inquiry_received' } })
    expect(events.items).toMatchObject([
      { data: { guests: 90 }, personal: true, source: `in:${site.id}`, started: [{}] },
    ])
    const { data: words } = await api(openEvent, { params: { ...params, event: events.items[0]!.id } })
    expect(words.words).toEqual({ message: 'We met in Rome.' })
    expect((await callsOf(site)).map(({ verdict, started }) => [verdict, started])).toEqual([
      ['repeated', 1],
      ['repeated', 1],
      ['accepted', 1],
    ])
  })

  test('finds the couple it has told of before, by another call and by another address', async () => {
    const { api, params } = studio
    const site = await made('Second form')
    const paid = await made('Payments', {
      type: 'payment_received',
      couple: { by: 'email', at: 'payer.email' },
      fields: [{ name: 'amount', at: 'amount', sealed: false }],
    })
    expect((await call(site, anna, { id: 'msg_2' })).status).toBe(202)
    expect((await call(paid, { payer: { email: 'ANNA@example.org' }, amount: 40_000 })).status).toBe(202)
    const { data } = await api(listClients, { params })
    expect(data.items.map(({ name }) => name)).toEqual(['Anna Ashworth'])
    const [payment] = (await api(listEvents, { params, query: { type: 'payment_received' } })).data.items
    expect(payment).toMatchObject({ client: data.items[0]!.id, data: { amount: 40_000 } })
  })

  test('that names nobody, or nobody who is known, is refused in words, and taken once it is mended', async () => {
    const { api } = studio
    const site = await made('Strict form', { ...website, add: null })
    const bea = { form: { ...anna.form, email: 'bea@example.org', name: 'Bea' } }
    const answers = [await call(site, bea), await call(site, { form: {} }), await call(site, '{"form": ')]
    expect(answers.map(({ status, said }) => [status, said.code])).toEqual([
      [422, 'call_refused'],
      [422, 'call_refused'],
      [422, 'call_refused'],
    ])
    expect((await callsOf(site)).map(({ verdict, why }) => [verdict, why])).toEqual([
      ['refused', 'Its body is not JSON with fields.'],
      ['refused', 'The couple is looked for at “form.email”, and nothing stands there.'],
      ['refused', 'Nobody here is known by what it says.'],
    ])
    const { data: notices } = await api(listNotices, { params: studio.params, query: {} })
    expect(notices.items.map(({ code, facts }) => [code, facts.name])).toEqual([
      ['call_refused', 'Strict form'],
    ])
    const { etag } = await api(readIncoming, here(site))
    await api(changeIncoming, { ...here(site), body: { becomes: website as never }, ifMatch: etag! })
    expect((await call(site, bea)).status).toBe(202)
  })
})

describe('a journey that waits for another system', () => {
  test('begins by the address it names, and by an id of the other system its couple is known again', async () => {
    const { params, api } = studio
    const tool = await made('Booking tool', {
      type: 'inbound_webhook',
      couple: { by: 'external', at: 'customer' },
      add: { name: 'who' },
    })
    const begins = (hook: string) => ({
      ...waiting(9),
      nodes: [
        { id: 'begin', kind: 'trigger', type: 'inbound_webhook', config: { hook } },
        ...waiting(9).nodes.filter(({ id }) => id !== 'begin'),
      ],
    })
    await studio.live({ ...begins('booking-tool'), name: 'Booked elsewhere' }, 'elsewhere')
    await studio.live({ ...begins('another'), name: 'Other' }, 'other')
    await call(tool, { customer: 4711, who: 'Cleo Marsh' })
    await call(tool, { customer: 4711, who: 'Cleo Marsh' }, { id: 'msg_2' })
    const { data } = await api(listEvents, { params, query: { type: 'inbound_webhook' } })
    expect(new Set(data.items.map(({ client }) => client)).size).toBe(1)
    expect(data.items[1]!.started.map(({ journey }) => journey)).toEqual(['elsewhere'])
    expect(data.items[1]!.not.map(({ journey }) => journey)).toEqual(['other'])
  })

  test('customer 7 of one system is not customer 7 of another, and is the same at two addresses of one', async () => {
    const { params, api } = studio
    const becomes = (system: string | null) => ({
      type: 'custom_event',
      event: 'ordered',
      couple: { by: 'external', at: 'customer', system },
      add: { name: 'who' },
    })
    const shop = await made('Shop', becomes(null))
    const [form, till] = [await made('Form', becomes('crm')), await made('Till', becomes('crm'))]
    for (const [at, who] of [
      [shop, 'Seven of the shop'],
      [form, 'Seven of the crm'],
      [till, 'Seven again'],
    ] as const)
      expect((await call(at, { customer: 7, who })).status).toBe(202)
    const { data } = await api(listEvents, { params, query: { type: 'custom_event' } })
    expect(data.items.slice(0, 3).map(({ names }) => names)).toEqual([
      'Seven of the crm',
      'Seven of the crm',
      'Seven of the shop',
    ])
  })

  test('a meeting in a year that nobody can have meant is refused, at this door and at the others', async () => {
    const meets = await made('Calendar', {
      type: 'meeting_booked',
      couple: { by: 'external', at: 'customer' },
      add: { name: 'who' },
      fields: [
        { name: 'meeting', at: 'meeting', sealed: false },
        { name: 'at', at: 'at', sealed: false },
      ],
    })
    const told = (at: string, id: string) =>
      call(meets, { customer: 9, who: 'Mona May', meeting: 'call', at }, { id })
    expect((await told('2028-05-04T10:00:00Z', 'well')).status).toBe(202)
    expect((await told('0208-05-04T10:00:00Z', 'slip')).status).toBe(422)
    expect((await callsOf(meets))[0]).toMatchObject({ code: 'day_strange' })
    const { params, api } = studio
    const { client } = await studio.couple('Nora November')
    const body = { type: 'meeting_booked', data: { meeting: 'call', at: '2082-05-04T10:00:00Z' } }
    const problem = await refusal(api(tellEvent, { params: { ...params, client }, body }))
    expect(problem).toMatchObject({ code: 'invalid', problems: [{ path: '/data/at' }] })
  })
})

describe('an address', () => {
  test('is not there for whoever has not its secret: forged, late, of another or of nobody, the answer is one', async () => {
    const [site, other] = [await made('Forged'), await made('Other')]
    const nobody = { ...site, url: site.url.replace(/.{4}$/, 'AAAA') }
    const answers = [
      await call(site, anna, { secret: other.secret }),
      await call(site, anna, { sent: JSON.stringify({ form: { ...anna.form, guests: 91 } }) }),
      await call(site, anna, { at: Date.now() - 301_000 }),
      await call(nobody, anna),
      await call({ ...site, url: 'http://localhost:3000/in/nobody' }, anna),
    ]
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1)
    expect(answers[0]!.said).toMatchObject({ status: 401, code: 'signature_wrong' })
    await vi.waitFor(async () =>
      expect((await callsOf(site)).map(({ code }) => code).sort()).toEqual([
        'signature',
        'signature',
        'stale',
      ]),
    )
  })

  test('takes whatever is signed and breaks on nothing of it', async () => {
    const site = await made('Hostile')
    const hostile = [
      ...['', 'null', '[]', '7', '{"form": {"email": "a@example.org", "email": "b@example.org"}}'],
      ...['{"__proto__": {"form": 1}}', '['.repeat(100_000), '{"form": {"email": "a\\u0000@example.org"}}'],
      JSON.stringify({ form: { ...anna.form, email: `${'a'.repeat(300)}@example.org` } }),
    ]
    const answers = []
    for (const [i, body] of hostile.entries())
      answers.push((await call(i < 5 ? site : await made(`Hostile ${i}`), body, { id: `${i}` })).status)
    expect(answers).toEqual(hostile.map(() => 422))
    expect((await call(site, 'x'.repeat(300_000), { id: 'large' })).status).toBe(413)
  })

  test('keeps its secrets: shown once, two taken while one changes, the older one no longer than said', async () => {
    const { api, office } = studio
    const site = await made('Rotating')
    const { data: next } = await api(rotateIncoming, { ...here(site), body: {} })
    expect(next.secret).not.toBe(site.secret)
    expect((await call(site, anna, { id: 'old' })).status).toBe(202)
    expect((await call(site, anna, { id: 'new', secret: next.secret })).status).toBe(202)
    await office.admin.exec(
      `update app.incoming_address set older_until = now() - interval '1 second' where incoming_id = '${site.id}'`,
    )
    expect((await call(site, anna, { id: 'over' })).status).toBe(401)
    const { data: last } = await api(rotateIncoming, { ...here(site), body: { overlapHours: 0 } })
    expect((await call(site, anna, { id: 'gone', secret: next.secret })).status).toBe(401)
    expect((await call(site, anna, { id: 'last', secret: last.secret })).status).toBe(202)
    const lists = JSON.stringify([
      await api(listIncoming, { params: studio.params }),
      await api(readIncoming, here(site)),
    ])
    expect(lists).not.toContain('whsec_')
  })

  test('that is paused asks to come again, and one that was removed is not there any more', async () => {
    const { api, params } = studio
    const site = await made('Resting')
    await api(changeIncoming, { ...here(site), body: { paused: true }, ifMatch: '*' })
    const paused = await call(site, anna)
    expect([paused.status, paused.said.code, paused.headers.get('retry-after')]).toEqual([
      503,
      'paused',
      '900',
    ])
    await api(changeIncoming, { ...here(site), body: { paused: false }, ifMatch: '*' })
    expect((await call(site, anna)).status).toBe(202)
    await api(removeIncoming, here(site))
    expect((await call(site, anna, { id: 'msg_2' })).status).toBe(401)
    expect((await refusal(api(readIncoming, here(site)))).code).toBe('not_found')
    const { data } = await api(listAudit, { params, query: {} })
    const acts = data.items.filter(({ subject }) => subject === site.id).map(({ action }) => action)
    expect(acts).toEqual(['incoming.removed', 'incoming.changed', 'incoming.changed', 'incoming.added'])
  })

  test('is called from where it may be, and its caller is told from where they came', async () => {
    const { api } = studio
    const site = await made('At home')
    await api(changeIncoming, { ...here(site), body: { networks: ['203.0.113.4'] }, ifMatch: '*' })
    expect((await call(site, anna, { from: '::ffff:203.0.113.4' })).status).toBe(202)
    const away = await call(site, anna, { id: 'away', from: '198.51.100.7' })
    expect([away.status, away.said.code]).toEqual([403, 'address_not_allowed'])
    expect(away.said.detail).toContain('198.51.100.7')
    expect((await callsOf(site))[0]!.why).toBe('It came from a network that is not on the list.')
  })

  test('is called so often and not more, and who errs too often is told to wait', async () => {
    const [site, quiet] = [await made('Busy'), await made('Quiet')]
    const from = '203.0.113.2'
    const answers = []
    for (let i = 0; i < 6; i += 1) answers.push(await call(site, anna, { id: `msg_${i}`, from }))
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202, 429])
    expect(answers[0]!.headers.get('ratelimit')).toMatch(/^"incoming";r=4;t=\d+$/)
    expect(answers[5]!.headers.get('retry-after')).toMatch(/^\d+$/)
    const wrong = []
    for (let i = 0; i < 9; i += 1) wrong.push((await call(quiet, anna, { secret: site.secret, from })).status)
    expect(wrong).toEqual([401, 401, 401, 401, 401, 401, 401, 401, 429])
    // Another system may stand in the same place.
    expect((await call(quiet, anna, { from })).status).toBe(202)
    expect((await callsOf(quiet)).filter(({ verdict }) => verdict === 'refused')).toHaveLength(8)
  })
})
