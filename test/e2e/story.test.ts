import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { base32, totp } from '../accounts/authenticator.ts'
import { type House, type Look, openHouse, PASSWORD } from './house.ts'

/**
 * From nothing: the first start's link, a business, a couple, a colleague. Through the real server and a database
 * that nobody has written to before, at a desk and on a phone.
 */
let house: House
beforeAll(async () => {
  house = await openHouse({ settled: false })
})
afterAll(() => house?.close())

const DESK: Look = { width: 1440, dark: false }
const PHONE: Look = { width: 390, dark: false }
/** How Chromium tells of a request, and of a line that was just being opened, after the session has ended. */
const REFUSED_AT_THE_DOOR = /401|HTTP Authentication failed/
const saysDone = (page: Page, words: string) => page.getByText(words, { exact: true }).first().waitFor()

const signsOut = (page: Page) =>
  page.getByRole('dialog', { name: 'Sign out of this browser?' }).getByRole('button', { name: 'Sign out' })

const clientsLink = (page: Page) =>
  page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Clients', exact: true })

/** Away from the book, and with the way back in the address. */
const sentToTheDoor = (page: Page) =>
  page.waitForURL(
    ({ pathname, searchParams }) =>
      pathname === '/sign-in' && /^\/clients($|\?business=)/.test(searchParams.get('back') ?? ''),
  )

let invitation = ''

test('the owner comes in by the link, meets a couple, and invites a colleague', {
  timeout: 120_000,
}, async () => {
  const { page, reads, context, complaints } = await house.room(house.ownerLink, DESK)
  expect(new URL(page.url()).hash).toBe('')
  await reads('open')
  await page.getByLabel('Your name').fill('Nell Ashworth')
  await page.getByLabel('Email').fill('nell@example.org')
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByLabel('Its name').fill('Alder & Lane')
  await page.getByLabel('Your trade').selectOption('photographer')
  await page.getByRole('button', { name: 'Open the business' }).click()

  // Opened is signed in.
  await page.getByText('Alder & Lane', { exact: true }).first().waitFor()
  await page.getByText('London time').waitFor()
  await reads('today')

  await clientsLink(page).click()
  await page.getByRole('heading', { name: 'Your book is still empty.' }).waitFor()
  await reads('no clients')
  await page.getByRole('button', { name: 'Add a couple' }).click()
  await page.getByRole('dialog', { name: 'Add a couple' }).waitFor()
  expect(page.url()).toContain('add=true')
  await page.getByRole('button', { name: 'Add the couple' }).click()
  await page.getByText('A name is missing.').waitFor()
  await reads('add a couple')
  await page.getByLabel('Name').first().fill('Mia Castellani')
  await page.getByLabel('Email').first().fill('mia@example.org')
  await page.getByLabel('Name').nth(1).fill('Jonas Brandt')
  await page.getByLabel('Date').click()
  await page.getByLabel('Type the date').fill('2027-07-17')
  await page.keyboard.press('Escape')
  await page.getByLabel('Guests').fill('142')
  await page.getByLabel('Tags').fill('destination')
  await page.getByRole('button', { name: 'Add the couple' }).click()
  await page.getByRole('heading', { level: 1, name: 'Mia Castellani & Jonas Brandt' }).waitFor()
  await page.getByText('Sat 17 July 2027').waitFor()
  await reads('client')

  // What is done at once can be taken back, and both are on the server.
  const stage = page.getByLabel('Stage')
  await stage.selectOption('booked')
  await saysDone(page, 'Mia & Jonas: Booked')
  await page.reload()
  expect(await stage.inputValue()).toBe('booked')
  await stage.selectOption('planning')
  await saysDone(page, 'Mia & Jonas: Planning')
  await reads('client with undo')
  await page.getByRole('button', { name: 'Undo' }).click()
  await saysDone(page, 'Back to what it was')
  await page.reload()
  expect(await stage.inputValue()).toBe('booked')
  await page.getByLabel('Another tag').fill('vip')
  await page.keyboard.press('Enter')
  await saysDone(page, 'Mia & Jonas: tag vip added')

  // Found by half a name, and the address tells it.
  await clientsLink(page).click()
  await page.getByLabel('Find a couple').fill('brandt')
  await page.getByRole('heading', { name: 'One couple by “brandt”.' }).waitFor()
  expect(new URL(page.url()).searchParams.get('search')).toBe('brandt')
  await reads('clients found')
  await page.getByLabel('Find a couple').fill('nobody')
  await page.getByRole('heading', { name: 'No couple fits that' }).waitFor()
  await reads('clients not found')
  await page.getByRole('button', { name: 'Show all couples' }).click()
  await page.getByRole('link', { name: 'Mia Castellani & Jonas Brandt' }).waitFor()

  // The same from anywhere, by keyboard.
  await page.keyboard.press('Control+k')
  await page.locator('[role=combobox]:focus').waitFor()
  await page.keyboard.type('castel')
  await page.getByRole('option', { name: 'Mia Castellani & Jonas Brandt' }).waitFor()
  await reads('palette couple')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Mia Castellani & Jonas Brandt' }).waitFor()

  await page.getByRole('link', { name: 'Journeys', exact: true }).click()
  await page.getByRole('heading', { name: 'No conversation is automated yet.' }).waitFor()
  await reads('journeys')

  await page.getByRole('link', { name: 'Settings', exact: true }).click()
  await page.getByLabel('Saturday').click()
  await page.getByRole('button', { name: 'Save the changes' }).click()
  await saysDone(page, 'Saved')
  await reads('settings business')
  await page.reload()
  await expect.poll(() => page.getByLabel('Saturday').getAttribute('data-state')).toBe('checked')

  await page.getByRole('link', { name: 'Members' }).click()
  await page.getByLabel('Email', { exact: true }).fill('sam@example.org')
  await page.getByLabel('As', { exact: true }).selectOption('viewer')
  await page.getByRole('button', { name: 'Send the link' }).click()
  await saysDone(page, 'A link is on its way to sam@example.org')
  await reads('settings members')

  await page.getByRole('link', { name: 'API keys' }).click()
  await page.getByLabel('What is it for?').fill('Website form')
  await page.getByLabel('tell that something happened').click()
  await page.getByLabel('Your password, once more').fill(PASSWORD)
  await page.getByRole('button', { name: 'Make the key' }).click()
  await page.getByText('The key for “Website form”, shown this once').waitFor()
  await reads('settings keys')
  await page.getByRole('link', { name: 'Record' }).click()
  await page.getByText('invited somebody as viewer').waitFor()
  await reads('settings record')
  await page.getByRole('link', { name: 'You', exact: true }).click()
  await page.getByText('Chrome on Linux, here').waitFor()
  await reads('settings you')

  // The letter lies in the captured mailbox.
  invitation = await mailed('join')
  expect(invitation).not.toBe('')

  await page.goto('/')
  await page.locator('main h1').waitFor()
  await page.keyboard.press('Control+k')
  await page.locator('[role=combobox]:focus').waitFor()
  await page.keyboard.type('sign out')
  await page.keyboard.press('Enter')
  await signsOut(page).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  await reads('signed out')
  // Nothing is left to go back to.
  await page.goto('/clients')
  await sentToTheDoor(page)
  expect(complaints.filter((one) => !REFUSED_AT_THE_DOOR.test(one))).toEqual([])
  await context.close()
})

test('the colleague comes in on a phone, sees, and may not change', { timeout: 120_000 }, async () => {
  const { page, reads, context, complaints } = await house.room(invitation, PHONE)
  await reads('phone join')
  await page.getByLabel('Your name').fill('Sam Okafor')
  await page.getByLabel('Password', { exact: true }).fill('another long passphrase')
  await page.getByRole('button', { name: 'Accept' }).tap()
  await page.getByRole('link', { name: 'Sign in' }).tap()

  await page.getByRole('heading', { name: 'Sign in' }).waitFor()

  // Whoever is sent to the door comes out where they wanted to go.
  await page.goto('/clients')
  await sentToTheDoor(page)
  await page.getByLabel('Email').fill('sam@example.org')
  await page.getByLabel('Password', { exact: true }).fill('not this one at all')
  await page.getByRole('button', { name: 'Sign in' }).tap()
  await page.getByRole('alert').waitFor()
  await reads('phone sign in refused')
  await page.getByLabel('Password', { exact: true }).fill('another long passphrase')
  await page.getByRole('button', { name: 'Sign in' }).tap()
  await page.waitForURL(({ pathname }) => pathname === '/clients')
  await page.getByRole('link', { name: 'Mia Castellani & Jonas Brandt' }).waitFor()
  await reads('phone clients')
  expect(await page.getByRole('button', { name: 'Add a couple' }).count()).toBe(0)
  await page.goto('/clients?add=true')
  await page.getByRole('link', { name: 'Mia Castellani & Jonas Brandt' }).waitFor()
  expect(await page.getByRole('dialog').count()).toBe(0)

  await page.getByRole('link', { name: 'Mia Castellani & Jonas Brandt' }).tap()
  await page.getByRole('heading', { level: 1, name: /Mia Castellani/ }).waitFor()
  const acting = /^(Move|Pause|Resume|Stop|Start|Edit|Skip|Send|Snooze|Add)/
  for (const role of ['button', 'link'] as const)
    expect(await page.getByRole('main').getByRole(role, { name: acting }).count()).toBe(0)
  await reads('phone client')
  await page.goto('/settings/members')
  await page.getByRole('main').getByText('Sam Okafor').waitFor()
  expect(await page.getByRole('main').locator('select, input, button').count()).toBe(0)
  await reads('phone members')
  await page.goto('/settings/keys')
  await page.getByText('As viewer you do not see this part.', { exact: false }).waitFor()
  await page.goto('/settings')
  await page.getByText('Monday, Tuesday, Wednesday, Thursday, Friday, Saturday').waitFor()
  await reads('phone business')

  await page.getByRole('button', { name: 'More' }).tap()
  await page.getByRole('button', { name: 'Sign out', exact: true }).tap()
  await signsOut(page).tap()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  expect(complaints.filter((one) => !REFUSED_AT_THE_DOOR.test(one))).toEqual([])
  await context.close()
})

/** The newest link of this kind that was mailed and captured. */
async function mailed(kind: 'reset' | 'open' | 'join'): Promise<string> {
  const letters = await (await fetch(`${house.url}/mailbox`)).text()
  return letters.match(new RegExp(`/${kind}#[A-Za-z0-9_-]+`))?.[0] ?? ''
}

async function signIn(page: Page, password: string): Promise<void> {
  await page.getByLabel('Email').fill('sam@example.org')
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).tap()
}
const THIRD = 'a third long passphrase'

test('the same door by letters: a new password, and a business of one’s own beside the other', {
  timeout: 60_000,
}, async () => {
  const { page, reads, context, complaints } = await house.room('/reset', PHONE)
  await page.getByLabel('Email').fill('sam@example.org')
  await page.getByRole('button', { name: 'Send me the link' }).tap()
  await page.getByRole('heading', { name: 'Look into your mail' }).waitFor()
  await reads('phone reset asked')
  await page.goto(await mailed('reset'))
  await page.getByLabel('New password').fill(THIRD)
  await page.getByRole('button', { name: 'Save the new password' }).tap()
  await page.getByRole('heading', { name: 'Your password is new' }).waitFor()

  await page.goto('/sign-up')
  await page.getByLabel('Your email').fill('sam@example.org')
  await page.getByRole('button', { name: 'Send me the link' }).tap()
  await page.getByRole('heading', { name: 'Look into your mail' }).waitFor()
  await page.goto(await mailed('open'))
  await page.getByLabel('Your name').fill('Sam Okafor')
  await page.getByLabel('Email').fill('sam@example.org')
  await page.getByLabel('Password', { exact: true }).fill(THIRD)
  await page.getByLabel('Its name').fill('Okafor Films')
  await page.getByLabel('Your trade').selectOption('other')
  await page.getByRole('button', { name: 'Open the business' }).tap()
  await page.getByRole('button', { name: 'More' }).waitFor()

  // From one to the other and from room to room: the address says for whom.
  await page.goto('/clients')
  await page.getByRole('button', { name: 'More' }).tap()
  const toFilms = page.getByRole('link', { name: 'To Okafor Films' })
  const toAlder = page.getByRole('link', { name: 'To Alder & Lane' })
  await toFilms.or(toAlder).waitFor()
  const wasAtAlder = await toFilms.isVisible()
  // An address that named none names theirs now.
  const first = new URL(page.url()).searchParams.get('business')
  expect(first).not.toBeNull()
  await toFilms.or(toAlder).tap()
  await page.waitForURL(({ searchParams }) => searchParams.get('business') !== first)
  await clientsLink(page).tap()
  await page.waitForURL(/clients[?]business=/)
  const book = page.getByRole('heading', {
    name: wasAtAlder ? 'Your book is still empty.' : 'One couple in your book, the newest first.',
  })
  await book.waitFor()
  await page.reload()
  await book.waitFor()
  // Of a business that is not theirs nothing is shown, and nothing of another in its place.
  complaints.length = 0
  await page.goto('/?business=01900000-0000-7000-8000-000000000000')
  await page.getByRole('heading', { name: 'You do not work for the business of this address.' }).waitFor()
  await reads('phone not yours')
  expect(complaints).toEqual([])
  await page
    .getByRole('link', { name: /^Go to / })
    .first()
    .tap()
  await page.getByRole('button', { name: 'More' }).waitFor()
  await context.close()
})

test('a second factor: begun with the password, asked for from then on', { timeout: 60_000 }, async () => {
  const { page, reads, context } = await house.room('/sign-in?back=%2Fsettings%2Fyou', PHONE)
  await signIn(page, THIRD)
  await page.waitForURL(({ pathname }) => pathname === '/settings/you')
  await page.getByLabel('Your password').fill(THIRD)
  await page.getByRole('button', { name: 'Begin' }).tap()
  await page.getByText('1. Tell your phone').waitFor()
  const uri = (await page.getByRole('link', { name: 'open it in an app' }).getAttribute('href')) ?? ''
  const code = () => totp(base32(new URL(uri).searchParams.get('secret') ?? ''))
  await reads('phone second factor')
  const spare =
    (await page.getByRole('main').locator('li.font-mono, ul.font-mono li').first().textContent()) ?? ''
  await page.getByLabel('3. The code your phone shows now').fill(code())
  await page.getByRole('button', { name: 'Switch it on' }).tap()
  await saysDone(page, 'The second factor is on')
  await page.getByRole('button', { name: 'Sign out', exact: true }).tap()
  await signsOut(page).waitFor()
  await reads('phone sign out')
  await signsOut(page).tap()
  for (const given of [code, () => spare]) {
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await signIn(page, THIRD)
    await page.getByRole('heading', { name: 'And the code' }).waitFor()
    await reads('phone code')
    await page.getByLabel('Code').fill(given())
    await page.getByRole('button', { name: 'Go on' }).tap()
    await page.getByRole('button', { name: 'More' }).tap()
    await page.getByRole('button', { name: 'Sign out', exact: true }).tap()
    await signsOut(page).tap()
  }
  await context.close()
})
