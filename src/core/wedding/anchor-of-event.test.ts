import { expect, test } from 'vitest'
import { instantFrom } from '../time/instant.ts'
import { anchorSetBy } from './anchor-of-event.ts'

const at = instantFrom('2027-05-01T08:00:00Z')

test('an inquiry, a signature, a first payment and a gallery are dates, the first time they happen', () => {
  expect(anchorSetBy({ type: 'inquiry_received', at, data: {} })).toEqual({ name: 'inquiry', at, once: true })
  expect(anchorSetBy({ type: 'contract_signed', at, data: {} })).toEqual({ name: 'booking', at, once: true })
  expect(anchorSetBy({ type: 'payment_received', at, data: {} })).toEqual({
    name: 'first_payment',
    at,
    once: true,
  })
})

test('a gallery handed over by the vendor’s own system is the same date', () => {
  const gallery = { name: 'gallery_published', at, once: true }
  expect(anchorSetBy({ type: 'gallery_published', at, data: {} })).toEqual(gallery)
  expect(anchorSetBy({ type: 'custom_event', at, data: { name: 'gallery_published' } })).toEqual(gallery)
  expect(anchorSetBy({ type: 'custom_event', at, data: { name: 'gallery_opened' } })).toBeNull()
})

test('a booked meeting is the moment it is booked for, and moves when it is booked anew', () => {
  const data = { meeting: 'tour', at: '2027-05-09T10:00:00Z' }
  expect(anchorSetBy({ type: 'meeting_booked', at, data })).toEqual({
    name: 'meeting:tour',
    at: instantFrom('2027-05-09T10:00:00Z'),
    once: false,
  })
})

test('a meeting without a moment, or with a name no rule could say, is no date', () => {
  for (const data of [
    { meeting: 'tour' },
    { meeting: 'tour', at: 'soon' },
    { meeting: 'A tour!', at: '2027-05-09T10:00:00Z' },
  ]) {
    expect(anchorSetBy({ type: 'meeting_booked', at, data })).toBeNull()
  }
})
