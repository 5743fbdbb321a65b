import { brandOf } from '../core/brand.ts'
import type { JourneyId, JsonObject, VendorId } from '../core/ids.ts'
import { type Around, check } from '../core/journey/check.ts'
import type { Journey } from '../core/journey/graph.ts'
import { parse } from '../core/journey/parse.ts'
import type { Problem } from '../core/problem.ts'
import { Refusal } from '../core/refusal.ts'
import type { Sql } from '../ports.ts'
import { readDress } from '../store/brand.ts'
import { type DesignedRow, nameDraft, setDraft } from '../store/journey-drafts.ts'
import { readVersion } from '../store/views.ts'
import type { Engine } from './engine.ts'
import { openDocument } from './graphs.ts'
import { openJson, sealJson } from './views.ts'

/**
 * What is written of a journey and not published. A draft is kept as it was left, whole or not: whether it could be
 * published is judged when somebody asks.
 */
export type Draft = {
  readonly saved: boolean
  readonly basedOn: number | null
  readonly live: number | null
  /** Whose hand was last on it, and when: whoever is overtaken is told by whom. */
  readonly by: string | null
  readonly at: string | null
  readonly document: JsonObject
}
type Kept = Pick<Draft, 'basedOn' | 'by' | 'at' | 'document'>

const placeOf = (vendor: VendorId, journey: string) =>
  ({ vendor, subject: null, table: 'journey', row: journey, column: 'draft' }) as const

export async function draftOf(engine: Engine, sql: Sql, vendor: VendorId, row: DesignedRow): Promise<Draft> {
  if (row.draft) {
    const kept = (await openJson(engine.vault, placeOf(vendor, row.journey_id), row.draft)) as unknown as Kept
    return { saved: true, live: row.version, ...kept }
  }
  if (row.version === null) throw new Error(`journey ${row.journey_id} has neither a version nor a draft`)
  const live = await documentOf(engine, sql, vendor, row.journey_id, row.version)
  return {
    saved: false,
    basedOn: row.version,
    live: row.version,
    by: null,
    at: null,
    document: live as unknown as JsonObject,
  }
}

export async function saveDraftIn(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  row: Pick<DesignedRow, 'journey_id'>,
  draft: Kept,
): Promise<void> {
  const sealed = await sealJson(engine.vault, placeOf(vendor, row.journey_id), draft)
  await setDraft(sql, vendor, row.journey_id, sealed)
  const { name, category } = draft.document
  if (isTitle(name, 200) && isTitle(category, 60))
    await nameDraft(sql, vendor, row.journey_id, name, category)
}

const isTitle = (value: unknown, max: number): value is string =>
  typeof value === 'string' && value.trim() !== '' && value.length <= max

export async function documentOf(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  journey: JourneyId,
  version: number,
): Promise<Journey> {
  const sealed = await readVersion(sql, vendor, journey, version)
  if (!sealed) throw new Refusal('not_found', 'This journey has no such version.')
  return openDocument(engine.vault, vendor, journey, version, sealed.document)
}

/** What a journey is judged by beside itself. */
export async function aroundOf(sql: Sql, vendor: VendorId): Promise<Around> {
  const dress = await readDress(sql, vendor)
  return { postalAddress: brandOf(dress?.brand).postalAddress !== '' }
}

export type Judged = { readonly journey: Journey | null; readonly problems: readonly Problem[] }

export function judge(engine: Engine, document: unknown, around: Around = {}): Judged {
  const parsed = parse(document)
  return parsed.ok
    ? { journey: parsed.journey, problems: check(parsed.journey, engine.registry, around) }
    : { journey: null, problems: parsed.problems }
}

export const errorsIn = (judged: Judged): readonly Problem[] =>
  judged.problems.filter((one) => one.severity === 'error')

/** What somebody is writing, if it can be read as a journey at all. */
export function readable(engine: Engine, document: unknown): Journey {
  const { journey, problems } = judge(engine, document)
  if (journey) return journey
  throw new Refusal(
    'journey_invalid',
    'The draft is not whole yet: it cannot be read as a journey. Its problems say what is missing.',
    {},
    problems,
  )
}

/** What is meant by `draft`, `live` or the number of a version; it must at least be readable as a journey. */
export async function journeyMeant(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  row: DesignedRow,
  which: string,
): Promise<Journey> {
  if (which === 'draft' && row.draft)
    return readable(engine, (await draftOf(engine, sql, vendor, row)).document)
  const version = which === 'draft' || which === 'live' ? row.version : Number(which)
  if (version === null)
    throw new Refusal('journey_unpublished', 'This journey was never published: there is only its draft.')
  return documentOf(engine, sql, vendor, row.journey_id, version)
}

/** The least that is a journey: it is begun by hand and ends. */
export const blankJourney = (name: string, category: string): JsonObject => ({
  format: 1,
  name,
  category,
  reentry: 'never',
  nodes: [
    { id: 'begin', kind: 'trigger', type: 'manual' },
    { id: 'end', kind: 'end' },
  ],
  edges: [{ from: 'begin', to: 'end' }],
})
