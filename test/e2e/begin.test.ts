import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type House, openHouse, PASSWORD } from './house.ts'

/** From nothing to a first live journey, by somebody who has never been here: every press and every field is counted. */
let house: House
beforeAll(async () => {
  house = await openHouse({ settled: false })
})
afterAll(() => house?.close())

const ACTIONS_MAX = 40
const SAMPLE_WITHIN_MS = 300_000

function counting() {
  let count = 0
  return {
    count: () => count,
    press: async (what: Locator) => {
      count += 1
      await what.click()
    },
    /** A field that is filled is one action, however long the word. */
    write: async (where: Locator, text: string) => {
      count += 1
      await where.fill(text)
    },
    choose: async (where: Locator, value: string) => {
      count += 1
      await where.selectOption(value)
    },
  }
}

const step = (page: Page, name: string) => page.waitForURL(({ pathname }) => pathname === `/begin/${name}`)

test('from nothing to a first live journey in fewer than 40 actions', { timeout: 420_000 }, async () => {
  const { page, reads, context, complaints } = await house.room(house.ownerLink, { width: 1440, dark: false })
  const { press, write, choose, count } = counting()
  await write(page.getByLabel('Your name'), 'Nell Ashworth')
  await write(page.getByLabel('Email'), 'nell@example.org')
  await write(page.getByLabel('Password', { exact: true }), PASSWORD)
  await write(page.getByLabel('Its name'), 'Alder & Lane')
  await choose(page.getByLabel('Your trade'), 'photographer')
  await press(page.getByRole('button', { name: 'Open the business' }))

  await step(page, 'week')
  await page.getByText('London time').waitFor()
  await press(page.getByRole('button', { name: 'Saturday' }))
  await reads('week')
  // Beside it, and counted by nobody: a studio to look round in is loaded meanwhile.
  await page.getByRole('button', { name: 'Load the sample studio' }).click()
  await page.getByRole('progressbar', { name: 'A season passes' }).waitFor()
  await press(page.getByRole('button', { name: 'Keep these and go on' }))

  await step(page, 'template')
  await press(page.getByLabel('Your next wedding'))
  await write(page.getByLabel('Type the date'), '2028-06-10')
  await press(page.getByRole('heading', { level: 1 }))
  await page.waitForURL(({ searchParams }) => searchParams.get('on') === '2028-06-10')
  await press(page.getByRole('button', { name: 'Booked to wedding' }))
  await page.getByText('Fri 9 June').first().waitFor()
  await reads('template')
  await press(page.getByRole('button', { name: 'Use this template' }))

  // Left, and resumed: the draft is there, and the way goes on behind it.
  await step(page, 'couple')
  await page.goto('/begin')
  await step(page, 'couple')
  await write(page.getByLabel('One of them'), 'Esther Lindqvist')
  await write(page.getByLabel('The other'), 'Noah Brandt')
  await press(page.getByRole('button', { name: 'Add them and see what they get' }))
  await page.getByText('Their email address is missing.').waitFor()
  await write(page.getByLabel('Email'), 'esther@example.org')
  await press(page.getByLabel('They marry on'))
  await write(page.getByLabel('Type the date'), '2028-06-10')
  await press(page.getByRole('heading', { level: 1 }))
  // Where they stand is known of the journey that was chosen.
  expect(await page.getByLabel('They stand at').inputValue()).toBe('booked')
  await reads('couple')
  await press(page.getByRole('button', { name: 'Add them and see what they get' }))

  await step(page, 'live')
  await page.getByText('See you tomorrow!').waitFor()
  await reads('live')
  await press(page.getByRole('button', { name: 'Make it live for Esther & Noah' }))
  await page.getByText('It is live.').waitFor()
  await reads('done')
  console.log(`from nothing to a live journey: ${count()} actions`)
  expect(count()).toBeLessThan(ACTIONS_MAX)

  // And it is: the couple are on it.
  await page.getByRole('link', { name: 'Journeys', exact: true }).click()
  await page.getByRole('heading', { name: 'One journey is active; one couple is on their way.' }).waitFor()

  await page.getByRole('link', { name: 'Clients', exact: true }).click()
  await page.getByRole('row', { name: /Esther Lindqvist.*Booked/ }).waitFor()

  await page.goto('/begin/week')
  await page.getByRole('link', { name: 'Look round' }).click({ timeout: SAMPLE_WITHIN_MS })
  await page.getByText('This is the sample studio.').waitFor()
  await page.getByRole('heading', { name: '40 couples in your book, the newest first.' }).waitFor()
  await reads('sample')
  await page.getByRole('button', { name: 'Back to Alder & Lane' }).click()
  await page.getByText('This is the sample studio.').waitFor({ state: 'detached' })
  await page.goto('/begin/week')
  await page.getByRole('button', { name: 'Remove it' }).click()
  await page.getByText('The sample studio is removed', { exact: true }).first().waitFor()
  await page.getByRole('button', { name: 'Load the sample studio' }).waitFor()
  expect(complaints).toEqual([])
  await context.close()
})
