import { randomUUID } from 'node:crypto'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addClient } from '../../src/contract/clients.ts'
import { type House, openHouse } from './house.ts'

/** A page that stays open: what others do appears, and a lost line is found again with nothing missing and nothing double. */
let house: House
beforeAll(async () => {
  house = await openHouse()
}, 120_000)
afterAll(() => house.close())

const live = (page: Page, is: 'yes' | 'no') => page.locator(`html[data-live=${is}]`).waitFor()
const couples = (page: Page, name: string) => page.getByRole('row').filter({ hasText: name })

async function arrives(name: string): Promise<void> {
  const { api, vendor } = house.owner()
  await api(addClient, {
    params: { vendor },
    body: { people: [{ ref: 'partner_a', name }] },
    key: randomUUID(),
  })
}

test('what happens elsewhere appears; while the line is lost it waits, and then all of it is there, once', async () => {
  const { page, context, complaints } = await house.room('/clients', { width: 1440, dark: false })
  await live(page, 'yes')
  await arrives('Erin Alder')
  await couples(page, 'Erin Alder').waitFor()
  expect(complaints).toEqual([])

  await context.setOffline(true)
  await page.getByText('No connection to the server').waitFor()
  await live(page, 'no')
  await arrives('Meanwhile One')
  await arrives('Meanwhile Two')
  await context.setOffline(false)
  await page.getByText('Connected again').first().waitFor()
  await couples(page, 'Meanwhile Two').waitFor()
  await live(page, 'yes')
  await arrives('Erin Later')
  await couples(page, 'Erin Later').waitFor()
  for (const name of ['Erin Alder', 'Meanwhile One', 'Meanwhile Two', 'Erin Later'])
    expect(await couples(page, name).count(), name).toBe(1)
  await context.close()
})
