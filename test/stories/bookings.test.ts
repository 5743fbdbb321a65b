import { describe, expect, test } from 'vitest'
import { chosenLate } from '../../src/engine/chosen-late.ts'
import { startByHand } from '../../src/engine/start-some.ts'
import { daysBefore, journeyOf, mail, tag } from '../fixtures/told-run.ts'
import { LONDON, startedRun, story } from './story.ts'

const form = (name: string) => ({
  event: 'form_submitted',
  if: { fact: 'event.form', is: 'equal', value: name },
})
const task = (id: string, title: string) => ({ id, kind: 'action', do: { task: { title } } })

/** Six letters over a year; who books early hears them one by one. */
const planning = journeyOf(
  [
    mail('welcome'),
    mail('style-guide', { when: daysBefore(200), late: 'merge' }),
    mail('timeline-basics', { when: daysBefore(180), late: 'skip' }),
    mail('questionnaire', {
      when: daysBefore(75),
      late: 'compress',
      deadline: { before: { days: 10 }, of: 'wedding' },
    }),
    mail('photo-list', { when: daysBefore(60), late: 'compress' }),
    mail('final-call', { when: daysBefore(28), late: 'send_now' }),
    mail('see-you', { when: daysBefore(2) }),
  ],
  [
    'welcome>style-guide',
    'style-guide>timeline-basics',
    'timeline-basics>questionnaire',
    'questionnaire>photo-list',
    'photo-list>final-call',
    'final-call>see-you',
  ],
)

describe('a couple books', () => {
  test('a year ahead, and hears each letter on its day', async () => {
    const s = await story({ now: '2026-06-01T09:00:00Z' })
    await s.publishes('planning', planning)
    const anna = await s.couple({ wedding: { on: '2027-06-12', zone: LONDON } })
    await s.event(anna.client, 'contract_signed')
    await s.runUntil('2027-07-01T00:00:00Z')
    expect(await s.told(anna.client)).toEqual([
      '2026-06-01 10:00 welcome → partner_a',
      '2026-11-24 09:00 style-guide → partner_a',
      '2026-12-14 09:00 timeline-basics → partner_a',
      '2027-03-29 09:00 questionnaire → partner_a',
      '2027-04-13 09:00 photo-list → partner_a',
      '2027-05-15 09:00 final-call → partner_a',
      '2027-06-10 09:00 see-you → partner_a',
    ])
  })

  test('twenty days before the wedding: no burst, one letter a day, and what was left out is told', async () => {
    const s = await story({ now: '2027-05-23T09:00:00Z' })
    await s.publishes('planning', planning)
    const anna = await s.couple({ wedding: { on: '2027-06-12', zone: LONDON } })
    await s.event(anna.client, 'contract_signed')
    await s.runUntil('2027-07-01T00:00:00Z')
    const told = await s.told(anna.client)
    expect(told).toEqual([
      '2027-05-23 10:00 welcome → partner_a',
      '2027-05-24 10:00 questionnaire → partner_a',
      '2027-05-25 10:00 photo-list → partner_a',
      '2027-05-26 10:00 final-call → partner_a',
      '2027-06-10 09:00 see-you → partner_a',
    ])
    expect(await s.today()).toEqual(['timeline-basics: late_skipped'])
    const [, questionnaire] = await s.sentTo(anna.client)
    expect(questionnaire?.node).toBe('questionnaire')
  })

  const numbers = (late: 'compress' | 'send_now', first: 'compress' | 'send_now') =>
    journeyOf(
      [
        mail('welcome'),
        mail('photo-list', { when: daysBefore(75), late: first }),
        mail('style', { when: daysBefore(60), late: 'compress' }),
        mail('numbers', {
          when: daysBefore(28),
          late,
          deadline: { before: { days: 19 }, of: 'wedding' },
        }),
        mail('see-you', { when: daysBefore(2) }),
      ],
      ['welcome>photo-list', 'photo-list>style', 'style>numbers', 'numbers>see-you'],
    )

  test('so late that the last letter would miss its deadline: it goes before those that can wait', async () => {
    const s = await story({ now: '2027-05-23T09:00:00Z' })
    await s.publishes('planning', numbers('compress', 'compress'))
    const anna = await s.couple({ wedding: { on: '2027-06-12', zone: LONDON } })
    const run = startedRun(await s.event(anna.client, 'contract_signed'))
    const promised = await s.promised(run)
    await s.runUntil('2027-07-01T00:00:00Z')
    const told = await s.told(anna.client)
    expect(told.slice(1)).toEqual(promised)
    expect(told).toEqual([
      '2027-05-23 10:00 welcome → partner_a',
      '2027-05-24 10:00 numbers → partner_a',
      '2027-05-25 10:00 photo-list → partner_a',
      '2027-05-26 10:00 style → partner_a',
      '2027-06-10 09:00 see-you → partner_a',
    ])
    expect([await s.desk(), await s.today(), await s.status(run)]).toEqual([[], [], 'completed'])
  })

  test('what is to be sent at once makes way for nobody: the deadline behind it is a human’s', async () => {
    const s = await story({ now: '2027-05-23T09:00:00Z' })
    await s.publishes('planning', numbers('send_now', 'send_now'))
    const anna = await s.couple({ wedding: { on: '2027-06-12', zone: LONDON } })
    await s.event(anna.client, 'contract_signed')
    await s.runUntil('2027-06-01T00:00:00Z')
    expect(await s.told(anna.client)).toEqual([
      '2027-05-23 10:00 welcome → partner_a',
      '2027-05-24 10:00 photo-list → partner_a',
      '2027-05-25 10:00 style → partner_a',
    ])
    expect(await s.desk()).toEqual(['numbers: late_task'])
  })

  test('late, and the vendor has chosen for each late step what becomes of it before they begin', async () => {
    const s = await story({ now: '2027-05-23T09:00:00Z' })
    const { journey } = await s.publishes('planning', planning)
    const anna = await s.couple({ wedding: { on: '2027-06-12', zone: LONDON } })
    const chosen = chosenLate(
      [
        { node: 'style-guide', choice: 'skip' },
        { node: 'timeline-basics', choice: 'compress' },
        { node: 'questionnaire', choice: 'send_now' },
        { node: 'photo-list', choice: 'task' },
      ],
      'owner',
    )
    await s.engine.db.tx('story.start', { vendors: [s.vendor] }, (sql) =>
      startByHand(s.engine, sql, s.vendor, journey, [anna.client], chosen),
    )
    await s.runUntil('2027-07-01T00:00:00Z')
    expect(await s.told(anna.client)).toEqual([
      '2027-05-23 10:00 welcome → partner_a',
      '2027-05-24 10:00 timeline-basics → partner_a',
      '2027-05-24 10:00 questionnaire → partner_a',
      '2027-05-25 10:00 final-call → partner_a',
      '2027-06-10 09:00 see-you → partner_a',
    ])
    expect(await s.today()).toEqual(['style-guide: late_skipped', 'photo-list: late_task'])
  })
})

/** Three words about the balance; the payment ends them. */
const dunning = journeyOf(
  [
    mail('due-soon', {
      when: { before: { days: 3 }, of: 'due:balance', at: '09:00' },
      class: 'transactional',
    }),
    mail('due-today', {
      when: { after: { days: 0 }, of: 'due:balance', at: '09:00' },
      class: 'transactional',
      reminds: true,
    }),
    mail('overdue', {
      when: { after: { days: 5 }, of: 'due:balance', at: '09:00' },
      class: 'transactional',
      reminds: true,
    }),
    task('call', 'The balance is open. Call them.'),
    {
      id: 'paid',
      kind: 'goal',
      for: { event: 'payment_received', if: { fact: 'event.instalment', is: 'equal', value: 'balance' } },
    },
  ],
  ['due-soon>due-today', 'due-today>overdue', 'overdue>call'],
)
const balanceDue = { anchors: { 'due:balance': { is: 'day', on: '2027-05-14' as never } } } as const

describe('the balance is due', () => {
  test('who does not pay hears three words, then the vendor calls', async () => {
    const s = await story({ now: '2027-04-01T09:00:00Z' })
    await s.publishes('dunning', dunning)
    const anna = await s.couple({ wedding: { on: '2027-06-12', zone: LONDON, ...balanceDue } })
    await s.event(anna.client, 'contract_signed')
    await s.runUntil('2027-06-01T00:00:00Z')
    expect((await s.told(anna.client)).map((line) => line.slice(0, 10))).toEqual([
      '2027-05-11',
      '2027-05-14',
      '2027-05-19',
    ])
    expect(await s.desk()).toEqual(['call: journey'])
  })

  test('the money arrives the evening before: the reminders stop', async () => {
    const s = await story({ now: '2027-04-01T09:00:00Z' })
    await s.publishes('dunning', dunning)
    const anna = await s.couple({ wedding: { on: '2027-06-12', zone: LONDON, ...balanceDue } })
    const run = startedRun(await s.event(anna.client, 'contract_signed'))
    await s.runUntil('2027-05-13T20:00:00Z')
    await s.event(anna.client, 'payment_received', { instalment: 'retainer' })
    expect(await s.status(run)).toBe('waiting')
    await s.event(anna.client, 'payment_received', { instalment: 'balance' })
    await s.runUntil('2027-06-01T00:00:00Z')
    expect(await s.told(anna.client)).toEqual(['2027-05-11 09:00 due-soon → partner_a'])
    expect([await s.status(run), await s.desk()]).toEqual(['completed', []])
  })
})

/** The form is asked for, reminded of once, and then somebody calls. */
const details = journeyOf(
  [
    mail('ask'),
    { id: 'answered', kind: 'await', for: form('details'), timeout: { after: { days: 7 } } },
    mail('remind', { reminds: true }),
    {
      id: 'answered-late',
      kind: 'await',
      for: form('details'),
      timeout: { after: { days: 5 } },
      alsoPast: true,
    },
    task('call', 'Their details are missing. Call them.'),
    mail('thanks'),
    tag('complete'),
  ],
  [
    'ask>answered',
    'answered.happened>thanks',
    'answered.timeout>remind',
    'remind>answered-late',
    'answered-late.happened>thanks',
    'answered-late.timeout>call',
    'thanks>complete',
  ],
)

describe('a form is asked for', () => {
  async function asked() {
    const s = await story({ now: '2027-03-01T09:00:00Z' })
    await s.publishes('details', details)
    const anna = await s.couple({ wedding: { on: '2027-06-12', zone: LONDON } })
    const run = startedRun(await s.event(anna.client, 'contract_signed'))
    return { s, anna, run }
  }

  test('the couple answers in the last minute, and nobody calls', async () => {
    const { s, anna, run } = await asked()
    await s.runUntil('2027-03-13T08:59:00Z')
    await s.event(anna.client, 'form_submitted', { form: 'details' })
    await s.runUntil('2027-04-01T00:00:00Z')
    expect(await s.told(anna.client)).toEqual([
      '2027-03-01 09:00 ask → partner_a',
      '2027-03-08 09:00 remind → partner_a',
      '2027-03-13 08:59 thanks → partner_a',
    ])
    expect([await s.desk(), await s.status(run)]).toEqual([[], 'completed'])
  })

  test('a minute later the vendor calls; the late answer does no harm', async () => {
    const { s, anna } = await asked()
    await s.runUntil('2027-03-13T09:01:00Z')
    expect(await s.desk()).toEqual(['call: journey'])
    await s.event(anna.client, 'form_submitted', { form: 'details' })
    await s.runUntil('2027-04-01T00:00:00Z')
    expect((await s.told(anna.client)).map((line) => line.split(' ')[2])).toEqual(['ask', 'remind'])
  })

  test('another form is not the one that was asked for; the same one told twice counts once', async () => {
    const { s, anna, run } = await asked()
    await s.event(anna.client, 'form_submitted', { form: 'playlist' })
    expect(await s.status(run)).toBe('waiting')
    await s.event(anna.client, 'form_submitted', { form: 'details' })
    await s.event(anna.client, 'form_submitted', { form: 'details' })
    await s.runUntil('2027-04-01T00:00:00Z')
    expect((await s.told(anna.client)).map((line) => line.split(' ')[2])).toEqual(['ask', 'thanks'])
  })
})

describe('one journey books the couple', () => {
  const asked = journeyOf(
    [
      { id: 'begin', kind: 'trigger', type: 'inquiry_received' },
      mail('hello'),
      { id: 'signed', kind: 'await', for: { event: 'contract_signed' }, timeout: { after: { days: 30 } } },
      { id: 'booked', kind: 'action', do: { setStage: 'booked' } },
      { id: 'on', kind: 'action', do: { startJourney: 'planning' } },
    ],
    ['begin>hello', 'hello>signed', 'signed.happened>booked', 'booked>on'],
  )
  const planned = journeyOf(
    [{ id: 'begin', kind: 'trigger', type: 'stage_changed', config: { to: 'booked' } }, mail('welcome')],
    ['begin>welcome'],
  )
  const courting = journeyOf(
    [
      { id: 'begin', kind: 'trigger', type: 'inquiry_received' },
      { id: 'decided', kind: 'await', for: { event: 'stage_changed' }, timeout: { after: { days: 20 } } },
      mail('still-thinking'),
    ],
    ['begin>decided', 'decided.timeout>still-thinking'],
  )

  test('and the one that waits for booked couples welcomes them, once; nobody asks whether they still think', async () => {
    const s = await story({ now: '2026-06-01T09:00:00Z' })
    await s.publishes('inquiry', asked)
    await s.publishes('planning', planned)
    await s.publishes('courting', courting)
    const anna = await s.couple({ stage: 'inquiry', wedding: { on: '2027-06-12', zone: LONDON } })
    await s.event(anna.client, 'inquiry_received')
    await s.runUntil('2026-06-05T10:00:00Z')
    await s.event(anna.client, 'contract_signed')
    await s.runUntil('2026-07-20T00:00:00Z')
    expect(await s.told(anna.client)).toEqual([
      '2026-06-01 10:00 hello → partner_a',
      '2026-06-05 11:00 welcome → partner_a',
    ])
    const [heard] = await s.session.query<{ data: object; depth: number; history: { started: object[] } }>(
      `select data, depth, history from app.event where type = 'stage_changed'`,
    )
    expect(heard).toMatchObject({ data: { from: 'inquiry', to: 'booked' }, depth: 1 })
    expect(heard!.history.started).toHaveLength(1)
    // Begun by the stage and asked for by name: begun once, and nothing for the vendor to look at.
    expect(await s.today()).toEqual([])
  })
})
