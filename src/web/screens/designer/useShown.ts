import { useMemo } from 'react'
import type { NodeId } from '../../../core/ids.ts'
import type { Node } from '../../../core/journey/graph.ts'
import type { Outline } from '../../../core/journey/outline.ts'
import { tellAt } from '../../../core/run/teller.ts'
import { DAY_MS, type Instant } from '../../../core/time/instant.ts'
import { shortOf } from './AsChip.tsx'
import type { ChosenCouple } from './context.ts'
import type { ToldStep } from './foretold.ts'
import type { Found } from './judge.ts'
import type { Drawn } from './layout.ts'
import type { Shown } from './StepNode.tsx'
import { inOrder } from './walking.ts'
import { exitWord, iconOf, nameOf, ruleOf, tileOf } from './words.ts'

/** What each step shows, for the drawing and for the list alike. */
export function useShown({
  outline,
  drawn,
  found,
  visits,
  couple,
  press,
}: {
  readonly outline: Outline
  readonly drawn: Drawn
  readonly found: Found
  readonly visits: ReadonlyMap<NodeId, ToldStep>
  readonly couple: ChosenCouple | null
  readonly press: (id: NodeId, more: boolean) => void
}): readonly Shown[] {
  return useMemo(
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
            takes: false,
            goes: false,
            walk: null,
            onPress: press,
          },
        ]
      }),
    [outline, drawn, found, visits, couple, press],
  )
}

function whenOf(
  node: Node,
  visit: ToldStep | undefined,
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
  return visit.at === null ? 'when nobody can say yet' : shortly(visit.at, couple)
}

/** A card is narrow: "January" is "Jan" there, and a day within a year needs no year to be known. */
function shortly(at: Instant, { zone, now }: ChosenCouple): string {
  const told = tellAt(at, { zone, now }).replace(/\b(Jan|Feb|Mar|Apr|Aug|Sept|Oct|Nov|Dec)[a-z]{2,}\b/, '$1')
  return Math.abs(at - now) < SOON_MS ? told.replace(/ \d{4} /, ' ') : told
}
const SOON_MS = 350 * DAY_MS
