import { describe, expect, test } from 'vitest'
import { instantFrom } from '../../src/core/time/instant.ts'
import { daysBefore, journeyOf, mail, tag, wait } from '../fixtures/told-run.ts'
import { LONDON, startedRun, story } from './story.ts'

const wedding = { on: '2027-06-12', zone: LONDON }
const weekly = (count: number) => {
  const when = (week: number) => ({ after: { days: 7 * week }, of: 'booking', at: '10:00' })
  const nodes = Array.from({ length: count }, (_, index) =>
    mail(`letter-${index + 1}`, { when: when(index + 1), late: 'send_now' }),
  )
  const edges = nodes.slice(1).map((node, index) => `${nodes[index]!.id}>${node.id}`)
  return journeyOf(nodes, edges)
}

/** One at seven in the evening ten days before, one two days before. */
const lastLetters = (more: object) =>
  journeyOf(
    [
      mail('headcount', { when: daysBefore(10, { at: '19:00' }), ...more }),
      wait('two', daysBefore(2)),
      mail('see-you'),
    ],
    ['headcount>two', 'two>see-you'],
  )

describe('a person steps in', () => {
  test('paused over Christmas: silence, and afterwards no burst but one letter a day', async () => {
    const s = await story({ now: '2026-12-01T09:00:00Z' })
    await s.publishes('weekly', weekly(5))
    const anna = await s.couple({ wedding })
    const run = startedRun(await s.event(anna.client, 'contract_signed'))
    await s.runUntil('2026-12-12T00:00:00Z')
    expect((await s.commands(run, { do: 'pause' })).is).toBe('obeyed')
    await s.runUntil('2027-01-04T09:00:00Z')
    expect(await s.told(anna.client)).toEqual(['2026-12-08 10:00 letter-1 → partner_a'])

    await s.commands(run, { do: 'resume' })
    await s.runUntil('2027-02-01T00:00:00Z')
    const days = (await s.told(anna.client)).map((line) => line.slice(0, 10))
    expect(days).toEqual(['2026-12-08', '2027-01-04', '2027-01-05', '2027-01-06', '2027-01-07'])
  })

  describe('paused in the very minute in which a letter was leaving and its provider said "later"', () => {
    async function heldUp(until: string, more: object = {}) {
      const s = await story({
        now: '2027-05-01T08:00:00Z',
        busyFrom: '2027-06-02T18:00:00Z',
        busyUntil: '2027-06-02T18:30:00Z',
      })
      await s.publishes('last', lastLetters(more))
      const anna = await s.couple({ wedding })
      const run = startedRun(await s.event(anna.client, 'contract_signed'))
      await s.runUntil('2027-06-02T18:00:01Z')
      await s.commands(run, { do: 'pause' })
      await s.runUntil(until)
      await s.commands(run, { do: 'resume' })
      await s.runUntil('2027-07-01T00:00:00Z')
      expect(await s.status(run)).toBe('completed')
      return [await s.told(anna.client), await s.today(), await s.desk()]
    }
    const seeYou = '2027-06-10 09:00 see-you → partner_a'

    test('for an hour: it goes', async () => {
      expect(await heldUp('2027-06-02T19:00:00Z')).toEqual([
        ['2027-06-02 20:00 headcount → partner_a', seeYou],
        [],
        [],
      ])
    })
    test('until three in the night: it goes in the morning', async () => {
      expect(await heldUp('2027-06-03T02:00:00Z')).toEqual([
        ['2027-06-03 08:00 headcount → partner_a', seeYou],
        [],
        [],
      ])
    })
    test('for days: it is as late as any other, and a reminder is left out', async () => {
      expect(await heldUp('2027-06-07T10:00:00Z', { late: 'send_now' })).toEqual([
        ['2027-06-07 11:00 headcount → partner_a', seeYou],
        [],
        [],
      ])
      expect(await heldUp('2027-06-07T10:00:00Z', { reminds: true })).toEqual([
        [seeYou],
        ['headcount: late_skipped'],
        [],
      ])
    })
    test('until the wedding is over: what counted down to it is worth nothing', async () => {
      expect(await heldUp('2027-06-20T10:00:00Z', { late: 'send_now' })).toEqual([
        [],
        ['headcount: late_skipped', 'see-you: late_skipped'],
        [],
      ])
    })
  })

  test('snoozed, skipped, done now: the step does what was said and the rest keeps its days', async () => {
    const s = await story({ now: '2026-12-01T09:00:00Z' })
    await s.publishes('weekly', weekly(4))
    const anna = await s.couple({ wedding })
    const run = startedRun(await s.event(anna.client, 'contract_signed'))
    await s.commands(run, { do: 'do_now' })
    await s.commands(run, { do: 'skip' })
    await s.runUntil('2026-12-20T00:00:00Z')
    await s.commands(run, { do: 'snooze', until: instantFrom('2026-12-26T15:00:00Z') })
    await s.runUntil('2027-02-01T00:00:00Z')
    expect(await s.told(anna.client)).toEqual([
      '2026-12-01 09:00 letter-1 → partner_a',
      '2026-12-26 15:00 letter-3 → partner_a',
      '2026-12-29 10:00 letter-4 → partner_a',
    ])
  })

  test('stopped, and taken back within ten minutes: as if nothing had been', async () => {
    const s = await story({ now: '2026-12-01T09:00:00Z' })
    await s.publishes('weekly', weekly(2))
    const anna = await s.couple({ wedding })
    const run = startedRun(await s.event(anna.client, 'contract_signed'))
    const stopped = await s.commands(run, { do: 'stop', reason: 'wrong couple' })
    expect(await s.status(run)).toBe('cancelled')
    await s.runUntil('2026-12-01T09:05:00Z')
    await s.takesCommandBack(stopped.is === 'obeyed' ? stopped.command : '')
    await s.runUntil('2027-01-01T00:00:00Z')
    expect((await s.told(anna.client)).map((line) => line.slice(0, 10))).toEqual(['2026-12-08', '2026-12-15'])
  })

  test('stopped, the guests counted anew, and taken back: no date has moved', async () => {
    const s = await story({ now: '2027-05-01T08:00:00Z' })
    await s.publishes('letters', weekly(2))
    const anna = await s.couple({ wedding })
    const run = startedRun(await s.event(anna.client, 'contract_signed'))
    const due = await s.due(run)
    const stopped = await s.commands(run, { do: 'stop', reason: 'by mistake' })
    await s.changes({ wedding: anna.wedding!, guests: 90 })
    await s.takesCommandBack(stopped.is === 'obeyed' ? stopped.command : '')
    expect([await s.status(run), await s.due(run)]).toEqual(['waiting', due])
  })

  test('let go on, and taken back: nothing is told of what was left out then', async () => {
    const s = await story({ now: '2027-05-01T08:00:00Z' })
    await s.publishes(
      'last',
      journeyOf(
        [
          mail('headcount', { when: daysBefore(30), late: 'skip' }),
          wait('two', daysBefore(2)),
          mail('see-you'),
        ],
        ['headcount>two', 'two>see-you'],
      ),
    )
    const anna = await s.couple({ wedding })
    const run = startedRun(await s.event(anna.client, 'contract_signed'))
    await s.commands(run, { do: 'pause' })
    await s.runUntil('2027-05-20T10:00:00Z')
    const resumed = await s.commands(run, { do: 'resume' })
    expect(await s.today()).toEqual(['headcount: late_skipped'])
    await s.takesCommandBack(resumed.is === 'obeyed' ? resumed.command : '')
    expect([await s.status(run), await s.today()]).toEqual(['paused', []])
  })

  test('what was done now has changed the couple too: it does not go back by halves, and says why', async () => {
    const s = await story({ now: '2027-05-01T08:00:00Z' })
    const journey = journeyOf(
      [wait('two', daysBefore(2)), tag('vip'), mail('see-you', { when: daysBefore(1) })],
      ['two>vip', 'vip>see-you'],
    )
    await s.publishes('last', journey)
    const anna = await s.couple({ wedding })
    const run = startedRun(await s.event(anna.client, 'contract_signed'))
    const done = await s.commands(run, { do: 'do_now' })
    const due = await s.due(run)
    await expect(s.takesCommandBack(done.is === 'obeyed' ? done.command : '')).rejects.toThrow(
      'It has done more than moving this journey: they have the tag “vip” now.',
    )
    expect([await s.status(run), await s.due(run)]).toEqual(['waiting', due])
  })

  test('stopped stays stopped, and says so to whoever asks for more', async () => {
    const s = await story({ now: '2026-12-01T09:00:00Z' })
    await s.publishes('weekly', weekly(2))
    const anna = await s.couple({ wedding })
    const run = startedRun(await s.event(anna.client, 'contract_signed'))
    await s.commands(run, { do: 'stop', reason: 'cancelled by phone' })
    await s.runUntil('2027-01-01T00:00:00Z')
    expect(await s.told(anna.client)).toEqual([])
    expect(await s.commands(run, { do: 'resume' })).toEqual({ run, is: 'refused', why: 'The run has ended.' })
  })
})

describe('a yes before it is sent', () => {
  const approved = journeyOf(
    [
      mail('firm-word', { approval: { timeout: { after: { days: 3 } } } }),
      wait('day', { after: { days: 1 } }),
      mail('next'),
    ],
    ['firm-word>day', 'day>next'],
  )
  async function asked(rules: unknown = {}) {
    const s = await story({ now: '2027-03-01T20:00:00Z', rules })
    await s.publishes('approved', approved)
    const anna = await s.couple({ wedding })
    const run = startedRun(await s.event(anna.client, 'contract_signed'))
    return { s, anna, run }
  }

  test('nothing goes before the yes', async () => {
    const { s, anna, run } = await asked()
    await s.runUntil('2027-03-02T09:00:00Z')
    expect(await s.told(anna.client)).toEqual([])
    await s.answers(run, 'approved')
    expect(await s.told(anna.client)).toEqual(['2027-03-02 09:00 firm-word → partner_a'])
  })

  test('a yes at eleven at night waits for the morning', async () => {
    const { s, anna, run } = await asked({ openHours: { email: { from: '08:00', to: '20:00' } } })
    await s.runUntil('2027-03-02T23:00:00Z')
    await s.answers(run, 'approved')
    await s.runUntil('2027-03-03T09:00:00Z')
    expect(await s.told(anna.client)).toEqual(['2027-03-03 08:00 firm-word → partner_a'])
  })

  test('a no leaves the letter out and the journey goes on', async () => {
    const { s, anna, run } = await asked()
    await s.answers(run, 'skipped')
    await s.runUntil('2027-03-10T09:00:00Z')
    expect(await s.told(anna.client)).toEqual(['2027-03-02 20:00 next → partner_a'])
  })

  test('a wedding moves, and with it the time to answer, also on the desk', async () => {
    const s = await story({ now: '2027-05-01T08:00:00Z' })
    await s.publishes('ask-first', journeyOf([mail('news', { approval: { timeout: daysBefore(20) } })]))
    const anna = await s.couple({ wedding })
    await s.event(anna.client, 'contract_signed')
    const asked = () =>
      s.session.query(`select state, until_at::text as until, asked_at::text as asked from app.approval`)
    const first = { state: 'open', until: '2027-05-23 08:00:00+00', asked: '2027-05-01 08:00:00+00' }
    expect(await asked()).toEqual([first])
    const moved = await s.moves(anna.wedding, '2027-09-18')
    expect(await asked()).toEqual([{ ...first, until: '2027-08-29 08:00:00+00' }])
    await s.takesBack(moved)
    expect(await asked()).toEqual([first])
  })

  test('a question whose time ran out during a pause: what follows is late, and nothing was down', async () => {
    const s = await story({ now: '2027-05-01T08:00:00Z' })
    await s.publishes(
      'ask-first',
      journeyOf(
        [
          { id: 'ok', kind: 'approval', ask: 'Shall they hear?', timeout: { after: { days: 2 } } },
          mail('news', { late: 'send_now' }),
        ],
        ['ok.timeout>news'],
      ),
    )
    const anna = await s.couple({ wedding: { on: '2027-09-18', zone: LONDON } })
    const run = startedRun(await s.event(anna.client, 'contract_signed'))
    await s.commands(run, { do: 'pause' })
    await s.runUntil('2027-05-10T10:00:00Z')
    await s.commands(run, { do: 'resume' })
    expect([await s.told(anna.client), await s.today(), await s.desk()]).toEqual([
      ['2027-05-10 11:00 news → partner_a'],
      ['ok: approval_timed_out'],
      [],
    ])
  })

  test('nobody answers: it is not sent, and that is told', async () => {
    const { s, anna } = await asked()
    await s.runUntil('2027-03-10T09:00:00Z')
    expect((await s.told(anna.client)).map((line) => line.split(' ')[2])).toEqual(['next'])
    expect(await s.today()).toEqual(['firm-word: approval_timed_out'])
  })
})

describe('a task that holds the journey', () => {
  test('the sneak peek waits until the pictures are uploaded', async () => {
    const s = await story({ now: '2027-06-13T09:00:00Z' })
    await s.publishes(
      'sneak-peek',
      journeyOf(
        [
          { id: 'upload', kind: 'action', do: { task: { title: 'Upload ten pictures', gate: true } } },
          mail('sneak-peek'),
          tag('told'),
        ],
        ['upload>sneak-peek', 'sneak-peek>told'],
      ),
    )
    const anna = await s.couple({ wedding })
    const run = startedRun(await s.event(anna.client, 'contract_signed'))
    await s.runUntil('2027-06-15T09:00:00Z')
    expect([await s.told(anna.client), await s.desk()]).toEqual([[], ['upload: journey']])
    await s.finishesTask(run)
    expect(await s.told(anna.client)).toEqual(['2027-06-15 10:00 sneak-peek → partner_a'])
  })
})

describe('the provider does not open', () => {
  async function shutUntil(until: string, more: object = {}) {
    const s = await story({ now: '2027-05-01T08:00:00Z', shut: { from: '2027-06-02T18:00:00Z', until } })
    await s.publishes('last', lastLetters(more))
    const anna = await s.couple({ wedding })
    const run = startedRun(await s.event(anna.client, 'contract_signed'))
    await s.runUntil('2027-07-01T00:00:00Z')
    expect(await s.status(run)).toBe('completed')
    const told = await s.told(anna.client)
    return [told.map((line) => line.slice(0, 13) + line.slice(16)), await s.today(), await s.desk()]
  }
  const seeYou = '2027-06-10 09 see-you → partner_a'

  test('for half an hour: the letter goes when it does', async () => {
    const [told] = await shutUntil('2027-06-02T18:30:00Z')
    expect(told).toEqual(['2027-06-02 19 headcount → partner_a', seeYou])
  })
  test('until three in the night: nobody is woken, it goes in the morning', async () => {
    expect(await shutUntil('2027-06-03T02:00:00Z')).toEqual([
      ['2027-06-03 10 headcount → partner_a', seeYou],
      [],
      [],
    ])
  })
  test('for two days: it is as late as any other, and a reminder is left out', async () => {
    expect(await shutUntil('2027-06-04T12:00:00Z', { late: 'send_now' })).toEqual([
      ['2027-06-04 13 headcount → partner_a', seeYou],
      [],
      [],
    ])
    expect(await shutUntil('2027-06-04T12:00:00Z', { reminds: true })).toEqual([
      [seeYou],
      ['headcount: late_skipped'],
      [],
    ])
  })
})

describe('the house was dark', () => {
  const evening = journeyOf(
    [wait('eve', daysBefore(1, { at: '16:00' })), mail('see-you-tomorrow'), tag('told')],
    ['eve>see-you-tomorrow', 'see-you-tomorrow>told'],
  )
  async function waiting() {
    const s = await story({ now: '2027-06-01T09:00:00Z' })
    await s.publishes('evening', evening)
    const anna = await s.couple({ wedding })
    const run = startedRun(await s.event(anna.client, 'contract_signed'))
    return { s, anna, run }
  }
  test('for three hours: the letter goes when the lights are on', async () => {
    const { s, anna } = await waiting()
    await s.outageUntil('2027-06-11T18:00:00Z')
    expect(await s.told(anna.client)).toEqual(['2027-06-11 19:00 see-you-tomorrow → partner_a'])
  })
  test('for a day: nobody writes "see you tomorrow" after the wedding; a task says what was missed', async () => {
    const { s, anna, run } = await waiting()
    await s.outageUntil('2027-06-13T09:00:00Z')
    expect([await s.told(anna.client), await s.desk()]).toEqual([[], ['see-you-tomorrow: outage_late']])
    expect(await s.status(run)).toBe('completed')
  })
})
