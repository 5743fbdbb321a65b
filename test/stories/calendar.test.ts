import { expect, test } from 'vitest'
import type { RunId } from '../../src/core/ids.ts'
import { explain } from '../../src/core/run/explain.ts'
import { goOnWith } from '../../src/engine/bulk.ts'
import { previewCalendar } from '../../src/engine/preview-calendar.ts'
import { changeSettings } from '../../src/engine/replan-book.ts'
import { type SettingsChange, settingsAfter, settingsOf } from '../../src/engine/settings.ts'
import { loadRuns } from '../../src/engine/turns.ts'
import { readRuns } from '../../src/store/runs.ts'
import { daysBefore, journeyOf, mail, wait } from '../fixtures/told-run.ts'
import { LONDON, type Story, startedRun, story } from './story.ts'

/** A call two weeks before, at nine our time; a letter ten days before, at seven theirs. */
const lastWeeks = journeyOf(
  [
    { id: 'both', kind: 'fork', arms: ['call', 'letter'] },
    wait('fortnight', daysBefore(14, { zone: 'vendor' })),
    mail('call', { name: 'Call us', late: 'send_now' }),
    mail('letter', { name: 'The plan', when: daysBefore(10, { at: '07:00' }), late: 'send_now' }),
  ],
  ['both.call>fortnight', 'fortnight>call', 'both.letter>letter'],
)

async function annaBooked(now = '2027-05-01T08:00:00Z') {
  const s = await story({ now })
  await s.publishes('last-weeks', lastWeeks)
  const anna = await s.couple({ wedding: { on: '2027-06-12', zone: LONDON } })
  const run = startedRun(await s.event(anna.client, 'contract_signed'))
  return { s, anna, run }
}

const changes = async (s: Story, change: SettingsChange): Promise<void> => {
  const replanning = await changeSettings(s.engine, s.vendor, change, 'member:owner')
  for (const job of replanning?.jobs ?? []) await goOnWith(s.engine, s.vendor, job)
  await s.settle()
}
const moments = async (s: Story, run: RunId) =>
  Object.fromEntries(
    (JSON.parse(await s.tokens(run)) as { at: string; due: number }[]).map((one) => [
      one.at,
      new Date(one.due).toISOString().slice(0, 16),
    ]),
  )

test('the business moves to New York: nine o’clock is nine o’clock there, and couples elsewhere keep theirs', async () => {
  const { s, anna, run } = await annaBooked()
  expect(await moments(s, run)).toEqual({ fortnight: '2027-05-29T08:00', letter: '2027-06-02T06:00' })
  const newYork = { zone: 'America/New_York' }

  const preview = await s.engine.db.tx('story.preview', { vendors: [s.vendor] }, async (sql) => {
    const before = await settingsOf(sql, s.vendor)
    return previewCalendar(s.engine, sql, s.vendor, before, settingsAfter(before, newYork))
  })
  expect(preview).toMatchObject({ couples: 1, moves: 1, asks: 0, late: 0 })
  expect(preview.examples).toMatchObject([
    {
      names: 'Anna Ashworth',
      node: 'fortnight',
      from: '2027-05-29T08:00:00.000Z',
      to: '2027-05-29T13:00:00.000Z',
    },
  ])
  expect(await moments(s, run)).toMatchObject({ fortnight: '2027-05-29T08:00' })

  await changes(s, newYork)
  expect(await moments(s, run)).toEqual({ fortnight: '2027-05-29T13:00', letter: '2027-06-02T06:00' })
  const [one] = await s.engine.db.tx('story.explain', { vendors: [s.vendor] }, async (sql) =>
    loadRuns(s.engine, sql, s.clock.now(), await readRuns(sql, [{ vendor: s.vendor, run }])),
  )
  const log = (await s.log(run)).map(({ rev, at, event, because }) => ({
    rev,
    at,
    event: JSON.parse(event),
    because: JSON.parse(because),
  }))
  const told = explain(one!.graph, one!.run, log, one!.view, s.clock.now())
  expect(told.find(({ node }) => node === 'fortnight')?.sentence).toBe(
    'The journey waits until Sat 29 May 14:00 London, by the rule "14 days before the wedding at 09:00 vendor time"; planned anew because the business’s hours or days changed.',
  )

  await s.runUntil('2027-06-30T00:00:00Z')
  expect(await s.told(anna.client)).toEqual([
    '2027-05-29 14:00 call → partner_a',
    '2027-06-02 07:00 letter → partner_a',
  ])
})

test('hours that begin at nine hold the letter of seven, and nothing that has gone goes again', async () => {
  const { s, anna } = await annaBooked()
  await s.runUntil('2027-05-30T08:00:00Z')
  await changes(s, { rules: { openHours: { email: { from: '09:00', to: '18:00' } } } })
  await s.runUntil('2027-06-30T00:00:00Z')
  expect(await s.told(anna.client)).toEqual([
    '2027-05-29 09:00 call → partner_a',
    '2027-06-02 09:00 letter → partner_a',
  ])
})

test('by mistake to Tokyo on the very morning: nobody hears of it for ten minutes, and taken back it goes at nine', async () => {
  const { s, anna, run } = await annaBooked()
  await s.runUntil('2027-05-29T07:55:00Z')
  const before = await s.tokens(run)
  await changes(s, { zone: 'Asia/Tokyo' })
  await s.runUntil('2027-05-29T07:58:00Z')
  expect(await s.told(anna.client)).toEqual([])
  await changes(s, { zone: LONDON })
  expect(await s.tokens(run)).toBe(before)
  await s.runUntil('2027-05-29T09:00:00Z')
  expect(await s.told(anna.client)).toEqual(['2027-05-29 09:00 call → partner_a'])
})

test('a journey that was stopped, and is taken up again after the business has moved, goes by the days of now', async () => {
  const { s, anna, run } = await annaBooked()
  const stopped = await s.commands(run, { do: 'stop', reason: 'a slip' })
  await changes(s, { zone: 'America/New_York' })
  await s.takesCommandBack(stopped.is === 'obeyed' ? stopped.command : '')
  expect(await moments(s, run)).toEqual({ fortnight: '2027-05-29T13:00', letter: '2027-06-02T06:00' })
  await s.runUntil('2027-06-30T00:00:00Z')
  expect(await s.told(anna.client)).toEqual([
    '2027-05-29 14:00 call → partner_a',
    '2027-06-02 07:00 letter → partner_a',
  ])
})

test('a job that is cut off goes on where it stood, and what stands right is not written again', async () => {
  const { s, run } = await annaBooked()
  const replanning = await changeSettings(s.engine, s.vendor, { zone: 'America/New_York' }, 'member:owner')
  const rev = async () =>
    (await s.session.query<{ rev: number }>(`select rev from app.run where run_id = '${run}'`))[0]!.rev
  const first = await rev()
  const job = await goOnWith(s.engine, s.vendor, replanning!.jobs[0]!)
  expect(job).toMatchObject({ kind: 'vendor.calendar', state: 'done', total: 1, done: 1, failed: 0 })
  expect(await rev()).toBe(first + 1)
  await changes(s, { rules: { holidays: ['2027-12-24'] } })
  expect(await rev()).toBe(first + 1)
})
