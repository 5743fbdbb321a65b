import { existsSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { check } from '../core/journey/check.ts'
import type { Journey, Registry } from '../core/journey/graph.ts'
import { parse } from '../core/journey/parse.ts'
import type { Problem } from '../core/problem.ts'
import { Refusal } from '../core/refusal.ts'
import { definitions } from '../modules/definitions.ts'
import { registryOf } from '../modules/registry.ts'
import { triggerTypes } from '../triggers/definitions.ts'
import { placesIn } from './place-in-json.ts'
import { readTextFile } from './text-file.ts'

/** A journey as it lies in a file: JSON, or TypeScript whose export is one. Problems carry file, line and column. */
export type JourneyFile = {
  readonly file: string
  readonly key: string
  readonly journey: Journey | null
  readonly problems: readonly Problem[]
}

export const houseRegistry = (): Registry => registryOf(definitions, triggerTypes)

/** The name a journey has by default: that of its file. */
export const keyOf = (file: string): string =>
  path
    .basename(file)
    .replace(/\.[^.]+$/, '')
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '-')

export async function readJourneyFile(
  file: string,
  registry: Registry = houseRegistry(),
): Promise<JourneyFile> {
  return /\.[mc]?[jt]s$/.test(file) ? fromProgram(file, registry) : fromJson(file, registry)
}

function fromJson(file: string, registry: Registry): JourneyFile {
  const text = readTextFile(file)
  const parsed = parse(text)
  const problems = parsed.ok ? check(parsed.journey, registry) : parsed.problems
  const places =
    problems.some((one) => one.path.startsWith('/') || one.path === '') && parsed.ok ? placesIn(text) : null
  return {
    file,
    key: keyOf(file),
    journey: parsed.ok ? parsed.journey : null,
    problems: problems.map((one) => located(file, one, places ?? safePlaces(text))),
  }
}

/** A text that is no JSON has no places but those its problem names itself. */
function safePlaces(text: string): ReturnType<typeof placesIn> | null {
  try {
    JSON.parse(text)
    return placesIn(text)
  } catch {
    return null
  }
}

function located(file: string, problem: Problem, places: ReturnType<typeof placesIn> | null): Problem {
  if (/^\d+:\d+$/.test(problem.path)) return { ...problem, path: `${file}:${problem.path}` }
  if (!places) return { ...problem, path: `${file}${problem.path}` }
  const { line, column } = places(problem.path)
  return { ...problem, path: `${file}:${line}:${column}` }
}

async function fromProgram(file: string, registry: Registry): Promise<JourneyFile> {
  const exported = await loaded(file)
  const candidates = Object.values(exported).filter(
    (value) => typeof value === 'object' && value !== null && 'nodes' in value,
  )
  const [value] = new Set('default' in exported ? [exported.default] : candidates)
  if (value === undefined || (!('default' in exported) && candidates.length > 1))
    throw new Refusal('invalid', `${file} must export one journey, as its default export.`)
  const parsed = parse(value)
  const problems = parsed.ok ? check(parsed.journey, registry) : parsed.problems
  return {
    file,
    key: keyOf(file),
    journey: parsed.ok ? parsed.journey : null,
    problems: problems.map((one) => ({ ...one, path: `${file}${one.path}` })),
  }
}

/** What a program says when it cannot be loaded is said of the file, and is no fault of ours. */
async function loaded(file: string): Promise<Record<string, unknown>> {
  if (!existsSync(file)) throw new Refusal('not_found', `${file} cannot be read: there is no such file.`)
  try {
    return (await import(pathToFileURL(path.resolve(file)).href)) as Record<string, unknown>
  } catch (error) {
    throw new Refusal('invalid', `${file} cannot be loaded: ${(error as Error).message}`)
  }
}

export const problemLine = (problem: Problem): string =>
  `${problem.path}: ${problem.severity === 'error' ? 'error' : 'warning'}: ${problem.node ? `[${problem.node}] ` : ''}${problem.message}${problem.fix ? ` (Fix: ${problem.fix.label})` : ''}`

/** A journey that may be published or run ahead; refuses with every error it has. */
export async function soundJourney(
  file: string,
): Promise<{ key: string; journey: Journey; warnings: readonly Problem[] }> {
  const read = await readJourneyFile(file)
  const errors = read.problems.filter((one) => one.severity === 'error')
  if (!read.journey || errors.length > 0)
    throw new Refusal(
      'journey_invalid',
      `${file} has ${errors.length} ${errors.length === 1 ? 'error' : 'errors'}; nothing was changed.`,
      {},
      errors,
    )
  return { key: read.key, journey: read.journey, warnings: read.problems }
}
