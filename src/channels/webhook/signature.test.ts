import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Instant, instant } from '../../core/time/instant.ts'
import { judgeSigned, newSecret, signed, TOLERANCE_MS } from './signature.ts'

/** The vector that the libraries of the specification share. */
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const BODY = '{"test": 2432232314}'
const HEADERS = {
  'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  'webhook-timestamp': '1614265330',
  'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
}
const THEN = instant(1_614_265_330_000)
const after = (ms: number): Instant => instant(THEN + ms)
const OTHER = newSecret(new Uint8Array(32).fill(7))
const judge = (
  change: Partial<Record<keyof typeof HEADERS, string | undefined>> = {},
  { secrets = [SECRET], body = BODY, now = THEN } = {},
) => judgeSigned(secrets, { ...HEADERS, ...change }, body, now)

test('the vector of the specification fits, and what we sign is what it says', () => {
  expect(judge()).toBe('fits')
  expect(signed([SECRET], HEADERS['webhook-id'], THEN, BODY)).toEqual(HEADERS)
})

test('five minutes either way are lately, a millisecond more is not', () => {
  const at = (ms: number) => judge({}, { now: after(ms) })
  expect([at(TOLERANCE_MS), at(-TOLERANCE_MS)]).toEqual(['fits', 'fits'])
  expect([at(TOLERANCE_MS + 1), at(-TOLERANCE_MS - 1)]).toEqual(['stale', 'stale'])
})

test('one of several signatures and one of several secrets is enough', () => {
  const theirs = HEADERS['webhook-signature']
  const foreign = signed([OTHER], HEADERS['webhook-id'], THEN, BODY)['webhook-signature']
  expect(
    judge({
      'webhook-signature': `v1a,bm9uc2Vuc2U= v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc= ${theirs}`,
    }),
  ).toBe('fits')
  expect(judge({ 'webhook-signature': `${foreign} ${theirs}` })).toBe('fits')
  expect(judge({}, { secrets: [OTHER, SECRET] })).toBe('fits')
  expect(judge({}, { secrets: [OTHER] })).toBe('wrong')
  expect(judge({}, { secrets: [] })).toBe('wrong')
})

test.each([
  ['no id', { 'webhook-id': undefined }],
  ['an empty id', { 'webhook-id': '' }],
  ['an id with a blank', { 'webhook-id': 'msg 1' }],
  ['no time', { 'webhook-timestamp': undefined }],
  ['a time that only begins as one', { 'webhook-timestamp': '1614265330x' }],
  ['a time with a sign', { 'webhook-timestamp': '+1614265330' }],
  ['a time with a nought before it', { 'webhook-timestamp': '01614265330' }],
  ['no signature', { 'webhook-signature': undefined }],
  ['a version without a signature', { 'webhook-signature': 'v1,' }],
  [
    'a signature without its version',
    { 'webhook-signature': 'g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=' },
  ],
  ['another version', { 'webhook-signature': 'v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=' }],
  ['half of it', { 'webhook-signature': 'v1,g0hM9SsE+OTPJTGt' }],
])('%s is wrong', (_, change) => {
  expect(judge(change)).toBe('wrong')
})

test('whichever bit of the body, the id, the time or the signature is turned, nothing fits any more', () => {
  const parts = ['body', 'webhook-id', 'webhook-timestamp', 'webhook-signature'] as const
  fc.assert(
    fc.property(fc.constantFrom(...parts), fc.nat(), fc.nat(6), (part, place, bit) => {
      const whole = part === 'body' ? BODY : HEADERS[part]
      const at = place % whole.length
      const turned =
        whole.slice(0, at) + String.fromCharCode(whole.charCodeAt(at) ^ (1 << bit)) + whole.slice(at + 1)
      expect(part === 'body' ? judge({}, { body: turned }) : judge({ [part]: turned })).toBe('wrong')
    }),
    { numRuns: 1_000 },
  )
})

test('a secret has the form that other systems ask for', () => {
  expect(newSecret(new Uint8Array(32).fill(255))).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
})
