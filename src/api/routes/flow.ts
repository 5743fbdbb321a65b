import { flowCouples, journeyFlow } from '../../contract/flow.ts'
import type { JourneyId } from '../../core/ids.ts'
import { isoOf } from '../../core/time/instant.ts'
import { namedClientsIn, namesOf } from '../../engine/find-clients.ts'
import { couplesOfFlow, type FlowLine, flowOf, isFailed, isSkipped } from '../../store/flow.ts'
import { type Route, reads } from '../frame/route.ts'
import { ofOne } from './journeys.ts'
import { spanOf } from './span.ts'

const COUPLES_MAX = 200
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
      const { from, to } = await spanOf(at, sql, query)
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
      const range = await spanOf(at, sql, query)
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
