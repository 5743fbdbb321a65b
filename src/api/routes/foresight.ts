import { forecastJourney } from '../../contract/foresight.ts'
import type { ClientId, JourneyId } from '../../core/ids.ts'
import { type Graph, graphOf, type Journey } from '../../core/journey/graph.ts'
import { Refusal } from '../../core/refusal.ts'
import { BEHAVIOURS_OF_ONE } from '../../core/run/behaviour.ts'
import { type Forecast, forecast, forecastNew } from '../../core/run/forecast.ts'
import { asIfMarriedOn, type View } from '../../core/run/view.ts'
import { isoOf } from '../../core/time/instant.ts'
import type { LocalDate } from '../../core/time/local.ts'
import { chosenLate } from '../../engine/chosen-late.ts'
import { journeyMeant, judge, readable } from '../../engine/drafts.ts'
import { namedClientsIn } from '../../engine/find-clients.ts'
import { beginningOf, imaginedRun, imaginedView, morningOf, zoneFor } from '../../engine/imagined.ts'
import { loadRuns } from '../../engine/turns.ts'
import { loadViews } from '../../engine/views.ts'
import type { Sql } from '../../ports.ts'
import type { DesignedRow } from '../../store/journey-drafts.ts'
import { liveRunOf } from '../../store/run-list.ts'
import { readRuns } from '../../store/runs.ts'
import { type Asked, type Route, reads, type Standing } from '../frame/route.ts'
import { shownStep } from '../shown-journey.ts'
import { ofOne } from './journeys.ts'

type Body = Asked<typeof forecastJourney>['body']
type Told = {
  readonly told: Forecast
  readonly graph: Graph
  readonly view: View
  readonly from: 'now' | 'beginning'
}

const options = (body: Body, view: View) => {
  const zone = view.wedding?.zone ?? view.vendor.zone
  return {
    assume: BEHAVIOURS_OF_ONE[body.behaviour],
    ...(body.late?.length ? { chosen: chosenLate(body.late, 'preview') } : {}),
    ...(body.until ? { until: morningOf(body.until as LocalDate, zone) } : {}),
  }
}

async function ofClient(
  { engine, vendor, now }: Standing,
  sql: Sql,
  row: DesignedRow,
  journey: Journey,
  { client: id, wedding }: Extract<Body['couple'], { client: string }>,
  body: Body,
): Promise<Told> {
  const client = id as ClientId
  const [named] = await namedClientsIn(engine, sql, vendor, [client])
  if (!named) throw new Refusal('not_found', 'No couple is known here by this id.')
  // What is only written, and what would be on another day, begins now.
  const stands = body.of === 'live' && body.document === undefined && wedding === undefined
  const run = stands ? await liveRunOf(sql, vendor, row.journey_id as JourneyId, client) : null
  if (run) {
    const [loaded] = await loadRuns(engine, sql, now, await readRuns(sql, [{ vendor, run }]))
    if (loaded) {
      const told = forecast(loaded.graph, loaded.run, loaded.view, now, options(body, loaded.view))
      return { told, graph: loaded.graph, view: loaded.view, from: 'now' }
    }
  }
  const graph = graphOf(journey, engine.registry)
  const known = (await loadViews(engine, sql, now, [{ vendor, client, graph: null }])).of(client)
  const view = wedding === undefined ? known : asIfMarriedOn(known, wedding as LocalDate)
  const identity = { ...imaginedRun(client), vendor, wedding: named.wedding_id, journey: row.journey_id }
  const begins = beginningOf(graph, now, body.data)
  const told = forecastNew(graph, identity, begins, view, now, options(body, view))
  return { told, graph, view, from: 'beginning' }
}

async function ofExample(
  { engine, vendor, now }: Standing,
  sql: Sql,
  journey: Journey,
  body: Body,
): Promise<Told> {
  if (!('example' in body.couple)) throw new Error('an example was asked for')
  const { wedding, guests, stage, ...rest } = body.couple.example
  const found = await engine.vendorViews.now(sql, vendor)
  if (!found) throw new Error(`vendor ${vendor} is missing`)
  const zone = rest.zone === undefined ? found.view.zone : zoneFor(rest.zone)
  const booked = rest.booked === undefined ? now : morningOf(rest.booked as LocalDate, zone)
  const view = imaginedView(
    { client: 'example', wedding: wedding as LocalDate | null, zone, booked, stage, guests: guests ?? null },
    found.view,
  )
  const graph = graphOf(journey, engine.registry)
  const begins = beginningOf(graph, booked, body.data)
  return {
    told: forecastNew(graph, imaginedRun('example'), begins, view, booked, options(body, view)),
    graph,
    view,
    from: 'beginning',
  }
}

export const foresightRoutes: readonly Route[] = [
  reads(forecastJourney, (at, { params, body }) =>
    ofOne(at, params.journey, async (sql, row) => {
      const journey = body.document
        ? readable(at.engine, body.document)
        : await journeyMeant(at.engine, sql, at.vendor, row, body.of)
      const errors = judge(at.engine, journey).problems.filter((one) => one.severity === 'error')
      if (errors.length > 0)
        throw new Refusal(
          'journey_invalid',
          `This journey has ${errors.length} ${errors.length === 1 ? 'error' : 'errors'}: it cannot be run ahead.`,
          {},
          errors,
        )
      const { told, graph, view, from } =
        'client' in body.couple
          ? await ofClient(at, sql, row, journey, body.couple, body)
          : await ofExample(at, sql, journey, body)
      const zone = view.wedding?.zone ?? view.vendor.zone
      const teller = { zone, now: at.now }
      return {
        zone,
        from,
        steps: told.steps.map((step) => shownStep(step, graph, view, teller)),
        ended: told.ended && { at: isoOf(told.ended.at), status: told.ended.status },
        truncated: told.truncated,
      }
    }),
  ),
]
