import { afterAll, beforeAll, expect, test } from 'vitest'
import { listMessages } from '../../src/contract/messages.ts'
import { commandRun, listRuns, readRun } from '../../src/contract/runs.ts'
import { holdEverything, readSending } from '../../src/contract/sending.ts'
import { readToday } from '../../src/contract/today.ts'
import type { VendorId } from '../../src/core/ids.ts'
import { holdNewcomers } from '../../src/engine/hold-everything.ts'
import { openStudio, type Studio, waiting } from './studio.ts'

/** One hand on everything: what has not left stays, what begins meanwhile waits, and all of it goes on afterwards. */
let studio: Studio
beforeAll(async () => {
  studio = await openStudio()
}, 60_000)
afterAll(() => studio.close())

const turn = async (held: boolean) =>
  (await studio.api(holdEverything, { params: studio.params, body: { held } })).data
const status = async (run: string) =>
  (await studio.api(readRun, { params: { ...studio.params, run } })).data.status
const written = async (client: string) => {
  const { data } = await studio.api(listMessages, { params: studio.params, query: { client } })
  return data.items.map(({ state }) => state)
}

test('everything is held at once and goes on afterwards; what was paused before stays paused', async () => {
  const { params, api } = studio
  const now = await studio.live(waiting(0, { name: 'At once' }))
  const later = await studio.live(waiting(5, { name: 'In five days' }))
  const [anna, ben, cleo, dora] = await Promise.all(
    ['Anna Planned', 'Ben Paused', 'Cleo New', 'Dora Waiting'].map((name) => studio.couple(name)),
  )
  // Planned, and not yet taken by anybody.
  const planned = await studio.start(anna!.client, now)
  const paused = await studio.start(ben!.client, later)
  await api(commandRun, { params: { ...params, run: paused }, body: { command: { do: 'pause' } } })
  const waits = await studio.start(dora!.client, later)

  const held = await turn(true)
  expect(held).toMatchObject({ leaves: false, held: { by: expect.stringMatching(/\S/) } })
  expect(await turn(true)).toEqual(held)
  const begun = await studio.start(cleo!.client, now)
  await studio.settle()
  for (const run of [planned, paused, begun, waits]) expect(await status(run)).toBe('paused')
  expect([await written(anna!.client), await written(cleo!.client)].flat()).not.toContain('accepted')
  // What is held because everything is, is said once; the one somebody paused is told of itself.
  expect((await api(readToday, { params })).data.held).toBe(1)
  const list = (await api(listRuns, { params, query: { status: 'held' } })).data.items
  expect(list.map(({ id }) => id)).toEqual([paused])

  expect((await turn(false)).held).toBeNull()
  await studio.settle()
  expect(await status(paused)).toBe('paused')
  expect(await status(waits)).toBe('waiting')
  for (const run of [planned, begun]) expect(await status(run)).toBe('completed')
  for (const { client } of [anna!, cleo!]) expect(await written(client)).toEqual(['accepted'])
  expect((await api(readSending, { params })).data.held).toBeNull()
})

test('a journey that began in the very moment, and did not see the brake, is held by the watchman', async () => {
  const journey = await studio.live(waiting(5, { name: 'In the same moment' }))
  const { client } = await studio.couple('Emma Meanwhile')
  const run = await studio.start(client, journey)
  await turn(true)
  await studio.settle()
  // As a beginning leaves it that was committed by another process after the hold had looked round.
  await studio.office.admin.query(
    `update app.run set state = replace(state, ',"holds":["everything"]', ''), status = 'waiting' where run_id = $1`,
    [run],
  )
  expect(await status(run)).toBe('waiting')
  const { engine } = studio.office.house
  expect(await holdNewcomers(engine, [studio.vendor as VendorId])).toBe(1)
  await studio.settle()
  expect(await status(run)).toBe('paused')
  expect(await holdNewcomers(engine, [studio.vendor as VendorId])).toBe(0)
  await turn(false)
})
