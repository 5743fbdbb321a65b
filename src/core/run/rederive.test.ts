import { describe, expect, test } from 'vitest'
import { couple, daysBefore, journeyOf, mail, tell, wait } from '../../../test/fixtures/told-run.ts'
import { hours, withVendor, withWedding } from '../wedding/example-view.ts'
import type { VendorView } from './view.ts'

const at = '2027-01-05T10:00Z'
const london = withWedding('2027-06-12', 'Europe/Rome', 1, couple)
const with_ = (change: Partial<VendorView>) => withVendor(change, london)
const newYork = with_({ zone: 'America/New_York' as VendorView['zone'] })
const ours = { zone: 'vendor' }
const open = { undoUntil: '2027-01-05T10:10Z' }
const starts = (first: { id: string; [key: string]: unknown }) =>
  tell(journeyOf([first, mail('next')], [`${first.id}>next`]), { at, view: london })

describe('a business changes its zone, days or hours', () => {
  test.each([
    ['before the wedding, our time', wait('w', daysBefore(14, ours)), '2027-05-29T08:00', '2027-05-29T13:00'],
    [
      'the next ten o’clock here',
      wait('w', { next: '11:00', ...ours }),
      '2027-01-05T11:00',
      '2027-01-05T16:00',
    ],
    ['on a day', wait('w', { on: '2027-02-01', ...ours }), '2027-02-01T10:00', '2027-02-01T15:00'],
    [
      'in two days',
      wait('w', { after: { days: 2 }, at: '09:00', ...ours }),
      '2027-01-07T09:00',
      '2027-01-07T14:00',
    ],
    [
      'again and again',
      wait('w', { every: { days: 7 }, at: '09:00', timesMax: 3, ...ours }),
      '2027-01-12T09:00',
      '2027-01-12T14:00',
    ],
    [
      'a message of its own',
      mail('m', { when: daysBefore(14, ours) }),
      '2027-05-29T08:00',
      '2027-05-29T13:00',
    ],
    [
      'an answer',
      {
        id: 'a',
        kind: 'await',
        for: { event: 'form_submitted' },
        timeout: { after: { days: 2 }, at: '09:00', ...ours },
      },
      '2027-01-07T09:00',
      '2027-01-07T14:00',
    ],
    [
      'a yes',
      { id: 'ok', kind: 'approval', ask: 'Good?', timeout: { after: { days: 2 }, at: '09:00', ...ours } },
      '2027-01-07T09:00',
      '2027-01-07T14:00',
    ],
    ['the venue’s time is not ours', wait('w', daysBefore(14)), '2027-05-29T07:00', '2027-05-29T07:00'],
  ])('%s', (_, step, before, after) => {
    const run = starts(step)
    expect(run.due).toBe(before)
    const tokens = run.run.state.tokens
    expect(run.change(newYork, ['calendar'], open).due).toBe(after)
    expect(run.change(london, ['calendar']).run.state.tokens).toEqual(tokens)
  })

  test('working days are counted from where they were counted the first time', () => {
    const run = starts(wait('w', { after: { businessDays: 5 } })).at('2027-01-11T10:00Z')
    expect(run.due).toBe('2027-01-12T10:00')
    expect(run.change(with_({ workingDays: [1, 2, 3, 4] }), ['calendar'], open).due).toBe('2027-01-13T10:00')
  })

  test('hours that open later hold what waits for them, and say whose change it was', () => {
    const nine = with_({ openHours: { email: hours('09:00', '18:00') } })
    const early = tell(journeyOf([mail('m', { when: daysBefore(14, { at: '07:00' }) })]), {
      at,
      view: london,
    })
    expect(early.change(nine, ['calendar'], open).due).toBe('2027-05-29T07:00')
    expect(early.because.find((one) => one.code === 'moves')?.values).toEqual({
      from: '2027-05-29T05:00:00.000Z',
      to: '2027-05-29T07:00:00.000Z',
      why: 'calendar',
    })
  })

  test('keep keeps, ask asks, and going back answers the question', () => {
    const kept = tell(journeyOf([mail('m', { when: daysBefore(14, ours), move: 'keep' })]), {
      at,
      view: london,
    })
    expect(kept.change(newYork, ['calendar'], open).due).toBe('2027-05-29T08:00')
    const asks = tell(journeyOf([mail('m', { when: daysBefore(14, ours), move: 'ask' })]), {
      at,
      view: london,
    })
    expect(asks.change(newYork, ['calendar'], open).tasks).toEqual(['m: hours_changed'])
    expect(asks.change(london, ['calendar']).places).toEqual(['m:waiting'])
  })

  test('what it makes late waits until it can no longer be taken back, and goes if it is', () => {
    const tokyo = with_({ zone: 'Asia/Tokyo' as VendorView['zone'] })
    const noon = () =>
      tell(journeyOf([mail('m', { when: { on: '2027-01-05', at: '10:05', ...ours } })]), { at, view: london })
    const late = noon().change(tokyo, ['calendar'], open)
    expect(late.due).toBe('2027-01-05T10:10')
    expect(late.told).toEqual([])
    expect(late.at('2027-01-05T10:04Z').change(london, ['calendar']).due).toBe('2027-01-05T10:05')
    const missed = noon().change(tokyo, ['calendar'], open).at('2027-01-05T10:07Z')
    expect(missed.change(london, ['calendar']).told).toEqual(['m → partner_a 2027-01-05T10:07'])
  })

  test('nothing that was sent goes again, and what nobody has moved is not written down', () => {
    const run = tell(
      journeyOf(
        [mail('first', { move: 'resend', when: daysBefore(150) }), mail('m', { when: daysBefore(14) })],
        ['first>m'],
      ),
      { at, view: london },
    ).until('2027-02-01T00:00Z')
    const before = run.run
    const said = run.because.length
    run.change(newYork, ['calendar'], open)
    expect([run.run, run.because.length, run.told.length]).toEqual([before, said, 1])
  })

  test('a pause keeps what waits, at its new moment', () => {
    const run = starts(wait('w', daysBefore(14, ours))).command({ do: 'pause' })
    run.change(newYork, ['calendar'], open).command({ do: 'resume' })
    expect(run.due).toBe('2027-05-29T13:00')
  })

  test('where a person has put something off, there it stays', () => {
    const run = starts(wait('w', daysBefore(14, ours)))
    run.command({ do: 'snooze', until: Date.parse('2027-03-01T10:00Z') as never })
    expect(run.change(newYork, ['calendar'], open).due).toBe('2027-03-01T10:00')
  })
})
