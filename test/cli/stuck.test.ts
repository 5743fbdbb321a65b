import { beforeEach, expect, test } from 'vitest'
import { type House, house } from '../../sim/house.ts'
import type { ClientId, RunId } from '../../src/core/ids.ts'
import { look, watch } from '../../src/engine/watch.ts'
import { headcount } from './place.ts'

/** What stands still is found, mended where nothing must be decided, and told once. */
let w: House
let anna: ClientId
let run: RunId
beforeEach(async () => {
  w = await house({ now: '2027-05-01T08:00:00Z' })
  await w.publish('headcount', headcount)
  const couple = await w.couple({ wedding: { on: '2027-06-12', zone: 'Europe/London' } })
  anna = couple.client
  run = couple.receipt.started[0]!.run
})

const open = () =>
  w.session.query<{ code: string; run_id: string | null }>(
    'select code, run_id from app.notice where settled_at is null order by code',
  )
const statusOf = async () =>
  (await w.session.query<{ status: string }>(`select status from app.run where run_id = '${run}'`))[0]?.status

test('a book in which everything moves gives nothing to do', async () => {
  const round = await watch(w.engine)
  expect({ ...round, still: round.still.length }).toEqual({
    lateRuns: [],
    lateEffects: [],
    still: 0,
    silentWorkers: [],
    raised: 0,
    settled: 0,
    healed: { orphans: 0, unread: 0, forgotten: 0, told: 0 },
  })
})

test('a run that was never told what became of its message is told, and goes on', async () => {
  await w.session.exec(
    `update app.run set status = 'active', due_at = null, state = replace(state, '"at":"wait"', '"at":"hello"') where run_id = '${run}'`,
  )
  const [row] = await w.session.query<{ state: string }>(`select state from app.run where run_id = '${run}'`)
  const [effect] = await w.session.query<{ name: string }>(
    `select name from app.effect where run_id = '${run}'`,
  )
  const state = JSON.parse(row!.state) as { tokens: object[] }
  state.tokens = [{ id: 1, at: 'hello', visit: 1, is: 'acting', effects: [effect!.name] }]
  await w.session.query('update app.run set state = $1 where run_id = $2', [JSON.stringify(state), run])
  expect((await look(w.engine)).still.map((one) => one.run_id)).toEqual([run])

  expect((await watch(w.engine)).healed.told).toBe(1)
  await w.settle()
  expect(await statusOf()).toBe('waiting')
  expect((await w.sentTo(anna)).length).toBe(1)
})

test('a run that nothing can move is told once, and settled when it moves again', async () => {
  await w.session.exec(`update app.run set status = 'active', due_at = null where run_id = '${run}'`)
  expect((await watch(w.engine)).raised).toBe(1)
  expect((await watch(w.engine)).raised).toBe(0)
  expect(await open()).toEqual([{ code: 'nothing_moves', run_id: run }])
  await w.session.exec(`update app.run set status = 'waiting' where run_id = '${run}'`)
  expect((await watch(w.engine)).settled).toBe(1)
  expect(await open()).toEqual([])
})

test('a letter nobody would read and a message nobody would send are brought back', async () => {
  await w.session.exec(`
    update app.run set inbox = 1, due_at = null where run_id = '${run}';
    insert into app.run_inbox (vendor_id, run_id, event) values ('${w.vendor}', '${run}', '{"is":"due","at":0}');
    update app.effect set state = 'planned', due_at = null, settled_at = null where run_id = '${run}'`)
  const { healed } = await watch(w.engine)
  expect([healed.unread, healed.forgotten]).toEqual([1, 1])
  await w.settle()
  expect(
    (await w.session.query<{ inbox: number }>(`select inbox from app.run where run_id = '${run}'`))[0]?.inbox,
  ).toBe(0)
})

test('the messages of a held run stay where they are', async () => {
  await w.session.exec(`
    update app.run set status = 'paused', due_at = null where run_id = '${run}';
    update app.effect set state = 'planned', due_at = null, settled_at = null where run_id = '${run}'`)
  expect((await watch(w.engine)).healed.forgotten).toBe(0)
})

test('what is due for two minutes and taken by nobody is told to its vendor, once, until it is over', async () => {
  await w.session.exec(`update app.run set due_at = '2027-05-01T07:57:00Z' where run_id = '${run}'`)
  expect((await watch(w.engine)).lateRuns).toEqual([{ vendor: w.vendor, run }])
  await watch(w.engine)
  expect(await open()).toEqual([{ code: 'due_and_unclaimed', run_id: null }])
  await w.settle()
  await watch(w.engine)
  expect(await open()).toEqual([])
})
