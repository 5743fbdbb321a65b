import { describe, expect, test } from 'vitest'
import type { Form } from '../../src/core/form/form.ts'
import type { ClientId } from '../../src/core/ids.ts'
import { openForm, submitForm } from '../../src/engine/form-answers.ts'
import { addFormIn, draftFormOf, publishFormIn, saveDraftFormIn } from '../../src/engine/forms.ts'
import { readForm } from '../../src/store/forms.ts'
import { details } from '../fixtures/forms.ts'
import { daysBefore, journeyOf, mail, tag } from '../fixtures/told-run.ts'
import { both, LONDON, type Story, startedRun, story } from './story.ts'

const asks = (more: object = {}, node: object = {}) => ({
  id: 'details',
  kind: 'module',
  type: 'form',
  version: 1,
  to: 'partner_a',
  config: {
    form: 'details',
    subject: 'Your final details',
    body: 'Dear {{ client.names }}, a few questions.',
    answerBy: { after: { days: 14 } },
    reminders: { everyDays: 4, times: 2, subject: 'Still a few questions' },
    ...more,
  },
  ...node,
})
const journey = (more: object = {}, node: object = {}) =>
  journeyOf(
    [asks(more, node), tag('answered'), tag('silent')],
    ['details.submitted>answered', 'details.timeout>silent'],
  )

/** A form is published under `details`. */
async function publishForm(s: Story, document: Form = details): Promise<string> {
  return s.engine.db.tx('story.form', { vendors: [s.vendor] }, async (sql) => {
    const form = await addFormIn(s.engine, sql, s.vendor, { name: 'Final details', key: 'details', document })
    await publishFormIn(s.engine, sql, s.vendor, (await readForm(sql, s.vendor, form, 'lock'))!, 'owner')
    return form
  })
}

async function begun(options: Parameters<typeof story>[0], more: object = {}, node: object = {}) {
  const s = await story(options)
  const form = await publishForm(s)
  await s.publishes('details', journey(more, node))
  const couple = await s.couple({ people: both, wedding: { on: '2027-06-12', zone: LONDON, guests: 80 } })
  const run = startedRun(await s.event(couple.client, 'contract_signed'))
  return { s, form, couple, run }
}

/** What the link of the last letter opens. */
async function opened(s: Story, client: ClientId) {
  const link = (await s.sentTo(client)).at(-1)!.content.link as string
  return (await openForm(s.engine, link.split('/').at(-1)!))!
}
async function sends(s: Story, client: ClientId, typed: Record<string, string>) {
  const page = await opened(s, client)
  const inputs = Object.fromEntries(Object.entries(typed).map(([id, text]) => [`f.${id}`, [text]]))
  const result = await submitForm(s.engine, page, inputs, page.sending.submissions)
  await s.settle()
  return result
}
const tags = async (s: Story, client: ClientId): Promise<string[]> => {
  const [row] = await s.session.query<{ tags: string[] }>(
    `select tags from app.client where client_id = '${client}'`,
  )
  return row!.tags
}

const start = { now: '2027-03-01T10:00:00Z' }

describe('asked until answered', () => {
  test('nobody answers: two reminders, four days apart, and the journey goes on without', async () => {
    const { s, couple, run } = await begun(start)
    await s.runUntil('2027-05-01T00:00:00Z')
    expect(await s.told(couple.client)).toEqual([
      '2027-03-01 10:00 details → partner_a',
      '2027-03-05 10:00 details.remind-1 → partner_a',
      '2027-03-09 10:00 details.remind-2 → partner_a',
    ])
    expect(await s.subjects(couple.client)).toContain('details.remind-1: Still a few questions')
    expect(await tags(s, couple.client)).toEqual(['silent'])
    expect(await s.status(run)).toBe('completed')
    expect((await opened(s, couple.client)).is).toBe('over')
    expect(await sends(s, couple.client, { ready: 'Villa' })).toEqual({ is: 'closed' })
  })

  test('who answers after the first reminder hears no second one', async () => {
    const { s, couple, run } = await begun(start)
    await s.runUntil('2027-03-06T00:00:00Z')
    expect(await sends(s, couple.client, { ready: 'Villa' })).toEqual({ is: 'taken' })
    await s.runUntil('2027-05-01T00:00:00Z')
    expect((await s.told(couple.client)).length).toBe(2)
    expect(await tags(s, couple.client)).toEqual(['answered'])
    expect(await s.status(run)).toBe('completed')
  })

  test('a reminder that waits for the morning is not sent to who answers in the night', async () => {
    const rules = { openHours: { email: { from: '09:00', to: '18:00' } } }
    const { s, couple, run } = await begun({ now: '2027-03-01T17:50:00Z', rules })
    await s.outageUntil('2027-03-05T18:30:00Z')
    expect(await s.tokens(run)).toContain('"details.remind-1"')
    expect(await sends(s, couple.client, { ready: 'Villa' })).toEqual({ is: 'taken' })
    await s.runUntil('2027-03-20T00:00:00Z')
    expect(await s.told(couple.client)).toEqual(['2027-03-01 17:50 details → partner_a'])
  })

  test('late answers are taken where the step says so', async () => {
    const { s, couple } = await begun(start, { takesLate: true })
    await s.runUntil('2027-04-01T00:00:00Z')
    expect(await sends(s, couple.client, { ready: 'Villa' })).toEqual({ is: 'taken' })
    expect(await tags(s, couple.client)).toEqual(['silent'])
  })

  test('the deadline hangs on the wedding and moves with it, and the page says so', async () => {
    const { s, couple } = await begun(start, { answerBy: daysBefore(30) })
    expect((await opened(s, couple.client)).until).toBe(Date.UTC(2027, 4, 13, 8))
    await s.moves(couple.wedding, '2027-07-12')
    expect((await opened(s, couple.client)).until).toBe(Date.UTC(2027, 5, 12, 8))
  })

  test('a run that is stopped takes its form back', async () => {
    const { s, couple, run } = await begun(start)
    await s.commands(run, { do: 'stop', reason: 'another photographer' } as never)
    expect((await opened(s, couple.client)).is).toBe('withdrawn')
  })
})

describe('what the couple says is known from then on', () => {
  test('a new day moves the wedding and everything that hangs on it, with audit and undo', async () => {
    const s = await story(start)
    await publishForm(s)
    await s.publishes(
      'details',
      journeyOf(
        [asks(), mail('timeline', { when: daysBefore(10), to: 'partner_a' })],
        ['details.submitted>timeline'],
      ),
    )
    const couple = await s.couple({ people: both, wedding: { on: '2027-06-12', zone: LONDON, guests: 80 } })
    await s.event(couple.client, 'contract_signed')
    await sends(s, couple.client, { ready: 'Villa', day: '2027-07-03', guests: '96' })
    const [wedding] = await s.session.query<{ wedding_on: string; guests: number; status: string }>(
      'select wedding_on::text, guests, status from app.wedding',
    )
    expect(wedding).toEqual({ wedding_on: '2027-07-03', guests: 96, status: 'moved' })
    const audit = await s.session.query<{ action: string; actor: string; changed: string }>(
      "select action, actor, detail ->> 'changed' as changed from app.audit where actor like 'couple:%' order by audit_id",
    )
    expect(audit.map((one) => one.action)).toEqual(['wedding.changed', 'form.submitted'])
    expect(JSON.parse(audit[1]!.changed)).toEqual(['wedding.date', 'wedding.guests'])
    await s.runUntil('2027-08-01T00:00:00Z')
    expect((await s.told(couple.client)).at(-1)).toBe('2027-06-23 09:00 timeline → partner_a')
  })

  test('a phone number becomes the person’s, a preference a fact, and the answers are there for conditions', async () => {
    const { s, couple } = await begun(start)
    await sends(s, couple.client, { ready: 'Villa', contact: '+39 347 555 0123', first_look: 'yes' })
    const page = await opened(s, couple.client)
    expect(page.people.get('partner_b')?.phone).toBe('+393475550123')
    expect(page.view.client.fields).toEqual({ first_look: true })
    expect(page.view.answers.details).toEqual({
      ready: 'Villa',
      contact: '+39 347 555 0123',
      first_look: true,
    })
  })

  test('two clicks make one answer; who changes their mind says it again', async () => {
    const { s, couple } = await begun(start)
    const page = await opened(s, couple.client)
    const typed = { 'f.ready': ['Villa'] }
    const both_ = [await submitForm(s.engine, page, typed, 0), await submitForm(s.engine, page, typed, 0)]
    expect(both_.map((one) => one.is)).toEqual(['taken', 'before'])
    expect(await sends(s, couple.client, { ready: 'Casa' })).toEqual({ is: 'taken' })
    expect((await opened(s, couple.client)).answers).toEqual({ ready: 'Casa' })
    const events = await s.session.query<{ type: string }>(
      "select type from app.event where source = 'form' order by event_id",
    )
    expect(events.map((one) => one.type)).toEqual(['form_submitted', 'form_changed'])
  })

  test('whoever was asked with an earlier version answers that one', async () => {
    const { s, form, couple } = await begun(start)
    await s.engine.db.tx('story.form', { vendors: [s.vendor] }, async (sql) => {
      const row = (await readForm(sql, s.vendor, form, 'lock'))!
      const document = { ...(await draftFormOf(s.engine, s.vendor, row)), title: 'Even more details' }
      const saved = await saveDraftFormIn(s.engine, sql, s.vendor, row, { document })
      await publishFormIn(s.engine, sql, s.vendor, saved, 'owner')
    })
    expect((await opened(s, couple.client)).form.title).toBe('Final details')
    const later = await s.couple({ people: both })
    await s.event(later.client, 'contract_signed')
    expect((await opened(s, later.client)).form.title).toBe('Even more details')
  })

  test('a form that is not published stops and asks the vendor, and sends nothing', async () => {
    const s = await story(start)
    await s.publishes('details', journey())
    const couple = await s.couple({ people: both })
    await s.event(couple.client, 'contract_signed')
    expect(await s.told(couple.client)).toEqual([])
    expect(await s.today()).toEqual(['details: stuck'])
  })
})
