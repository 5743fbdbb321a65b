import { afterEach, expect, test } from 'vitest'
import type { RunId } from '../../src/core/ids.ts'
import { playZoneData } from '../../src/core/time/zone.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { renewZoneData, zoneDataOf } from '../../src/engine/zone-data.ts'
import { ensureInstallation } from '../../src/store/installation.ts'
import { daysBefore, journeyOf, mail } from '../fixtures/told-run.ts'
import { LONDON, type Story, startedRun, story } from './story.ts'

/** Until 2026b nobody knew that Vancouver leaves its clocks alone from the winter of 2026 on. */
const BEFORE_2026B = { 'America/Vancouver': 'America/Los_Angeles' }
const VANCOUVER = 'America/Vancouver'

const lastDay = journeyOf([
  mail('see-you', { name: 'See you tomorrow', when: daysBefore(1), move: 'keep', reminds: true }),
])

afterEach(() => playZoneData({}))

async function plannedWithOldData() {
  playZoneData(BEFORE_2026B)
  const s = await story({ now: '2026-05-01T08:00:00Z' })
  await s.engine.db.tx('story.installation', 'platform', (sql) =>
    ensureInstallation(sql, s.engine.rng.uuid7(s.clock.now()), s.clock.now(), '2026a'),
  )
  await s.publishes('last-day', lastDay)
  const couple = async (zone: string) => {
    const { client } = await s.couple({ wedding: { on: '2026-12-05', zone: zone as never } })
    return { client, run: startedRun(await s.event(client, 'contract_signed')) }
  }
  const [anna, mia] = [await couple(VANCOUVER), await couple(LONDON)]
  return { s, anna, mia }
}

const withData = (s: Story, zoneData: string): Engine => ({
  ...s.engine,
  settings: { ...s.engine.settings, zoneData },
})
const due = async (s: Story, run: RunId) => (await s.due(run))?.slice(0, 16)
const revs = async (s: Story) =>
  (await s.session.query<{ rev: number }>('select rev from app.run order by run_id')).map((one) => one.rev)

test('the clocks of Vancouver have new rules: nine o’clock is nine o’clock there, and nobody else is touched', async () => {
  const { s, anna, mia } = await plannedWithOldData()
  expect([await due(s, anna.run), await due(s, mia.run)]).toEqual(['2026-12-04 17:00', '2026-12-04 09:00'])
  const before = await revs(s)

  playZoneData({})
  const engine = withData(s, '2026c')
  expect(await zoneDataOf(engine)).toEqual({ plans: '2026a', runtime: '2026c', is: 'newer' })
  expect(await renewZoneData(engine)).toMatchObject({ plans: '2026c', is: 'same' })

  expect([await due(s, anna.run), await due(s, mia.run)]).toEqual(['2026-12-04 16:00', '2026-12-04 09:00'])
  expect((await revs(s)).map((rev, index) => rev - before[index]!)).toEqual([1, 0])
  expect((await s.log(anna.run)).at(-1)?.because).toContain('"why":"zone_data"')
  await s.runUntil('2026-12-06T00:00:00Z')
  expect((await s.sentTo(anna.client)).map((one) => one.at)).toEqual(['2026-12-04T16:00:00.000Z'])
})

test('what is already past by the new rules was missed and goes at once, a reminder too', async () => {
  const { s, anna } = await plannedWithOldData()
  await s.runUntil('2026-12-04T16:20:00Z')
  playZoneData({})
  await renewZoneData(withData(s, '2026c'))
  await s.settle()
  expect((await s.sentTo(anna.client)).map((one) => one.at)).toEqual(['2026-12-04T16:20:00.000Z'])
})

test('killed in between it goes on where it stood, and the release is written when all is through', async () => {
  const { s, anna } = await plannedWithOldData()
  playZoneData({})
  const engine = withData(s, '2026c')
  const dies: Engine = {
    ...engine,
    db: {
      ...engine.db,
      tx: (name, ...more) =>
        name === 'bulk.part' ? Promise.reject(new Error('killed')) : engine.db.tx(name, ...more),
    },
  }
  await expect(renewZoneData(dies)).rejects.toThrow('killed')
  expect(await zoneDataOf(engine)).toMatchObject({ plans: '2026a', is: 'newer' })
  await Promise.all([renewZoneData(engine), renewZoneData(engine)])
  expect(await zoneDataOf(engine)).toMatchObject({ plans: '2026c', is: 'same' })
  expect(await due(s, anna.run)).toBe('2026-12-04 16:00')
  const jobs = await s.session.query<{ kind: string; state: string; done: number }>(
    'select kind, state, done from app.job',
  )
  expect(jobs).toEqual([{ kind: 'zone.data', state: 'done', done: 2 }])
})

test('a program that knows less than the plans changes nothing', async () => {
  const { s, anna } = await plannedWithOldData()
  const planned = await s.due(anna.run)
  playZoneData({})
  expect(await renewZoneData(withData(s, '2025b'))).toEqual({ plans: '2026a', runtime: '2025b', is: 'older' })
  expect(await s.due(anna.run)).toBe(planned)
})
