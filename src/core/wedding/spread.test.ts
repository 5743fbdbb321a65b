import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { SendView } from '../run/view.ts'
import { addDays, localDate } from '../time/calendar.ts'
import { DAY_MS, HOUR_MS, instant, instantFrom, isoOf, plusMs } from '../time/instant.ts'
import type { LocalDate, Zone } from '../time/local.ts'
import { localDateOf } from '../time/zone.ts'
import { CATCH_UP_GAP_HOURS_MIN } from './catch-up.ts'
import { exampleView, hours, withVendor } from './example-view.ts'
import type { LateStep } from './late-policy.ts'
import { closedAt } from './send-window.ts'
import { type LateInLine, spreadCatchUps } from './spread.ts'

const NOW = instantFrom('2027-06-01T12:00:00Z')
const late = (daysAgo: number, change: Partial<LateStep> = {}): LateInLine => ({
  nominal: plusMs(NOW, -daysAgo * DAY_MS),
  step: {
    windows: {},
    class: 'relationship',
    channel: 'email',
    recipient: 'partner_a',
    recipientZone: 'Europe/London' as Zone,
    deadline: null,
    asksForAnswer: false,
    reminds: false,
    mergeable: false,
    late: 'compress',
    ...change,
  },
})
const told = (lines: LateInLine[], view = exampleView) =>
  spreadCatchUps(lines, view, NOW).map((one) => ('at' in one ? isoOf(one.at).slice(0, 16) : one.is))

test('a late booking gets its messages in their order, one a day', () => {
  expect(told([late(10), late(30), late(20)])).toEqual([
    '2027-06-03T09:00',
    '2027-06-01T12:00',
    '2027-06-02T09:00',
  ])
})

test('one with a deadline overtakes, and no further than it must', () => {
  const deadline = instantFrom('2027-06-02T17:00:00Z')
  expect(told([late(30), late(20), late(10, { deadline })])).toEqual([
    '2027-06-01T12:00',
    '2027-06-03T09:00',
    '2027-06-02T09:00',
  ])
})

test('two people are spread apart from each other', () => {
  expect(told([late(30), late(20, { recipient: 'partner_b' })])).toEqual([
    '2027-06-01T12:00',
    '2027-06-01T12:00',
  ])
})

test('more deadlines than days: the first ones are met, the rest are a human’s', () => {
  const by = (day: string) => ({ deadline: instantFrom(`${day}T17:00:00Z`) })
  expect(
    told([late(9), late(8, by('2027-06-02')), late(7, by('2027-06-01')), late(6, by('2027-06-02'))]),
  ).toEqual(['2027-06-03T09:00', '2027-06-02T09:00', '2027-06-01T12:00', 'task'])
})

test('of equal deadlines the older step is met', () => {
  const deadline = instantFrom('2027-06-01T17:00:00Z')
  expect(told([late(9, { deadline }), late(8, { deadline }), late(7, { deadline })])).toEqual([
    '2027-06-01T12:00',
    'task',
    'task',
  ])
})

test('a question that avoids a wedding day does not slip in front of the one before it', () => {
  const view = {
    ...withVendor({
      weddingDays: new Set([localDate('2027-06-03'), localDate('2027-06-04')]),
      caps: { relationship: { max: 1, windowHours: 48, policy: 'later' } },
    }),
    sends: [
      {
        to: 'partner_a',
        class: 'relationship',
        at: instantFrom('2027-06-01T09:00:00Z'),
        catchUp: false,
      } as const,
    ],
  }
  const question = late(5, { class: 'marketing', asksForAnswer: true })
  expect(told([late(9), question], view)).toEqual(['2027-06-03T09:00', '2027-06-05T09:00'])
})

test('what is skipped or made a task takes nobody’s day', () => {
  expect(told([late(9, { late: 'skip' }), late(8, { late: 'task' }), late(7)])).toEqual([
    'skip',
    'task',
    '2027-06-01T12:00',
  ])
})

test('whatever is late: at most one a day and person, hours apart, inside the windows, before deadlines', () => {
  const anyDay = fc.integer({ min: -3, max: 30 }).map((day) => addDays(localDate('2027-06-01'), day))
  const anyView = fc
    .record({
      weddingDays: fc.array(anyDay, { maxLength: 10 }).map((dates) => new Set<LocalDate>(dates)),
      open: fc.constantFrom(hours('08:00', '20:00'), hours('18:00', '01:00'), hours('00:00', '00:00')),
      sends: fc.array(fc.integer({ min: -48, max: 96 }), { maxLength: 3 }),
    })
    .map(({ weddingDays, open, sends }) => ({
      ...withVendor({ weddingDays, openHours: { email: open } }),
      sends: sends.map(
        (hour): SendView => ({
          to: 'partner_a',
          class: 'relationship',
          at: plusMs(NOW, hour * HOUR_MS),
          catchUp: true,
        }),
      ),
    }))
  const anyLine = fc
    .record({
      daysAgo: fc.integer({ min: 1, max: 90 }),
      recipient: fc.constantFrom('partner_a', 'partner_b'),
      recipientZone: fc.constant('Europe/London' as Zone),
      asksForAnswer: fc.boolean(),
      late: fc.constantFrom('compress' as const, 'send_now' as const),
      deadline: fc.option(fc.integer({ min: 1, max: 20 * 24 }).map((hour) => plusMs(NOW, hour * HOUR_MS))),
    })
    .map(({ daysAgo, ...change }) => late(daysAgo, change))
  let placed = 0
  fc.assert(
    fc.property(fc.array(anyLine, { minLength: 1, maxLength: 8 }), anyView, (lines, view) => {
      const outcomes = spreadCatchUps(lines, view, NOW)
      expect(outcomes).toHaveLength(lines.length)
      const own = new Map<string, number[]>([
        ['partner_a', []],
        ['partner_b', []],
      ])
      outcomes.forEach((outcome, index) => {
        const { step } = lines[index]!
        if (!('at' in outcome)) {
          expect(outcome.is).toBe('task')
          return
        }
        placed++
        own.get(step.recipient)!.push(outcome.at)
        expect(outcome.at).toBeGreaterThanOrEqual(NOW)
        if (step.deadline !== null) expect(outcome.at).toBeLessThanOrEqual(step.deadline)
        const over = outcome.because.find((one) => one.code === 'deadline_wins')?.values?.over ?? []
        expect(closedAt(outcome.at, step, view)).toEqual(over)
      })
      // Nobody overtakes what goes at once; what is to be spread is overtaken for a deadline's sake alone.
      const patient = lines.map((line, index) => ({ ...line, outcome: outcomes[index]! }))
      for (const a of patient) {
        for (const b of patient) {
          if (a.step.recipient !== b.step.recipient || a.nominal >= b.nominal) continue
          const spread = [a, b].every(({ step }) => step.deadline === null && step.late === 'compress')
          if (a.step.late !== 'send_now' && !spread) continue
          if ('at' in a.outcome && 'at' in b.outcome) expect(a.outcome.at).toBeLessThan(b.outcome.at)
        }
      }
      for (const [person, moments] of own) {
        const before = view.sends.filter((send) => send.to === person).map((send) => send.at)
        for (const at of moments) {
          for (const other of [...before, ...moments.filter((one) => one !== at)]) {
            expect(Math.abs(at - other)).toBeGreaterThanOrEqual(CATCH_UP_GAP_HOURS_MIN * HOUR_MS)
            const day = (moment: number) => localDateOf(instant(moment), 'Europe/London' as Zone)
            expect(day(at)).not.toBe(day(other))
          }
        }
        expect(new Set(moments).size).toBe(moments.length)
      }
    }),
    { numRuns: 300 },
  )
  expect(placed).toBeGreaterThan(300)
})
