import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addClient } from '../../src/contract/clients.ts'
import { listMessages, previewMessage } from '../../src/contract/messages.ts'
import { listRuns, startRun } from '../../src/contract/runs.ts'
import { answerApproval, listApprovals, listTasks } from '../../src/contract/work.ts'
import { colleague } from './colleague.ts'
import { type Day, liveADay } from './day.ts'
import { type House, openHouse } from './house.ts'

/** A working day in the app: what stands there reads well, and what is done there happens. */
let house: House
let day: Day
beforeAll(async () => {
  house = await openHouse()
  day = await liveADay(house)
}, 120_000)
afterAll(() => house.close())

const WIDER_THAN_THE_WINDOW = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'

const WIDE = { width: 1440, dark: false } as const
const PHONE = { width: 390, dark: true } as const
test.each([
  ['/', WIDE],
  ['/', PHONE],
  ['/approvals', WIDE],
  ['/approvals', PHONE],
  ['/messages?search=leila+timeline', WIDE],
  ['/messages?message={message}', PHONE],
  ['/messages?is=planned', PHONE],
  ['/messages/triggers', PHONE],
] as const)('%s reads well full of a day, and fits', { timeout: 60_000 }, async (address, look) => {
  const { page, context, complaints, reads } = await house.room(
    address.replace('{message}', day.message),
    look,
  )
  await reads(`day ${address.replace('/', '')} ${look.width}`)
  expect(await page.evaluate(WIDER_THAN_THE_WINDOW)).toBe(0)
  expect(complaints).toEqual([])
  await context.close()
})

test('one message is said otherwise for several couples, read before as each would get it, and taken back', {
  timeout: 90_000,
}, async () => {
  const { api, vendor } = house.owner()
  const { page, context, reads, complaints } = await house.room('/messages?is=planned', WIDE)
  // By day; the guide goes to all five within the hour.
  await page
    .getByRole('rowheader', { name: /^(Today|Tomorrow)$/ })
    .first()
    .waitFor()
  await page.getByLabel('Select all').click()
  await page.getByRole('button', { name: 'Say it otherwise' }).click()
  const dialog = page.getByRole('dialog')
  const which = dialog.getByLabel('Which of the messages you ticked')
  await which.selectOption({ label: 'Investment guide, Booked to wedding: 5' })
  const say = dialog.getByRole('button', { name: 'Change the words first' })
  await dialog.getByLabel('Subject').fill('The guide, and a barn for {{ client.partner_a.first_name')
  await dialog
    .getByText(/not closed|braces|cannot be read|brace/i)
    .first()
    .waitFor()
  expect(await say.count()).toBe(0)
  await dialog.getByLabel('Subject').fill('The guide for {{ client.partner_a.first_name | default: "you" }}')
  for (const [couple, subject] of [
    ['Leila & Marc', 'The guide for Leila'],
    ['Kate & Devon', 'The guide for Kate'],
  ] as const) {
    await dialog.getByLabel('As it reaches').selectOption(couple)
    await dialog.getByText(subject, { exact: true }).waitFor()
  }
  await reads('otherwise')
  await dialog.getByRole('button', { name: 'Say it so to 5 couples' }).click()
  await page.getByText('“Investment guide” said otherwise for 5 couples: done').waitFor({ timeout: 20_000 })
  await reads('said otherwise')

  const run = (await api(listRuns, { params: { vendor }, query: { client: day.couples[2]! } })).data.items
  const guide = run.find(({ journeyName }) => journeyName === 'Booked to wedding')!.id
  const preview = async () =>
    (await api(previewMessage, { params: { vendor, run: guide, node: 'guide' } })).data
  expect(await preview()).toMatchObject({ edited: true, content: { subject: 'The guide for Kate' } })
  // A reload loses neither sight of it nor the way back.
  await page.reload()
  await page.getByRole('button', { name: 'Undo', exact: true }).click()
  await page.getByText('Taking the words back: done').waitFor({ timeout: 20_000 })
  expect((await preview()).edited).toBe(false)

  // The same from the book: couples first, then which message of a journey they are on.
  await page.goto('/clients')
  await page.getByLabel('Select Kate Devon & Devon Ray').click()
  await page.getByRole('button', { name: 'With them' }).click()
  await page.getByRole('menuitem', { name: 'Say a message otherwise …' }).click()
  await dialog.getByLabel('Journey').selectOption('Booked to wedding')
  await dialog.getByText('1 of these 1 is on it.').waitFor()
  await dialog.getByLabel('Message', { exact: true }).selectOption('Timeline form')
  await dialog.getByText('About timeline', { exact: true }).waitFor()
  await reads('otherwise from the book')
  await page.keyboard.press('Escape')
  expect(complaints.filter((one) => !one.includes('422'))).toEqual([])
  await context.close()
})

test('a step is put off for the couples that are ticked and stand at it, and the putting off is taken back', {
  timeout: 60_000,
}, async () => {
  const { api, vendor } = house.owner()
  const { page, context, reads, complaints } = await house.room('/clients', WIDE)
  const dueOf = async (client: string) =>
    (await api(listRuns, { params: { vendor }, query: { client } })).data.items
      .flatMap(({ at }) => at)
      .find(({ node }) => node === 'an_hour')?.due
  const [kate, hannah] = [day.couples[2]!, day.couples[3]!]
  const before = [await dueOf(kate), await dueOf(hannah)]
  await page.getByLabel('Select Kate Devon & Devon Ray').click()
  await page.getByLabel('Select Hannah Osei & Luke Bell').click()
  await page.getByRole('button', { name: 'With them' }).click()
  await page.getByRole('menuitem', { name: 'Do or leave out a step …' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Journey').selectOption('Booked to wedding')
  await dialog.getByLabel('Step').selectOption('timeline')
  await dialog.getByRole('button', { name: 'Nobody stands there' }).waitFor()
  await dialog.getByLabel('Step').selectOption('an_hour')
  await dialog.getByText('2 of these 2 stand there.').waitFor()
  await dialog.getByLabel('What becomes of it').selectOption('Put it off until tomorrow')
  await reads('a step of theirs')
  await dialog.getByRole('button', { name: 'Put it off until tomorrow for 2' }).click()
  await page.getByText(/^Putting off .*: done$/).waitFor({ timeout: 20_000 })
  const later = Date.now() + 20 * 3_600_000
  for (const couple of [kate, hannah]) expect(Date.parse((await dueOf(couple))!)).toBeGreaterThan(later)
  await page.getByRole('button', { name: 'Undo', exact: true }).click()
  await expect.poll(async () => [await dueOf(kate), await dueOf(hannah)], { timeout: 20_000 }).toEqual(before)
  expect(complaints).toEqual([])
  await context.close()
})

test('approvals on a phone: one is approved by a swipe, one left out, and one taken back', {
  timeout: 60_000,
}, async () => {
  const { api, vendor } = house.owner()
  const { page, context } = await house.room('/', { width: 390, dark: false })
  await page
    .getByRole('link', { name: /Approvals/ })
    .last()
    .click()
  await page.getByText('Three wait for you').waitFor()
  await page.getByText('Hello Leila').waitFor()

  const card = page.getByRole('article')
  const box = (await card.boundingBox())!
  const client = await context.newCDPSession(page)
  const finger = (type: string, x: number) =>
    client.send('Input.dispatchTouchEvent', {
      type: type as 'touchStart',
      touchPoints: type === 'touchEnd' ? [] : [{ x, y: box.y + 80 }],
    })
  await finger('touchStart', box.x + 60)
  for (const x of [90, 130, 180, 230, 280]) await finger('touchMove', box.x + x)
  await finger('touchEnd', 0)
  await page.getByText('Two wait for you').waitFor()
  await page.getByText('Leila & Marc: Our plan if it rains is approved').first().waitFor()

  await page.getByRole('button', { name: 'Skip' }).click()
  await page.getByText('One waits for you').waitFor()
  await page.getByRole('button', { name: 'Undo' }).last().click()
  await page.getByText('Two wait for you').waitFor()

  await expect
    .poll(async () => (await api(listApprovals, { params: { vendor } })).data.total, { timeout: 15_000 })
    .toBe(2)
  await expect
    .poll(
      async () =>
        (await api(listMessages, { params: { vendor }, query: { search: 'leila rains', is: 'sent' } })).data
          .items.length,
      { timeout: 15_000 },
    )
    .toBe(1)
  await context.close()
})

test('approvals by the keyboard alone, and a task that is done from Today', { timeout: 60_000 }, async () => {
  const { api, vendor } = house.owner()
  const { page, context } = await house.room('/approvals', WIDE)
  const chosen = page.getByLabel('What waits').locator('[aria-current]').first()
  const first = await chosen.textContent()
  const { total } = (await api(listApprovals, { params: { vendor } })).data
  await page.keyboard.press('j')
  await expect.poll(() => chosen.textContent()).not.toBe(first)
  await page.keyboard.press('s')
  for (let left = total - 1; left > 0; left -= 1) {
    await page
      .getByText(left === 1 ? 'One waits for you' : /wait for you/)
      .first()
      .waitFor()
    await page.keyboard.press('Enter')
  }
  await page.getByText('All read').waitFor()

  // Leaving the page does what is still held back, over a slow line too.
  const slow = await context.newCDPSession(page)
  await slow.send('Network.enable')
  const line = { offline: false, downloadThroughput: -1, uploadThroughput: -1 }
  await slow.send('Network.emulateNetworkConditions', { ...line, latency: 400 })
  await page.goto('/')
  await slow.send('Network.emulateNetworkConditions', { ...line, latency: 0 })
  const done = page.getByRole('button', { name: /^Done: Confirm the train to Avignon, Freya/ })
  await done.click()
  await done.waitFor({ state: 'detached' })
  await expect
    .poll(async () => (await api(listTasks, { params: { vendor } })).data.total, { timeout: 15_000 })
    .toBe(1)
  await expect
    .poll(async () => (await api(listApprovals, { params: { vendor } })).data.total, { timeout: 15_000 })
    .toBe(0)
  await context.close()
})

test('what only the owner may answer is no number of an assistant’s, and says so', {
  timeout: 60_000,
}, async () => {
  await day.asksTheOwner()
  const sam = await colleague(house)
  const { page, context, reads, go } = await house.room('/sign-in', { ...PHONE, signedIn: false })
  await sam.sitsAt(context)
  await go('/')
  await page.getByRole('button', { name: 'One waits for others' }).tap()
  await page.getByText('for the owner').waitFor()
  await reads('day of an assistant')
  await go('/approvals')
  await page.getByRole('heading', { name: 'Nothing waits for your yes.' }).waitFor()
  await page.getByRole('radio', { name: 'All' }).tap()
  await page.getByText('Only the owner can answer this.').waitFor()
  for (const name of ['Skip', 'Approve'])
    expect(await page.getByRole('button', { name, exact: true }).isDisabled()).toBe(true)
  await reads('approvals of an assistant')
  await context.close()
})

test('a couple whose day is over: what was promised to them, what came of it and why, on the screen and on paper', {
  timeout: 90_000,
}, async () => {
  const { api, vendor } = house.owner()
  const yesterday = new Date(Date.now() - 2 * 86_400_000).toISOString().slice(0, 10)
  const { data: couple } = await api(addClient, {
    params: { vendor },
    key: randomUUID(),
    body: {
      people: [{ ref: 'partner_a', name: 'Nora Field', email: 'nora@example.org' }],
      wedding: { on: yesterday, zone: 'Europe/London' },
    },
  })
  const { page, context, reads, complaints } = await house.room(`/clients/${couple.id}/promises`, PHONE)
  await page.getByRole('heading', { level: 1, name: 'Nothing has been promised to Nora yet.' }).waitFor()
  await reads('promises before any journey')

  await api(startRun, {
    params: { vendor, client: couple.id },
    key: randomUUID(),
    body: { journey: day.rain },
  })
  const open = async () =>
    (await api(listApprovals, { params: { vendor } })).data.items.find(({ client }) => client === couple.id)
  await expect.poll(open, { timeout: 15_000 }).toBeDefined()
  const { run, name } = (await open())!
  await api(answerApproval, { params: { vendor, run }, key: randomUUID(), body: { name, answer: 'skipped' } })
  await page.goto(`/clients/${couple.id}`)
  await page.getByText('The one promise was not kept.').waitFor({ timeout: 20_000 })
  await page.getByRole('link', { name: 'See the report' }).tap()
  await page
    .getByRole('heading', { level: 1, name: 'The one promise was not kept. It was left out.' })
    .waitFor()
  await page.getByText(/said no, so it was left out\.$/).waitFor()
  await page.getByText('Nothing more is planned.').waitFor()
  await reads('promises')
  await page.getByRole('navigation', { name: 'Main' }).waitFor()
  await page.emulateMedia({ media: 'print' })
  expect(await page.getByRole('navigation', { name: 'Main' }).isVisible(), 'on paper').toBe(false)
  expect(await page.getByText('Our plan if it rains').isVisible()).toBe(true)
  expect(complaints).toEqual([])
  await context.close()
})
