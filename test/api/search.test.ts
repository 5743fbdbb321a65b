import { afterAll, beforeAll, expect, test } from 'vitest'
import { listClients, readClient, savePerson } from '../../src/contract/clients.ts'
import type { VendorId } from '../../src/core/ids.ts'
import { INDEX_IDLE_MS, nameIndex } from '../../src/engine/name-index.ts'
import { openStudio, refusal, type Studio } from './studio.ts'

let s: Studio
beforeAll(async () => {
  s = await openStudio()
}, 60_000)
afterAll(() => s.close())

const found = async (search: string, more: Record<string, string | number> = {}) => {
  const { data } = await s.api(listClients, { params: s.params, query: { search, ...more } })
  return data.items.map((one) => one.name)
}

test('whoever was just added is found at once, by parts of name, address and number, without their accents', async () => {
  await s.couple('Zoë Grünwald', {
    people: [
      { ref: 'partner_a', name: 'Zoë Grünwald', email: 'zoe@example.org', phone: '+49 171 234-567' },
      { ref: 'partner_b', name: 'Åsa Berg' },
    ],
  })
  for (const words of ['zoe', 'ZOË', 'grunw berg', 'example.org zo', '0171', '49171234'])
    expect([words, await found(words)]).toEqual([words, words === '0171' ? [] : ['Zoë Grünwald & Åsa Berg']])
  expect(await found('nobody')).toEqual([])
  await s.couple('Zoe Second')
  expect(await found('zoe')).toEqual(['Zoe Second', 'Zoë Grünwald & Åsa Berg'])
})

test('who was changed behind its back is found by the new name and not by the old one', async () => {
  const { client } = await s.couple('Old Name')
  const { client: other } = await s.couple('Other Name')
  expect(await found('old name')).toEqual(['Old Name'])
  // Another process writes: the two people change places.
  await s.office.admin.query(
    `update app.person set client_id = case when client_id = $1 then $2::uuid else $1::uuid end, ref = 'payer'
      where client_id in ($1::uuid, $2::uuid)`,
    [client, other],
  )
  const { data } = await s.api(listClients, { params: s.params, query: { search: 'old name' } })
  expect(data.items.map((one) => one.id)).toEqual([other])
})

test('a person is written down anew: another name is found, what they may be sent is kept with who gave it', async () => {
  const { client } = await s.couple('Petra Before')
  const at = { ...s.params, client }
  const read = await s.api(readClient, { params: at })
  const [petra] = read.data.people
  expect([petra!.may, petra!.refused]).toEqual([
    { email: ['transactional', 'relationship'], sms: ['transactional'] },
    { email: [], sms: [] },
  ])
  const may = { email: [...petra!.may.email, 'marketing' as const], sms: [] }
  const saved = await s.api(savePerson, {
    params: { ...at, ref: 'partner_a' },
    body: { name: 'Petra After', email: 'petra@example.org', phone: '+44 20 7946 0018', may },
    ifMatch: read.etag!,
  })
  expect(saved.data.people.map(({ name, email, phone }) => [name, email, phone])).toEqual([
    ['Petra After', 'petra@example.org', '+442079460018'],
  ])
  expect(saved.data.people[0]!.may).toEqual(may)
  expect(await found('petra before')).toEqual([])
  expect(await found('petra after')).toEqual(['Petra After'])
  const late = s.api(savePerson, {
    params: { ...at, ref: 'partner_a' },
    body: { name: 'Petra Late', email: null, phone: null },
    ifMatch: read.etag!,
  })
  expect((await refusal(late)).code).toBe('changed_meanwhile')
  const two = await s.api(savePerson, {
    params: { ...at, ref: 'partner_b' },
    body: { name: 'Otto Added', email: null, phone: null },
    ifMatch: saved.etag!,
  })
  expect(two.data.name).toBe('Petra After & Otto Added')
  const consents = await s.office.admin.query(
    `select channel, class, given, actor like 'member:%' as "byMember" from app.consent
      where vendor_id = $1 and reason = 'by_vendor' order by channel`,
    [s.vendor],
  )
  expect(consents).toEqual([
    { channel: 'email', class: 'marketing', given: true, byMember: true },
    { channel: 'sms', class: 'transactional', given: false, byMember: true },
  ])
  const audits = await s.office.admin.query(
    `select detail from app.audit where subject = $1 and action = 'client.person_saved' order by at, audit_id`,
    [client],
  )
  expect(audits).toEqual([
    { detail: { ref: 'partner_a', changed: ['name', 'email', 'phone', 'may'] } },
    { detail: { ref: 'partner_b', changed: ['added'] } },
  ])
})

test('the erased are not found, nor kept', async () => {
  const index = nameIndex()
  const { engine } = s.office.house
  const vendor = s.vendor as VendorId
  const { client } = await s.couple('Erica Erased')
  expect(await index.find(engine, vendor, ['erica'])).toEqual([client])
  const before = index.size().people
  await s.office.admin.query('update app.client set erased_at = now() where client_id = $1', [client])
  expect(await found('erica')).toEqual([])
  await s.office.admin.query('delete from app.person where client_id = $1', [client])
  expect(await index.find(engine, vendor, ['erica'])).toEqual([])
  expect(index.size().people).toBe(before - 1)
})

test('pages and filters hold together with a search', async () => {
  for (let number = 0; number < 7; number += 1)
    await s.couple(`Paged ${number}`, { stage: number % 2 === 0 ? 'booked' : 'inquiry' })
  const names: string[] = []
  let cursor: string | undefined
  do {
    const { data } = await s.api(listClients, {
      params: s.params,
      query: { search: 'paged', stage: 'booked', limit: 3, ...(cursor ? { cursor } : {}) },
    })
    names.push(...data.items.map((one) => one.name))
    cursor = data.next ?? undefined
  } while (cursor)
  expect(names).toEqual(['Paged 6', 'Paged 4', 'Paged 2', 'Paged 0'])
})

test('holds no more than it may: the one who was longest away goes first, and the idle go', async () => {
  const { browser, vendor } = await s.office.business('Second')
  expect(browser.csrf).not.toBe('')
  const { engine } = s.office.house
  let now = engine.clock.now()
  const later = { ...engine, clock: { ...engine.clock, now: () => now } }
  const index = nameIndex(1)
  await index.find(later, s.vendor as VendorId, ['zoe'])
  expect(index.size().vendors).toBe(1)
  now = (now + 1) as typeof now
  await index.find(later, vendor as VendorId, ['zoe'])
  expect(index.size()).toEqual({ vendors: 1, people: 0 })
  const roomy = nameIndex()
  await roomy.find(later, s.vendor as VendorId, ['zoe'])
  now = (now + INDEX_IDLE_MS + 1) as typeof now
  await roomy.find(later, vendor as VendorId, ['zoe'])
  expect(roomy.size().vendors).toBe(1)
})
