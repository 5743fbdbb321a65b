import { afterAll, beforeAll, expect, test } from 'vitest'
import { breakers } from '../../src/channels/breaker.ts'
import type { Channel } from '../../src/channels/channel.ts'
import type { Mail } from '../../src/channels/email/mail.ts'
import { whoAmI } from '../../src/contract/accounts.ts'
import { listAnswers } from '../../src/contract/answers.ts'
import { listClients, readClient } from '../../src/contract/clients.ts'
import { listForms, listUnanswered } from '../../src/contract/forms.ts'
import { listJourneys } from '../../src/contract/journeys.ts'
import { listMessages } from '../../src/contract/messages.ts'
import { loadSample, readSample, removeSample } from '../../src/contract/sample.ts'
import { listDeadLetters, listTasks } from '../../src/contract/work.ts'
import { readAnswers } from '../../src/core/form/answers.ts'
import { formProblems } from '../../src/core/form/problems.ts'
import type { VendorId } from '../../src/core/ids.ts'
import { isSample, sampleIdFrom } from '../../src/core/sample.ts'
import { localDate } from '../../src/core/time/calendar.ts'
import { instantFrom, plusMs } from '../../src/core/time/instant.ts'
import { outgoing } from '../../src/outgoing.ts'
import { sampleBook } from '../../src/sample/book.ts'
import { openSample } from '../../src/sample/load.ts'
import { halfOf, questionnaire, typedBy } from '../../src/sample/questionnaire.ts'
import { scriptOf } from '../../src/sample/script.ts'
import { openStudio, refusal, type Studio } from '../api/studio.ts'

/** A finished studio to look round in: loaded and removed in one go, beside one’s own, and deaf and dumb outwards. */
let studio: Studio
beforeAll(async () => {
  studio = await openStudio()
}, 180_000)
afterAll(() => studio.close())

const LOADED_WITHIN_MS = 300_000
async function loaded(): Promise<string> {
  const until = performance.now() + LOADED_WITHIN_MS
  const seen: number[] = []
  for (;;) {
    const { data } = await studio.api(readSample, {})
    if (data.is === 'ready') {
      expect(seen).toEqual([...seen].sort((a, b) => a - b))
      return data.vendor!
    }
    expect(data.is).toBe('loading')
    seen.push(data.done)
    if (performance.now() > until) throw new Error('the sample did not come')
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

test('forty couples over a season, beside one’s own and gone again', { timeout: 360_000 }, async () => {
  const { api, params: own } = studio
  await studio.couple('Mine Alone')
  expect((await api(readSample, {})).data.is).toBe('none')
  expect((await api(loadSample, {})).data.is).toBe('loading')
  expect((await refusal(api(loadSample, {}))).code).toBe('conflict')
  const vendor = await loaded()
  expect(isSample(vendor)).toBe(true)
  expect((await api(whoAmI, {})).data.memberships.map((one) => one.vendor)).toEqual([own.vendor, vendor])

  const params = { vendor }
  const couples = (await api(listClients, { params, query: { limit: 200 } })).data.items
  expect(couples).toHaveLength(40)
  expect(new Set(couples.map(({ stage }) => stage))).toEqual(new Set(['inquiry', 'booked', 'after', 'lost']))
  const addresses = couples.flatMap(({ people }) => people.flatMap(({ email }) => email ?? []))
  expect(addresses.filter((one) => !/\.example$/.test(one))).toEqual([])

  const journeys = (await api(listJourneys, { params, query: {} })).data.items
  expect(journeys.map(({ status }) => status)).toEqual(['active', 'active', 'active', 'active'])
  expect(journeys.every(({ runs }) => runs.waiting + runs.active > 0 && runs.failed === 0)).toBe(true)
  const messages = (await api(listMessages, { params, query: { limit: 200 } })).data.items
  expect(messages.length).toBeGreaterThan(150)
  expect((await api(listDeadLetters, { params })).data.items).toHaveLength(1)
  expect((await api(listTasks, { params, query: {} })).data.items.length).toBeGreaterThan(0)
  await itsQuestionnaire(params)

  // One's own book is as it was, and only that is left when the sample is gone.
  const mine = async () => (await api(listClients, { params: own, query: {} })).data.items.length
  expect(await mine()).toBe(1)
  const before = await rowsByTable()
  const live = await asEraser(`select count(*)::int as gone from app.erase_sample($1, 1, 10)`, [vendor])
  expect(live).toBe('55000')
  expect((await api(removeSample, {})).data.is).toBe('removing')
  expect((await api(whoAmI, {})).data.memberships.map((one) => one.vendor)).toEqual([own.vendor])
  expect((await refusal(api(listClients, { params, query: {} }))).code).toBe('not_found')
  expect((await refusal(api(removeSample, {}))).code).toBe('not_found')
  await expect
    .poll(async () => (await api(readSample, {})).data.is, { timeout: 30_000, interval: 20 })
    .toBe('none')
  const after = await rowsByTable()
  const left = before.filter((one) => one.vendor !== vendor)
  expect(before.filter((one) => one.vendor === vendor && one.rows > 0).length).toBeGreaterThan(15)
  expect(after).toEqual(left)
  expect(await mine()).toBe(1)
  const told = await studio.office.admin.query<{ was: string; total: number; gone: number }>(
    'select was, total, gone from app.erasure where finished_at is not null',
  )
  // All but the member, who has let go of it before.
  const rows = before.filter((one) => one.vendor === vendor).reduce((sum, one) => sum + one.rows, -1)
  expect(told).toEqual([{ was: vendor, total: rows, gone: rows }])
})

/** Sent by a journey, opened by its link, saved, sent, and let lie: each has happened to somebody. */
async function itsQuestionnaire(params: { vendor: string }): Promise<void> {
  const { api } = studio
  const forms = (await api(listForms, { params })).data.items
  expect(forms).toMatchObject([{ key: 'wedding-questionnaire', status: 'published', changed: false }])
  const { id, answered, open } = forms[0]!
  expect(answered).toBeGreaterThan(7)
  expect(open).toBeGreaterThan(1)
  const here = { params: { ...params, form: id } }
  const waiting = (await api(listUnanswered, here)).data.items
  expect(waiting.filter(({ savedAt }) => savedAt !== null).length).toBeGreaterThan(0)
  expect(waiting.every(({ run, until }) => run !== null && until !== null)).toBe(true)
  const { items } = (await api(listAnswers, { ...here, query: { limit: 100 } })).data
  expect(items).toHaveLength(answered)
  // What was asked under a condition is answered by some and not by others.
  const apart = items.filter(({ values }) => values.same_house === false)
  expect(apart.length).toBeGreaterThan(0)
  expect(apart.length).toBeLessThan(answered)
  expect(apart.every(({ values }) => values.other_house !== undefined)).toBe(true)
  for (const { client, values } of items) {
    const { data } = await api(readClient, { params: { ...params, client } })
    expect(data.wedding?.guests).toBe(values.guests)
    expect(data.fields?.day_phone).toBe(values.phone)
  }
  const { admin } = studio.office
  const ends = await admin.query<{ is: string; count: number }>(
    `select type as is, count(*)::int as count from app.event where vendor_id = $1 and type like 'form%' and source = 'form' group by 1`,
    [params.vendor],
  )
  expect(ends).toEqual([{ is: 'form_submitted', count: answered }])
  const timedOut = await admin.query<{ count: number }>(
    `select count(*)::int as count from app.form_sending s join app.run r on r.run_id = s.run_id and r.vendor_id = s.vendor_id
      where s.vendor_id = $1 and s.submitted_at is null and position('"at":"' || s.node || '.answer"' in r.state) = 0`,
    [params.vendor],
  )
  expect(timedOut[0]?.count).toBeGreaterThan(0)
}

type Rows = { table: string; vendor: string; rows: number }

/** How many rows each vendor has in each table that knows a vendor: asked of the catalogue, so none can be forgotten. */
async function rowsByTable(): Promise<Rows[]> {
  const { admin } = studio.office
  const tables = await admin.query<{ name: string }>(
    `select c.oid::regclass::text as name from pg_class c join pg_attribute a on a.attrelid = c.oid
      where a.attname = 'vendor_id' and not a.attisdropped and c.relkind in ('r', 'p') and not c.relispartition order by 1`,
  )
  const counted: Rows[] = []
  for (const { name } of tables)
    counted.push(
      ...(await admin.query<Rows>(
        `select '${name}' as table, vendor_id as vendor, count(*)::int as rows from ${name} group by vendor_id order by 2`,
      )),
    )
  return counted
}

/** What the eraser's role would say to this, taken back again. */
async function asEraser(statement: string, values: unknown[]): Promise<unknown> {
  const { admin } = studio.office
  await admin.exec('begin; set local role wed_eraser')
  const told = await admin.query<{ gone: number }>(statement, values).then(
    ([row]) => row?.gone,
    (error: { code?: string }) => error.code,
  )
  await admin.exec('rollback')
  return told
}

test('a season that was cut off says so, and is cleared', async () => {
  const { api, office } = studio
  const { engine } = office.house
  const { person } = (await api(whoAmI, {})).data
  const mine = (await api(whoAmI, {})).data.memberships.length
  // What a process leaves behind that dies while the season passes: the fill is one transaction, and gone with it.
  const login = (
    await office.admin.query<{ id: string }>('select login_id as id from app.member limit 1')
  )[0]!.id
  await openSample(engine, { login, name: person.name, email: person.email })
  expect((await api(readSample, {})).data).toEqual({ is: 'cut_off', vendor: null, done: 0 })
  expect((await api(whoAmI, {})).data.memberships).toHaveLength(mine)
  await api(removeSample, {})
  await expect
    .poll(async () => (await api(readSample, {})).data.is, { timeout: 30_000, interval: 20 })
    .toBe('none')
  const vendor = await openSample(engine, { login, name: person.name, email: person.email })
  // As long as somebody fills it, it is on its way, whoever that is.
  await office.admin.exec(`begin; update app.vendor set suspended_at = null where vendor_id = '${vendor}'`)
  expect((await api(readSample, {})).data.is).toBe('loading')
  await office.admin.exec('rollback')
  expect((await api(readSample, {})).data.is).toBe('cut_off')
  await api(removeSample, {})
})

test('the eraser reaches sample studios alone, in every table that knows a vendor', async () => {
  const { admin } = studio.office
  const own = studio.vendor
  expect(await asEraser('select count(*)::int as gone from app.erase_sample($1, 1, 10)', [own])).toBe('42501')
  const deleted =
    'with d as (delete from app.client where vendor_id = $1 returning 1) select count(*)::int as gone from d'
  expect(await asEraser(deleted, [own])).toBe(0)
  const forgotten = await admin.query(
    `select c.oid::regclass::text as name from pg_class c join pg_attribute a on a.attrelid = c.oid
      where a.attname = 'vendor_id' and not a.attisdropped and c.relkind in ('r', 'p') and not c.relispartition
        and not (has_table_privilege('wed_eraser', c.oid, 'delete') and exists (select from pg_policy p
          where p.polrelid = c.oid and p.polname = 'erase' and pg_get_expr(p.polqual, p.polrelid) ~ 'is_sample\\(vendor_id\\)$'))`,
  )
  expect(forgotten).toEqual([])
})

test('every couple of the sample can answer the questionnaire as they do', () => {
  expect(formProblems(questionnaire)).toEqual([])
  for (const [index, couple] of sampleBook(localDate('2027-06-10')).entries()) {
    const typed = typedBy(couple, index, 'second@couples.example')
    const whole = readAnswers(questionnaire, typed)
    expect(whole.errors).toEqual({})
    const half = readAnswers(questionnaire, halfOf(typed), 'so_far')
    expect(half.errors).toEqual({})
    expect(Object.keys(half.answers).length).toBeGreaterThan(3)
    expect(Object.keys(half.answers).length).toBeLessThan(Object.keys(whole.answers).length)
  }
})

test('the same day gives the same book', () => {
  const day = localDate('2027-06-10')
  expect(sampleBook(day)).toEqual(sampleBook(day))
  const book = sampleBook(day)
  expect(new Set(book.map(({ a, b }) => `${a} ${b}`)).size).toBe(40)
  expect(book.filter(({ wedding }) => wedding < day).length).toBeGreaterThan(8)
  // Whoever opens it at one in the morning has as many couples as at noon.
  for (const hour of ['01:19', '12:00', '23:59']) {
    const until = instantFrom(`2027-06-10T${hour}:00Z`)
    const script = scriptOf(book, until)
    expect(script.map(({ at }) => at)).toEqual(script.map(({ at }) => at).sort((a, b) => a - b))
    expect(script.filter(({ is }) => is === 'asks')).toHaveLength(40)
    expect(script.at(-1)!.at).toBeLessThanOrEqual(until)
  }
})

test('of a sample nothing leaves the house, though sending is switched on', async () => {
  const { engine } = studio.office.house
  const left: string[] = []
  const line: Channel<Mail> = {
    name: 'smtp',
    send: async (mail) => {
      left.push(mail.to.address)
      return { is: 'accepted', ref: null }
    },
  }
  const senders = outgoing({
    db: engine.db,
    clock: engine.clock,
    vault: engine.vault,
    render: async () => ({}),
    breakers: breakers(),
    mail: { channel: line, from: 'studio@lumen.example' },
    layOut: async () => ({ is: 'html', html: '' }),
    ownMail: null,
    webhook: null,
    twilio: null,
    url: 'http://localhost:3000',
    linkSecret: new Uint8Array(32),
    returnSecret: new Uint8Array(32),
    secret: new Uint8Array(32),
  })
  const own = studio.vendor as VendorId
  const sample = sampleIdFrom(own) as VendorId
  const letter = (id: VendorId, to: string) =>
    senders.send({
      vendor: { id, name: 'Lumen' },
      effect: own,
      kind: 'email@1',
      key: 'c0ffee'.padEnd(64, '0'),
      content: { subject: 'Hello', text: 'Hello', html: '<p>Hello</p>' },
      recipient: { ref: 'partner_a', name: 'Zoë', email: to, phone: null },
      attempt: 1,
      deadline: plusMs(engine.clock.now(), 30_000),
      urgent: false,
    })
  await letter(own, 'own@couples.example')
  await letter(sample, 'sample@couples.example')
  expect(left).toEqual(['own@couples.example'])
  expect(senders.provider(own, 'email@1').name).toBe('smtp')
  expect(senders.provider(sample, 'email@1').name).toBe('captured')
})
