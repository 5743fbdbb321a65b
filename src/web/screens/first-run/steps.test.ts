import { expect, test } from 'vitest'
import { isStep, type Standing, stageFor, whereToGoOn } from './steps.ts'

const nothing: Standing = { couples: 0, draft: null, live: false, couple: null }

test('whoever comes back goes on where they stood', () => {
  expect(whereToGoOn(nothing)).toBe('week')
  expect(whereToGoOn({ ...nothing, draft: 'j' })).toBe('couple')
  expect(whereToGoOn({ ...nothing, draft: 'j', couples: 1 })).toBe('live')
  expect(whereToGoOn({ ...nothing, couples: 3 })).toBe('template')
  expect(whereToGoOn({ ...nothing, couples: 3, live: true })).toBe('template')
})

test('an address that names no step is none', () => {
  expect(isStep('week')).toBe(true)
  expect(isStep('wheel')).toBe(false)
  expect(isStep(undefined)).toBe(false)
})

test('a couple stands where the chosen journey takes them up', () => {
  const beginning = (how: object) => ({ nodes: [{ kind: 'end' }, { kind: 'trigger', ...how }] })
  const atInquiry = { fact: 'client.stage', is: 'equal', value: 'inquiry' }
  expect(stageFor(beginning({ type: 'stage_changed', config: { to: 'booked' } }))).toBe('booked')
  expect(stageFor(beginning({ type: 'stage_changed', config: { to: 'my_own' } }))).toBe('my_own')
  expect(stageFor(beginning({ type: 'stage_changed', config: { from: 'booked' } }))).toBe('inquiry')
  expect(stageFor(beginning({ type: 'date', when: {} }))).toBe('booked')
  expect(stageFor(beginning({ type: 'client_added', if: atInquiry }))).toBe('inquiry')
  expect(stageFor(beginning({ type: 'client_added', if: { ...atInquiry, value: 'planning' } }))).toBe(
    'planning',
  )
  expect(stageFor(beginning({ type: 'client_added', if: { not: atInquiry } }))).toBe('inquiry')
  expect(stageFor(beginning({ type: 'manual' }))).toBe('inquiry')
  expect(stageFor(undefined)).toBe('inquiry')
})
