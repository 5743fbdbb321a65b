import { expect, test } from 'vitest'
import type { ClientId } from '../../src/core/ids.ts'
import { NotKnownHere } from '../../src/core/journey/graph.ts'
import { ALL_BANDS, ALL_SHARDS, type Engine } from '../../src/engine/engine.ts'
import { execute } from '../../src/engine/execute.ts'
import { keepGraphs } from '../../src/engine/graphs.ts'
import { receive } from '../../src/engine/receive.ts'
import { step, type Work } from '../../src/engine/step.ts'
import { setAside } from '../../src/engine/trouble.ts'
import { watch } from '../../src/engine/watch.ts'
import { definitions } from '../../src/modules/definitions.ts'
import { registryOf } from '../../src/modules/registry.ts'
import { dueEffects, dueRuns } from '../../src/store/claims.ts'
import { triggerTypes } from '../../src/triggers/definitions.ts'
import { journeyOf, mail } from '../fixtures/told-run.ts'
import { LONDON, type Story, story } from './story.ts'

/** While a new release is rolled out, a process of the one before works beside it on the same rows. */
const NOW = '2026-12-01T09:00:00Z'
const wait = { id: 'wait', kind: 'delay', wait: { on: '2020-01-01', at: '10:00' } }
const tag = { id: 'tag', kind: 'action', do: { addTag: 'greeted' } }
const sentOnce = ['2026-12-01 09:00 hello → partner_a']

/** The engine of a release that knew no letters yet. */
function olderBeside(s: Story): Engine {
  const known = registryOf(
    definitions.filter(({ type }) => type !== 'email'),
    triggerTypes,
  )
  return { ...s.engine, registry: known, graphs: keepGraphs(s.engine.vault, known) }
}

/** A couple whose event has begun one journey that the older release knows, and one that it does not; nobody has worked on them. */
async function begun() {
  const s = await story({ now: NOW })
  await s.publishes('old', journeyOf([wait], []))
  await s.publishes('new', journeyOf([mail('hello'), tag], ['hello>tag']))
  const anna = await s.couple({ wedding: { on: '2027-06-12', zone: LONDON } })
  await receive(s.engine, s.vendor, {
    source: 'story',
    key: 'signed',
    type: 'contract_signed',
    client: anna.client,
    data: {},
  })
  return { s, older: olderBeside(s), anna: anna.client }
}

const due = async ({ engine, clock }: Story): Promise<Work[]> =>
  (await dueRuns(engine.db, ALL_SHARDS, ALL_BANDS, clock.now(), 10)).map((ref) => ({ ref }))
const dueMessages = ({ engine, clock }: Story) =>
  dueEffects(engine.db, ALL_SHARDS, ALL_BANDS, clock.now(), 10)
const statusOf = async (s: Story, client: ClientId) =>
  Object.fromEntries(
    (
      await s.session.query<{ key: string; status: string }>(
        `select j.key, r.status from app.run r join app.journey j using (vendor_id, journey_id) where r.client_id = '${client}' order by 1`,
      )
    ).map((row) => [row.key, row.status]),
  )
const notices = (s: Story) => s.session.query('select code from app.notice')
/** Everything of the journey that only the newer release knows, to the last column. */
const rowsOf = (s: Story) =>
  s.session.query(
    `select r::text as run, (select string_agg(e::text, ' ') from app.effect e where e.run_id = r.run_id) as effects
       from app.run r join app.journey j using (vendor_id, journey_id) where j.key = 'new'`,
  )

test('a worker leaves a journey as it is whose steps only a newer release knows, and goes on with the others', async () => {
  const { s, older, anna } = await begun()
  const before = await rowsOf(s)
  await step(older, await due(s))
  expect(await statusOf(s, anna)).toEqual({ old: 'completed', new: 'active' })
  expect(await rowsOf(s)).toEqual(before)
  expect(await notices(s)).toEqual([])
  await s.settle()
  expect(await statusOf(s, anna)).toEqual({ old: 'completed', new: 'completed' })
  expect(await s.told(anna)).toEqual(sentOnce)
})

test('a message that only a newer release can write waits for it, in its place', async () => {
  const { s, older, anna } = await begun()
  await step(s.engine, await due(s))
  const before = await rowsOf(s)
  await execute(older, await dueMessages(s), () => expect.fail('it was sent'))
  expect(await rowsOf(s)).toEqual(before)
  await s.settle()
  expect(await s.told(anna)).toEqual(sentOnce)
  expect(await notices(s)).toEqual([])
})

test('what became of a message is written down by whoever sent it, and its journey goes on with the newer release', async () => {
  const { s, older, anna } = await begun()
  await step(s.engine, await due(s))
  const outcomes: Work[] = []
  await execute(s.engine, await dueMessages(s), (work) => outcomes.push(work))
  const refused: unknown = await step(older, outcomes).catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(NotKnownHere)
  expect(await setAside(older, outcomes[0]!, refused)).toBe(true)
  expect(await notices(s)).toEqual([])
  await s.settle()
  expect(await statusOf(s, anna)).toEqual({ old: 'completed', new: 'completed' })
  expect(await s.told(anna)).toEqual(sentOnce)
})

test('the watchman of an older release tells no journey an outcome whose way on it does not know', async () => {
  const { s, older, anna } = await begun()
  await step(s.engine, await due(s))
  // Settled, and its journey was never told.
  await s.session.exec(`update app.effect set state = 'accepted', due_at = null, settled_at = '${NOW}'`)
  await watch(older)
  await s.settle()
  expect(await statusOf(s, anna)).toEqual({ old: 'completed', new: 'active' })
  await watch(s.engine)
  await s.settle()
  expect(await statusOf(s, anna)).toEqual({ old: 'completed', new: 'completed' })
  expect(await s.session.query(`select array_to_string(tags, ',') as tags from app.client`)).toEqual([
    { tags: 'greeted' },
  ])
})
