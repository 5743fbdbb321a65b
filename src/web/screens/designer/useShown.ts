import { useMemo } from 'react'
import type { NodeId } from '../../../core/ids.ts'
import type { Node } from '../../../core/journey/graph.ts'
import type { Outline } from '../../../core/journey/outline.ts'
import type { FutureStep } from '../../../core/run/forecast.ts'
import { tellAt } from '../../../core/run/teller.ts'
import { shortOf } from './AsChip.tsx'
import type { ChosenCouple } from './context.ts'
import type { Drawn } from './layout.ts'
import type { Shown } from './StepNode.tsx'
import type { Found } from './useProblems.ts'
import { inOrder } from './walking.ts'
import { exitWord, iconOf, nameOf, ruleOf, tileOf } from './words.ts'

/** What each step shows, for the drawing and for the list alike. */
export function useShown({
  outline,
  drawn,
  found,
  visits,
  couple,
  step,
  marked,
  press,
}: {
  readonly outline: Outline
  readonly drawn: Drawn
  readonly found: Found
  readonly visits: ReadonlyMap<NodeId, FutureStep>
  readonly couple: ChosenCouple | null
  readonly step: NodeId | null
  readonly marked: ReadonlySet<NodeId>
  readonly press: (id: NodeId, more: boolean) => void
}): readonly Shown[] {
  const bare = useMemo(
    () =>
      inOrder(drawn).flatMap((id) => {
        const node = outline.node(id)
        if (!node) return []
        const visit = visits.get(id)
        const problems = found.of(id)
        const errors = problems.filter((one) => one.severity === 'error').length
        return [
          {
            id,
            title: nameOf(node),
            when: whenOf(node, visit, couple, visits.size > 0),
            rule: ruleOf(node),
            tile: tileOf(node),
            icon: iconOf(node),
            off: visits.size > 0 && !visit && node.kind !== 'goal',
            critical: 'deadline' in node && node.deadline !== undefined,
            errors,
            warnings: problems.length - errors,
          },
        ]
      }),
    [outline, drawn, found, visits, couple],
  )
  return useMemo(() => {
    const entry = step ?? bare[0]?.id
    return bare.map((one) => ({
      ...one,
      chosen: one.id === step,
      marked: marked.has(one.id),
      entry: one.id === entry,
      takes: false,
      onPress: press,
    }))
  }, [bare, step, marked, press])
}

function whenOf(
  node: Node,
  visit: FutureStep | undefined,
  couple: ChosenCouple | null,
  known: boolean,
): string {
  if (!couple || !known) return ''
  if (!visit) return node.kind === 'goal' ? 'from anywhere' : 'not on their path'
  if (visit.what === 'skip') return 'left out for them'
  if (node.kind === 'condition' || node.kind === 'split') {
    const chosen = visit.because.findLast((one) =>
      ['case_chosen', 'otherwise_chosen', 'arm_chosen'].includes(one.code),
    )
    const exit = chosen?.code === 'otherwise_chosen' ? 'otherwise' : chosen?.values?.exit
    if (typeof exit === 'string') return `for ${shortOf(couple.name)}: ${exitWord(node, exit) || exit}`
  }
  return visit.at === null
    ? 'when nobody can say yet'
    : tellAt(visit.at, { zone: couple.zone, now: couple.now })
}
