import type { Described } from './described.ts'
import { mapOf, optionsOf, type Schema, withoutNull } from './schema.ts'

/**
 * A couple or a run is described where it is read; wherever else the same stands, a link leads there. So a page of a
 * hundred operations stays one that a phone opens at once.
 */
export type Place = { readonly op: string; readonly part: 'answer' | 'body'; readonly path: string }
export type Shared = { readonly homeOf: (schema: Schema) => Place | null }
type Met = {
  readonly name: string
  readonly place: Place
  readonly rank: number
  /** What it stands in. */
  readonly around: readonly Met[]
}

/** What is shorter is quicker read than looked up. */
const WORTH_SHARING_SIGNS = 300

export function sharedAmong(all: readonly Described[]): Shared {
  const met = Map.groupBy(
    all.flatMap((one) => [...within(one, 'answer'), ...within(one, 'body')]),
    ({ name }) => name,
  )
  const homes = new Map<string, Place>()
  const isShown = ({ around }: Met): boolean =>
    around.every(({ name, place }) => {
      const home = homes.get(name)
      return home === undefined || isSame(home, place)
    })
  // The largest first: what stands in one that is told elsewhere is not seen here.
  for (const name of [...met.keys()].sort((a, b) => b.length - a.length)) {
    const shown = (met.get(name) ?? []).filter(isShown)
    const [best] = shown.toSorted((a, b) => a.rank - b.rank)
    if (best && shown.length > 1) homes.set(name, best.place)
  }
  return {
    homeOf: (schema) => {
      const name = nameOf(schema)
      return (name === null ? undefined : homes.get(name)) ?? null
    },
  }
}

function within(one: Described, part: Place['part']): readonly Met[] {
  const found: Met[] = []
  const walk = (given: Schema, path: string, outside: readonly Met[]): void => {
    const { one: schema } = withoutNull(given)
    const name = nameOf(schema)
    const rank = rankOf(one, part, path)
    const here: Met | null =
      name === null ? null : { name, place: { op: one.op.id, part, path }, rank, around: outside }
    if (here) found.push(here)
    const around = here ? [...outside, here] : outside
    for (const [key, inner] of Object.entries(schema.properties ?? {})) walk(inner, joined(path, key), around)
    if (schema.items) walk(schema.items, `${path}[]`, around)
    const map = mapOf(schema)
    if (map) walk(map, joined(path, '*'), around)
    for (const option of optionsOf(schema)) walk(option, path, around)
  }
  const whole = one[part]
  if (whole) walk(whole, '', [])
  return found
}

/** Where a shape is told best: whole, by what reads or changes it; then whole, by what only looks; then anywhere. */
function rankOf({ op }: Described, part: Place['part'], path: string): number {
  if (path !== '') return 3
  if (part === 'answer') return op.method === 'get' ? 0 : 2
  return op.onlyLooks ? 2 : 1
}

export const joined = (path: string, key: string): string => (path ? `${path}.${key}` : key)

/** The same shape has the same name, whatever is said beside it. */
function nameOf(schema: Schema): string | null {
  if (schema.type !== 'object' && optionsOf(schema).length === 0) return null
  const { description: _, ...shape } = schema
  const text = JSON.stringify(shape)
  return shownSigns(shape) >= WORTH_SHARING_SIGNS ? text : null
}

/** The pattern of a moment is long and is not shown. */
const shownSigns = (schema: Schema): number =>
  JSON.stringify(schema, (key, value) =>
    key === 'pattern' || key === 'additionalProperties' ? undefined : value,
  ).length

export const isSame = (one: Place, other: Place): boolean =>
  one.op === other.op && one.part === other.part && one.path === other.path
