import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  brokenRule,
  darkViolations,
  FLOATING,
  type House,
  openHouse,
  type Room,
  settling,
  violations,
} from './house.ts'

let house: House
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house?.close())

const ROOMS = [
  '/',
  '/weekend',
  '/calendar',
  '/clients',
  '/clients?search=castellani',
  '/clients?stage=lost',
  '/clients?add=true',
  '/clients/import',
  '/clients/{couple}',
  '/clients/{couple}/move?on=2027-09-04',
  '/clients/{couple}/date?name=due:balance&on=2027-08-04',
  '/clients/{couple}/start',
  '/clients/{couple}/promises',
  '/approvals',
  '/messages',
  '/messages?is=received',
  '/messages?is=left_out',
  '/journeys',
  '/journeys?add=new',
  '/templates',
  '/begin/week',
  '/begin/template',
  '/forms',
  '/meetings',
  '/info-pages',
  '/analytics',
  '/settings',
  '/settings/letters',
  '/settings/channels',
  '/settings/members',
  '/settings/keys',
  '/settings/incoming',
  '/settings/audit',
  '/settings/you',
  '/settings/device',
  '/sign-in',
  '/sign-up',
  '/open#Zm9yLXRlc3RzLW9ubHktbm90LWEta2V5LWF0LWFsbA',
  '/reset',
  '/join#Zm9yLXRlc3RzLW9ubHktbm90LWEta2V5LWF0LWFsbA',
  '/join',
  '/kit',
  '/no/such/room',
] as const
const WIDER_THAN_THE_WINDOW = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'
/** What has the focus, by its label or by its words without what is only drawn. */
const focused = `(() => {
  const here = document.activeElement
  if (!here) return ''
  const said = here.cloneNode(true)
  for (const drawn of said.querySelectorAll('[aria-hidden=true]')) drawn.remove()
  return here.getAttribute('aria-label') ?? said.textContent.trim()
})()`

describe.each([1440, 390] as const)('at %i px', (width) => {
  let room: Room
  beforeAll(async () => {
    room = await house.room('/kit', { width, dark: false })
  })
  afterAll(() => room?.context.close())

  // Every address is loaded as it is, in a browser that has been here before; the theme changes where one stands.
  test.each(ROOMS)(
    '%s reads well, fits, and breaks no rule of the page, light and dark',
    { timeout: 60_000 },
    async (address) => {
      const { page, complaints } = room
      complaints.length = 0
      await room.go(address.replace('{couple}', house.couple))
      await room.settled()
      expect(await violations(page, address.includes('add=') ? FLOATING : [])).toEqual([])
      expect(await page.evaluate(WIDER_THAN_THE_WINDOW)).toBe(0)
      expect(await darkViolations(page), 'dark').toEqual([])
      expect(complaints).toEqual([])
    },
  )
})

test.each([1440, 390] as const)(
  'the reference reads well and is found in, light and dark, at %i px',
  { timeout: 60_000 },
  async (width) => {
    const { page, context, complaints } = await house.room('/reference', { width, dark: false })
    expect(await page.evaluate(WIDER_THAN_THE_WINDOW)).toBe(0)
    await page.getByRole('searchbox', { name: 'Find an operation' }).fill('take wedding change back')
    await page.getByRole('status').getByText('1 found').waitFor()
    await page.keyboard.press('Enter')
    await page.waitForURL('**#weddings.undo')
    await page.getByRole('searchbox').fill('')
    // Every operation is written by the same lines; axe takes a minute for all of them.
    await page.evaluate(
      'document.querySelectorAll(".chapter ~ .chapter ~ .chapter ~ .chapter").forEach((one) => one.remove())',
    )
    // A list that scrolls shows one line by half at its edge: which one depends on how many there are.
    await page.evaluate(
      'Object.assign(document.querySelector("nav").style, { height: "auto", overflow: "visible" })',
    )
    expect(await violations(page)).toEqual([])
    expect(await darkViolations(page)).toEqual([])
    const paper = 'getComputedStyle(document.body).backgroundColor'
    const light = await page.evaluate(paper)
    await page.emulateMedia({ colorScheme: 'dark' })
    expect(await page.evaluate(paper)).not.toBe(light)
    await page.emulateMedia({ colorScheme: 'dark', media: 'print' })
    expect(await page.evaluate(paper), 'printed in the evening').toBe(light)
    expect(complaints).toEqual([])
    await context.close()
  },
)

test('360 px is a real width', async () => {
  const { page, context } = await house.room('/kit', { width: 390, dark: false })
  await page.setViewportSize({ width: 360, height: 780 })
  expect(await page.evaluate(WIDER_THAN_THE_WINDOW)).toBe(0)
  await context.close()
})

describe('everything that opens', () => {
  const OPENED = [
    ['Menu', 'menu'],
    ['Popover', 'dialog'],
    ['Dialog', 'dialog'],
    ['Sheet', 'dialog'],
    [/Wedding date/, 'dialog'],
    [/Venue’s city/, 'dialog'],
  ] as const
  test.each([1440, 390] as const)(
    'is accessible, light and dark, and closes with Escape, focus back where it was (%i px)',
    { timeout: 90_000 },
    async (width) => {
      const { page, context, complaints } = await house.room('/kit', { width, dark: false })
      for (const [name, role] of OPENED) {
        const opener = page
          .getByRole('button', typeof name === 'string' ? { name, exact: true } : { name })
          .first()
        await opener.focus()
        await page.keyboard.press('Enter')
        await page.getByRole(role).waitFor()
        // What lies behind was looked at where nothing was open; now nobody may get into it.
        const open = `[role=${role}]`
        expect(await violations(page, FLOATING, open), String(name)).toEqual([])
        expect(await brokenRule(page, 'aria-hidden-focus'), String(name)).toEqual([])
        expect(await darkViolations(page, open), `${name}, dark`).toEqual([])
        await page.keyboard.press('Escape')
        await expect
          .poll(() => page.getByRole(role).count(), { message: String(name), timeout: 5_000 })
          .toBe(0)
        await expect.poll(() => opener.and(page.locator(':focus')).count(), { message: String(name) }).toBe(1)
      }
      expect(complaints).toEqual([])
      await context.close()
    },
  )

  test('a letter is written with a brace for a field, and says what it lacks', async () => {
    const { page, context, complaints } = await house.room('/kit', { width: 390, dark: false })
    const letter = page.getByRole('textbox', { name: 'Letter' })
    await letter.click()
    await page.keyboard.press('Control+End')
    await page.keyboard.type('{')
    await page.getByRole('textbox', { name: 'Find a field' }).fill('your phone')
    await page.keyboard.press('Enter')
    const missing = page.getByRole('textbox', { name: /When “Your phone number” is missing/ })
    await missing.waitFor()
    await page.getByText('Not every couple has it').waitFor()
    await missing.fill('by answering')
    await expect.poll(() => page.locator('.letter-chip-open', { hasText: 'phone number' }).count()).toBe(0)
    expect(await letter.textContent()).toContain('Your phone number')
    expect(complaints).toEqual([])
    await context.close()
  })

  test('a day is found by arrow keys, and taken with Enter', async () => {
    const { page, context } = await house.room('/kit', { width: 1440, dark: false })
    await page
      .getByRole('button', { name: /Wedding date/ })
      .first()
      .click()
    const chosen = page.getByRole('button', { name: 'Saturday 4 September 2027' })
    await chosen.focus()
    for (const key of ['PageUp', 'ArrowDown', 'ArrowRight']) await page.keyboard.press(key)
    expect(await page.evaluate(focused)).toBe('Thursday 12 August 2027')
    await page.keyboard.press('Enter')
    await page
      .getByRole('button', { name: /Wedding date.*Thu 12 Aug 2027/ })
      .first()
      .waitFor()
    await context.close()
  })

  test('what opens inside a sheet lies over it, and takes what is pressed', async () => {
    const { page, context } = await house.room('/clients?add=true', { width: 1440, dark: false })
    await page.getByRole('button', { name: /^Date/ }).click()
    const month = page.getByRole('dialog', { name: 'Choose a day' })
    await month.locator('td').nth(17).getByRole('button').click()
    await month.waitFor({ state: 'detached' })
    await context.close()
  })

  test('a time is typed as people say it, shown on 24 hours, and refused in words', async () => {
    const { page, context } = await house.room('/kit', { width: 1440, dark: false })
    const time = page.getByRole('textbox', { name: 'Ceremony' }).first()
    await time.fill('2:15 pm')
    await time.press('Tab')
    expect(await time.inputValue()).toBe('14:15')
    await time.press('ArrowUp')
    expect(await time.inputValue()).toBe('14:30')
    await time.fill('after lunch')
    await time.press('Tab')
    expect(await time.inputValue()).toBe('after lunch')
    await time.and(page.locator('[aria-invalid=true]')).waitFor()
    expect(await violations(page)).toEqual([])
    await page.getByText('A time such as 14:30.').waitFor()
    await context.close()
  })

  test('what was done can be undone from the toast, and by key', async () => {
    const { page, context } = await house.room('/kit', { width: 1440, dark: false })
    const done = page.getByRole('button', { name: 'Toast' }).first()
    await done.click()
    await page.getByText('Undo', { exact: true }).click()
    await page.getByText('Mia & Jonas hear it after all', { exact: true }).first().waitFor()
    await context.close()
  })

  test('ten thousand rows scroll without a blank, and only some are drawn', async () => {
    const { page, context } = await house.room('/kit', { width: 1440, dark: false })
    const list = page.getByRole('region', { name: 'Ten thousand rows' }).first()
    await page.evaluate('document.querySelector("[role=region]").scrollTop = 1e9')
    await list.getByText('Row 10,000', { exact: true }).waitFor()
    expect(await list.locator('tbody tr').count()).toBeLessThan(60)
    expect(await list.getByRole('table').getAttribute('aria-rowcount')).toBe('10001')
    await context.close()
  })
})

describe('by keyboard alone', () => {
  test('Tab meets the skip link, the rooms in their order, then the content', async () => {
    const { page, context } = await house.room('/', { width: 1440, dark: false })
    // How sending stands comes once the room is there.
    await page.getByRole('button', { name: 'Hold everything' }).waitFor()
    const met: string[] = []
    for (let step = 0; step < 20; step += 1) {
      await page.keyboard.press('Tab')
      met.push(String(await page.evaluate(focused)))
    }
    expect(met).toEqual([
      'Skip to the content',
      'WedSync Journeys, to Today',
      'Today',
      'Weekend',
      'Calendar',
      'Approvals',
      'Clients',
      'Messages',
      'Journeys',
      'Templates',
      'Forms',
      'Meetings',
      'Info pages',
      'Analytics',
      'Settings',
      'Nell AshworthOwner',
      'Find a couple, a journey, a message',
      'Nothing leaves: kept in the mailbox',
      'Hold everything',
      'Dark colours',
    ])
    await context.close()
  })

  test('the skip link leads past all that', async () => {
    const { page, context } = await house.room('/clients', { width: 1440, dark: false })
    await page.getByText('Import a table').waitFor()
    await page.keyboard.press('Tab')
    await expect.poll(() => page.evaluate(focused)).toMatch(/^Skip to/)
    await page.keyboard.press('Enter')
    await expect.poll(() => page.evaluate("document.activeElement?.closest('main') !== null")).toBe(true)
    await page.keyboard.press('Tab')
    await expect.poll(() => page.evaluate(focused)).toBe('Import a table')
    await context.close()
  })

  test('the palette finds a room, goes there, names the tab, and puts the focus on its head', async () => {
    const { page, context } = await house.room('/', { width: 1440, dark: false })
    await page.keyboard.press('Control+k')
    await page.locator('[role=combobox]:focus').waitFor()
    expect(await violations(page)).toEqual([])
    await page.keyboard.type('appro')
    await page.keyboard.press('Enter')
    await page.waitForURL(({ pathname }) => pathname === '/approvals')
    const head = page.getByRole('heading', { level: 1, name: 'Nothing waits for your yes.' })
    await head.waitFor()
    await expect.poll(() => page.title()).toBe('Approvals · WedSync Journeys')
    await expect.poll(() => page.evaluate(focused)).toBe(await head.textContent())
    await page.goBack()
    await expect.poll(() => page.title()).toBe('Today · WedSync Journeys')
    // Typed by somebody who waits for nothing.
    await page.keyboard.press('Control+k')
    await page.keyboard.type('appro')
    await expect.poll(() => page.locator('[role=combobox]').inputValue()).toBe('appro')
    // What is no room and no couple may be in a message.
    await page.keyboard.type('ximately')
    await page.getByRole('option', { name: 'Look for “approximately” in messages' }).waitFor()
    await page.keyboard.press('Enter')
    await page.waitForURL(
      ({ pathname, searchParams }) =>
        pathname === '/messages' && searchParams.get('search') === 'approximately',
    )
    await context.close()
  })

  test('Escape closes palette and keys, and gives the focus back', async () => {
    const { page, context } = await house.room('/', { width: 1440, dark: false })
    for (const [key, title] of [
      ['Control+k', 'Go somewhere or do something'],
      ['?', 'Keys'],
    ] as const) {
      await page.getByRole('link', { name: 'Clients', exact: true }).focus()
      await page.keyboard.press(key)
      await page.getByRole('dialog', { name: title }).waitFor()
      expect(await violations(page), title).toEqual([])
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      await expect.poll(() => page.evaluate(focused), { message: title }).toBe('Clients')
    }
    await context.close()
  })

  test('G then C goes to Clients; in a field they are letters; switched off they are nothing', async () => {
    const { page, context } = await house.room('/', { width: 1440, dark: false })
    await page.keyboard.press('g')
    await page.keyboard.press('c')
    await page.waitForURL(({ pathname }) => pathname === '/clients')
    await page.keyboard.press('/')
    await page.locator('[role=combobox]:focus').waitFor()
    await page.keyboard.type('gs')
    expect(await page.locator('[role=combobox]:focus').inputValue()).toBe('gs')
    await page.keyboard.press('Escape')
    await page.keyboard.press('?')
    await page.getByRole('switch').click()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.keyboard.press('g')
    await page.keyboard.press('s')
    expect(new URL(page.url()).pathname).toBe('/clients')
    await context.close()
  })
})

describe('the word of an icon', () => {
  const tip = '[role=tooltip]'
  test('is shown where the mouse rests or the keyboard has come to, and goes with Escape, a press or the mouse', async () => {
    const { page, context, complaints } = await house.room('/', { width: 1440, dark: false })
    const icon = page.getByRole('button', { name: 'Dark colours' })
    const shown = page.locator('[data-radix-popper-content-wrapper]', { hasText: 'Dark colours' })
    await icon.hover()
    await shown.waitFor()
    const [one, other] = [(await icon.boundingBox())!, (await shown.boundingBox())!]
    expect(other.y).toBeGreaterThanOrEqual(one.y + one.height)
    expect(other.y).toBeLessThan(one.y + one.height + 12)
    expect(await violations(page, [...FLOATING])).toEqual([])
    await page.keyboard.press('Escape')
    await shown.waitFor({ state: 'detached' })
    await page.mouse.move(700, 600)
    await page.keyboard.press('Tab')
    await icon.focus()
    await shown.waitFor()
    await icon.hover()
    await page.mouse.move(700, 600)
    await shown.waitFor({ state: 'detached' })
    expect(await page.locator(tip).count()).toBe(0)
    expect(complaints).toEqual([])
    await context.close()
  })
  test('is nothing on a phone, which does not even learn how', async () => {
    const { page, context } = await house.room('/', { width: 390, dark: false })
    const scripts = `performance.getEntriesByType('resource').map((one) => one.name).filter((name) => /Tips/.test(name)).length`
    expect(await page.evaluate(scripts)).toBe(0)
    await context.close()
  })
})

test('the phone’s other rooms are behind More', async () => {
  const { page, context } = await house.room('/', { width: 390, dark: true })
  await page.getByRole('button', { name: 'More' }).tap()
  await page.getByRole('dialog', { name: 'More' }).waitFor()
  expect(await violations(page)).toEqual([])
  await page.getByRole('link', { name: 'Journeys' }).tap()
  await page.waitForURL(({ pathname }) => pathname === '/journeys')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await context.close()
})

test('a lost line is said, and so is its return', async () => {
  const { page, context } = await house.room('/', { width: 1440, dark: false })
  await context.setOffline(true)
  await page.getByRole('status').getByText('No connection to the server').waitFor()
  expect(await violations(page)).toEqual([])
  await context.setOffline(false)
  await page.getByText('Connected again', { exact: true }).first().waitFor()
  await page.getByText('No connection to the server').waitFor({ state: 'detached' })
  await context.close()
})

test('the room one chose is there before the first paint, and stays after a reload', async () => {
  const { page, context } = await house.room('/', { width: 1440, dark: false })
  await page.getByRole('button', { name: 'Dark colours' }).click()
  await page.reload({ waitUntil: 'commit' })
  await page.locator('html.dark').waitFor({ state: 'attached' })
  await page.getByRole('button', { name: 'Light colours' }).waitFor()
  await context.close()
})

test('a form says what is missing at its field, goes there, and keeps what was typed', async () => {
  const { page, context } = await house.room('/sign-in', { width: 390, dark: false })
  await page.getByLabel('Email').fill('nell@')
  await page.getByRole('button', { name: 'Sign in' }).tap()
  expect(await page.evaluate('document.activeElement?.getAttribute("name")')).toBe('email')
  expect(await page.getByLabel('Email').getAttribute('aria-invalid')).toBe('true')
  expect(await violations(page)).toEqual([])
  await page.getByLabel('Email').fill('nell@example.org')
  await page.getByLabel('Password', { exact: true }).fill('three quiet words')
  await page.getByRole('button', { name: 'Sign in' }).tap()
  await page.getByRole('alert').waitFor()
  expect(await page.getByLabel('Email').inputValue()).toBe('nell@example.org')
  await context.close()
})

test('the secret of a mailed link leaves the address bar', async () => {
  const { page, context } = await house.room('/reset#Zm9yLXRlc3RzLW9ubHktbm90LWEta2V5LWF0LWFsbA', {
    width: 1440,
    dark: false,
  })
  await page.getByRole('heading', { name: 'Choose a new password' }).waitFor()
  expect(page.url()).toBe(`${house.url}/reset`)
  await context.close()
})

/** What is asked before the app is there is not asked again by it. */
const ASKED = `performance.getEntriesByType('resource').map((one) => new URL(one.name).pathname).filter((path) => path.startsWith('/api/'))`
/** By the page's own clock: what is asked for once the sentence stands is not what it waited for. */
const WHEN_DRAWN = `new MutationObserver((_, watch) => {
  if (!document.querySelector('main h1')) return
  window.drawnAt = performance.now()
  watch.disconnect()
}).observe(document, { childList: true, subtree: true })`
const SCRIPTS_BEFORE = `performance.getEntriesByType('resource')
  .filter((one) => new URL(one.name).pathname.endsWith('.js') && one.startTime < window.drawnAt)
  .map((one) => one.encodedBodySize)`
const REMEMBERED = `localStorage.getItem('business')`
const isFirst = (path: string): boolean => path.endsWith('/session') || path.includes('/today')
const FIRST_ROUTE_MAX_BYTES = 250_000
const FIRST_ROUTE_AIM_BYTES = 200_000
test('the first route brings little script, and no more than it needs', async () => {
  const { context, page: other } = await house.room('/kit', { width: 1440, dark: false })
  await other.close()
  const page = await context.newPage()
  const settled = settling(page)
  const { vendor } = house.owner()
  await page.addInitScript(WHEN_DRAWN)
  await page.goto('/')
  await page.locator('main h1').waitFor()
  await settled()
  const sizes = (await page.evaluate(SCRIPTS_BEFORE)) as number[]
  const bytes = sizes.reduce((sum, one) => sum + one, 0)
  console.log(`first route: ${(bytes / 1_000).toFixed(1)} kB of compressed script in ${sizes.length} files`)
  const asked = (await page.evaluate(ASKED)) as string[]
  const once = ['/session', `/vendors/${vendor}/today`, `/vendors/${vendor}/today/outlook`]
  expect(asked.filter(isFirst).toSorted()).toEqual(once.map((path) => `/api/v1${path}`))
  // The second time the business is known beforehand and asked about at once; it is forgotten with the session.
  await page.reload()
  await settled()
  const again = (await page.evaluate(ASKED)) as string[]
  expect(again.filter(isFirst).toSorted()).toEqual(once.map((path) => `/api/v1${path}`))
  expect(await page.evaluate(REMEMBERED)).toBe(vendor)
  await context.clearCookies()
  await page.reload()
  await page.waitForURL(({ pathname }) => pathname === '/sign-in')
  expect(await page.evaluate(REMEMBERED)).toBe(null)
  expect(sizes.length).toBeGreaterThan(1)
  expect(bytes).toBeLessThan(FIRST_ROUTE_AIM_BYTES)
  expect(FIRST_ROUTE_AIM_BYTES).toBeLessThan(FIRST_ROUTE_MAX_BYTES)
  await context.close()
})
