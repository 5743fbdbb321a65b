import { afterAll, beforeAll, expect, test } from 'vitest'
import { commandRun, listRuns } from '../../src/contract/runs.ts'
import { answerApproval, listApprovals, listTasks, readOutlook, readToday } from '../../src/contract/work.ts'
import { localDateOf } from '../../src/core/time/zone.ts'
import { OUTLOOK_BRIEF_RUNS_MAX, OUTLOOK_SENT_MAX } from '../../src/engine/outlook.ts'
import { email, openStudio, refusal, type Studio, waiting } from './studio.ts'

/** What a vendor sees first in the morning. */
let studio: Studio
beforeAll(async () => {
  studio = await openStudio()
}, 60_000)
afterAll(() => studio.close())

const today = () => localDateOf(studio.office.house.engine.clock.now(), 'Europe/Rome' as never)

const nodes = (...steps: object[]) => ({
  nodes: [{ id: 'begin', kind: 'trigger', type: 'manual' }, ...steps, { id: 'done', kind: 'end' }],
})
const line = (...ids: string[]) => ({
  edges: ids.slice(1).map((to, at) => ({ from: ids[at], to })),
})

test('what went out today, what goes out this week, and why, with the clock it goes by', async () => {
  const { params } = studio
  const mia = await studio.couple('Mia Castellani')
  const quick = await studio.live({
    ...waiting(0),
    name: 'Welcome',
    ...nodes(
      email('hello', { name: 'The hello' }),
      { id: 'pause', kind: 'delay', wait: { after: { days: 3 } } },
      email('guide', { name: 'The guide' }),
    ),
    ...line('begin', 'hello', 'pause', 'guide', 'done'),
  })
  await studio.start(mia.client, quick)
  await studio.settle()

  const day = (await studio.api(readOutlook, { params })).data
  expect(day.items.map(({ name, is, names, zone, what }) => ({ name, is, names, zone, what }))).toEqual([
    { name: 'The hello', is: 'sent', names: 'Mia Castellani', zone: 'Europe/Rome', what: 'message' },
  ])
  const week = (await studio.api(readOutlook, { params, query: { days: 7 } })).data
  expect(week.items.map(({ name, is, module }) => ({ name, is, module }))).toEqual([
    { name: 'The hello', is: 'sent', module: 'email@1' },
    { name: 'The guide', is: 'planned', module: 'email@1' },
  ])
  // Why it goes, and nothing of what is only so once it has gone.
  expect(week.items[1]!.why).toBe('It goes to the first partner.')
  expect(week.toldUntil).toBeNull()

  // The first page of the app asks for one day's items, and how much is on the others.
  const short = (await studio.api(readOutlook, { params, query: { days: 7, brief: 'true' } })).data
  expect(short.items.map(({ name }) => name)).toEqual(['The hello'])
  expect(short.next).toEqual(week.items[1])
  expect(short.days).toEqual(week.days)
  expect(short.days.map(({ messages, gone, coming }) => [messages, gone, coming])).toEqual(
    Array.from({ length: 7 }, (_, day) => (day === 0 ? [1, 1, 0] : day === 3 ? [1, 0, 1] : [0, 0, 0])),
  )
  expect(short.days[0]!.on).toBe(today())
})

test('a day that is too full to be told one by one is counted whole, and what is not run ahead is said to be about', async () => {
  const full = await openStudio('Full House')
  const { params } = full
  const hello = await full.live({
    ...waiting(0),
    name: 'Hello',
    ...nodes(email('hello')),
    ...line('begin', 'hello', 'done'),
  })
  const guide = await full.live({
    ...waiting(0),
    name: 'Guide',
    ...nodes({ id: 'pause', kind: 'delay', wait: { after: { days: 3 } } }, email('guide')),
    ...line('begin', 'pause', 'guide', 'done'),
  })
  const [greeted, guided] = [OUTLOOK_SENT_MAX + 5, OUTLOOK_BRIEF_RUNS_MAX + 5]
  for (let n = 0; n < guided; n += 1) {
    const { client } = await full.couple(`Couple ${n}`)
    await full.start(client, guide)
    if (n < greeted) await full.start(client, hello)
  }
  await full.settle()
  const week = (await full.api(readOutlook, { params, query: { days: 7, brief: 'true' } })).data
  await full.close()
  const { gone, coming, ...first } = week.days[0]!
  expect(first).toEqual({ on: today(), messages: greeted, about: false })
  expect(gone + coming).toBe(greeted)
  expect(week.items).toHaveLength(OUTLOOK_SENT_MAX)
  expect(week.toldUntil).not.toBeNull()
  expect(week.days[3]).toMatchObject({ messages: guided, about: true })
})

test('what a person has paused is told with its reason, and a wedding of this week says what stands in its way', async () => {
  const { params } = studio
  const soon = await studio.couple('Held Couple', { wedding: { on: today(), zone: 'Europe/Rome' } })
  const run = await studio.start(soon.client, await studio.live(waiting(2, { name: 'Held' })))
  await studio.api(commandRun, { params: { ...params, run }, body: { command: { do: 'pause' } } })

  const held = (await studio.api(listRuns, { params, query: { status: 'held' } })).data.items
  expect(held.map(({ names, holds }) => ({ names, holds }))).toEqual([
    { names: 'Held Couple', holds: ['a person has paused the journey'] },
  ])
  const { weddings, held: count } = (await studio.api(readToday, { params })).data
  expect(count).toBe(1)
  expect(weddings.map(({ names, risks }) => ({ names, risks }))).toEqual([
    { names: 'Held Couple', risks: [{ is: 'held', count: 1 }] },
  ])
})

test('approvals and tasks come page by page, the most urgent first, and an approval names its message', async () => {
  const { params } = studio
  const asking = await studio.live({
    ...waiting(0),
    name: 'Read first',
    ...nodes(email('rain', { name: 'If it rains', approval: { timeout: { after: { days: 2 } } } })),
    ...line('begin', 'rain', 'done'),
  })
  const calling = await studio.live({
    ...waiting(0),
    name: 'Calls',
    ...nodes({ id: 'call', kind: 'action', do: { task: { title: 'Call them', gate: true } } }),
    ...line('begin', 'call', 'done'),
  })
  for (const name of ['Ana', 'Ben', 'Cleo']) {
    const { client } = await studio.couple(name)
    await studio.start(client, asking)
    await studio.start(client, calling)
  }
  await studio.settle()
  for (const [op, total] of [
    [listApprovals, 3],
    [listTasks, 3],
  ] as const) {
    const first = (await studio.api(op, { params, query: { limit: 2 } })).data
    expect([first.items.length, first.total]).toEqual([2, total])
    const rest = (await studio.api(op, { params, query: { limit: 2, cursor: first.next! } })).data
    expect(rest.next).toBeNull()
    expect(new Set([...first.items, ...rest.items].map(({ names }) => names)).size).toBe(3)
  }
  const { items } = (await studio.api(listApprovals, { params })).data
  expect(items[0]).toMatchObject({
    message: { node: 'rain', name: 'If it rains', module: 'email@1' },
    zone: 'Europe/Rome',
  })
  const { run, name } = items[0]!
  await studio.api(answerApproval, { params: { ...params, run }, body: { name, answer: 'approved' } })
  const again = studio.api(answerApproval, { params: { ...params, run }, body: { name, answer: 'skipped' } })
  expect((await refusal(again)).code).toBe('conflict')
  expect((await refusal(studio.api(listTasks, { params, query: { cursor: 'bm9uc2Vuc2U' } }))).code).toBe(
    'invalid',
  )
})
