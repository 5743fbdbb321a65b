import { addJourney, readDraft } from '../../src/contract/journeys.ts'
import { publishJourney } from '../../src/contract/publications.ts'
import { startRun } from '../../src/contract/runs.ts'
import { email } from '../api/studio.ts'
import type { House } from './house.ts'

/** A journey that hangs on the wedding in every way a step can, with one couple on it. */
const before = (days: number, more: object = {}) => ({
  when: { before: { days }, of: 'wedding', at: '10:00' },
  ...more,
})
export const bookedToWedding = {
  format: 1,
  name: 'Booked to wedding',
  category: 'planning',
  reentry: 'never',
  nodes: [
    { id: 'begin', kind: 'trigger', type: 'manual' },
    email('welcome', { name: 'Welcome, and what happens next', asksForAnswer: false }),
    email('guide', { name: 'The planning guide', when: { after: { days: 21 }, of: 'now', at: '10:00' } }),
    email('questions', { name: 'Wedding questionnaire', ...before(90, { late: 'send_now' }) }),
    email('photos', { name: 'How to make the family photo list', ...before(60, { late: 'skip' }) }),
    email('call', { name: 'Book your final call', ...before(28, { asksForAnswer: true }) }),
    email('timeline', {
      name: 'Your timeline',
      deadline: { before: { days: 5 }, of: 'wedding', at: '18:00' },
      ...before(7, { approval: { timeout: { before: { days: 5 }, of: 'wedding', at: '18:00' } } }),
    }),
    {
      id: 'pack',
      kind: 'action',
      name: 'Pack, brief Sam, check the weather',
      when: { before: { days: 3 }, of: 'wedding', at: '09:00', zone: 'vendor' },
      do: { task: { title: 'Pack, brief Sam, check the weather' } },
    },
    email('thanks', { name: 'Thank you', when: { after: { days: 1 }, of: 'wedding', at: '11:00' } }),
    email('year', {
      name: 'One year today',
      class: 'relationship',
      when: { after: { years: 1 }, of: 'wedding', at: '09:00' },
    }),
    { id: 'done', kind: 'end' },
  ],
  edges: [
    'begin welcome',
    'welcome guide',
    'guide questions',
    'questions photos',
    'photos call',
    'call timeline',
    'timeline pack',
    'pack thanks',
    'thanks year',
    'year done',
  ].map((edge) => {
    const [from, to] = edge.split(' ')
    return { from, to }
  }),
}

/** Money has a day of its own: it does not follow the wedding by itself. */
const payments = {
  format: 1,
  name: 'Payments',
  category: 'payments',
  reentry: 'never',
  nodes: [
    { id: 'begin', kind: 'trigger', type: 'manual' },
    email('balance', {
      name: 'The balance is due',
      move: 'keep',
      when: { before: { days: 14 }, of: 'wedding', at: '09:00', zone: 'vendor' },
    }),
    email('paid', {
      name: 'Thank you for the balance',
      when: { before: { days: 7 }, of: 'wedding', at: '09:00' },
      move: 'ask',
    }),
    { id: 'done', kind: 'end' },
  ],
  edges: [
    { from: 'begin', to: 'balance' },
    { from: 'balance', to: 'paid' },
    { from: 'paid', to: 'done' },
  ],
}

export async function publish(house: House, document: object): Promise<string> {
  const { api, vendor } = house.owner()
  const { data } = await api(addJourney, { params: { vendor }, body: { document: { ...document } } })
  const params = { vendor, journey: data.id }
  const draft = await api(readDraft, { params })
  await api(publishJourney, { params, body: {}, ifMatch: draft.etag ?? '*' })
  return data.id
}

export async function onJourney(house: House): Promise<{ journey: string; run: string }> {
  const { api, vendor } = house.owner()
  const journey = await publish(house, bookedToWedding)
  const { data } = await api(startRun, { params: { vendor, client: house.couple }, body: { journey } })
  const money = await publish(house, payments)
  await api(startRun, { params: { vendor, client: house.couple }, body: { journey: money } })
  return { journey, run: data.id }
}
