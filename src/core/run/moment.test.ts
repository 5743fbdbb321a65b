import { describe, expect, test } from 'vitest'
import {
  anna,
  ben,
  couple,
  daysBefore,
  journeyOf,
  mail,
  tag,
  tell,
  wait,
} from '../../../test/fixtures/told-run.ts'
import type { Zone } from '../time/local.ts'
import { days, hours, withVendor, withWedding } from '../wedding/example-view.ts'

const june = withWedding('2027-06-12', 'Europe/London', 1, couple)
/** Two weeks before the wedding is the 29th of May, 08:00 UTC. */
const fortnight = (more: object = {}) => mail('fortnight', { when: daysBefore(14), ...more })
const booked = '2027-06-01T10:00Z'
const inTime = '2027-01-05T10:00Z'

describe('a couple books after the moment of a message', () => {
  const late = (policy: string, more: object = {}) =>
    tell(
      journeyOf(
        [fortnight({ late: policy, ...more }), mail('week', { when: daysBefore(7) })],
        ['fortnight>week'],
      ),
      { at: booked, view: june },
    )

  test('skip: it is left out and told on Today', () => {
    const run = late('skip')
    expect([run.sends, run.raised, run.due]).toEqual([[], ['late_skipped'], '2027-06-05T08:00'])
  })
  test('send now: it goes at once, as a catch-up', () => {
    expect(late('send_now').sends).toMatchObject([{ node: 'fortnight', catchUp: true }])
  })
  test('merge: the next message to the same person tells it, once', () => {
    const run = late('merge').until('2027-06-12T00:00Z')
    expect(run.sends).toMatchObject([{ node: 'week', merged: [{ node: 'fortnight', visit: 1 }] }])
    expect([run.run.state.merged, run.raised]).toEqual([undefined, []])
  })
  test('merge without anything that follows: it goes by itself', () => {
    const run = tell(journeyOf([fortnight({ late: 'merge' })]), { at: booked, view: june })
    expect(run.told).toEqual(['fortnight → partner_a 2027-06-01T10:00'])
  })
  test('merge into a message that is never reached: told as left out at the end', () => {
    const journey = journeyOf(
      [
        fortnight({ late: 'merge' }),
        {
          id: 'which',
          kind: 'condition',
          cases: [{ exit: 'yes', if: { fact: 'client.tags', is: 'contains', value: 'vip' } }],
        },
        mail('vip'),
      ],
      ['fortnight>which', 'which.yes>vip'],
    )
    const run = tell(journey, { at: booked, view: june })
    expect([run.run.status, run.raised]).toEqual(['completed', ['late_skipped']])
  })
  test('task: a human sees to it', () => {
    const run = late('task')
    expect([run.tasks, run.sends, run.raised]).toEqual([['fortnight: late_task'], [], ['late_task']])
  })
  test('compress: never more than one catch-up a day and person, order kept', () => {
    const many = [60, 50, 40, 30].map((before) =>
      mail(`m${before}`, { when: daysBefore(before), late: 'compress' }),
    )
    const run = tell(journeyOf(many, ['m60>m50', 'm50>m40', 'm40>m30']), { at: booked, view: june }).until(
      '2027-06-30T00:00Z',
    )
    expect(run.told.map((one) => one.replace(' → partner_a', ''))).toEqual([
      'm60 2027-06-01T10:00',
      'm50 2027-06-02T09:00',
      'm40 2027-06-03T09:00',
      'm30 2027-06-04T09:00',
    ])
  })
  test('by default: information goes or rides along, reminders are left out, what has a deadline is a task', () => {
    const by = (more: object) => tell(journeyOf([fortnight(more)]), { at: booked, view: june })
    expect(by({}).sends).toHaveLength(1)
    expect(by({ reminds: true }).raised).toEqual(['late_skipped'])
    expect(by({ deadline: { before: { days: 3 }, of: 'wedding' } }).tasks).toEqual(['fortnight: late_task'])
  })
  test('a wait before a message makes the message late, and may say what becomes of it', () => {
    const through = (delay: object, more: object = {}) =>
      tell(journeyOf([{ ...wait('pause', daysBefore(14)), ...delay }, mail('news', more)], ['pause>news']), {
        at: booked,
        view: june,
      })
    expect(through({}, { reminds: true }).raised).toEqual(['late_skipped'])
    expect(through({ late: 'task' }).tasks).toEqual(['news: late_task'])
    expect(through({ late: 'task' }, { late: 'send_now' }).sends).toHaveLength(1)
  })
  test('a fixed day that is over counts as late too', () => {
    const run = tell(
      journeyOf(
        [wait('newyear', { on: '2027-01-02' }), mail('greeting', { reminds: true })],
        ['newyear>greeting'],
      ),
      { at: inTime },
    )
    expect(run.raised).toEqual(['late_skipped'])
  })
  test('lateness is over when something in the future is waited for', () => {
    const journey = journeyOf(
      [
        wait('over', daysBefore(30)),
        wait('two_days', { after: { days: 2 } }),
        mail('hello', { reminds: true }),
      ],
      ['over>two_days', 'two_days>hello'],
    )
    const run = tell(journey, { at: booked, view: june }).until('2027-06-10T00:00Z')
    expect(run.sends).toMatchObject([{ node: 'hello' }])
    expect(run.sends[0]!.catchUp).toBeUndefined()
  })
  test('a message with a moment of its own in the future is not late because of an older wait', () => {
    const run = tell(
      journeyOf(
        [wait('over', daysBefore(30)), mail('week', { when: daysBefore(7), reminds: true })],
        ['over>week'],
      ),
      { at: booked, view: june },
    )
    expect(run.until('2027-06-12T00:00Z').sends).toMatchObject([{ node: 'week' }])
    expect(run.sends[0]!.catchUp).toBeUndefined()
  })
})

describe('a late approval', () => {
  const journey = journeyOf(
    [
      {
        id: 'yes',
        kind: 'approval',
        ask: 'May this go?',
        timeout: { after: { days: 1 } },
        when: daysBefore(14),
        late: 'skip',
      },
      mail('letter'),
    ],
    ['yes.approved>letter'],
  )
  test('that is left out is no yes', () => {
    const run = tell(journey, { at: booked, view: june })
    expect([run.sends, run.run.status]).toEqual([[], 'completed'])
  })
})

describe('windows', () => {
  test('quiet hours hold a message until the morning, and are looked at once more when it comes', () => {
    const open = withVendor({ openHours: { email: hours('08:00', '20:00') } }, june)
    const run = tell(journeyOf([mail('night', { when: { after: { hours: 12 } } })]), {
      at: '2027-01-05T10:00Z',
      view: open,
    })
    expect(run.due).toBe('2027-01-06T08:00')
    run.view = withVendor({ openHours: { email: hours('09:30', '20:00') } }, run.view)
    run.until('2027-01-07T00:00Z')
    expect(run.told).toEqual(['night → partner_a 2027-01-06T09:30'])
  })
  test('a question avoids the days the vendor works a wedding', () => {
    const busy = withVendor({ weddingDays: days('2027-05-29') }, june)
    const run = tell(journeyOf([fortnight({ asksForAnswer: true })]), { at: inTime, view: busy })
    expect(run.due).toBe('2027-05-28T08:00')
  })
  test.each([
    ['later', ['first', 'second']],
    ['skip', ['first']],
  ] as const)('a cap of one a day: %s', (policy, told) => {
    const capped = withVendor({ caps: { relationship: { max: 1, windowHours: 24, policy } } }, couple)
    const run = tell(journeyOf([mail('first'), mail('second')], ['first>second']), {
      at: inTime,
      view: capped,
    }).until('2027-01-07T00:00Z')
    expect(run.sends.map((one) => one.node)).toEqual(told)
    if (policy === 'skip') expect(run.raised).toEqual(['window_skipped'])
    else expect(run.told[1]).toContain('2027-01-06T10:00')
  })
  test('the deadline wins over quiet hours', () => {
    const open = withVendor({ openHours: { email: hours('10:00', '12:00') } }, june)
    const journey = journeyOf([
      mail('last', {
        when: { on: '2027-06-11', at: '13:00' },
        deadline: { before: { days: 1 }, of: 'wedding', at: '14:00' },
      }),
    ])
    const run = tell(journey, { at: '2027-06-11T11:30Z', view: open }).until('2027-06-12T00:00Z')
    expect(run.sends.length + run.tasks.length).toBe(1)
    expect(run.codes()).toContain('deadline_wins')
  })
  test('a late letter that is brought before its deadline says so once', () => {
    const journey = journeyOf(
      [
        mail('welcome'),
        mail('timeline', {
          when: daysBefore(7),
          late: 'send_now',
          deadline: { before: { days: 5 }, of: 'wedding' },
        }),
      ],
      ['welcome>timeline'],
    )
    const run = tell(journey, { at: '2027-06-07T09:20Z', view: june }).until('2027-06-08T00:00Z')
    expect(run.told.at(-1)).toBe('timeline → partner_a 2027-06-07T16:45')
    expect(run.codes().filter((code) => code === 'deadline_wins')).toHaveLength(1)
  })
  test('what has to be there within the hour goes before what has not, a year before the wedding as well', () => {
    const far = withWedding('2028-06-12', 'Europe/London', 1, {
      ...couple,
      anchors: { 'due:balance': { value: { is: 'day', on: '2027-06-12' as never }, generation: 1 } },
    })
    const soon = ['10:30', '11:30'].map((at) => {
      const journey = journeyOf([mail('list', { deadline: { before: { days: 1 }, of: 'due:balance', at } })])
      return tell(journey, { at: '2027-06-11T09:00Z', view: far }).sends[0]?.band
    })
    expect(soon).toEqual(['high', 'low'])
  })
  test('what cannot make its deadline any more is a task', () => {
    const run = tell(journeyOf([mail('list', { deadline: { before: { days: 14 }, of: 'wedding' } })]), {
      at: booked,
      view: june,
    })
    expect([run.tasks, run.raised]).toEqual([['list: deadline_missed'], ['deadline_missed']])
  })
  test('a deadline that moves nearer pulls the message with it', () => {
    const journey = journeyOf([
      mail('list', { when: { after: { days: 30 } }, deadline: { before: { days: 14 }, of: 'wedding' } }),
    ])
    const run = tell(journey, { at: '2027-04-01T10:00Z', view: june })
    expect(run.due).toBe('2027-05-01T10:00')
    run.change(withWedding('2027-05-08', 'Europe/London', 2, couple), ['wedding']).until('2027-05-10T00:00Z')
    expect(run.sends).toMatchObject([{ node: 'list' }])
    expect(run.sends[0]!.at).toBeLessThanOrEqual(run.sends[0]!.deadline!)
  })
})

describe('something was down', () => {
  const plain = journeyOf([mail('news', { when: { after: { days: 1 } } }), tag('after')], ['news>after'])
  test('for up to twelve hours: the message still goes', () => {
    expect(tell(plain, { at: inTime }).downUntil('2027-01-06T22:00Z').told).toEqual([
      'news → partner_a 2027-01-06T22:00',
    ])
  })
  test('for longer: a human sees to it, and the walk goes on', () => {
    const run = tell(plain, { at: inTime }).downUntil('2027-01-06T22:01Z')
    expect([run.tasks, run.sends, run.tags]).toEqual([['news: outage_late'], [], ['after']])
  })
  test('and is back outside the hours of the message: a human', () => {
    const open = withVendor({ openHours: { email: hours('08:00', '20:00') } }, couple)
    expect(tell(plain, { at: inTime, view: open }).downUntil('2027-01-06T21:00Z').tasks).toEqual([
      'news: outage_late',
    ])
  })
  test.each([
    ['a wait', [wait('pause', { after: { days: 1 } })], 'pause>news'],
    [
      'a missed answer',
      [{ id: 'answer', kind: 'await', for: { event: 'form_submitted' }, timeout: { after: { days: 1 } } }],
      'answer.timeout>news',
    ],
    ['a repeat', [wait('again', { every: { days: 1 }, timesMax: 3 })], 'again.again>news'],
  ] as const)('behind %s: the tag is set, the message is a human’s', (_, first, edge) => {
    const journey = journeyOf([...first, mail('news')], [edge])
    const run = tell(journey, { at: inTime }).downUntil('2027-01-08T10:00Z')
    expect([run.tasks, run.sends]).toEqual([['news: outage_late'], []])
  })
})

describe('the wedding is over', () => {
  const sunday = '2027-06-13T10:00Z'
  const late = (nodes: Parameters<typeof journeyOf>[0], edges: string[] = [], at = sunday) =>
    tell(journeyOf(nodes, edges), { at, view: june })

  test('what was meant for before it is left out and told, whatever its late policy says', () => {
    for (const policy of ['send_now', 'merge', 'compress', 'task']) {
      const run = late([fortnight({ late: policy })])
      expect([run.sends, run.tasks, run.raised]).toEqual([[], [], ['late_skipped']])
    }
  })
  test('so is a deadline that has passed with it, and a task for the day', () => {
    const gear = {
      id: 'gear',
      kind: 'action',
      do: { task: { title: 'Gear' } },
      when: daysBefore(3),
      late: 'send_now',
    }
    const run = late(
      [fortnight({ deadline: { before: { days: 7 }, of: 'wedding' } }), gear],
      ['fortnight>gear'],
    )
    expect([run.sends, run.tasks, run.raised]).toEqual([[], [], ['late_skipped', 'late_skipped']])
  })
  test('on the day itself as well: nobody is told to sleep well at noon', () => {
    expect(
      late([mail('eve', { when: daysBefore(1), late: 'send_now' })], [], '2027-06-12T11:00Z').sends,
    ).toEqual([])
    expect(
      late([mail('eve', { when: daysBefore(1), late: 'send_now' })], [], '2027-06-11T11:00Z').sends,
    ).toHaveLength(1)
  })
  test('and behind a wait, or a question, that counted down to it', () => {
    const question = { id: 'answer', kind: 'await', for: { event: 'form_submitted' }, timeout: daysBefore(3) }
    expect(
      late([wait('ten', daysBefore(10)), mail('count', { late: 'send_now' })], ['ten>count']).sends,
    ).toEqual([])
    expect(late([question, mail('again', { late: 'send_now' })], ['answer.timeout>again']).sends).toEqual([])
  })
  test('a tag is set and what comes after the wedding comes', () => {
    const thanks = mail('thanks', { when: { after: { days: 2 }, of: 'wedding', at: '11:00' } })
    const run = late(
      [wait('ten', daysBefore(10)), { ...tag('final'), when: daysBefore(7), late: 'send_now' }, thanks],
      ['ten>final', 'final>thanks'],
    ).until('2027-07-01T00:00Z')
    expect([run.tags, run.told]).toEqual([['final'], ['thanks → partner_a 2027-06-14T10:00']])
  })
  test('a catch-up for which no day is left before it becomes a task', () => {
    const run = late(
      [fortnight({ late: 'send_now' }), mail('week', { when: daysBefore(7), late: 'send_now' })],
      ['fortnight>week'],
      '2027-06-11T10:00Z',
    ).until('2027-06-20T00:00Z')
    expect([run.told, run.raised]).toEqual([['fortnight → partner_a 2027-06-11T10:00'], ['late_task']])
  })
  test('an outage of an hour that ends after midnight leaves the good wishes to a human', () => {
    const eve = tell(journeyOf([mail('eve', { when: daysBefore(1, { at: '23:30' }) })]), {
      at: booked,
      view: june,
    })
    expect(eve.downUntil('2027-06-12T00:30Z').tasks).toEqual(['eve: outage_late'])
  })
})

test('questions whose time had run out before they were asked make no burst', () => {
  const ask = (id: string, days: number) => ({
    id,
    kind: 'await',
    for: { event: 'payment_received' },
    timeout: daysBefore(days),
  })
  const run = tell(
    journeyOf(
      [
        ask('first', 40),
        mail('soon', { reminds: true }),
        ask('second', 35),
        mail('today', { late: 'send_now' }),
        ask('third', 30),
        mail('overdue', { late: 'send_now' }),
      ],
      ['first.timeout>soon', 'soon>second', 'second.timeout>today', 'today>third', 'third.timeout>overdue'],
    ),
    { at: booked, view: june },
  ).until('2027-06-11T00:00Z')
  expect(run.told).toEqual(['today → partner_a 2027-06-01T10:00', 'overdue → partner_a 2027-06-02T09:00'])
  expect(run.raised).toEqual(['late_skipped'])
})

describe('two partners in two places', () => {
  const at = (zoneOfBen: string, from: string, open = hours('08:00', '20:00')) => {
    const people = [
      { ...anna, zone: 'Europe/London' as Zone },
      { ...ben, zone: zoneOfBen as Zone },
    ]
    const view = { ...withVendor({ openHours: { email: open } }, june), people }
    return tell(journeyOf([mail('news')]), { at: from, view }).until('2027-01-08T00:00Z').told
  }
  test('hear of it when it is day for both', () => {
    expect(at('America/New_York', '2027-01-05T09:00Z')).toEqual([
      'news → partner_a 2027-01-05T13:00',
      'news → partner_b 2027-01-05T13:00',
    ])
    expect(at('America/New_York', '2027-01-05T21:00Z')[0]).toBe('news → partner_a 2027-01-06T13:00')
    expect(at('Asia/Tokyo', '2027-01-05T12:00Z')[0]).toBe('news → partner_a 2027-01-06T08:00')
  })
  test('who live half a world apart hear of it in the day of the first', () => {
    expect(at('Pacific/Auckland', '2027-01-05T06:00Z', hours('09:00', '17:00'))[0]).toBe(
      'news → partner_a 2027-01-05T09:00',
    )
  })
})
