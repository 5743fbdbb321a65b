import { afterAll, beforeAll, expect, test } from 'vitest'
import { instantFrom, plusMs } from '../../src/core/time/instant.ts'
import { addCouple } from '../../src/engine/clients.ts'
import { dispatchOf } from '../../src/engine/dispatch.ts'
import type { Ring } from '../../src/ports.ts'
import { listen } from '../../src/postgres/listen.ts'
import { placesOf } from '../../src/queue/following.ts'
import {
  type NotifyDoorbell,
  notifyDoorbell,
  RING_CHANNEL,
  readRings,
  written,
} from '../../src/queue/notify.ts'
import {
  begin,
  copies,
  coupleOf,
  type ServerStage,
  serverStage,
  tellingLog,
  until,
  vendorWith,
} from './stage.ts'

let stage: ServerStage
beforeAll(async () => {
  stage = await serverStage()
})
afterAll(() => stage.stop())

async function doorbell() {
  const house = stage.open()
  const heard: { ring: Ring; how: string | undefined }[] = []
  let ready = false
  const bell: NotifyDoorbell = notifyDoorbell(house.engine.db, tellingLog, (onHint) =>
    listen(stage.target, [RING_CHANNEL], tellingLog, onHint, () => {
      ready = true
    }),
  )
  await until(() => ready)
  return {
    bell,
    heard,
    hear: (takes: boolean) =>
      bell.onRing((ring, how) => {
        heard.push({ ring, how })
        return takes
      }),
    async close() {
      await bell.close()
      await house.close()
    },
  }
}

test('what nobody here takes is heard by all other processes; the first at once, the rest four times a second', async () => {
  const ringer = await doorbell()
  const hearer = await doorbell()
  hearer.hear(true)
  const startedAt = performance.now()
  ringer.bell.ring([{ of: 'runs', shard: 12, band: 0 }])
  await until(() => hearer.heard.length === 1)
  expect(performance.now() - startedAt).toBeLessThan(200)
  expect(hearer.heard[0]).toEqual({ ring: { of: 'runs', shard: 12, band: 0 }, how: 'by_all' })

  const notifications: string[] = []
  const line = listen(
    stage.target,
    [RING_CHANNEL],
    tellingLog,
    (_, payload) => notifications.push(payload),
    () => undefined,
  )
  await new Promise((resolve) => setTimeout(resolve, 500))
  for (let i = 0; i < 100; i += 1) {
    ringer.bell.ring([{ of: 'effects', shard: i % 64, band: 3 }])
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  await until(() => new Set(hearer.heard.map((one) => one.ring.shard)).size === 64)
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(notifications.length).toBeLessThanOrEqual(5)
  await line.close()
  await ringer.close()
  await hearer.close()
})

test('what the worker of this process takes is not told to others', async () => {
  const here = await doorbell()
  const there = await doorbell()
  here.hear(true)
  there.hear(true)
  here.bell.ring([{ of: 'runs', shard: 1, band: 1 }])
  await until(() => here.heard.length === 1)
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(here.heard[0]?.how).toBe('alone')
  expect(there.heard).toEqual([])
  await here.close()
  await there.close()
})

test('all rings there are fit into one notification, and what is no ring is passed over', () => {
  const all = (['runs', 'effects'] as const).flatMap((of) =>
    Array.from({ length: 256 }, (_, i) => ({ of, shard: i % 64, band: i >> 6 })),
  )
  expect(written(all).length).toBeLessThan(8_000)
  expect(readRings(written(all))).toEqual(all)
  expect(readRings('r64.0 r1.4 x1.1 r1 drop table; r1.1')).toEqual([{ of: 'runs', shard: 1, band: 1 }])
})

test('where the weddings of the coming week are, each business by its own place or that of the wedding', async () => {
  const { engine, close } = stage.open()
  const vendor = await vendorWith(engine, 'step')
  const people = [{ ref: 'partner_a', name: 'Anna' }]
  const married = [
    { on: '2027-06-12', zone: 'Europe/Rome', region: 'IT' },
    { on: '2027-06-13' },
    { on: '2027-08-07', zone: 'Europe/Paris', region: 'FR' },
  ]
  for (const [nth, wedding] of married.entries())
    await addCouple(engine, vendor, { people, wedding }, { source: 'test', key: `place-${nth}` })
  const places = await placesOf(engine.db, instantFrom('2027-06-10T09:00:00Z'))
  expect(places.map(({ region, zone, weddings }) => [region, zone, [...weddings].sort()]).sort()).toEqual([
    ['GB', 'Europe/London', ['2027-06-13']],
    ['IT', 'Europe/Rome', ['2027-06-12']],
  ])
  await close()
})

test('a piece of work knows its position and when it will probably begin', async () => {
  const { engine, close } = stage.open()
  const vendor = await vendorWith(engine, 'step')
  const run = await begin(engine, vendor, await coupleOf(engine, vendor))
  const due = plusMs(engine.clock.now(), -60_000)
  await stage.session.query('update app.run set band = 2, due_at = $2::timestamptz where run_id = $1::uuid', [
    run,
    new Date(due).toISOString(),
  ])
  await copies(stage.session, run, 10, { due: plusMs(due, -1_000), band: 2 })
  await copies(stage.session, run, 20, { due: plusMs(due, 1_000), band: 2 })
  await copies(stage.session, run, 30, { due: plusMs(due, 1_000), band: 0 })
  await copies(stage.session, run, 40, { due: plusMs(due, -1_000), band: 3 })
  const now = engine.clock.now()
  expect(await dispatchOf(engine.db, { vendor, run }, now, 20)).toEqual({
    due,
    position: 41,
    orMore: false,
    startsAt: plusMs(now, 2_000),
  })
  await close()
})
