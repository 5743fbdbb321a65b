import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listEvents } from '../../src/contract/events.ts'
import { makeKey } from '../../src/contract/keys.ts'
import { changeMember, listMembers } from '../../src/contract/members.ts'
import { clientTimeline, commandRun, readRun } from '../../src/contract/runs.ts'
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
import { joinAs } from '../live/member.ts'
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
    await s.office.admin.query(`update app.dead_letter set requeued_at = null where run_id = $1`, [run])
    const both = s.api(requeueDeadLetters, { params: s.params, body: { all: true, kind: 'email@1' } })
    expect((await refusal(both)).code).toBe('invalid')
    const all = await s.api(requeueDeadLetters, { params: s.params, body: { all: true } })
    expect(all.data.requeued).toBe(1)
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

describe('whom a yes and a task are for', () => {
  const asking = (name: string, by?: string) => ({
    ...waiting(0),
    name,
    nodes: [
      { id: 'begin', kind: 'trigger', type: 'manual' },
      {
        id: 'price',
        kind: 'approval',
        ask: 'Is the price right?',
        timeout: { after: { days: 3 } },
        ...(by && { by }),
      },
      { id: 'call', kind: 'action', do: { task: { title: 'Call', gate: true, ...(by && { role: by }) } } },
      { id: 'done', kind: 'end' },
    ],
    edges: [
      { from: 'begin', to: 'price' },
      { from: 'price', exit: 'approved', to: 'call' },
      { from: 'price', exit: 'skipped', to: 'done' },
      { from: 'price', exit: 'timeout', to: 'done' },
      { from: 'call', to: 'done' },
    ],
  })

  test('who it is for and whoever stands higher answers; everybody else is told whom to ask', async () => {
    const { office, params, vendor } = s
    const forOwner = await s.live(asking('For the owner', 'owner'), 'for-owner')
    const forManager = await s.live(asking('For a manager', 'manager'), 'for-manager')
    const forAnybody = await s.live(asking('For anybody'), 'for-anybody')
    const runs: Record<string, string> = {}
    const clients: Record<string, string> = {}
    for (const [of, journey] of Object.entries({ forOwner, forManager, forAnybody })) {
      const { client } = await s.couple(`Couple ${of}`)
      clients[of] = client
      runs[of] = await s.start(client, journey)
    }
    await s.settle()
    const [manager, assistant, viewer] = [
      await joinAs(s, 'manager'),
      await joinAs(s, 'assistant'),
      await joinAs(s, 'viewer'),
    ]
    const yours = async (who: { api: Studio['api'] }) => {
      const { data: today } = await who.api(readToday, { params })
      const { data } = await who.api(listApprovals, { params, query: { whose: 'yours' } })
      const all = await who.api(listApprovals, { params })
      expect(today.approvals).toBe(all.data.total)
      expect(all.data.items.filter((item) => item.yours)).toEqual(data.items)
      expect(today.forYou.approvals).toBe(data.total)
      const here = Object.values(runs)
      return data.items
        .filter((item) => here.includes(item.run))
        .map((item) => item.role)
        .sort()
    }
    expect(await yours(s)).toEqual(['assistant', 'manager', 'owner'])
    expect(await yours(manager)).toEqual(['assistant', 'manager'])
    expect(await yours(assistant)).toEqual(['assistant'])
    expect(await yours(viewer)).toEqual([])

    const answer = (who: { api: Studio['api'] }, of: string) =>
      who.api(answerApproval, {
        params: { ...params, run: runs[of]! },
        body: { name: 'approval|price|1', answer: 'approved' },
      })
    const no = await refusal(answer(assistant, 'forOwner'))
    expect([no.code, no.detail]).toEqual([
      'forbidden',
      'This waits for a yes that only the owner can give. Ask them, or wait until they have answered.',
    ])
    expect((await refusal(answer(assistant, 'forManager'))).detail).toContain('a manager or the owner')
    expect((await refusal(answer(manager, 'forOwner'))).code).toBe('forbidden')
    expect((await refusal(answer(viewer, 'forAnybody'))).code).toBe('forbidden')

    // To leave it out by a command is an answer as well, and so is to lead the couple past it.
    const command = (who: { api: Studio['api'] }, of: string, wanted: object) =>
      who.api(commandRun, { params: { ...params, run: runs[of]! }, body: { command: wanted as never } })
    for (const wanted of [{ do: 'skip' }, { do: 'jump', to: 'call' }])
      expect(await refusal(command(assistant, 'forOwner', wanted))).toMatchObject({
        code: 'forbidden',
        detail: no.detail,
      })
    const story = await assistant.api(clientTimeline, { params: { ...params, client: clients.forOwner! } })
    const row = story.data.items.find((item) => item.waits)
    expect(row).toMatchObject({
      sentence: expect.stringContaining('waits for the owner’s yes'),
      waits: { is: 'approval', role: 'owner', yours: false },
    })

    await answer(assistant, 'forAnybody')
    await answer(manager, 'forManager')
    await answer(s, 'forOwner')
    await s.settle()
    const finish = (who: { api: Studio['api'] }, of: string) =>
      who.api(finishTask, { params: { ...params, run: runs[of]! }, body: { name: 'task|call|1' } })
    const { data: tasks } = await assistant.api(listTasks, { params, query: { whose: 'yours' } })
    expect(tasks.items.map((item) => item.run)).toEqual([runs.forAnybody])
    expect((await refusal(finish(assistant, 'forManager'))).detail).toBe(
      'This task is for a manager or the owner. Ask them to see to it.',
    )
    // A role counts as it is now.
    const member = (await s.api(listMembers, { params })).data.items.find(
      (item) => item.role === 'assistant',
    )!
    await s.api(changeMember, {
      params: { vendor, member: member.id },
      body: { role: 'manager' },
      ifMatch: member.etag,
    })
    await finish(assistant, 'forManager')
    expect((await refusal(finish(assistant, 'forOwner'))).code).toBe('forbidden')
    // A key was given its scope by somebody who may.
    const { data: key } = await s.api(makeKey, { params, body: { name: 'desk', scopes: ['work:write'] } })
    await finish({ api: office.program(key.secret) }, 'forOwner')
  })
})
