import type { Problem } from '../problem.ts'
import { checkConditions } from './check-conditions.ts'
import { checkEdges, checkExits, checkIds, checkLoops, checkReach } from './check-graph.ts'
import { checkRecipients, checkRules, checkStarts, checkTypes } from './check-steps.ts'
import { forksOf } from './forks.ts'
import { EDGES_MAX, type Journey, NODES_MAX, type Registry } from './graph.ts'
import { withoutPostalAddress } from './lint/postal-address.ts'
import { lint } from './lint.ts'
import { type Outline, outlineOf } from './outline.ts'

/** What a judge of a draft may know beside the draft: nothing here is needed, each makes the judgement finer. */
export type Around = {
  /** Liquid fields a message may use, for the modules' own checks. */
  readonly fields?: readonly string[]
  /** Names of the vendor's other journeys and which journeys each of them starts. */
  readonly journeys?: ReadonlyMap<string, readonly string[]>
  /** Keys of the vendor's forms. */
  readonly forms?: readonly string[]
  /** Whether the vendor's letters can say where it can be written to; not known: nothing is said of it. */
  readonly postalAddress?: boolean
}

/**
 * Everything that is wrong with a journey, at once: errors, which block publishing, then what the linter would
 * mend. Linear in nodes and edges, iterative, and bounded: a graph beyond the limits is refused unread.
 */
export function check(journey: Journey, registry: Registry, around: Around = {}): Problem[] {
  const tooLarge = checkSize(journey)
  if (tooLarge.length > 0) return tooLarge
  const outline = outlineOf(journey, registry)
  const address = around.postalAddress === false ? withoutPostalAddress(outline) : []
  return [...errorsIn(outline, around), ...address, ...lint(outline)]
}

/** Only what blocks publishing. */
export function errorsOf(journey: Journey, registry: Registry, around: Around = {}): Problem[] {
  const tooLarge = checkSize(journey)
  return tooLarge.length > 0 ? tooLarge : errorsIn(outlineOf(journey, registry), around)
}

function errorsIn(outline: Outline, around: Around): Problem[] {
  const forks = forksOf(outline)
  return [
    ...checkIds(outline),
    ...checkExits(outline),
    ...checkEdges(outline),
    ...checkReach(outline),
    ...checkLoops(outline),
    ...forks.problems,
    ...checkTypes(outline, around.fields ?? []),
    ...checkRules(outline),
    ...checkRecipients(outline, forks),
    ...checkConditions(outline, around.forms),
    ...checkStarts(outline, around.journeys),
  ]
}

function checkSize(journey: Journey): Problem[] {
  const over = (list: string, count: number, max: number): Problem[] =>
    count <= max
      ? []
      : [
          {
            code: 'too_many',
            severity: 'error',
            message: `A journey holds at most ${max} ${list}; this one has ${count}. Split it in two: the first starts the second.`,
            path: `/${list}`,
          },
        ]
  return [
    ...over('nodes', journey.nodes.length, NODES_MAX),
    ...over('edges', journey.edges.length, EDGES_MAX),
  ]
}
