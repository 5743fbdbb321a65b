import {
  draftShape,
  moveToVersion,
  type Plan,
  type PlanChoice,
  previewPublish,
  publishJourney,
  rollBackVersion,
} from '../../contract/publications.ts'
import type { JourneyId, NodeId, VendorId } from '../../core/ids.ts'
import { diff } from '../../core/journey/diff.ts'
import { graphOf, type Journey } from '../../core/journey/graph.ts'
import type { MigrationChoice } from '../../core/journey/migrate.ts'
import { Refusal } from '../../core/refusal.ts'
import type { FutureStep } from '../../core/run/forecast.ts'
import { isoOf } from '../../core/time/instant.ts'
import { BULK_ROWS_MAX, beginBulkIn, goOnSoon } from '../../engine/bulk.ts'
import { aroundOf, documentOf, draftOf, errorsIn, judge } from '../../engine/drafts.ts'
import type { Engine } from '../../engine/engine.ts'
import { namedClientsIn, namesOf } from '../../engine/find-clients.ts'
import { newVersion, rollBackIn } from '../../engine/publish.ts'
import {
  type Foreseen,
  foreseePublication,
  migrationOf,
  type PublishPlan,
} from '../../engine/publish-plan.ts'
import { ringTouched } from '../../engine/ring.ts'
import type { Sql } from '../../ports.ts'
import { cancelJobsOf } from '../../store/bulk-jobs.ts'
import { type DesignedRow, lockDesigned, setDraft, versionLines } from '../../store/journey-drafts.ts'
import { clientsWithoutRun } from '../../store/publications.ts'
import { type Change, changes, type Route, reads } from '../frame/route.ts'
import { shownDiff, shownProblem } from '../shown-journey.ts'
import { noJourney, ofOne } from './journeys.ts'

const choice = (one: PlanChoice): MigrationChoice =>
  one.is === 'finish'
    ? { is: 'finish_old' }
    : one.is === 'jump'
      ? { is: 'jump', to: one.to as NodeId }
      : { is: 'move', redirects: one.redirects as { [from: NodeId]: NodeId } }

const planOf = (plan: Plan): PublishPlan => ({
  otherwise: choice(plan.otherwise),
  cohorts: plan.cohorts.map((one) => ({ version: one.version, at: one.at, choice: choice(one.choice) })),
  only: plan.only,
})

const beginsByDate = (engine: Engine, journey: Journey): boolean =>
  graphOf(journey, engine.registry).triggerType.when !== undefined

/** Everybody who does not know a journey yet that begins by a date, and so would begin it. */
const beginners = (sql: Sql, vendor: VendorId, journey: JourneyId) =>
  clientsWithoutRun(sql, vendor, journey, BULK_ROWS_MAX)

/** Beyond any version: couples on every one of them. */
const VERSION_MAX = 2_147_483_647

const nextShown = (step: FutureStep | null) =>
  step && { node: step.node as string, name: step.name, at: step.at === null ? null : isoOf(step.at) }

async function shownForeseen(engine: Engine, sql: Sql, vendor: VendorId, found: Foreseen) {
  const known = new Map(
    (await namedClientsIn(engine, sql, vendor, [...new Set(found.runs.map((one) => one.client))])).map(
      (one) => [one.client_id, namesOf(one)],
    ),
  )
  const sum = (name: 'runs' | 'moves' | 'finishes' | 'blocked'): number =>
    found.cohorts.reduce((total, one) => total + one[name], 0)
  return {
    total: sum('runs'),
    moves: sum('moves'),
    finishes: sum('finishes'),
    blocked: sum('blocked'),
    cohorts: found.cohorts.map((one) => ({
      ...one,
      at: [...one.at],
      why: [...one.why],
      gone: [...one.gone],
    })),
    couples: found.runs.map((one) => ({
      ...one,
      at: [...one.at],
      names: known.get(one.client) ?? 'erased',
      before: nextShown(one.before),
      after: nextShown(one.after),
    })),
  }
}

/** The draft, whole and without errors; or a refusal that names every one of them. */
function soundDraft(engine: Engine, document: unknown): Journey {
  const found = judge(engine, document)
  const errors = errorsIn(found)
  if (found.journey && errors.length === 0) return found.journey
  throw new Refusal(
    'journey_invalid',
    `The draft has ${errors.length} ${errors.length === 1 ? 'error' : 'errors'}; nothing was published.`,
    {},
    errors,
  )
}

async function takeAlong(
  at: Change,
  made: { publication: string; journey: JourneyId; version: number },
  plan: Plan,
): Promise<string | null> {
  const bulk = await migrationOf(at.sql, at.vendor, made, planOf(plan))
  return bulk && begin(at, bulk)
}

async function begin(at: Change, bulk: Parameters<typeof beginBulkIn>[3]): Promise<string> {
  const job = await beginBulkIn(at.engine, at.sql, at.vendor, bulk, at.actor)
  at.after(() => goOnSoon(at.engine, at.vendor, job))
  return job
}

async function lockedVersion(at: Change, journey: string, version: number) {
  const row = await lockDesigned(at.sql, at.vendor, journey as JourneyId)
  if (!row) throw noJourney()
  const lines = await versionLines(at.sql, at.vendor, row.journey_id)
  const line = lines.find((one) => one.version === version)
  if (!line?.publication_id) throw new Refusal('not_found', 'This journey has no such version.')
  return { row, line, publication: line.publication_id }
}

async function withoutDraft(at: Change, row: DesignedRow): Promise<void> {
  if (row.draft) await setDraft(at.sql, at.vendor, row.journey_id, null)
}

export const publicationRoutes: readonly Route[] = [
  reads(previewPublish, (at, { params, body }) =>
    ofOne(at, params.journey, async (sql, row) => {
      const { engine, vendor } = at
      const { document } = await draftOf(engine, sql, vendor, row)
      const found = judge(engine, document, await aroundOf(sql, vendor))
      const problems = found.problems.map(shownProblem)
      if (!found.journey) return { sound: false, problems, diff: null, runs: null, begins: 0 }
      const sound = errorsIn(found).length === 0
      const live =
        row.version === null ? null : await documentOf(engine, sql, vendor, row.journey_id, row.version)
      const runs = sound
        ? await foreseePublication(
            engine,
            sql,
            at.now,
            vendor,
            row.journey_id,
            found.journey,
            planOf(body),
            VERSION_MAX,
          )
        : null
      const begins =
        sound && beginsByDate(engine, found.journey)
          ? (await beginners(sql, vendor, row.journey_id)).length
          : 0
      return {
        sound,
        problems,
        diff: live && shownDiff(diff(live, found.journey)),
        runs: runs && (await shownForeseen(engine, sql, vendor, runs)),
        begins,
      }
    }),
  ),
  changes(publishJourney, async (at, { params, body }) => {
    const { engine, sql, vendor } = at
    const row = await lockDesigned(sql, vendor, params.journey as JourneyId)
    if (!row) throw noJourney()
    const draft = await draftOf(engine, sql, vendor, row)
    at.mustBeSeen(draft, draftShape)
    if (row.status === 'archived')
      throw new Refusal('journey_unpublished', 'This journey is archived. Make it active again first.')
    if (!draft.saved)
      throw new Refusal('conflict', 'There is no draft: what is live is all there is. Nothing was published.')
    const document = soundDraft(engine, draft.document)
    const made = await newVersion(engine, sql, vendor, {
      key: row.key,
      document,
      by: at.actor,
      plan: planOf(body),
    })
    at.auditedWithin()
    await withoutDraft(at, row)
    const job = await takeAlong(at, made, body)
    const isPaused = row.status === 'paused'
    const fresh =
      !isPaused && beginsByDate(engine, document) ? await beginners(sql, vendor, row.journey_id) : []
    const clients = fresh.map((one) => one.client_id)
    const starts =
      clients.length > 0 ? await begin(at, { is: 'start', journey: row.journey_id, clients }) : null
    return { version: made.version, job, starts }
  }),
  changes(moveToVersion, async (at, { params, body }) => {
    const { row, publication } = await lockedVersion(at, params.journey, params.version)
    if (row.version !== params.version)
      throw new Refusal('conflict', 'Another version is live. Couples can only be taken along to that one.')
    const job = await takeAlong(at, { publication, journey: row.journey_id, version: params.version }, body)
    at.audit('journey.moved', row.journey_id, { version: params.version })
    return { version: params.version, job, starts: null }
  }),
  changes(rollBackVersion, async (at, { params }) => {
    const { engine, sql, vendor } = at
    const { row, line, publication } = await lockedVersion(at, params.journey, params.version)
    if (row.version !== params.version)
      throw new Refusal(
        'undo_closed',
        'Only the version that is live can be taken back; another one is live now.',
      )
    await cancelJobsOf(sql, vendor, publication, at.now)
    const done = await rollBackIn(engine, sql, vendor, publication, at.actor)
    at.auditedWithin()
    at.after(() => ringTouched(engine, [...done.restored, ...done.moved]))
    return {
      live: line.from_version ?? params.version,
      restored: done.restored.length,
      moved: done.moved.length,
      kept: done.kept.length,
    }
  }),
]
