import { expect, test } from 'vitest'
import { isStep, type Standing, whereToGoOn } from './steps.ts'

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
