import { afterAll, beforeAll, expect, test } from 'vitest'
import { signatureFor } from '../../src/channels/sms/twilio.ts'
import { ways } from '../../src/cli/doctor/ways.ts'
import { changeChannels, checkChannel, readChannels } from '../../src/contract/channels.ts'
import { listEvents, openEvent } from '../../src/contract/events.ts'
import { listMessages } from '../../src/contract/messages.ts'
import { readRun } from '../../src/contract/runs.ts'
import { listSuppressions } from '../../src/contract/suppressions.ts'
import { listNotices } from '../../src/contract/work.ts'
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

const awaiting = {
  ...text,
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
  const doctor = async (ask: boolean) =>
    (await ways(studio.office.house, ask)).filter((one) => one.about === 'channels')
  expect(await doctor(false)).toMatchObject([{ is: 'look', says: '1 way of businesses’ own, not asked.' }])
  expect(await doctor(true)).toMatchObject([
    { is: 'well', says: 'Lumen Photography, account for texts: The account answers, and is active.' },
  ])
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
  // What is no such word is kept for a person to read, wakes who waits for it, and is one however often it is told.
  const waits = await studio.live(awaiting)
  const run = await studio.start(client, waits)
  await studio.settle()
  const words = 'Can we come at five instead?'
  for (let told = 0; told < 2; told += 1)
    expect(await (await hook(inbound, { ...stop, Body: words, MessageSid: 'SM77' })).text()).not.toContain(
      'Message',
    )
  await hook(inbound, { ...stop, From: '+447700900999', Body: 'Who are you?', MessageSid: 'SM78' })
  const { data: events } = await api(listEvents, { params, query: { type: 'reply_received' } })
  expect(events.items).toMatchObject([
    { client, source: 'sms', personal: true, data: { channel: 'sms', person: 'partner_a' }, woken: [run] },
  ])
  expect(JSON.stringify(events)).not.toContain('five')
  const event = events.items[0]?.id ?? ''
  expect((await api(openEvent, { params: { ...params, event } })).data.words).toEqual({ text: words })
  const { data: notices } = await api(listNotices, { params, query: {} })
  const told = notices.items.filter((one) => one.code === 'reply_received')
  expect(told).toMatchObject([{ client, names: 'Sam Text' }])
  await studio.settle()
  expect((await api(readRun, { params: { ...params, run } })).data).toMatchObject({ status: 'completed' })

  peer.become({ status: 400, code: 21211 })
  await start()
  expect((await api(listSuppressions, { params })).data.items).toMatchObject([
    { channel: 'sms', reason: 'dead_address', clients: [{ id: client }] },
  ])
})
