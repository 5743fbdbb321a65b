import {
  addJourney,
  changeJourney,
  checkDocument,
  checkDraft,
  diffJourney,
  dropDraft,
  exportJourney,
  type JourneyLine,
  journeyStatistics,
  listJourneys,
  listVersions,
  readDraft,
  readJourney,
  readVersion,
  saveDraft,
} from '../../contract/journeys.ts'
import type { JourneyId, JsonObject, VendorId } from '../../core/ids.ts'
import { diff } from '../../core/journey/diff.ts'
import { Refusal } from '../../core/refusal.ts'
import { earliest, type Instant, isoOf } from '../../core/time/instant.ts'
import {
  aroundOf,
  blankJourney,
  documentOf,
  draftOf,
  errorsIn,
  type Judged,
  journeyMeant,
  judge,
  saveDraftIn,
} from '../../engine/drafts.ts'
import type { Engine } from '../../engine/engine.ts'
import type { Sql } from '../../ports.ts'
import { couplesOnJourneys, type RunCount, runCounts, standingCounts } from '../../store/journey-counts.ts'
import {
  type DesignedRow,
  designedJourneys,
  isKeyTaken,
  journeyCategories,
  lockDesigned,
  readDesigned,
  setDraft,
  setJourneyStatus,
  versionLines,
} from '../../store/journey-drafts.ts'
import { insertJourney, type JourneyRow } from '../../store/journeys.ts'
import { changes, type Route, reads, type Standing } from '../frame/route.ts'
import { shownDiff, shownProblem } from '../shown-journey.ts'

export const noJourney = (): Refusal => new Refusal('not_found', 'There is no journey here with this id.')

/** Reads one journey and what is wanted of it. */
export function ofOne<T>(
  { engine, vendor }: Standing,
  journey: string,
  work: (sql: Sql, row: DesignedRow) => Promise<T>,
): Promise<T> {
  return engine.db.read('journey.read', { vendors: [vendor] }, async (sql) => {
    const row = await readDesigned(sql, vendor, journey as JourneyId)
    if (!row) throw noJourney()
    return work(sql, row)
  })
}

const line = (row: JourneyRow, hasDraft: boolean): JourneyLine => ({
  id: row.journey_id,
  key: row.key,
  name: row.name,
  category: row.category,
  status: row.status,
  version: row.version,
  trigger: row.trigger_type,
  hasDraft,
})

function counted(counts: readonly RunCount[]) {
  const of = (status: RunCount['status']): number => counts.find((one) => one.status === status)?.runs ?? 0
  const [active, waiting, paused] = [of('active'), of('waiting'), of('paused')]
  const rest = { completed: of('completed'), failed: of('failed'), cancelled: of('cancelled') }
  const next = counts
    .filter((one) => one.status !== 'paused')
    .reduce<Instant | null>((soonest, one) => earliest(soonest, one.next), null)
  return {
    runs: { onIt: active + waiting + paused, active, waiting, paused, ...rest },
    next: next && isoOf(next),
  }
}

export const shown = async (engine: Engine, sql: Sql, vendor: VendorId, row: DesignedRow) => ({
  ...line(row, row.draft !== null),
  live:
    row.version === null
      ? null
      : ((await documentOf(engine, sql, vendor, row.journey_id, row.version)) as Record<string, unknown>),
})

const judged = (found: Judged) => ({
  sound: errorsIn(found).length === 0,
  errors: errorsIn(found).length,
  warnings: found.problems.length - errorsIn(found).length,
  problems: found.problems.map(shownProblem),
})

/** A key from a name: what is no letter or digit becomes a dash. */
export const keyFrom = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 80) || 'journey'

export async function freeKey(
  sql: Sql,
  vendor: VendorId,
  wanted: string | undefined,
  name: string,
): Promise<string> {
  if (wanted !== undefined) {
    if (await isKeyTaken(sql, vendor, wanted))
      throw new Refusal('conflict', 'Another journey has this key already. Choose another one.')
    return wanted
  }
  const base = keyFrom(name)
  for (let number = 1; ; number += 1) {
    const key = number === 1 ? base : `${base}-${number}`
    if (!(await isKeyTaken(sql, vendor, key))) return key
  }
}

const textOf = (value: unknown, max: number): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, max) : undefined

export const journeyRoutes: readonly Route[] = [
  reads(listJourneys, async ({ engine, vendor }, { query }) => {
    const filter = { status: query.status ?? null, category: query.category ?? null }
    const [rows, counts, categories, couples] = await engine.db.read(
      'journey.list',
      { vendors: [vendor] },
      (sql) =>
        Promise.all([
          designedJourneys(sql, vendor, filter),
          runCounts(sql, vendor),
          journeyCategories(sql, vendor),
          couplesOnJourneys(sql, vendor),
        ]),
    )
    const byJourney = Map.groupBy(counts, (one) => one.journey_id)
    return {
      items: rows.map((row) => ({
        ...line(row, row.has_draft),
        ...counted(byJourney.get(row.journey_id) ?? []),
      })),
      categories,
      couples,
    }
  }),
  reads(readJourney, (at, { params }) =>
    ofOne(at, params.journey, (sql, row) => shown(at.engine, sql, at.vendor, row)),
  ),
  changes(addJourney, async (at, { body }) => {
    const { engine, sql, vendor } = at
    const given = body.document
    const name = body.name ?? textOf(given?.name, 200) ?? 'New journey'
    const category = body.category ?? textOf(given?.category, 60) ?? 'general'
    const key = await freeKey(sql, vendor, body.key, name)
    const journey = engine.rng.uuid7(at.now) as JourneyId
    await insertJourney(sql, { vendor, journey, key, name, category, at: at.now })
    const document = given ? { ...given, name, category } : blankJourney(name, category)
    const kept = { basedOn: null, by: at.actor, at: isoOf(at.now), document: document as JsonObject }
    await saveDraftIn(engine, sql, vendor, { journey_id: journey }, kept)
    at.audit('journey.added', journey, { key })
    const row = await readDesigned(sql, vendor, journey)
    return shown(engine, sql, vendor, row!)
  }),
  changes(changeJourney, async (at, { params, body }) => {
    const { engine, sql, vendor } = at
    const row = await lockDesigned(sql, vendor, params.journey as JourneyId)
    if (!row) throw noJourney()
    at.mustBeSeen(await shown(engine, sql, vendor, row))
    if (row.version === null && body.status !== 'archived')
      throw new Refusal(
        'journey_unpublished',
        'This journey was never published. Publishing makes it active.',
      )
    await setJourneyStatus(sql, vendor, row.journey_id, body.status)
    at.audit(`journey.${body.status}`, row.journey_id, { before: row.status })
    return shown(engine, sql, vendor, { ...row, status: body.status })
  }),
  reads(journeyStatistics, (at, { params }) =>
    ofOne(at, params.journey, async (sql, row) => {
      const [counts, standing] = await Promise.all([
        runCounts(sql, at.vendor, row.journey_id),
        standingCounts(sql, at.vendor, row.journey_id),
      ])
      return { ...counted(counts), standing }
    }),
  ),
  reads(readDraft, (at, { params }) =>
    ofOne(at, params.journey, (sql, row) => draftOf(at.engine, sql, at.vendor, row)),
  ),
  changes(saveDraft, async (at, { params, body }) => {
    const { engine, sql, vendor } = at
    const row = await lockDesigned(sql, vendor, params.journey as JourneyId)
    if (!row) throw noJourney()
    const before = await draftOf(engine, sql, vendor, row)
    at.mustBeSeen(before)
    const document = body.document as JsonObject
    const kept = { basedOn: before.basedOn, by: at.actor, at: isoOf(at.now), document }
    await saveDraftIn(engine, sql, vendor, row, kept)
    at.audit('journey.draft_saved', row.journey_id)
    return { saved: true, live: row.version, ...kept }
  }),
  changes(dropDraft, async (at, { params }) => {
    const { engine, sql, vendor } = at
    const row = await lockDesigned(sql, vendor, params.journey as JourneyId)
    if (!row) throw noJourney()
    at.mustBeSeen(await draftOf(engine, sql, vendor, row))
    if (row.version === null)
      throw new Refusal('journey_unpublished', 'There is only this draft. Archive the journey instead.')
    await setDraft(sql, vendor, row.journey_id, null)
    at.audit('journey.draft_dropped', row.journey_id)
    return draftOf(engine, sql, vendor, { ...row, draft: null })
  }),
  reads(checkDraft, (at, { params }) =>
    ofOne(at, params.journey, async (sql, row) => {
      const { document } = await draftOf(at.engine, sql, at.vendor, row)
      return judged(judge(at.engine, document, await aroundOf(sql, at.vendor)))
    }),
  ),
  reads(checkDocument, async ({ engine, vendor }, { body }) => {
    const around = await engine.db.read('journey.around', { vendors: [vendor] }, (sql) =>
      aroundOf(sql, vendor),
    )
    return judged(judge(engine, body.document, around))
  }),
  reads(exportJourney, (at, { params, query }) =>
    ofOne(at, params.journey, async (sql, row) => {
      const document =
        query.of === 'draft'
          ? (await draftOf(at.engine, sql, at.vendor, row)).document
          : await journeyMeant(at.engine, sql, at.vendor, row, query.of)
      return { key: row.key, of: query.of, document: document as Record<string, unknown> }
    }),
  ),
  reads(diffJourney, (at, { params, query }) =>
    ofOne(at, params.journey, async (sql, row) => {
      const before = await journeyMeant(at.engine, sql, at.vendor, row, query.from)
      const after = await journeyMeant(at.engine, sql, at.vendor, row, query.to)
      return shownDiff(diff(before, after))
    }),
  ),
  reads(listVersions, (at, { params }) =>
    ofOne(at, params.journey, async (sql, row) => ({
      items: (await versionLines(sql, at.vendor, row.journey_id)).map((one) => ({
        version: one.version,
        at: isoOf(one.published_at),
        by: one.published_by,
        live: one.version === row.version,
        rolledBack: one.rolled_back_at && isoOf(one.rolled_back_at),
        after: one.from_version,
        moved: one.moved,
        onIt: one.on_it,
      })),
    })),
  ),
  reads(readVersion, (at, { params }) =>
    ofOne(at, params.journey, async (sql, row) => ({
      version: params.version,
      document: (await documentOf(at.engine, sql, at.vendor, row.journey_id, params.version)) as Record<
        string,
        unknown
      >,
    })),
  ),
]
