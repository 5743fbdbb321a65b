import { statSync } from 'node:fs'
import type { VendorId } from '../core/ids.ts'
import type { Journey } from '../core/journey/graph.ts'
import type { Problem } from '../core/problem.ts'
import { Refusal } from '../core/refusal.ts'
import type { VendorView } from '../core/run/view.ts'
import { aroundOf, documentOf, draftOf, judge } from '../engine/drafts.ts'
import type { Engine } from '../engine/engine.ts'
import type { House } from '../main.ts'
import type { Sql } from '../ports.ts'
import { type DesignedRow, designedNamed } from '../store/journey-drafts.ts'
import { keyOf, readJourneyFile } from './journey-file.ts'
import { vendorFor } from './whose.ts'
import { withHouse } from './with-house.ts'

/**
 * Journeys as words name them, for every command that reads some: a file, or a journey of the running system by key,
 * name or id; with `@draft`, `@live` or `@3` behind it a certain one of its states. Files alone need no database.
 */
export type MeantJourney = {
  readonly words: string
  /** By which other journeys start and stop it. */
  readonly key: string
  readonly of: 'file' | 'draft' | 'live' | number
  /** The row it has in the running system. */
  readonly row: DesignedRow | null
  /** Null when it cannot be read as one. */
  readonly journey: Journey | null
  readonly problems: readonly Problem[]
}

/** The running system with the vendor that is meant, where one was needed. */
export type Standing = { readonly house: House; readonly vendor: { id: VendorId; name: string } }

export const HOW_NAMED =
  'A journey is named by its file, or by its key, name or id here; behind it @draft, @live or the number of a version, such as booked@draft or booked@3. Without that it is the one that is live, or the draft of one that never was.'

const isFile = (words: string): boolean =>
  statSync(words, { throwIfNoEntry: false })?.isFile() === true ||
  /[\\/]/.test(words) ||
  /\.(json|[mc]?[jt]s)$/i.test(words)

type Wanted = {
  readonly vendor?: string | undefined
  /** The command needs the running system for something else as well. */
  readonly here?: boolean
  /** One that cannot be found or loaded is told as a problem of its own, and the others are read all the same. */
  readonly judging?: boolean
}

/** Opens the house only when it is needed. */
export async function withJourneys<T>(
  words: readonly string[],
  { vendor: wanted, here, judging = false }: Wanted,
  work: (journeys: MeantJourney[], standing: Standing | null) => Promise<T>,
): Promise<T> {
  const found = judging ? judged : (_: string, journey: Promise<MeantJourney>) => journey
  if (!here && words.every(isFile))
    return work(await Promise.all(words.map((one) => found(one, inFile(one)))), null)
  return withHouse(async (house) => {
    const vendor = await vendorFor(house.engine, wanted)
    const journeys: MeantJourney[] = []
    for (const one of words)
      journeys.push(await found(one, isFile(one) ? inFile(one) : inSystem(house.engine, vendor, one)))
    return work(journeys, { house, vendor })
  })
}

/** What was refused becomes the one thing that is wrong with it; whatever else is thrown is not about the journey. */
const judged = (words: string, journey: Promise<MeantJourney>): Promise<MeantJourney> =>
  journey.catch((error: unknown) => {
    if (!(error instanceof Refusal)) throw error
    const { code, message } = error
    const of = isFile(words) ? 'file' : 'draft'
    const problem: Problem = { code, severity: 'error', message, path: words }
    return { words, key: keyOf(words), of, row: null, journey: null, problems: [problem] }
  })

async function inFile(file: string): Promise<MeantJourney> {
  const { key, journey, problems } = await readJourneyFile(file)
  return { words: file, key, of: 'file', row: null, journey, problems }
}

const STATE_NAMED = /^(.+)@(draft|live|v?[1-9]\d{0,5})$/

function inSystem(engine: Engine, vendor: Standing['vendor'], words: string): Promise<MeantJourney> {
  const [, name = words, state] = STATE_NAMED.exec(words) ?? []
  return engine.db.tx('journey.meant', { vendors: [vendor.id] }, async (sql) => {
    const row = theOne(await designedNamed(sql, vendor.id, name), vendor, name)
    const of = stateOf(row, state)
    const document =
      of === 'draft'
        ? (await draftOf(engine, sql, vendor.id, row)).document
        : await documentOf(engine, sql, vendor.id, row.journey_id, of === 'live' ? row.version! : of)
    const { journey, problems } = judge(engine, document, await aroundOf(sql, vendor.id))
    const label = `${row.key}@${of}`
    return {
      words,
      key: row.key,
      of,
      row,
      journey,
      problems: problems.map((one) => ({ ...one, path: `${label}${one.path}` })),
    }
  })
}

function theOne(rows: readonly DesignedRow[], vendor: Standing['vendor'], words: string): DesignedRow {
  const [first, second] = rows
  if (!first)
    throw new Refusal(
      'not_found',
      `"${words}" is neither a file nor a journey of ${vendor.name}. "wedsync journey list" names them.`,
    )
  const isExact = first.key === words || first.journey_id === words.toLowerCase()
  if (second && !isExact)
    throw new Refusal(
      'conflict',
      `${rows.length} journeys are called "${words}"; name one by its key:\n${rows.map((row) => `  ${row.key}`).join('\n')}`,
    )
  return first
}

function stateOf(row: DesignedRow, state: string | undefined): 'draft' | 'live' | number {
  if (state === 'draft') return 'draft'
  if (state !== undefined && state !== 'live') return Number(state.replace('v', ''))
  if (row.version !== null) return 'live'
  if (state === 'live')
    throw new Refusal('journey_unpublished', `${row.key} was never published: there is only its draft.`)
  return 'draft'
}

/** One that may be run ahead; refuses with every error it has. */
export function sound({ words, journey, problems }: MeantJourney): Journey {
  const errors = problems.filter((one) => one.severity === 'error')
  if (journey && errors.length === 0) return journey
  throw new Refusal(
    'journey_invalid',
    `${words} has ${errors.length} ${errors.length === 1 ? 'error' : 'errors'}; it cannot be run ahead.`,
    {},
    errors,
  )
}

/** One that can at least be read. */
export function readable({ words, journey, problems }: MeantJourney): Journey {
  if (journey) return journey
  throw new Refusal('journey_invalid', `${words} cannot be read as a journey.`, {}, problems)
}

/** The rules of the vendor as they stand: open hours, days of work, weddings, caps. */
export async function viewOf({ house, vendor }: Standing): Promise<VendorView> {
  const known = await house.engine.db.tx('journey.vendor', { vendors: [vendor.id] }, (sql: Sql) =>
    house.engine.vendorViews.now(sql, vendor.id),
  )
  return known!.view
}
