import { expect, test } from 'vitest'
import { aDateName, aDay, anHour, aZone, text, wayBack, yes } from './address.ts'

test('a way back stays in the house', () => {
  expect(wayBack('/clients?search=mia')).toBe('/clients?search=mia')
  expect(wayBack('//evil.example')).toBe('/')
  expect(wayBack('/\\evil.example')).toBe('/')
  expect(wayBack('https://evil.example')).toBe('/')
  expect(wayBack('/sign-in?back=/')).toBe('/')
  expect(wayBack(undefined)).toBe('/')
})

test('an address brings only what is asked of it', () => {
  expect(text({ search: 'mia', other: 'x' }, 'search')).toEqual({ search: 'mia' })
  expect(text({ search: '' }, 'search')).toEqual({})
  expect(text({ search: ['a'] }, 'search')).toEqual({})
  expect(yes({ add: 'true' }, 'add')).toEqual({ add: true })
  expect(yes({ add: 'no' }, 'add')).toEqual({})
})

test('a day, an hour, a place and a date come in only where they are one', () => {
  const [day, hour] = [{ on: '2027-06-12' }, { at: '14:30' }]
  expect([aDay(day, 'on'), anHour(hour, 'at'), anHour({ at: '-' }, 'at')]).toEqual([day, hour, { at: '-' }])
  expect([aDay({ on: 'soon' }, 'on'), aDay({ on: '2027-02-30' }, 'on')]).toEqual([{}, {}])
  expect([anHour({ at: '25:00' }, 'at'), aZone({ zone: 'Mars/Base' }, 'zone')]).toEqual([{}, {}])
  expect(aZone({ zone: 'Europe/Rome' }, 'zone')).toEqual({ zone: 'Europe/Rome' })
  expect(aDateName({ name: 'due:balance' }, 'name')).toEqual({ name: 'due:balance' })
  expect(aDateName({ name: '???' }, 'name')).toEqual({})
  // Left unsaid, the router would hand on what was written.
  expect(Object.keys(aDay({ on: 'soon' }, 'on'))).toEqual(['on'])
  expect(Object.keys(aDay({}, 'on'))).toEqual([])
})
