import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
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
