import { afterAll, beforeAll, expect, test } from 'vitest'
import { listAudit } from '../../src/contract/audit.ts'
import { changeChannels, readChannels, tryMailServer } from '../../src/contract/channels.ts'
import {
  certificate,
  type MailPeer,
  openMailPeer,
  openSilentPeer,
  PASSWORD,
  USER,
} from '../fixtures/mail-peer.ts'
import { openStudio, refusal, type Studio, waiting } from './studio.ts'

/** A business sends by its own mail server: tried over the real protocol, kept by choice, capped, switched off again. */
let studio: Studio
let peer: MailPeer
const known = certificate()
beforeAll(async () => {
  peer = await openMailPeer(known)
  studio = await openStudio('Lumen Photography', {
    ownMail: { ca: known.cert, timeouts: { connectMs: 400, envelopeMs: 2_000 } },
  })
}, 60_000)
afterAll(async () => {
  await studio?.close()
  await peer?.close()
})

const server = (port: number) =>
  ({ host: 'localhost', port, tls: 'starttls', user: USER, from: USER, name: 'Lumen' }) as const
const attempt = async (more: Record<string, unknown>) => {
  const body = { ...server(peer.port), password: PASSWORD, ...more }
  return (await studio.api(tryMailServer, { params: studio.params, body })).data
}

test('what is wrong with a mail server is said by the step at which it ended', async () => {
  const [strange, clear, silent] = await Promise.all([
    openMailPeer(certificate()),
    openMailPeer(known, 'in the clear'),
    openSilentPeer(),
  ])
  try {
    const cases: [expected: string, more: Record<string, unknown>][] = [
      ['address', { host: '10.0.0.7', port: 587 }],
      ['address', { host: 'mail.internal', port: 587 }],
      ['address', { host: 'mail.example.org', port: 22 }],
      ['name', { host: 'mail.invalid', port: 587 }],
      ['connection', { port: 1 }],
      ['connection', { port: silent.port }],
      ['encryption', { port: strange.port }],
      ['encryption', { port: clear.port }],
      ['encryption', { port: peer.port, tls: 'implicit' }],
      ['sign_in', { password: 'not it' }],
      ['sender', { from: 'somebody@else.example' }],
    ]
    const ended = []
    for (const [, more] of cases) ended.push(await attempt(more))
    expect(ended.map((one) => one.step)).toEqual(cases.map(([step]) => step))
    expect(ended.every((one) => !one.ok && !one.sent && one.says !== '' && one.help !== null)).toBe(true)
    expect([...strange.letters, ...clear.letters, ...peer.letters]).toEqual([])
  } finally {
    await Promise.all([strange.close(), clear.close(), silent.close()])
  }
})

const letter = {
  ...waiting(0),
  name: 'Letters',
  reentry: 'after_finish',
  nodes: [
    { id: 'begin', kind: 'trigger', type: 'manual' },
    {
      ...{ id: 'hello', kind: 'module', type: 'email', version: 1, class: 'transactional', late: 'send_now' },
      config: { subject: 'Doors', body: 'They open at six.' },
    },
    { id: 'done', kind: 'end' },
  ],
  edges: [
    { from: 'begin', to: 'hello' },
    { from: 'hello', to: 'done' },
  ],
}

test('letters go by it once it is tried, kept and switched on, no more in an hour than agreed', async () => {
  const { api, params, office } = studio
  const tried = await attempt({})
  expect(tried).toMatchObject({ ok: true, step: 'done', sent: true })
  expect(peer.letters.splice(0)).toMatchObject([{ from: USER, to: tried.to }])

  const before = await api(readChannels, { params })
  const half = { email: { own: { host: 'localhost' } } }
  const without = { email: { own: server(peer.port) } }
  for (const body of [half, without])
    expect(await refusal(api(changeChannels, { params, body, ifMatch: before.etag! }))).toMatchObject({
      code: 'conflict',
    })
  const own = { ...server(peer.port), password: PASSWORD, perHour: 2 }
  const kept = await api(changeChannels, { params, body: { email: { own } }, ifMatch: before.etag! })
  expect(kept.data.email).toMatchObject({
    by: 'house',
    leaves: false,
    own: { use: false, hasPassword: true },
  })
  expect(JSON.stringify(kept.data)).not.toContain(PASSWORD)
  expect(await attempt({ password: undefined })).toMatchObject({ ok: true })
  peer.letters.splice(0)
  const elsewhere = { ...server(peer.port), user: 'somebody@else.example' }
  expect(await refusal(api(tryMailServer, { params, body: elsewhere }))).toMatchObject({ code: 'conflict' })

  const on = await api(changeChannels, {
    params,
    body: { email: { own: { use: true } } },
    ifMatch: kept.etag!,
  })
  expect(on.data.email).toMatchObject({ by: 'own', leaves: true, from: USER, missing: [expect.any(String)] })
  const journey = await studio.live(letter)
  const { client } = await studio.couple('Anna Letter')
  for (let one = 0; one < 3; one += 1) {
    await studio.start(client, journey)
    await studio.settle()
  }
  expect(peer.letters).toMatchObject([
    { from: USER, to: 'anna.letter@example.org' },
    { from: USER, to: 'anna.letter@example.org' },
  ])
  expect(peer.letters[0]?.text).toMatch(/^From: Lumen <hello@lumen.example>/m)
  const held = await office.admin.query<{ state: string; cause: string; attempt: number }>(
    `select state, cause, attempt from app.effect where state <> 'accepted' and vendor_id = $1`,
    [studio.vendor],
  )
  expect(held).toEqual([{ state: 'retryable', cause: 'own_mail_hour_is_full', attempt: 0 }])

  const off = await api(changeChannels, { params, body: { email: { own: null } }, ifMatch: on.etag! })
  expect(off.data.email).toMatchObject({ by: 'house', leaves: false, own: null })
  expect(await office.admin.query('select from app.channel_secret')).toEqual([])
  const { data: audit } = await api(listAudit, { params })
  expect(JSON.stringify(audit)).not.toContain(PASSWORD)
  expect(audit.items.map((one) => one.action)).toContain('channels.mail_tried')
})
