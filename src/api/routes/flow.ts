import { flowCouples, journeyFlow } from '../../contract/flow.ts'
import type { JourneyId } from '../../core/ids.ts'
import { Refusal } from '../../core/refusal.ts'
import { addDays } from '../../core/time/calendar.ts'
import { isoOf } from '../../core/time/instant.ts'
import type { LocalDate } from '../../core/time/local.ts'
import { localDateOf, startOfDay } from '../../core/time/zone.ts'
import { namedClientsIn, namesOf } from '../../engine/find-clients.ts'
import type { Sql } from '../../ports.ts'
import { couplesOfFlow, type FlowLine, flowOf, isFailed, isSkipped } from '../../store/flow.ts'
import { type Route, reads, type Standing } from '../frame/route.ts'
import { ofOne } from './journeys.ts'

const COUPLES_MAX = 200
const RANGE_DAYS_MAX = 400
const USUAL_DAYS = 29

type Days = { readonly from?: string | undefined; readonly to?: string | undefined }

/** Whole days of the business: from the first one's beginning to the last one's end. */
async function rangeOf({ engine, vendor, now }: Standing, sql: Sql, query: Days) {
  const { zone } = (await engine.vendorViews.find(sql, [{ vendor, rev: '' }])).get(vendor)!.view
  const to = (query.to ?? localDateOf(now, zone)) as LocalDate
  const from = (query.from ?? addDays(to, -USUAL_DAYS)) as LocalDate
  const days = (Date.parse(to) - Date.parse(from)) / 86_400_000
  if (days < 0) throw new Refusal('invalid', 'The range ends before it begins.')
  if (days > RANGE_DAYS_MAX)
    throw new Refusal('invalid', `A range has at most ${RANGE_DAYS_MAX} days; ask for a shorter one.`)
  return { from: startOfDay(from, zone), to: startOfDay(addDays(to, 1), zone) }
}

function stepsOf(lines: readonly FlowLine[]) {
  const byNode = Map.groupBy(lines, ({ node }) => node)
  const sum = (list: readonly FlowLine[]): number => list.reduce((total, one) => total + one.runs, 0)
  return [...byNode].map(([node, list]) => {
    const skipped = sum(list.filter(isSkipped))
    const failed = sum(list.filter(isFailed))
    const left = sum(list.filter((one) => one.code === 'left_by' || one.code === 'ended'))
    // Whoever leaves a step out goes on from it as well.
    return { node, done: Math.max(0, left - skipped - failed), skipped, failed }
  })
}

export const flowRoutes: readonly Route[] = [
  reads(journeyFlow, (at, { params, query }) =>
    ofOne(at, params.journey, async (sql, row) => {
      const { from, to } = await rangeOf(at, sql, query)
      const lines = await flowOf(sql, at.vendor, row.journey_id as JourneyId, from, to)
      return {
        steps: stepsOf(lines),
        ways: lines
          .filter((one) => one.code === 'left_by')
          .map(({ node, exit, runs }) => ({ from: node, exit: exit ?? 'next', runs })),
      }
    }),
  ),
  reads(flowCouples, (at, { params, query }) =>
    ofOne(at, params.journey, async (sql, row) => {
      const { engine, vendor } = at
      const range = await rangeOf(at, sql, query)
      const found = await couplesOfFlow(
        sql,
        vendor,
        row.journey_id as JourneyId,
        params.node,
        query.is,
        range,
        COUPLES_MAX,
      )
      const names = new Map(
        (await namedClientsIn(engine, sql, vendor, [...new Set(found.map((one) => one.client_id))])).map(
          (one) => [one.client_id, namesOf(one)],
        ),
      )
      return {
        items: found.map((one) => ({
          run: one.run_id,
          client: one.client_id,
          names: names.get(one.client_id) ?? 'erased',
          at: isoOf(one.at),
        })),
      }
    }),
  ),
]
