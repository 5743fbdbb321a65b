import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PersonView } from '../run/view.ts'
import { dateOfDay, dayNumber, localDate } from '../time/calendar.ts'
import { instantFrom, isoOf } from '../time/instant.ts'
import type { LocalTime, Zone } from '../time/local.ts'
import type { AnchorValue } from './anchor.ts'
import { resolveDeadline } from './deadline.ts'
import { days, exampleView, withVendor, withWedding } from './example-view.ts'
import { resolveWait } from './wait.ts'
import type { SingleWaitRule } from './wait-rule.ts'
import { zoneFor } from './whose-zone.ts'

const NOW = instantFrom('2027-05-01T08:00:00Z')
const zone = (name: string) => name as Zone
const told = (rule: SingleWaitRule, view = exampleView, from = NOW) => {
  const { nominal } = resolveWait(rule, from, view)
  return nominal === null ? null : isoOf(nominal)
}

describe('the sentences a vendor writes', () => {
  test('after 2 days: the same hour, two days on', () => {
    expect(told({ after: { days: 2 } })).toBe('2027-05-03T08:00:00.000Z')
    expect(told({ after: { days: 2 }, of: 'now', at: '10:00' })).toBe('2027-05-03T09:00:00.000Z')
  })

  test('14 days before the wedding at 09:00 venue time', () => {
    const view = withWedding('2027-06-12', 'Europe/Rome', 3)
    const wait = resolveWait({ before: { days: 14 }, of: 'wedding', at: '09:00' }, NOW, view)
    expect(wait).toEqual({
      nominal: instantFrom('2027-05-29T07:00:00Z'),
      anchor: 'wedding',
      generation: 3,
      since: null,
      zone: 'Europe/Rome',
      because: [
        {
          code: 'nominal',
          values: {
            to: '2027-05-29T07:00:00.000Z',
            zone: 'Europe/Rome',
            rule: { before: { days: 14 }, of: 'wedding', at: '09:00' },
            anchor: 'wedding',
            generation: 3,
            from: '2027-06-12',
          },
        },
      ],
    })
  })

  test('first business day after booking', () => {
    const booked: AnchorValue = { is: 'moment', at: instantFrom('2027-04-30T16:20:00Z') }
    const view = {
      ...withVendor({ holidays: days('2027-05-03') }),
      anchors: { booking: { value: booked, generation: 1 } },
    }
    expect(told({ after: { businessDays: 1 }, of: 'booking' }, view)).toBe('2027-05-04T16:20:00.000Z')
    expect(told({ after: { businessDays: 1 }, of: 'booking', at: '09:00' }, view)).toBe(
      '2027-05-04T08:00:00.000Z',
    )
  })

  test('on 5 January at 10:00 vendor time', () => {
    const view = withWedding('2027-06-12', 'America/New_York')
    expect(told({ on: '2027-01-05', at: '10:00', zone: 'vendor' }, view)).toBe('2027-01-05T10:00:00.000Z')
    expect(told({ on: '2027-01-05' }, view)).toBe('2027-01-05T15:00:00.000Z')
  })

  test('at the couple’s local 10:00: today if it is still to come, else tomorrow', () => {
    const view = { ...exampleView, client: { ...exampleView.client, zone: zone('America/New_York') } }
    const next: SingleWaitRule = { next: '10:00', zone: 'couple' }
    expect(told(next, view, instantFrom('2027-05-01T14:00:00Z'))).toBe('2027-05-01T14:00:00.000Z')
    expect(told(next, view, instantFrom('2027-05-01T14:00:01Z'))).toBe('2027-05-02T14:00:00.000Z')
  })

  test('a day without an hour: calendar units at ten, hours from its beginning', () => {
    const view = withWedding('2027-06-12', 'Europe/Rome')
    expect(told({ before: { weeks: 1 }, of: 'wedding' }, view)).toBe('2027-06-05T08:00:00.000Z')
    expect(told({ before: { hours: 36 }, of: 'wedding' }, view)).toBe('2027-06-10T10:00:00.000Z')
    expect(told({ after: { days: 1, hours: 3 }, of: 'wedding' }, view)).toBe('2027-06-13T01:00:00.000Z')
  })

  test('hours with a time of day: never earlier than asked when counting on, never later when counting back', () => {
    expect(told({ after: { hours: 3 }, at: '09:00' })).toBe('2027-05-02T08:00:00.000Z')
    const view = withWedding('2027-06-12', 'Europe/Rome')
    expect(told({ before: { hours: 5 }, of: 'wedding', at: '09:00' }, view)).toBe('2027-06-11T07:00:00.000Z')
  })
})

describe('a ceremony whose hour becomes known', () => {
  // Nine in the morning there is still the day before in London.
  const hour = { is: 'hour', on: localDate('2027-06-12'), at: '09:00' as LocalTime } as const
  const known = withWedding({ ...hour, zone: zone('Pacific/Auckland') }, 'Pacific/Auckland')
  const dayOnly = withWedding('2027-06-12', 'Pacific/Auckland')

  test('does not move a reminder that names its own hour, not even in the vendor’s far zone', () => {
    for (const whose of ['venue', 'vendor'] as const) {
      const rule: SingleWaitRule = { before: { days: 14 }, of: 'wedding', at: '09:00', zone: whose }
      expect(told(rule, known)).toBe(told(rule, dayOnly))
    }
  })

  test('counts hours from the ceremony', () => {
    expect(told({ before: { hours: 3 }, of: 'wedding' }, known)).toBe('2027-06-11T18:00:00.000Z')
    expect(told({ before: { days: 1 }, of: 'wedding' }, known)).toBe('2027-06-10T21:00:00.000Z')
  })
})

describe('a date to be confirmed', () => {
  test('parks the wait and says which anchor is missing', () => {
    const rule: SingleWaitRule = { before: { days: 14 }, of: 'wedding' }
    const because = [{ code: 'anchor_unknown', values: { anchor: 'wedding', generation: 4 } }]
    expect(resolveWait(rule, NOW, withWedding(null, 'Europe/Rome', 4))).toEqual({
      nominal: null,
      anchor: 'wedding',
      generation: 4,
      since: null,
      zone: 'Europe/Rome',
      because,
    })
    expect(resolveWait(rule, NOW, exampleView).nominal).toBeNull()
    expect(resolveDeadline({ before: { days: 1 }, of: 'wedding' }, exampleView)).toBeNull()
  })
})

describe('a wedding that moves', () => {
  const anyDay = fc
    .integer({ min: dayNumber(localDate('2026-01-01')), max: dayNumber(localDate('2032-12-31')) })
    .map(dateOfDay)
  const anyAmount = fc.oneof(
    fc.record({ days: fc.nat(400) }),
    fc.record({ weeks: fc.nat(60), hours: fc.nat(50) }),
    fc.record({ months: fc.nat(24) }),
    fc.record({ years: fc.nat(5), businessDays: fc.nat(30) }),
    fc.record({ minutes: fc.nat(50_000) }),
  )
  const anyZone = fc.constantFrom('Europe/Rome', 'America/New_York', 'Australia/Lord_Howe', 'Pacific/Apia')
  const anyRule = fc.oneof(
    anyAmount.map((before): SingleWaitRule => ({ before, of: 'wedding' })),
    anyAmount.map((after): SingleWaitRule => ({ after, of: 'wedding', at: '09:00' })),
    anyAmount.map((before): SingleWaitRule => ({ before, of: 'wedding', at: '02:30', zone: 'vendor' })),
  )

  test('there and back again gives the same moment', () => {
    fc.assert(
      fc.property(anyRule, anyDay, anyDay, anyZone, anyZone, (rule, first, second, place, other) => {
        const before = resolveWait(rule, NOW, withWedding(first, place))
        resolveWait(rule, NOW, withWedding(second, other, 2))
        const after = resolveWait(rule, NOW, withWedding(first, place, 3))
        expect({ ...after, generation: 1, because: [] }).toEqual({ ...before, because: [] })
      }),
    )
  })

  test('a step before it stays before it, one after it stays after', () => {
    fc.assert(
      fc.property(anyAmount, anyDay, anyZone, (amount, on, place) => {
        const moment = (rule: SingleWaitRule) => resolveWait(rule, NOW, withWedding(on, place)).nominal!
        const itself = moment({ after: { days: 0 }, of: 'wedding' })
        expect(moment({ before: amount, of: 'wedding' })).toBeLessThanOrEqual(itself)
        // An amount of nothing but hours counts from the beginning of the day.
        const start = moment({ after: { hours: 0 }, of: 'wedding' })
        expect(moment({ after: amount, of: 'wedding' })).toBeGreaterThanOrEqual(start)
      }),
    )
  })
})

describe('whose zone', () => {
  const anna: PersonView = {
    ref: 'partner_a',
    zone: zone('Asia/Tokyo'),
    reach: {},
    may: { email: [], sms: [] },
  }
  const view = withWedding('2027-06-12', 'Europe/Rome')

  test('the venue’s, or the vendor’s while no venue is known', () => {
    expect(zoneFor('venue', view)).toBe('Europe/Rome')
    expect(zoneFor('venue', exampleView)).toBe('Europe/London')
    expect(zoneFor('venue', { ...exampleView, wedding: null })).toBe('Europe/London')
    expect(zoneFor('vendor', view)).toBe('Europe/London')
  })

  test('the person’s, else the couple’s, else the venue’s', () => {
    expect(zoneFor('couple', view, anna)).toBe('Asia/Tokyo')
    const home = { ...view, client: { ...view.client, zone: zone('America/New_York') } }
    expect(zoneFor('couple', home, { ...anna, zone: null })).toBe('America/New_York')
    expect(zoneFor('couple', view)).toBe('Europe/Rome')
  })

  test('a fixed one', () => {
    expect(zoneFor({ fixed: 'America/Lima' }, view)).toBe('America/Lima')
  })
})

describe('deadlines', () => {
  const view = withWedding('2027-06-12', 'Europe/Rome')

  test('end with the working day unless they name an hour', () => {
    expect(isoOf(resolveDeadline({ before: { days: 14 }, of: 'wedding' }, view)!)).toBe(
      '2027-05-29T16:00:00.000Z',
    )
    expect(
      isoOf(resolveDeadline({ before: { days: 1 }, of: 'wedding', at: '12:00', zone: 'vendor' }, view)!),
    ).toBe('2027-06-11T11:00:00.000Z')
    expect(isoOf(resolveDeadline({ after: { days: 3 }, of: 'wedding' }, view)!)).toBe(
      '2027-06-15T16:00:00.000Z',
    )
  })
})
