import { afterAll, beforeAll, expect, test } from 'vitest'
import { addForm, publishForm, readFormDraft } from '../../src/contract/forms.ts'
import { checkDraft, readDraft } from '../../src/contract/journeys.ts'
import { adoptTemplate, listTemplates, previewTemplate } from '../../src/contract/templates.ts'
import { readVendor } from '../../src/contract/vendors.ts'
import type { Journey } from '../../src/core/journey/graph.ts'
import { details } from '../fixtures/forms.ts'
import { openStudio, refusal, type Studio } from './studio.ts'

/** How a vendor takes over what others have written: seen on their own dates, asked for their own facts, theirs. */
let studio: Studio
beforeAll(async () => {
  studio = await openStudio()
}, 60_000)
afterAll(() => studio.close())

const lines = async () => (await studio.api(listTemplates, { params: studio.params })).data.items
const preview = async (body: Record<string, unknown> = {}) =>
  (await studio.api(previewTemplate, { params: studio.params, body })).data

test('a photographer is shown theirs first, with what each asks for', async () => {
  const items = await lines()
  expect(items.slice(0, 4).map(({ key, fits }) => [key, fits])).toEqual([
    ['photographer-inquiry-to-booked', true],
    ['photographer-booked-to-wedding', true],
    ['photographer-after-the-wedding', true],
    ['payments-and-dunning', true],
  ])
  expect(items[4]?.fits).toBe(false)
  expect(items[0]?.questions[0]).toMatchObject({ key: 'first_call', kind: 'link', known: null })
  expect(items[1]!.messages).toBeGreaterThan(10)
})

test('with an empty book, a Saturday ten months ahead stands for the next wedding', async () => {
  const { for: couple, items } = await preview()
  expect(couple).toMatchObject({ client: null, name: null })
  expect(new Date(`${couple.on}T12:00Z`).getUTCDay()).toBe(6)
  expect(items).toHaveLength(6)
  for (const { key, steps } of items) expect(steps.length, key).toBeGreaterThan(0)
})

test('it is shown on the dates of those who marry next and have no journey', async () => {
  await studio.couple('Zora Late', { wedding: { on: '2029-06-09', zone: 'Europe/Rome' } })
  const soon = await studio.couple('Esther Noor', { wedding: { on: '2028-10-09', zone: 'Europe/Lisbon' } })
  const { for: couple, items } = await preview()
  expect(couple).toEqual({
    client: soon.client,
    name: 'Esther Noor',
    on: '2028-10-09',
    zone: 'Europe/Lisbon',
    unattended: true,
  })
  const planning = items.find(({ key }) => key === 'photographer-booked-to-wedding')!.steps
  expect(planning.find(({ node }) => node === 'tomorrow')).toMatchObject({
    is: 'message',
    what: 'done',
    critical: true,
    at: '2028-10-08T15:00:00.000Z',
  })
  const silent = (await preview({ behaviour: 'never' })).items
  const inquiry = (of: typeof items) => of.find(({ key }) => key === 'photographer-inquiry-to-booked')!.steps
  expect(inquiry(silent).map(({ node }) => node)).toContain('closing')
  expect(inquiry(items).map(({ node }) => node)).not.toContain('closing')
})

test('taken over it is a draft without a finding, and knows where it came from', async () => {
  const given = { first_call: 'https://cal.example/lumen', retainer_share: '30 %' }
  const { data } = await studio.api(adoptTemplate, {
    params: { ...studio.params, template: 'photographer-inquiry-to-booked' },
    body: { answers: given },
  })
  expect(data).toMatchObject({ status: 'draft', hasDraft: true, key: 'photographer-inquiry-to-booked' })
  const here = { ...studio.params, journey: data.id }
  expect((await studio.api(checkDraft, { params: here })).data).toMatchObject({ sound: true, problems: [] })
  const words = JSON.stringify((await studio.api(readDraft, { params: here })).data.document)
  expect(words).toContain('With the 30 % as a retainer')
  expect(words).toContain('{{ links.first_call }}')
  const { rules } = (await studio.api(readVendor, { params: studio.params })).data
  expect(rules.links.first_call).toBe('https://cal.example/lumen')

  const [line] = await lines()
  expect(line?.adopted).toEqual([{ id: data.id, name: data.name, version: line?.version, behind: false }])
  // The page is known now: no template asks for it again.
  expect(line?.questions[0]?.known).toBe('https://cal.example/lumen')

  const again = await studio.api(adoptTemplate, {
    params: { ...studio.params, template: 'photographer-inquiry-to-booked' },
    body: {},
  })
  expect(again.data.key).toBe('photographer-inquiry-to-booked-2')
})

test('a form of one’s own is asked with, and heard of by the journey itself', async () => {
  const { params: here, api } = studio
  const params = { ...here, template: 'photographer-booked-to-wedding' }
  const adopt = (form: string) =>
    api(adoptTemplate, { params, body: { answers: { questionnaire_form: form } } })
  const added = await api(addForm, { params: here, body: { name: 'Your day', document: details } })
  const form = { ...here, form: added.data.id }
  // A draft asks nobody.
  expect((await refusal(adopt('your-day'))).problems?.map(({ path }) => path)).toEqual([
    'answers.questionnaire_form',
  ])
  const { etag } = await api(readFormDraft, { params: form })
  await api(publishForm, { params: form, ifMatch: etag! })
  const { data } = await adopt('your-day')
  const journey = { ...here, journey: data.id }
  expect((await api(checkDraft, { params: journey })).data).toMatchObject({ sound: true, problems: [] })
  const { nodes } = (await api(readDraft, { params: journey })).data.document as unknown as Journey
  expect(nodes.find(({ id }) => id === 'questionnaire')).toMatchObject({
    type: 'form',
    config: { form: 'your-day', reminders: { times: 2 } },
  })
  expect(nodes.map(({ id }) => id)).not.toContain('questionnaire-back')
})

test('an answer that would spoil a letter is refused at its place', async () => {
  const params = { ...studio.params, template: 'photographer-after-the-wedding' }
  const problem = await refusal(
    studio.api(adoptTemplate, {
      params,
      body: { answers: { gallery: 'gallery.example', gallery_weeks: 'soon', nonsense: 'x' } },
    }),
  )
  expect(problem.code).toBe('invalid')
  expect(problem.problems?.map(({ path }) => path)).toEqual([
    'answers.gallery',
    'answers.gallery_weeks',
    'answers.nonsense',
  ])
  const missing = refusal(studio.api(adoptTemplate, { params: { ...params, template: 'no-such' }, body: {} }))
  expect((await missing).code).toBe('not_found')
})
