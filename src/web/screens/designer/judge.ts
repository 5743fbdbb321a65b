import type { NodeId } from '../../../core/ids.ts'
import { type Around, check } from '../../../core/journey/check.ts'
import type { Journey } from '../../../core/journey/graph.ts'
import { parse } from '../../../core/journey/parse.ts'
import type { Problem } from '../../../core/problem.ts'
import { registry } from './registry.ts'

export type Found = {
  /** The journey, where it can be read as one. */
  readonly whole: Journey | null
  readonly all: readonly Problem[]
  readonly errors: number
  readonly warnings: number
  of(step: NodeId): readonly Problem[]
}

const judged = new WeakMap<Journey, { readonly around: Around; readonly found: Found }>()

/** Judged once, whoever asks: the drawing, the header, the list. */
export function judge(document: Journey, around: Around): Found {
  const known = judged.get(document)
  if (known?.around === around) return known.found
  const parsed = parse(document)
  // What the server would say of this drawing, by the very function it asks.
  const all = parsed.ok ? check(parsed.journey, registry, around) : parsed.problems
  const byStep = Map.groupBy(all, (one) => one.node)
  const errors = all.filter((one) => one.severity === 'error').length
  const found: Found = {
    whole: parsed.ok ? parsed.journey : null,
    all,
    errors,
    warnings: all.length - errors,
    of: (step) => byStep.get(step) ?? NONE,
  }
  judged.set(document, { around, found })
  return found
}
const NONE: readonly Problem[] = []
export const NOT_JUDGED: Found = { whole: null, all: NONE, errors: 0, warnings: 0, of: () => NONE }
