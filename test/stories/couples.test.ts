import { expect, test } from 'vitest'
import { type House, house } from '../../sim/house.ts'
import type { ClientId, WeddingId } from '../../src/core/ids.ts'
import { changeDetails, undoDetails } from '../../src/engine/change-details.ts'
import { approve, command } from '../../src/engine/control.ts'
import { publish } from '../../src/engine/publish.ts'
import { daysBefore, hasTag, journeyOf, mail, wait } from '../fixtures/told-run.ts'

/** What vendors ask about first, told through the real engine over the real SQL. */
const emailTo = (id: string, more: object = {}) => mail(id, { class: 'transactional', ...more })
const wedding = { on: '2027-06-12', zone: 'Europe/London' }
const days = async (w: House, client: ClientId): Promise<string[]> =>
  (await w.sentTo(client)).map((one) => `${one.content.subject} ${one.at.slice(0, 10)}`)
const letter = (id: string, before: number, more: object = {}) =>
  emailTo(id, { when: daysBefore(before), config: { subject: id, body: 'Hello' }, ...more })
const plain = (id: string) => emailTo(id, { config: { subject: id, body: 'Hello' } })

async function booked(now: string, journey: unknown) {
  const w = await house({ now })
  await w.publish('story', journey)
  const couple = await w.couple({ wedding })
  const receipt = await w.event(couple.client, 'contract_signed')
  return { w, client: couple.client, wedding: couple.wedding as WeddingId, run: receipt.started[0]!.run }
}
const moveTo = (w: House, to: WeddingId, on: string | null) =>
  changeDetails(
    w.engine,
    w.vendor,
    [{ wedding: to, anchors: { wedding: on === null ? null : { is: 'day', on: on as never } } }],
    'owner',
  )

test('a couple who books late gets one catch-up a day, not a burst', async () => {
  const list = [90, 60, 45, 30].map((before) => letter(`m${before}`, before, { late: 'compress' }))
  const { w, client } = await booked(
    '2027-06-01T08:00:00Z',
    journeyOf([...list, letter('m7', 7)], ['m90>m60', 'm60>m45', 'm45>m30', 'm30>m7']),
  )
  await w.runUntil('2027-06-12T00:00:00Z')
  expect(await days(w, client)).toEqual([
    'm90 2027-06-01',
    'm60 2027-06-02',
    'm45 2027-06-03',
    'm30 2027-06-04',
    'm7 2027-06-05',
  ])
})

test('reminders of a payment stop when it is paid', async () => {
  const journey = journeyOf(
    [
      wait('again', { every: { days: 7 }, timesMax: 5, at: '10:00' }),
      plain('remind'),
      { id: 'paid', kind: 'goal', for: { event: 'payment_received' } },
    ],
    ['again.again>remind', 'remind>again'],
  )
  const { w, client } = await booked('2027-01-05T09:00:00Z', journey)
  await w.runUntil('2027-01-20T00:00:00Z')
  await w.event(client, 'payment_received')
  await w.runUntil('2027-06-01T00:00:00Z')
  expect(await days(w, client)).toEqual(['remind 2027-01-12', 'remind 2027-01-19'])
})

test('a form answered on the last day is thanked for, and nobody is reminded', async () => {
  const journey = journeyOf(
    [
      plain('ask'),
      { id: 'answer', kind: 'await', for: { event: 'form_submitted' }, timeout: { after: { days: 14 } } },
      plain('thanks'),
      plain('remind'),
    ],
    ['ask>answer', 'answer.happened>thanks', 'answer.timeout>remind'],
  )
  const { w, client } = await booked('2027-01-05T09:00:00Z', journey)
  await w.runUntil('2027-01-19T08:55:00Z')
  await w.event(client, 'form_submitted', { form: 'details' })
  await w.runUntil('2027-03-01T00:00:00Z')
  expect(await days(w, client)).toEqual(['ask 2027-01-05', 'thanks 2027-01-19'])
})

test('a wedding moved nearer and taken back within ten minutes changes nothing for the couple', async () => {
  const { w, client, wedding } = await booked(
    '2027-01-05T09:00:00Z',
    journeyOf([letter('month', 30, { late: 'send_now' }), letter('week', 7)], ['month>week']),
  )
  await w.runUntil('2027-05-01T09:00:00Z')
  const receipt = await moveTo(w, wedding, '2027-05-10')
  await w.runUntil('2027-05-01T09:05:00Z')
  await undoDetails(w.engine, w.vendor, receipt.changes[0]!, 'owner')
  await w.runUntil('2027-06-12T00:00:00Z')
  expect(await days(w, client)).toEqual(['month 2027-05-13', 'week 2027-06-05'])
})

test('a cancelled wedding ends it: nothing more is written', async () => {
  const { w, client, wedding } = await booked(
    '2027-01-05T09:00:00Z',
    journeyOf([plain('welcome'), letter('week', 7)], ['welcome>week']),
  )
  await w.runUntil('2027-02-01T00:00:00Z')
  await changeDetails(w.engine, w.vendor, [{ wedding, status: 'cancelled' }], 'owner')
  await w.runUntil('2027-07-01T00:00:00Z')
  expect(await days(w, client)).toEqual(['welcome 2027-01-05'])
})

test('a date to be confirmed parks what hangs on it, and a date lets it go', async () => {
  const { w, client, wedding } = await booked('2027-01-05T09:00:00Z', journeyOf([letter('week', 7)]))
  await moveTo(w, wedding, null)
  await w.runUntil('2027-08-01T00:00:00Z')
  expect(await days(w, client)).toEqual([])
  await moveTo(w, wedding, '2027-10-09')
  await w.runUntil('2027-10-09T00:00:00Z')
  expect(await days(w, client)).toEqual(['week 2027-10-02'])
})

test('a journey edited while couples are inside: they go on by the new version, and get nothing twice', async () => {
  const first = journeyOf(
    [plain('welcome'), wait('pause', { after: { days: 10 } }), plain('old_news')],
    ['welcome>pause', 'pause>old_news'],
  )
  const { w, client } = await booked('2027-01-05T09:00:00Z', first)
  await w.runUntil('2027-01-08T00:00:00Z')
  const second = journeyOf(
    [plain('welcome'), wait('pause', { after: { days: 10 } }), plain('new_news')],
    ['welcome>pause', 'pause>new_news'],
  )
  await publish(w.engine, w.vendor, {
    key: 'story',
    document: second,
    by: 'owner',
    plan: { is: 'move', redirects: {} },
  })
  await w.runUntil('2027-03-01T00:00:00Z')
  expect(await days(w, client)).toEqual(['welcome 2027-01-05', 'new_news 2027-01-15'])
})

test('paused over Christmas: no reminder comes late, news come one a day', async () => {
  const arms = ['remind', 'news', 'more']
  const journey = journeyOf(
    [
      { id: 'all', kind: 'fork', arms },
      ...arms.map((arm) => ({
        ...plain(arm),
        when: { after: { days: 3 } },
        ...(arm === 'remind' ? { reminds: true } : { late: 'send_now' }),
      })),
    ],
    arms.map((arm) => `all.${arm}>${arm}`),
  )
  const { w, client, run } = await booked('2027-12-22T09:00:00Z', journey)
  expect(await command(w.engine, w.vendor, [run], { do: 'pause' }, 'owner')).toMatchObject([{ is: 'obeyed' }])
  await w.runUntil('2028-01-03T09:00:00Z')
  expect(await days(w, client)).toEqual([])
  await command(w.engine, w.vendor, [run], { do: 'resume' }, 'owner')
  await w.runUntil('2028-01-20T00:00:00Z')
  expect((await days(w, client)).map((one) => one.slice(-10))).toEqual(['2028-01-03', '2028-01-04'])
  expect((await days(w, client)).some((one) => one.startsWith('remind'))).toBe(false)
})

test('a provider that refuses one partner does not keep the letter from the other, nor the journey', async () => {
  const w = await house({ now: '2027-01-05T09:00:00Z' })
  const send = w.engine.senders.send.bind(w.engine.senders)
  Object.assign(w.engine.senders, {
    send: async (job: Parameters<typeof send>[0]) =>
      job.recipient.ref === 'partner_b' ? { is: 'refused', cause: 'mailbox_gone' } : send(job),
  })
  await w.publish(
    'story',
    journeyOf(
      [plain('both'), wait('pause', { after: { days: 1 } }), { ...plain('after'), to: 'partner_a' }],
      ['both>pause', 'pause>after'],
    ),
  )
  const couple = await w.couple({
    wedding,
    people: [
      { ref: 'partner_a', name: 'Anna Ashworth', email: 'anna@example.org' },
      { ref: 'partner_b', name: 'Ben Barnes', email: 'ben@example.org' },
    ],
  })
  await w.event(couple.client, 'contract_signed')
  await w.runUntil('2027-02-01T00:00:00Z')
  expect((await w.sentTo(couple.client)).map((one) => `${one.content.subject} ${one.to}`)).toEqual([
    'both partner_a',
    'after partner_a',
  ])
})

test('an approval skipped: that letter is not sent, the next one is', async () => {
  const journey = journeyOf(
    [
      { ...plain('price'), approval: { timeout: { after: { days: 2 } } } },
      wait('pause', { after: { days: 5 } }),
      plain('after'),
    ],
    ['price>pause', 'pause>after'],
  )
  const { w, client, run } = await booked('2027-01-05T09:00:00Z', journey)
  await approve(w.engine, w.vendor, run, 'approval|price|1', 'skipped', 'owner')
  await w.runUntil('2027-02-01T00:00:00Z')
  expect(await days(w, client)).toEqual(['after 2027-01-10'])
})

test('a tag set on the way is known to the next step', async () => {
  const journey = journeyOf(
    [
      { id: 'mark', kind: 'action', do: { addTag: 'vip' } },
      { id: 'which', kind: 'condition', cases: [{ exit: 'yes', if: hasTag('vip') }] },
      plain('vip'),
      plain('others'),
    ],
    ['mark>which', 'which.yes>vip', 'which.otherwise>others'],
  )
  const { w, client } = await booked('2027-01-05T09:00:00Z', journey)
  expect(await days(w, client)).toEqual(['vip 2027-01-05'])
})
