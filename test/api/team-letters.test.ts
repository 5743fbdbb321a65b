import { afterAll, beforeAll, expect, test } from 'vitest'
import { tellTeams } from '../../src/api/team-letters.ts'
import { useInvitation } from '../../src/contract/accounts.ts'
import { changeChannels, readChannels } from '../../src/contract/channels.ts'
import { invite } from '../../src/contract/members.ts'
import { answerApproval, listApprovals } from '../../src/contract/work.ts'
import { MINUTE_MS, plusMs } from '../../src/core/time/instant.ts'
import { PASSWORD, URL_HERE } from '../accounts/office.ts'
import { email, openStudio, type Studio, waiting } from './studio.ts'

/** Whoever does not look is told by mail what came to wait for them. */
let studio: Studio
let minutes = 0
beforeAll(async () => {
  studio = await openStudio()
  const { api, params, office } = studio
  await api(invite, { params, body: { email: 'sam@example.org', role: 'assistant' } })
  const link = await office.linkIn('sam@example.org')
  await office.browser().api(useInvitation, {
    body: { link, person: { name: 'Sam Second', password: PASSWORD } },
  })
}, 60_000)
afterAll(() => studio.close())

/** A round of the house some minutes later; whom it told, and what. */
async function roundAfter(more: number): Promise<{ to: string; subject: string; text: string }[]> {
  minutes += more
  const { engine } = studio.office.house
  const now = () => plusMs(engine.clock.now(), minutes * MINUTE_MS)
  const later = { ...engine, clock: { ...engine.clock, now } }
  const before = await studio.office.accounts.letters.captured(100)
  await tellTeams(later, studio.office.accounts, URL_HERE)
  const known = new Set(before.map(({ id }) => id))
  const fresh = (await studio.office.accounts.letters.captured(100)).filter(({ id }) => !known.has(id))
  return fresh
    .map(({ letter }) => ({ to: letter.to.name, subject: letter.subject, text: letter.text }))
    .sort((a, b) => a.to.localeCompare(b.to))
}

const asking = (by: string, more: object[] = []) => ({
  ...waiting(0),
  name: `Asks ${by}`,
  nodes: [
    { id: 'begin', kind: 'trigger', type: 'manual' },
    ...more,
    email('timeline', { name: `The timeline, by ${by}`, approval: { by, timeout: { after: { days: 2 } } } }),
    { id: 'done', kind: 'end' },
  ],
  edges: [
    { from: 'begin', to: more.length > 0 ? 'note' : 'timeline' },
    ...(more.length > 0 ? [{ from: 'note', to: 'timeline' }] : []),
    { from: 'timeline', to: 'done' },
  ],
})
const note = {
  id: 'note',
  kind: 'action',
  do: { notify: { text: 'Ring the florist before the weekend.', role: 'owner' } },
}

test('a yes, a task and a note reach by mail whoever may answer them, once, and not within two minutes', async () => {
  const { client } = await studio.couple('Anna Approval')
  await studio.start(client, await studio.live(asking('owner', [note])))
  await studio.start(client, await studio.live(asking('assistant')))
  await studio.settle()
  expect(await roundAfter(0)).toEqual([])

  const told = await roundAfter(3)
  expect(told.map(({ to, subject }) => [to, subject])).toEqual([
    [expect.any(String), 'Lumen Photography: 3 things wait for you'],
    ['Sam Second', 'Lumen Photography: 1 thing waits for you'],
  ])
  const [owner, sam] = told
  for (const words of [
    'Anna: “The timeline, by owner” waits for a yes',
    'Anna: Ring the florist before the weekend.',
  ]) {
    expect(owner!.text).toContain(words)
    expect(sam!.text).not.toContain(words)
  }
  expect(sam!.text).toContain('Anna: “The timeline, by assistant” waits for a yes')
  expect(sam!.text).toContain(`${URL_HERE}/?business=${studio.vendor}`)
  expect(await roundAfter(70)).toEqual([])
})

test('at most once an hour; what was answered meanwhile is not told, and nothing once it is switched off', async () => {
  const { api, params } = studio
  const ben = await studio.couple('Ben Busy')
  const journey = await studio.live({ ...asking('manager'), reentry: 'after_finish', name: 'Asks often' })
  const asked = async () => {
    await studio.start(ben.client, journey)
    await studio.settle()
    await sayItWasAsked()
  }
  /** At the moment of the latest round, where the engine's own clock has not got to. */
  const sayItWasAsked = () =>
    studio.office.admin.query(
      `update app.approval set asked_at = now() + make_interval(mins => $1) where state = 'open' and ask like '%manager'`,
      [minutes],
    )
  await asked()
  const [first] = await roundAfter(3)
  expect(first!.text).toContain('Ben: “The timeline, by manager” waits for a yes')
  await sayItWasAsked()
  expect(await roundAfter(40)).toEqual([])
  const { items } = (await api(listApprovals, { params })).data
  for (const one of items)
    await api(answerApproval, {
      params: { ...params, run: one.run },
      body: { name: one.name, answer: 'skipped' },
    })
  expect(await roundAfter(40)).toEqual([])

  await studio.settle()
  const { etag } = await api(readChannels, { params })
  await api(changeChannels, { params, body: { team: { letters: false } }, ifMatch: etag! })
  await asked()
  expect(await roundAfter(300)).toEqual([])
})
