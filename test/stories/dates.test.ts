import { describe, expect, test } from 'vitest'
import type { WeddingId } from '../../src/core/ids.ts'
import type { LocalDate } from '../../src/core/time/local.ts'
import { daysBefore, journeyOf, mail, tag, wait } from '../fixtures/told-run.ts'
import { LONDON, type Story, startedRun, story } from './story.ts'

/** A planning letter ten days before, a last word two days before: both hang on the day of the wedding. */
const lastDays = journeyOf(
  [
    wait('ten', daysBefore(10)),
    mail('headcount', { late: 'send_now' }),
    wait('two', daysBefore(2)),
    mail('see-you'),
  ],
  ['ten>headcount', 'headcount>two', 'two>see-you'],
)

async function annaBooked(on: string, now = '2027-05-01T08:00:00Z') {
  const s = await story({ now })
  await s.publishes('last-days', lastDays)
  const anna = await s.couple({ wedding: { on, zone: LONDON } })
  const run = startedRun(await s.event(anna.client, 'contract_signed'))
  return { s, anna, run }
}

describe('the wedding moves', () => {
  test('there and back again, and the plan is the first one to the letter', async () => {
    const { s, anna, run } = await annaBooked('2027-06-12')
    const [due, tokens] = [await s.due(run), await s.tokens(run)]

    await s.moves(anna.wedding, '2027-09-18')
    expect(await s.due(run)).not.toBe(due)
    await s.runUntil('2027-05-03T08:00:00Z')
    await s.moves(anna.wedding, '2027-06-12')

    expect(await s.due(run)).toBe(due)
    expect(JSON.parse(await s.tokens(run))).toEqual(
      JSON.parse(tokens).map((token: object) => ({ ...token, generation: 3 })),
    )
    await s.runUntil('2027-10-01T00:00:00Z')
    expect(await s.told(anna.client)).toEqual([
      '2027-06-02 09:00 headcount → partner_a',
      '2027-06-10 09:00 see-you → partner_a',
    ])
  })

  test('a month earlier by mistake: taken back within ten minutes, nobody has heard of it', async () => {
    const { s, anna, run } = await annaBooked('2027-06-12')
    await s.runUntil('2027-05-20T10:00:00Z')
    const due = await s.due(run)

    const mistake = await s.moves(anna.wedding, '2027-05-25')
    await s.runUntil('2027-05-20T10:09:00Z')
    expect(await s.told(anna.client)).toEqual([])

    await s.takesBack(mistake)
    await s.runUntil('2027-05-20T12:00:00Z')
    expect(await s.due(run)).toBe(due)
    expect(await s.told(anna.client)).toEqual([])
  })

  test('a month earlier in earnest: what is late waits for the ten minutes, then goes, once', async () => {
    const { s, anna } = await annaBooked('2027-06-12')
    await s.runUntil('2027-05-20T10:00:00Z')
    await s.moves(anna.wedding, '2027-05-25')
    await s.runUntil('2027-06-30T00:00:00Z')
    expect(await s.told(anna.client)).toEqual([
      '2027-05-20 11:10 headcount → partner_a',
      '2027-05-23 09:00 see-you → partner_a',
    ])
  })

  test('after a letter has gone out it is not sent again, only what is still to come moves along', async () => {
    const { s, anna } = await annaBooked('2027-06-12')
    await s.runUntil('2027-06-05T00:00:00Z')
    await s.moves(anna.wedding, '2027-08-14')
    await s.runUntil('2027-09-01T00:00:00Z')
    expect(await s.told(anna.client)).toEqual([
      '2027-06-02 09:00 headcount → partner_a',
      '2027-08-12 09:00 see-you → partner_a',
    ])
  })

  test('a letter that names the date goes out again, as updated, and not if the date comes back in time', async () => {
    const timeline = journeyOf(
      [
        mail('timeline', { when: daysBefore(30), move: 'resend' }),
        wait('after', { after: { days: 1 }, of: 'wedding' }),
        mail('thanks'),
      ],
      ['timeline>after', 'after>thanks'],
    )
    const s = await story({ now: '2027-05-01T08:00:00Z' })
    await s.publishes('timeline', timeline)
    const anna = await s.couple({ wedding: { on: '2027-06-12', zone: LONDON } })
    await s.event(anna.client, 'contract_signed')
    await s.runUntil('2027-05-20T08:00:00Z')
    expect(await s.told(anna.client)).toEqual(['2027-05-13 09:00 timeline → partner_a'])

    await s.takesBack(await s.moves(anna.wedding, '2027-07-03'))
    await s.runUntil('2027-05-21T08:00:00Z')
    expect(await s.told(anna.client)).toHaveLength(1)

    await s.moves(anna.wedding, '2027-07-03')
    await s.runUntil('2027-08-01T00:00:00Z')
    expect(await s.told(anna.client)).toEqual([
      '2027-05-13 09:00 timeline → partner_a',
      '2027-05-21 09:10 timeline → partner_a',
      '2027-07-04 10:00 thanks → partner_a',
    ])
  })

  test('to another place: nine in the morning is nine at the new venue', async () => {
    const { s, anna } = await annaBooked('2027-06-12')
    await s.changes({ wedding: anna.wedding!, zone: 'America/New_York' })
    await s.runUntil('2027-07-01T00:00:00Z')
    expect((await s.sentTo(anna.client)).map((one) => one.at)).toEqual([
      '2027-06-02T13:00:00.000Z',
      '2027-06-10T13:00:00.000Z',
    ])
  })
})

describe('a date to be confirmed', () => {
  test('holds back what hangs on it and nothing else; once it is set, all goes on', async () => {
    const journey = journeyOf(
      [
        { id: 'ways', kind: 'fork', arms: ['dated', 'undated'] },
        mail('headcount', { when: daysBefore(10) }),
        wait('week', { after: { days: 7 } }),
        mail('style-guide'),
        { id: 'meet', kind: 'join', mode: 'all' },
        tag('done'),
      ],
      [
        'ways.dated>headcount',
        'ways.undated>week',
        'week>style-guide',
        'headcount>meet',
        'style-guide>meet',
        'meet>done',
      ],
    )
    const s = await story({ now: '2027-01-04T08:00:00Z' })
    await s.publishes('planning', journey)
    const anna = await s.couple({ wedding: { zone: LONDON } })
    const run = startedRun(await s.event(anna.client, 'contract_signed'))
    await s.runUntil('2027-03-01T00:00:00Z')
    expect(await s.told(anna.client)).toEqual(['2027-01-11 08:00 style-guide → partner_a'])
    expect([await s.status(run), await s.due(run)]).toEqual(['waiting', null])

    await s.moves(anna.wedding, '2027-06-12')
    await s.runUntil('2027-07-01T00:00:00Z')
    expect(await s.told(anna.client)).toEqual([
      '2027-01-11 08:00 style-guide → partner_a',
      '2027-06-02 09:00 headcount → partner_a',
    ])
    expect(await s.status(run)).toBe('completed')
  })

  test('a wedding that loses its date waits, and one that gets another follows it', async () => {
    const { s, anna } = await annaBooked('2027-06-12')
    await s.moves(anna.wedding, null)
    await s.runUntil('2027-08-01T00:00:00Z')
    expect(await s.told(anna.client)).toEqual([])
    await s.moves(anna.wedding, '2027-09-18')
    await s.runUntil('2027-10-01T00:00:00Z')
    expect(await s.told(anna.client)).toEqual([
      '2027-09-08 09:00 headcount → partner_a',
      '2027-09-16 09:00 see-you → partner_a',
    ])
  })
})

describe('a wedding is cancelled', () => {
  test('every journey about it falls silent at once and ends when that is final, and the one about the cancellation goes on', async () => {
    const { s, anna, run } = await annaBooked('2027-06-12')
    await s.publishes(
      'farewell',
      journeyOf(
        [
          { id: 'begin', kind: 'trigger', type: 'contract_signed' },
          wait('pause', { after: { days: 40 } }),
          mail('kind-words'),
        ],
        ['begin>pause', 'pause>kind-words'],
        { onWeddingCancelled: 'stay' },
      ),
    )
    const stays = startedRun(await s.event(anna.client, 'contract_signed'))
    await s.cancels(anna.wedding)
    await s.runUntil('2027-07-01T00:00:00Z')
    expect([await s.status(run), await s.status(stays)]).toEqual(['cancelled', 'completed'])
    expect(await s.told(anna.client)).toEqual(['2027-06-10 09:00 kind-words → partner_a'])
  })

  test('by a slip of the hand: taken back within ten minutes, the plan is the first one to the letter', async () => {
    const { s, anna, run } = await annaBooked('2027-06-12')
    const [due, tokens] = [await s.due(run), await s.tokens(run)]
    const slip = await s.cancels(anna.wedding)
    expect(await s.status(run)).toBe('paused')
    await s.runUntil('2027-05-01T08:09:00Z')
    expect(await s.status(run)).toBe('paused')

    await s.takesBack(slip)
    expect([await s.status(run), await s.due(run), await s.tokens(run)]).toEqual(['waiting', due, tokens])
    await s.runUntil('2027-07-01T00:00:00Z')
    expect(await s.told(anna.client)).toEqual([
      '2027-06-02 09:00 headcount → partner_a',
      '2027-06-10 09:00 see-you → partner_a',
    ])
  })

  test('by a slip of the hand, and a date was moved meanwhile: taken back, its letters follow that date', async () => {
    const s = await story({ now: '2027-05-01T08:00:00Z' })
    const soon = daysBefore(3, { of: 'custom:rehearsal' })
    await s.publishes('rehearsal', journeyOf([wait('three', soon), mail('rehearse')], ['three>rehearse']))
    const anna = await s.couple({ wedding: { on: '2027-06-12', zone: LONDON } })
    const rehearsal = (on: string) =>
      s.changes({
        wedding: anna.wedding!,
        anchors: { 'custom:rehearsal': { is: 'day', on: on as LocalDate } },
      })
    await rehearsal('2027-06-10')
    const run = startedRun(await s.event(anna.client, 'contract_signed'))
    expect(await s.due(run)).toBe('2027-06-07 08:00:00+00')
    const slip = await s.cancels(anna.wedding)
    await rehearsal('2027-06-09')
    await s.takesBack(slip)
    await s.runUntil('2027-07-01T00:00:00Z')
    expect(await s.told(anna.client)).toEqual(['2027-06-06 09:00 rehearse → partner_a'])
  })

  test('in earnest, minutes before a letter was to leave: they hear nothing more', async () => {
    const { s, anna, run } = await annaBooked('2027-06-12')
    await s.runUntil('2027-06-02T07:55:00Z')
    await s.cancels(anna.wedding)
    await s.runUntil('2027-06-02T08:04:00Z')
    expect(await s.status(run)).toBe('paused')
    await s.runUntil('2027-06-02T08:06:00Z')
    expect(await s.status(run)).toBe('cancelled')
    await s.runUntil('2027-07-01T00:00:00Z')
    expect(await s.told(anna.client)).toEqual([])
  })

  test('begun anew while it is off, they are as silent as they were', async () => {
    const { s, anna, run } = await annaBooked('2027-06-12')
    await s.cancels(anna.wedding)
    await s.commands(run, { do: 'restart' })
    await s.runUntil('2027-07-01T00:00:00Z')
    expect([await s.status(run), await s.told(anna.client)]).toEqual(['cancelled', []])
  })

  test('moved to another day after all, and that taken back: it is off again, and still as long as that can be taken back', async () => {
    const { s, anna, run } = await annaBooked('2027-06-12')
    const [due, tokens] = [await s.due(run), await s.tokens(run)]
    const off = await s.cancels(anna.wedding)
    await s.runUntil('2027-05-01T08:03:00Z')
    const moved = await s.moves(anna.wedding, '2027-07-03')
    expect(await s.status(run)).toBe('waiting')
    await s.takesBack(moved)
    expect(await s.status(run)).toBe('paused')
    await s.runUntil('2027-05-01T08:09:00Z')
    expect(await s.status(run)).toBe('paused')
    await s.takesBack(off)
    expect([await s.status(run), await s.due(run), await s.tokens(run)]).toEqual([
      'waiting',
      due,
      tokens.replaceAll('"generation": 1', '"generation": 3'),
    ])
  })

  test('moved to another day after all, and that taken back: it ends when the first word is final', async () => {
    const { s, anna, run } = await annaBooked('2027-06-12')
    await s.cancels(anna.wedding)
    await s.runUntil('2027-05-01T08:03:00Z')
    await s.takesBack(await s.moves(anna.wedding, '2027-07-03'))
    await s.runUntil('2027-05-01T08:11:00Z')
    expect(await s.status(run)).toBe('cancelled')
  })

  test('what is said of it meanwhile counts when it is taken back: another date, another version', async () => {
    const s = await story({ now: '2027-05-01T08:00:00Z' })
    const journey = (days: number) =>
      journeyOf(
        [wait('paid', { before: { days }, of: 'due:balance', at: '09:00' }), mail('last-word')],
        ['paid>last-word'],
      )
    await s.publishes('money', journey(5))
    const anna = await s.couple({ wedding: { on: '2027-09-18', zone: LONDON } })
    const balance = (on: string) =>
      s.changes({ wedding: anna.wedding!, anchors: { 'due:balance': { is: 'day', on: on as LocalDate } } })
    await balance('2027-06-12')
    const run = startedRun(await s.event(anna.client, 'contract_signed'))

    const slip = await s.cancels(anna.wedding)
    await balance('2027-08-01')
    await s.publishes('money', journey(10), { is: 'move', redirects: {} })
    expect(await s.status(run)).toBe('paused')
    await s.takesBack(slip)
    expect([await s.status(run), await s.due(run)]).toEqual(['waiting', '2027-07-22 08:00:00+00'])
  })

  test('a journey that begins when it is off already goes on, whatever else is said of the wedding', async () => {
    const { s, anna } = await annaBooked('2027-06-12')
    await s.cancels(anna.wedding)
    await s.runUntil('2027-05-02T08:00:00Z')
    await s.publishes(
      'goodbye',
      journeyOf([wait('days', { after: { days: 3 } }), mail('kind-words')], ['days>kind-words']),
    )
    const goodbye = startedRun(await s.event(anna.client, 'contract_signed'))
    await s.changes({ wedding: anna.wedding!, guests: 0 })
    await s.event(anna.client, 'meeting_booked', { at: '2027-05-20T10:00:00Z', meeting: 'talk' })
    await s.runUntil('2027-07-01T00:00:00Z')
    expect([await s.status(goodbye), await s.told(anna.client)]).toEqual([
      'completed',
      ['2027-05-05 09:00 kind-words → partner_a'],
    ])
  })
})

describe('what fell due while a mistake stood goes when the mistake is taken back, whatever is said of lateness', () => {
  const mistakes = {
    'another day': (s: Story, wedding: WeddingId | null) => s.moves(wedding, '2027-09-18'),
    'no day at all': (s: Story, wedding: WeddingId | null) => s.moves(wedding, null),
    'another zone': (s: Story, wedding: WeddingId | null) =>
      s.changes({ wedding: wedding!, zone: 'America/New_York' }),
    'called off': (s: Story, wedding: WeddingId | null) => s.cancels(wedding),
  }
  const reminder = (more: object) =>
    journeyOf(
      [
        mail('headcount', { when: daysBefore(10), late: 'skip', ...more }),
        wait('two', daysBefore(2)),
        mail('see-you'),
      ],
      ['headcount>two', 'two>see-you'],
    )
  async function mistaken(what: keyof typeof mistakes, at: string, journey: ReturnType<typeof reminder>) {
    const s = await story({
      now: '2027-05-01T08:00:00Z',
      busyFrom: '2027-06-02T08:00:00Z',
      busyUntil: '2027-06-02T08:00:20Z',
    })
    await s.publishes('last-days', journey)
    const anna = await s.couple({ wedding: { on: '2027-06-12', zone: LONDON } })
    await s.event(anna.client, 'contract_signed')
    await s.runUntil(at)
    const mistake = await mistakes[what](s, anna.wedding)
    await s.runUntil('2027-06-02T08:03:00Z')
    expect(await s.told(anna.client)).toEqual([])
    await s.takesBack(mistake)
    await s.runUntil('2027-07-01T00:00:00Z')
    return [await s.told(anna.client), await s.today(), await s.desk()]
  }
  const asPlanned = [
    ['2027-06-02 09:03 headcount → partner_a', '2027-06-10 09:00 see-you → partner_a'],
    [],
    [],
  ]
  for (const what of Object.keys(mistakes) as (keyof typeof mistakes)[]) {
    test(`${what}: a reminder`, async () => {
      expect(await mistaken(what, '2027-06-02T07:55:00Z', reminder({}))).toEqual(asPlanned)
    })
    test(`${what}: a letter behind a wait`, async () => {
      const journey = journeyOf(
        [wait('ten', daysBefore(10)), mail('headcount'), wait('two', daysBefore(2)), mail('see-you')],
        ['ten>headcount', 'headcount>two', 'two>see-you'],
      )
      expect(await mistaken(what, '2027-06-02T07:55:00Z', journey)).toEqual(asPlanned)
    })
    test(`${what}: a reminder that was on its way already, and had to be tried again`, async () => {
      expect(await mistaken(what, '2027-06-02T08:00:01Z', reminder({}))).toEqual(asPlanned)
    })
  }
  test('another day: a step that asks what a move does to it', async () => {
    expect(await mistaken('another day', '2027-06-02T07:55:00Z', reminder({ move: 'ask' }))).toEqual(
      asPlanned,
    )
  })
})

describe('a journey gets another version', () => {
  const lastWord = (more: object, days = 10) =>
    journeyOf([mail('headcount', { when: daysBefore(days), ...more })])
  const taken = { is: 'move', redirects: {} } as const

  test('inside the ten minutes of a move: what the move made late waits for their end all the same', async () => {
    const { s, anna } = await annaBooked('2027-06-12')
    await s.runUntil('2027-05-20T10:00:00Z')
    const mistake = await s.moves(anna.wedding, '2027-05-25')
    await s.publishes('last-days', lastDays, taken)
    await s.runUntil('2027-05-20T10:05:00Z')
    expect(await s.told(anna.client)).toEqual([])
    await s.takesBack(mistake)
    await s.runUntil('2027-07-01T00:00:00Z')
    expect(await s.told(anna.client)).toEqual([
      '2027-06-02 09:00 headcount → partner_a',
      '2027-06-10 09:00 see-you → partner_a',
    ])
  })

  for (const move of ['ask', 'keep'])
    test(`with a step that says "${move}" of a move: nothing has moved, so nobody is asked and the new rule counts`, async () => {
      const s = await story({ now: '2027-05-01T08:00:00Z' })
      await s.publishes('last', lastWord({ move }))
      const anna = await s.couple({ wedding: { on: '2027-06-12', zone: LONDON } })
      const run = startedRun(await s.event(anna.client, 'contract_signed'))
      await s.publishes('last', lastWord({ move }, 20), taken)
      expect([await s.due(run), await s.desk()]).toEqual(['2027-05-23 08:00:00+00', []])
    })

  test('what a move had left where it was is left there', async () => {
    const s = await story({ now: '2027-05-01T08:00:00Z' })
    await s.publishes('last', lastWord({ move: 'keep' }))
    const anna = await s.couple({ wedding: { on: '2027-06-12', zone: LONDON } })
    const run = startedRun(await s.event(anna.client, 'contract_signed'))
    const due = await s.due(run)
    await s.moves(anna.wedding, '2027-09-18')
    await s.publishes('last', lastWord({ move: 'keep', name: 'The headcount' }), taken)
    expect(await s.due(run)).toBe(due)
  })
})

describe('a change is taken back when another has followed it', () => {
  const wedding = async (s: Awaited<ReturnType<typeof annaBooked>>['s']) => {
    const [row] = await s.session.query<{ status: string; zone: string; guests: number | null; on: string }>(
      `select status, zone, guests, wedding_on::text as on from app.wedding`,
    )
    return row!
  }

  test('of something else: that one stands, and a cancelled wedding stays cancelled', async () => {
    const { s, anna, run } = await annaBooked('2027-06-12')
    const counted = await s.changes({ wedding: anna.wedding!, guests: 80 })
    await s.changes({ wedding: anna.wedding!, zone: 'Europe/Rome' })
    await s.cancels(anna.wedding)

    await s.takesBack(counted)
    expect(await wedding(s)).toEqual({
      status: 'cancelled',
      zone: 'Europe/Rome',
      guests: null,
      on: '2027-06-12',
    })
    await s.runUntil('2027-07-01T00:00:00Z')
    expect([await s.status(run), await s.told(anna.client)]).toEqual(['cancelled', []])
  })

  test('of the same: it is refused, and goes once the later one is taken back', async () => {
    const { s, anna } = await annaBooked('2027-06-12')
    const first = await s.moves(anna.wedding, '2027-07-03')
    const second = await s.moves(anna.wedding, '2027-07-10')
    await expect(s.takesBack(first)).rejects.toThrow('Changed again since: the')
    expect((await wedding(s)).on).toBe('2027-07-10')

    await s.takesBack(second)
    await s.takesBack(first)
    expect(await wedding(s)).toMatchObject({ status: 'confirmed', on: '2027-06-12' })
  })
})
