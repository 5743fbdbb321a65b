import { afterEach, expect, test } from 'vitest'
import { openTwilioPeer, type TwilioPeer } from '../../../test/fixtures/twilio-peer.ts'
import { CONFORMANCE_NOW, channelConformance, delivery } from '../conformance.ts'
import { isSignedBy, signatureFor, type Twilio, twilio } from './twilio.ts'

const open: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of open.splice(0)) await close()
})
async function world(): Promise<{
  peer: TwilioPeer
  house: Twilio
  account: { account: string; token: string; from: string }
}> {
  const peer = await openTwilioPeer()
  const house = twilio(peer.house, { now: () => CONFORMANCE_NOW })
  open.push(
    () => house.close(),
    () => peer.close(),
  )
  return { peer, house, account: { account: peer.account, token: peer.token, from: '+447700900000' } }
}
const text = { to: '+447700900123', body: 'Hi Anna & Ben, see you 🥂\nNell' }
const callback = (key: string): string => `https://wed.example/hooks/${key}`

channelConformance(
  'Twilio',
  ['says_later', 'refuses', 'unreachable', 'lost_after_hand_over', 'silent_after_hand_over'],
  async () => {
    const { peer, house, account } = await world()
    let gone = false
    const dead = twilio({ ...peer.house, base: 'http://127.0.0.1:9' }, { now: () => CONFORMANCE_NOW })
    open.push(() => dead.close())
    return {
      channel: {
        name: 'twilio',
        send: (message, how) => (gone ? dead : house).channel(account, callback).send(message, how),
      },
      message: text,
      become: async (fault) => {
        gone = fault === 'unreachable'
        peer.become(fault === 'unreachable' ? 'none' : fault)
      },
      taken: () => peer.taken.map((one) => one.StatusCallback ?? ''),
      visits: () => peer.visits,
    }
  },
)

test('a text is a form with both numbers, its words to the letter, and where to report', async () => {
  const { peer, house, account } = await world()
  const reply = await house.channel(account, callback).send(text, delivery())
  expect(reply).toEqual({ is: 'accepted', ref: `SM${'1'.padStart(32, '0')}` })
  expect(peer.taken).toEqual([
    { To: text.to, From: account.from, Body: text.body, StatusCallback: callback('a1'.repeat(32)) },
  ])
})

test('a messaging service sends instead of a number', async () => {
  const { peer, house, account } = await world()
  const from = `MG${'2'.repeat(32)}`
  await house.channel({ ...account, from }, () => null).send(text, delivery())
  expect(peer.taken).toEqual([{ To: text.to, MessagingServiceSid: from, Body: text.body }])
})

test.each([
  [
    { status: 429, code: 20429, retryAfter: '7' },
    { is: 'busy', cause: 'twilio_20429', retryAfterMs: 7_000 },
  ],
  [
    { status: 400, code: 21611 },
    { is: 'busy', cause: 'twilio_21611' },
  ],
  [
    { status: 503, code: 20503 },
    { is: 'busy', cause: 'twilio_20503' },
  ],
  [
    { status: 500, code: 20500 },
    { is: 'unknown', cause: 'twilio_20500' },
  ],
  [
    { status: 400, code: 21211 },
    { is: 'rejected', cause: 'twilio_21211', address: 'dead' },
  ],
  [
    { status: 400, code: 21610 },
    { is: 'rejected', cause: 'twilio_21610', address: 'stopped' },
  ],
  [
    { status: 400, code: 21408 },
    { is: 'rejected', cause: 'twilio_21408' },
  ],
] as const)('%j is told as %j', async (told, reply) => {
  const { peer, house, account } = await world()
  peer.become(told)
  expect(await house.channel(account, callback).send(text, delivery())).toMatchObject(reply)
  expect(peer.taken).toEqual([])
})

test('a wrong token is about the account: the text waits for it to be put right', async () => {
  const { house, account } = await world()
  const wrong = { ...account, token: 'another-token-altogether' }
  expect(await house.channel(wrong, callback).send(text, delivery())).toMatchObject({
    is: 'busy',
    cause: 'twilio_20003',
  })
})

test('asking about an account sends nothing, and the answer can be acted on', async () => {
  const { peer, house, account } = await world()
  expect(await house.ask(account)).toEqual({ ok: true, says: 'The account answers, and is active.' })
  expect(await house.ask({ ...account, token: 'x'.repeat(16) })).toMatchObject({
    ok: false,
    says: 'The account and its token do not belong together.',
  })
  await peer.close()
  expect(await house.ask(account)).toMatchObject({ ok: false })
  expect(peer.taken).toEqual([])
})

test.each([
  ['0123', 'phone_unreadable'],
  ['+447700900123\r\nX', 'phone_unreadable'],
])('a number like %j is not handed to anybody', async (to, cause) => {
  const { peer, house, account } = await world()
  expect(await house.channel(account, callback).send({ ...text, to }, delivery())).toEqual({
    is: 'rejected',
    cause,
  })
  expect(peer.visits).toBe(0)
})

test('a signature is believed for its address, its fields and its token, and for nothing else', () => {
  // The example of the provider's documentation.
  const url = 'https://mycompany.com/myapp.php?foo=1&bar=2'
  const fields = {
    CallSid: 'CA1234567890ABCDE',
    Caller: '+14158675309',
    Digits: '1234',
    From: '+14158675309',
    To: '+18005551212',
  }
  const signature = 'RSOYDt4T1cUTdK1PDd93/VVr8B8='
  expect(signatureFor('12345', url, fields)).toBe(signature)
  expect(isSignedBy('12345', url, fields, signature)).toBe(true)
  expect(isSignedBy('12346', url, fields, signature)).toBe(false)
  expect(isSignedBy('12345', `${url}&`, fields, signature)).toBe(false)
  expect(isSignedBy('12345', url, { ...fields, Digits: '1235' }, signature)).toBe(false)
  expect(isSignedBy('12345', url, fields, '')).toBe(false)
})
