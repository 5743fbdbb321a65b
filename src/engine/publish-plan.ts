import type { ClientId, JourneyId, RunId, VendorId } from '../core/ids.ts'
import { type Graph, graphOf, type Journey } from '../core/journey/graph.ts'
import { type MigrationChoice, planMigration, tokensOnRemoved } from '../core/journey/migrate.ts'
import { type FutureStep, forecast, forecastAfter } from '../core/run/forecast.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import type { JobResult } from '../store/bulk-jobs.ts'
import { type PlacedRun, placedRuns } from '../store/journey-counts.ts'
import { readRuns } from '../store/runs.ts'
import type { Engine } from './engine.ts'
import { type Counts, migratePart } from './publish.ts'
import { type Loaded, loadRuns } from './turns.ts'

/**
 * What becomes of the couples in flight, cohort by cohort: those who stand at the same steps of the same version
 * share a choice. Foreseen and done by the same functions, so that the preview is what will happen.
 */
export type PublishPlan = {
  readonly otherwise: MigrationChoice
  readonly cohorts: readonly {
    readonly version: number
    readonly at: readonly string[]
    readonly choice: MigrationChoice
  }[]
  readonly only?: readonly string[] | undefined
}

const FINISH: MigrationChoice = { is: 'finish_old' }
const cohortKey = (one: { version: number; at: readonly string[] }): string =>
  `${one.version} ${[...one.at].sort().join(' ')}`

export function choicesOf(plan: PublishPlan): (run: PlacedRun) => MigrationChoice {
  const chosen = new Map(plan.cohorts.map((one) => [cohortKey(one), one.choice]))
  const only = plan.only === undefined ? null : new Set(plan.only)
  return (run) =>
    only !== null && !only.has(run.run_id) ? FINISH : (chosen.get(cohortKey(run)) ?? plan.otherwise)
}

/** Taking runs along as a job: rows in parts, each part one transaction. */
export type MigrateBulk = {
  readonly is: 'migrate'
  readonly publication: string
  readonly journey: JourneyId
  readonly version: number
  readonly choices: readonly MigrationChoice[]
  readonly moves: readonly { readonly run: RunId; readonly choice: number }[]
}

/** Only those are rows of the job for whom something changes. Null when that is nobody. */
export async function migrationOf(
  sql: Sql,
  vendor: VendorId,
  made: { publication: string; journey: JourneyId; version: number },
  plan: PublishPlan,
): Promise<MigrateBulk | null> {
  const choiceFor = choicesOf(plan)
  const choices: MigrationChoice[] = []
  const moves: { run: RunId; choice: number }[] = []
  for (const run of await placedRuns(sql, vendor, made.journey, made.version)) {
    const choice = choiceFor(run)
    if (choice.is === 'finish_old') continue
    if (!choices.includes(choice)) choices.push(choice)
    moves.push({ run: run.run_id, choice: choices.indexOf(choice) })
  }
  return moves.length === 0 ? null : { is: 'migrate', ...made, choices, moves }
}

export async function migrateSome(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  bulk: MigrateBulk,
  moves: MigrateBulk['moves'],
): Promise<{ results: JobResult[]; wake: RunId[] }> {
  const to = await engine.graphs.find(sql, vendor, bulk.journey, bulk.version)
  const choiceOf = new Map(moves.map((one) => [one.run, bulk.choices[one.choice] ?? FINISH]))
  const counts: Counts = { moved: [], stayed: [], blocked: [] }
  await migratePart(
    engine,
    sql,
    vendor,
    bulk,
    to,
    (run) => choiceOf.get(run) ?? FINISH,
    moves.map((one) => one.run),
    counts,
  )
  const blocked = new Map(counts.blocked.map((one) => [one.run, one.why]))
  const moved = new Set(counts.moved)
  return {
    results: moves.map(({ run }): JobResult => {
      if (moved.has(run)) return { of: run, is: 'done' }
      const why = blocked.get(run)
      return why === undefined
        ? { of: run, is: 'done', why: 'It had finished, or had been taken along already.' }
        : { of: run, is: 'refused', why }
    }),
    wake: counts.moved,
  }
}

export type Fate = 'finishes' | 'moves' | 'blocked'
export type ForeseenCohort = {
  readonly version: number
  readonly at: readonly string[]
  readonly runs: number
  readonly moves: number
  readonly finishes: number
  readonly blocked: number
  readonly why: readonly string[]
  readonly gone: readonly string[]
}
export type ForeseenRun = {
  readonly run: RunId
  readonly client: ClientId
  readonly version: number
  readonly at: readonly string[]
  readonly is: Fate
  readonly why: string
  readonly before: FutureStep | null
  readonly after: FutureStep | null
}
export type Foreseen = { readonly cohorts: readonly ForeseenCohort[]; readonly runs: readonly ForeseenRun[] }

/** Looked at together, to keep a big book's preview within bounds. */
const RUNS_AT_ONCE = 500
/** Told one by one, with what comes next: a screen full. */
export const TOLD_ONE_BY_ONE = 50

export async function foreseePublication(
  engine: Engine,
  sql: Sql,
  now: Instant,
  vendor: VendorId,
  journey: JourneyId,
  document: Journey,
  plan: PublishPlan,
  before: number,
): Promise<Foreseen> {
  const to = graphOf(document, engine.registry)
  const choiceFor = choicesOf(plan)
  const placed = await placedRuns(sql, vendor, journey, before)
  const cohorts = new Map<string, Growing>()
  const runs: ForeseenRun[] = []
  for (let from = 0; from < placed.length; from += RUNS_AT_ONCE) {
    const part = placed.slice(from, from + RUNS_AT_ONCE)
    const refs = part.map((one) => ({ vendor, run: one.run_id }))
    const loaded = new Map(
      (await loadRuns(engine, sql, now, await readRuns(sql, refs))).map((one) => [one.run.id, one]),
    )
    for (const one of part) {
      const found = loaded.get(one.run_id)
      if (!found) continue
      const choice = choiceFor(one)
      const fate = fateOf(found, to, choice)
      tallied(cohorts, one, found, to, fate)
      if (runs.length < TOLD_ONE_BY_ONE) runs.push(foreseen(one, found, to, choice, fate, now))
    }
  }
  return {
    cohorts: [...cohorts.values()]
      .map((one) => ({ ...one, why: [...one.why], gone: [...one.gone] }))
      .sort((a, b) => b.runs - a.runs || b.version - a.version),
    runs,
  }
}

type Growing = Omit<{ -readonly [Name in keyof ForeseenCohort]: ForeseenCohort[Name] }, 'why' | 'gone'> & {
  why: Set<string>
  gone: Set<string>
}
const WHY_MAX = 10

function tallied(
  cohorts: Map<string, Growing>,
  { version, at }: PlacedRun,
  found: Loaded,
  to: Graph,
  fate: { is: Fate; why: string },
): void {
  const key = cohortKey({ version, at })
  const one = cohorts.get(key) ?? {
    version,
    at,
    runs: 0,
    moves: 0,
    finishes: 0,
    blocked: 0,
    why: new Set<string>(),
    gone: new Set<string>(),
  }
  cohorts.set(key, one)
  one.runs += 1
  one[fate.is] += 1
  if (fate.is === 'blocked' && one.why.size < WHY_MAX) one.why.add(fate.why)
  for (const token of tokensOnRemoved(found.run, found.graph, to)) one.gone.add(token.at)
}

function fateOf(found: Loaded, to: Graph, choice: MigrationChoice): { is: Fate; why: string } {
  const plan = planMigration(found.run, found.graph, to, choice)
  if (plan.is === 'stays') return { is: 'finishes', why: plan.why }
  if (plan.is === 'blocked')
    return { is: 'blocked', why: plan.problems.map((problem) => problem.message).join(' ') }
  const jumps = plan.changes.filter((one) => one.is === 'redirected' || one.is === 'jumped')
  return {
    is: 'moves',
    why:
      jumps.length === 0
        ? 'They stay where they stand, on the new version.'
        : jumps.map((one) => `They go from "${one.from}" to "${one.to}".`).join(' '),
  }
}

function foreseen(
  { run_id, client_id, version, at }: PlacedRun,
  found: Loaded,
  to: Graph,
  choice: MigrationChoice,
  fate: { is: Fate; why: string },
  now: Instant,
): ForeseenRun {
  const assume = { assume: { is: 'never' as const }, stepsMax: 200 }
  const before = next(forecast(found.graph, found.run, found.view, now, assume).steps)
  const plan = planMigration(found.run, found.graph, to, choice)
  const after =
    plan.is === 'moved'
      ? next(
          forecastAfter(
            to,
            { ...found.run, state: { ...found.run.state, tokens: plan.tokens, visits: plan.visits } },
            {
              is: 'details_changed',
              at: now,
              anchors: ['*'],
              why: 'preview',
              undoUntil: null,
              published: true,
            },
            found.view,
            assume,
          ).steps,
        )
      : before
  return { run: run_id, client: client_id, version, at, ...fate, before, after }
}

/** The next thing a couple would notice. */
const next = (steps: readonly FutureStep[]): FutureStep | null =>
  steps.find((step) => step.what === 'send' || step.what === 'task' || step.what === 'approval') ?? null
