import { describe, expect, test } from 'vitest'
import type { ClientId, RunId } from '../../src/core/ids.ts'
import type { Command } from '../../src/core/run/event.ts'
import { instantFrom } from '../../src/core/time/instant.ts'
import { command } from '../../src/engine/control.ts'
import { ALL_BANDS, ALL_SHARDS } from '../../src/engine/engine.ts'
import { execute } from '../../src/engine/execute.ts'
import type { Senders } from '../../src/engine/senders.ts'
import { step, type Work } from '../../src/engine/step.ts'
import { openFields } from '../../src/engine/views.ts'
import { dueEffects } from '../../src/store/claims.ts'
import { journeyOf, mail, wait } from '../fixtures/told-run.ts'
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

  test('a pause that is taken back lets the message go that it had parked', async () => {
    const s = await story(BUSY)
    const run = await greeted(s)
    await takenBack(s, run, 'pause')
    expect(await unsent(s, run)).toEqual([{ state: 'retryable', due: true }])
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
})

/** Somebody gives an order while the provider is still thinking, and then it says "later". */
function interruptedBy(s: Story, run: RunId, wanted: Command): Senders {
  return {
    ...s.engine.senders,
    async send() {
      await command(s.engine, s.vendor, [run], wanted, 'owner')
      return { is: 'retry', cause: 'busy', afterMs: 60_000 }
    },
  }
}
