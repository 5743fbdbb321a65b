import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import photographer from '../../examples/photographer-booked-to-wedding.json' with { type: 'json' }
import { addJourney, checkDraft, readDraft, saveDraft } from '../../src/contract/journeys.ts'
import { publishJourney } from '../../src/contract/publications.ts'
import type { Journey } from '../../src/core/journey/graph.ts'
import { colleague } from './colleague.ts'
import { type House, openHouse, violations } from './house.ts'
import { BLANK } from './timed.ts'

/** A journey is drawn by keyboard alone, by two at once, and carried from one to another. That it is quick: `quick.test.ts`. */
let house: House
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house?.close())

const DESK = { width: 1440, dark: false } as const
const saved = (page: Page) =>
  page
    .getByText(/^saved \d/)
    .first()
    .waitFor()
const step = (page: Page, name: string | RegExp) =>
  page.locator('[data-step]').filter({ hasText: name }).first()
const focusedStep = (page: Page) =>
  page.evaluate('document.activeElement?.closest("[data-step]")?.textContent ?? ""')

async function add(page: Page, what: string): Promise<void> {
  await page.keyboard.press('a')
  await page.locator('[role=combobox]:focus').waitFor()
  await page.keyboard.type(what)
  await page.keyboard.press('Enter')
  await page.locator('[data-step-panel] :focus').waitFor()
}
const back = async (page: Page): Promise<void> => {
  await page.keyboard.press('Escape')
  await page.locator('[data-step]:focus').waitFor()
}

const documentNow = async (journey: string): Promise<Journey> => {
  const { api, vendor } = house.owner()
  const { data } = await api(readDraft, { params: { vendor, journey } })
  return data.document as unknown as Journey
}
const journeyIn = (page: Page): string => new URL(page.url()).pathname.split('/').at(-1) ?? ''

test('a journey is built by keyboard alone, and has nothing to mend', { timeout: 90_000 }, async () => {
  const { page, context, complaints } = await house.room('/journeys', DESK)
  await page.getByRole('heading', { name: 'The first journey goes here' }).waitFor()
  await page.keyboard.press('n')
  await page.getByRole('dialog', { name: 'New journey' }).waitFor()
  await page.keyboard.type('Booked to wedding')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Booked to wedding' }).waitFor()
  await step(page, 'Started by hand').waitFor()

  // The beginning: another kind of it, chosen in its panel.
  await page.keyboard.press('ArrowDown')
  await page.locator('[data-step]:focus').waitFor()
  expect(await focusedStep(page)).toContain('Started by hand')
  await page.keyboard.press('Enter')
  await page.locator('[data-step-panel] select:focus').waitFor()
  await page.keyboard.type('The contract')
  await back(page)
  await step(page, 'The contract is signed').waitFor()

  await add(page, 'text')
  await page.keyboard.type('Welcome, {{ client.names }}')
  await back(page)

  // Fourteen days before the wedding, told in words; the panel says which day that is for Mia and Jonas.
  await add(page, 'wait')
  await page.keyboard.press('Control+a')
  await page.keyboard.type('14 days before wedding at 09:00 venue time')
  await page.getByRole('complementary').getByText('Sat 3 July 2027 09:00').waitFor()
  await back(page)
  await add(page, 'text')
  await page.keyboard.type('Two weeks to go, {{ client.names }}')
  await back(page)

  // Walked along the ways, and a step taken away again.
  await page.keyboard.press('ArrowUp')
  await expect.poll(() => focusedStep(page)).toContain('14 days before the wedding')
  await page.keyboard.press('ArrowUp')
  await expect.poll(() => focusedStep(page)).toContain('Welcome')
  await add(page, 'add a tag')
  await page.keyboard.type('welcomed')
  await back(page)
  await page.keyboard.press('Delete')
  await page.getByText('Add the tag welcomed is removed', { exact: true }).waitFor()
  await saved(page)

  const journey = journeyIn(page)
  const { api, vendor } = house.owner()
  // What the linter would rather have is a key away: the wait becomes the letter's own moment, and so on.
  const mended = page.getByText('Nothing to mend')
  const count = page.getByRole('button', { name: /^\d warnings?$/ })
  await count.press('Enter')
  await page.getByRole('button', { name: 'Give the moment to "sms-2"' }).press('Enter')
  const next = page
    .getByRole('dialog', { name: 'What is to mend' })
    .getByRole('button', { name: /^(?!Go to)/ })
  for (let fixes = 0; fixes < 6; fixes++) {
    await mended.or(next).first().waitFor()
    if (await mended.isVisible()) break
    // The judgement comes a moment after the mending: a fix that is gone meanwhile needs no press.
    await next
      .first()
      .press('Enter', { timeout: 2_000 })
      .catch(() => undefined)
  }
  await mended.waitFor()
  await saved(page)
  const { data: judged } = await api(checkDraft, { params: { vendor, journey } })
  expect(judged.problems.map((one) => one.message)).toEqual([])
  expect((await documentNow(journey)).nodes.map((node) => node.kind)).toEqual([
    'trigger',
    'module',
    'module',
    'end',
  ])
  expect(await violations(page)).toEqual([])

  // The list says the same to whoever does not look.
  await page.keyboard.press('l')
  await page.getByRole('list', { name: 'Steps of the journey' }).waitFor()
  expect(await page.getByRole('list', { name: 'Steps of the journey' }).getByRole('listitem').count()).toBe(4)
  // Whoever reads it as a list finds it as one again.
  await expect.poll(() => new URL(page.url()).searchParams.get('seen')).toBe('list')
  await page.reload()
  await page.getByRole('list', { name: 'Steps of the journey' }).waitFor()
  expect(complaints).toEqual([])
  await context.close()
})

test.each([
  { width: 1440, dark: false },
  { width: 1440, dark: true },
  { width: 390, dark: false },
  { width: 390, dark: true },
] as const)(
  'at $width px, dark: $dark, it reads well, fits, and breaks no rule of the page',
  {
    timeout: 60_000,
  },
  async (look) => {
    const { vendor, api } = house.owner()
    const document = photographer as unknown as Record<string, unknown>
    const { data } = await api(addJourney, { params: { vendor }, body: { document } })
    const { page, context, complaints } = await house.room(`/journeys/${data.id}`, look)
    await step(page, 'Welcome! Here is what happens next').waitFor()
    await page.getByText(/Rome/).first().waitFor()
    // The phases stand beside the drawing, and in the list that a phone has in its place.
    await page.locator('b', { hasText: 'Wedding week' }).waitFor({ state: 'attached' })
    expect(await violations(page)).toEqual([])
    await step(page, 'Welcome! Here is what happens next').click()
    await page.getByText('For Mia & Jonas that is').waitFor()
    expect(await violations(page, ['region'])).toEqual([])
    expect(
      await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'),
    ).toBe(0)
    expect(complaints).toEqual([])
    await context.close()
  },
)

async function begin(document: object): Promise<string> {
  const { api, vendor } = house.owner()
  const { data } = await api(addJourney, { params: { vendor }, body: { document: { ...document } } })
  return data.id
}

test('everything can be taken back and done again, and steps pass into another journey as text', {
  timeout: 90_000,
}, async () => {
  const [first, second] = [await begin(BLANK), await begin({ ...BLANK, name: 'Second' })]
  const { page, context, complaints } = await house.room(`/journeys/${first}`, DESK)
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await step(page, 'Wait: 2 days').click()
  await page.locator('[data-step]:focus').press('Escape')
  await add(page, 'if')
  await page.getByLabel('Case yes: with what').fill('')
  await page.getByLabel('Case yes: with what').pressSequentially('outdoor')
  await step(page, 'outdoor').waitFor()
  // One burst of typing is one step back.
  await page.getByRole('button', { name: 'Undo: Change' }).click()
  await step(page, 'outdoor').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Do again: Change' }).click()
  await step(page, 'outdoor').waitFor()
  await back(page)
  await page.keyboard.press('Control+z')
  await page.keyboard.press('Control+z')
  await step(page, /tags/).waitFor({ state: 'detached' })
  await page.keyboard.press('Control+Shift+z')
  await page.keyboard.press('Control+Shift+z')
  await step(page, 'outdoor').waitFor()

  // Both chosen, copied, and put into the other journey, in its own place.
  await step(page, 'Wait: 2 days').click()
  await page.locator('[data-step]:focus').press('Escape')
  await page.keyboard.press('Shift+ArrowDown')
  await expect.poll(() => focusedStep(page)).toContain('outdoor')
  await page.keyboard.press('Control+c')
  await page.getByText('2 steps are in hand', { exact: true }).waitFor()
  await saved(page)
  await page.goto(`/journeys/${second}`)
  await step(page, 'Wait: 2 days').click()
  await page.locator('[data-step]:focus').press('Escape')
  await page.keyboard.press('Control+v')
  await step(page, 'outdoor').waitFor()
  await saved(page)
  await expect
    .poll(async () => (await documentNow(second)).edges.map((edge) => `${edge.from}.${edge.exit} ${edge.to}`))
    .toEqual(
      expect.arrayContaining([
        'begin.next wait',
        'wait.next wait-2',
        'wait-2.next if',
        'if.yes end',
        'if.otherwise end',
      ]),
    )
  expect(complaints).toEqual([])
  await context.close()
})

test('a piece of many steps comes and goes as one, a branch with its steps, and a version comes back', {
  timeout: 90_000,
}, async () => {
  const journey = await begin({ ...BLANK, name: 'In pieces' })
  const { api, vendor } = house.owner()
  const params = { vendor, journey }
  const draft = await api(readDraft, { params })
  await api(publishJourney, { params, body: {}, ifMatch: draft.etag ?? '*' })
  const { page, context, complaints } = await house.room(`/journeys/${journey}`, DESK)
  const ids = async () => (await documentNow(journey)).nodes.map(({ id }) => id)
  const published = await ids()
  await step(page, 'Wait: 2 days').click()
  await page.locator('[data-step]:focus').press('Escape')
  await add(page, 'dunning')
  await page
    .getByText(/^\d+ steps are added$/)
    .first()
    .waitFor()
  await saved(page)
  await expect.poll(async () => (await ids()).length).toBeGreaterThan(published.length + 10)
  const whole = await ids()
  await back(page)
  await page.keyboard.press('Control+z')
  await expect.poll(ids).toEqual(published)
  await page.keyboard.press('Control+Shift+z')
  await expect.poll(ids).toEqual(whole)

  // What goes with a branch is named, and marked on the drawing, before it goes.
  await step(page, 'Wait for a payment').click()
  const way = page.getByRole('button', { name: /^The way “33 days before/ })
  await way.click()
  await page.getByRole('menuitem', { name: 'Remove this branch' }).click()
  const asked = page.getByRole('dialog', { name: /^Remove the branch/ })
  await asked.getByText('Three days until the balance').waitFor()
  const marked = page.locator('[data-step]', { hasText: /goes$/ })
  expect(await marked.filter({ hasText: 'Three days until the balance' }).count()).toBe(1)
  await asked.getByRole('button', { name: /^Remove \d+ steps$/ }).click()
  await step(page, 'Three days until the balance').waitFor({ state: 'detached' })
  await expect.poll(ids).not.toContain('three-days')
  expect(await marked.count()).toBe(0)
  await page.getByRole('button', { name: /^Undo: Remove the branch/ }).click()
  await expect.poll(ids).toEqual(whole)

  // What was published is compared with what is drawn, and comes back as a draft; so does what was drawn.
  await page.getByRole('button', { name: 'More to do with this journey' }).click()
  await page.getByRole('menuitem', { name: 'Versions' }).click()
  const versions = page.getByRole('dialog', { name: 'Versions' })
  await versions
    .getByText(/In two weeks: the balance/)
    .first()
    .waitFor()
  await versions.getByRole('button', { name: 'Restore as draft' }).click()
  await expect.poll(ids).toEqual(published)
  await page.getByRole('button', { name: 'Undo: Restore version 1' }).click()
  await expect.poll(ids).toEqual(whole)
  expect(complaints).toEqual([])
  await context.close()
})

test('steps are pulled onto ways, and ways onto steps; what cannot be is refused with the reason', {
  timeout: 60_000,
}, async () => {
  const journey = await begin({ ...BLANK, name: 'By hand' })
  const { page, context, complaints } = await house.room(`/journeys/${journey}`, DESK)
  await step(page, 'Wait: 2 days').waitFor()
  const middleOf = async (where: ReturnType<Page['locator']>) => {
    const box = await where.boundingBox()
    if (!box) throw new Error('it is not in sight')
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
  }
  const pull = async (from: ReturnType<Page['locator']>, to: ReturnType<Page['locator']>) => {
    const [start, end] = [await middleOf(from), await middleOf(to)]
    await page.mouse.move(start.x, start.y)
    await page.mouse.down()
    await page.mouse.move(start.x + 20, start.y + 20)
    await page.mouse.move(end.x, end.y, { steps: 4 })
    await page.mouse.up()
  }
  const way = (id: string) => page.locator(`[data-way="${id}"]`)
  const palette = page.getByRole('toolbar', { name: 'Add a step' })
  await pull(palette.getByRole('button', { name: 'Until' }), way('wait.next'))
  await step(page, 'Wait for an answered form').waitFor()
  await page.keyboard.press('Escape')
  await page.locator('[data-step]:focus').waitFor()

  await pull(way('await.timeout'), step(page, 'Started by hand'))
  await page
    .getByText(/^No path leads into the trigger/)
    .first()
    .waitFor()
  await pull(way('await.timeout'), step(page, 'Wait: 2 days'))
  await page
    .getByText(/for ever/)
    .first()
    .waitFor()

  await pull(palette.getByRole('button', { name: 'Task' }), way('await.happened'))
  await step(page, /^Task/).waitFor()
  await page.keyboard.press('Escape')
  await page.locator('[data-step]:focus').waitFor()
  await pull(way('await.timeout'), step(page, /^Task/))
  await saved(page)
  await expect
    .poll(async () =>
      (await documentNow(journey)).edges.map((edge) => `${edge.from}.${edge.exit} ${edge.to}`),
    )
    .toEqual(
      expect.arrayContaining([
        'wait.next await',
        'await.happened task',
        'await.timeout task',
        'task.next end',
      ]),
    )
  expect(complaints).toEqual([])
  await context.close()
})

test('two people at one journey: the second is told by whom, and takes theirs or keeps their own', {
  timeout: 90_000,
}, async () => {
  const { api: sam } = await colleague(house)
  const { vendor } = house.owner()
  const journey = await begin({ ...BLANK, name: 'Of two' })
  const params = { vendor, journey }
  const samSays = async (days: number): Promise<void> => {
    const { data, etag } = await sam(readDraft, { params })
    const nodes = [BLANK.nodes[0], { id: 'wait', kind: 'delay', wait: { after: { days } } }, BLANK.nodes[2]]
    await sam(saveDraft, { params, body: { document: { ...data.document, nodes } }, ifMatch: etag ?? '' })
  }
  const { page, context, complaints } = await house.room(`/journeys/${journey}`, DESK)
  await step(page, 'Wait: 2 days').waitFor()
  await samSays(9)
  await step(page, 'Wait: 2 days').click()
  await page.getByLabel('How long', { exact: true }).fill('3 days')
  await page.getByText(/^Sam Okafor changed this journey while you did/).waitFor()
  await page.getByText('wait is 9 days instead of 3 days').waitFor()
  expect(await violations(page)).toEqual([])
  await page.getByRole('button', { name: 'Take theirs' }).click()
  await step(page, 'Wait: 9 days').waitFor()
  // One's own is not lost: it is a step back, and then it is saved over theirs because one said so.
  await page.getByRole('button', { name: /^Undo: Taking theirs/ }).click()
  await step(page, 'Wait: 3 days').waitFor()
  await saved(page)
  await expect.poll(async () => JSON.stringify((await documentNow(journey)).nodes)).toContain('"days":3')

  await samSays(20)
  await page.getByLabel('How long', { exact: true }).fill('4 days')
  await page.getByText(/^Sam Okafor changed this journey while you did/).waitFor()
  await page.getByRole('button', { name: 'Keep mine' }).click()
  await saved(page)
  await expect.poll(async () => JSON.stringify((await documentNow(journey)).nodes)).toContain('"days":4')
  expect(complaints.filter((one) => !/412/.test(one))).toEqual([])
  await context.close()
})
