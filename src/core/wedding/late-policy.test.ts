import { describe, expect, test } from 'vitest'
import type { SendView } from '../run/view.ts'
import { instantFrom, isoOf, plusMs } from '../time/instant.ts'
import type { Zone } from '../time/local.ts'
import { days, exampleView, hours, withVendor } from './example-view.ts'
import {
  judgeLate,
  judgeOutage,
  type LateOutcome,
  type LateStep,
  lateDefaultFor,
  latePolicyOf,
} from './late-policy.ts'

const NOW = instantFrom('2027-06-01T12:00:00Z')
const NOMINAL = instantFrom('2027-05-20T09:00:00Z')
const step = (change: Partial<LateStep> = {}): LateStep => ({
  windows: {},
  class: 'relationship',
  channel: 'email',
  recipient: 'partner_a',
  recipientZone: 'Europe/London' as Zone,
  deadline: null,
  asksForAnswer: false,
  reminds: false,
  mergeable: false,
  ...change,
})
const judge = (change: Partial<LateStep>, view = exampleView) => judgeLate(step(change), NOMINAL, view, NOW)
const told = (outcome: LateOutcome): string =>
  [
    outcome.is,
    ...('at' in outcome ? [isoOf(outcome.at).slice(0, 16)] : []),
    ...outcome.because.map((one) => one.code),
  ].join(' ')
const caughtUp = (at: string, to = 'partner_a'): SendView => ({
  to,
  class: 'relationship',
  at: instantFrom(at),
  catchUp: true,
})

test('what is late already waits for the morning, unless its deadline does not', () => {
  const at = (now: string, change: Partial<LateStep> = {}) =>
    told(judgeLate(step({ late: 'send_now', ...change }), NOMINAL, exampleView, instantFrom(now)))
  expect(at('2027-06-01T02:00:00Z')).toBe('compressed 2027-06-01T07:00 late late_compressed')
  expect(at('2027-06-01T20:30:00Z')).toBe('compressed 2027-06-02T09:00 late late_compressed')
  expect(at('2027-06-01T19:30:00Z')).toBe('send_now 2027-06-01T19:30 late late_sent_now')
  const deadline = instantFrom('2027-06-01T04:00:00Z')
  expect(at('2027-06-01T02:00:00Z', { deadline })).toBe(
    'compressed 2027-06-01T03:45 late late_compressed deadline_wins',
  )
})

test('a day on which they hear from us anyway is left to that letter, unless there is no other', () => {
  const letter = { ...caughtUp('2027-06-01T09:00:00Z'), catchUp: false }
  const view = { ...exampleView, sends: [letter] }
  expect(told(judge({ late: 'send_now' }, view))).toBe('compressed 2027-06-02T09:00 late late_compressed')
  const tomorrow = instantFrom('2027-06-01T23:00:00Z')
  expect(told(judge({ late: 'send_now', overAt: tomorrow }, view))).toBe(
    'send_now 2027-06-01T12:00 late late_sent_now',
  )
  const both = { ...exampleView, sends: [letter, caughtUp('2027-06-01T10:00:00Z')] }
  expect(told(judge({ late: 'send_now', overAt: tomorrow }, both))).toBe('task late late_task')
})

test('what counted down to a day that has begun is left out, whatever was to become of it', () => {
  for (const late of ['send_now', 'merge', 'compress', 'task'] as const) {
    const outcome = judge({ late, overAt: NOW, deadline: instantFrom('2027-05-30T00:00:00Z') })
    expect(told(outcome)).toBe('skip late late_skipped')
    expect(outcome.because[1]?.values).toMatchObject({ over: true })
  }
})

describe('the default of the house', () => {
  const soon = instantFrom('2027-06-10T17:00:00Z')
  test.each([
    ['news that are still true ride along', { mergeable: true }, 'merge'],
    ['or go by themselves', {}, 'send_now'],
    ['a reminder is left out', { reminds: true, mergeable: true }, 'skip'],
    ['an offer that is over is left out', { class: 'marketing' }, 'skip'],
    ['whatever has a deadline is a human’s', { deadline: soon, reminds: true }, 'task'],
  ] as const)('%s', (_, change, policy) => {
    expect(lateDefaultFor(step(change))).toBe(policy)
  })

  test('the journey’s word goes first, then the vendor’s habit, which never drops a deadline', () => {
    const view = withVendor({ late: { relationship: 'skip' } })
    expect(latePolicyOf(step({ late: 'compress' }), view)).toEqual({ policy: 'compress', by: 'step' })
    expect(latePolicyOf(step(), view)).toEqual({ policy: 'skip', by: 'vendor' })
    expect(latePolicyOf(step({ deadline: soon }), view)).toEqual({ policy: 'task', by: 'house' })
  })
})

describe('a late step', () => {
  test('says how late it is, by whose policy, and what came of it', () => {
    expect(judge({ late: 'skip' })).toEqual({
      is: 'skip',
      because: [
        {
          code: 'late',
          values: { nominal: '2027-05-20T09:00:00.000Z', lateMinutes: 17_460, policy: 'skip', by: 'step' },
        },
        { code: 'late_skipped', values: { nominal: '2027-05-20T09:00:00.000Z' } },
      ],
    })
    expect(told(judge({ late: 'task' }))).toBe('task late late_task')
  })

  test('rides along where something follows, else it goes by itself', () => {
    expect(told(judge({ late: 'merge', mergeable: true }))).toBe('merge late late_merged')
    expect(told(judge({ late: 'merge' }))).toBe('send_now 2027-06-01T12:00 late late_sent_now')
  })

  test('that is sent now still keeps to the windows', () => {
    const view = withVendor({ openHours: { email: hours('08:00', '12:00') } })
    expect(told(judge({ late: 'send_now' }, view))).toBe(
      'send_now 2027-06-02T07:00 late late_sent_now quiet_hours',
    )
  })

  test('makes room for a catch-up of the same day, at ten the next morning', () => {
    const view = { ...exampleView, sends: [caughtUp('2027-06-01T08:00:00Z')] }
    expect(told(judge({ late: 'send_now' }, view))).toBe('compressed 2027-06-02T09:00 late late_compressed')
  })

  test('keeps some hours from the evening before', () => {
    const view = {
      ...exampleView,
      sends: [caughtUp('2027-06-01T11:00:00Z'), caughtUp('2027-06-02T22:00:00Z')],
    }
    expect(told(judge({ late: 'compress' }, view))).toBe('compressed 2027-06-03T10:00 late late_compressed')
    const late = {
      ...exampleView,
      sends: [caughtUp('2027-06-01T11:00:00Z'), caughtUp('2027-06-01T22:30:00Z')],
    }
    expect(told(judge({ late: 'compress' }, late))).toBe('compressed 2027-06-02T10:30 late late_compressed')
  })

  test('is not held up by another person’s catch-up, nor an action by anyone’s', () => {
    const other = { ...exampleView, sends: [caughtUp('2027-06-01T08:00:00Z', 'partner_b')] }
    expect(told(judge({ late: 'send_now' }, other))).toBe('send_now 2027-06-01T12:00 late late_sent_now')
    const own = { ...exampleView, sends: [caughtUp('2027-06-01T08:00:00Z')] }
    expect(told(judge({ late: 'send_now', channel: 'none' }, own))).toBe(
      'send_now 2027-06-01T12:00 late late_sent_now',
    )
  })

  test('that finds no day before its deadline is a human’s', () => {
    const view = { ...exampleView, sends: [caughtUp('2027-06-01T08:00:00Z')] }
    const deadline = instantFrom('2027-06-01T17:00:00Z')
    expect(told(judge({ late: 'compress', deadline }, view))).toBe('task late late_task')
    const gone = instantFrom('2027-05-30T17:00:00Z')
    expect(told(judge({ late: 'send_now', deadline: gone }))).toBe('task late deadline_missed late_task')
  })

  test('is not put on a wedding day of the vendor on top of another', () => {
    const view = {
      ...withVendor({ weddingDays: days('2027-06-02', '2027-06-03') }),
      sends: [caughtUp('2027-06-01T08:00:00Z')],
    }
    expect(told(judge({ late: 'compress', asksForAnswer: true }, view))).toBe(
      'compressed 2027-06-04T09:00 late late_compressed free_day',
    )
  })

  test('follows the cap’s policy when the cap has the last word', () => {
    const view = {
      ...withVendor({ caps: { relationship: { max: 1, windowHours: 48, policy: 'merge' } } }),
      sends: [{ ...caughtUp('2027-06-01T08:00:00Z'), catchUp: false }],
    }
    expect(told(judge({ late: 'send_now' }, view))).toBe('merge late cap_merged')
  })
})

describe('after an outage', () => {
  const due = instantFrom('2027-06-11T10:00:00Z')
  const hour = 3_600_000
  const judged = (lateMs: number, inside = true) => judgeOutage(due, plusMs(due, lateMs), inside)

  test('twelve hours are forgiven, a second more is not', () => {
    expect(judged(12 * hour).is).toBe('go')
    expect(judged(12 * hour + 1_000).is).toBe('task')
  })

  test('outside its windows it is a human’s, unless it is only the ordinary delay', () => {
    expect(judged(hour, false)).toEqual({
      is: 'task',
      lateMs: hour,
      because: [
        {
          code: 'outage_late',
          values: {
            due: '2027-06-11T10:00:00.000Z',
            at: '2027-06-11T11:00:00.000Z',
            lateMinutes: 60,
            insideWindows: false,
            outcome: 'task',
          },
        },
      ],
    })
    expect(judged(60_000, false)).toEqual({ is: 'go', lateMs: 60_000, because: [] })
    expect(judged(-60_000)).toEqual({ is: 'go', lateMs: 0, because: [] })
  })
})
