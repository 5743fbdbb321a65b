import { createHash } from 'node:crypto'
import type { JourneyId, RunId, VendorId } from '../core/ids.ts'
import { errorsOf } from '../core/journey/check.ts'
import { type Graph, graphOf, type Journey } from '../core/journey/graph.ts'
import { type MigrationChoice, planMigration } from '../core/journey/migrate.ts'
import { Refusal } from '../core/refusal.ts'
import type { RunEvent } from '../core/run/event.ts'
import type { Run } from '../core/run/run.ts'
import type { Instant } from '../core/time/instant.ts'
import type { Sql } from '../ports.ts'
import { insertAudit } from '../store/changes.ts'
import {
  beginnersAreThrough,
  findJourney,
  insertJourney,
  insertVersion,
  lockJourney,
} from '../store/journeys.ts'
import {
  clientsWithoutRun,
  insertPublication,
  insertPublicationRuns,
  liveRunsOfJourney,
  newestVersion,
  readPublicationRuns,
  setVersion,
  takeRollback,
} from '../store/publications.ts'
import { lockRuns, type RunRow, readRuns, saveRuns } from '../store/runs.ts'
import { commitTurns, withInboxesRead } from './commit.ts'
import type { Engine } from './engine.ts'
import { sealDocument } from './graphs.ts'
import { retrying } from './retrying.ts'
import { ringTouched } from './ring.ts'
import { startRuns } from './start.ts'
import { loadRuns, type Taken, takeTurns } from './turns.ts'
import { loadViews } from './views.ts'

/**
 * Publishing makes a new immutable version (I7) and takes the runs in flight along as the plan says, run by run:
 * finish on the old version, move to the new one, or jump. Rolling back restores state and plan of every run that
 * has not gone on since; what was sent stays sent and is not repeated (engine 9).
 */
export type Publication = {
  readonly key: string
  readonly document: Journey
  readonly by: string
  /** What happens to runs on earlier versions; by default they finish on their own. */
  readonly plan?: MigrationChoice
  /** Only these runs move, for example one client first. */
  readonly only?: readonly RunId[]
}

export type PublishReceipt = {
  readonly publication: string
  readonly journey: JourneyId
  readonly version: number
  readonly moved: readonly RunId[]
  readonly stayed: readonly RunId[]
  readonly blocked: readonly { readonly run: RunId; readonly why: string }[]
  readonly started: readonly RunId[]
}

/** Runs taken along in one transaction; a larger book goes in several, each complete in itself. */
const RUNS_AT_ONCE = 200

export async function publish(
  engine: Engine,
  vendor: VendorId,
  publication: Publication,
  /** Hears how many runs were taken along or begun. */
  progress: (runs: number) => void = () => undefined,
): Promise<PublishReceipt> {
  const { key, document, by } = publication
  const problems = errorsOf(document, engine.registry)
  if (problems.length > 0)
    throw new Refusal(
      'journey_invalid',
      `This journey has ${problems.length} ${problems.length === 1 ? 'error' : 'errors'}; nothing was published.`,
      { key },
      problems,
    )
  const made = await retrying(engine, () =>
    engine.db.tx('publish', { vendors: [vendor] }, (sql) => newVersion(engine, sql, vendor, publication)),
  )
  const to = graphOf(document, engine.registry)
  const receipt = {
    ...made,
    moved: [] as RunId[],
    stayed: [] as RunId[],
    blocked: [] as { run: RunId; why: string }[],
    started: [] as RunId[],
  }
  await migrateAll(engine, vendor, made, to, publication, receipt, progress)
  if (to.triggerType.when)
    await startForAll(engine, vendor, key, (runs) => {
      receipt.started.push(...runs)
      progress(receipt.moved.length + receipt.started.length)
    })
  ringTouched(engine, [...receipt.moved, ...receipt.started])
  engine.log.info('journey published', {
    journey: made.journey,
    version: made.version,
    moved: receipt.moved.length,
    by,
  })
  return receipt
}

export type Made = { publication: string; journey: JourneyId; version: number }

export async function newVersion(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  { key, document, by, plan }: Pick<Publication, 'key' | 'document' | 'by'> & { readonly plan?: unknown },
): Promise<Made> {
  const now = engine.clock.now()
  const [, known] = await Promise.all([beginnersAreThrough(sql, vendor), findJourney(sql, vendor, key)])
  const journey = known?.journey_id ?? (engine.rng.uuid7(now) as JourneyId)
  if (!known)
    await insertJourney(sql, {
      vendor,
      journey,
      key,
      name: document.name,
      category: document.category,
      at: now,
    })
  const current = await lockJourney(sql, vendor, journey)
  const version = (await newestVersion(sql, vendor, journey)) + 1
  const trigger = graphOf(document, engine.registry)
  await insertVersion(sql, {
    vendor,
    journey,
    version,
    by,
    at: now,
    document: await sealDocument(engine.vault, vendor, journey, version, document),
    hash: createHash('sha256').update(JSON.stringify(document)).digest(),
    name: document.name,
    category: document.category,
    triggerType: trigger.trigger.type,
    listensTo: trigger.triggerType.listensTo,
  })
  const publication = engine.rng.uuid7(now)
  await insertPublication(sql, {
    vendor,
    publication,
    journey,
    from: current?.version ?? null,
    to: version,
    plan: plan ?? { is: 'finish_old' },
    actor: by,
    at: now,
  })
  await insertAudit(sql, [
    {
      vendor,
      id: engine.rng.uuid7(now),
      at: now,
      actor: by,
      action: 'journey.published',
      subject: journey,
      detail: { version },
    },
  ])
  return { publication, journey, version }
}

export type Counts = {
  moved: RunId[]
  stayed: RunId[]
  blocked: { run: RunId; why: string }[]
}

async function migrateAll(
  engine: Engine,
  vendor: VendorId,
  made: Made,
  to: Graph,
  { plan, only }: Publication,
  counts: Counts,
  progress: (runs: number) => void,
): Promise<void> {
  const choice = plan ?? { is: 'finish_old' as const }
  if (choice.is === 'finish_old') return
  const all = await engine.db.tx('publish.runs', { vendors: [vendor] }, (sql) =>
    liveRunsOfJourney(sql, vendor, made.journey, made.version),
  )
  const wanted = only ? all.filter((run) => only.includes(run)) : all
  counts.stayed.push(...all.filter((run) => !wanted.includes(run)))
  for (let from = 0; from < wanted.length; from += RUNS_AT_ONCE) {
    const part = wanted.slice(from, from + RUNS_AT_ONCE)
    await retrying(engine, () =>
      engine.db.tx('publish.move', { vendors: [vendor] }, (sql) =>
        migratePart(engine, sql, vendor, made, to, () => choice, part, counts),
      ),
    )
    progress(from + part.length)
  }
}

/** Takes these runs along, each as it was chosen for it; what cannot be moved says why. */
export async function migratePart(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  made: Made,
  to: Graph,
  choiceFor: (run: RunId) => MigrationChoice,
  runs: readonly RunId[],
  counts: Counts,
): Promise<void> {
  const now = engine.clock.now()
  const held = await lockRuns(
    sql,
    runs.map((run) => ({ vendor, run })),
  )
  const rows = await withInboxesRead(engine, sql, now, held)
  const loaded = await loadRuns(engine, sql, now, rows)
  const taken: Taken[] = []
  for (const one of loaded) {
    // Somebody has taken it along meanwhile.
    const isThere = one.run.version >= made.version
    const plan = planMigration(one.run, one.graph, to, isThere ? { is: 'finish_old' } : choiceFor(one.run.id))
    if (plan.is === 'moved') {
      const run: Run = {
        ...one.run,
        version: made.version,
        state: { ...one.run.state, tokens: plan.tokens, visits: plan.visits },
      }
      const event: RunEvent = {
        is: 'details_changed',
        at: now,
        anchors: ['*'],
        why: `version ${made.version}`,
        undoUntil: null,
        published: true,
      }
      taken.push(takeTurns({ ...one, run, graph: to }, now, [event]))
    } else if (plan.is === 'stays') counts.stayed.push(one.run.id)
    else
      counts.blocked.push({ run: one.run.id, why: plan.problems.map((problem) => problem.message).join(' ') })
  }
  await commitTurns(engine, sql, now, taken)
  await insertPublicationRuns(
    sql,
    vendor,
    made.publication,
    taken.map((one) => ({
      run: one.after.id,
      revAfter: one.loaded.row.rev + one.log.length,
      before: JSON.stringify(beforeOf(one.loaded.row)),
    })),
  )
  counts.moved.push(...taken.map((one) => one.after.id))
}

const beforeOf = (row: RunRow) => ({
  version: row.version,
  status: row.status,
  due: row.due_at,
  band: row.band,
  state: row.state,
})

/** A journey that begins by a date has a waiting run for each couple that is known. */
async function startForAll(
  engine: Engine,
  vendor: VendorId,
  key: string,
  begun: (runs: readonly RunId[]) => void,
): Promise<void> {
  for (;;) {
    const part = await retrying(engine, () =>
      engine.db.tx('publish.start', { vendors: [vendor] }, async (sql) => {
        const now = engine.clock.now()
        const journey = await findJourney(sql, vendor, key)
        if (journey?.status !== 'active') return []
        const clients = await clientsWithoutRun(sql, vendor, journey.journey_id, RUNS_AT_ONCE)
        if (clients.length === 0) return []
        const views = await loadViews(
          engine,
          sql,
          now,
          clients.map((one) => ({ vendor, client: one.client_id, graph: null })),
        )
        const answers = await startRuns(
          engine,
          sql,
          now,
          vendor,
          clients.map((one) => ({
            journey,
            client: one.client_id,
            wedding: one.wedding_id,
            by: null,
            view: views.of(one.client_id),
          })),
        )
        return answers.flatMap((answer) => (answer.is === 'started' ? [answer.run] : []))
      }),
    )
    if (part.length === 0) return
    begun(part)
  }
}

/** Takes a publication back: the version before is current again, and runs that have not gone on stand as they stood. */
export async function rollBack(
  engine: Engine,
  vendor: VendorId,
  publication: string,
  by: string,
): Promise<RolledBack> {
  const result = await retrying(engine, () =>
    engine.db.tx('publish.rollback', { vendors: [vendor] }, (sql) =>
      rollBackIn(engine, sql, vendor, publication, by),
    ),
  )
  ringTouched(engine, [...result.restored, ...result.moved])
  return result
}

export type RolledBack = { restored: RunId[]; moved: RunId[]; kept: RunId[] }

export async function rollBackIn(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  publication: string,
  by: string,
): Promise<RolledBack> {
  const now = engine.clock.now()
  const row = await takeRollback(sql, vendor, publication, now)
  if (!row || row.from_version === null)
    throw new Refusal(
      'undo_closed',
      'This publication cannot be taken back: it was the first, or it has been taken back already.',
      { publication },
    )
  const before = await engine.graphs.find(sql, vendor, row.journey_id, row.from_version)
  await setVersion(sql, {
    vendor,
    journey: row.journey_id,
    version: row.from_version,
    triggerType: before.trigger.type,
    listensTo: before.triggerType.listensTo,
  })
  await insertAudit(sql, [
    {
      vendor,
      id: engine.rng.uuid7(now),
      at: now,
      actor: by,
      action: 'journey.rolled_back',
      subject: row.journey_id,
      detail: { to: row.from_version },
    },
  ])
  return restoreRuns(engine, sql, now, vendor, publication, row.from_version)
}

async function restoreRuns(
  engine: Engine,
  sql: Sql,
  now: Instant,
  vendor: VendorId,
  publication: string,
  version: number,
): Promise<RolledBack> {
  const records = new Map(
    (await readPublicationRuns(sql, vendor, publication)).map((row) => [row.run_id, row]),
  )
  const rows = await lockRuns(
    sql,
    [...records.keys()].map((run) => ({ vendor, run })),
  )
  const untouched = rows.filter((row) => records.get(row.run_id)?.rev_after === row.rev)
  await saveRuns(
    sql,
    now,
    untouched.map((row) => {
      const before = JSON.parse(records.get(row.run_id)!.before) as ReturnType<typeof beforeOf>
      return {
        vendor,
        run: row.run_id,
        seen: row.rev,
        ...before,
        log: [
          {
            event: JSON.stringify({ is: 'rolled_back', at: now, publication }),
            because: '[{"code":"undone"}]',
          },
        ],
      }
    }),
  )
  const gone = rows.filter((row) => !untouched.includes(row))
  const moved = await moveBack(engine, sql, now, vendor, gone, version)
  return {
    restored: untouched.map((row) => row.run_id),
    moved,
    kept: gone.map((row) => row.run_id).filter((run) => !moved.includes(run)),
  }
}

/** Runs that have gone on since are taken to the old version where they stand, when it has such a step. */
async function moveBack(
  engine: Engine,
  sql: Sql,
  now: Instant,
  vendor: VendorId,
  rows: readonly RunRow[],
  version: number,
): Promise<RunId[]> {
  const loaded = await loadRuns(
    engine,
    sql,
    now,
    await readRuns(
      sql,
      rows.map((row) => ({ vendor, run: row.run_id })),
    ),
  )
  const taken: Taken[] = []
  for (const one of loaded) {
    const old = await engine.graphs.find(sql, vendor, one.run.journey, version)
    const plan = planMigration(one.run, one.graph, old, { is: 'move', redirects: {} })
    if (plan.is !== 'moved') continue
    const run: Run = {
      ...one.run,
      version,
      state: { ...one.run.state, tokens: plan.tokens, visits: plan.visits },
    }
    taken.push(
      takeTurns({ ...one, run, graph: old }, now, [
        {
          is: 'details_changed',
          at: now,
          anchors: ['*'],
          why: `back to version ${version}`,
          undoUntil: null,
          published: true,
        },
      ]),
    )
  }
  await commitTurns(engine, sql, now, taken)
  return taken.map((one) => one.after.id)
}
