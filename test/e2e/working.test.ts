import { afterAll, beforeAll, expect, test } from 'vitest'
import { addClient, changeClient, readClient } from '../../src/contract/clients.ts'
import { tellEvent } from '../../src/contract/events.ts'
import { changeVendor, readVendor } from '../../src/contract/vendors.ts'
import { type House, openHouse } from './house.ts'

/** Work that meets something: a long book, a colleague who was quicker, a line that breaks. */
let house: House
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house?.close())

const DESK = { width: 1440, dark: false } as const

test('somebody else was quicker: what they did is shown, and nothing of it is written over', async () => {
  const { api, vendor } = house.owner()
  const { page, context } = await house.room(`/clients/${house.couple}`, DESK)
  const stage = page.getByLabel('Stage')
  await stage.waitFor()
  const params = { vendor, client: house.couple }
  await api(changeClient, { params, body: { stage: 'planning' }, ifMatch: '*' })
  await stage.selectOption('lost')
  await page.getByText('Somebody changed this while you looked at it.', { exact: false }).first().waitFor()
  await expect.poll(() => stage.inputValue()).toBe('planning')
  expect((await api(readClient, { params })).data.stage).toBe('planning')
  // Made on what is there now, it is taken.
  await stage.selectOption('after')
  await page.getByText('Mia & Jonas: After', { exact: true }).first().waitFor()
  expect((await api(readClient, { params })).data.stage).toBe('after')
  await context.close()
})

test('two people change the settings: the second sees the first’s before theirs are taken, and may undo', async () => {
  const { api, vendor } = house.owner()
  const params = { vendor }
  const name = async () => (await api(readVendor, { params })).data.name
  const { page, context } = await house.room('/settings', DESK)
  await page.getByLabel('Name').waitFor()
  await api(changeVendor, { params, body: { name: 'Alder, Lane & Co' }, ifMatch: '*' })
  await page.getByLabel('Name').fill('Alder Lane')
  await page.getByRole('button', { name: 'Save the changes' }).click()
  await expect.poll(() => page.getByLabel('Name').inputValue()).toBe('Alder, Lane & Co')
  expect(await name()).toBe('Alder, Lane & Co')
  await page.getByLabel('Name').fill('Alder & Lane')
  await page.getByRole('button', { name: 'Save the changes' }).click()
  await page.getByText('Saved', { exact: true }).first().waitFor()
  expect(await name()).toBe('Alder & Lane')
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByText('Back to what it was', { exact: true }).first().waitFor()
  expect(await name()).toBe('Alder, Lane & Co')
  await expect.poll(() => page.getByLabel('Name').inputValue()).toBe('Alder, Lane & Co')
  await context.close()
})

test('an answer that is lost on the way makes no couple twice', async () => {
  const { page, context } = await house.room('/clients?add=true', DESK)
  let sent = 0
  await page.route('**/api/v1/vendors/*/clients', async (route) => {
    if (route.request().method() !== 'POST') return route.continue()
    sent += 1
    if (sent > 1) return route.continue()
    // It arrives and is done; only the answer is lost.
    await route.fetch()
    await route.abort('connectionreset')
  })
  await page.getByLabel('Name').first().fill('Ines Duarte')
  await page.getByRole('button', { name: 'Add the couple' }).click()
  await page.getByRole('heading', { level: 1, name: 'Ines Duarte' }).waitFor()
  expect(sent).toBe(2)
  await page.goto('/clients?search=duarte')
  await page.getByRole('heading', { name: 'One couple by “duarte”.' }).waitFor()
  await context.close()
})

test('a slip of the hand goes again: a couple, and the other one of a couple; what has happened since keeps them', async () => {
  const { api, vendor } = house.owner()
  const { page, context, reads, complaints } = await house.room('/clients?add=true', DESK)
  await page.getByLabel('Name').first().fill('Slip Ofhand')
  await page.getByRole('button', { name: 'Add the couple' }).click()
  await page.getByText('Slip are in your book', { exact: true }).first().waitFor()
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByText('Slip are out of your book', { exact: true }).first().waitFor()
  await page.goto('/clients?search=ofhand')
  await page.getByRole('heading', { name: 'No couple fits that' }).waitFor()

  const body = { people: [{ ref: 'partner_a', name: 'Rosa Lind' }] }
  const { data: rosa } = await api(addClient, { params: { vendor }, body })
  await page.goto(`/clients/${rosa.id}`)
  const addTheOther = async (name: string): Promise<void> => {
    await page.getByRole('button', { name: 'Add the other' }).click()
    const sheet = page.getByRole('dialog', { name: 'Add the other one' })
    await sheet.getByLabel('Name').fill(name)
    await sheet.getByRole('button', { name: 'Save' }).click()
    await page.getByText(`${name} is written down`, { exact: true }).first().waitFor()
  }
  await addTheOther('Wrong Person')
  await page.getByRole('heading', { level: 1, name: 'Rosa Lind & Wrong Person' }).waitFor()
  await reads('the other one is added')
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByText('Wrong Person is out again', { exact: true }).first().waitFor()
  await page.getByRole('heading', { level: 1, name: 'Rosa Lind', exact: true }).waitFor()
  const params = { vendor, client: rosa.id }
  expect((await api(readClient, { params })).data.people).toHaveLength(1)

  // Meanwhile they have signed: whoever is with them now stays, and the screen says why.
  await addTheOther('Ida Falk')
  await api(tellEvent, { params, body: { type: 'contract_signed' } })
  await page.getByRole('button', { name: 'Undo' }).click()
  await page
    .getByText(/^They stay with the couple\. Something has happened .* edit them instead\.$/)
    .first()
    .waitFor()
  await reads('the other one stays')
  expect((await api(readClient, { params })).data.name).toBe('Rosa Lind & Ida Falk')
  // Whose page is open hears that they are gone, and may ask for them once more before it is left.
  expect(complaints.filter((one) => !/\b40[49]\b/.test(one))).toEqual([])
  await context.close()
})

const MANY = 330
test('a long book comes in pages as it is scrolled, and only what is in view is drawn', {
  timeout: 180_000,
}, async () => {
  const { api, vendor } = house.owner()
  for (let one = 0; one < MANY; one += 1) {
    const name = `Couple ${String(one).padStart(3, '0')}`
    await api(addClient, {
      params: { vendor },
      body: { people: [{ ref: 'partner_a', name }], tags: ['many'] },
    })
  }
  const { page, context } = await house.room('/clients?tag=many', DESK)
  await page.getByRole('heading', { name: 'More than 200 couples with the tag “many”.' }).waitFor()
  const list = page.getByRole('region', { name: 'Couples' })
  await list.getByText('Couple 329', { exact: true }).waitFor()
  await list.evaluate((element: { scrollTop: number }) => {
    element.scrollTop = 1e9
  })
  await page.getByRole('heading', { name: `${MANY} couples with the tag “many”.` }).waitFor()
  await list.evaluate((element: { scrollTop: number }) => {
    element.scrollTop = 1e9
  })
  await list.getByText('Couple 000', { exact: true }).waitFor()
  expect(await list.locator('tbody tr').count()).toBeLessThan(60)
  await context.close()
})
