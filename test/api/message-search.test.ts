import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listEvents } from '../../src/contract/events.ts'
import { explainMessages, listMessages, readMessage } from '../../src/contract/messages.ts'
import type { VendorId } from '../../src/core/ids.ts'
import { pageOfMessages } from '../../src/store/message-pages.ts'
import { email, openStudio, type Studio, waiting } from './studio.ts'

/** Everything that was written to anybody, found by whom it was to and what it is called. */
let studio: Studio
let mia: string
let journey: string
beforeAll(async () => {
  studio = await openStudio()
  journey = await studio.live({
    ...waiting(0),
    name: 'Booked',
    nodes: [
      { id: 'begin', kind: 'trigger', type: 'manual' },
      email('hello', { name: 'The hello' }),
      { id: 'pause', kind: 'delay', wait: { after: { days: 5 } } },
      email('timeline', {
        name: 'Timeline form',
        config: { subject: 'Your day, hour by hour', body: 'Hello' },
      }),
      { id: 'done', kind: 'end' },
    ],
    edges: [
      { from: 'begin', to: 'hello' },
      { from: 'hello', to: 'pause' },
      { from: 'pause', to: 'timeline' },
      { from: 'timeline', to: 'done' },
    ],
  })
  for (const name of ['Mia Castellani', 'Zoë Grünwald', 'Anna Hello']) {
    const { client } = await studio.couple(name, {
      people: [{ ref: 'partner_a', name, email: 'somebody@example.org' }],
    })
    mia ??= client
    await studio.start(client, journey)
  }
  await studio.settle()
}, 60_000)
afterAll(() => studio.close())

test('a name that many bear is looked for among the newest messages, and finds the same', async () => {
  const { engine } = studio.office.house
  const vendor = studio.vendor as VendorId
  const { data } = await studio.api(listMessages, { params: studio.params })
  const two = [mia, data.items.find((one) => one.client !== mia)!.client]
  const many = [...two, ...Array.from({ length: 100 }, () => randomUUID())]
  const pages = async (clients: readonly string[], max: number, steps: readonly string[] | null) => {
    const filter = { states: null, run: null, kind: null, journey: null, clients, steps }
    return engine.db.read('test', { vendors: [vendor] }, async (sql) => {
      const first = await pageOfMessages(sql, vendor, filter, null, max)
      const last = first.at(-1)
      const before = last ? { at: last.planned_at, id: last.effect_id } : null
      const next = await pageOfMessages(sql, vendor, filter, before, max)
      return [...first, ...next].map((one) => one.effect_id)
    })
  }
  for (const steps of [null, [`${journey}/hello`]]) {
    const few = await pages(two, 1, steps)
    expect(few).toHaveLength(2)
    expect(await pages(many, 1, steps)).toEqual(few)
  }
})

const found = async (query: Record<string, unknown>) =>
  (await studio.api(listMessages, { params: studio.params, query: query as never })).data.items.map(
    ({ names, name }) => `${names}: ${name}`,
  )

test('messages are found by names, by words of what they are called, and by both', async () => {
  expect((await found({})).sort()).toEqual([
    'Anna Hello: The hello',
    'Mia Castellani: The hello',
    'Zoë Grünwald: The hello',
  ])
  expect(await found({ search: 'zoe grun' })).toEqual(['Zoë Grünwald: The hello'])
  expect(await found({ search: 'mia hello' })).toEqual(['Mia Castellani: The hello'])
  // A name that is also a word of a step is first of all a name.
  expect(await found({ search: 'hello' })).toEqual(['Anna Hello: The hello'])
  expect(await found({ search: 'about' })).toHaveLength(3)
  expect(await found({ search: 'mia nothing' })).toEqual([])
  expect(await found({ search: 'mia', client: mia, is: 'sent', kind: 'email', journey })).toHaveLength(1)
  expect(await found({ kind: 'sms' })).toEqual([])
  expect(await found({ is: 'not_sent' })).toEqual([])
})

test('pages follow each other without a gap, whoever’s they are', async () => {
  const { params } = studio
  for (const query of [{}, { client: mia }, { journey }]) {
    const all = await found(query)
    const paged: string[] = []
    let cursor: string | undefined
    do {
      const { data } = await studio.api(listMessages, {
        params,
        query: { ...query, limit: 1, ...(cursor === undefined ? {} : { cursor }) },
      })
      paged.push(...data.items.map(({ names, name }) => `${names}: ${name}`))
      cursor = data.next ?? undefined
    } while (cursor !== undefined)
    expect(paged).toEqual(all)
  }
})

test('why somebody has not had a message yet is told in a sentence', async () => {
  const { params } = studio
  const { items } = (await studio.api(explainMessages, { params, query: { search: 'mia timeline form' } }))
    .data
  expect(items).toHaveLength(1)
  expect(items[0]).toMatchObject({
    names: 'Mia Castellani',
    name: 'Timeline form',
    journey: 'Booked',
    zone: 'Europe/Rome',
  })
  expect(items[0]!.sentence).toMatch(/\S/)
  const bySubject = (await studio.api(explainMessages, { params, query: { search: 'Castellani hour' } })).data
  expect(bySubject.items.map(({ name }) => name)).toEqual(['Timeline form'])
  expect(
    (await studio.api(explainMessages, { params, query: { search: 'nobody form' } })).data.items,
  ).toEqual([])
})

test('a message is opened with its words and attempts, and a history names its couple', async () => {
  const { params } = studio
  const [first] = (await studio.api(listMessages, { params, query: { client: mia } })).data.items
  const { data } = await studio.api(readMessage, { params: { ...params, message: first!.id } })
  expect(data).toMatchObject({ name: 'The hello', maySendAgain: false, content: { subject: 'About hello' } })
  expect(data.tries).toHaveLength(1)
  const { items } = (await studio.api(listEvents, { params, query: { client: mia } })).data
  expect(new Set(items.map(({ names }) => names))).toEqual(new Set(['Mia Castellani']))
})
