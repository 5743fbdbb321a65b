import { afterAll, beforeAll, expect, test } from 'vitest'
import { signatureFor } from '../../src/channels/sms/twilio.ts'
import { changeChannels, checkChannel, readChannels } from '../../src/contract/channels.ts'
import { listMessages } from '../../src/contract/messages.ts'
import { listSuppressions } from '../../src/contract/suppressions.ts'
import { URL_HERE } from '../accounts/office.ts'
import { openTwilioPeer, type TwilioPeer } from '../fixtures/twilio-peer.ts'
import { openStudio, type Studio, waiting } from './studio.ts'

/** A business texts by its own account: set up, tested, switched on, sent, answered, reported. */
let studio: Studio
let peer: TwilioPeer
beforeAll(async () => {
  peer = await openTwilioPeer()
  studio = await openStudio('Lumen Photography', { textProvider: peer.house })
}, 60_000)
afterAll(async () => {
  await studio?.close()
  await peer?.close()
})

const text = {
  ...waiting(0),
  name: 'Texts',
  reentry: 'after_finish',
  nodes: [
    { id: 'begin', kind: 'trigger', type: 'manual' },
    {
      ...{ id: 'text', kind: 'module', type: 'sms', version: 1, class: 'transactional', late: 'send_now' },
      windows: { quiet: 'ignore' },
      config: { body: 'Hi {{ client.partner_a.first_name }}, doors open at six.' },
    },
    { id: 'done', kind: 'end' },
  ],
  edges: [
    { from: 'begin', to: 'text' },
    { from: 'text', to: 'done' },
  ],
}

const hook = (path: string, fields: Record<string, string>, token = peer.token) =>
  studio.office.front.request(path, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-twilio-signature': signatureFor(token, `${URL_HERE}${path}`, fields),
    },
    body: new URLSearchParams(fields).toString(),
  })

test('from an account to a couple’s phone, and back', async () => {
  const { api, params, vendor } = studio
  const journey = await studio.live(text)
  const people = [{ ref: 'partner_a', name: 'Sam Text', phone: '07700 900123' }]
  const { client } = await studio.couple('Sam Text', { people })
  const start = async () => {
    await studio.start(client, journey)
    await studio.settle()
  }

  const before = await api(readChannels, { params })
  const sms = { account: peer.account, token: peer.token, from: '+447700900000' }
  const set = await api(changeChannels, { params, body: { sms }, ifMatch: before.etag! })
  expect(set.data.sms).toMatchObject({ leaves: false, sending: false, missing: [] })
  const check = await api(checkChannel, { params, body: { channel: 'sms' } })
  expect(check.data).toMatchObject({ ok: true })
  await start()
  expect(peer.taken).toEqual([])

  const on = await api(changeChannels, { params, body: { sms: { sending: true } }, ifMatch: set.etag! })
  expect(on.data.sms.leaves).toBe(true)
  await start()
  expect(peer.taken).toEqual([{ To: '+447700900123', From: sms.from, Body: 'Hi Sam, doors open at six.' }])

  const { data: sent } = await api(listMessages, { params, query: { client } })
  const [newest] = sent.items
  const report = { MessageSid: `SM${'1'.padStart(32, '0')}`, MessageStatus: 'delivered' }
  const status = `/hooks/twilio/${vendor}/status/${newest?.id}`
  expect((await hook(status, report, 'a-token-of-somebody')).status).toBe(403)
  expect((await hook(status, report)).status).toBe(204)
  const { data: reported } = await api(listMessages, { params, query: { client } })
  expect(reported.items.map((one) => one.state)).toEqual(['delivered', 'accepted'])

  const inbound = `/hooks/twilio/${vendor}/inbound`
  const stop = { From: '+447700900123', To: sms.from, Body: 'STOP', MessageSid: 'SM9' }
  expect((await hook(inbound, stop, 'a-token-of-somebody')).status).toBe(403)
  expect((await api(listSuppressions, { params })).data.items).toEqual([])
  const answer = await hook(inbound, stop)
  expect([answer.status, await answer.text()]).toEqual([
    200,
    '<?xml version="1.0" encoding="UTF-8"?><Response></Response>',
  ])
  await start()
  expect(peer.taken).toHaveLength(1)
  const help = await (await hook(inbound, { ...stop, Body: 'HELP' })).text()
  expect(help).toContain('<Message>Lumen Photography')

  await hook(inbound, { ...stop, Body: 'START' })
  peer.become({ status: 400, code: 21211 })
  await start()
  expect((await api(listSuppressions, { params })).data.items).toMatchObject([
    { channel: 'sms', reason: 'dead_address', clients: [{ id: client }] },
  ])
})
