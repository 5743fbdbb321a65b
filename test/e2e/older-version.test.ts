import { afterAll, beforeAll, expect, test } from 'vitest'
import { readDraft, saveDraft } from '../../src/contract/journeys.ts'
import { publishJourney } from '../../src/contract/publications.ts'
import { readRun, startRun } from '../../src/contract/runs.ts'
import { bookedToWedding, edited } from '../fixtures/booked-to-wedding.ts'
import { publish } from './foresight-scene.ts'
import { type House, openHouse } from './house.ts'

/** A couple who stays on the version they set out with, when another one is live. */
let house: House
beforeAll(async () => {
  house = await openHouse()
}, 120_000)
afterAll(() => house?.close())

/** Names in the designer's header that say more than they show. */
const OF_THE_FRAME = ['label-content-name-mismatch']

test.each([
  { width: 1440, dark: false },
  { width: 390, dark: true },
] as const)(
  'who walks on with a version whose steps are gone is counted beside the drawing: $width',
  {
    timeout: 60_000,
  },
  async (look) => {
    const { api, vendor } = house.owner()
    const name = `Planning ${look.width}`
    const older = await publish(house, { ...bookedToWedding, name })
    const params = { vendor, journey: older }
    const { data } = await api(startRun, {
      params: { vendor, client: house.couple },
      body: { journey: older },
    })
    await expect
      .poll(async () =>
        (await api(readRun, { params: { vendor, run: data.id } })).data.at.map((one) => one.node),
      )
      .toEqual(['guide'])
    const draft = await api(readDraft, { params })
    const saved = await api(saveDraft, {
      params,
      body: { document: { ...edited, name } },
      ifMatch: draft.etag ?? '*',
    })
    await api(publishJourney, { params, body: {}, ifMatch: saved.etag ?? '*' })
    const { page, reads, context, complaints } = await house.room(`/journeys/${older}?mode=live`, look)
    await page.getByText('stands at a step that this version no longer has.').waitFor()
    await reads(`live with a step gone ${look.width}`, OF_THE_FRAME)
    await page.getByRole('button', { name: 'One couple', exact: true }).click()
    const sheet = page.getByRole('dialog')
    await sheet.getByRole('heading', { name: 'The planning guide' }).waitFor()
    await sheet.getByRole('link', { name: 'Mia Castellani & Jonas Brandt' }).waitFor()
    await reads(`who is at a step gone ${look.width}`, OF_THE_FRAME)
    await page.reload()
    await sheet.getByRole('link', { name: 'Mia Castellani & Jonas Brandt' }).waitFor()
    await page.keyboard.press('Escape')
    await page.locator('[data-door="- waiting"]:focus').waitFor()
    expect(complaints).toEqual([])
    await context.close()
  },
)
