import type { NodeId } from '../../../core/ids.ts'
import type { Outline } from '../../../core/journey/outline.ts'
import type { FutureStep } from '../../../core/run/forecast.ts'
import type { Drawn } from './layout.ts'

/** Which way a couple goes, and how far they have come: what is lit on a drawing, and what is not. */
type Visit = Pick<FutureStep, 'node' | 'because'>

/** The ways by which they leave a step, as the engine says; a fork is left by all of its ways at once. */
export function exitsTaken(outline: Outline, { node: id, because }: Visit): readonly string[] {
  if (because.some(({ code }) => code === 'forked')) {
    const node = outline.node(id)
    return node ? outline.exits(node) : []
  }
  return because.flatMap(({ code, values }) =>
    code === 'left_by' && typeof values?.exit === 'string' ? [values.exit] : [],
  )
}

/** After which of these visits each way is first gone: by its id on the drawing. */
export function waysTaken(outline: Outline, visits: readonly Visit[]): ReadonlyMap<string, number> {
  const taken = new Map<string, number>()
  for (const [index, visit] of visits.entries())
    for (const exit of exitsTaken(outline, visit)) {
      const id = `${visit.node}.${exit}`
      if (!taken.has(id)) taken.set(id, index)
    }
  return taken
}

/** The ways they never go; none of them while nothing is known. */
export const waysNotTaken = (drawn: Drawn, taken: ReadonlyMap<string, unknown>): ReadonlySet<string> =>
  new Set(taken.size === 0 ? [] : drawn.ways.filter(({ id }) => !taken.has(id)).map(({ id }) => id))

/** What is behind them after so many of these visits, and the step they passed last. */
export type Walked = {
  readonly steps: ReadonlySet<NodeId>
  readonly ways: ReadonlySet<string>
  readonly last: NodeId | null
}
export function walkedBy(
  visits: readonly Pick<Visit, 'node'>[],
  ways: ReadonlyMap<string, number>,
  passed: number,
): Walked {
  const behind = visits.slice(0, passed)
  return {
    steps: new Set(behind.map(({ node }) => node)),
    ways: new Set([...ways].filter(([, index]) => index < passed).map(([id]) => id)),
    last: behind.at(-1)?.node ?? null,
  }
}

/** Of the visits to a step the last one so far, or else the first one to come. */
export function visitsBy<Step extends Pick<Visit, 'node'>>(
  visits: readonly Step[],
  passed: number,
): ReadonlyMap<NodeId, Step> {
  const by = new Map<NodeId, Step>()
  for (const [index, visit] of visits.entries())
    if (index < passed || !by.has(visit.node)) by.set(visit.node, visit)
  return by
}
