import { expect, test } from 'vitest'
import { type House, house } from '../../sim/house.ts'
import type { AttemptResult } from '../modules/runner.ts'
import { CommitUnknown, type Db } from '../ports.ts'
import { dueEffects, dueRuns } from '../store/claims.ts'
import { ALL_BANDS, ALL_SHARDS, type Engine } from './engine.ts'
import { execute } from './execute.ts'
import { receive } from './receive.ts'
import { step, type Work } from './step.ts'

/** Sends that go wrong on our own side of the wire: what they must not cost, and what they must not hide. */
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
  ],
  edges: [{ from: 'begin', to: 'mail' }],
}

async function planned(letters: number): Promise<House> {
  const w = await house({ now: '2027-05-01T12:00:00Z' })
  await w.publish('mail', mail)
  // All couples first: the house comes to rest after each.
  const clients = []
  for (let i = 0; i < letters; i += 1) clients.push((await w.couple({})).client)
  for (const client of clients)
    await receive(w.engine, w.vendor, {
      source: 'test',
      key: client,
      type: 'contract_signed',
      client,
      data: {},
    })
  const runs = await dueRuns(w.engine.db, ALL_SHARDS, ALL_BANDS, w.clock.now(), 100)
  await step(
    w.engine,
    runs.map((ref) => ({ ref })),
  )
  return w
}

/** Sends what is due, once, and writes what became of it. */
async function send(w: House, parts: Partial<Engine>): Promise<void> {
  const engine = { ...w.engine, ...parts }
  const outcomes: Work[] = []
  const refs = await dueEffects(w.engine.db, ALL_SHARDS, ALL_BANDS, w.clock.now(), 100)
  await execute(engine, refs, (work) => outcomes.push(work))
  await step(w.engine, outcomes)
}

const answering = (w: House, answers: readonly (AttemptResult | 'throw')[]): Engine['senders'] => {
  const left = [...answers]
  return {
    ...w.engine.senders,
    async send(job) {
      const answer = left.shift() ?? { is: 'done', exit: 'sent', ref: job.effect }
      if (answer === 'throw') throw new Error('the database is restarting')
      return answer
    },
  }
}
const effects = (w: House) =>
  w.session.query<{ state: string; attempt: number; resends: number; cause: string | null }>(
    'select state, attempt, resends, cause from app.effect order by effect_id',
  )

test('while its provider is not even asked, a message uses up none of its attempts', async () => {
  const w = await planned(1)
  const notAsked: AttemptResult = { is: 'retry', cause: 'breaker_open', afterMs: 5_000, notBegun: true }
  const failed: AttemptResult = { is: 'retry', cause: 'smtp_451', afterMs: null }
  const senders = answering(w, [...Array<AttemptResult>(10).fill(notAsked), failed, failed])
  for (let i = 0; i < 12; i += 1) {
    await send(w, { senders })
    w.clock.jump((w.clock.now() + 600_000) as never)
  }
  expect(await effects(w)).toEqual([{ state: 'retryable', attempt: 2, resends: 0, cause: 'smtp_451' }])
  await send(w, { senders })
  expect(await effects(w)).toEqual([{ state: 'accepted', attempt: 3, resends: 0, cause: null }])
  const attempts = await w.session.query<{ attempt: number; result: string }>(
    `select attempt, result from app.effect_attempt where result <> 'not_begun' order by fence`,
  )
  expect(attempts).toEqual([
    { attempt: 1, result: 'retryable' },
    { attempt: 2, result: 'retryable' },
    { attempt: 3, result: 'accepted' },
  ])
})

test('what has no room waits its turn unattempted, and soon has it', async () => {
  const w = await planned(5)
  const senders = { ...w.engine.senders, room: () => 2 }
  await send(w, { senders })
  expect((await effects(w)).map((one) => [one.state, one.attempt]).sort()).toEqual([
    ['accepted', 1],
    ['accepted', 1],
    ['planned', 0],
    ['planned', 0],
    ['planned', 0],
  ])
  for (let i = 0; i < 2; i += 1) {
    w.clock.jump((w.clock.now() + 1_000) as never)
    await send(w, { senders })
  }
  expect(w.sent).toHaveLength(5)
  expect((await effects(w)).every((one) => one.state === 'accepted' && one.attempt === 1)).toBe(true)
})

test('a lease whose commit nobody heard of is found again, and the message goes out once and at once', async () => {
  for (const committed of [true, false]) {
    const w = await planned(1)
    const intents: string[] = []
    const db: Db = {
      ...w.engine.db,
      async tx(name, scope, work) {
        if (name !== 'execute.intent' || intents.push(name) > 1) return w.engine.db.tx(name, scope, work)
        if (committed) await w.engine.db.tx(name, scope, work)
        throw new CommitUnknown('the line was cut')
      },
    }
    await send(w, { db })
    if (!committed) await send(w, { db })
    expect(await effects(w)).toEqual([{ state: 'accepted', attempt: 1, resends: 0, cause: null }])
    expect(w.sent).toHaveLength(1)
  }
})

test('a sender that breaks its promise and throws leaves an open question, not a message on its way for ever', async () => {
  const w = await planned(2)
  await send(w, { senders: answering(w, ['throw']), log: { ...w.engine.log, error: () => undefined } })
  expect((await effects(w)).map((one) => one.state).sort()).toEqual(['accepted', 'unknown'])
})
