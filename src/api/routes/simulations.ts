import { EXPORT_ROWS_MAX } from '../../contract/operation.ts'
import { exportSimulation, readSimulation, simulateBook } from '../../contract/simulations.ts'
import { writeCsv } from '../../core/csv.ts'
import type { ClientId, JourneyId } from '../../core/ids.ts'
import { Refusal } from '../../core/refusal.ts'
import type { FutureStep } from '../../core/run/forecast.ts'
import { titleOf } from '../../core/run/step-title.ts'
import { type Instant, instantFrom, isoOf } from '../../core/time/instant.ts'
import type { Zone } from '../../core/time/local.ts'
import { localDateOf, localTimeOf } from '../../core/time/zone.ts'
import { BULK_ROWS_MAX, beginBulkIn, goOnSoon } from '../../engine/bulk.ts'
import { journeyMeant, judge } from '../../engine/drafts.ts'
import { namesFor } from '../../engine/find-clients.ts'
import type { FoundStep, SimulateBulk } from '../../engine/simulate-book.ts'
import { homeZone } from '../../engine/vendor-views.ts'
import type { Sql } from '../../ports.ts'
import { readJob } from '../../store/bulk-jobs.ts'
import { clientsConcerned } from '../../store/clients.ts'
import { readDesigned } from '../../store/journey-drafts.ts'
import { changes, type Route, reads, type Standing } from '../frame/route.ts'
import { ofOne } from './journeys.ts'

const localMoment = (at: Instant, zone: Zone): string => `${localDateOf(at, zone)} ${localTimeOf(at, zone)}`

type Line = FoundStep & { readonly client: ClientId }

function daysOf(lines: readonly Line[], zone: Zone) {
  const timed = lines.filter((line): line is Line & { at: Instant } => line.at !== null)
  const byDay = Map.groupBy(timed, (line) => localDateOf(line.at, zone))
  return [...byDay]
    .map(([on, list]) => ({
      on,
      messages: list
        .filter((line) => line.what === 'send')
        .reduce((sum, line) => sum + Math.max(1, line.to), 0),
      tasks: list.filter((line) => line.what === 'task' || line.what === 'approval').length,
    }))
    .sort((a, b) => a.on.localeCompare(b.on))
}

function warningsOf(lines: readonly Line[]) {
  const all = lines.flatMap((line) =>
    line.codes.map((code) => ({ code, node: line.node, client: line.client })),
  )
  const grouped = Map.groupBy(all, ({ code, node }) => `${code} ${node}`)
  return [...grouped.values()]
    .map((list) => ({ ...list[0]!, count: list.length }))
    .sort((a, b) => b.count - a.count)
}

export const simulationRoutes: readonly Route[] = [
  changes(simulateBook, async (at, { params, body }) => {
    const { engine, sql, vendor } = at
    const row = await readDesigned(sql, vendor, params.journey as JourneyId)
    if (!row) throw new Refusal('not_found', 'There is no journey here with this id.')
    const document = await journeyMeant(engine, sql, vendor, row, body.of)
    const errors = judge(engine, document).problems.filter((one) => one.severity === 'error')
    if (errors.length > 0)
      throw new Refusal('journey_invalid', 'The journey has errors: it cannot be run ahead.', {}, errors)
    const zone = await homeZone(engine, sql, vendor)
    const journey = row.journey_id as JourneyId
    const clients = await clientsConcerned(sql, vendor, journey, localDateOf(at.now, zone), BULK_ROWS_MAX)
    if (clients.length === 0)
      throw new Refusal(
        'conflict',
        'Nobody in the book has a wedding ahead: there is nobody to run ahead for.',
      )
    const bulk: SimulateBulk = { is: 'simulate', journey, document, behaviour: body.behaviour, clients }
    const job = await beginBulkIn(engine, sql, vendor, bulk, at.actor)
    at.audit('journey.simulated', journey, { job, clients: clients.length })
    at.after(() => goOnSoon(engine, vendor, job))
    return { job, total: clients.length }
  }),
  reads(readSimulation, (at, { params }) =>
    ofOne(at, params.journey, (sql, row) => told(at, sql, row.journey_id, params.job)),
  ),
  changes(exportSimulation, async (at, { params }) => {
    const row = await readDesigned(at.sql, at.vendor, params.journey as JourneyId)
    if (!row) throw noSimulation()
    const { lines, found, zone } = await told(at, at.sql, row.journey_id, params.job)
    at.audit('journey.simulation_exported', row.journey_id, { job: params.job, lines: lines.length })
    const rows = lines.map((line) => [
      line.at ?? '',
      line.at === null ? '' : localMoment(instantFrom(line.at), zone),
      ...[zone, line.names, line.name, WORDS[line.what]],
    ])
    return {
      csv: writeCsv([['at', 'local', 'zone', 'couple', 'step', 'what'], ...rows]),
      rows: rows.length,
      complete: found === rows.length,
    }
  }),
]

const noSimulation = () => new Refusal('not_found', 'There is no such simulation of this journey.')

/** What becomes of a step, for whoever reads a table of it. */
const WORDS: { readonly [What in FutureStep['what']]: string } = {
  send: 'goes out',
  task: 'task',
  approval: 'asks for your yes',
  change: 'changes something',
  wait: 'waits',
  decide: 'decides',
  skip: 'left out',
  merge: 'told in the next one',
  end: 'ends',
}

async function told({ engine, vendor }: Standing, sql: Sql, journey: string, id: string) {
  const job = await readJob(sql, vendor, id)
  const request = job?.request as SimulateBulk | undefined
  if (!job || request?.is !== 'simulate' || request.journey !== journey) throw noSimulation()
  const { view } = (await engine.vendorViews.now(sql, vendor))!
  // What comes out is asked often while it is under way, and told once.
  const results = job.state === 'running' ? [] : job.results
  const lines = results
    .flatMap((one) =>
      ((one.told ?? []) as unknown as FoundStep[]).map(
        (step): Line => ({
          ...step,
          client: one.of as ClientId,
        }),
      ),
    )
    .sort((a, b) => (a.at ?? Number.POSITIVE_INFINITY) - (b.at ?? Number.POSITIVE_INFINITY))
  const shown = lines.slice(0, EXPORT_ROWS_MAX)
  const warnings = warningsOf(lines)
  const concerned = [...shown, ...warnings].map(({ client }) => client)
  const names = await namesFor(engine, sql, vendor, concerned)
  const titles = new Map(request.document.nodes.map((node) => [node.id as string, titleOf(node)]))
  const nameOf = (client: ClientId): string => names.get(client) ?? 'erased'
  const titleFor = (node: string): string => titles.get(node) ?? node
  return {
    state: job.state,
    total: job.total,
    done: job.done + job.failed,
    zone: view.zone,
    days: daysOf(lines, view.zone),
    worked: [...view.weddingDays].sort(),
    warnings: warnings.map(({ code, node, count, client }) => ({
      code,
      node,
      name: titleFor(node),
      count,
      first: { id: client, names: nameOf(client) },
    })),
    found: lines.length,
    lines: shown.map((line) => ({
      at: line.at === null ? null : isoOf(line.at),
      client: line.client,
      names: nameOf(line.client),
      node: line.node,
      name: titleFor(line.node),
      what: line.what,
    })),
  }
}
