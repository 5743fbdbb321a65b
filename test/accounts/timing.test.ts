import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { previewPath } from '../../src/contract/forms.ts'
import type { VendorId } from '../../src/core/ids.ts'
import { linkOf } from '../../src/engine/form-links.ts'
import { addressPath } from '../../src/engine/incoming.ts'
import { type Canary, canaryBusiness, type Mighty, mightyBusiness } from './canary.ts'
import { type Office, openOffice, PASSWORD, URL_HERE } from './office.ts'

/**
 * How long a "no" takes tells nothing of what is there (security T33). Two questions are asked in turns, so that
 * whatever else the machine does befalls both alike, and compared by rank: how often the one took longer than the
 * other. That is a half where they are alike, however noisy the machine. A small difference that is always there would
 * show, too, and be nothing to be seen from outside; so it counts only where the medians are apart.
 */
const TRIES = 60
const HASHED_TRIES = 30
const ANSWERED_LATER_TRIES = 20
/** Of a pair of tries, the same one is the longer: 0.5 is chance; 60 tries of alike ones stay within 0.66. */
const SAME_LONGER_MAX = 0.78
const APART_MIN = { ms: 0.6, share: 0.15 }

let office: Office
let mine: Mighty
let theirs: Canary
beforeAll(async () => {
  office = await openOffice()
  mine = await mightyBusiness(office, 'Mine')
  theirs = await canaryBusiness(office)
}, 60_000)
afterAll(() => office.close())

type Ask = () => Promise<unknown>

async function timed(ask: Ask): Promise<number> {
  const began = performance.now()
  await ask()
  return performance.now() - began
}

async function compared(one: Ask, other: Ask, tries = TRIES) {
  // The first of everything takes longer: code is compiled, statements are planned, keys are fetched.
  for (let warm = 0; warm < 5; warm += 1) for (const ask of [one, other]) await ask()
  const [ones, others]: [number[], number[]] = [[], []]
  for (let at = 0; at < tries; at += 1) {
    // Who comes first is changed, too: the second finds what the first has warmed.
    if (at % 2 === 0) ones.push(await timed(one))
    others.push(await timed(other))
    if (at % 2 === 1) ones.push(await timed(one))
  }
  const longer = ones.reduce((sum, a) => sum + others.filter((b) => a > b).length, 0) / tries ** 2
  const [a, b] = [median(ones), median(others)]
  const isApart = Math.abs(a - b) > Math.max(APART_MIN.ms, APART_MIN.share * Math.min(a, b))
  return { tells: Math.max(longer, 1 - longer) > SAME_LONGER_MAX && isApart, longer, medians: [a, b] }
}
const median = (times: readonly number[]): number => [...times].sort((a, b) => a - b)[times.length >> 1]!

const asked = async (path: string, how: RequestInit) => (await office.front.request(path, how)).text()
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  asked(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin', ...headers },
    body: JSON.stringify(body),
  })
const get = (path: string, headers: Record<string, string> = {}) => asked(path, { headers })
const byKey = () => ({ authorization: `Bearer ${mine.key}` })
const api = (path: string) => `/api/v1${path}`
const token = () => randomBytes(48).toString('base64url')
/** Whose link it is, with a secret that is none. */
const formOf = (vendor: string) =>
  `/f/${Buffer.concat([Buffer.from(vendor.replaceAll('-', ''), 'hex'), randomBytes(32)]).toString('base64url')}`

const SURFACES: readonly [string, () => readonly [Ask, Ask] | Promise<readonly [Ask, Ask]>, number][] = [
  [
    'who has an account, at sign-in',
    () => [
      () => post(api('/session'), { email: mine.email, password: 'not the passphrase' }),
      () => post(api('/session'), { email: `${randomUUID()}@example.org`, password: 'not the passphrase' }),
    ],
    HASHED_TRIES,
  ],
  [
    'who has an account, when a new password is asked for',
    () => [
      () => post(api('/password-resets'), { email: mine.email }),
      () => post(api('/password-resets'), { email: `${randomUUID()}@example.org` }),
    ],
    ANSWERED_LATER_TRIES,
  ],
  [
    'which couple a neighbour has',
    () => [
      () => get(api(`/vendors/${mine.vendor}/clients/${theirs.ids.client}`), byKey()),
      () => get(api(`/vendors/${mine.vendor}/clients/${randomUUID()}`), byKey()),
    ],
    TRIES,
  ],
  [
    'which message a neighbour has sent',
    () => [
      () => get(api(`/vendors/${mine.vendor}/messages/${theirs.ids.message}`), byKey()),
      () => get(api(`/vendors/${mine.vendor}/messages/${randomUUID()}`), byKey()),
    ],
    TRIES,
  ],
  [
    'which businesses there are, to a key',
    () => [
      () => get(api(`/vendors/${theirs.vendor}/clients`), byKey()),
      () => get(api(`/vendors/${randomUUID()}/clients`), byKey()),
    ],
    TRIES,
  ],
  [
    'which businesses there are, to who is signed in',
    () => {
      const ask = (vendor: string) => () =>
        mine.browser
          .fetch(new Request(`${URL_HERE}${api(`/vendors/${vendor}/clients`)}`))
          .then((answer) => answer.text())
      return [ask(theirs.vendor), ask(randomUUID())]
    },
    TRIES,
  ],
  [
    'whose a form’s link could be',
    () => [() => get(formOf(theirs.vendor)), () => get(formOf(randomUUID()))],
    TRIES,
  ],
  [
    'which form’s link is nearly right',
    async () => {
      const link = new URL(
        await linkOf(office.house.engine, theirs.vendor as VendorId, theirs.ids.sending ?? ''),
      ).pathname
      const near = `${link.slice(0, -1)}${link.endsWith('A') ? 'B' : 'A'}`
      return [() => get(near), () => get(formOf(theirs.vendor))] as const
    },
    TRIES,
  ],
  [
    'which form is being designed',
    () => [
      () => get(previewPath(theirs.vendor, theirs.ids.form ?? '')),
      () => get(previewPath(randomUUID(), randomUUID())),
    ],
    TRIES,
  ],
  [
    'where another system may call',
    () => {
      const knock = (path: string) => () =>
        post(
          path,
          {},
          {
            'webhook-id': randomUUID(),
            'webhook-timestamp': String(Math.floor(Date.now() / 1_000)),
            'webhook-signature': `v1,${randomBytes(32).toString('base64')}`,
          },
        )
      return [
        knock(addressPath(theirs.vendor as VendorId, theirs.ids.incoming ?? '')),
        knock(addressPath(randomUUID() as VendorId, randomUUID())),
      ]
    },
    TRIES,
  ],
  [
    'which business sends texts',
    () => [
      () => post(`/hooks/twilio/${theirs.vendor}/inbound`, {}),
      () => post(`/hooks/twilio/${randomUUID()}/inbound`, {}),
    ],
    TRIES,
  ],
  [
    'which key is nearly right',
    () => [
      () => get(api('/session'), { authorization: `Bearer ${mine.key.slice(0, -4)}AAAA` }),
      () => get(api('/session'), { authorization: `Bearer wed_${token().slice(0, mine.key.length - 4)}` }),
    ],
    TRIES,
  ],
]

test.each(SURFACES)('nobody learns by the clock %s', { timeout: 120_000 }, async (_, asks, tries) => {
  const [one, other] = await asks()
  // What is told by one measurement in a thousand is measured again; a leak is there each time.
  for (let again = 0; ; again += 1) {
    const found = await compared(one, other, tries)
    if (!found.tells) return
    if (again === 2) expect(found).toMatchObject({ tells: false })
  }
})

test('what the clock does tell is found: whether a password was looked at', { timeout: 60_000 }, async () => {
  const found = await compared(
    () => post(api('/session'), { email: mine.email, password: PASSWORD.toUpperCase() }),
    () => post(api('/session'), { email: 'no address', password: PASSWORD.toUpperCase() }),
    HASHED_TRIES,
  )
  expect(found).toMatchObject({ tells: true })
})
