import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addClient, readClient } from '../../src/contract/clients.ts'
import { readDraft, saveDraft } from '../../src/contract/journeys.ts'
import { clientTimeline, commandRun, readRun, startRun, undoCommand } from '../../src/contract/runs.ts'
import { edited } from '../fixtures/booked-to-wedding.ts'
import { onJourney, publish } from './foresight-scene.ts'
import { type House, openHouse } from './house.ts'

/** What will happen is seen before it does: a wedding moves, and a journey is published while a couple is on it. */
let house: House
let journey: string
let run: string
beforeAll(async () => {
  house = await openHouse()
  ;({ journey, run } = await onJourney(house))
}, 60_000)
afterAll(() => house?.close())

/** When each step that is planned for them goes, as the server says. */
async function plan(): Promise<Record<string, string | null>> {
  const { api, vendor } = house.owner()
  const { data } = await api(clientTimeline, { params: { vendor, client: house.couple } })
  const planned = data.items.filter((row) => row.side === 'planned')
  return Object.fromEntries(planned.map((row) => [row.node, row.at?.slice(0, 16) ?? null]))
}

/** Names in the designer's header that say more than they show. */
const OF_THE_FRAME = ['label-content-name-mismatch']

/** A toast is also told to those who do not see it. */
const saysDone = (page: Page, words: string) => page.getByText(words, { exact: true }).first().waitFor()

test('a wedding moves with preview, choices and undo', { timeout: 90_000 }, async () => {
  // The first letter goes at once; what is compared is what lies ahead.
  await expect.poll(plan, { timeout: 20_000 }).not.toHaveProperty('welcome')
  const before = await plan()
  const { page, reads, context, complaints } = await house.room(`/clients/${house.couple}`, {
    width: 1440,
    dark: false,
  })
  await page.getByText('They hear from you next on').waitFor()
  await page.getByRole('button', { name: 'Why: Wedding questionnaire' }).click()
  await page.getByText('90 days before the wedding at 10:00', { exact: false }).first().waitFor()
  await reads('client with why')

  await page.getByRole('link', { name: 'Move the date' }).click()
  await page.getByRole('heading', { name: 'Choose where the wedding goes' }).waitFor()
  await page.getByLabel('New date').click()
  await page.getByLabel('Type the date').fill('2027-09-04')
  await page.keyboard.press('Escape')
  await page.getByText('Nothing has changed so far', { exact: false }).waitFor()
  expect(new URL(page.url()).searchParams.get('on')).toBe('2027-09-04')
  await page.getByText('Sun 6 June 2027 10:00').waitFor()
  // The balance does not follow by itself: somebody must say.
  const apply = page.getByRole('button', { name: /^Apply/ })
  expect(await apply.textContent()).toBe('Apply, 2 choices left')
  expect(await apply.isDisabled()).toBe(true)
  await page.getByLabel('What becomes of How to make the family photo list').selectOption('skip')
  await page.getByRole('radio', { name: 'Keep it where it is' }).first().click()
  await page.getByRole('radio', { name: 'Follow the date' }).nth(1).click()
  await page.getByText('It goes Sat 3 July 2027 09:00 London.').waitFor()
  expect(await apply.textContent()).toBe('Apply')
  await reads('move with choices')
  // Only looked at: nothing is another.
  expect(await plan()).toEqual(before)

  await apply.click()
  await page.getByText('Moved from Sat 17 July 2027 to Sat 4 Sept 2027').waitFor()
  await reads('client moved')
  const moved = await plan()
  expect([moved.questions, moved.balance, moved.timeline?.slice(0, 10)]).toEqual([
    '2027-06-06T08:00',
    before.balance,
    '2027-08-28',
  ])
  await page.getByRole('button', { name: 'Undo the move' }).click()
  await saysDone(page, 'The earlier date is back, and with it the earlier plan')
  expect(await plan()).toEqual(before)
  // Held: what hangs on the date waits for one. Whoever works by keys finds the way there like everything else.
  await page.keyboard.press('Control+k')
  await page.keyboard.type('move the date')
  await page.getByRole('option', { name: /^Move the date/ }).click()
  await page.getByRole('button', { name: 'No new date yet: hold' }).click()
  await page.getByText('wait for a date', { exact: false }).waitFor()
  for (const ask of await page.getByRole('radio', { name: 'Follow the date' }).all()) await ask.click()
  await page.getByRole('button', { name: 'Hold the date' }).click()
  await page.getByText('Held: it was Sat 17 July 2027').waitFor()
  expect((await plan()).questions).toBeNull()
  await page.getByRole('button', { name: 'Undo the move' }).click()
  await expect.poll(async () => (await plan()).questions).toBe(before.questions)
  expect(complaints).toEqual([])
  await context.close()
})

test('on a phone, in the dark: a step is left out and taken back, a journey paused, a number added', {
  timeout: 60_000,
}, async () => {
  const { page, reads, context, complaints } = await house.room(`/clients/${house.couple}`, {
    width: 390,
    dark: true,
  })
  await page.getByRole('button', { name: 'Why: The planning guide' }).tap()
  await reads('phone client with why')
  await page.getByRole('button', { name: 'Skip', exact: true }).tap()
  await saysDone(page, 'The planning guide is left out')
  await page.getByRole('button', { name: 'Undo', exact: true }).tap()
  await saysDone(page, 'Back to what it was')
  await page.getByRole('button', { name: 'Why: The planning guide' }).waitFor()

  const money = page.getByRole('listitem').filter({ has: page.getByRole('link', { name: 'Payments' }) })
  await money.getByRole('button', { name: 'Pause', exact: true }).tap()
  await saysDone(page, 'Payments is paused for Mia & Jonas')
  await page.getByRole('button', { name: 'Go on', exact: true }).tap()
  await saysDone(page, 'Payments goes on for Mia & Jonas')

  await page.getByRole('button', { name: 'Edit Jonas Brandt' }).tap()
  await page.getByLabel('Phone').fill('+49 171 2345678')
  await reads('phone edit person')
  await page.getByRole('button', { name: 'Save' }).tap()
  await saysDone(page, 'Jonas Brandt is written down')
  await page.getByRole('link', { name: '+491712345678' }).waitFor()

  await page.goto(`/clients/${house.couple}/move?on=2026-12-19`)
  await page.getByText('Nothing has changed so far', { exact: false }).waitFor()
  await reads('phone move')
  expect(complaints).toEqual([])
  await context.close()
})

test('a wedding is cancelled by a slip: it says so, what was changed beside it stays apart, and it takes place again', {
  timeout: 60_000,
}, async () => {
  const before = await plan()
  const { page, reads, context, complaints } = await house.room(`/clients/${house.couple}`, {
    width: 1440,
    dark: false,
  })
  const facts = page.getByRole('dialog', { name: 'Facts of the wedding' })
  const edit = () => page.getByRole('button', { name: 'Edit', exact: true }).click()
  await edit()
  await facts.getByLabel('Guests').fill('')
  await facts.getByRole('button', { name: 'Save' }).click()
  await saysDone(page, 'The wedding of Mia Castellani & Jonas Brandt is written down')
  await page.getByText('142 guests').waitFor({ state: 'detached' })
  // Nothing is changed: nothing is said, and what was changed before can still be taken back.
  await edit()
  await facts.getByRole('button', { name: 'Save' }).press('Enter')
  await facts.waitFor({ state: 'detached' })
  await edit()
  await facts.getByLabel('State of the date').selectOption('cancelled')
  await facts.getByRole('button', { name: 'Save' }).press('Enter')
  await page.getByText('Wedding cancelled').waitFor()
  await page.getByText('Cancelled: nothing reaches them any more.').waitFor()
  await page.getByText(/^Nothing reaches them any more\. Can be undone until \d\d:\d\d London;/).waitFor()
  await reads('client cancelled')
  await page.getByRole('link', { name: 'Clients', exact: true }).first().click()
  await page.getByText('Cancelled', { exact: true }).waitFor()
  await reads('clients with one cancelled')
  await page.goBack()
  await page.getByRole('button', { name: 'Undo the cancellation' }).click()
  await saysDone(page, 'The wedding takes place after all, and what was planned goes on')
  await page.getByText('They hear from you next on').waitFor()
  expect(await plan()).toEqual(before)
  const { data } = await house.owner().api(readClient, {
    params: { vendor: house.owner().vendor, client: house.couple },
  })
  expect([data.wedding?.status, data.wedding?.guests]).toEqual(['confirmed', null])
  expect(complaints).toEqual([])
  await context.close()
})

test('a journey is edited while a couple is on it, published with a plan, and rolled back', {
  timeout: 60_000,
}, async () => {
  const { api, vendor } = house.owner()
  const params = { vendor, journey }
  const before = await plan()
  // Edited: the guide, at which they stand, is gone; a new step comes, and another goes earlier.
  const draft = await api(readDraft, { params })
  await api(saveDraft, { params, body: { document: edited }, ifMatch: draft.etag ?? '*' })
  const { page, reads, context, complaints } = await house.room(`/journeys/${journey}?mode=publish`, {
    width: 1440,
    dark: false,
  })
  await page.getByText('0 of 1 couple move to it', { exact: false }).waitFor()
  await page.getByText('90 days before wedding at 10:00').waitFor()
  await page.getByText('120 days before wedding at 10:00').waitFor()
  await page.getByLabel('What becomes of those at The planning guide').selectOption('move')
  await page.getByText('is gone: say where they go on', { exact: false }).waitFor()
  expect(await page.getByRole('button', { name: 'Publish, 1 step has no successor' }).isDisabled()).toBe(true)
  await page.getByLabel('The planning guide is gone: where they go on').selectOption('parking')
  await page.getByText('1 of 1 couple moves to it', { exact: false }).waitFor()
  await reads('publish with plan', OF_THE_FRAME)
  expect(await plan()).toEqual(before)

  await page.getByRole('button', { name: 'Publish and move 1' }).click()
  await saysDone(page, 'Version 2 is live')
  await page.getByText('Couples have gone over').waitFor()
  const after = await plan()
  expect([after.guide, after.parking, after.questions]).toEqual([
    undefined,
    '2027-02-17T09:00',
    '2027-03-19T09:00',
  ])
  await page.getByRole('button', { name: 'Roll back to version 1' }).click()
  await saysDone(page, 'Version 1 is live again: 1 couple as they stood')
  expect(await plan()).toEqual(before)
  await reads('publish rolled back', OF_THE_FRAME)

  // Who stands where, and what the draft would do for them on another date.
  await page.getByRole('radio', { name: 'Live' }).click()
  await page.getByRole('button', { name: '1, The planning guide: waiting now' }).click()
  await page.getByRole('dialog').getByRole('link', { name: 'Mia Castellani & Jonas Brandt' }).waitFor()
  await reads('live with door', OF_THE_FRAME)
  // What one looks at stands in the address: whoever is given it sees the same.
  await page.reload()
  await page.getByRole('dialog').getByRole('link', { name: 'Mia Castellani & Jonas Brandt' }).waitFor()
  // What is done for all who wait there has its way back, as everywhere.
  await page.getByRole('button', { name: 'Pause all' }).click()
  const paused = page.getByRole('region', { name: 'Pause all, 1 couple' })
  await paused.getByRole('button', { name: 'Undo' }).waitFor()
  await page.reload()
  await page.getByText('One couple is on their way, but paused;', { exact: false }).waitFor()
  await paused.getByRole('button', { name: 'Undo' }).click()
  await page.getByText('Taking it back: done').waitFor()
  expect((await api(readRun, { params: { vendor, run } })).data.status).toBe('waiting')
  await reads('live with door and what was done', OF_THE_FRAME)
  // Closed, one goes on where it stood, though nobody pressed there since the page came.
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.locator('[data-door="guide waiting"]:focus').waitFor()
  // Days of one's own: before they came, nobody had done anything.
  await page.getByRole('radio', { name: 'From … to' }).click()
  await page.getByRole('button', { name: /^The first day/ }).click()
  await page.getByLabel('Type the date').fill('2026-01-01')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: /^The last day/ }).click()
  await page.getByLabel('Type the date').fill('2026-01-31')
  await page.keyboard.press('Escape')
  await page.getByText('nobody in this time').first().waitFor()
  expect(new URL(page.url()).searchParams.get('days')).toBe('2026-01-01..2026-01-31')
  await reads('live on days of one’s own', OF_THE_FRAME)
  await page.getByRole('radio', { name: '30 days' }).click()
  // Somebody moves while one looks on, and the step they leave says so.
  const ofRun = { vendor, run }
  expect(await page.locator('[data-pulse]').count()).toBe(0)
  const skipped = await api(commandRun, { params: ofRun, body: { command: { do: 'skip' } } })
  await page.locator('[data-step=guide] [data-pulse]').waitFor({ state: 'attached' })
  await api(undoCommand, { params: { ...ofRun, command: skipped.data.command } })
  await page.getByRole('button', { name: '1, The planning guide: waiting now' }).waitFor()
  await page.getByRole('radio', { name: 'Simulate' }).click()
  await page.getByText('Mia Castellani & Jonas Brandt get eight messages', { exact: false }).waitFor()
  await page.getByRole('radio', { name: 'In 5 days' }).click()
  await page.getByText('things want a look', { exact: false }).waitFor()
  // What is behind them is lit on the drawing itself, and more of it with every moment.
  const lit = () => page.locator('path[data-lit]').count()
  const clock = page.getByRole('slider', { name: 'Virtual clock' })
  const all = await lit()
  await clock.press('Home')
  await expect.poll(lit).toBeLessThan(all)
  const begun = await lit()
  await clock.press('ArrowRight')
  await clock.press('ArrowRight')
  await expect.poll(lit).toBeGreaterThan(begun)
  await page.locator('[data-step]').getByText('(they are here)').waitFor({ state: 'attached' })
  await clock.press('Home')
  await page
    .getByText(/^0 so far/)
    .or(page.getByText(/^1 so far/))
    .waitFor()
  await reads('simulate in five days', OF_THE_FRAME)
  await page.getByRole('radio', { name: 'Whole book' }).click()
  await page.getByRole('button', { name: 'Run the whole book ahead' }).click()
  await page.getByRole('heading', { name: 'The season' }).waitFor()
  await page.getByText('One couple gets', { exact: false }).waitFor()
  await reads('whole book', OF_THE_FRAME)
  await page.reload()
  await page.getByText('One couple gets', { exact: false }).waitFor()
  expect(complaints).toEqual([])
  await context.close()
})

test('an address that names a day, a couple, a step or a job that is none shows what there is', {
  timeout: 60_000,
}, async () => {
  const gone = house.owner().vendor
  const { page, context, go } = await house.room('/', { width: 1440, dark: false })
  await go(`/journeys/${journey}?mode=live&days=soon&at=gone&stand=waiting&as=${gone}`)
  await page.getByRole('button', { name: '1, The planning guide: waiting now' }).waitFor()
  expect(await page.getByRole('dialog').count()).toBe(0)
  // Who was looked through is out of the book: the example stands in.
  await page.getByText('as …').waitFor({ state: 'detached' })
  await go(`/clients/${house.couple}/move?on=soon&zone=Mars/Base`)
  await page.getByText('Choose where the wedding goes').waitFor()
  await go(`/clients/import?job=${gone}`)
  await page.getByText('No import of Alder & Lane is known by this address.').waitFor()
  await context.close()
})

test('a couple books late: what is past is told before they begin, and that is what happens', {
  timeout: 90_000,
}, async () => {
  const { api, vendor } = house.owner()
  const soon = new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10)
  const { data: couple } = await api(addClient, {
    params: { vendor },
    body: {
      people: [
        { ref: 'partner_a', name: 'Lea Spaet', email: 'lea@example.org' },
        { ref: 'partner_b', name: 'Tom Bald' },
      ],
      fields: { how_they_met: 'On a ferry' },
      wedding: { on: soon, zone: 'Europe/London' },
    },
  })
  const { page, reads, context, complaints } = await house.room(`/clients/${couple.id}`, {
    width: 1440,
    dark: false,
  })
  await page.getByRole('link', { name: 'Put them on a journey' }).click()
  await page.getByRole('button', { name: /Booked to wedding/ }).click()
  const sentence = page.getByText(/^Lea & Tom are late for/)
  await sentence.waitFor()
  const rows = page.getByRole('list', { name: 'What the journey would do' }).getByRole('listitem')
  // What is chosen for a late step is seen before it is so.
  const handed = rows.filter({ hasText: 'Left out' }).first().getByRole('combobox')
  const name = (await handed.getAttribute('aria-label'))!.replace('What becomes of ', '')
  await handed.selectOption('Give me a task')
  await rows.filter({ hasText: name }).getByText('Task for you').waitFor()
  await reads('late booking')
  const foreseen = await rows.allInnerTexts()
  expect(foreseen.some((row) => row.includes('Left out'))).toBe(true)
  await page.getByRole('button', { name: 'Put Lea & Tom on it' }).click()
  await saysDone(page, 'Lea & Tom are on Booked to wedding')
  await page.getByText('They hear from you next on').waitFor()
  // No day has two letters that catch up, and whatever was foreseen as left out is never planned.
  const { data } = await api(clientTimeline, { params: { vendor, client: couple.id } })
  const planned = data.items.filter((row) => row.side === 'planned')
  const caughtUp = planned.filter((row) => row.because.some(({ code }) => code === 'late_compressed'))
  const days = caughtUp.map((row) => row.at?.slice(0, 10))
  expect(new Set(days).size).toBe(days.length)
  const leftOut = planned.filter((row) =>
    foreseen.some(
      (told) => told.includes('Left out') && told.includes(row.name) && row.is === 'will_be_sent',
    ),
  )
  expect(leftOut.map((row) => row.name)).toEqual([])
  const task = data.items.find((row) => row.name === name)
  expect(task?.because.map(({ code }) => code)).toContain('late_task')

  // What a person has seen, and what they know beside.
  await page.getByRole('button', { name: 'Something happened' }).click()
  await page.getByLabel('What happened?').selectOption({ label: 'They have answered you' })
  await reads('something happened')
  await page.getByRole('button', { name: 'Tell it' }).click()
  await saysDone(page, 'Lea & Tom: They have answered you')
  const met = page.getByRole('textbox', { name: 'How they met' })
  await met.fill('On a ferry to Skye')
  await met.press('Enter')
  await saysDone(page, 'Lea & Tom: How they met is written down')
  await reads('good to know')
  expect(complaints).toEqual([])
  await context.close()
})

// Last: the couple is on one journey more from then on.
test('a date that a journey waits for is set beside the wedding, seen before it counts, and taken back', {
  timeout: 60_000,
}, async () => {
  const { api, vendor } = house.owner()
  const rehearsal = await publish(house, {
    format: 1,
    name: 'Rehearsal',
    category: 'planning',
    reentry: 'per_wedding',
    nodes: [
      { id: 'begin', kind: 'trigger', type: 'manual' },
      {
        id: 'rehearse',
        name: 'Who comes to the rehearsal',
        kind: 'action',
        do: { task: { title: 'Ask who comes to the rehearsal' } },
        when: { before: { days: 3 }, of: 'custom:rehearsal', at: '10:00' },
      },
    ],
    edges: [{ from: 'begin', to: 'rehearse' }],
  })
  await api(startRun, { params: { vendor, client: house.couple }, body: { journey: rehearsal } })
  const { page, context, complaints } = await house.room(`/clients/${house.couple}`, {
    width: 1440,
    dark: false,
  })
  await page.getByText('Rehearsal waits for it').waitFor()
  await page.getByRole('link', { name: 'Set it' }).click()
  await page.getByRole('button', { name: 'Day Choose a day' }).click()
  await page.getByLabel('Type the date').fill('2027-07-15')
  await page.keyboard.press('Escape')
  await page.getByText('Mon 12 July 2027 10:00').waitFor()
  expect((await plan()).rehearse).toBeUndefined()
  await page.getByRole('button', { name: 'Apply' }).click()
  await page.getByText(/^Rehearsal: Thu 15 July 2027$/).waitFor()
  expect((await plan()).rehearse).toBe('2027-07-12T08:00')
  await page.getByRole('button', { name: 'Undo the change' }).click()
  await saysDone(page, 'Back to what it was, and with it the earlier plan')
  expect((await plan()).rehearse).toBeUndefined()
  expect(complaints).toEqual([])
  await context.close()
})

const IN_SIGHT = 5
test('a browser with other clocks than the server shows what the server foresees, and says so', {
  timeout: 60_000,
}, async () => {
  const { page, context, reads, complaints, go } = await house.room('/', { width: 1440, dark: false })
  const steps = async () => {
    await page.locator('[data-step]').first().waitFor()
    await expect.poll(() => page.locator('[data-step]').allTextContents()).not.toEqual([])
    return page.locator('[data-step]').allTextContents()
  }
  const at = `/journeys/${journey}?as=${house.couple}`
  await go(at)
  await page.locator('[data-step]', { hasText: 'Rome' }).first().waitFor()
  const own = await steps()

  // As a browser of last year, to which Rome is an hour off.
  await page.route('**/foresight/view?*', async (route) => {
    const answer = await route.fetch()
    const told = (await answer.json()) as { clocks: { zone: string; at: string | null }[] }
    const hourOff = (iso: string) => new Date(Date.parse(iso) + 3_600_000).toISOString()
    const clocks = told.clocks.map((one) =>
      one.zone === 'Europe/Rome' && one.at ? { ...one, at: hourOff(one.at) } : one,
    )
    await route.fulfill({ response: answer, json: { ...told, clocks } })
  })
  const asked = page.waitForResponse((answer) => answer.url().endsWith('/forecast'))
  await go(at)
  expect((await asked).ok()).toBe(true)
  await page.getByText('This browser knows other clocks for Rome than the server').waitFor()
  await page.locator('[data-step]', { hasText: 'Rome' }).first().waitFor()
  // Only the minute at which one looks is another; of the drawing as much is there as is in sight.
  const days = (texts: readonly string[]) =>
    texts.slice(0, IN_SIGHT).map((text) => text.replaceAll(/\d\d:\d\d/g, ''))
  expect(days(await steps())).toEqual(days(own))
  await reads('other clocks', OF_THE_FRAME)
  await page.getByRole('radio', { name: 'Simulate' }).click()
  await page.getByText('Computed by the server', { exact: false }).waitFor()
  await reads('other clocks, simulated', OF_THE_FRAME)
  await page.getByRole('radio', { name: 'In 6 weeks' }).click()
  await page.getByText('Computed by the server', { exact: false }).waitFor()
  expect(complaints).toEqual([])
  await context.close()
})
