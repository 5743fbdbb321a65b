import { expect, test } from 'vitest'
import { isOld } from './live-topics.ts'

const of = (op: string, params: object = {}, query: object = {}) => [op, { params, query }]
const some = { clients: ['mia'], journeys: ['booked'], runs: ['r1'] }
const anybody = { clients: null, journeys: null, runs: null }

test('what a couple did makes their own answers old, and those of everybody, but not those of another couple', () => {
  expect(isOld(of('clients.timeline', { vendor: 'v', client: 'mia' }), 'runs', some)).toBe(true)
  expect(isOld(of('today.read', { vendor: 'v' }), 'runs', some)).toBe(true)
  expect(isOld(of('clients.timeline', { vendor: 'v', client: 'anna' }), 'runs', some)).toBe(false)
  expect(isOld(of('clients.timeline', { vendor: 'v', client: 'anna' }), 'runs', anybody)).toBe(true)
  expect(isOld(of('messages.list', { vendor: 'v' }, { client: 'anna' }), 'messages', some)).toBe(false)
})

test('other topics leave an answer alone, and a draft under a hand is nobody else’s to replace', () => {
  expect(isOld(of('members.list', { vendor: 'v' }), 'runs', some)).toBe(false)
  expect(isOld(of('journeys.draft.read', { journey: 'booked' }), 'journeys', anybody)).toBe(false)
  expect(isOld(['session'], 'business', anybody)).toBe(false)
})
