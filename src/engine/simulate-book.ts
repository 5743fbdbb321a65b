import type { ClientId, JourneyId, Json, VendorId, WeddingId } from '../core/ids.ts'
import { type Graph, graphOf, type Journey } from '../core/journey/graph.ts'
import { type FutureStep, forecast, forecastNew } from '../core/run/forecast.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import type { JobResult } from '../store/bulk-jobs.ts'
import { liveRunOf } from '../store/run-list.ts'
import { readRuns } from '../store/runs.ts'
import type { Engine } from './engine.ts'
import { namedClientsIn } from './find-clients.ts'
import { BEHAVIOURS, beginningOf, imaginedRun } from './imagined.ts'
import { loadRuns } from './turns.ts'
import { loadViews } from './views.ts'

/**
 * A whole book run ahead through one journey, couple by couple, as a job: each from where they stand, or as if they
 * began now. Nothing is written but what was found out.
 */
export type SimulateBulk = {
  readonly is: 'simulate'
  readonly journey: JourneyId
  readonly document: Journey
  readonly behaviour: string
  readonly clients: readonly ClientId[]
}

/** One act that somebody notices: the step, when, what, to how many, and what one would want to know about it. */
export type FoundStep = {
  readonly node: string
  readonly at: Instant | null
  readonly what: FutureStep['what']
  readonly to: number
  readonly codes: readonly string[]
}

const WARNS: ReadonlySet<string> = new Set([
  'late_skipped',
  'late_task',
  'deadline_missed',
  'windows_unsettled',
  'no_address',
  'no_consent',
  'no_recipient',
])

export async function simulateSome(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  bulk: SimulateBulk,
  clients: readonly ClientId[],
): Promise<{ results: JobResult[]; wake: [] }> {
  const now = engine.clock.now()
  const graph = graphOf(bulk.document, engine.registry)
  const known = new Map(
    (await namedClientsIn(engine, sql, vendor, clients)).map((one) => [one.client_id, one.wedding_id]),
  )
  const there = clients.filter((client) => known.has(client))
  const views = await loadViews(
    engine,
    sql,
    now,
    there.map((client) => ({ vendor, client, graph: null })),
  )
  const assume = { assume: BEHAVIOURS[bulk.behaviour] ?? BEHAVIOURS.typical! }
  const results: JobResult[] = []
  for (const client of clients) {
    if (!known.has(client)) {
      results.push({ of: client, is: 'refused', why: 'This couple is not known here any more.' })
      continue
    }
    const steps =
      (await fromWhereTheyStand(engine, sql, now, vendor, bulk, graph, client, assume)) ??
      forecastNew(
        graph,
        {
          ...imaginedRun(client),
          vendor,
          wedding: known.get(client) as WeddingId | null,
          journey: bulk.journey,
        },
        beginningOf(graph, now, {}),
        views.of(client),
        now,
        assume,
      ).steps
    results.push({ of: client, is: 'done', told: found(steps) as unknown as Json })
  }
  return { results, wake: [] }
}

async function fromWhereTheyStand(
  engine: Engine,
  sql: Sql,
  now: Instant,
  vendor: VendorId,
  { journey }: SimulateBulk,
  graph: Graph,
  client: ClientId,
  assume: Parameters<typeof forecast>[4],
): Promise<readonly FutureStep[] | null> {
  const run = await liveRunOf(sql, vendor, journey, client)
  if (!run) return null
  const [loaded] = await loadRuns(engine, sql, now, await readRuns(sql, [{ vendor, run }]))
  if (!loaded) return null
  // Where the new drawing lacks their step, they finish on the old one.
  const fits = loaded.run.state.tokens.every((token) => graph.node(token.at) !== undefined)
  return forecast(fits ? graph : loaded.graph, loaded.run, loaded.view, now, assume).steps
}

const isNoticed = ({ kind, what }: FutureStep): boolean =>
  kind === 'module' || what === 'task' || what === 'approval'

const found = (steps: readonly FutureStep[]): FoundStep[] =>
  steps.filter(isNoticed).map((step) => ({
    node: step.node,
    at: step.at,
    what: step.what,
    to: step.recipients.length,
    codes: [...new Set(step.because.map(({ code }) => code as string).filter((code) => WARNS.has(code)))],
  }))
