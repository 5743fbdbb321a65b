import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listEvents } from '../../src/contract/events.ts'
import { makeKey } from '../../src/contract/keys.ts'
import { readRun } from '../../src/contract/runs.ts'
import {
  answerApproval,
  finishTask,
  listApprovals,
  listDeadLetters,
  listNotices,
  listTasks,
  readToday,
  requeueDeadLetters,
  settleNotice,
} from '../../src/contract/work.ts'
import { URL_HERE } from '../accounts/office.ts'
import { email, openStudio, refusal, type Studio, waiting } from './studio.ts'

let s: Studio
let journey: string
beforeAll(async () => {
  s = await openStudio()
  journey = await s.live({
    ...waiting(0),
    name: 'Asks first',
    nodes: [
      { id: 'begin', kind: 'trigger', type: 'manual' },
      { id: 'may_i', kind: 'approval', ask: 'Is the gallery ready?', timeout: { after: { days: 3 } } },
      email('hello', { name: 'The hello' }),
      {
        id: 'call',
        kind: 'action',
        do: { task: { title: 'Call them', gate: true, due: { after: { days: 2 } } } },
      },
      { id: 'done', kind: 'end' },
    ],
    edges: [
      { from: 'begin', to: 'may_i' },
      { from: 'may_i', exit: 'approved', to: 'hello' },
      { from: 'may_i', exit: 'skipped', to: 'done' },
      { from: 'may_i', exit: 'timeout', to: 'done' },
      { from: 'hello', to: 'call' },
      { from: 'call', to: 'done' },
    ],
  })
}, 60_000)
afterAll(() => s.close())
const statusOf = async (run: string) => (await s.api(readRun, { params: { ...s.params, run } })).data.status

describe('today', () => {
  test('asks for a yes, then for a task, and the journey goes on with each', async () => {
    const { client } = await s.couple('Yara Yes')
    const run = await s.start(client, journey)
    await s.settle()
    const { data: today } = await s.api(readToday, { params: s.params })
    expect([today.approvals, today.tasks, today.zone]).toEqual([1, 0, 'Europe/London'])
    const { data: approvals } = await s.api(listApprovals, { params: s.params })
    const [ask] = approvals.items
    expect([ask!.run, ask!.names, ask!.ask, approvals.total]).toEqual([
      run,
      'Yara Yes',
      'Is the gallery ready?',
      1,
    ])
    const here = { ...s.params, run }
    await s.api(answerApproval, { params: here, body: { name: ask!.name, answer: 'approved' } })
    const again = s.api(answerApproval, { params: here, body: { name: ask!.name, answer: 'skipped' } })
    expect((await refusal(again)).code).toBe('conflict')
    await s.settle()
    const { data: tasks } = await s.api(listTasks, { params: s.params })
    const [task] = tasks.items
    expect([task!.title, task!.names, task!.overdue, tasks.total]).toEqual([
      'Call them',
      'Yara Yes',
      false,
      1,
    ])
    await s.api(finishTask, { params: here, body: { name: task!.name } })
    await s.settle()
    expect(await statusOf(run)).toBe('completed')
    const after = await s.api(readToday, { params: s.params })
    expect([after.data.approvals, after.data.tasks]).toEqual([0, 0])
    const told = await s.office.admin.query<{ action: string; actor: string }>(
      `select action, actor from app.audit where subject = $1 and action in ('approval.approved', 'task.done') order by audit_id`,
      [run],
    )
    expect(told.map((one) => one.action)).toEqual(['approval.approved', 'task.done'])
    expect(told.every((one) => one.actor.startsWith('member:'))).toBe(true)
  })

  test('a no leaves the message out', async () => {
    const { client } = await s.couple('Nora No')
    const run = await s.start(client, journey)
    await s.settle()
    const [ask] = (await s.api(listApprovals, { params: s.params })).data.items
    await s.api(answerApproval, {
      params: { ...s.params, run },
      body: { name: ask!.name, answer: 'skipped' },
    })
    await s.settle()
    expect(await statusOf(run)).toBe('completed')
  })

  test('names this week’s weddings, and who only looks cannot answer', async () => {
    const on = new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10)
    const { wedding } = await s.couple('Wanda Weekend', { wedding: { on, zone: 'Europe/London' } })
    const { data } = await s.api(readToday, { params: s.params })
    expect(data.weddings).toContainEqual(expect.objectContaining({ wedding, names: 'Wanda Weekend', on }))
    const { client } = await s.couple('Vera Viewer')
    const run = await s.start(client, journey)
    const { data: key } = await s.api(makeKey, {
      params: s.params,
      body: { name: 'wall', scopes: ['work:read'] },
    })
    const answer = s.office.program(key.secret)(finishTask, {
      params: { ...s.params, run },
      body: { name: 'anything' },
    })
    expect((await refusal(answer)).code).toBe('forbidden')
  })

  test('what could not be sent is told by kind and cause, and goes again under its key', async () => {
    const { client } = await s.couple('Dede Dead')
    const run = await s.start(
      client,
      await s.live({
        ...waiting(0),
        name: 'Fails',
        nodes: [
          { id: 'begin', kind: 'trigger', type: 'manual' },
          email('hello'),
          { id: 'done', kind: 'end' },
        ],
        edges: [
          { from: 'begin', to: 'hello' },
          { from: 'hello', to: 'done' },
        ],
      }),
    )
    await s.settle()
    const [row] = await s.office.admin.query<{ effect_id: string; key: string }>(
      `update app.effect set state = 'rejected' where run_id = $1 returning effect_id, encode(effect_key, 'hex') as key`,
      [run],
    )
    await s.office.admin.query(
      `insert into app.dead_letter (vendor_id, effect_id, run_id, kind, cause, detail, at)
       values ($1, $2, $3, 'email@1', 'mailbox_full', '452 full', now())`,
      [s.vendor, row!.effect_id, run],
    )
    const { data } = await s.api(listDeadLetters, { params: s.params })
    expect(data.kinds).toMatchObject([{ kind: 'email@1', cause: 'mailbox_full', count: 1 }])
    expect(data.items[0]).toMatchObject({ message: row!.effect_id, run, detail: '452 full' })
    const again = await s.api(requeueDeadLetters, { params: s.params, body: { message: row!.effect_id } })
    expect(again.data.requeued).toBe(1)
    const nothing = s.api(requeueDeadLetters, { params: s.params, body: { kind: 'email@1' } })
    expect((await refusal(nothing)).code).toBe('not_found')
    const [state] = await s.office.admin.query<{ state: string; key: string }>(
      `select state, encode(effect_key, 'hex') as key from app.effect where effect_id = $1`,
      [row!.effect_id],
    )
    expect(state).toEqual({ state: 'retryable', key: row!.key })
  })

  test('a notice is put away once', async () => {
    const { client } = await s.couple('Nina Noticed')
    const run = await s.start(client, journey)
    await s.office.admin.query(
      `insert into app.notice (vendor_id, notice_id, run_id, node, code, facts, at)
       values ($1, gen_random_uuid(), $2, 'hello', 'late_skipped', '{"days": 3}', now())`,
      [s.vendor, run],
    )
    const { data } = await s.api(listNotices, { params: s.params })
    const mine = data.items.find((one) => one.run === run)!
    expect([mine.names, mine.code, mine.facts]).toEqual(['Nina Noticed', 'late_skipped', { days: 3 }])
    const here = { ...s.params, notice: mine.id }
    await s.api(settleNotice, { params: here })
    expect((await refusal(s.api(settleNotice, { params: here }))).code).toBe('conflict')
    expect((await s.api(listNotices, { params: s.params })).data.items).not.toContainEqual(mine)
  })
})

describe('what happened', () => {
  test('says of each event what it started and why the others did not begin', async () => {
    const listening = await s.live(
      {
        ...waiting(3),
        name: 'Listens',
        nodes: [{ id: 'begin', kind: 'trigger', type: 'contract_signed' }, ...waiting(3).nodes.slice(1)],
      },
      'listens',
    )
    const { client } = await s.couple('Eva Event')
    const { data: key } = await s.api(makeKey, {
      params: s.params,
      body: { name: 'crm', scopes: ['events:write'] },
    })
    const tell = (id: string) =>
      s.office.front.request(`${URL_HERE}/api/v1/events`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key.secret}`, 'content-type': 'application/json' },
        body: JSON.stringify({ type: 'contract_signed', key: id, client, personal: { note: 'a secret' } }),
      })
    const first = await tell('one')
    expect([first.status, first.headers.get('ratelimit') !== null]).toEqual([202, true])
    await tell('one')
    await tell('two')
    const { data } = await s.api(listEvents, { params: s.params, query: { client, type: 'contract_signed' } })
    expect(data.items).toHaveLength(2)
    const [second, began] = data.items
    expect([began!.started.map((one) => one.journey), began!.not]).toEqual([['listens'], []])
    expect(second!.not).toEqual([
      {
        journey: 'listens',
        code: 'already_entered',
        why: 'They are on it already, or have been, and it may not begin again for them.',
      },
    ])
    expect(began!.personal).toBe(true)
    expect(JSON.stringify(data)).not.toContain('a secret')
    expect(listening).toBeTruthy()
    const page = await s.api(listEvents, { params: s.params, query: { client, limit: 1 } })
    expect([page.data.items.length, page.data.next === null]).toEqual([1, false])
  })
})
