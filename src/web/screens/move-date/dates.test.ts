import { expect, test } from 'vitest'
import { dateWord, ownDate, sayChange, whoWaits } from './dates.ts'

test('dates beside the wedding are called as people call them', () => {
  expect(['booking', 'due:balance', 'meeting:discovery_call', 'custom:rehearsal'].map(dateWord)).toEqual([
    'Contract signed',
    'Balance due',
    'Discovery call',
    'Rehearsal',
  ])
  expect([ownDate('Rehearsal dinner'), ownDate(' ? ')]).toEqual(['custom:rehearsal_dinner', null])
})

const day = (on: string) => ({ is: 'day' as const, on })
test('the last change says which date it changed, and what it was', () => {
  const say = (dates: Parameters<typeof sayChange>[0]['dates'], from = '2027-06-12', to = '2027-06-12') =>
    sayChange({ from, to, dates, status: null }, 'Europe/London')
  expect(say([])).toBeNull()
  const off = { from: 'confirmed', to: 'cancelled' } as const
  expect(sayChange({ from: null, to: null, dates: [], status: off }, 'Europe/London')).toBe(
    'The wedding is cancelled',
  )
  const wedding = { name: 'wedding', from: day('2027-06-12'), to: day('2027-09-04') }
  expect(say([wedding], '2027-06-12', '2027-09-04')).toMatch(/^Moved from .*12.* to .*4.*2027$/)
  const hour = { is: 'hour' as const, on: '2027-06-12', at: '14:30', zone: 'Europe/London' }
  expect(say([{ name: 'wedding', from: day('2027-06-12'), to: hour }])).toMatch(
    /^The ceremony: .*14:30, it was /,
  )
  const balance = { name: 'due:balance', from: day('2027-05-01'), to: null }
  expect(say([balance])).toMatch(/^Balance due is taken away: it was /)
  expect(say([{ ...balance, from: null, to: day('2027-05-01') }])).toMatch(/^Balance due: /)
})

test('only the journeys they are on wait for a date', () => {
  const one = (name: string, isOn: boolean) => ({ id: name, name, isOn })
  expect(whoWaits([one('Payments', false)])).toBeNull()
  expect(whoWaits([one('Payments', true), one('Planning', true)])).toBe('Payments and Planning wait for it')
})
