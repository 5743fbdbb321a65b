import { afterAll, beforeAll, expect, test } from 'vitest'
import { exportAnswers, listAnswers } from '../../src/contract/answers.ts'
import { listClients, readClient } from '../../src/contract/clients.ts'
import { addForm, makeFormLink, publishForm, readFormDraft } from '../../src/contract/forms.ts'
import { listMessages, readMessage } from '../../src/contract/messages.ts'
import { clientTimeline, readRun } from '../../src/contract/runs.ts'
import { readToday } from '../../src/contract/work.ts'
import type { VendorId } from '../../src/core/ids.ts'
import { details } from '../fixtures/forms.ts'
import { openStudio, type Studio, waiting } from './studio.ts'

/** A key that is destroyed takes one person's words away for ever, and nothing of anybody else's. */
let s: Studio
let journey: string
beforeAll(async () => {
  s = await openStudio()
  journey = await s.live(waiting(0))
}, 60_000)
afterAll(() => s.close())

const erase = (subject: string) => s.office.house.vault.erase(s.vendor as VendorId, subject)
const personOf = async (client: string) => {
  const [row] = await s.office.admin.query<{ person_id: string }>(
    `select person_id from app.person where client_id = $1 and ref = 'partner_a'`,
    [client],
  )
  return row!.person_id
}

test('the message to somebody whose key was destroyed is held with its reason, and all others go', async () => {
  const { client: ada } = await s.couple('Ada Stays')
  const { client: ben } = await s.couple('Ben Gone')
  const { client: cleo } = await s.couple('Cleo Stays')
  const runs = await Promise.all([ada, ben, cleo].map((client) => s.start(client, journey)))
  await erase(await personOf(ben))
  await s.settle()

  const sent = async (client: string) => {
    const { data } = await s.api(listMessages, { params: s.params, query: { client } })
    return data.items.map((one) => [one.state, one.cause])
  }
  expect([await sent(ada), await sent(cleo)]).toEqual([[['accepted', null]], [['accepted', null]]])
  expect(await sent(ben)).toEqual([['cancelled', 'erased']])
  const { data: run } = await s.api(readRun, { params: { ...s.params, run: runs[1]! } })
  expect(run.names).toBe('erased')
  expect(JSON.stringify(run)).toContain('Whoever it is for was erased')
})

test('lists, pages and the search show somebody whose data is gone, and everybody else as ever', async () => {
  const { data: page } = await s.api(listClients, { params: s.params, query: {} as never })
  const names = page.items.map((one) => one.people.map(({ name, email }) => [name, email]))
  expect(names).toEqual([
    [['Cleo Stays', 'cleo.stays@example.org']],
    [['erased', null]],
    [['Ada Stays', 'ada.stays@example.org']],
  ])
  const gone = page.items[1]!.id
  await s.api(readClient, { params: { ...s.params, client: gone } })
  await s.api(clientTimeline, { params: { ...s.params, client: gone } })
  await s.api(readToday, { params: s.params })
  const search = async (words: string) =>
    (await s.api(listClients, { params: s.params, query: { search: words } as never })).data.items.length
  expect([await search('stays'), await search('gone')]).toEqual([2, 0])
})

test('of a couple whose own key was destroyed the answers and the letters are gone, and the lists go on', async () => {
  const added = await s.api(addForm, { params: s.params, body: { name: 'Details', document: details } })
  const here = { ...s.params, form: added.data.id }
  const { etag } = await s.api(readFormDraft, { params: here })
  await s.api(publishForm, { params: here, ifMatch: etag! })
  const couples = [await s.couple('Dora Stays'), await s.couple('Emil Gone')]
  for (const { client } of couples) {
    const { data } = await s.api(makeFormLink, { params: here, body: { client } })
    const answers = { seen: '0', 'f.ready': 'The mill', 'f.guests': '80', 'f.first_look': 'yes', do: 'send' }
    const sent = await s.office.front.request(new URL(data.url).pathname, {
      method: 'POST',
      body: new URLSearchParams(answers).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    expect(sent.status).toBe(303)
    await s.start(client, journey)
  }
  await s.settle()
  const gone = couples[1]!.client
  await erase(gone)

  const { data } = await s.api(listAnswers, { params: here, query: {} as never })
  expect(data.items.map((one) => [one.names, one.values.guests])).toEqual([
    ['Emil Gone', undefined],
    ['Dora Stays', 80],
  ])
  const { data: file } = await s.api(exportAnswers, { params: here, body: {} })
  expect(file.csv.split('\r\n')[1]).toMatch(/^Emil Gone,\S+Z,,,/)
  const { data: letters } = await s.api(listMessages, { params: s.params, query: { client: gone } })
  const { data: letter } = await s.api(readMessage, {
    params: { ...s.params, message: letters.items[0]!.id },
  })
  expect([letter.state, letter.content]).toEqual(['accepted', null])
  await s.api(readClient, { params: { ...s.params, client: gone } })
  await s.api(clientTimeline, { params: { ...s.params, client: gone } })
  // What they are sent from now on cannot be sealed for them.
  const again = await s.live({ ...waiting(0), name: 'Once more' })
  const [, run] = await Promise.all([s.start(couples[0]!.client, again), s.start(gone, again)])
  await s.settle()
  const { data: stuck } = await s.api(readRun, { params: { ...s.params, run } })
  expect(JSON.stringify(stuck)).toContain('Whoever it is for was erased')
  const { data: hers } = await s.api(listMessages, {
    params: s.params,
    query: { client: couples[0]!.client },
  })
  expect(hers.items.map(({ state }) => state)).toEqual(['accepted', 'accepted'])
})
