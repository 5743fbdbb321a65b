import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listEvents, tellEvent } from '../../src/contract/events.ts'
import { flowCouples, journeyFlow } from '../../src/contract/flow.ts'
import { listJobs, readJob, stopJob, undoJob } from '../../src/contract/jobs.ts'
import { makeKey } from '../../src/contract/keys.ts'
import { listMessages, previewMessage, readMessage } from '../../src/contract/messages.ts'
import { type NUMBER_NAMES, readNumbers } from '../../src/contract/numbers.ts'
import {
  clientTimeline,
  commandRun,
  commandRuns,
  countRuns,
  listRuns,
  readRun,
  startMany,
  startRun,
  undoCommand,
} from '../../src/contract/runs.ts'
import { exportSimulation, readSimulation, simulateBook } from '../../src/contract/simulations.ts'
import type { RunId, VendorId } from '../../src/core/ids.ts'
import { beginBulkIn, goOnWithLeft } from '../../src/engine/bulk.ts'
import { beforeWedding, email, openStudio, refusal, type Studio, waiting } from './studio.ts'

let s: Studio
let slow: string
let quick: string
beforeAll(async () => {
  s = await openStudio()
  slow = await s.live(waiting(14, { name: 'Slow' }), 'slow')
  quick = await s.live(
    {
      ...waiting(0),
      name: 'Quick',
      nodes: [
        { id: 'begin', kind: 'trigger', type: 'manual' },
        email('hello', { name: 'The hello' }),
        { id: 'pause', kind: 'delay', wait: { after: { days: 5 } } },
        email('bye', { name: 'The goodbye' }),
        { id: 'done', kind: 'end' },
      ],
      edges: [
        { from: 'begin', to: 'hello' },
        { from: 'hello', to: 'pause' },
        { from: 'pause', to: 'bye' },
        { from: 'bye', to: 'done' },
      ],
    },
    'quick',
  )
}, 60_000)
afterAll(() => s.close())
const of = (run: string) => ({ ...s.params, run })
const ofClient = (client: string) => ({ ...s.params, client })

describe('a couple’s timeline', () => {
  test('tells what was sent and what will be, each with its moment and its why', async () => {
    const { client } = await s.couple('Tina Told')
    const run = await s.start(client, quick)
    await s.settle()
    const { data } = await s.api(clientTimeline, { params: ofClient(client) })
    expect(data.zone).toBe('Europe/Rome')
    const rows = data.items.filter((one) => one.node === 'hello' || one.node === 'bye')
    expect(rows.map(({ node, side, is }) => [node, side, is])).toEqual([
      ['hello', 'past', 'sent'],
      ['bye', 'planned', 'will_be_sent'],
    ])
    const [hello, bye] = rows
    expect(hello!.sentence).toContain('Tina')
    expect(hello!.because.length).toBeGreaterThan(0)
    expect(Date.parse(bye!.at!)).toBeGreaterThan(Date.parse(data.now))
    expect(bye!.sentence.length).toBeGreaterThan(10)
    expect(data.runs.map((one) => one.id)).toEqual([run])

    const { data: sent } = await s.api(readMessage, {
      params: { ...s.params, message: hello!.messages[0]! },
    })
    expect(JSON.stringify(sent.content)).toContain('Hello Tina')
    expect([sent.names, sent.recipient, sent.tries.length]).toEqual(['Tina Told', 'partner_a', 1])
    const { data: ahead } = await s.api(previewMessage, { params: { ...of(run), node: 'bye' } })
    expect(JSON.stringify(ahead.content)).toContain('Hello Tina')

    const { data: key } = await s.api(makeKey, {
      params: s.params,
      body: { name: 'looks', scopes: ['messages:read'] },
    })
    const reader = s.office.program(key.secret)
    const listed = await reader(listMessages, { params: s.params, query: { client, is: 'sent' } })
    expect(listed.data.items.map((one) => one.id)).toEqual(hello!.messages)
    expect(JSON.stringify(listed.data)).not.toContain('About hello')
    const open = reader(readMessage, { params: { ...s.params, message: hello!.messages[0]! } })
    expect((await refusal(open)).code).toBe('forbidden')
  })

  test('explains every step of one run in words', async () => {
    const { client } = await s.couple('Ella Explained')
    const run = await s.start(client, slow)
    const { data } = await s.api(readRun, { params: of(run) })
    expect([data.names, data.status, data.at[0]?.node]).toEqual(['Ella Explained', 'waiting', 'pause'])
    const hello = data.steps.find((one) => one.node === 'hello')!
    expect([hello.is, hello.name]).toEqual(['will_be_sent', 'The hello'])
    expect(hello.sentence).toMatch(/Ella/)
    expect(hello.decidedBy.length).toBeGreaterThan(0)
  })
})

describe('a command', () => {
  test('is obeyed, told, and taken back; what cannot be is refused with its reason', async () => {
    const { client } = await s.couple('Paula Paused')
    const run = await s.start(client, slow)
    const paused = await s.api(commandRun, { params: of(run), body: { command: { do: 'pause' } } })
    expect(paused.data.run.status).toBe('paused')
    const again = s.api(commandRun, { params: of(run), body: { command: { do: 'pause' } } })
    expect((await refusal(again)).code).toBe('command_impossible')
    const undone = await s.api(undoCommand, { params: { ...of(run), command: paused.data.command } })
    expect(undone.data.status).toBe('waiting')
    const twice = s.api(undoCommand, { params: { ...of(run), command: paused.data.command } })
    expect((await refusal(twice)).code).toBe('undo_closed')
    const until = '2027-11-01T09:00:00.000Z'
    const snoozed = await s.api(commandRun, {
      params: of(run),
      body: { command: { do: 'snooze', until } },
    })
    expect(snoozed.data.run.at[0]?.due).toBe(until)
    const jumped = await s.api(commandRun, {
      params: of(run),
      body: { command: { do: 'jump', to: 'done' } },
    })
    expect(jumped.data.run.status).not.toBe('waiting')
    await s.settle()
    const over = s.api(commandRun, { params: of(run), body: { command: { do: 'skip' } } })
    expect((await refusal(over)).code).toBe('run_finished')
    const actions = await s.office.admin.query<{ action: string }>(
      `select action from app.audit where subject = $1 order by audit_id`,
      [run],
    )
    expect(actions.map((one) => one.action)).toEqual([
      'run.started',
      'run.pause',
      'run.undo',
      'run.snooze',
      'run.jump',
    ])
  })

  test('under one Idempotency-Key happens once', async () => {
    const { client } = await s.couple('Kay Keyed')
    const run = await s.start(client, slow)
    const ask = () =>
      s.api(commandRun, { params: of(run), body: { command: { do: 'pause' } }, key: 'pause-once' })
    const [one, two] = await Promise.all([ask(), ask()])
    expect(two.data).toEqual(one.data)
  })

  test('for many is a job with a result for each, and is taken back as one', async () => {
    const journey = await s.live(waiting(9, { name: 'Many' }))
    const clients: string[] = []
    for (let number = 0; number < 12; number += 1) clients.push((await s.couple(`Mia ${number}`)).client)
    const started = await s.api(startMany, {
      params: { ...s.params, journey },
      body: { clients: [...clients, '01900000-0000-7000-8000-000000000000'] },
    })
    const start = await s.finished(started.data.job)
    expect([start.done, start.refused]).toEqual([12, 1])
    expect(start.results).toContainEqual({
      of: '01900000-0000-7000-8000-000000000000',
      is: 'refused',
      why: 'This couple is not known here.',
    })
    const which = { like: { journey } }
    expect((await s.api(countRuns, { params: s.params, body: { which } })).data.total).toBe(12)
    const { data: asked } = await s.api(commandRuns, {
      params: s.params,
      body: { which, command: { do: 'pause' } },
    })
    expect(asked.total).toBe(12)
    expect(await s.finished(asked.job)).toMatchObject({ state: 'done', done: 12, refused: 0 })
    const held = await s.api(listRuns, { params: s.params, query: { journey, status: 'paused', limit: 5 } })
    expect([held.data.items.length, held.data.next === null]).toEqual([5, false])
    const more = await s.api(listRuns, {
      params: s.params,
      query: { journey, status: 'paused', limit: 50, cursor: held.data.next! },
    })
    expect([more.data.items.length, more.data.next]).toEqual([7, null])
    const back = await s.api(undoJob, { params: { ...s.params, job: asked.job } })
    expect(await s.finished(back.data.job)).toMatchObject({ done: 12, refused: 0 })
    const again = await s.api(undoJob, { params: { ...s.params, job: asked.job } })
    expect(await s.finished(again.data.job)).toMatchObject({ done: 0, refused: 12 })
    const standing = await s.api(listRuns, { params: s.params, query: { journey, node: 'pause' } })
    expect(standing.data.items.every((one) => one.status === 'waiting')).toBe(true)
    expect(standing.data.items).toHaveLength(12)
    const jobs = await s.api(listJobs, { params: s.params, query: { limit: 2 } })
    expect(jobs.data.items.map((one) => one.kind)).toEqual(['undo', 'undo'])
    const over = s.api(stopJob, { params: { ...s.params, job: asked.job } })
    expect((await refusal(over)).code).toBe('conflict')
  })
})

test('of all who stand at a step, whoever has gone on meanwhile is left alone', async () => {
  const rest = { id: 'rest', kind: 'delay', wait: { after: { days: 9 } } }
  const { nodes, edges, ...first } = waiting(9, { name: 'Two waits' }) as ReturnType<typeof waiting> & {
    nodes: { id: string }[]
    edges: { from: string; to: string }[]
  }
  const journey = await s.live({
    ...first,
    nodes: [...nodes.slice(0, 2), rest, ...nodes.slice(2)],
    edges: [
      { from: 'begin', to: 'pause' },
      { from: 'pause', to: 'rest' },
      { from: 'rest', to: 'hello' },
      edges[2]!,
    ],
  })
  const runs: string[] = []
  for (const name of ['Ada Early', 'Bea Still', 'Cyd Still'])
    runs.push(await s.start((await s.couple(name)).client, journey))
  const skip = { do: 'skip', node: 'pause' } as const
  await s.api(commandRun, { params: { ...s.params, run: runs[0]! }, body: { command: skip } })
  const { data } = await s.api(commandRuns, {
    params: s.params,
    body: { which: { runs: runs as [string] }, command: skip },
  })
  expect((await s.finished(data.job)).results).toEqual(
    expect.arrayContaining([
      { of: runs[0], is: 'refused', why: 'They do not stand at this step any more.' },
      { of: runs[1], is: 'done', why: null },
      { of: runs[2], is: 'done', why: null },
    ]),
  )
  const standing = async (node: string) =>
    (await s.api(listRuns, { params: s.params, query: { journey, node } })).data.items.length
  expect([await standing('pause'), await standing('rest')]).toEqual([0, 3])
  const of = { like: { journey, node: 'rest' } }
  const next = await s.api(commandRuns, { params: s.params, body: { which: of, command: { do: 'skip' } } })
  expect(await s.finished(next.data.job)).toMatchObject({ done: 3, refused: 0 })
})

test('a job whose process died is taken up by the watchman where it stood, and nothing is done twice', async () => {
  const journey = await s.live(waiting(9, { name: 'Cut off' }))
  const runs: RunId[] = []
  for (let number = 0; number < 3; number += 1)
    runs.push((await s.start((await s.couple(`Cut ${number}`)).client, journey)) as RunId)
  const { engine } = s.office.house
  const vendor = s.vendor as VendorId
  const bulk = { is: 'command', command: { do: 'pause' }, runs } as const
  const job = await engine.db.tx('test.begin', { vendors: [vendor] }, (sql) =>
    beginBulkIn(engine, sql, vendor, bulk, 'member:test'),
  )
  await goOnWithLeft(engine, [vendor])
  const fresh = await s.api(readJob, { params: { ...s.params, job } })
  expect([fresh.data.state, fresh.data.done]).toEqual(['running', 0])
  expect([fresh.data.position, fresh.data.secondsLeft]).toEqual([1, null])
  const second = await engine.db.tx('test.begin', { vendors: [vendor] }, (sql) =>
    beginBulkIn(engine, sql, vendor, bulk, 'member:test'),
  )
  await s.office.admin.query(
    `update app.job set done = 1, at = at - interval '30 seconds' where job_id = $1`,
    [second],
  )
  await s.office.admin.query(`update app.job set at = at - interval '40 seconds' where job_id = $1`, [job])
  const { data: line } = await s.api(listJobs, { params: s.params, query: { limit: 100 } })
  const inLine = [second, job].map((id) => line.items.find((one) => one.id === id)!)
  expect(inLine.map((one) => one.position)).toEqual([2, 1])
  // A third of it took half a minute.
  expect(inLine[0]!.secondsLeft).toBeGreaterThanOrEqual(60)
  expect(inLine[0]!.secondsLeft).toBeLessThan(90)
  const stopped = await s.api(stopJob, { params: { ...s.params, job: second } })
  expect([stopped.data.position, stopped.data.secondsLeft]).toEqual([null, null])
  await s.office.admin.query(`update app.job set at = at - interval '2 minutes' where job_id = $1`, [job])
  await Promise.all([goOnWithLeft(engine, [vendor]), goOnWithLeft(engine, [vendor])])
  expect(await s.finished(job)).toMatchObject({ state: 'done', done: 3, refused: 0 })
})

test('a couple is put on a journey once, when it may begin for them', async () => {
  const { client } = await s.couple('Olga Once')
  await s.start(client, slow)
  const again = s.api(startRun, { params: ofClient(client), body: { journey: slow } })
  const problem = await refusal(again)
  expect([problem.code, problem.detail]).toEqual([
    'conflict',
    'They are on it already, or have been, and it may not begin again for them.',
  ])
  const hanging = await s.live(beforeWedding)
  expect(await s.start(client, hanging)).toMatch(/^[0-9a-f-]{36}$/)
})

test('what couples did at each step is counted, and every number opens the couples behind it', async () => {
  const journey = await s.live({ ...waiting(3), name: 'Counted' })
  const at = { ...s.params, journey }
  const couples = await Promise.all(['Fay Goes', 'Finn Skips', 'Flo Waits'].map((name) => s.couple(name)))
  const runs: string[] = []
  for (const { client } of couples) runs.push(await s.start(client, journey))
  await s.settle()
  for (const run of runs.slice(0, 2))
    await s.api(commandRun, {
      params: { ...s.params, run },
      body: { command: { do: run === runs[0] ? 'do_now' : 'skip' } },
    })
  await s.settle()
  const { data } = await s.api(journeyFlow, { params: at })
  const step = (node: string) => data.steps.find((one) => one.node === node)
  expect(step('pause')).toEqual({ node: 'pause', done: 1, skipped: 1, failed: 0 })
  expect(step('hello')).toEqual({ node: 'hello', done: 2, skipped: 0, failed: 0 })
  expect(data.ways.filter((way) => way.from === 'hello')).toEqual([{ from: 'hello', exit: 'sent', runs: 2 }])
  const behind = async (is: 'done' | 'skipped' | 'failed') => {
    const found = await s.api(flowCouples, { params: { ...at, node: 'pause' }, query: { is } })
    return found.data.items.map((one) => one.names)
  }
  expect([await behind('done'), await behind('skipped'), await behind('failed')]).toEqual([
    ['Fay Goes'],
    ['Finn Skips'],
    [],
  ])
  const early = await s.api(journeyFlow, { params: at, query: { from: '2020-01-01', to: '2020-01-31' } })
  expect(early.data).toEqual({ steps: [], ways: [] })
  const wrong = s.api(journeyFlow, { params: at, query: { from: '2020-02-01', to: '2020-01-31' } })
  expect((await refusal(wrong)).code).toBe('invalid')
})

test('what has come of thirty days is counted, and where there was nothing it says nothing', async () => {
  const numbersOf = async (query: { from?: string; to?: string } = {}) => {
    const { data } = await s.api(readNumbers, { params: s.params, query })
    const known = new Map(data.numbers.map((one) => [one.name, one]))
    return (name: (typeof NUMBER_NAMES)[number]) => known.get(name)!
  }
  const before = await numbersOf()
  const journey = await s.live({ ...waiting(3), name: 'Numbered' })
  const couples = await Promise.all(['Nora Arrives', 'Nils Stops'].map((name) => s.couple(name)))
  const runs: string[] = []
  for (const { client } of couples) runs.push(await s.start(client, journey))
  await s.settle()
  const give = (run: string, command: { do: 'do_now' } | { do: 'stop'; reason: string }) =>
    s.api(commandRun, { params: { ...s.params, run }, body: { command } })
  await give(runs[0]!, { do: 'do_now' })
  await give(runs[1]!, { do: 'stop', reason: 'They are here by mistake.' })
  await s.settle()
  await s.office.admin.query(
    `update app.run set state = jsonb_set(state::jsonb, '{startedAt}',
       to_jsonb((state::jsonb ->> 'startedAt')::bigint - 10 * 86400000))::text where run_id = $1`,
    [runs[0]!],
  )
  const after = await numbersOf()
  const daysIn = ({ value, of }: ReturnType<typeof after>): number => (value ?? 0) * of!
  const gained = (name: (typeof NUMBER_NAMES)[number]) => [
    after(name).value! - before(name).value!,
    (after(name).of ?? 0) - (before(name).of ?? 0),
  ]
  expect(gained('couples_added')).toEqual([2, 0])
  expect(gained('journeys_begun')).toEqual([2, 0])
  expect(gained('journeys_arrived')).toEqual([1, 2])
  expect(gained('messages_sent')).toEqual([1, 1])
  expect(daysIn(after('journey_days')) - daysIn(before('journey_days'))).toBeCloseTo(10, 1)

  const empty = await numbersOf({ from: '2020-01-01', to: '2020-01-31' })
  expect(empty('journeys_arrived')).toMatchObject({ value: 0, of: 0, before: 0, beforeOf: 0 })
  expect(empty('journey_days')).toMatchObject({ value: null, of: 0, before: null })
  expect(empty('answer_days')).toMatchObject({ value: null, of: 0, before: null })
  const tomorrow = await numbersOf({ from: '2101-01-01', to: '2101-01-01' })
  expect(tomorrow('couples_added').value).toBe(0)
})

test('the whole book is run ahead as a job: everybody who marries, from where they stand, and nothing is written', async () => {
  const journey = await s.live({ ...beforeWedding, name: 'Foreseen' })
  const at = { ...s.params, journey }
  const { client } = await s.couple('Wanda Whole')
  await s.start(client, journey)
  await s.settle()
  const messages = () => s.office.admin.query(`select count(*)::int as count from app.effect`)
  const before = await messages()
  const { data: begun } = await s.api(simulateBook, { params: at, body: { behaviour: 'silent' } })
  const done = await s.finished(begun.job)
  expect([done.state, done.done, done.refused]).toEqual(['done', begun.total, 0])
  const { data } = await s.api(readSimulation, { params: { ...at, job: begun.job } })
  const hers = data.lines.filter((line) => line.client === client)
  expect(hers).toEqual([
    {
      at: '2028-05-27T07:00:00.000Z',
      client,
      names: 'Wanda Whole',
      node: 'timeline',
      name: 'The timeline',
      what: 'send',
    },
  ])
  expect(data.days.find((day) => day.on === '2028-05-27')?.messages).toBeGreaterThan(0)
  expect(data.days.every((day) => day.messages + day.tasks > 0)).toBe(true)
  expect(await messages()).toEqual(before)
  const { data: file } = await s.api(exportSimulation, { params: { ...at, job: begun.job }, body: {} })
  expect(file).toMatchObject({ rows: data.lines.length, complete: true })
  expect(file.csv).toContain(
    '2028-05-27T07:00:00.000Z,2028-05-27 08:00,Europe/London,Wanda Whole,The timeline,goes out\r\n',
  )
  const other = { ...s.params, journey: slow, job: begun.job }
  for (const elsewhere of [
    s.api(readSimulation, { params: other }),
    s.api(exportSimulation, { params: other, body: {} }),
  ])
    expect((await refusal(elsewhere)).code).toBe('not_found')
})

test('what a person has seen happen is told to the journeys that wait for it, once', async () => {
  const paid = { fact: 'event.instalment', is: 'equal', value: 'balance' }
  await s.live({
    ...waiting(0, { name: 'Until they pay' }),
    nodes: [
      { id: 'begin', kind: 'trigger', type: 'contract_signed' },
      {
        id: 'paid',
        kind: 'await',
        for: { event: 'payment_received', if: paid },
        timeout: { after: { days: 30 } },
      },
      email('thanks', { name: 'Thank you' }),
      { id: 'done', kind: 'end' },
    ],
    edges: [
      { from: 'begin', to: 'paid' },
      { from: 'paid', exit: 'happened', to: 'thanks' },
      { from: 'paid', exit: 'timeout', to: 'done' },
      { from: 'thanks', to: 'done' },
    ],
  })
  const { client } = await s.couple('Tess Told')
  const params = { ...s.params, client }
  const signed = await s.api(tellEvent, { params, body: { type: 'contract_signed' } })
  expect(signed.data.started.map((one) => one.run)).toHaveLength(1)
  await s.settle()
  const pay = (instalment: string, key?: string) =>
    s.api(tellEvent, {
      params,
      body: { type: 'payment_received', data: { instalment } },
      ...(key && { key }),
    })
  await pay('deposit')
  await s.settle()
  expect((await s.api(listMessages, { params: s.params, query: { client } })).data.items).toEqual([])
  const key = '0198c000-0000-7000-8000-0000000000aa'
  const first = await pay('balance', key)
  expect((await pay('balance', key)).data).toEqual(first.data)
  await s.settle()
  const sent = await s.api(listMessages, { params: s.params, query: { client } })
  expect(sent.data.items).toHaveLength(1)
  const told = await s.api(listEvents, { params: s.params, query: { client } })
  expect(told.data.items.map((one) => one.type)).toEqual([
    'payment_received',
    'payment_received',
    'contract_signed',
    'client_added',
  ])
  // What the house notices itself is not to be told, and nobody tells of another's couple.
  const no = s.api(tellEvent, { params, body: { type: 'stage_changed', data: { to: 'booked' } } })
  expect((await refusal(no)).code).toBe('invalid')
})
