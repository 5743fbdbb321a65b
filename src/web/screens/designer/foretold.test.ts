import { expect, test } from 'vitest'
import { isoOf } from '../../../core/time/instant.ts'
import { sentenceFor, toldBy } from './foretold.ts'

const step = {
  node: 'guide',
  name: 'Guide',
  kind: 'module',
  what: 'send',
  at: '2027-12-17T17:00:00.000Z',
  zone: 'America/Vancouver',
  wall: '2027-12-17T10:00',
  visit: 1,
  recipients: ['partner_a'],
  because: [
    { code: 'nominal', sentence: 'Its rule says ten in the morning.' },
    { code: 'left_by', sentence: 'The way on is "sent".', exit: 'sent' },
  ],
  assumes: [],
}
const told = (differ: readonly string[]) =>
  toldBy({ zone: 'Europe/London', from: 'beginning', steps: [step], ended: null, truncated: false }, differ)

test('a moment of a place whose clocks are disputed is put where this browser shows the hour that counts', () => {
  const [there] = told(['America/Vancouver']).steps
  const shown = new Intl.DateTimeFormat('en-GB', { timeZone: step.zone, timeStyle: 'short' })
  expect(shown.format(new Date(there!.at as number))).toBe('10:00')
  // Where both agree the moment is the server's own.
  expect(isoOf(told([]).steps[0]!.at!)).toBe(step.at)
})

test('what led to it is said in the words of the server, and which way was taken is known', () => {
  const [there] = told([]).steps
  const teller = { zone: 'Europe/London' as never, now: 0 as never }
  expect(there!.because.map((one) => sentenceFor(one, teller))).toEqual(
    step.because.map(({ sentence }) => sentence),
  )
  expect(there!.because[1]!.values).toEqual({ exit: 'sent' })
})
