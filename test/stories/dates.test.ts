import { describe, expect, test } from 'vitest'
import { daysBefore, journeyOf, mail, tag, wait } from '../fixtures/told-run.ts'
import { LONDON, startedRun, story } from './story.ts'

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

  test('and taken back when a letter had fallen due meanwhile: it goes once, as its rule for lateness says', async () => {
    const { s, anna, run } = await annaBooked('2027-06-12')
    await s.runUntil('2027-06-02T07:55:00Z')
    const slip = await s.cancels(anna.wedding)
    await s.runUntil('2027-06-02T08:03:00Z')
    await s.takesBack(slip)
    await s.runUntil('2027-07-01T00:00:00Z')
    expect([await s.status(run), await s.told(anna.client)]).toEqual([
      'completed',
      ['2027-06-02 09:03 headcount → partner_a', '2027-06-10 09:00 see-you → partner_a'],
    ])
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
    await expect(s.takesBack(first)).rejects.toThrow('changed again since')
    expect((await wedding(s)).on).toBe('2027-07-10')

    await s.takesBack(second)
    await s.takesBack(first)
    expect(await wedding(s)).toMatchObject({ status: 'confirmed', on: '2027-06-12' })
  })
})
