import type { ClientId, VendorId } from '../core/ids.ts'
import { titleOf } from '../core/run/step-title.ts'
import { zoneOfStep } from '../core/run/step-zone.ts'
import { isoOf, plusMs } from '../core/time/instant.ts'
import type { Zone } from '../core/time/local.ts'
import type { Sql } from '../ports.ts'
import { clientsOnTheirWay, liveRunsOfClients, readRuns } from '../store/runs.ts'
import { UNDO_MS } from './change-details.ts'
import type { Engine } from './engine.ts'
import { namedClientsIn, namesOf } from './find-clients.ts'
import { isSameCalendar } from './replan-book.ts'
import { changed, type MovedWait, movesIn } from './replan-some.ts'
import type { Settings } from './settings.ts'
import { loadRuns, takeTurns } from './turns.ts'
import { withSettings } from './vendor-views.ts'

/**
 * What another calendar would do to the waits that stand, before anybody has it: the turns the change would make, of
 * which nothing is kept. Steps further on the way are no part of it: they are planned when they are come to.
 */
export type CalendarPreview = {
  readonly couples: number
  readonly moves: number
  readonly asks: number
  /** Moments that would lie in the past: what becomes of them is decided when the change can no longer be undone. */
  readonly late: number
  readonly examples: CalendarExample[]
}
export type CalendarExample = Omit<MovedWait, 'client' | 'asks'> & {
  readonly client: ClientId
  readonly names: string
  readonly step: string
  readonly zone: Zone
}

const CLIENTS_AT_ONCE = 250
const EXAMPLES_MAX = 5
const NOTHING: CalendarPreview = { couples: 0, moves: 0, asks: 0, late: 0, examples: [] }

export async function previewCalendar(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  before: Settings,
  after: Settings,
): Promise<CalendarPreview> {
  if (isSameCalendar(before, after)) return NOTHING
  const now = engine.clock.now()
  const event = changed(now, 'calendar', 'preview', plusMs(now, UNDO_MS))
  const clients = await clientsOnTheirWay(sql, vendor)
  const found: (MovedWait & { step: string; zone: Zone })[] = []
  for (let from = 0; from < clients.length; from += CLIENTS_AT_ONCE) {
    const refs = await liveRunsOfClients(sql, vendor, clients.slice(from, from + CLIENTS_AT_ONCE))
    for (const one of await loadRuns(engine, sql, now, await readRuns(sql, refs))) {
      const view = { ...one.view, vendor: withSettings(one.view.vendor, after) }
      for (const move of movesIn(takeTurns({ ...one, letters: [], view }, now, [event]))) {
        const node = one.graph.node(move.node)
        const step = node === undefined ? move.node : titleOf(node)
        found.push({ ...move, step, zone: zoneOfStep(one.graph, move.node, view) })
      }
    }
  }
  const moves = found.filter((one) => !one.asks)
  const told = moves
    .toSorted((a, b) => (a.from ?? '').localeCompare(b.from ?? '') || a.client.localeCompare(b.client))
    .slice(0, EXAMPLES_MAX)
  const named = new Map(
    (await namedClientsIn(engine, sql, vendor, [...new Set(told.map((one) => one.client))])).map((one) => [
      one.client_id,
      namesOf(one),
    ]),
  )
  return {
    couples: new Set(found.map((one) => one.client)).size,
    moves: moves.length,
    asks: found.length - moves.length,
    late: moves.filter((one) => one.to !== null && one.to < isoOf(now)).length,
    examples: told.map(({ asks: _, ...one }) => ({ ...one, names: named.get(one.client) ?? '' })),
  }
}
