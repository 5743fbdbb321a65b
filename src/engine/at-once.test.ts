import { expect, test } from 'vitest'
import { type House, house } from '../../sim/house.ts'
import type { EffectId } from '../core/ids.ts'
import { CommitUnknown, type Db } from '../ports.ts'
import { dueEffects, dueRuns } from '../store/claims.ts'
import type { AtOnce } from './at-once.ts'
import { command } from './control.ts'
import { ALL_BANDS, ALL_SHARDS, type Engine } from './engine.ts'
import { receive } from './receive.ts'
import { step, type Work } from './step.ts'

/** A worker with a free place sends in the commit that plans: sooner, and with every promise as before. */
const mail = {
  format: 1,
  name: 'Mail',
  category: 'planning',
  reentry: { always: { distance: { hours: 0 } } },
  nodes: [
    { id: 'begin', kind: 'trigger', type: 'contract_signed' },
    {
      id: 'mail',
      kind: 'module',
      type: 'email',
      version: 1,
      config: { subject: 'Hello', body: 'Hello' },
      class: 'transactional',
    },
    { id: 'wait', kind: 'delay', wait: { after: { days: 3 } } },
  ],
  edges: [
    { from: 'begin', to: 'mail' },
    { from: 'mail', to: 'wait' },
  ],
}
async function signed(): Promise<{ w: House }> {
  const w = await house({ now: '2027-05-01T12:00:00Z' })
  await w.publish('mail', mail)
  const { client } = await w.couple({})
  await receive(w.engine, w.vendor, { source: 'test', key: 'k', type: 'contract_signed', client, data: {} })
  return { w }
}

/** Counts transactions by name, and breaks the named one as told: the first time only. */
function noting(db: Db, broken?: { readonly name: string; readonly committed: boolean }) {
  const names: string[] = []
  const noted: Db = {
    ...db,
    read(name, scope, work) {
      names.push(name)
      return db.read(name, scope, work)
    },
    async tx(name, scope, work) {
      names.push(name)
      if (name !== broken?.name || names.filter((one) => one === name).length > 1)
        return db.tx(name, scope, work)
      if (broken.committed) await db.tx(name, scope, work)
      throw new CommitUnknown('the line was cut')
    },
  }
  return { names, noted }
}

/** One worker's places and what it still has to write. */
function places(free = Number.POSITIVE_INFINITY) {
  const outcomes: Work[] = []
  const taken = new Set<EffectId>()
  const calls: Promise<void>[] = []
  const atOnce: AtOnce = {
    seat: ({ effect }) => taken.size < free && taken.add(effect).has(effect),
    leave: (effect) => void taken.delete(effect),
    send(effects, begin) {
      calls.push(
        begin((work) => outcomes.push(work), {}).then(() => {
          for (const effect of effects) taken.delete(effect)
        }),
      )
    },
  }
  return { atOnce, outcomes, taken, ended: () => Promise.all(calls) }
}

const due = async (w: House): Promise<Work[]> =>
  (await dueRuns(w.engine.db, ALL_SHARDS, ALL_BANDS, w.clock.now(), 100)).map((ref) => ({ ref }))
const states = (w: House) =>
  w.session.query<{ state: string; attempt: number; parts: number; frozen: number }>(`
    select state, attempt,
           (select count(*)::int from app.effect_attempt a where a.effect_id = e.effect_id) as parts,
           (select count(*)::int from app.effect_content c where c.effect_id = e.effect_id) as frozen
      from app.effect e`)

test('the message of a turn leaves with its commit, and its outcome needs nothing read again', async () => {
  const { w } = await signed()
  const { names, noted } = noting(w.engine.db)
  const engine: Engine = { ...w.engine, db: noted }
  const worker = places()
  await step(engine, await due(w), worker.atOnce)
  await worker.ended()
  expect(await states(w)).toEqual([{ state: 'sending', attempt: 1, parts: 1, frozen: 1 }])
  expect(w.sent).toHaveLength(1)
  await step(engine, worker.outcomes, worker.atOnce)
  expect(await states(w)).toEqual([{ state: 'accepted', attempt: 1, parts: 1, frozen: 1 }])
  expect(names).toEqual(['step.load', 'step.people', 'step.commit', 'step.settle'])
  expect(worker.taken.size).toBe(0)
  const [run] = await w.session.query<{ status: string }>('select status from app.run')
  expect(run?.status).toBe('waiting')
})

test('without a place it is planned, and found due', async () => {
  const { w } = await signed()
  await step(w.engine, await due(w), places(0).atOnce)
  expect(await states(w)).toEqual([{ state: 'planned', attempt: 0, parts: 0, frozen: 0 }])
  expect(await dueEffects(w.engine.db, ALL_SHARDS, ALL_BANDS, w.clock.now(), 10)).toHaveLength(1)
})

test('a message that cannot be made is planned, for a person to see why, and keeps no place', async () => {
  const { w } = await signed()
  const worker = places()
  const senders: Engine['senders'] = {
    ...w.engine.senders,
    prepare: async () => ({ is: 'unresolved', fields: ['wedding.place'] }),
  }
  await step({ ...w.engine, senders }, await due(w), worker.atOnce)
  expect(await states(w)).toEqual([{ state: 'planned', attempt: 0, parts: 0, frozen: 0 }])
  expect(worker.taken.size).toBe(0)
})

test('a commit nobody heard of sends once, whether it held or not', async () => {
  for (const committed of [true, false]) {
    const { w } = await signed()
    const { noted } = noting(w.engine.db, { name: 'step.commit', committed })
    const engine: Engine = { ...w.engine, db: noted }
    const worker = places()
    await expect(step(engine, await due(w), worker.atOnce)).rejects.toThrow('the line was cut')
    // What is not known yet keeps its place: the same run, claimed again, begins nothing a second time.
    expect(worker.taken.size).toBe(1)
    await step(w.engine, await due(w), worker.atOnce)
    await worker.ended()
    await step(w.engine, worker.outcomes, worker.atOnce)
    await w.settle()
    expect(w.sent).toHaveLength(1)
    expect((await states(w)).map((one) => one.state)).toEqual(['accepted'])
    expect(worker.taken.size).toBe(0)
  }
})

test('who stops the journey while the message is being made is obeyed', async () => {
  const { w } = await signed()
  const worker = places()
  const [work] = await due(w)
  const senders: Engine['senders'] = {
    ...w.engine.senders,
    async prepare(job) {
      await command(w.engine, w.vendor, [work!.ref.run], { do: 'stop', reason: 'asked' }, 'Sophie')
      return w.engine.senders.prepare(job)
    },
  }
  await step({ ...w.engine, senders }, [work!], worker.atOnce)
  await worker.ended()
  await w.settle()
  expect(w.sent).toHaveLength(0)
  expect(await states(w)).toEqual([])
  expect(worker.taken.size).toBe(0)
})

test('an outcome whose run was written meanwhile is heard all the same', async () => {
  const { w } = await signed()
  const worker = places()
  const [work] = await due(w)
  await step(w.engine, [work!], worker.atOnce)
  await worker.ended()
  await command(w.engine, w.vendor, [work!.ref.run], { do: 'pause' }, 'Sophie')
  await step(w.engine, worker.outcomes, worker.atOnce)
  expect((await states(w)).map((one) => one.state)).toEqual(['accepted'])
  const [run] = await w.session.query<{ status: string }>('select status from app.run')
  expect(run?.status).toBe('paused')
})
