import { afterAll, beforeAll, expect, test } from 'vitest'
import { clientPromises } from '../../src/contract/promises.ts'
import { DAY_MS, HOUR_MS, type Instant, plusMs } from '../../src/core/time/instant.ts'
import { email, openStudio, refusal, type Studio, settle, waiting } from './studio.ts'

/** What a couple was promised and what came of it, asked over the API. */
let studio: Studio
beforeAll(async () => {
  studio = await openStudio()
}, 60_000)
afterAll(() => studio?.close())

const atAnyHour = { windows: { quiet: 'ignore' } }
const pause = (id: string, days: number) => ({ id, kind: 'delay', wait: { after: { days } } })
const inARow = (name: string, ...steps: { readonly id: string; readonly [key: string]: unknown }[]) => {
  const nodes = [{ id: 'begin', kind: 'trigger', type: 'manual' }, ...steps, { id: 'done', kind: 'end' }]
  const edges = nodes.slice(1).map((one, at) => ({ from: nodes[at]!.id, to: one.id }))
  return { ...waiting(0), name, nodes, edges }
}
/** The house takes its turns at this moment, and slept until then. */
const wakesAt = (at: Instant) => {
  const { engine } = studio.office.house
  return settle({ ...engine, clock: { ...engine.clock, now: () => at } })
}

test('one letter in time, one after a night without current, one too late to go, one to nobody', async () => {
  const { client } = await studio.couple('Vera Bloom')
  const journey = await studio.live(
    inARow(
      'From yes to the day',
      email('welcome', { name: 'Welcome', ...atAnyHour }),
      email('moodboard', {
        name: 'The moodboard',
        late: 'skip',
        when: { before: { days: 2000 }, of: 'wedding', at: '10:00' },
      }),
      {
        ...email('nudge', { name: 'A nudge', ...atAnyHour }),
        type: 'sms',
        config: { body: 'Nearly there!' },
      },
      pause('five', 5),
      email('guide', { name: 'What to wear', ...atAnyHour }),
      pause('five_more', 5),
      email('venue', { name: 'Finding the barn', ...atAnyHour }),
      email('timeline', {
        name: 'The timeline',
        when: { before: { days: 14 }, of: 'wedding', at: '10:00' },
      }),
      { id: 'call', kind: 'action', do: { task: { title: 'Call them' } } },
    ),
  )
  await studio.start(client, journey)
  const begun = studio.office.house.engine.clock.now()
  await wakesAt(begun)
  await wakesAt(plusMs(begun, 5 * DAY_MS))
  await wakesAt(plusMs(begun, 10 * DAY_MS + 7 * HOUR_MS))

  const { data } = await studio.api(clientPromises, { params: { ...studio.params, client } })
  expect(data.counts).toEqual({ kept: 2, late: 1, left_out: 1, not_delivered: 1, ahead: 2 })
  expect([data.zone, data.journeys]).toEqual(['Europe/Rome', 1])
  expect(
    data.items.map(({ name, kind, type, verdict, sentence }) => ({ name, kind, type, verdict, sentence })),
  ).toEqual([
    { name: 'Welcome', kind: 'message', type: 'email', verdict: 'kept', sentence: null },
    {
      name: 'The moodboard',
      kind: 'message',
      type: 'email',
      verdict: 'left_out',
      sentence: expect.stringMatching(/^It was left out because its moment, .* Rome, was already past\.$/),
    },
    {
      name: 'A nudge',
      kind: 'message',
      type: 'sms',
      verdict: 'not_delivered',
      sentence: 'Vera has no phone number.',
    },
    { name: 'What to wear', kind: 'message', type: 'email', verdict: 'kept', sentence: null },
    {
      name: 'Finding the barn',
      kind: 'message',
      type: 'email',
      verdict: 'late',
      sentence: expect.stringMatching(/^The service was down at .* Rome and back at .* Rome\.$/),
    },
  ])
  const [, , , guide, venue] = data.items
  const late = Date.parse(venue!.at) - Date.parse(venue!.promised!)
  expect(venue!.lateMinutes).toBe(Math.floor(late / 60_000))
  expect(Math.round(late / HOUR_MS)).toBe(7)
  expect(guide!.promised).not.toBeNull()
  expect(data.items[0]!.promised, 'it followed at once').toBeNull()
})

test('who has begun nothing was promised nothing; a stranger is not known', async () => {
  const { client } = await studio.couple('Nina Nothing')
  const { data } = await studio.api(clientPromises, { params: { ...studio.params, client } })
  expect([data.journeys, data.items, data.counts]).toEqual([
    0,
    [],
    { kept: 0, late: 0, left_out: 0, not_delivered: 0, ahead: 0 },
  ])
  const stranger = { ...studio.params, client: '00000000-0000-7000-8000-000000000000' }
  expect((await refusal(studio.api(clientPromises, { params: stranger }))).code).toBe('not_found')
})
