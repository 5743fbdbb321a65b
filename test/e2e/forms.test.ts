import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readClient } from '../../src/contract/clients.ts'
import {
  addForm,
  listForms,
  makeFormLink,
  publishForm,
  readFormDraft,
  readFormVersion,
  withdrawSending,
} from '../../src/contract/forms.ts'
import { addJourney, readDraft } from '../../src/contract/journeys.ts'
import { listMessages, readMessage } from '../../src/contract/messages.ts'
import { publishJourney } from '../../src/contract/publications.ts'
import { startRun } from '../../src/contract/runs.ts'
import { everything } from '../fixtures/forms.ts'
import { type House, openHouse, PASSWORD } from './house.ts'

/** A form from its first question to a couple's answer on a phone, and the journey that goes on with it. */
let house: House
beforeAll(async () => {
  house = await openHouse()
}, 180_000)
afterAll(() => house?.close())

const saved = (page: Page) =>
  page
    .getByRole('status')
    .filter({ hasText: /^Saved$/ })
    .waitFor()

test('a form is put together at a desk, by keyboard too, and published', { timeout: 120_000 }, async () => {
  const { page, reads, context, complaints } = await house.room('/forms', { width: 1440, dark: false })
  await page.getByRole('heading', { name: 'Your first form goes here' }).waitFor()
  await reads('empty')
  await page.getByRole('button', { name: 'New form' }).click()
  await page.getByLabel('Its name').fill('Final details')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Final details' }).waitFor()
  await page.getByRole('button', { name: 'Publish, 1 thing is open' }).waitFor()

  const palette = page.getByRole('region', { name: 'Add a question' })
  await palette.getByRole('button', { name: 'Yes or no' }).click()
  await page.getByLabel('The question').fill('Would you like to see each other before?')
  await palette.getByRole('button', { name: 'Short text' }).click()
  await page.getByLabel('The question').fill('And where?')
  await page
    .getByLabel('Shown', { exact: true })
    .selectOption({ label: 'By “Would you like to see each other before?”' })
  await page.getByText('An answer is needed').click()
  await palette.getByRole('button', { name: 'Number' }).click()
  await page.getByLabel('The question').fill('How many guests?')
  await page.getByLabel('Written back to').selectOption({ label: 'Wedding: guests' })
  await saved(page)
  await reads('builder')

  // By its handle and the arrows, and back again.
  const third = page.getByRole('button', { name: 'Move How many guests?' })
  await third.focus()
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('ArrowUp')
  const order = () => page.locator('ol > li').allInnerTexts()
  expect((await order())[0]).toContain('How many guests?')
  await page.keyboard.press('Control+z')
  expect((await order())[2]).toContain('How many guests?')
  await saved(page)

  await page.getByRole('radio', { name: 'Preview' }).click()
  const frame = page.frameLocator('iframe')
  await frame.getByRole('heading', { name: 'Final details' }).waitFor()
  expect(await frame.getByText('And where?').isVisible()).toBe(false)
  await frame.getByText('Yes', { exact: true }).click()
  await frame.getByText('And where?').waitFor()
  await reads('preview')

  await page.getByRole('radio', { name: 'Questions' }).click()
  await page.getByRole('button', { name: 'Publish', exact: true }).click()
  await page.getByText('Published as version 1.').first().waitFor()
  await page.reload()
  await page.getByText('How many guests?').first().waitFor()

  // A second version is published, and taken back: what was asked before is asked again, what was written stays.
  await page.getByText('How many guests?').first().click()
  await page.getByLabel('The question').fill('How many will you be?')
  await page.getByRole('button', { name: 'Publish version 2' }).click()
  await page.getByText('Published as version 2.').first().waitFor()
  await page.getByRole('button', { name: 'Undo', exact: true }).last().click()
  await page.getByText('The questions of version 1 are asked again, as version 3').first().waitFor()
  const { api, vendor } = house.owner()
  const form = (await api(listForms, { params: { vendor } })).data.items[0]!
  const params = { vendor, form: form.id }
  const asked = (await api(readFormVersion, { params: { ...params, version: 3 } })).data.document
  expect(JSON.stringify(asked)).toContain('How many guests?')
  expect([form.version, form.changed]).toEqual([3, true])
  await page.getByText('How many will you be?').first().waitFor()
  await page.getByLabel('The question').fill('How many guests?')
  await page
    .getByText(/^Saved/)
    .first()
    .waitFor()
  expect(complaints).toEqual([])
  await context.close()
})

test('a couple fills it on a phone, leaves in the middle, comes back, and the journey goes on', {
  timeout: 240_000,
}, async () => {
  const { api, vendor } = house.owner()
  const journey = await api(addJourney, { params: { vendor }, body: { document: asks } })
  const here = { vendor, journey: journey.data.id }
  const { etag } = await api(readDraft, { params: here })
  await api(publishJourney, { params: here, body: {}, ifMatch: etag! })
  await api(startRun, { params: { vendor, client: house.couple }, body: { journey: journey.data.id } })
  const link = await letterWithLink()

  const phone = await house.room(link, { width: 390, dark: false })
  await phone.page.getByRole('heading', { name: 'Final details' }).waitFor()
  await phone.reads('phone')
  await phone.page.getByText('Yes', { exact: true }).click()
  await phone.page.getByLabel('And where?').fill('In the olive grove')
  await phone.page.getByText('3 of 3 answered, saved just now').waitFor()
  await phone.context.close()

  // On another device, in the evening.
  const later = await house.room(link, { width: 390, dark: true })
  expect(await later.page.getByLabel('And where?').inputValue()).toBe('In the olive grove')
  await later.page.getByLabel('How many guests?').fill('about ninety')
  await later.page.getByRole('button', { name: 'Send our answers' }).click()
  await later.page.getByText('This is not a number.').waitFor()
  expect(await later.page.getByLabel('How many guests?').inputValue()).toBe('about ninety')
  await later.reads('phone wrong dark')
  await later.page.getByLabel('How many guests?').fill('96')
  await later.page.getByRole('button', { name: 'Send our answers' }).click()
  await later.page.getByRole('heading', { name: 'Thank you, we have it all.' }).waitFor()
  await later.reads('phone thanks dark')
  expect([...phone.complaints, ...later.complaints.filter((one) => !one.includes('422'))]).toEqual([])
  await later.context.close()

  const couple = await goesOn()
  expect(couple.tags).toContain('details_known')
  expect(couple.wedding?.guests).toBe(96)

  const { page, reads, context } = await house.room('/forms', { width: 1440, dark: false })
  await page.getByRole('link', { name: '1 answered Final details' }).click()
  await page.getByText('In the olive grove').first().waitFor()
  await reads('answers')
  await page.getByRole('button', { name: 'All answers as CSV' }).click()
  await page.getByLabel('Your password, once more').fill('not the password')
  await page.getByRole('button', { name: 'Make the file' }).click()
  await page.getByText('This is not your password.').waitFor()
  await reads('export refused')
  await page.getByLabel('Your password, once more').fill(PASSWORD)
  const file = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Make the file' }).click()
  expect((await file).suggestedFilename()).toBe('Final details answers.csv')
  // Behind their names stands every answer, and the door to them.
  await page.getByRole('link', { name: 'Mia Castellani & Jonas Brandt' }).click()
  const sheet = page.getByRole('dialog', { name: 'Mia Castellani & Jonas Brandt' })
  await sheet.getByText('In the olive grove').waitFor()
  await sheet.getByText('96', { exact: true }).waitFor()
  await reads('one answer')
  await page.reload()
  await sheet.getByRole('link', { name: 'Open the couple' }).click()
  await page.getByRole('heading', { level: 1, name: 'Mia Castellani & Jonas Brandt' }).waitFor()
  await context.close()
})

test('its letter is written with words of the couple, and read as they would get it, before anybody is asked', {
  timeout: 60_000,
}, async () => {
  const { api, vendor } = house.owner()
  const { data } = await api(addJourney, {
    params: { vendor },
    body: { document: { ...asks, name: 'Once more' } },
  })
  const at = `/journeys/${data.id}?step=ask`
  const { page, reads, context, complaints } = await house.room(at, { width: 1440, dark: false })
  const words = page.getByLabel('Words', { exact: true })
  await words.fill('Dear , a few questions.')
  await words.evaluate('document.activeElement.setSelectionRange(5, 5)')
  await page.getByRole('button', { name: 'Field' }).nth(1).click()
  await page.getByLabel('Find a field').fill('client.names')
  await page.keyboard.press('Enter')
  expect(await words.inputValue()).toBe('Dear {{ client.names }}, a few questions.')
  await reads('step with a form')
  await page.getByRole('button', { name: 'Preview' }).click()
  const letter = page.frameLocator('iframe')
  await letter.getByText('Dear Mia & Jonas, a few questions.').waitFor()
  await letter.getByRole('link', { name: 'Open the form' }).waitFor()
  await reads('its letter')
  await page.getByRole('button', { name: 'Send it to me' }).click()
  await page.getByText('It lies in the captured mailbox, addressed to', { exact: false }).waitFor()
  expect(complaints).toEqual([])
  await context.close()
})

test('without any script it is saved, walked in parts and sent all the same', {
  timeout: 60_000,
}, async () => {
  const { api, vendor } = house.owner()
  const added = await api(addForm, { params: { vendor }, body: { name: 'Everything', document: everything } })
  const here = { vendor, form: added.data.id }
  const { etag } = await api(readFormDraft, { params: here })
  await api(publishForm, { params: here, ifMatch: etag! })
  const { data } = await api(makeFormLink, { params: here, body: { client: house.couple } })
  const context = await house.browser.newContext({
    javaScriptEnabled: false,
    viewport: { width: 390, height: 844 },
  })
  const page = await context.newPage()
  await page.goto(data.url)
  await page.getByLabel('Where do you get ready?').fill('Villa Ombrellina')
  await page.getByRole('button', { name: 'Go on' }).click()
  await page.getByText('part 2 of 3').waitFor()
  await page.getByText('Yes', { exact: true }).click()
  await page.getByRole('button', { name: 'Go on' }).click()
  // What a script would have shown at once is asked for now.
  await page.getByLabel('And where?').fill('By the lake')
  await page.getByRole('button', { name: 'Go on' }).click()
  await page.getByText('part 3 of 3').waitFor()
  await page.getByText('Family', { exact: true }).check()
  await page.getByLabel('Name').first().fill('Nonna Adele')
  await page.getByRole('button', { name: 'Send our answers' }).click()
  await page.getByRole('heading', { name: 'Thank you, we have it all.' }).waitFor()
  await page.getByText('By the lake').waitFor()
  await context.close()
  const { data: forms } = await api(listForms, { params: { vendor } })
  expect(forms.items.find((one) => one.id === here.form)?.answered).toBe(1)
})

test('every side of a form reads well on a phone and in the dark', { timeout: 90_000 }, async () => {
  const { api, vendor } = house.owner()
  const { data } = await api(listForms, { params: { vendor } })
  const { id } = data.items.find((one) => one.name === 'Everything')!
  const link = await api(makeFormLink, { params: { vendor, form: id }, body: { client: house.couple } })
  const phone = await house.room('/forms', { width: 390, dark: false })
  await phone.page.getByRole('link', { name: 'Everything', exact: true }).click()
  await phone.page.getByText('Which light?').click()
  await phone.page.getByLabel('Option 2', { exact: true }).waitFor()
  await phone.reads('panel 390')
  await phone.page.getByRole('button', { name: 'Done' }).click()
  await phone.page.getByRole('radio', { name: 'Waited for' }).click()
  await phone.page.getByRole('table', { name: 'Not answered yet' }).waitFor()
  await phone.reads('waiting 390')
  await phone.context.close()
  const dark = await house.room('/forms', { width: 390, dark: true })
  await dark.page.getByRole('link', { name: '1 answered Final details' }).click()
  await dark.page.getByRole('button', { name: 'All answers as CSV' }).click()
  await dark.page.getByLabel('Your password, once more').waitFor()
  await dark.reads('export 390 dark')
  expect(dark.complaints).toEqual([])
  await dark.context.close()
  const desk = await house.room(`/forms/${id}`, { width: 1440, dark: true })
  await desk.page.getByText('Which light?').waitFor()
  await desk.reads('build 1440 dark')
  expect([...phone.complaints, ...desk.complaints]).toEqual([])
  await desk.context.close()
  const page = await house.room(new URL(link.data.url).pathname, { width: 1440, dark: true })
  await page.reads('page 1440 dark')
  await api(withdrawSending, { params: { vendor, sending: link.data.sending } })
  await page.page.reload()
  await page.page.getByRole('heading', { name: 'This form was taken back.' }).waitFor()
  await page.reads('taken back')
  await page.context.close()
})

const asks = {
  format: 1,
  name: 'Details',
  category: 'planning',
  reentry: 'never',
  nodes: [
    { id: 'begin', kind: 'trigger', type: 'manual' },
    {
      id: 'ask',
      kind: 'module',
      type: 'form',
      version: 1,
      class: 'transactional',
      config: {
        form: 'final-details',
        subject: 'Your final details',
        body: 'Three short questions.',
        answerBy: { before: { days: 7 }, of: 'wedding', at: '10:00' },
      },
    },
    { id: 'known', kind: 'action', do: { addTag: 'details_known' } },
  ],
  edges: [
    { from: 'begin', to: 'ask' },
    { from: 'ask', exit: 'submitted', to: 'known' },
  ],
}

/** The worker of the house is at work: its letter comes by itself. */
async function letterWithLink(): Promise<string> {
  const { api, vendor } = house.owner()
  return eventually(async () => {
    const { data } = await api(listMessages, { params: { vendor }, query: { client: house.couple } as never })
    const sent = data.items.find((one) => one.node === 'ask')
    if (!sent) return null
    const { data: whole } = await api(readMessage, { params: { vendor, message: sent.id } as never })
    const found = /\/f\/[\w-]{64}/.exec(String(whole.content?.text ?? ''))
    return found?.[0] ?? null
  })
}

const goesOn = () =>
  eventually(async () => {
    const { api, vendor } = house.owner()
    const { data } = await api(readClient, { params: { vendor, client: house.couple } })
    return data.tags.includes('details_known') ? data : null
  })

const PATIENCE_TRIES = 900
/** Asks until it is there. */
async function eventually<T>(ask: () => Promise<T | null>): Promise<T> {
  for (let tries = 0; tries < PATIENCE_TRIES; tries += 1) {
    const answer = await ask()
    if (answer !== null) return answer
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('It did not come.')
}
