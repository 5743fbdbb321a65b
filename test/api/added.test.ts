import { afterAll, beforeAll, expect, test } from 'vitest'
import { listAudit } from '../../src/contract/audit.ts'
import { listClients, readClient, removePerson, savePerson } from '../../src/contract/clients.ts'
import { tellEvent } from '../../src/contract/events.ts'
import { commandRun } from '../../src/contract/runs.ts'
import { ALL_BANDS, ALL_SHARDS } from '../../src/engine/engine.ts'
import { step } from '../../src/engine/step.ts'
import { dueRuns } from '../../src/store/claims.ts'
import { email, openStudio, refusal, type Studio, waiting } from './studio.ts'

/** One person who was added to a couple by a slip of the hand, and what keeps them. */
let s: Studio
beforeAll(async () => {
  s = await openStudio()
})
afterAll(() => s.close())

const at = (client: string, ref = 'partner_b') => ({ params: { ...s.params, client, ref } })
const add = (client: string, name: string, ref = 'partner_b') =>
  s.api(savePerson, {
    ...at(client, ref),
    body: { name, email: `${ref}@added.example`, phone: null },
    ifMatch: '*',
  })
const takeBack = (client: string, ref?: string) => s.api(removePerson, at(client, ref))
const peopleOf = async (client: string) =>
  (await s.api(readClient, { params: { ...s.params, client } })).data.people.map(({ name }) => name)
/** As many rows as there are of people, and of the keys their names are sealed with. */
const kept = async () =>
  (
    await s.office.admin.query(
      `select (select count(*)::int from app.person) as people, (select count(*)::int from app.wrapped_key) as keys`,
    )
  )[0]
const stays = async (client: string, why: string, ref?: string) => {
  const { code, detail } = await refusal(takeBack(client, ref))
  expect([code, detail]).toEqual(['conflict', `They stay with the couple. ${why}`])
}

test('goes as if they had never come, and the record says so', async () => {
  const { client } = await s.couple('Anna Alone')
  const before = await kept()
  await add(client, 'Slip Finger')
  expect(await peopleOf(client)).toEqual(['Anna Alone', 'Slip Finger'])
  await takeBack(client)
  expect(await peopleOf(client)).toEqual(['Anna Alone'])
  expect(await kept()).toEqual(before)
  const found = await s.api(listClients, { params: s.params, query: { search: 'slip' } })
  expect(found.data.items).toEqual([])
  const [told] = (await s.api(listAudit, { params: s.params })).data.items
  expect([told?.action, told?.subject, told?.detail]).toEqual([
    'client.person_removed',
    client,
    { ref: 'partner_b' },
  ])
  expect((await refusal(takeBack(client))).code).toBe('not_found')
  // The right one comes in their place, and was as little meant to.
  await add(client, 'Right One')
  await takeBack(client)
  expect(await peopleOf(client)).toEqual(['Anna Alone'])
})

test('a turn that has seen them cannot be saved any more', async () => {
  const { client } = await s.couple('Vera Viewed')
  const run = await s.start(client, await s.live(waiting(9)))
  await s.settle()
  await add(client, 'Seen Shortly')
  const rev = async () =>
    (await s.office.admin.query<{ rev: number }>('select rev from app.run where run_id = $1', [run]))[0]!.rev
  const seen = await rev()
  await takeBack(client)
  expect(await rev()).toBe(seen + 1)
})

test('the only one stays, and so does whoever came with the couple or was written down again', async () => {
  const { client } = await s.couple('Olga Only')
  await stays(client, 'There is nobody else: take the couple out instead.', 'partner_a')
  await add(client, 'Tom Two')
  const came = 'They came with the couple, or have been written down again since: edit them instead.'
  await stays(client, came, 'partner_a')
  await add(client, 'Tom Twice')
  await stays(client, came)
  expect(await peopleOf(client)).toEqual(['Olga Only', 'Tom Twice'])
})

test('whoever has been written to stays; while it is only planned, it can be skipped first', async () => {
  const { client } = await s.couple('Wanda Written')
  const { api, params } = s
  await add(client, 'Will Written')
  const journey = await s.live({ ...waiting(0), name: 'At once' })
  const run = await s.start(client, journey)
  const { engine } = s.office.house
  // Its first turns, and nothing of what they plan.
  for (let round = 0; round < 3; round += 1) {
    const due = await dueRuns(engine.db, ALL_SHARDS, ALL_BANDS, engine.clock.now(), 10)
    await step(
      engine,
      due.map((ref) => ({ ref })),
    )
  }
  await stays(client, 'A message to them is planned: skip it first.')
  await api(commandRun, { params: { ...params, run }, body: { command: { do: 'skip' } } })
  await takeBack(client)
  expect(await peopleOf(client)).toEqual(['Wanda Written'])
  await s.settle()

  const { client: late } = await s.couple('Lena Late')
  await add(late, 'Luis Late')
  await s.start(late, journey)
  await s.settle()
  await stays(
    late,
    'Something has been sent to them; edit them instead, or take back what they have agreed to.',
  )
})

test('whoever a journey goes a way of its own with stays', async () => {
  const { client } = await s.couple('Flora Forked')
  await add(client, 'Finn Forked')
  const journey = await s.live({
    ...waiting(0),
    name: 'Each by themselves',
    nodes: [
      { id: 'begin', kind: 'trigger', type: 'manual' },
      { id: 'both', kind: 'fork', each: 'partner' },
      { id: 'pause', kind: 'delay', wait: { after: { days: 3 } }, name: 'A while' },
      { id: 'again', kind: 'join', mode: 'all' },
      email('hello'),
      { id: 'done', kind: 'end' },
    ],
    edges: [
      { from: 'begin', to: 'both' },
      { from: 'both', exit: 'each', to: 'pause' },
      { from: 'pause', to: 'again' },
      { from: 'again', to: 'hello' },
      { from: 'hello', to: 'done' },
    ],
  })
  const run = await s.start(client, journey)
  await s.settle()
  await stays(client, 'A journey goes a way of its own with them: stop it first.')
  await s.api(commandRun, { params: { ...s.params, run }, body: { command: { do: 'stop' } } })
  await s.settle()
  await takeBack(client)
  expect(await peopleOf(client)).toEqual(['Flora Forked'])
})

test('whoever is with a couple that has been heard of since stays', async () => {
  const { client } = await s.couple('Hanna Heard')
  await add(client, 'Hugo Heard')
  await s.api(tellEvent, { params: { ...s.params, client }, body: { type: 'contract_signed' } })
  await stays(client, 'Something has happened with the couple since they were added; edit them instead.')
})
