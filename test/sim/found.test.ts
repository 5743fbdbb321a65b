import { describe, expect, test } from 'vitest'
import type { ClientId, RunId, WeddingId } from '../../src/core/ids.ts'
import type { Command } from '../../src/core/run/event.ts'
import { instantFrom } from '../../src/core/time/instant.ts'
import type { LocalDate } from '../../src/core/time/local.ts'
import { changeDetails, undoDetails } from '../../src/engine/change-details.ts'
import { command } from '../../src/engine/control.ts'
import { ALL_BANDS, ALL_SHARDS } from '../../src/engine/engine.ts'
import { execute } from '../../src/engine/execute.ts'
import { receive } from '../../src/engine/receive.ts'
import type { Senders } from '../../src/engine/senders.ts'
import { step, type Work } from '../../src/engine/step.ts'
import { openFields } from '../../src/engine/views.ts'
import { dueEffects, dueRuns } from '../../src/store/claims.ts'
import { settleEffects } from '../../src/store/effects.ts'
import { deliver } from '../../src/store/runs.ts'
import { daysBefore, journeyOf, mail, wait } from '../fixtures/told-run.ts'
import { LONDON, type Story, startedRun, story } from '../stories/story.ts'

/** What the simulator has found, small enough for a person to follow: each was red before its repair. */
const wedding = { on: '2027-06-12', zone: LONDON }
const BUSY = { now: '2026-12-01T09:00:00Z', busyUntil: '2026-12-01T09:30:00Z' }

/** Which messages are not sent yet, and whether their moment will come. */
const unsent = (s: Story, run: RunId) =>
  s.session.query<{ state: string; due: boolean }>(
    `select state, due_at is not null as due from app.effect where run_id = '${run}' and state in ('planned', 'retryable')`,
  )

async function fieldsOf(s: Story, client: ClientId) {
  const [row] = await s.session.query<{ fields: Uint8Array }>(
    `select fields from app.client where client_id = '${client}'`,
  )
  return openFields(s.engine.vault, s.vendor, client, row!.fields)
}

async function greeted(s: Story): Promise<RunId> {
  await s.publishes('hello', journeyOf([mail('hello', { delivery: 'at_least_once' })], []))
  const anna = await s.couple({ wedding })
  const run = startedRun(await s.event(anna.client, 'contract_signed'))
  await s.runUntil('2026-12-01T09:00:10Z')
  return run
}

async function takenBack(s: Story, run: RunId, wanted: 'pause' | 'resume'): Promise<void> {
  const result = await s.commands(run, { do: wanted })
  if (result.is !== 'obeyed') throw new Error(`${wanted} was refused: ${result.why}`)
  await s.takesCommandBack(result.command)
}

describe('found by the simulator', () => {
  test('a field that a journey sets leaves the other fields of the couple as they were', async () => {
    const s = await story({ now: '2026-12-01T09:00:00Z' })
    const mood = { id: 'mood', kind: 'action', do: { setField: 'mood', value: 'happy' } }
    await s.publishes('mood', journeyOf([mood], []))
    const fields = { budget: 20_000, style: 'rustic' }
    const anna = await s.couple({ wedding, fields })
    await s.event(anna.client, 'contract_signed')
    expect(await fieldsOf(s, anna.client)).toEqual({ ...fields, mood: 'happy' })
  })

  test.each([{ do: 'stop', reason: 'by mistake' }, { do: 'pause' }] as const)(
    'what had arrived before a $do is not forgotten when it is taken back',
    async (wanted) => {
      const s = await story({ now: '2026-12-01T09:00:00Z' })
      const paid = {
        id: 'paid',
        kind: 'await',
        for: { event: 'payment_received' },
        timeout: { after: { days: 30 } },
      }
      await s.publishes('thanks', journeyOf([paid, mail('thanks')], ['paid.happened>thanks']))
      const anna = await s.couple({ wedding })
      const run = startedRun(await s.event(anna.client, 'contract_signed'))
      // The payment lies in the inbox, unread, when somebody lays hands on the journey by mistake.
      await receive(s.engine, s.vendor, {
        source: 'bank',
        key: 'payment-1',
        type: 'payment_received',
        client: anna.client,
        data: {},
      })
      const stopped = await s.commands(run, wanted)
      if (stopped.is !== 'obeyed') throw new Error(stopped.why)
      await s.takesCommandBack(stopped.command)
      await s.runUntil('2026-12-02T09:00:00Z')
      expect(await s.told(anna.client)).toEqual(['2026-12-01 09:00 thanks → partner_a'])
    },
  )

  test('a pause that is taken back lets the message go that it had parked', async () => {
    const s = await story(BUSY)
    const run = await greeted(s)
    await takenBack(s, run, 'pause')
    expect(await unsent(s, run)).toEqual([{ state: 'retryable', due: true }])
  })

  test('a pause that is taken back does not hurry a provider that has said "later"', async () => {
    const s = await story(BUSY)
    const run = await greeted(s)
    const dueOf = () =>
      s.session.query<{ due: string }>(`select due_at::text as due from app.effect where run_id = '${run}'`)
    const before = await dueOf()
    await takenBack(s, run, 'pause')
    expect(await dueOf()).toEqual(before)
  })

  test('a resume that is taken back parks the message again', async () => {
    const s = await story(BUSY)
    const run = await greeted(s)
    await s.commands(run, { do: 'pause' })
    await takenBack(s, run, 'resume')
    expect(await unsent(s, run)).toEqual([{ state: 'retryable', due: false }])
  })

  test('a held journey keeps its updated message to itself when the wedding moves once more', async () => {
    const s = await story({
      now: '2026-12-01T09:00:00Z',
      busyFrom: '2026-12-02T09:00:00Z',
      busyUntil: '2026-12-02T10:00:00Z',
    })
    const invite = mail('invite', {
      when: { before: { weeks: 60 }, of: 'wedding' },
      late: 'send_now',
      move: 'resend',
    })
    const later = wait('later', { after: { days: 40 } })
    await s.publishes('invite', journeyOf([invite, later], ['invite>later']))
    const anna = await s.couple({ wedding })
    const run = startedRun(await s.event(anna.client, 'contract_signed'))
    expect(await s.told(anna.client)).toHaveLength(1)

    await s.runUntil('2026-12-02T09:00:00Z')
    await s.moves(anna.wedding, '2027-06-19')
    await s.runUntil('2026-12-02T09:11:00Z')
    expect(await unsent(s, run)).toEqual([{ state: 'retryable', due: true }])
    await s.commands(run, { do: 'pause' })
    await s.moves(anna.wedding, '2027-06-26')
    expect(await unsent(s, run)).toEqual([])
    await s.runUntil('2026-12-05T09:00:00Z')
    expect(await s.told(anna.client)).toHaveLength(1)
    await s.commands(run, { do: 'resume' })
    await s.runUntil('2026-12-06T09:00:00Z')
    expect(await s.told(anna.client)).toHaveLength(2)
  })

  test('a journey that was stopped does not send a second copy of a message nobody can know of', async () => {
    const s = await story({ now: '2026-12-01T09:00:00Z', repliesLost: true })
    const run = await greeted(s)
    await s.commands(run, { do: 'stop', reason: 'the couple has asked for it' })
    await s.runUntil('2026-12-02T09:00:00Z')
    expect(s.sent).toHaveLength(1)
    const [row] = await s.session.query<{ state: string }>(
      `select state from app.effect where run_id = '${run}'`,
    )
    expect(row!.state).toBe('unresolved')
  })

  test.each([
    ['stop', { do: 'stop', reason: 'enough' }, { state: 'cancelled', due: false }],
    ['skip', { do: 'skip' }, { state: 'cancelled', due: false }],
    ['pause', { do: 'pause' }, { state: 'retryable', due: false }],
  ] as const)('a message that is being sent at a %s is not tried again', async (_name, wanted, expected) => {
    const s = await story(BUSY)
    const run = await greeted(s)
    s.clock.jump(instantFrom('2026-12-01T09:20:00Z'))
    const outcomes: Work[] = []
    const due = await dueEffects(s.engine.db, ALL_SHARDS, ALL_BANDS, s.clock.now(), 10)
    expect(due).toHaveLength(1)
    const senders = interruptedBy(s, run, wanted)
    await execute({ ...s.engine, senders }, due, (work) => outcomes.push(work))
    await step(s.engine, outcomes)
    const rows = await s.session.query(
      `select state, due_at is not null as due from app.effect where run_id = '${run}'`,
    )
    expect(rows).toEqual([expected])
  })

  describe('a wedding that moves while a message is on its way', () => {
    const soon = mail('soon', { when: daysBefore(189) })
    const MOMENT = '2026-12-05T09:00:00Z'
    const move = (s: Story, of: { wedding: WeddingId | null }) =>
      changeDetails(
        s.engine,
        s.vendor,
        [{ wedding: of.wedding!, anchors: { wedding: { is: 'day', on: '2027-09-11' as LocalDate } } }],
        'owner',
      )

    async function onItsWay(during: (s: Story, of: { wedding: WeddingId | null }) => Promise<void>) {
      const s = await story({ now: '2026-12-01T09:00:00Z' })
      await s.publishes('soon', journeyOf([soon], []))
      const anna = await s.couple({ wedding })
      const run = startedRun(await s.event(anna.client, 'contract_signed'))
      s.clock.jump(instantFrom(MOMENT))
      const [ref] = await dueRuns(s.engine.db, ALL_SHARDS, ALL_BANDS, s.clock.now(), 10)
      await step(s.engine, [{ ref: ref! }])
      const due = await dueEffects(s.engine.db, ALL_SHARDS, ALL_BANDS, s.clock.now(), 10)
      expect(due).toHaveLength(1)
      const outcomes: Work[] = []
      const send: Senders['send'] = async () => {
        await during(s, anna)
        return { is: 'retry', cause: 'busy', afterMs: 60_000 }
      }
      const senders = { ...s.engine.senders, send }
      await execute({ ...s.engine, senders }, due, (work) => outcomes.push(work))
      await step(s.engine, outcomes)
      return { s, anna, run }
    }

    test('waits for its new day when its provider says "later"', async () => {
      const { s, anna } = await onItsWay(async (s, anna) => void (await move(s, anna)))
      await s.runUntil('2027-03-01T09:00:00Z')
      expect(await s.told(anna.client)).toEqual([])
      await s.runUntil('2027-03-10T09:00:00Z')
      expect(await s.told(anna.client)).toEqual(['2027-03-06 09:00 soon → partner_a'])
    })

    test('is sent once on its old day when the move is taken back', async () => {
      const { s, anna } = await onItsWay(async (s, anna) => {
        const { changes } = await move(s, anna)
        await undoDetails(s.engine, s.vendor, changes[0]!, 'owner')
      })
      await s.runUntil('2026-12-06T09:00:00Z')
      expect(await s.told(anna.client)).toHaveLength(1)
      await s.runUntil('2027-06-01T09:00:00Z')
      expect(await s.told(anna.client)).toHaveLength(1)
    })

    test('is parked no more but taken back when its journey is held as well', async () => {
      const { s, anna, run } = await onItsWay(async (s, anna) => {
        await move(s, anna)
        const [one] = await s.session.query<{ run_id: RunId }>('select run_id from app.run')
        await command(s.engine, s.vendor, [one!.run_id], { do: 'pause' }, 'owner')
      })
      expect(await unsent(s, run)).toEqual([])
      await s.commands(run, { do: 'resume' })
      await s.runUntil('2027-03-01T09:00:00Z')
      expect(await s.told(anna.client)).toEqual([])
      await s.runUntil('2027-03-10T09:00:00Z')
      expect(await s.told(anna.client)).toHaveLength(1)
    })
  })

  test('of two who are told apart each hears the date that is true, and each update has a number of its own', async () => {
    const s = await story({ now: '2026-12-01T09:00:00Z' })
    const both = mail('invite', { when: daysBefore(189), move: 'resend' })
    const later = wait('later', { after: { days: 60 } })
    await s.publishes('invite', journeyOf([both, later], ['invite>later']))
    const anna = await s.couple({
      wedding,
      people: [
        { ref: 'partner_a', name: 'Anna Ashworth', email: 'anna@example.org' },
        { ref: 'partner_b', name: 'Ben Ashworth', email: 'ben@example.org' },
      ],
    })
    const run = startedRun(await s.event(anna.client, 'contract_signed'))
    await s.runUntil('2026-12-04T00:00:00Z')
    s.clock.jump(instantFrom('2026-12-05T09:00:00Z'))
    const [ref] = await dueRuns(s.engine.db, ALL_SHARDS, ALL_BANDS, s.clock.now(), 10)
    await step(s.engine, [{ ref: ref! }])
    const due = await dueEffects(s.engine.db, ALL_SHARDS, ALL_BANDS, s.clock.now(), 10)
    expect(due).toHaveLength(2)
    // Anna's provider takes it; Ben's says "later", and between the two their wedding moves.
    const outcomes: Work[] = []
    const send: Senders['send'] = async (job) => {
      if (job.recipient.ref === 'partner_a') return s.engine.senders.send(job)
      await changeDetails(
        s.engine,
        s.vendor,
        [{ wedding: anna.wedding!, anchors: { wedding: { is: 'day', on: '2027-06-26' as LocalDate } } }],
        'owner',
      )
      return { is: 'retry', cause: 'busy', afterMs: 60_000 }
    }
    await execute({ ...s.engine, senders: { ...s.engine.senders, send } }, due, (work) => outcomes.push(work))
    await step(s.engine, outcomes)
    await s.runUntil('2026-12-06T09:00:00Z')
    await s.runUntil('2026-12-20T09:00:00Z')
    await s.moves(anna.wedding, '2027-07-03')
    await s.runUntil('2027-01-05T09:00:00Z')
    expect(await s.told(anna.client)).toEqual([
      '2026-12-05 09:00 invite → partner_a',
      '2026-12-05 09:10 invite → partner_a',
      '2026-12-19 09:00 invite → partner_b',
      '2026-12-20 09:10 invite → partner_a',
      '2026-12-20 09:10 invite → partner_b',
    ])
    expect(await s.status(run)).toBe('waiting')
  })

  test('a second copy is not sent of what nobody knows of once the wedding has moved', async () => {
    const s = await story({ now: '2026-12-05T08:00:00Z', repliesLost: true })
    const soon = mail('soon', { when: daysBefore(189), delivery: 'at_least_once' })
    await s.publishes('soon', journeyOf([soon], []))
    const anna = await s.couple({ wedding })
    const run = startedRun(await s.event(anna.client, 'contract_signed'))
    await s.runUntil('2026-12-05T09:00:30Z')
    expect(s.sent).toHaveLength(1)
    await s.moves(anna.wedding, '2027-09-11')
    await s.runUntil('2026-12-06T09:00:00Z')
    expect(s.sent).toHaveLength(1)
    expect(await s.session.query(`select state from app.effect where run_id = '${run}'`)).toEqual([
      { state: 'unresolved' },
    ])
  })

  test('a second copy is not sent of what nobody knows of to somebody who has unsubscribed meanwhile', async () => {
    const s = await story({ now: '2026-12-05T09:00:00Z', repliesLost: true })
    const form = mail('form', { delivery: 'at_least_once', class: 'relationship' })
    await s.publishes('form', journeyOf([form], []))
    const anna = await s.couple({ wedding })
    const run = startedRun(await s.event(anna.client, 'contract_signed'))
    await s.runUntil('2026-12-05T09:00:10Z')
    expect(s.sent).toHaveLength(1)
    await s.unsubscribes('anna@example.org', 'relationship')
    await s.runUntil('2026-12-06T09:00:00Z')
    expect(s.sent).toHaveLength(1)
    expect(await s.session.query(`select state from app.effect where run_id = '${run}'`)).toEqual([
      { state: 'unresolved' },
    ])
  })

  test('a skip is not taken back once the wedding has moved, for what had ended knows nothing of it', async () => {
    const s = await story({ now: '2026-12-05T08:00:00Z' })
    await s.publishes('soon', journeyOf([mail('soon', { when: daysBefore(150) })], []))
    const anna = await s.couple({ wedding })
    const run = startedRun(await s.event(anna.client, 'contract_signed'))
    await s.runUntil('2026-12-05T09:00:00Z')
    const skipped = await s.commands(run, { do: 'skip' })
    expect(await s.status(run)).toBe('completed')
    await s.moves(anna.wedding, '2027-09-11')
    const order = skipped.is === 'obeyed' ? skipped.command : ''
    await expect(s.takesCommandBack(order)).rejects.toThrow('The wedding has moved since')
    await s.runUntil('2027-03-01T09:00:00Z')
    expect(await s.told(anna.client)).toEqual([])
  })

  test('a skip that is taken back has the message sent that it had caught on its way', async () => {
    const s = await story(BUSY)
    const run = await greeted(s)
    s.clock.jump(instantFrom('2026-12-01T09:25:00Z'))
    const outcomes: Work[] = []
    const due = await dueEffects(s.engine.db, ALL_SHARDS, ALL_BANDS, s.clock.now(), 10)
    const orders: string[] = []
    const senders = interruptedBy(s, run, { do: 'skip' }, orders)
    await execute({ ...s.engine, senders }, due, (work) => outcomes.push(work))
    s.clock.jump(instantFrom('2026-12-01T09:25:05Z'))
    await step(s.engine, outcomes)
    s.clock.jump(instantFrom('2026-12-01T09:31:00Z'))
    await s.takesCommandBack(orders[0]!)
    await s.runUntil('2026-12-02T09:00:00Z')
    expect(s.sent).toHaveLength(1)
    expect(await s.status(run)).toBe('completed')
  })

  test('a call that says too late that it was never begun does not give back its number', async () => {
    const s = await story(BUSY)
    const run = await greeted(s)
    s.clock.jump(instantFrom('2026-12-01T09:20:00Z'))
    const due = await dueEffects(s.engine.db, ALL_SHARDS, ALL_BANDS, s.clock.now(), 10)
    const outcomes: Work[] = []
    await execute(s.engine, due, (work) => outcomes.push(work))
    const { settled } = outcomes[0]!.settlements![0]!
    await s.engine.db.tx('test.settle', { vendors: [s.vendor] }, async (sql) => {
      const now = s.clock.now()
      // Nobody had heard of it in time: its provider was asked, knew nothing, and it is tried again.
      await settleEffects(sql, now, [{ ...settled, state: 'retryable', due: now, cause: 'not_found' }])
      const late = { ...settled, state: 'retryable', cause: 'began_too_late' } as const
      expect(await settleEffects(sql, now, [{ ...late, notBegun: { resend: false } }])).toEqual(new Set())
    })
    const [row] = await s.session.query<{ attempt: number; result: string }>(
      `select e.attempt, a.result from app.effect e join app.effect_attempt a using (vendor_id, effect_id, attempt)
        where e.run_id = '${run}'`,
    )
    expect(row).toEqual({ attempt: settled.attempt, result: 'retryable' })
  })

  test('a stop that comes with the news of the message before stops the next message too', async () => {
    const s = await story({ now: '2026-12-01T09:00:00Z' })
    await s.publishes('two', journeyOf([mail('first'), mail('second')], ['first>second']))
    const anna = await s.couple({ wedding })
    await receive(s.engine, s.vendor, {
      source: 'test',
      key: 'signed',
      type: 'contract_signed',
      client: anna.client,
      data: {},
    })
    const [ref] = await dueRuns(s.engine.db, ALL_SHARDS, ALL_BANDS, s.clock.now(), 10)
    await step(s.engine, [{ ref: ref! }])
    const due = await dueEffects(s.engine.db, ALL_SHARDS, ALL_BANDS, s.clock.now(), 10)
    const outcomes: Work[] = []
    await execute(s.engine, due, (work) => outcomes.push(work))
    // The outcome lies in the box when the order comes: both are read in one commit.
    const news = outcomes[0]!.settlements![0]!
    await s.engine.db.tx('test.deliver', { vendors: [s.vendor] }, async (sql) => {
      await settleEffects(sql, s.clock.now(), [news.settled])
      await deliver(sql, s.clock.now(), [{ ref: ref!, event: JSON.stringify(news.event) }])
    })
    await command(s.engine, s.vendor, [ref!.run], { do: 'stop', reason: 'enough' }, 'owner')
    await s.runUntil('2026-12-03T09:00:00Z')
    expect(await s.subjects(anna.client)).toHaveLength(1)
  })
})

/** Somebody gives an order while the provider is still thinking, and then it says "later". */
function interruptedBy(s: Story, run: RunId, wanted: Command, orders: string[] = []): Senders {
  return {
    ...s.engine.senders,
    async send() {
      const [result] = await command(s.engine, s.vendor, [run], wanted, 'owner')
      if (result?.is === 'obeyed') orders.push(result.command)
      return { is: 'retry', cause: 'busy', afterMs: 60_000 }
    },
  }
}
