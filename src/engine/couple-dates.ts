import type { ClientId, JourneyId, VendorId } from '../core/ids.ts'
import { datesOf } from '../core/journey/dates-of.ts'
import { Refusal } from '../core/refusal.ts'
import { isFinished } from '../core/run/run.ts'
import { type AnchorName, type Anchors, type AnchorValue, anchorsTogether } from '../core/wedding/anchor.ts'
import type { Sql } from '../ports.ts'
import { designedJourneys } from '../store/journey-drafts.ts'
import { runsOfClient } from '../store/run-pages.ts'
import { readClients } from '../store/views.ts'
import type { Engine } from './engine.ts'
import { namedClientsIn } from './find-clients.ts'

type Hanging = { readonly id: JourneyId; readonly name: string; readonly isOn: boolean }
export type CoupleDate = {
  readonly name: AnchorName
  readonly value: AnchorValue | null
  readonly from: 'wedding' | 'event' | null
  readonly journeys: Hanging[]
}
/** A couple has a handful of journeys. */
const RUNS_LOOKED_AT_MAX = 100

/** What is known of a couple's dates beside the wedding day, and which of them live journeys hang on. */
export async function datesOfCouple(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  client: ClientId,
): Promise<CoupleDate[]> {
  const [known] = await namedClientsIn(engine, sql, vendor, [client])
  const [row] = await readClients(sql, [{ vendor, client }])
  if (!known || !row) throw new Refusal('not_found', 'No couple is known here by this id.')
  const left = JSON.parse(row.anchors) as Anchors
  const written = JSON.parse(row.wedding_anchors ?? '{}') as Anchors
  const together = anchorsTogether(left, written)
  const hanging = await journeysByDate(engine, sql, vendor, client)
  const names = new Set([...Object.keys(together), ...hanging.keys()])
  names.delete('wedding')
  return [...names].sort().map((name) => {
    const value = together[name]?.value ?? null
    const from = value === null ? null : written[name]?.value ? 'wedding' : 'event'
    return { name, value, from, journeys: hanging.get(name) ?? [] }
  })
}

async function journeysByDate(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  client: ClientId,
): Promise<Map<AnchorName, Hanging[]>> {
  const runs = (await runsOfClient(sql, vendor, client, RUNS_LOOKED_AT_MAX)).filter(
    ({ status }) => !isFinished(status),
  )
  const live = await designedJourneys(sql, vendor, { status: 'active', category: null })
  const journeys = [
    ...runs.map((run) => ({ id: run.journey_id, name: run.journey_name, version: run.version, isOn: true })),
    ...live.map((one) => ({ id: one.journey_id, name: one.name, version: one.version, isOn: false })),
  ]
  const found = new Map<AnchorName, Hanging[]>()
  for (const { version, ...journey } of journeys) {
    if (version === null) continue
    for (const name of datesOf(await engine.graphs.find(sql, vendor, journey.id, version))) {
      const list = found.get(name) ?? []
      if (!list.some(({ id }) => id === journey.id)) found.set(name, [...list, journey])
    }
  }
  return found
}
