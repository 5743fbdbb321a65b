import { addJourney, readDraft } from '../../src/contract/journeys.ts'
import { publishJourney } from '../../src/contract/publications.ts'
import { startRun } from '../../src/contract/runs.ts'
import { bookedToWedding, payments } from '../fixtures/booked-to-wedding.ts'
import type { House } from './house.ts'

export async function publish(house: House, document: object): Promise<string> {
  const { api, vendor } = house.owner()
  const { data } = await api(addJourney, { params: { vendor }, body: { document: { ...document } } })
  const params = { vendor, journey: data.id }
  const draft = await api(readDraft, { params })
  await api(publishJourney, { params, body: {}, ifMatch: draft.etag ?? '*' })
  return data.id
}

export async function onJourney(house: House): Promise<{ journey: string; run: string }> {
  const { api, vendor } = house.owner()
  const journey = await publish(house, bookedToWedding)
  const { data } = await api(startRun, { params: { vendor, client: house.couple }, body: { journey } })
  const money = await publish(house, payments)
  await api(startRun, { params: { vendor, client: house.couple }, body: { journey: money } })
  return { journey, run: data.id }
}
