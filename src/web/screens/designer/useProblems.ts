import { useMemo } from 'react'
import type { NodeId } from '../../../core/ids.ts'
import { check } from '../../../core/journey/check.ts'
import type { Journey } from '../../../core/journey/graph.ts'
import { parse } from '../../../core/journey/parse.ts'
import type { Problem } from '../../../core/problem.ts'
import { registry } from './registry.ts'

export type Found = {
  readonly all: readonly Problem[]
  readonly errors: number
  readonly warnings: number
  of(step: NodeId): readonly Problem[]
}

/** What the server would say of this drawing, by the very function it asks. */
export function problemsOf(document: Journey): readonly Problem[] {
  const parsed = parse(document)
  return parsed.ok ? check(parsed.journey, registry) : parsed.problems
}

export function useProblems(document: Journey): Found {
  return useMemo(() => {
    const all = problemsOf(document)
    const byStep = Map.groupBy(all, (one) => one.node)
    const errors = all.filter((one) => one.severity === 'error').length
    return {
      all,
      errors,
      warnings: all.length - errors,
      of: (step) => byStep.get(step) ?? [],
    }
  }, [document])
}
