import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { requestFor } from '../../src/contract/connect.ts'
import { forecastJourney } from '../../src/contract/foresight.ts'
import {
  addJourney,
  changeJourney,
  checkDocument,
  checkDraft,
  diffJourney,
  dropDraft,
  exportJourney,
  journeyStatistics,
  listJourneys,
  listVersions,
  readDraft,
  readJourney,
  readVersion,
  saveDraft,
} from '../../src/contract/journeys.ts'
import { makeKey } from '../../src/contract/keys.ts'
import {
  moveToVersion,
  previewPublish,
  publishJourney,
  rollBackVersion,
} from '../../src/contract/publications.ts'
import { readRun, startMany } from '../../src/contract/runs.ts'
import { coupleView } from '../../src/contract/views.ts'
import { URL_HERE } from '../accounts/office.ts'
import { beforeWedding, openStudio, refusal, type Studio, waiting } from './studio.ts'

let s: Studio
beforeAll(async () => {
  s = await openStudio()
}, 60_000)
afterAll(() => s.close())
const at = (journey: string) => ({ ...s.params, journey })

describe('a draft', () => {
  test('is begun blank, saved as it is under If-Match, and judged with its fixes when asked', async () => {
    const { data: made } = await s.api(addJourney, {
      params: s.params,
      body: { name: 'Été à Rome', category: 'inquiry' },
    })
    expect([made.key, made.status, made.version, made.hasDraft, made.live]).toEqual([
      'ete-a-rome',
      'draft',
      null,
      true,
      null,
    ])
    const first = await s.api(readDraft, { params: at(made.id) })
    expect(first.data.saved).toBe(true)
    expect((await s.api(checkDraft, { params: at(made.id) })).data.sound).toBe(true)
    const half = {
      ...first.data.document,
      nodes: [{ id: 'begin', kind: 'trigger', type: 'manul' }],
      edges: [],
    }
    const saved = await s.api(saveDraft, {
      params: at(made.id),
      body: { document: half },
      ifMatch: first.etag!,
    })
    expect(saved.data.document).toEqual(half)
    const again = await s.api(readDraft, { params: at(made.id) })
    expect([again.etag, again.data]).toEqual([saved.etag, saved.data])
    const { data: judged } = await s.api(checkDraft, { params: at(made.id) })
    expect([judged.sound, judged.errors > 0]).toEqual([false, true])
    expect(judged.problems.some((one) => one.node === 'begin' && one.severity === 'error')).toBe(true)
    const stale = s.api(saveDraft, {
      params: at(made.id),
      body: { document: {} },
      ifMatch: first.etag!,
    })
    expect((await refusal(stale)).code).toBe('changed_meanwhile')
    const publishing = s.api(publishJourney, { params: at(made.id), body: {}, ifMatch: saved.etag! })
    const problem = await refusal(publishing)
    expect([problem.code, problem.status, (problem.problems ?? []).length > 0]).toEqual([
      'journey_invalid',
      422,
      true,
    ])
    expect((await s.api(readJourney, { params: at(made.id) })).data.version).toBeNull()
  })

  test('that warns says how to mend it', async () => {
    const nodes = beforeWedding.nodes.map(({ late: _, ...node }: Record<string, unknown>) => node)
    const document = { ...beforeWedding, nodes }
    const { data } = await s.api(checkDocument, {
      params: s.params,
      body: { document },
    })
    expect([data.sound, data.errors]).toEqual([true, 0])
    expect(data.problems.some((one) => one.severity === 'warning' && one.fix !== null)).toBe(true)
  })

  test('goes out and comes in as the same document, under a key of its own', async () => {
    const journey = await s.live(waiting(3), 'there-and-back')
    const out = await s.api(exportJourney, { params: at(journey) })
    expect([out.data.key, out.data.of]).toEqual(['there-and-back', 'live'])
    const taken = s.api(addJourney, {
      params: s.params,
      body: { key: 'there-and-back', document: out.data.document },
    })
    expect((await refusal(taken)).code).toBe('conflict')
    const back = await s.api(addJourney, { params: s.params, body: { document: out.data.document } })
    expect((await s.api(readDraft, { params: at(back.data.id) })).data.document).toEqual(out.data.document)
  })

  test('thrown away leaves what is live', async () => {
    const journey = await s.live(waiting(3))
    const live = await s.api(readDraft, { params: at(journey) })
    expect([live.data.saved, live.data.basedOn]).toEqual([false, 1])
    const saved = await s.api(saveDraft, {
      params: at(journey),
      body: { document: waiting(5) },
      ifMatch: live.etag!,
    })
    const { data } = await s.api(dropDraft, { params: at(journey), ifMatch: saved.etag! })
    expect(data).toEqual(live.data)
  })

  test('may be as large as a journey, and not larger', async () => {
    const ask = async (bytes: number) => {
      const request = requestFor(
        checkDocument,
        { params: s.params, body: { document: { text: 'x'.repeat(bytes) } } },
        {
          base: URL_HERE,
          newKey: () => '',
          headers: () => ({ 'sec-fetch-site': 'same-origin', 'x-wedsync-csrf': s.browser.csrf }),
        },
      )
      return (await s.browser.fetch(request)).status
    }
    expect(await ask(500_000)).toBe(200)
    expect(await ask(1_100_000)).toBe(413)
  })
})

test('the list counts who is on each, by status and category, and says when something happens next', async () => {
  const journey = await s.live(waiting(14, { category: 'counted' }))
  const { client } = await s.couple('Cora Counted')
  const before = (await s.api(listJourneys, { params: s.params })).data.couples
  await s.start(client, journey)
  await s.start(client, await s.live(waiting(14, { category: 'counted as well' })))
  // On two journeys, and one couple all the same.
  expect((await s.api(listJourneys, { params: s.params })).data.couples).toBe(before + 1)
  const { data } = await s.api(listJourneys, {
    params: s.params,
    query: { status: 'active', category: 'counted' },
  })
  expect(data.items).toHaveLength(1)
  expect(data.items[0]!.runs).toMatchObject({ onIt: 1, waiting: 1, completed: 0 })
  expect(data.items[0]!.next).not.toBeNull()
  expect(data.categories).toContain('counted')
  const { data: statistics } = await s.api(journeyStatistics, { params: at(journey) })
  expect(statistics.standing).toEqual([{ version: 1, node: 'pause', is: 'waiting', runs: 1 }])
  const none = await s.api(listJourneys, {
    params: s.params,
    query: { status: 'archived', category: 'counted' },
  })
  expect(none.data.items).toEqual([])
})

describe('publishing', () => {
  test('says first who is affected, moves one couple, then the rest, and is taken back', async () => {
    const journey = await s.live(waiting(10))
    const clients = await Promise.all(
      ['Ada First', 'Bea Second', 'Cia Third'].map((name) => s.couple(name).then((one) => one.client)),
    )
    const runs: string[] = []
    for (const client of clients) runs.push(await s.start(client, journey))
    const draft = await s.api(readDraft, { params: at(journey) })
    // The step they stand at is gone in the new version.
    const next = waiting(20)
    const document = JSON.parse(JSON.stringify(next).replaceAll('"pause"', '"longer"')) as Record<
      string,
      unknown
    >
    const saved = await s.api(saveDraft, { params: at(journey), body: { document }, ifMatch: draft.etag! })
    const { data: difference } = await s.api(diffJourney, { params: at(journey) })
    expect([difference.added, difference.removed]).toEqual([['longer'], ['pause']])
    expect(difference.summary.join(' ')).toContain('is new')

    const cohort = { version: 1, at: ['pause'] }
    const blocked = await s.api(previewPublish, {
      params: at(journey),
      body: { otherwise: { is: 'move' } },
    })
    expect(blocked.data.runs).toMatchObject({ total: 3, blocked: 3, moves: 0 })
    expect(blocked.data.runs!.cohorts[0]).toMatchObject({ ...cohort, runs: 3, gone: ['pause'] })
    const redirect = { is: 'move', redirects: { pause: 'longer' } } as const
    const plan = { cohorts: [{ ...cohort, choice: redirect }], only: [runs[0]!] }
    const preview = await s.api(previewPublish, { params: at(journey), body: plan })
    expect(preview.data.runs).toMatchObject({ total: 3, moves: 1, finishes: 2, blocked: 0 })
    const told = preview.data.runs!.couples.find((one) => one.run === runs[0])!
    expect([told.is, told.names, told.before?.name]).toEqual(['moves', 'Ada First', 'The hello'])
    expect(Date.parse(told.after!.at!) - Date.parse(told.before!.at!)).toBeGreaterThan(5 * 86_400_000)
    expect((await s.api(readRun, { params: { ...s.params, run: runs[0]! } })).data.version).toBe(1)

    const one = await s.api(publishJourney, { params: at(journey), body: plan, ifMatch: saved.etag! })
    expect(one.data.version).toBe(2)
    expect(await s.finished(one.data.job!)).toMatchObject({ state: 'done', done: 1, refused: 0 })
    const versionOf = async (run: string) => {
      const { data } = await s.api(readRun, { params: { ...s.params, run } })
      return [data.version, data.at[0]?.node]
    }
    expect(await versionOf(runs[0]!)).toEqual([2, 'longer'])
    expect(await versionOf(runs[1]!)).toEqual([1, 'pause'])

    const rest = await s.api(moveToVersion, {
      params: { ...at(journey), version: '2' },
      body: { otherwise: redirect },
    })
    expect(await s.finished(rest.data.job!)).toMatchObject({ done: 2, refused: 0 })
    expect(await versionOf(runs[2]!)).toEqual([2, 'longer'])
    const { data: versions } = await s.api(listVersions, { params: at(journey) })
    expect(versions.items.map(({ version, live, moved, onIt }) => [version, live, moved, onIt])).toEqual([
      [2, true, 3, 3],
      [1, false, 0, 0],
    ])
    const { data: old } = await s.api(readVersion, { params: { ...at(journey), version: '1' } })
    expect(JSON.stringify(old.document)).toContain('"pause"')

    const back = await s.api(rollBackVersion, { params: { ...at(journey), version: '2' } })
    expect(back.data).toEqual({ live: 1, restored: 3, moved: 0, kept: 0 })
    for (const run of runs) expect(await versionOf(run)).toEqual([1, 'pause'])
    const twice = s.api(rollBackVersion, { params: { ...at(journey), version: '2' } })
    expect((await refusal(twice)).code).toBe('undo_closed')
  })

  test('publishes the draft that was seen, once, and refuses where nothing is written', async () => {
    const journey = await s.live(waiting(10))
    const draft = await s.api(readDraft, { params: at(journey) })
    const nothing = s.api(publishJourney, { params: at(journey), body: {}, ifMatch: draft.etag! })
    expect((await refusal(nothing)).code).toBe('conflict')
    await s.api(saveDraft, { params: at(journey), body: { document: waiting(11) }, ifMatch: draft.etag! })
    const unseen = s.api(publishJourney, { params: at(journey), body: {}, ifMatch: draft.etag! })
    expect((await refusal(unseen)).code).toBe('changed_meanwhile')
    const seen = await s.api(readDraft, { params: at(journey) })
    const ask = () =>
      s.api(publishJourney, { params: at(journey), body: {}, ifMatch: seen.etag!, key: 'the-same' })
    const [one, two] = [await ask(), await ask()]
    expect([one.data, two.data.version]).toEqual([two.data, 2])
    expect((await s.api(listVersions, { params: at(journey) })).data.items).toHaveLength(2)
  })

  test('of a journey that begins by a date starts it for everybody there is', async () => {
    const { client } = await s.couple('Dora Dated')
    const document = {
      ...beforeWedding,
      name: 'By the date',
      nodes: [
        {
          id: 'begin',
          kind: 'trigger',
          type: 'date',
          config: { when: { before: { days: 30 }, of: 'wedding', at: '09:00' } },
        },
        ...beforeWedding.nodes.slice(1),
      ],
    }
    const added = await s.api(addJourney, { params: s.params, body: { document } })
    const draft = await s.api(readDraft, { params: at(added.data.id) })
    const preview = await s.api(previewPublish, { params: at(added.data.id), body: {} })
    expect([preview.data.sound, preview.data.begins > 0]).toEqual([true, true])
    const done = await s.api(publishJourney, { params: at(added.data.id), body: {}, ifMatch: draft.etag! })
    const job = await s.finished(done.data.starts!)
    expect([job.state, job.refused, job.done]).toEqual(['done', 0, preview.data.begins])
    expect(job.results).toContainEqual({ of: client, is: 'done', why: null })
  })

  test('an archived journey begins for nobody; who may not publish is told so', async () => {
    const journey = await s.live(waiting(10))
    const read = await s.api(readJourney, { params: at(journey) })
    await s.api(changeJourney, {
      params: at(journey),
      body: { status: 'archived' },
      ifMatch: read.etag!,
    })
    const { client } = await s.couple('Late Comer')
    const many = s.api(startMany, { params: at(journey), body: { clients: [client] } })
    expect((await refusal(many)).code).toBe('journey_unpublished')
    const { data: key } = await s.api(makeKey, {
      params: s.params,
      body: { name: 'designer', scopes: ['journeys:read', 'journeys:write'] },
    })
    const may = s.office.program(key.secret)(publishJourney, { params: at(journey), body: {}, ifMatch: '*' })
    const told = await refusal(may)
    expect([told.code, told.detail]).toEqual([
      'forbidden',
      'This key may not publish journeys, take them back, pause and archive them: it lacks the scope journeys:publish.',
    ])
  })
})

describe('looking ahead', () => {
  test('tells an example couple’s steps with moment and why', async () => {
    const journey = await s.live(beforeWedding)
    const { data } = await s.api(forecastJourney, {
      params: at(journey),
      body: { of: 'live', couple: { example: { wedding: '2029-06-09', zone: 'Europe/Rome' } } },
    })
    const step = data.steps.find((one) => one.node === 'timeline')!
    expect([data.zone, data.from, step.what, step.at]).toEqual([
      'Europe/Rome',
      'beginning',
      'send',
      '2029-05-26T07:00:00.000Z',
    ])
    expect(step.because.length).toBeGreaterThan(0)
    expect(data.ended?.status).toBe('completed')
  })

  test('tells a real couple’s from where they stand, and as if they began', async () => {
    const journey = await s.live(waiting(14))
    const { client } = await s.couple('Rea Real')
    await s.start(client, journey)
    const ask = (of: string) =>
      s.api(forecastJourney, { params: at(journey), body: { of, couple: { client } } })
    expect((await ask('live')).data.from).toBe('now')
    expect((await ask('draft')).data.from).toBe('beginning')
    const stranger = s.api(forecastJourney, {
      params: at(journey),
      body: { couple: { client: '01900000-0000-7000-8000-000000000000' } },
    })
    expect((await refusal(stranger)).code).toBe('not_found')
  })

  test('what the engine knows of a couple is given without a name of theirs or an address', async () => {
    const { client } = await s.couple('Vera View')
    const { data } = await s.api(coupleView, { params: s.params, query: { client } })
    expect(data.couple).toEqual({ client, name: 'Vera View' })
    expect(data.known.client.id).toBe(client)
    const told = JSON.stringify(data.known)
    expect(told).not.toMatch(/vera|@/i)
    // Two who share an address are told to share a mark.
    expect(data.known.people.find((one) => one.ref === 'partner_a')?.reach.email).toMatch(/^a\d+$/)
    const example = await s.api(coupleView, { params: s.params, query: { wedding: '2029-06-09' } })
    expect([example.data.couple.client, example.data.known.anchors.wedding?.value]).toEqual([
      null,
      { is: 'day', on: '2029-06-09' },
    ])
    const stranger = s.api(coupleView, {
      params: s.params,
      query: { client: '01900000-0000-7000-8000-000000000000' },
    })
    expect((await refusal(stranger)).code).toBe('not_found')
  })

  test('a draft says whose hand was last on it', async () => {
    const { data: made } = await s.api(addJourney, { params: s.params, body: { name: 'Whose' } })
    const { data } = await s.api(readDraft, { params: at(made.id) })
    expect(data.by).toMatch(/^member:/)
    expect(Date.parse(data.at ?? '')).not.toBeNaN()
    const live = await s.live(waiting(3))
    const { data: none } = await s.api(readDraft, { params: at(live) })
    expect([none.saved, none.by, none.at]).toEqual([false, null, null])
  })
})
