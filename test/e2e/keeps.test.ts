import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readClient } from '../../src/contract/clients.ts'
import { changeWedding } from '../../src/contract/weddings.ts'
import { bookedToWedding } from '../fixtures/booked-to-wedding.ts'
import { publish } from './foresight-scene.ts'
import { type House, openHouse } from './house.ts'

/** What one is at stays at hand: nothing lies over it, a reload does not lose it, and a lost line does not either. */
let house: House
beforeAll(async () => {
  house = await openHouse()
}, 120_000)
afterAll(() => house?.close())

const WIDE = { width: 1440, dark: false } as const
const PHONE = { width: 390, dark: true } as const

/** Whether a toast lies over what is open. */
async function liesOver(page: Page): Promise<boolean> {
  const [open, ...toasts] = await Promise.all(
    [page.getByRole('dialog'), ...(await toast(page).all())].map((one) => one.boundingBox()),
  )
  return toasts.some(
    (one) =>
      one &&
      open &&
      one.x < open.x + open.width &&
      open.x < one.x + one.width &&
      one.y < open.y + open.height &&
      open.y < one.y + one.height,
  )
}
const toast = (page: Page) => page.locator('.toasts li')

test.each([WIDE, PHONE])(
  'what can be undone is said beside what is open, never over its buttons: $width',
  async (look) => {
    const { page, context, complaints } = await house.room(`/clients/${house.couple}`, look)
    await page.getByLabel('Stage').selectOption('planning')
    await toast(page).waitFor()
    const edit = page.getByRole('button', { name: 'Edit', exact: true })
    // Where the popover opens to the foot of the window, over the toast's usual place.
    await page.setViewportSize({ width: look.width, height: look.width === 1440 ? 680 : 844 })
    const { y = 0 } = (await edit.boundingBox()) ?? {}
    await page.evaluate(`scrollBy(0, ${y} - (innerHeight - 340))`)
    await edit.click()
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).waitFor()
    await expect.poll(() => liesOver(page)).toBe(false)
    expect(await toast(page).count()).toBe(1)
    if (process.env.STORY_PICTURES)
      await page.screenshot({ path: `${process.env.STORY_PICTURES}/toast-popover-${look.width}.png` })
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()

    await page.getByRole('button', { name: 'Something happened' }).click()
    await page.getByRole('dialog').getByRole('button').last().waitFor()
    await expect.poll(() => liesOver(page)).toBe(false)
    expect(await toast(page).count()).toBe(1)
    if (process.env.STORY_PICTURES)
      await page.screenshot({ path: `${process.env.STORY_PICTURES}/toast-sheet-${look.width}.png` })
    expect(complaints).toEqual([])
    await context.close()
  },
)

test('of two changes of a wedding the second is offered to be undone, and then the first', async () => {
  const { api, vendor } = house.owner()
  const { data } = await api(readClient, { params: { vendor, client: house.couple } })
  const params = { vendor, wedding: data.wedding?.id ?? '' }
  for (const body of [{ guests: 80 }, { region: 'IT' }])
    await api(changeWedding, { params, body, ifMatch: '*' })
  const { page, context, complaints } = await house.room(`/clients/${house.couple}`, WIDE)
  const undo = page.getByRole('button', { name: 'Undo the change' })
  await page.getByText('Italy').waitFor()
  await undo.click()
  await page.getByText('Italy').waitFor({ state: 'detached' })
  await undo.click()
  await page.getByText('142 guests').waitFor()
  await undo.waitFor({ state: 'detached' })
  expect(complaints).toEqual([])
  await context.close()
})

test('what was begun for many couples is still followed after a reload, and can be taken back', async () => {
  const { page, context, complaints, reads } = await house.room('/clients', WIDE)
  await page.getByLabel('Select all').click()
  await page.getByRole('button', { name: 'With them' }).click()
  await page.getByRole('menuitem', { name: 'Add a tag …' }).click()
  await page.getByLabel('Tag', { exact: true }).last().fill('autumn')
  await page.getByRole('button', { name: 'Tag them' }).click()
  const followed = page.getByRole('region', { name: 'Tagging 1 couple “autumn”' })
  await followed.waitFor()
  await page.reload()
  await followed.getByText('Tagging 1 couple “autumn”: done').waitFor()
  await reads('a job after a reload')
  // Neither does a look into another room.
  await page.getByRole('link', { name: 'Journeys', exact: true }).click()
  await page.getByRole('link', { name: 'Clients', exact: true }).click()
  await followed.getByRole('button', { name: 'Undo' }).click()
  const back = page.getByRole('region', { name: 'Taking it back' })
  await back.getByText('Taking it back: done').waitFor()
  await page.reload()
  await back.getByRole('button', { name: 'Close' }).click()
  await page.reload()
  await page.getByLabel('Select all').waitFor()
  expect(await back.count()).toBe(0)
  expect(complaints).toEqual([])
  await context.close()
})

const STAYS = 'window.stays'
const FETCHED_LATER = /could not be fetched/

test('a room that cannot be fetched comes by itself when the line is back, in a page that was never lost', async () => {
  const { page, context, reads } = await house.room('/clients', WIDE)
  await page.getByLabel('Find a couple').fill('Mia')
  await page.waitForURL(({ searchParams }) => searchParams.get('search') === 'Mia')
  await page.evaluate(`${STAYS} = true`)
  await context.setOffline(true)
  await page.getByRole('link', { name: 'Forms', exact: true }).click()
  await page.getByRole('heading', { name: FETCHED_LATER }).waitFor()
  await page.getByText('No connection to the server').waitFor()
  await reads('room not fetched wide')
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByRole('link', { name: 'Clients', exact: true }).click()
  await page.getByLabel('Find a couple').waitFor()
  await page.getByRole('link', { name: 'Forms', exact: true }).click()
  await page.getByRole('heading', { name: FETCHED_LATER }).waitFor()
  await context.setOffline(false)
  await page
    .getByRole('link', { name: 'Make a form' })
    .or(page.getByRole('button', { name: /form/i }))
    .first()
    .waitFor()
  expect(await page.getByRole('heading', { name: FETCHED_LATER }).count()).toBe(0)
  expect(await page.evaluate(STAYS)).toBe(true)
  await context.close()
})

test('a part of the designer that cannot be fetched leaves what is drawn and typed, on a phone too', async () => {
  const journey = await publish(house, bookedToWedding)
  const { page, context, reads } = await house.room(`/journeys/${journey}`, PHONE)
  await page.evaluate(`${STAYS} = true`)
  await context.setOffline(true)
  await page.getByRole('radio', { name: 'Live' }).click()
  await page.getByText(FETCHED_LATER).waitFor()
  await reads('part not fetched phone', ['label-content-name-mismatch'])
  await page.getByRole('radio', { name: 'Build' }).click()
  await page
    .getByRole('button', { name: /The planning guide/ })
    .first()
    .waitFor()
  await page.getByRole('radio', { name: 'Live' }).click()
  await context.setOffline(false)
  await page
    .getByText('Nobody is on their way', { exact: false })
    .or(page.getByText(/couples? (is|are) on their way/))
    .first()
    .waitFor()
  expect(await page.evaluate(STAYS)).toBe(true)
  await context.close()
})

test('a part that is not there though the line holds is asked for again by hand', async () => {
  const { page, context } = await house.room('/clients', WIDE)
  await page.route('**/assets/Forms-*.js', (route) => route.abort())
  await page.evaluate(`${STAYS} = true`)
  await page.getByRole('link', { name: 'Forms', exact: true }).click()
  await page.getByText('the app was renewed', { exact: false }).waitFor()
  await page.unroute('**/assets/Forms-*.js')
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByRole('heading', { name: FETCHED_LATER }).waitFor({ state: 'detached' })
  expect(await page.evaluate(STAYS)).toBe(true)
  await context.close()
})

test.each([WIDE, PHONE])(
  'a sheet of the frame that cannot be fetched says so over the room, and opens then: $width',
  async (look) => {
    const { page, context } = await house.room('/kit', look)
    await page.route('**/assets/CommandPalette-*.js', (route) => route.abort())
    await page.goto('/clients')
    await page.getByLabel('Find a couple').fill('Mia')
    await page.evaluate('document.activeElement?.blur()')
    await page.keyboard.press('Control+k')
    await page.getByText(FETCHED_LATER).waitFor()
    if (process.env.STORY_PICTURES)
      await page.screenshot({ path: `${process.env.STORY_PICTURES}/sheet-not-fetched-${look.width}.png` })
    await page.unroute('**/assets/CommandPalette-*.js')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByPlaceholder('A couple, a journey, a message, or what to do').waitFor()
    await page.keyboard.press('Escape')
    expect(await page.getByLabel('Find a couple').inputValue()).toBe('Mia')
    await context.close()
  },
)
