import { expect, test } from 'vitest'
import { alike, type Notice, tellHowMany } from './alike.ts'

const notice = (id: string, code: string, client: string | null, facts = {}): Notice => ({
  ...{ id, code, client, facts, names: client, run: null, node: null },
  at: '2027-06-10T08:00:00.000Z',
})

test('many that say the same share a line, whomever they are about; the newest is first', () => {
  const told = alike([
    notice('1', 'late_skipped', 'Mia & Jonas'),
    notice('2', 'no_address', 'Ruby & Max', { channel: 'sms', to: 'partner_a' }),
    notice('3', 'late_skipped', 'Mia & Jonas'),
    notice('4', 'no_address', 'Ada & Tom', { channel: 'email', to: 'partner_b' }),
    notice('5', 'late_skipped', 'Ada & Tom'),
    notice('6', 'no_address', 'Ruby & Max', { channel: 'sms', to: 'partner_b' }),
  ])
  expect(told.map(({ says, notices }) => [says, notices.map(({ id }) => id).join()])).toEqual([
    ['A step came too late and was left out', '1,3,5'],
    ['Somebody cannot be written to: no phone number', '2'],
    ['Somebody cannot be written to: no phone number', '6'],
    ['Somebody cannot be written to: no email address', '4'],
  ])
  expect(tellHowMany(told[0]!)).toBe('3 times, of 2 couples')
})

test('words of their own keep them apart, and what is of no couple counts none', () => {
  const told = ['The line is down', 'The disk is full', 'The line is down', 'The line is down'].map(
    (text, at) => notice(String(at), 'alert', null, { text }),
  )
  expect(alike(told).map(({ notices }) => notices.length)).toEqual([3, 1])
  expect(tellHowMany(alike(told)[0]!)).toBe('3 times')
})
