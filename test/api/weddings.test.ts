import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addClient } from '../../src/contract/clients.ts'
import { listJobs } from '../../src/contract/jobs.ts'
import { clientTimeline } from '../../src/contract/runs.ts'
import { changeVendor, previewVendor, readVendor } from '../../src/contract/vendors.ts'
import {
  changeWedding,
  coupleDates,
  previewWedding,
  readWedding,
  undoWedding,
} from '../../src/contract/weddings.ts'
import type { ClientId, VendorId } from '../../src/core/ids.ts'
import type { LocalDate } from '../../src/core/time/local.ts'
import { loadViews } from '../../src/engine/views.ts'
import { beforeWedding, openStudio, refusal, type Studio } from './studio.ts'

let s: Studio
let journey: string
beforeAll(async () => {
  s = await openStudio()
  journey = await s.live(beforeWedding)
}, 60_000)
afterAll(() => s.close())

const day = (on: string) => ({ anchors: { wedding: { is: 'day' as const, on } } })
const at = (wedding: string) => ({ ...s.params, wedding })
const plannedAt = async (client: string) => {
  const { data } = await s.api(clientTimeline, { params: { ...s.params, client } })
  return data.items.find((one) => one.node === 'timeline' && one.side === 'planned')?.at
}

describe('a wedding', () => {
  test('called off by a slip and taken back has lost nothing of what was planned', async () => {
    const { client, wedding } = await s.couple('Off Andon')
    await s.start(client, journey)
    const before = await plannedAt(client)
    const { etag } = await s.api(readWedding, { params: at(wedding) })
    const off = await s.api(changeWedding, {
      params: at(wedding),
      body: { status: 'cancelled' },
      ifMatch: etag!,
    })
    const { data } = await s.api(clientTimeline, { params: { ...s.params, client } })
    expect(data.runs.map((run) => [run.status, run.holds])).toEqual([
      ['paused', ['the wedding is cancelled, and the journey ends once that can no longer be taken back']],
    ])
    await s.settle()
    await s.api(undoWedding, { params: { ...at(wedding), change: off.data.lastChange!.id } })
    expect(await plannedAt(client)).toBe(before)
  })

  test('taken back, a change gives back what was its own: what came after it stays, and in its way says so', async () => {
    const { wedding } = await s.couple('Tara Twice')
    const change = async (body: object) =>
      (await s.api(changeWedding, { params: at(wedding), body, ifMatch: '*' })).data.lastChange!.id
    const back = (id: string) => s.api(undoWedding, { params: { ...at(wedding), change: id } })
    const now = async () => (await s.api(readWedding, { params: at(wedding) })).data
    const { guests } = await now()
    const first = await change({ guests: 80 })
    const off = await change({ status: 'cancelled' })
    const { lastChange } = await now()
    expect(lastChange?.status).toEqual({ from: 'confirmed', to: 'cancelled' })
    await back(first)
    expect([(await now()).status, (await now()).guests]).toEqual(['cancelled', guests])
    await back(off)
    const [eighty, ninety] = [await change({ guests: 80 }), await change({ guests: 90 })]
    expect((await now()).lastChange?.id).toBe(ninety)
    const tooEarly = await refusal(back(eighty))
    expect([tooEarly.code, tooEarly.detail]).toEqual([
      'undo_closed',
      'Changed again since: the guests. Take the later change back first, or write down what is right.',
    ])
    await back(ninety)
    // The one before it is still open, and is what is offered next.
    expect((await now()).lastChange).toMatchObject({ id: eighty, undone: false })
    await back(eighty)
    expect((await now()).lastChange).toMatchObject({ id: ninety, undone: true })
    expect((await now()).guests).toBe(guests)
    const [moved, again] = [await change(day('2028-07-01')), await change(day('2028-07-08'))]
    expect((await refusal(back(moved))).detail).toContain('Changed again since: the dates.')
    await back(again)
    await back(moved)
    expect((await now()).on).toBe('2028-06-10')
  })

  test('forgets its guests and its country again, and a change that changes nothing is none', async () => {
    const { wedding } = await s.couple('Nora Nothing')
    const change = async (body: object) =>
      (await s.api(changeWedding, { params: at(wedding), body, ifMatch: '*' })).data
    const known = await change({ guests: 12, region: 'IT' })
    expect((await change({ guests: 12 })).lastChange?.id).toBe(known.lastChange?.id)
    const forgotten = await change({ guests: null, region: null })
    expect([forgotten.guests, forgotten.region]).toEqual([null, null])
  })

  test('moves as the preview said, and back as it was', async () => {
    const { client, wedding } = await s.couple('Mona Moved')
    await s.start(client, journey)
    const read = await s.api(readWedding, { params: at(wedding) })
    expect([read.data.on, read.data.zone, read.data.lastChange]).toEqual(['2028-06-10', 'Europe/Rome', null])
    const before = await plannedAt(client)
    expect(before).toBe('2028-05-27T07:00:00.000Z')
    const preview = await s.api(previewWedding, { params: at(wedding), body: day('2028-09-02') })
    const [run] = preview.data.runs
    const step = run!.steps.find((one) => one.node === 'timeline')!
    expect([run!.names, step.is, step.from, step.to]).toEqual([
      'Mona Moved',
      'moves',
      before,
      '2028-08-19T07:00:00.000Z',
    ])
    expect(await plannedAt(client)).toBe(before)
    expect((await s.api(readWedding, { params: at(wedding) })).etag).toBe(read.etag)

    const moved = await s.api(changeWedding, {
      params: at(wedding),
      body: day('2028-09-02'),
      ifMatch: read.etag!,
    })
    expect([moved.data.on, moved.data.status, moved.data.anchors.wedding?.generation]).toEqual([
      '2028-09-02',
      'moved',
      2,
    ])
    expect(await plannedAt(client)).toBe(step.to)
    const stale = s.api(changeWedding, {
      params: at(wedding),
      body: day('2028-10-07'),
      ifMatch: read.etag!,
    })
    expect((await refusal(stale)).code).toBe('changed_meanwhile')
    const { id, undone } = moved.data.lastChange!
    expect(undone).toBe(false)
    const back = await s.api(undoWedding, { params: { ...at(wedding), change: id } })
    expect([back.data.on, back.data.lastChange?.undone]).toEqual(['2028-06-10', true])
    expect(await plannedAt(client)).toBe(before)
    const twice = s.api(undoWedding, { params: { ...at(wedding), change: id } })
    expect((await refusal(twice)).code).toBe('undo_closed')
  })

  test('moves with a choice for a step: kept where it was, and told who else marries that day', async () => {
    const { client, wedding } = await s.couple('Cora Chosen')
    const run = await s.start(client, journey)
    await s.couple('Sid Sameday')
    const before = await plannedAt(client)
    const choices = [{ run, node: 'timeline', choice: 'keep' as const, at: before! }]
    const wanted = { ...day('2028-09-16'), choices }
    const { data } = await s.api(previewWedding, { params: at(wedding), body: wanted })
    expect(data.sameDay).toEqual([])
    const step = data.runs[0]!.steps[0]!
    expect([step.is, step.to, step.zone, step.chosen]).toEqual([
      'moves',
      '2028-09-02T07:00:00.000Z',
      'Europe/Rome',
      { is: 'goes', to: before },
    ])
    const moved = await s.api(changeWedding, { params: at(wedding), body: wanted, ifMatch: '*' })
    expect(await plannedAt(client)).toBe(before)
    // Cancelled by a slip and taken back, what was chosen with the move still counts.
    const off = await s.api(changeWedding, {
      params: at(wedding),
      body: { status: 'cancelled' },
      ifMatch: '*',
    })
    await s.api(undoWedding, { params: { ...at(wedding), change: off.data.lastChange!.id } })
    expect(await plannedAt(client)).toBe(before)
    await s.api(undoWedding, { params: { ...at(wedding), change: moved.data.lastChange!.id } })
    expect(await plannedAt(client)).toBe(before)
    await s.api(changeWedding, { params: at(wedding), body: day('2028-09-16'), ifMatch: '*' })
    expect(await plannedAt(client)).toBe(step.to)
    const taken = await s.api(previewWedding, { params: at(wedding), body: day('2028-06-10') })
    expect(taken.data.sameDay.map((one) => one.names)).toContain('Sid Sameday')
    const alone = s.api(changeWedding, { params: at(wedding), body: { guests: 3, choices }, ifMatch: '*' })
    expect((await refusal(alone)).code).toBe('invalid')
  })

  test('without a date holds what hangs on it, and lets it go when there is one', async () => {
    const { client, wedding } = await s.couple('Hanna Held')
    await s.start(client, journey)
    const held = await s.api(changeWedding, {
      params: at(wedding),
      body: { anchors: { wedding: null } },
      ifMatch: '*',
    })
    expect([held.data.on, held.data.status]).toEqual([null, 'to_be_confirmed'])
    expect(await plannedAt(client)).toBeNull()
    await s.api(changeWedding, { params: at(wedding), body: day('2028-07-01'), ifMatch: held.etag! })
    expect(await plannedAt(client)).toBe('2028-06-17T07:00:00.000Z')
  })

  test('keeps its other details and dates, and refuses places that are none', async () => {
    const { wedding } = await s.couple('Dina Details')
    const changed = await s.api(changeWedding, {
      params: at(wedding),
      body: {
        guests: 120,
        anchors: { 'due:balance': { is: 'hour', on: '2028-05-01', at: '12:00', zone: 'Europe/London' } },
      },
      ifMatch: '*',
    })
    expect([changed.data.guests, changed.data.on, changed.data.anchors['due:balance']]).toEqual([
      120,
      '2028-06-10',
      { value: { is: 'hour', on: '2028-05-01', at: '12:00', zone: 'Europe/London' }, generation: 1 },
    ])
    const nowhere = s.api(changeWedding, {
      params: at(wedding),
      body: { zone: 'Europe/Atlantis' },
      ifMatch: '*',
    })
    expect((await refusal(nowhere)).code).toBe('invalid')
    const change = changed.data.lastChange!.id
    const back = await s.api(undoWedding, { params: { ...at(wedding), change } })
    expect([back.data.guests, back.data.anchors['due:balance']!.value]).toEqual([null, null])
  })

  test('has dates beside its own: named by the journeys that hang on them, moved and taken back like the wedding', async () => {
    const dunning = await s.live({
      ...beforeWedding,
      name: 'Payments',
      nodes: beforeWedding.nodes.map((node) =>
        node.id === 'timeline'
          ? { ...node, when: { before: { days: 14 }, of: 'due:balance', at: '09:00' } }
          : node,
      ),
    })
    // On another journey a step that does not follow the wedding: this is no move of the wedding.
    const keeping = await s.live({
      ...beforeWedding,
      name: 'Keeping',
      nodes: beforeWedding.nodes.map((node) => (node.id === 'timeline' ? { ...node, move: 'keep' } : node)),
    })
    const { client, wedding } = await s.couple('Bea Balance')
    const run = await s.start(client, dunning)
    const other = await s.start(client, keeping)
    const balance = async () => {
      const { data } = await s.api(coupleDates, { params: { ...s.params, client } })
      const { value, from, journeys } = data.items.find(({ name }) => name === 'due:balance')!
      return [value, from, journeys.map((one) => [one.name, one.isOn])]
    }
    expect(await balance()).toEqual([null, null, [['Payments', true]]])
    const due = (on: string) => ({ anchors: { 'due:balance': { is: 'day' as const, on } } })
    const set = await s.api(changeWedding, { params: at(wedding), body: due('2028-04-20'), ifMatch: '*' })
    expect([set.data.status, set.data.lastChange!.dates]).toEqual([
      'confirmed',
      [{ name: 'due:balance', from: null, to: { is: 'day', on: '2028-04-20' } }],
    ])
    expect(await balance()).toEqual([{ is: 'day', on: '2028-04-20' }, 'wedding', [['Payments', true]]])
    const before = await plannedAt(client)
    expect(before).toBe('2028-04-06T07:00:00.000Z')
    const choices = [{ run, node: 'timeline', choice: 'keep' as const, at: before! }]
    const wanted = { ...due('2028-05-18'), choices }
    const { data } = await s.api(previewWedding, { params: at(wedding), body: wanted })
    const told = (of: string) =>
      data.runs.find((one) => one.run === of)!.steps.map(({ is, to, chosen }) => [is, to, chosen])
    expect(told(run)).toEqual([['moves', '2028-05-04T07:00:00.000Z', { is: 'goes', to: before }]])
    expect(told(other)).toEqual([['stays', '2028-05-27T07:00:00.000Z', null]])
    const moved = await s.api(changeWedding, { params: at(wedding), body: wanted, ifMatch: '*' })
    expect(await plannedAt(client)).toBe(before)
    await s.api(undoWedding, { params: { ...at(wedding), change: moved.data.lastChange!.id } })
    await s.api(changeWedding, { params: at(wedding), body: due('2028-05-18'), ifMatch: '*' })
    expect(await plannedAt(client)).toBe('2028-05-04T07:00:00.000Z')
  })

  test('whose ceremony is at another hour has not been moved', async () => {
    const { wedding } = await s.couple('Hetty Hour')
    const hour = (time: string) => ({
      anchors: { wedding: { is: 'hour' as const, on: '2028-06-10', at: time, zone: 'Europe/Rome' } },
    })
    const changed = await s.api(changeWedding, { params: at(wedding), body: hour('14:30'), ifMatch: '*' })
    expect([changed.data.status, changed.data.anchors.wedding?.value]).toEqual([
      'confirmed',
      { is: 'hour', on: '2028-06-10', at: '14:30', zone: 'Europe/Rome' },
    ])
  })

  test('lies within a believable span, wherever it is written down', async () => {
    const { wedding } = await s.couple('Yara Year')
    const people = [{ ref: 'partner_a', name: 'Yves Year' }]
    const strange = [
      s.api(addClient, { params: s.params, body: { people, wedding: { on: '0202-06-12' } } }),
      s.api(previewWedding, { params: at(wedding), body: day('9999-06-12') }),
      s.api(changeWedding, {
        params: at(wedding),
        body: { anchors: { 'due:balance': { is: 'day', on: '1970-01-01' } } },
        ifMatch: '*',
      }),
    ]
    const refused = await Promise.all(strange.map(refusal))
    expect(refused.map(({ code, problems }) => [code, problems?.[0]?.path])).toEqual([
      ['invalid', '/wedding/on'],
      ['invalid', '/anchors/wedding'],
      ['invalid', '/anchors/due:balance'],
    ])
    expect(refused[1]!.detail).toContain('9999-06-12 is more than 10 years ahead: is the year right?')
    const past = await s.api(addClient, { params: s.params, body: { people, wedding: { on: '2001-06-09' } } })
    expect(past.data.wedding?.on).toBe('2001-06-09')
  })

  test('that was only looked at leaves nothing behind: the days the vendor works are those there are', async () => {
    const { client, wedding } = await s.couple('Lina Looked')
    await s.start(client, journey)
    const { engine } = s.office.house
    const vendor = s.vendor as VendorId
    const worked = () =>
      engine.db.read('test.days', { vendors: [vendor] }, async (sql) => {
        const views = await loadViews(engine, sql, engine.clock.now(), [
          { vendor, client: client as ClientId, graph: null },
        ])
        return views.vendor(client as ClientId).view.weddingDays
      })
    await s.api(previewWedding, { params: at(wedding), body: day('2028-12-09') })
    expect((await worked()).has('2028-12-09' as LocalDate)).toBe(false)
    await s.api(previewWedding, { params: at(wedding), body: day('2028-12-09') })
    await s.api(changeWedding, { params: at(wedding), body: day('2028-10-14'), ifMatch: '*' })
    const days = await worked()
    expect([days.has('2028-12-09' as LocalDate), days.has('2028-10-14' as LocalDate)]).toEqual([false, true])
  })
})

test('the hours of the business: told beforehand what moves, moved by a job, and back as it was', async () => {
  const { client } = await s.couple('Hanna Hours')
  await s.start(client, journey)
  const before = await plannedAt(client)
  expect(before).toBe('2028-05-27T07:00:00.000Z')
  const change = async (email: { from: string; to: string } | null) => {
    const read = await s.api(readVendor, { params: s.params })
    const body = { rules: { openHours: email === null ? {} : { email } } }
    const { data } = await s.api(previewVendor, { params: s.params, body })
    await s.api(changeVendor, { params: s.params, body, ifMatch: read.etag! })
    const jobs = await s.api(listJobs, { params: s.params, query: { kind: 'vendor.calendar' } })
    const job = await s.finished(jobs.data.items[0]!.id)
    expect([job.state, job.refused]).toEqual(['done', 0])
    return data
  }
  const told = await change({ from: '10:00', to: '18:00' })
  expect([told.moves, told.asks, told.late]).toEqual([told.couples, 0, 0])
  expect(told.examples.find((one) => one.client === client) ?? told.examples[0]).toMatchObject({
    step: 'The timeline',
    zone: 'Europe/Rome',
  })
  expect(await plannedAt(client)).toBe('2028-05-27T08:00:00.000Z')
  await change(null)
  expect(await plannedAt(client)).toBe(before)
})
