import { spawn } from 'node:child_process'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { changeChannels, readChannels, tryReturns } from '../../src/contract/channels.ts'
import { readClient, savePerson } from '../../src/contract/clients.ts'
import { listEvents, openEvent } from '../../src/contract/events.ts'
import { makeKey } from '../../src/contract/keys.ts'
import { listMessages } from '../../src/contract/messages.ts'
import { journeyPulse } from '../../src/contract/pulse.ts'
import { clientTimeline, readRun } from '../../src/contract/runs.ts'
import { listSuppressions } from '../../src/contract/suppressions.ts'
import { listDeadLetters, listNotices, requeueDeadLetters } from '../../src/contract/work.ts'
import { certificate, type MailPeer, openMailPeer, PASSWORD, USER } from '../fixtures/mail-peer.ts'
import * as mails from '../fixtures/returned-mails.ts'
import { email, openStudio, refusal, type Studio, waiting } from './studio.ts'

/** A letter leaves by the real protocol, and comes back, is complained about, or is answered. */
const MAIN = path.join(import.meta.dirname, '../../src/cli/main.ts')
const RETURNS = 'returns.lumen.example'
let studio: Studio
let peer: MailPeer
let key: string
let journey: string
beforeAll(async () => {
  const known = certificate()
  peer = await openMailPeer(known, 'starttls', RETURNS)
  studio = await openStudio('Lumen Photography', { ownMail: { ca: known.cert } })
  const { api, params } = studio
  const own = {
    host: 'localhost',
    port: peer.port,
    tls: 'starttls',
    user: USER,
    from: USER,
    name: 'Lumen',
  } as const
  const { etag } = await api(readChannels, { params })
  const set = await api(changeChannels, {
    params,
    body: {
      email: {
        own: { ...own, password: PASSWORD, use: true },
        returns: { domain: 'Returns.Lumen.example', bounces: true, answers: true },
      },
    },
    ifMatch: etag!,
  })
  expect(set.data.email.returns).toEqual({ domain: RETURNS, bounces: true, answers: true, trial: null })
  const body = { name: 'Mail that comes back', scopes: ['events:write' as const] }
  key = (await api(makeKey, { params, body })).data.secret
  journey = await studio.live({
    ...waiting(0),
    name: 'A letter',
    reentry: 'after_finish',
    nodes: [
      { id: 'begin', kind: 'trigger', type: 'manual' },
      email('timeline', { to: 'partner_a' }),
      { id: 'done', kind: 'end' },
    ],
    edges: [
      { from: 'begin', to: 'timeline' },
      { from: 'timeline', to: 'done' },
    ],
  })
}, 60_000)
afterAll(async () => {
  await studio?.close()
  await peer?.close()
})
beforeEach(() => {
  peer.letters.length = 0
})

const awaiting = {
  ...waiting(0),
  name: 'Waits for an answer',
  nodes: [
    { id: 'begin', kind: 'trigger', type: 'manual' },
    { id: 'answer', kind: 'await', for: { event: 'reply_received' }, timeout: { after: { days: 3 } } },
    { id: 'done', kind: 'end' },
  ],
  edges: [
    { from: 'begin', to: 'answer' },
    { from: 'answer', exit: 'happened', to: 'done' },
    { from: 'answer', exit: 'timeout', to: 'done' },
  ],
}

/** Sends the letter to this couple; gives the address it comes back to. */
async function sent(client: string): Promise<string> {
  await studio.start(client, journey)
  await studio.settle()
  return peer.letters.at(-1)?.from ?? 'nothing left'
}
async function brought(mail: string, recipient: string, password = key) {
  const answer = await studio.office.front.request(`/in/mail?recipient=${encodeURIComponent(recipient)}`, {
    method: 'POST',
    headers: {
      'content-type': 'message/rfc822',
      authorization: `Basic ${Buffer.from(`mail:${password}`).toString('base64')}`,
    },
    body: mails.addressed(mail, recipient),
  })
  return answer.status === 200 ? ((await answer.json()) as { is: string }).is : answer.status
}
async function moved(client: string, address: string) {
  const params = { ...studio.params, client }
  const { etag } = await studio.api(readClient, { params })
  const body = { name: 'Anna', email: address, phone: null }
  await studio.api(savePerson, { params: { ...params, ref: 'partner_a' }, body, ifMatch: etag! })
}
const deadOf = async (client: string) =>
  (await studio.api(readClient, { params: { ...studio.params, client } })).data.people[0]?.dead
const stateOf = async (client: string) => {
  const { data } = await studio.api(listMessages, { params: studio.params, query: { client } })
  return data.items.map((one) => [one.state, one.cause])
}
const suppressedFor = async (client: string) => {
  const { data } = await studio.api(listSuppressions, { params: studio.params })
  return data.items
    .filter((one) => one.clients.some(({ id }) => id === client))
    .map(({ reason, classes }) => ({ reason, classes }))
}
const noticesOf = async (client: string) => {
  const { data } = await studio.api(listNotices, { params: studio.params, query: {} })
  return data.items.filter((one) => one.client === client).map(({ code, facts }) => ({ code, facts }))
}

test('Anna’s address does not exist any more: the letter comes back, nothing more is sent there, and it is said why', async () => {
  const { client } = await studio.couple('Anna Gone')
  const address = await sent(client)
  expect(address).toMatch(/^[a-z2-7]{64}@returns\.lumen\.example$/)
  const headers = peer.letters[0]?.text.replace(/\r\n[ \t]+/g, ' ').split('\r\n') ?? []
  expect(headers.find((one) => /^reply-to/i.test(one))).toBe(`Reply-To: Lumen <${USER}>, Lumen <${address}>`)
  expect(await stateOf(client)).toEqual([['accepted', null]])

  expect(await brought(mails.POSTFIX_UNKNOWN, address)).toBe('taken')
  expect(await stateOf(client)).toEqual([['rejected', 'returned_mailbox_unknown']])
  expect(await suppressedFor(client)).toEqual([
    { reason: 'dead_address', classes: ['marketing', 'relationship', 'transactional'] },
  ])
  expect(await noticesOf(client)).toEqual([
    { code: 'mail_returned', facts: { client, to: 'partner_a', why: 'mailbox_unknown', dead: true } },
  ])
  const { data: events } = await studio.api(listEvents, {
    params: studio.params,
    query: { client, type: 'message_bounced' },
  })
  expect(events.items).toMatchObject([
    { source: 'mail', data: { person: 'partner_a', status: '5.1.1', why: 'mailbox_unknown' } },
  ])
  expect(JSON.stringify(events)).not.toContain('example.org')

  expect(await brought(mails.POSTFIX_UNKNOWN, address.toUpperCase())).toBe('known')
  expect(await noticesOf(client)).toHaveLength(1)

  expect(await deadOf(client)).toEqual(['email'])

  peer.letters.length = 0
  expect(await sent(client)).toBe('nothing left')
  expect((await noticesOf(client))[0]).toMatchObject({ code: 'no_consent', facts: { why: 'dead_address' } })
  const { data: story } = await studio.api(clientTimeline, { params: { ...studio.params, client } })
  expect(story.items.flatMap((one) => (one.name === 'About timeline' ? [one.sentence] : []))).toEqual([
    'It was sent and came back: nobody has this mailbox.',
    '"About timeline" was not sent: nothing arrives at Anna’s email address any more; ask for another.',
  ])

  const undelivered = async () =>
    (await studio.api(listDeadLetters, { params: studio.params, query: { client } })).data.items
  const [letter] = await undelivered()
  expect(letter).toMatchObject({ recipient: 'partner_a', cause: 'returned_mailbox_unknown', dead: true })
  const { data: pulse } = await studio.api(journeyPulse, { params: studio.params })
  const ours = pulse.items.find((one) => one.journey === journey)!
  expect([ours.undelivered, ours.stuck, ours.arrived.at(-1)! > 0]).toEqual([1, 0, true])
  const again = () =>
    studio.api(requeueDeadLetters, { params: studio.params, body: { message: letter!.message } })
  expect(await refusal(again())).toMatchObject({ code: 'conflict' })

  await moved(client, 'anna.new@example.org')
  expect(await deadOf(client)).toEqual([])
  expect(await undelivered()).toMatchObject([{ dead: false }])
  await again()
  await studio.settle()
  expect(peer.letters.map(({ to }) => to)).toEqual(['anna.new@example.org'])
  expect((await stateOf(client)).map(([state]) => state)).toContain('accepted')
  expect(await undelivered()).toEqual([])
  expect(await sent(client)).toMatch(/@returns/)
  expect(peer.letters.at(-1)?.to).toBe('anna.new@example.org')
})

test('of a letter of which nobody knew whether it had left, what comes back says it: the journey hears that it failed', async () => {
  const { client } = await studio.couple('Anna Unknown')
  const address = await sent(client)
  // As a mail server leaves it that took the letter and was cut off before it said so.
  await studio.office.admin.query(
    `update app.effect set state = 'unknown', settled_at = null, due_at = now() + interval '10 minutes', rung = 3 where client_id = $1`,
    [client],
  )
  expect(await stateOf(client)).toEqual([['unknown', null]])
  expect(await brought(mails.MAILBOX_FULL, address)).toBe('taken')
  await studio.settle()
  expect(await stateOf(client)).toEqual([['rejected', 'returned_mailbox_full']])
  const [letter] = await studio.office.admin.query<{ due: unknown; told: number }>(
    `select e.due_at as due, (select count(*)::int from app.run_log l where l.run_id = e.run_id and l.event like '%returned_mailbox_full%') as told
       from app.effect e where e.client_id = $1`,
    [client],
  )
  expect(letter).toEqual({ due: null, told: 1 })
})

test('a letter that comes back after the address was changed says nothing against the new one', async () => {
  const { client } = await studio.couple('Anna Moved')
  const address = await sent(client)
  await moved(client, 'anna.moved.on@example.org')
  expect(await brought(mails.EXCHANGE_NOT_FOUND, address)).toBe('taken')
  expect(await stateOf(client)).toEqual([['rejected', 'returned_mailbox_unknown']])
  expect(await suppressedFor(client)).toEqual([])
  expect(await noticesOf(client)).toMatchObject([{ code: 'mail_returned', facts: { old_address: true } }])
  await sent(client)
  expect(peer.letters.at(-1)?.to).toBe('anna.moved.on@example.org')
})

test('a full mailbox is told and no more; a delay is only noted', async () => {
  const { client } = await studio.couple('Anna Full')
  const address = await sent(client)
  expect(await brought(mails.POSTFIX_DELAYED, address)).toBe('taken')
  expect(await stateOf(client)).toEqual([['accepted', null]])
  expect(await noticesOf(client)).toEqual([])
  expect(await brought(mails.MAILBOX_FULL, address)).toBe('taken')
  expect(await stateOf(client)).toEqual([['rejected', 'returned_mailbox_full']])
  expect(await suppressedFor(client)).toEqual([])
})

test('a complaint that comes to the keeper of the mail server ends what need not arrive', async () => {
  const { client } = await studio.couple('Anna Complains')
  const address = await sent(client)
  const told = mails.addressed(mails.YAHOO_COMPLAINT, address)
  expect(await brought(told, `complaints@${RETURNS}`)).toBe('taken')
  expect(await suppressedFor(client)).toEqual([
    { reason: 'complaint', classes: ['marketing', 'relationship'] },
  ])
  expect((await noticesOf(client)).map((one) => one.code)).toEqual(['mail_complained'])
})

test('an answer ends the waiting and is there to be read; a machine’s reply, or the business’s own, is none', async () => {
  const { api, params } = studio
  const { client } = await studio.couple('Anna Ashworth', {
    people: [
      { ref: 'partner_a', name: 'Ben', email: 'ben@example.org' },
      { ref: 'partner_b', name: 'Anna', email: 'anna@example.org' },
    ],
  })
  const address = await sent(client)
  const run = await studio.start(client, await studio.live(awaiting))
  await studio.settle()
  const own = mails.GMAIL_ANSWER.replace(/From: .*/, `From: Lumen <${USER}>`).replace('answer-1', 'own-1')
  for (const mail of [mails.EXCHANGE_AWAY, mails.UNIX_VACATION, own])
    expect(await brought(mail, address)).toBe('taken')
  await studio.settle()
  expect((await api(readRun, { params: { ...params, run } })).data.status).toBe('waiting')
  expect(await noticesOf(client)).toEqual([])

  for (const is of ['taken', 'known']) expect(await brought(mails.GMAIL_ANSWER, address)).toBe(is)
  await studio.settle()
  expect((await api(readRun, { params: { ...params, run } })).data.status).toBe('completed')
  const { data: events } = await api(listEvents, { params, query: { client, type: 'reply_received' } })
  // It was written to Ben, and Anna answered.
  expect(events.items).toMatchObject([
    { source: 'mail', personal: true, data: { channel: 'email', person: 'partner_b' } },
  ])
  expect(JSON.stringify(events)).not.toContain('four')
  expect(events.items[0]?.data).not.toHaveProperty('other_address')
  const event = events.items[0]?.id ?? ''
  expect((await api(openEvent, { params: { ...params, event } })).data.words).toEqual({
    text: 'We would rather start at four.\n\nIs that possible?\nAnna',
    subject: 'Re: Your timeline',
    from: 'anna@example.org',
  })
  expect((await noticesOf(client)).map((one) => one.code)).toEqual(['reply_received'])

  const elsewhere = mails.HTML_ANSWER.replace('Anna@Example.org', 'anna@work.example').replace(
    'anna@example.org',
    'anna@work.example',
  )
  expect(await brought(elsewhere, address)).toBe('taken')
  const newest = (await api(listEvents, { params, query: { client, type: 'reply_received' } })).data.items[0]
  expect(newest?.data).toMatchObject({ person: 'partner_a', other_address: true })
})

test('an address that this house has not signed changes nothing, nor does another business’s key, nor no key', async () => {
  const { client } = await studio.couple('Anna Safe')
  const address = await sent(client)
  const forged = `${address.startsWith('a') ? 'b' : 'a'}${address.slice(1)}`
  expect(await brought(mails.POSTFIX_UNKNOWN, forged)).toBe('unknown')
  expect(await brought(mails.POSTFIX_UNKNOWN, `hello@${RETURNS}`)).toBe('unknown')
  const other = await studio.office.business('Other Photography')
  const theirs = await other.browser.api(makeKey, {
    params: { vendor: other.vendor },
    body: { name: 'Theirs', scopes: ['events:write'] },
  })
  expect(await brought(mails.POSTFIX_UNKNOWN, address, theirs.data.secret)).toBe('unknown')
  expect(await brought(mails.POSTFIX_UNKNOWN, address, 'wed_nobody')).toBe(401)
  const weak = await studio.api(makeKey, {
    params: studio.params,
    body: { name: 'Looks', scopes: ['events:read'] },
  })
  expect(await brought(mails.POSTFIX_UNKNOWN, address, weak.data.secret)).toBe(401)
  expect(await stateOf(client)).toEqual([['accepted', null]])
  expect(await suppressedFor(client)).toEqual([])
})

test('providers bring it in forms of their own, and each is the same mail', async () => {
  const { client } = await studio.couple('Anna Forms')
  const address = await sent(client)
  const mail = mails.addressed(mails.POSTFIX_UNKNOWN, address)
  const form = (fields: Record<string, string>) => {
    const data = new FormData()
    for (const [name, value] of Object.entries(fields)) data.set(name, value)
    return data
  }
  const json = (body: unknown) => ({
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  })
  const bodies = [
    json({ recipient: address, message: Buffer.from(mail).toString('base64'), encoding: 'base64' }),
    json({ OriginalRecipient: address, RawEmail: mail, MessageID: 'x' }),
    { body: form({ envelope: JSON.stringify({ to: [address], from: '' }), email: mail }) },
    { body: form({ recipient: address, sender: '', 'body-mime': mail }) },
  ]
  const answers = []
  for (const { body, headers } of bodies as { body: string | FormData; headers?: Record<string, string> }[]) {
    const request = { method: 'POST', body, headers: { ...headers, authorization: `Bearer ${key}` } }
    answers.push(await (await studio.office.front.request('/in/mail', request)).json())
  }
  expect(answers).toEqual([{ is: 'taken' }, { is: 'known' }, { is: 'known' }, { is: 'known' }])
  expect(await stateOf(client)).toEqual([['rejected', 'returned_mailbox_unknown']])
})

test('a mail server brings it by a pipe, and is told when to come again', async () => {
  const { client } = await studio.couple('Anna Piped')
  const address = await sent(client)
  const { data } = studio.office.house.config
  const here = { WEDSYNC_DATA: data }
  expect(await piped(mails.addressed(mails.QMAIL, address), [address, '--sender', ''], here)).toBe(0)
  expect(await stateOf(client)).toEqual([['rejected', 'returned_mailbox_unknown']])
  expect(await piped('', [address], { DATABASE_URL: 'nowhere' })).toBe(75)
}, 120_000)

function piped(mail: string, args: readonly string[], env: Record<string, string>): Promise<number | null> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, 'mail-in', ...args], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  child.stdin.end(mail)
  return new Promise((resolve) => child.once('close', resolve))
}

test('the domain is tried: a letter leaves for it, and the settings say when it came in', async () => {
  const { api, params } = studio
  expect((await api(tryReturns, { params })).data).toMatchObject({ ok: true })
  const [letter] = peer.letters
  expect(letter?.from).toBe(letter?.to)
  const trial = async () => (await api(readChannels, { params })).data.email.returns?.trial
  expect(await trial()).toMatchObject({ heard: null })
  expect(await brought(letter?.text ?? '', letter?.to ?? '')).toBe('taken')
  expect(await trial()).toMatchObject({ heard: expect.any(String) })

  const { etag } = await api(readChannels, { params })
  const body = { email: { returns: { domain: 'elsewhere.example' } } }
  const moved = await api(changeChannels, { params, body, ifMatch: etag! })
  expect(moved.data.email.returns).toEqual({
    ...moved.data.email.returns,
    domain: 'elsewhere.example',
    trial: null,
  })
  expect((await api(tryReturns, { params })).data).toMatchObject({
    ok: false,
    says: 'localhost does not send letters with a return address at elsewhere.example.',
  })
})
