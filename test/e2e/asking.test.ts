import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listClients } from '../../src/contract/clients.ts'
import type { Answered } from '../../src/contract/connect.ts'
import { importClients } from '../../src/contract/import.ts'
import { readJob } from '../../src/contract/jobs.ts'
import { commandRuns, listRuns, startMany } from '../../src/contract/runs.ts'
import type { VendorId } from '../../src/core/ids.ts'
import { HOUR_MS, plusMs } from '../../src/core/time/instant.ts'
import { sealAudit } from '../../src/store/audit-seals.ts'
import { insertAudit } from '../../src/store/changes.ts'
import { payments } from '../fixtures/booked-to-wedding.ts'
import { publish } from './foresight-scene.ts'
import { FLOATING, type House, openHouse, PASSWORD, type Room, violations } from './house.ts'
import { BLANK } from './timed.ts'

/** What asks first (who leaves, what leaves in a file), and what counts: long lists, and a long record being compared. */
let house: House
beforeAll(async () => {
  house = await openHouse()
}, 400_000)
afterAll(() => house?.close())

/** Names in the designer's header that say more than they show. */
const OF_THE_FRAME = ['label-content-name-mismatch']
const WIDER_THAN_THE_WINDOW = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'
const saysDone = (page: Page, words: string) => page.getByText(words, { exact: true }).first().waitFor()

/** It reads well by day and by night, and fits. */
async function looks({ page, reads }: Room, screen: string, without: readonly string[] = []): Promise<void> {
  const width = page.viewportSize()!.width
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await reads(`${screen} ${width} ${colorScheme}`, without)
  }
  await page.emulateMedia({ colorScheme: 'light' })
  expect(await page.evaluate(WIDER_THAN_THE_WINDOW)).toBe(0)
}
const PICTURES = process.env.STORY_PICTURES
const WIDTHS = [1440, 390] as const

test.each(WIDTHS)(
  'at %i px what a simulation found leaves in a file only with the password',
  {
    timeout: 120_000,
  },
  async (width) => {
    const journey = await publish(house, { ...payments, name: `Payments at ${width}` })
    const room = await house.room(`/journeys/${journey}?mode=simulate`, { width, dark: false })
    const { page, context, complaints } = room
    await page.getByRole('radio', { name: 'Whole book' }).click()
    await page.getByRole('button', { name: 'Run the whole book ahead' }).click()
    await page.getByRole('heading', { name: 'The season' }).waitFor()
    await page.getByRole('button', { name: 'CSV' }).click()
    const dialog = page.getByRole('dialog', { name: 'Every step of every couple, as a table' })
    const make = dialog.getByRole('button', { name: 'Make the file' })
    await looks(room, 'simulation export', OF_THE_FRAME)
    await make.click()
    await dialog.getByText('Your password is missing.').waitFor()
    const password = dialog.getByLabel('Your password, once more')
    await password.fill('not mine at all')
    await make.click()
    await dialog.getByText('This is not your password.').waitFor()
    await looks(room, 'simulation export refused', OF_THE_FRAME)
    await password.fill(PASSWORD)
    const [file] = await Promise.all([page.waitForEvent('download'), make.click()])
    expect(file.suggestedFilename()).toBe('simulation.csv')
    expect(await readFile(await file.path(), 'utf8')).toContain('Mia Castellani')
    await saysDone(page, '“simulation.csv” is made')
    await dialog.waitFor({ state: 'detached' })
    expect(complaints.filter((one) => !one.includes('status of 422'))).toEqual([])
    await context.close()
  },
)

test('every journey that is held can be come to from Today, page by page, and let go with the way back', {
  timeout: 180_000,
}, async () => {
  const { api, vendor } = house.owner()
  const params = { vendor }
  const HELD = 104
  const finished = async (job: string): Promise<void> => {
    while ((await api(readJob, { params: { ...params, job } })).data.state === 'running')
      await new Promise((resolve) => setTimeout(resolve, 200))
  }
  const [FIRST, LAST] = [
    ['Ada', 'Bea', 'Cleo', 'Dora', 'Edda', 'Fay', 'Gwen', 'Hope'],
    'Marsh Nolan Ortiz Price Quinn Reyes Stone Tate Usher Vance Webb Young Zeller',
  ]
  const names = Array.from({ length: HELD }, (_, n) => `${FIRST[n % 8]} ${LAST.split(' ')[n % 13]}`)
  const text = ['name,tags', ...names.map((name) => `${name},held`)].join('\n')
  await finished((await api(importClients, { params, body: { text } })).data.job)
  const clients: string[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const query: { tag: string; limit: number; cursor?: string } = {
      tag: 'held',
      limit: 100,
      ...(cursor && { cursor }),
    }
    const { data }: Answered<typeof listClients> = await api(listClients, { params, query })
    clients.push(...data.items.map(({ id }) => id))
    cursor = data.next
  }
  expect(clients).toHaveLength(HELD)
  const journey = await publish(house, { ...BLANK, name: 'Long planning' })
  await finished((await api(startMany, { params: { ...params, journey }, body: { clients } })).data.job)
  const command = { do: 'pause' } as const
  await finished((await api(commandRuns, { params, body: { which: { clients }, command } })).data.job)
  const held = async () =>
    (await api(listRuns, { params, query: { status: 'held', limit: 200 } })).data.items.length
  expect(await held()).toBe(HELD)

  for (const width of WIDTHS) {
    const room = await house.room('/', { width, dark: false })
    const { page, context, complaints } = room
    const lines = page.locator('#held').getByRole('button', { name: /^Release/ })
    const all = page.getByRole('button', { name: `All ${HELD} that are held` })
    await all.waitFor()
    expect(await lines.count()).toBe(5)
    await all.scrollIntoViewIfNeeded()
    await looks(room, 'held five')
    await all.click()
    await expect.poll(() => lines.count()).toBe(100)
    const more = page.getByRole('button', { name: 'Show more, 4 are left' })
    await more.scrollIntoViewIfNeeded()
    await looks(room, 'held hundred')
    await more.click()
    await expect.poll(() => lines.count()).toBe(HELD)
    await lines.last().click()
    await page
      .getByText(/^\w+: the journey goes on$/)
      .first()
      .waitFor()
    await expect.poll(() => lines.count()).toBe(HELD - 1)
    expect(await held()).toBe(HELD - 1)
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect.poll(() => lines.count()).toBe(HELD)
    expect(await held()).toBe(HELD)
    expect(complaints).toEqual([])
    await context.close()
  }
})

test('a long record is compared with its seals as one looks, and says what it found', {
  timeout: 240_000,
}, async () => {
  const { engine } = house.serving.house
  const vendor = house.owner().vendor as VendorId
  const now = engine.clock.now()
  /** A page of the comparison has at most 20,000 changes. */
  const [BATCHES, BATCH] = [11, 2_000]
  const write = (rows: number, agoMs: number) =>
    engine.db.tx('test.write', { vendors: [vendor] }, (sql) =>
      insertAudit(
        sql,
        Array.from({ length: rows }, (_, n) => ({
          ...{ vendor, id: randomUUID(), at: plusMs(now, -agoMs - n) },
          ...{ actor: 'owner', action: 'task.done', subject: 'it', detail: {} },
        })),
      ),
    )
  for (let batch = 0; batch < BATCHES; batch += 1) await write(BATCH, batch * BATCH)
  for (let batch = 0; batch <= BATCHES; batch += 1)
    await engine.db.tx('test.seal', { vendors: [vendor] }, (sql) =>
      sealAudit(sql, [vendor], {
        ...{ now: engine.clock.now(), restedSince: engine.clock.now(), lateMs: HOUR_MS, most: BATCH },
      }),
    )
  for (const width of WIDTHS) {
    const room = await house.room('/settings/you', { width, dark: false })
    const { page, context, go } = room
    // The line is slow behind the first page, so that one sees how far it is.
    let goOn = (): void => undefined
    const waited = new Promise<void>((resolve) => {
      goOn = resolve
    })
    await page.route(/audit\/check\?cursor=/, async (route) => {
      await waited
      await route.continue()
    })
    await go('/settings/audit')
    await page.getByRole('progressbar', { name: 'Seals compared with the record' }).waitFor()
    await page.getByText(/^\d+ of 1\d$/).waitFor()
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      if (PICTURES)
        await page.screenshot({ path: `${PICTURES}/audit-check-under-way-${width}-${colorScheme}.png` })
      expect(await violations(page, FLOATING)).toEqual([])
    }
    goOn()
    await page.getByText(/none edited, taken out or slipped in/).waitFor()
    await looks(room, 'audit check whole')
    await context.close()
  }
  // Written behind the seals: that is what they are for.
  await write(1, 3 * HOUR_MS)
  for (const width of WIDTHS) {
    const room = await house.room('/settings/audit', { width, dark: false })
    await room.page.getByText(/^This record was altered/).waitFor()
    await room.page.getByText('A change was slipped in afterwards').waitFor()
    await looks(room, 'audit check altered')
    await room.context.close()
  }
})

test('whoever leaves is asked first, wherever they do it', { timeout: 120_000 }, async () => {
  for (const width of WIDTHS) {
    const room = await house.room('/settings/you', { width, dark: false })
    const { page, context, complaints } = room
    const ask = page.getByRole('dialog', { name: 'Sign out of this browser?' })
    const stay = ask.getByRole('button', { name: 'Stay' })
    await page.getByRole('main').getByRole('button', { name: 'Sign out', exact: true }).click()
    await ask.waitFor()
    await looks(room, 'sign out')
    await stay.click()
    await ask.waitFor({ state: 'detached' })
    await page.keyboard.press('Control+k')
    await page.locator('[role=combobox]:focus').waitFor()
    await page.keyboard.type('sign out')
    await page.getByRole('option', { name: 'Sign out', exact: true }).click()
    await stay.click()
    if (width === 390) {
      await page.getByRole('button', { name: 'More' }).click()
      await page.getByRole('dialog', { name: 'More' }).getByRole('button', { name: 'Sign out' }).click()
      await ask.waitFor()
      await page.keyboard.press('Escape')
      await ask.waitFor({ state: 'detached' })
    }
    expect(complaints).toEqual([])
    if (width === 1440) {
      await context.close()
      continue
    }
    await page.getByRole('main').getByRole('button', { name: 'Sign out', exact: true }).click()
    await ask.getByRole('button', { name: 'Sign out' }).click()
    await page.waitForURL('**/sign-in')
    await page.goto('/settings/you')
    await page.waitForURL(/sign-in/)
    await context.close()
  }
})
