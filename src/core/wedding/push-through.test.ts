import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { SendView, View } from '../run/view.ts'
import { addDays, dateOfDay, dayNumber, localDate } from '../time/calendar.ts'
import { DAY_MS, HOUR_MS, type Instant, instant, instantFrom, isoOf } from '../time/instant.ts'
import type { LocalDate, LocalTime, Weekday, Zone } from '../time/local.ts'
import { days, exampleView, hours, withVendor } from './example-view.ts'
import { type Pushed, type PushStep, pushThrough } from './push-through.ts'
import { closedAt } from './send-window.ts'

const NOW = instantFrom('2027-06-01T08:00:00Z')
const LONDON = 'Europe/London' as Zone
const step = (change: Partial<PushStep> = {}): PushStep => ({
  windows: {},
  class: 'relationship',
  channel: 'email',
  recipient: 'partner_a',
  recipientZone: LONDON,
  deadline: null,
  asksForAnswer: false,
  ...change,
})
const push = (at: string, change: Partial<PushStep>, view: View, now = NOW): Pushed =>
  pushThrough(instantFrom(at), step(change), view, now)
const told = (pushed: Pushed): string =>
  pushed.is === 'at'
    ? [isoOf(pushed.at).slice(0, 16), ...pushed.because.map((one) => one.code)].join(' ')
    : [pushed.is, ...pushed.because.map((one) => one.code)].join(' ')
const sent = (at: string, change: Partial<SendView> = {}): SendView => ({
  to: 'partner_a',
  class: 'relationship',
  at: instantFrom(at),
  catchUp: false,
  ...change,
})

describe('vendor-aware days', () => {
  // 12 June 2027 is a Saturday.
  const saturdays = withVendor({ weddingDays: days('2027-06-12') })

  test('a question avoids the day the vendor works a wedding, a day earlier by itself', () => {
    expect(push('2027-06-12T09:00:00Z', { asksForAnswer: true }, saturdays)).toEqual({
      is: 'at',
      at: instantFrom('2027-06-11T09:00:00Z'),
      because: [
        {
          code: 'free_day',
          values: {
            from: '2027-06-12T09:00:00.000Z',
            to: '2027-06-11T09:00:00.000Z',
            day: '2027-06-12',
            rule: 'earlier',
            zone: 'Europe/London',
          },
        },
      ],
    })
  })

  test('what asks for nothing goes on that day', () => {
    expect(told(push('2027-06-12T09:00:00Z', {}, saturdays))).toBe('2027-06-12T09:00')
  })

  test('later where the journey prefers it, or where earlier is already over', () => {
    const later = { asksForAnswer: true, windows: { freeDay: 'later' } } as const
    expect(told(push('2027-06-12T09:00:00Z', later, saturdays))).toBe('2027-06-13T09:00 free_day')
    const friday = instantFrom('2027-06-11T09:00:01Z')
    expect(told(push('2027-06-12T09:00:00Z', { asksForAnswer: true }, saturdays, friday))).toBe(
      '2027-06-13T09:00 free_day',
    )
  })

  test('the vendor’s day counts, where the vendor is', () => {
    // 20:00 on Friday in New York is already Saturday in London.
    const at = push(
      '2027-06-12T00:00:00Z',
      { asksForAnswer: true, recipientZone: 'America/New_York' as Zone },
      saturdays,
    )
    expect(told(at)).toBe('2027-06-11T00:00 free_day')
  })

  test('keeps the time on the wall of the rule when the clocks change in between', () => {
    const view = withVendor({ weddingDays: days('2027-10-31') })
    const pushed = push('2027-10-31T10:00:00Z', { asksForAnswer: true, zone: LONDON }, view)
    expect(told(pushed)).toBe('2027-10-30T09:00 free_day')
  })

  test('a wedding and a weekend together are looked at together', () => {
    const view = withVendor({ weddingDays: days('2027-06-14') })
    const both = { asksForAnswer: true, windows: { businessDay: 'later' } } as const
    expect(told(push('2027-06-13T09:00:00Z', both, view))).toBe('2027-06-15T09:00 business_day')
  })
})

describe('business days', () => {
  test('not on a holiday, not on a weekend', () => {
    const view = withVendor({ holidays: days('2027-06-14') })
    expect(told(push('2027-06-12T09:00:00Z', { windows: { businessDay: 'later' } }, view))).toBe(
      '2027-06-15T09:00 business_day',
    )
    expect(told(push('2027-06-14T09:00:00Z', { windows: { businessDay: 'earlier' } }, view))).toBe(
      '2027-06-11T09:00 business_day',
    )
  })
})

describe('quiet hours', () => {
  const view = withVendor({ openHours: { sms: hours('08:00', '21:00') } })

  test('of the recipient: the next opening on their clock', () => {
    const sms = { channel: 'sms', recipientZone: 'America/New_York' as Zone } as const
    expect(push('2027-06-10T10:00:00Z', sms, view)).toEqual({
      is: 'at',
      at: instantFrom('2027-06-10T12:00:00Z'),
      because: [
        {
          code: 'quiet_hours',
          values: {
            from: '2027-06-10T10:00:00.000Z',
            to: '2027-06-10T12:00:00.000Z',
            open: '08:00–21:00',
            time: '06:00',
            zone: 'America/New_York',
            channel: 'sms',
          },
        },
      ],
    })
  })

  test('open at the opening, closed at the closing', () => {
    expect(told(push('2027-06-10T07:00:00Z', { channel: 'sms' }, view))).toBe('2027-06-10T07:00')
    expect(told(push('2027-06-10T20:00:00Z', { channel: 'sms' }, view))).toBe('2027-06-11T07:00 quiet_hours')
    expect(told(push('2027-06-10T19:59:00Z', { channel: 'sms' }, view))).toBe('2027-06-10T19:59')
  })

  test('other channels are not bound by it', () => {
    expect(told(push('2027-06-10T02:00:00Z', { channel: 'email' }, view))).toBe('2027-06-10T02:00')
    expect(told(push('2027-06-10T02:00:00Z', { channel: 'none' }, view))).toBe('2027-06-10T02:00')
  })

  test('drop instead of wait, or ignore, by policy', () => {
    const sms = (quiet: 'skip' | 'ignore') => ({ channel: 'sms', windows: { quiet } }) as const
    expect(told(push('2027-06-10T02:00:00Z', sms('skip'), view))).toBe('skip quiet_skipped')
    expect(told(push('2027-06-10T02:00:00Z', sms('ignore'), view))).toBe('2027-06-10T02:00')
  })

  test('a window over midnight', () => {
    const night = withVendor({ openHours: { email: hours('18:00', '02:00') } })
    expect(told(push('2027-06-10T00:30:00Z', {}, night))).toBe('2027-06-10T00:30')
    expect(told(push('2027-06-10T01:00:00Z', {}, night))).toBe('2027-06-10T17:00 quiet_hours')
  })

  test('an opening the clocks skip is the first minute after, or the next day’s', () => {
    // London skips 01:00–02:00 on 28 March 2027.
    const early = withVendor({ openHours: { email: hours('01:30', '05:00') } })
    const narrow = withVendor({ openHours: { email: hours('01:10', '01:50') } })
    const march = instantFrom('2027-03-20T08:00:00Z')
    expect(told(push('2027-03-28T00:10:00Z', {}, early, march))).toBe('2027-03-28T01:30 quiet_hours')
    expect(told(push('2027-03-28T00:10:00Z', {}, narrow, march))).toBe('2027-03-29T00:10 quiet_hours')
  })

  test('that end on a wedding day push on, and the two agree at last', () => {
    const both = withVendor({
      openHours: { email: hours('08:00', '21:00') },
      weddingDays: days('2027-06-12'),
    })
    const evening = instantFrom('2027-06-11T20:30:00Z')
    // Opening is Saturday, Saturday is blocked, Friday's opening is over: Sunday.
    expect(told(push('2027-06-11T20:30:00Z', { asksForAnswer: true }, both, evening))).toBe(
      '2027-06-13T07:00 quiet_hours free_day',
    )
  })
})

describe('frequency caps', () => {
  const capped = (policy: 'later' | 'merge' | 'skip', sends: SendView[]): View => ({
    ...withVendor({ caps: { relationship: { max: 2, windowHours: 24, policy } } }),
    sends,
  })
  const two = [sent('2027-06-10T08:00:00Z'), sent('2027-06-10T12:00:00Z')]

  test('the third of a day waits until the first is a day old', () => {
    const pushed = push('2027-06-10T15:00:00Z', {}, capped('later', two))
    expect(told(pushed)).toBe('2027-06-11T08:00 capped')
    expect(pushed.because[0]?.values).toEqual({
      from: '2027-06-10T15:00:00.000Z',
      to: '2027-06-11T08:00:00.000Z',
      max: 2,
      windowHours: 24,
      class: 'relationship',
    })
  })

  test('merges or is left out by policy; the step’s own policy goes before the vendor’s', () => {
    expect(told(push('2027-06-10T15:00:00Z', {}, capped('merge', two)))).toBe('merge cap_merged')
    expect(told(push('2027-06-10T15:00:00Z', {}, capped('skip', two)))).toBe('skip cap_skipped')
    expect(told(push('2027-06-10T15:00:00Z', { windows: { cap: 'skip' } }, capped('later', two)))).toBe(
      'skip cap_skipped',
    )
  })

  test('counts what is planned for after it as well', () => {
    const later = [sent('2027-06-10T20:00:00Z'), sent('2027-06-11T05:00:00Z')]
    expect(told(push('2027-06-10T15:00:00Z', {}, capped('later', later)))).toBe('2027-06-11T20:00 capped')
  })

  test('a cap that ends on a wedding day and a day before that breaks the cap agree on a day after both', () => {
    const one = { relationship: { max: 1, windowHours: 24, policy: 'later' } } as const
    const view = {
      ...withVendor({ caps: one, weddingDays: days('2027-06-12') }),
      sends: [sent('2027-06-11T09:00:00Z')],
    }
    expect(told(push('2027-06-11T12:00:00Z', { asksForAnswer: true }, view))).toBe(
      '2027-06-13T09:00 capped free_day capped free_day',
    )
  })

  test('another person or another class does not count', () => {
    const others = [
      sent('2027-06-10T08:00:00Z', { to: 'partner_b' }),
      sent('2027-06-10T09:00:00Z', { class: 'marketing' }),
    ]
    expect(told(push('2027-06-10T15:00:00Z', {}, capped('later', [two[0]!, ...others])))).toBe(
      '2027-06-10T15:00',
    )
  })
})

describe('deadlines', () => {
  const view = withVendor({
    openHours: { sms: hours('08:00', '21:00') },
    weddingDays: days('2027-06-12', '2027-06-13'),
  })

  test('an earlier moment inside all windows is found before any window is overruled', () => {
    const question = {
      asksForAnswer: true,
      windows: { freeDay: 'later' },
      deadline: instantFrom('2027-06-13T17:00:00Z'),
    } as const
    const pushed = push('2027-06-12T09:00:00Z', question, view)
    expect(told(pushed)).toBe('2027-06-11T09:00 free_day deadline_wins')
    expect(pushed.because[1]?.values).toEqual({
      from: '2027-06-12T09:00:00.000Z',
      to: '2027-06-11T09:00:00.000Z',
      deadline: '2027-06-13T17:00:00.000Z',
      over: [],
    })
  })

  test('when nothing fits the deadline wins, over as little as it must, and says over what', () => {
    const question = {
      asksForAnswer: true,
      channel: 'sms',
      deadline: instantFrom('2027-06-12T17:00:00Z'),
    } as const
    const night = instantFrom('2027-06-11T22:00:00Z')
    const pushed = push('2027-06-12T02:00:00Z', question, view, night)
    expect(told(pushed)).toBe('2027-06-12T07:00 free_day quiet_hours deadline_wins')
    expect(pushed.because.at(-1)?.values?.over).toEqual(['free_day'])
  })

  test('one message too many does less harm than one on a weekend', () => {
    const cap = { relationship: { max: 1, windowHours: 72, policy: 'later' } } as const
    const capped = { ...withVendor({ caps: cap }), sends: [sent('2027-06-11T08:00:00Z')] }
    const friday = instantFrom('2027-06-11T10:00:00Z')
    const deadline = instantFrom('2027-06-12T17:00:00Z')
    const pushed = push(
      '2027-06-12T09:00:00Z',
      { windows: { businessDay: 'later' }, deadline },
      capped,
      friday,
    )
    expect(pushed.because.at(-1)?.values).toEqual({
      from: '2027-06-12T09:00:00.000Z',
      to: '2027-06-11T10:00:00.000Z',
      deadline: '2027-06-12T17:00:00.000Z',
      over: ['cap'],
    })
  })

  test('what cannot make it any more is a human’s', () => {
    const gone = { deadline: instantFrom('2027-06-01T07:59:59Z') }
    expect(push('2027-06-12T02:00:00Z', gone, view)).toEqual({
      is: 'escalate',
      because: [
        {
          code: 'deadline_missed',
          values: { at: '2027-06-12T02:00:00.000Z', deadline: '2027-06-01T07:59:59.000Z' },
        },
      ],
    })
  })

  test('a moment wished for after the deadline is brought before it', () => {
    expect(told(push('2027-06-20T09:00:00Z', { deadline: instantFrom('2027-06-18T17:00:00Z') }, view))).toBe(
      '2027-06-18T09:00 deadline_wins',
    )
  })

  test('and whoever wakes a little late for it still finds it in time', () => {
    const letter = {
      deadline: instantFrom('2027-06-18T17:00:00Z'),
      windows: { businessDay: 'later' },
    } as const
    const noon = instantFrom('2027-06-18T12:00:00Z')
    const pushed = push('2027-06-19T09:00:00Z', letter, view, noon)
    expect(told(pushed)).toBe('2027-06-18T16:45 business_day deadline_wins')
    expect(told(push('2027-06-18T16:45:02Z', letter, view, instantFrom('2027-06-18T16:45:02Z')))).toBe(
      '2027-06-18T16:45',
    )
  })
})

test('a calendar without a free day is a human’s, not a silence', () => {
  const always = new Set(Array.from({ length: 200 }, (_, count) => addDays(localDate('2027-05-01'), count)))
  const pushed = push('2027-06-12T09:00:00Z', { asksForAnswer: true }, withVendor({ weddingDays: always }))
  expect(told(pushed)).toBe('escalate windows_unsettled')
})

describe('whatever the calendar', () => {
  const from = dayNumber(localDate('2027-03-15'))
  const anyDate = fc.integer({ min: from - 30, max: from + 90 }).map(dateOfDay)
  const anyTime = fc.integer({ min: 0, max: 47 }).map((half) => {
    return `${String(half >> 1).padStart(2, '0')}:${half % 2 === 0 ? '00' : '30'}` as LocalTime
  })
  const anyZone = fc.constantFrom(
    'Europe/London',
    'America/New_York',
    'Pacific/Auckland',
    'Asia/Kathmandu',
  ) as fc.Arbitrary<Zone>
  const anyMoment = (first: number, last: number): fc.Arbitrary<Instant> =>
    fc
      .integer({ min: (from + first) * 48, max: (from + last) * 48 })
      .map((half) => instant((half * DAY_MS) / 48))
  const anyVendor = fc.record({
    zone: anyZone,
    workingDays: fc.uniqueArray(
      fc.integer({ min: 1, max: 7 }).map((day) => day as Weekday),
      { minLength: 1 },
    ),
    holidays: fc.array(anyDate, { maxLength: 20 }).map((dates) => new Set<LocalDate>(dates)),
    weddingDays: fc.array(anyDate, { maxLength: 40 }).map((dates) => new Set<LocalDate>(dates)),
    openHours: fc.record({ email: fc.record({ from: anyTime, to: anyTime }) }, { requiredKeys: [] }),
    caps: fc.record(
      {
        relationship: fc.record({
          max: fc.integer({ min: 1, max: 3 }),
          windowHours: fc.integer({ min: 1, max: 72 }),
          policy: fc.constant('later' as const),
        }),
      },
      { requiredKeys: [] },
    ),
  })
  const anySends = fc
    .array(anyMoment(-3, 10), { maxLength: 8 })
    .map((moments): SendView[] =>
      moments.map((at) => ({ to: 'partner_a', class: 'relationship', at, catchUp: false })),
    )
  const anyView = fc
    .tuple(anyVendor, anySends)
    .map(([vendor, sends]): View => ({ ...withVendor(vendor), sends }))
  const anyWindows = fc.record(
    {
      freeDay: fc.constantFrom('earlier' as const, 'later' as const),
      businessDay: fc.constantFrom('earlier' as const, 'later' as const),
    },
    { requiredKeys: [] },
  )
  const anyStep = (deadline: fc.Arbitrary<Instant | null>): fc.Arbitrary<PushStep> =>
    fc
      .record({
        windows: anyWindows,
        deadline,
        recipientZone: anyZone,
        zone: anyZone,
        asksForAnswer: fc.boolean(),
      })
      .map(step)
  /** Their partner lives elsewhere. */
  const withPartner = fc
    .tuple(anyStep(fc.constant(null)), anyZone)
    .map(([one, zone]): PushStep => ({ ...one, alsoZones: [zone] }))
  const now = instant(from * DAY_MS)
  const RUNS = { numRuns: 1_500 }

  test('without a deadline it ends inside every window, not before now, and stays there', () => {
    let settled = 0
    fc.assert(
      fc.property(anyStep(fc.constant(null)), anyView, anyMoment(0, 30), (one, view, wished) => {
        const pushed = pushThrough(wished, one, view, now)
        if (pushed.is === 'escalate') {
          expect(pushed.because.at(-1)?.code).toBe('windows_unsettled')
          return
        }
        if (pushed.is !== 'at') throw new Error(`no policy asked for ${pushed.is}`)
        settled++
        expect(closedAt(pushed.at, one, view)).toEqual([])
        expect(pushed.at).toBeGreaterThanOrEqual(now)
        expect(pushed.because.length === 0).toBe(pushed.at === wished)
        expect(pushThrough(pushed.at, one, view, now)).toEqual({
          is: 'at',
          at: pushed.at,
          because: [],
        })
      }),
      RUNS,
    )
    expect(settled).toBeGreaterThan(RUNS.numRuns * 0.95)
  })

  test('a message to two places goes when it is open in both', () => {
    let settled = 0
    fc.assert(
      fc.property(withPartner, anyView, anyMoment(0, 30), (one, view, wished) => {
        const pushed = pushThrough(wished, one, view, now)
        if (pushed.is !== 'at') return
        settled++
        const there = { ...one, recipientZone: one.alsoZones![0]!, alsoZones: [] }
        expect(closedAt(pushed.at, one, view)).toEqual([])
        expect(closedAt(pushed.at, there, view)).not.toContain('quiet_hours')
        expect(pushThrough(pushed.at, one, view, now)).toMatchObject({ at: pushed.at, because: [] })
      }),
      RUNS,
    )
    expect(settled).toBeGreaterThan(RUNS.numRuns * 0.7)
  })

  test('with a deadline it is never late, overrules a window only where it must, and names it', () => {
    fc.assert(
      fc.property(anyStep(anyMoment(0, 20)), anyView, anyMoment(0, 30), (one, view, wished) => {
        const pushed = pushThrough(wished, one, view, now)
        if (pushed.is !== 'at') throw new Error(`a deadline to come and yet ${pushed.is}`)
        expect(pushed.at).toBeGreaterThanOrEqual(now)
        expect(pushed.at).toBeLessThanOrEqual(one.deadline!)
        const closed = closedAt(pushed.at, one, view)
        const won = pushed.because.find((decision) => decision.code === 'deadline_wins')
        expect(closed).toEqual(won?.values?.over ?? [])
        // Nothing is overruled while any half hour before the deadline was open.
        if (closed.length > 0) {
          for (let at = now; at <= one.deadline!; at = instant(at + HOUR_MS / 2)) {
            expect(closedAt(at, one, view)).not.toEqual([])
          }
        }
        const again = pushThrough(pushed.at, one, view, now)
        expect(again.is === 'at' && again.at).toBe(pushed.at)
      }),
      RUNS,
    )
  })
})

test('the example view leaves every window open', () => {
  expect(closedAt(NOW, step(), exampleView)).toEqual([])
})
