import { expect, test } from 'vitest'
import { phoneProblem, roleOfPerson, shortName, stageChoices, tagsOf, tellAssumed } from './words.ts'

const person = (ref: string, name: string) => ({ ref, name, email: null, phone: null })

test('a couple is called by their first names, or by whoever is known', () => {
  const people = [
    person('partner_a', 'Mia Castellani'),
    person('partner_b', 'Jonas Brandt'),
    person('planner', 'Fio'),
  ]
  expect(shortName({ name: 'Mia Castellani & Jonas Brandt', people })).toBe('Mia & Jonas')
  expect(shortName({ name: 'Fioretti', people: [person('planner', 'Fioretti')] })).toBe('Fioretti')
})

test('people by what they are to the couple', () => {
  expect(roleOfPerson('partner_b')).toBe('Partner')
  expect(roleOfPerson('vendor:florist#2')).toBe('Florist')
  expect(roleOfPerson('guest:best_man')).toBe('Best man')
})

test('stages in their order, with those of one’s own behind', () => {
  expect(stageChoices(['gallery_out', 'booked', undefined]).map((one) => one.label)).toEqual([
    'Inquiry',
    'Booked',
    'Planning',
    'After',
    'Lost',
    'Gallery out',
  ])
})

test('tags are what stands between commas, each once', () => {
  expect(tagsOf(' vip, , winter,vip ')).toEqual(['vip', 'winter'])
})

test('a phone number may be left out', () => {
  expect(phoneProblem(' ')).toBeNull()
  expect(phoneProblem('+39 055 123')).toBeNull()
  expect(phoneProblem('ask her')).toMatch(/not a phone number/)
})

test('what a step rests on is said without the names of steps, and each thing once', () => {
  const late = (step: string) => `an answered form does not come in time (${step})`
  expect(
    tellAssumed([late('The day (hour by hour)'), 'somebody says yes (A word)', late('The pictures')]),
  ).toBe('if an answered form does not come in time and somebody says yes')
  expect(tellAssumed([])).toBe('')
})
