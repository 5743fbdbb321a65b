import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { inMemoryLimits, LIMITS } from '../../src/api/frame/limits.ts'
import { exportAnswers, listAnswers } from '../../src/contract/answers.ts'
import { listAudit } from '../../src/contract/audit.ts'
import {
  addForm,
  changeForm,
  listForms,
  listUnanswered,
  makeFormLink,
  publishForm,
  readFormDraft,
  remindNow,
  withdrawSending,
} from '../../src/contract/forms.ts'
import {
  composeMessage,
  listMessages,
  previewMessage,
  readMessage,
  tryMessage,
} from '../../src/contract/messages.ts'
import { publicForms } from '../../src/public/forms.ts'
import { details, everything } from '../fixtures/forms.ts'
import { openStudio, refusal, type Studio } from './studio.ts'

/** Forms as a vendor's API and as what a couple opens: over the real frame and a real database. */
let studio: Studio
let form: string

beforeAll(async () => {
  studio = await openStudio()
  const { api, params } = studio
  const added = await api(addForm, { params, body: { name: 'Final details', document: details } })
  form = added.data.id
  const here = { ...params, form }
  const { etag } = await api(readFormDraft, { params: here })
  await api(publishForm, { params: here, ifMatch: etag! })
}, 60_000)
afterAll(() => studio.close())

const journey = (more: object = {}) => ({
  format: 1,
  name: 'Final details',
  category: 'planning',
  reentry: 'never',
  nodes: [
    { id: 'begin', kind: 'trigger', type: 'manual' },
    {
      id: 'ask',
      kind: 'module',
      type: 'form',
      version: 1,
      config: {
        form: 'final-details',
        subject: 'Your final details',
        body: 'A few questions.',
        answerBy: { after: { days: 14 } },
        reminders: { everyDays: 3, times: 2 },
        ...more,
      },
    },
    { id: 'answered', kind: 'action', do: { addTag: 'answered' } },
    { id: 'silent', kind: 'action', do: { addTag: 'silent' } },
  ],
  edges: [
    { from: 'begin', to: 'ask' },
    { from: 'ask', exit: 'submitted', to: 'answered' },
    { from: 'ask', exit: 'timeout', to: 'silent' },
  ],
})

const fetched = (path: string, init: RequestInit = {}) =>
  studio.office.front.fetch(new Request(`http://studio.test${path}`, init))
const posted = (path: string, fields: Record<string, string | string[]>) => {
  const body = new URLSearchParams()
  for (const [name, value] of Object.entries(fields)) for (const one of [value].flat()) body.append(name, one)
  return fetched(path, { method: 'POST', body })
}

/** A couple that is asked: the path of its link, as it stands in its letter. */
async function asked(name: string, more: object = {}) {
  const { api, params } = studio
  const couple = await studio.couple(name)
  const live = await studio.live(journey(more), `ask-${name.toLowerCase().replace(/\W/g, '-')}`)
  const run = await studio.start(couple.client, live)
  await studio.settle()
  const { data } = await api(listMessages, { params, query: { client: couple.client } as never })
  const message = data.items.find((one) => one.node === 'ask')!
  const { data: whole } = await api(readMessage, { params: { ...params, message: message.id } as never })
  const link = /https?:\/\/\S+\/f\/[\w-]{64}/.exec(String(whole.content?.text))![0]
  return { ...couple, run, path: new URL(link).pathname }
}

test('a letter with a form is looked at before it goes, with its button; nobody is asked by a look', async () => {
  const { api, params } = studio
  const { client } = await studio.couple('Lena Holm')
  const held = journey()
  const nodes = held.nodes.map((one) =>
    one.id === 'ask' ? { ...one, approval: { timeout: { after: { days: 3 } } } } : one,
  )
  const run = await studio.start(client, await studio.live({ ...held, nodes }, 'ask-lena'))
  const open = async () => (await api(listUnanswered, { params: { ...params, form } })).data.items.length
  const before = await open()
  const button = `/forms/${form}?part=preview`
  const { data: waiting } = await api(previewMessage, { params: { ...params, run, node: 'ask' } })
  expect(waiting).toMatchObject({ kind: 'form-letter@1', unresolved: [], why: null })
  expect(waiting.content?.text).toContain(button)

  const config = { subject: 'For {{ client.names }}', body: 'A few questions.', button: 'Open', closes: true }
  const written = (key: string) => ({
    params,
    body: { type: 'form-letter', version: 1, config: { ...config, form: key }, client },
  })
  const { data: drafted } = await api(composeMessage, written('final-details'))
  expect(drafted).toMatchObject({ unresolved: [], why: null, content: { subject: 'For Lena' } })
  expect(drafted.content?.html).toContain(button)
  const { data: unpublished } = await api(composeMessage, written('no-such-form'))
  expect(unpublished.why).toBe('The form "no-such-form" is not published, so nobody can open it.')
  expect(unpublished.content?.subject).toBe('For Lena')
  const { data: tried } = await api(tryMessage, written('final-details'))
  expect(tried.sent).toBe(true)
  expect(await open()).toBe(before)
})
async function linked(couple: string, key = form) {
  const { data } = await studio.api(makeFormLink, {
    params: { ...studio.params, form: key },
    body: { client: couple },
  })
  return { sending: data.sending, path: new URL(data.url).pathname }
}

describe('a form as its vendor designs it', () => {
  test('is saved half written, refused half written, and published when it is whole', async () => {
    const { api, params } = studio
    const { data } = await api(addForm, { params, body: { name: 'Final details' } })
    expect(data).toMatchObject({ key: 'final-details-2', status: 'draft', version: null, changed: true })
    const here = { ...params, form: data.id }
    let { etag } = await api(readFormDraft, { params: here })
    const no = await refusal(api(publishForm, { params: here, ifMatch: etag! }))
    expect(no).toMatchObject({ code: 'form_invalid', problems: [{ code: 'no_field', path: '/sections' }] })
    etag = (await api(changeForm, { params: here, ifMatch: etag!, body: { document: everything } })).etag
    expect(
      (await refusal(api(changeForm, { params: here, ifMatch: '"old"', body: { name: 'x' } }))).code,
    ).toBe('changed_meanwhile')
    const whole = await api(publishForm, { params: here, ifMatch: etag! })
    expect(whole.data).toMatchObject({ status: 'published', version: 1, changed: false, problems: [] })
  })
})

describe('what a couple opens', () => {
  test('the letter leads to their form; whoever only looks changes nothing', async () => {
    const { path, client } = await asked('Mia Looks')
    const before = await studio.office.admin.query('select * from app.form_sending')
    for (let time = 0; time < 3; time += 1) {
      const response = await fetched(path)
      expect(response.status).toBe(200)
      const page = await response.text()
      expect(page).toContain('Final details')
      expect(page).toContain('Lumen Photography')
      expect(response.headers.get('content-security-policy')).toContain("script-src 'self'")
      expect(response.headers.get('cache-control')).toContain('no-store')
      expect(response.headers.get('referrer-policy')).toBe('no-referrer')
    }
    expect(await studio.office.admin.query('select * from app.form_sending')).toEqual(before)
    const { data } = await studio.api(listUnanswered, { params: { ...studio.params, form } })
    expect(data.items.find((one) => one.client === client)).toMatchObject({ reminded: 0, mayRemind: true })
  })

  test('what is wrong is told beside its question, and nothing typed is lost', async () => {
    const { path } = await asked('Mia Errs')
    const response = await posted(path, { seen: '0', 'f.guests': 'many <b>', 'f.contact': '+39 347 55' })
    expect(response.status).toBe(422)
    const page = await response.text()
    expect(page).toContain('Please write something here.')
    expect(page).toContain('This is not a number.')
    expect(page).toContain('Digits are missing: this number has only 7.')
    expect(page).toContain('value="many &lt;b&gt;"')
    expect(page).toContain('value="+39 347 55"')
    expect(page).not.toContain('<b>"')
    // On another device it is there as well.
    expect(await (await fetched(path)).text()).toContain('value="many &lt;b&gt;"')
  })

  test('saved in the middle, taken up again, sent once however often it is clicked', async () => {
    const { path, client } = await asked('Mia Returns')
    const saved = await posted(path, { seen: '0', 'f.ready': 'Villa Ombrellina', do: 'save' })
    expect([saved.status, saved.headers.get('location')]).toEqual([303, `${path}?step=1&saved=1`])
    expect(await (await fetched(path)).text()).toContain('value="Villa Ombrellina"')
    const sent = {
      seen: '0',
      'f.ready': 'Villa Ombrellina',
      'f.guests': '96',
      'f.first_look': 'yes',
      do: 'send',
    }
    const twice = await Promise.all([posted(path, sent), posted(path, sent)])
    expect(twice.map((one) => one.headers.get('location'))).toEqual([`${path}?sent=1`, `${path}?sent=1`])
    expect(await (await fetched(`${path}?sent=1`)).text()).toContain('Thank you, we have it all.')
    const later = await (await fetched(path)).text()
    expect(later).toContain('You have answered this.')
    expect(later).toContain('Change our answers')
    await studio.settle()
    const { data } = await studio.api(listAnswers, { params: { ...studio.params, form }, query: {} as never })
    const own = data.items.filter((one) => one.client === client)
    expect(own.map((one) => one.values)).toEqual([
      { ready: 'Villa Ombrellina', guests: 96, first_look: true },
    ])
    expect(own[0]?.words.first_look).toBe('Yes')
    const { data: file } = await studio.api(exportAnswers, { params: { ...studio.params, form }, body: {} })
    expect(file).toMatchObject({ rows: data.items.length, complete: true })
    const [head, ...lines] = file.csv.trimEnd().split('\r\n')
    expect(head).toBe(['Couple', 'Answered', ...data.columns.map(({ label }) => label)].join(','))
    expect(lines[0]).toMatch(/^Mia Returns,2\S+Z,Villa Ombrellina,/)
    const { data: record } = await studio.api(listAudit, { params: studio.params, query: {} as never })
    expect(record.items.find(({ action }) => action === 'answers.exported')).toMatchObject({
      subject: form,
      detail: { answers: data.items.length },
    })
    const [row] = await studio.office.admin.query<{ tags: string[]; events: number }>(
      `select tags, (select count(*)::int from app.event e where e.client_id = c.client_id and e.type like 'form%') as events
         from app.client c where client_id = '${client}'`,
    )
    expect(row).toEqual({ tags: ['answered'], events: 1 })
    const { data: forms } = await studio.api(listForms, { params: studio.params })
    expect(forms.items.find((one) => one.id === form)?.answered).toBe(1)
  })

  test('in parts: each is judged by itself, and hidden questions are not asked', async () => {
    const { api, params } = studio
    const { data } = await api(listForms, { params })
    const parts = data.items.find((one) => one.key === 'final-details-2')!.id
    const couple = await studio.couple('Mia Parts')
    const { path } = await linked(couple.client, parts)
    const refused = await posted(path, { seen: '0', step: '1', 'f.ready': '', do: 'next' })
    expect([refused.status, (await refused.text()).includes('Please write something here.')]).toEqual([
      422,
      true,
    ])
    const next = await posted(path, { seen: '0', step: '1', 'f.ready': 'Villa', do: 'next' })
    expect(next.headers.get('location')).toBe(`${path}?step=2`)
    const second = await (await fetched(`${path}?step=2`)).text()
    expect(second).toContain('part 2 of 3')
    expect(second).toMatch(/data-field="where"[^>]* hidden/)
    const where = await posted(path, { seen: '0', step: '2', 'f.look': 'yes', 'f.guests': '1', do: 'next' })
    const page = await where.text()
    expect(page).toContain('At least 2.')
    expect(page).not.toMatch(/data-field="where"[^>]* hidden/)
    await posted(path, { seen: '0', step: '2', 'f.look': 'no', 'f.guests': '80', do: 'next' })
    const last = await posted(path, {
      seen: '0',
      step: '3',
      'f.shots': ['family', 'cake'],
      'f.album.street': 'Via Roma 1',
      'f.album.city': 'Fiesole',
      'f.family.0.name': 'Nonna Adele',
      'f.family.0.note': 'grandmother',
      do: 'send',
    })
    expect(last.headers.get('location')).toBe(`${path}?sent=1`)
    const thanks = await (await fetched(`${path}?sent=1`)).text()
    for (const words of [
      'Villa',
      '80 guests',
      'Family, The cake',
      'Via Roma 1, Fiesole',
      'Nonna Adele (grandmother)',
    ])
      expect(thanks).toContain(words)
    expect(thanks).not.toContain('And where?')
  })

  test('taken back it says so; a link that is none of ours says nothing', async () => {
    const couple = await studio.couple('Mia Withdrawn')
    const { sending, path } = await linked(couple.client)
    await studio.api(withdrawSending, { params: { ...studio.params, sending } })
    const gone = await fetched(path)
    expect([gone.status, (await gone.text()).includes('This form was taken back.')]).toEqual([410, true])
    expect((await posted(path, { seen: '0', 'f.ready': 'x' })).status).toBe(410)
    for (const other of [`/f/${'A'.repeat(64)}`, '/f/short', `${path.slice(0, -2)}AA`])
      expect((await fetched(other)).status).toBe(404)
  })

  test('another site cannot send it, and whoever guesses links is slowed down', async () => {
    const couple = await studio.couple('Mia Guessed')
    const { path } = await linked(couple.client)
    const foreign = await fetched(path, {
      method: 'POST',
      headers: { 'sec-fetch-site': 'cross-site' },
      body: new URLSearchParams({ seen: '0', 'f.ready': 'x' }),
    })
    expect(foreign.status).toBe(403)
    // By the limits of a real house.
    const pages = publicForms({
      engine: studio.office.house.engine,
      count: inMemoryLimits().count,
      addressOf: () => '192.0.2.1',
    })
    const statuses: number[] = []
    for (let guess = 0; guess <= LIMITS.miss.points; guess += 1)
      statuses.push((await pages.request(`/${String(guess).padStart(64, 'B')}`)).status)
    expect(statuses).toEqual([...Array.from({ length: LIMITS.miss.points }, () => 404), 429])
  })

  test('everything that a page loads has fewer than 100 kB', async () => {
    const { api, params } = studio
    const { data } = await api(listForms, { params })
    const couple = await studio.couple('Mia Weighs')
    const { path } = await linked(couple.client, data.items.find((one) => one.key === 'final-details-2')!.id)
    const page = await (await fetched(path)).text()
    const files = [...page.matchAll(/(?:href|src)="(\/[^"]+)"/g)].map((found) => found[1]!)
    const own = files.filter((file) => file.startsWith('/f/'))
    expect(own.sort()).toEqual(['/f/accent-7a3e48.css', '/f/form.css', '/f/form.js', '/f/judge.js'])
    const sizes = await Promise.all(
      own.map(async (file) => (await (await fetched(file)).arrayBuffer()).byteLength),
    )
    const total = sizes.reduce((sum, one) => sum + one, Buffer.byteLength(page))
    // Uncompressed; the app's icon, which every page has, is under a kilobyte.
    expect(total).toBeLessThan(60_000)
  })
})

describe('who has not answered yet', () => {
  test('is reminded now instead of later, and answered is answered', async () => {
    const { path, client } = await asked('Mia Reminded')
    const here = { ...studio.params, form }
    const waiting = async () =>
      (await studio.api(listUnanswered, { params: here })).data.items.find((one) => one.client === client)
    const one = (await waiting())!
    expect(one).toMatchObject({ names: 'Mia Reminded', reminded: 0, mayRemind: true })
    await studio.api(remindNow, { params: { ...studio.params, sending: one.sending } })
    await studio.settle()
    const { data } = await studio.api(listMessages, {
      params: studio.params,
      query: { client } as never,
    })
    expect(data.items.map((message) => message.node).sort()).toEqual(['ask', 'ask.remind-1'])
    expect(await waiting()).toMatchObject({ reminded: 1, mayRemind: true })
    await posted(path, { seen: '0', 'f.ready': 'Villa' })
    await studio.settle()
    expect(await waiting()).toBeUndefined()
    expect(
      (await refusal(studio.api(remindNow, { params: { ...studio.params, sending: one.sending } }))).code,
    ).toBe('command_impossible')
  })
})
