import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { colleague } from './colleague.ts'
import { onJourney } from './foresight-scene.ts'
import { type House, openHouse } from './house.ts'

/** Whoever knows what they want types it: the acts of the room one is in, by keyboard alone. */
let house: House
let journey: string
beforeAll(async () => {
  house = await openHouse()
  journey = (await onJourney(house)).journey
})
afterAll(() => house?.close())

const DESK = { width: 1440, dark: false } as const
const openPalette = async (page: Page): Promise<void> => {
  await page.keyboard.press('Control+k')
  await page.locator('[role=combobox]:focus').waitFor()
}
/** Typed, found as the first there is, and done. */
async function say(page: Page, words: string, act: string | RegExp): Promise<void> {
  await openPalette(page)
  await page.keyboard.type(words)
  await page.getByRole('option', { name: act, selected: true }).waitFor()
  await page.keyboard.press('Enter')
  await page.getByRole('dialog', { name: 'Go somewhere or do something' }).waitFor({ state: 'detached' })
}
/** What the room offers, beside what can be done from everywhere. */
async function offered(page: Page): Promise<string[]> {
  await openPalette(page)
  const here = page.getByRole('group', { name: 'Here' }).getByRole('option')
  await page.getByRole('option', { name: 'Dark colours' }).waitFor()
  const names = await here.allTextContents()
  await page.keyboard.press('Escape')
  return names
}

test('with a couple: what their page can do is typed', { timeout: 90_000 }, async () => {
  const { page, context, settled, reads, complaints } = await house.room(`/clients/${house.couple}`, DESK)
  await page.getByRole('button', { name: 'Something happened' }).waitFor()
  await settled()
  await openPalette(page)
  await reads('palette of a couple')
  await page.keyboard.press('Escape')

  // What opens stays open, and has the focus.
  await say(page, 'signed', 'Something happened')
  const sheet = page.getByRole('dialog', { name: 'Something happened' })
  await sheet.locator(':focus').waitFor()
  await page.keyboard.press('Escape')
  await sheet.waitFor({ state: 'detached' })
  await say(page, 'guests', 'Edit the wedding')
  await page.getByRole('dialog', { name: 'Facts of the wedding' }).locator(':focus').waitFor()
  await page.keyboard.press('Escape')

  // Done at once, with the way back; and offered the other way round from then on.
  await say(page, 'pause book', 'Pause “Booked to wedding”')
  await page.getByText('Booked to wedding is paused for Mia & Jonas').first().waitFor()
  await page.getByRole('button', { name: 'Go on', exact: true }).waitFor()
  await say(page, 'go on book', 'Let “Booked to wedding” go on')
  await page.getByText('Booked to wedding goes on for Mia & Jonas').first().waitFor()

  await say(page, 'move', 'Move the date')
  await page.waitForURL(({ pathname }) => pathname === `/clients/${house.couple}/move`)
  await page.getByRole('heading', { level: 1, name: 'Move the wedding of Mia & Jonas' }).waitFor()
  await say(page, 'hold', 'No new date yet: hold')
  await page.waitForURL(({ searchParams }) => searchParams.has('hold'))
  await say(page, 'cancel', 'Cancel')
  await page.waitForURL(({ pathname }) => pathname === `/clients/${house.couple}`)

  // From anywhere, with their name before it.
  await page.goto('/')
  await page.getByRole('heading', { level: 1 }).waitFor()
  await say(page, 'mia move', /Mia.*: Move the date/)
  await page.waitForURL(({ pathname }) => pathname === `/clients/${house.couple}/move`)
  expect(complaints).toEqual([])
  await context.close()
})

test('in the designer: checked, and published', { timeout: 90_000 }, async () => {
  const { page, context, settled, complaints } = await house.room(`/journeys/${journey}`, DESK)
  await page.locator('[data-step]').first().waitFor()
  await settled()
  await say(page, 'check', 'Check the journey')
  await page
    .getByRole('dialog', { name: 'What is to mend' })
    .or(page.getByText('Nothing to mend'))
    .first()
    .waitFor()
  await page.keyboard.press('Escape')
  await say(page, 'versions', 'Versions')
  await page.getByRole('dialog', { name: 'Versions' }).waitFor()
  await expect
    .poll(() => page.evaluate("document.activeElement?.closest('[role=dialog]') !== null"))
    .toBe(true)
  await page.keyboard.press('Escape')
  await say(page, 'publish', 'Publish')
  await page.waitForURL(({ searchParams }) => searchParams.get('mode') === 'publish')
  expect(complaints).toEqual([])
  await context.close()
})

test('whoever may only look is offered nothing to do', { timeout: 90_000 }, async () => {
  const { page, context, go, settled } = await house.room('/', DESK)
  const viewer = await colleague(house, 'viewer')
  await viewer.sitsAt(context)
  await go(`/clients/${house.couple}`)
  await page.getByRole('list', { name: 'The story of Mia & Jonas' }).waitFor()
  await settled()
  expect(await offered(page)).toEqual([])
  await go(`/journeys/${journey}`)
  await page.locator('[data-step]').first().waitFor()
  await settled()
  expect(await offered(page)).not.toContain('Publish')
  await go('/')
  await openPalette(page)
  await page.keyboard.type('mia move')
  await page.getByRole('option', { name: 'Look for “mia move” in messages', selected: true }).waitFor()
  expect(await page.getByRole('option', { name: /Move the date/ }).count()).toBe(0)
  await context.close()
})

const NOBODY = '01900000-0000-7000-8000-000000000000'
test.each([
  [`/clients/${NOBODY}`, 'couple', 'See all couples', '/clients'],
  ['/clients/a-word', 'couple', 'See all couples', '/clients'],
  [`/clients/${NOBODY}/move`, 'couple', 'See all couples', '/clients'],
  [`/clients/${NOBODY}/start`, 'couple', 'See all couples', '/clients'],
  [`/clients/${NOBODY}/date`, 'couple', 'See all couples', '/clients'],
  [`/forms/${NOBODY}`, 'form', 'See all forms', '/forms'],
  [`/journeys/${NOBODY}`, 'journey', 'See all journeys', '/journeys'],
])('an address that leads to nothing says so: %s', async (address, noun, door, to) => {
  const { page, context } = await house.room(address, DESK)
  const title = `No ${noun} of Alder & Lane is known by this address.`
  await page.getByRole('heading', { level: 1, name: title }).waitFor()
  await page.getByText(`The link may be old, or it leads to a ${noun} of another business.`).waitFor()
  expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(0)
  await page.getByRole('link', { name: door }).click()
  await page.waitForURL(({ pathname }) => pathname === to)
  await context.close()
})

test('a message that is not here says so, over the list of those that are', async () => {
  const { page, context } = await house.room(`/messages?message=${NOBODY}`, DESK)
  const sheet = page.getByRole('dialog', { name: 'No message of Alder & Lane is known by this address.' })
  await sheet.getByRole('button', { name: 'See all messages' }).click()
  await sheet.waitFor({ state: 'detached' })
  await page.waitForURL(({ searchParams }) => !searchParams.has('message'))
  await context.close()
})
