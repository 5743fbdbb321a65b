import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { temporaryFolder } from '../embedded/servers.ts'
import { type House, openHouse } from './house.ts'
import { scrollThrough } from './timed.ts'

/** A whole book at once: five thousand couples come in from a table with errors, are scrolled, found, tagged, let go. */
let house: House
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house?.close())

const ROWS = 5_000
const BAD_EVERY = 250

function table(): string {
  const lines = Array.from({ length: ROWS }, (_, n) =>
    n % BAD_EVERY === 0
      ? `Bad ${n},Row,nobody@nowhere,12/13/2028,`
      : `Nina ${String(n).padStart(4, '0')},Otto ${n},nina${n}@example.org,${(n % 27) + 1}/${(n % 12) + 1}/2028,Friend of the house`,
  )
  return ['Bride,Groom,E-mail,Big Day,How we met', ...lines].join('\n')
}

test('five thousand couples come in from a table with errors', { timeout: 180_000 }, async () => {
  const { page, reads, context, complaints } = await house.room('/clients', { width: 1440, dark: false })
  await page.getByRole('link', { name: 'Import a table' }).click()
  await page.getByRole('heading', { name: /Bring your couples in/ }).waitFor()
  await reads('give')
  const file = path.join(temporaryFolder(), 'book.csv')
  writeFileSync(file, table())
  await page.getByLabel('CSV file').setInputFiles(file)

  // The columns are guessed; the day is not, and what it could mean is asked.
  const means = (name: string) => page.getByLabel(`What “${name}” means`)
  await means('Bride').waitFor({ timeout: 20_000 })
  expect(await means('Bride').inputValue()).toBe('partner_a')
  expect(await means('Big Day').inputValue()).toBe('wedding')
  await page.getByRole('radio', { name: '3 April' }).click()
  const bring = page.getByRole('button', { name: 'Bring in 4,980' })
  await bring.waitFor({ timeout: 20_000 })
  await page.getByText('Line 2, E-mail').first().waitFor()
  await reads('look')

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'The 20 refused rows, to mend' }).click(),
  ])
  expect(download.suggestedFilename()).toBe('refused-rows.csv')

  await bring.click()
  await page.waitForURL(({ searchParams }) => searchParams.has('job'))
  // A reload loses nothing: how far it is stands on the server.
  await page.reload()
  await page.getByText('Bringing couples in: done').waitFor({ timeout: 90_000 })
  await reads('in')
  await page.getByRole('button', { name: 'See your couples' }).click()

  // Scrolled fast to its end: wherever one stops there are rows, and only some are drawn.
  const list = page.getByRole('region', { name: 'Couples' })
  await list.waitFor()
  const blank = await scrollThrough(page, ROWS - ROWS / BAD_EVERY)
  expect(blank).toEqual({ blanks: 0, end: true })
  expect(await list.locator('tbody tr').count()).toBeLessThan(60)

  // Found, all of them ticked, tagged, and taken back.
  await page.getByLabel('Find a couple').fill('Nina 012')
  await page.getByRole('heading', { name: /couples by “Nina 012”/ }).waitFor()
  await page.locator('[aria-busy=true]').waitFor({ state: 'detached' })
  await page.getByLabel('Select all').click()
  await page.getByText(/^(\d+) of \1 selected$/).waitFor()
  await reads('ticked')
  await page.getByRole('button', { name: 'With them' }).click()
  await page.getByRole('menuitem', { name: 'Add a tag …' }).click()
  await page.getByLabel('Tag', { exact: true }).last().fill('autumn')
  await page.getByRole('button', { name: 'Tag them' }).click()
  await page.getByText(/^Tagging \d+ couples “autumn”: done$/).waitFor({ timeout: 20_000 })
  await page.getByRole('cell', { name: 'autumn' }).first().waitFor()
  await reads('tagged')
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByText('Taking it back: done').waitFor({ timeout: 20_000 })
  await page.getByRole('cell', { name: 'autumn' }).first().waitFor({ state: 'detached' })

  // It was the wrong table: found again where tables are brought in, and all of them go.
  await page.getByRole('link', { name: 'Import a table' }).click()
  await page.getByRole('link', { name: /^Open the table of/ }).click()
  await page.getByRole('button', { name: 'Take them all out again' }).click()
  await page
    .getByRole('heading', { name: /^4,980 couples have gone out of your book\.$/ })
    .waitFor({ timeout: 60_000 })
  await reads('out')
  expect(complaints).toEqual([])
  await context.close()
})
