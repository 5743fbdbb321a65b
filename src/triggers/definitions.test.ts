import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../core/ids.ts'
import { triggers, triggerTypes } from './definitions.ts'

const asked = (type: string, config: JsonObject, data: JsonObject, event = type) =>
  triggers.get(type)!.matches!(config, { type: event, data })

describe('a trigger says whether an event is meant, and in words why not', () => {
  test('every trigger of the specification is there, once, in a folder of its name', () => {
    expect(triggers.size).toBe(triggerTypes.length)
    expect([...triggers.keys()].sort()).toEqual([
      'client_added',
      'contract_signed',
      'custom_event',
      'date',
      'form_submitted',
      'inbound_webhook',
      'inquiry_received',
      'manual',
      'meeting_booked',
      'meeting_cancelled',
      'meeting_held',
      'payment_received',
      'referral_received',
      'review_received',
      'stage_changed',
      'tag_changed',
      'wedding_date_changed',
    ])
  })

  test.each([...triggerTypes].filter((type) => type.listensTo !== null))(
    '$type refuses other events',
    (type) => {
      const config = type.type === 'custom_event' ? { name: 'x' } : {}
      expect(type.matches?.(config, { type: 'sun_rose', data: {} })).toEqual({
        matches: false,
        why: `The event is "sun_rose", not "${type.listensTo}".`,
      })
    },
  )

  test.each<[string, JsonObject, JsonObject, boolean, string]>([
    ['form_submitted', {}, { form: 'details' }, true, 'Any form is meant.'],
    ['form_submitted', { form: 'details' }, { form: 'details' }, true, 'The form is "details".'],
    [
      'form_submitted',
      { form: 'details' },
      { form: 'songs' },
      false,
      'The form is "songs"; this journey waits for "details".',
    ],
    [
      'form_submitted',
      { form: 'details' },
      {},
      false,
      'The event names no form; this journey waits for "details".',
    ],
    [
      'payment_received',
      { instalment: 'deposit' },
      { instalment: 'deposit', amount: 5 },
      true,
      'The instalment is "deposit".',
    ],
    [
      'payment_received',
      { amountMin: 100 },
      { amount: 99 },
      false,
      'The payment is smaller than the amount this journey waits for.',
    ],
    ['payment_received', { amountMin: 100 }, {}, false, 'The event names no amount.'],
    ['review_received', { ratingMin: 4 }, { rating: 3 }, false, 'The rating is 3, below 4.'],
    ['review_received', { ratingMax: 3 }, { rating: 5 }, false, 'The rating is 5, above 3.'],
    ['review_received', { ratingMin: 4 }, { rating: 5 }, true, 'Any platform is meant.'],
    ['review_received', { ratingMin: 4 }, {}, false, 'The review has no rating.'],
    [
      'stage_changed',
      { from: 'inquiry', to: 'booked' },
      { from: 'inquiry', to: 'booked' },
      true,
      'The new stage is "booked".',
    ],
    [
      'stage_changed',
      { from: 'inquiry' },
      { from: 'lost', to: 'booked' },
      false,
      'The stage before is "lost"; this journey waits for "inquiry".',
    ],
    ['tag_changed', { tag: 'vip' }, { tag: 'vip', added: true }, true, 'The tag is "vip".'],
    [
      'tag_changed',
      { tag: 'vip' },
      { tag: 'vip', added: false },
      false,
      'The tag was removed; this journey waits for one that is added.',
    ],
    ['tag_changed', { tag: 'vip', is: 'removed' }, { tag: 'vip', added: false }, true, 'The tag is "vip".'],
    ['wedding_date_changed', { became: ['moved'] }, { status: 'moved' }, true, 'The date is now "moved".'],
    [
      'wedding_date_changed',
      { became: ['moved'] },
      { status: 'cancelled' },
      false,
      'The date is now "cancelled"; this journey waits for moved.',
    ],
    ['wedding_date_changed', {}, { status: 'cancelled' }, true, 'Any change of the date is meant.'],
    [
      'custom_event',
      { name: 'gallery_opened' },
      { name: 'gallery_opened' },
      true,
      'The custom event is "gallery_opened".',
    ],
    [
      'inbound_webhook',
      { hook: 'zapier' },
      { hook: 'own' },
      false,
      'The webhook is "own"; this journey waits for "zapier".',
    ],
    ['contract_signed', {}, {}, true, 'Every such event is meant.'],
  ])('%s %j asked about %j: %s', (type, config, data, matches, why) => {
    expect(asked(type, config, data)).toEqual({ matches, why })
  })

  test('a date trigger waits by its rule, and takes none that hangs on nothing', () => {
    const date = triggers.get('date')!
    const when = { before: { days: 90 }, of: 'wedding', at: '09:00' }
    expect(date.when?.({ when })).toEqual(when)
    expect(date.config.safeParse({ when: { after: { days: 3 } } }).success).toBe(false)
    expect(date.config.safeParse({ when: { every: { days: 3 }, timesMax: 2 } }).success).toBe(false)
    expect(date.config.safeParse({ when: { on: '2027-01-05' } }).success).toBe(true)
  })

  test('a misspelt setting is refused, not ignored', () => {
    for (const type of triggerTypes) expect(type.config.safeParse({ fomr: 'x' }).success).toBe(false)
  })
})
