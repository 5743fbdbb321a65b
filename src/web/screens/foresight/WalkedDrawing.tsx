import { useMemo } from 'react'
import type { NodeId } from '../../../core/ids.ts'
import type { Journey } from '../../../core/journey/graph.ts'
import { type ChosenCouple, useDesigner } from '../designer/context.ts'
import type { ToldStep } from '../designer/foretold.ts'
import { NOT_JUDGED } from '../designer/judge.ts'
import { lanesOf } from '../designer/lanes.ts'
import { StepNode, type Walk } from '../designer/StepNode.tsx'
import { visitsBy, type Walked, walkedBy, waysNotTaken, waysTaken } from '../designer/taken.ts'
import { useShown } from '../designer/useShown.ts'
import { SeenDrawing, useLaid } from './SeenDrawing.tsx'

type Props = {
  readonly document: Journey
  readonly couple: ChosenCouple
  readonly told: readonly ToldStep[]
  readonly clock: number
  /** The drawing goes along with the clock. */
  readonly goesAlong: boolean
  readonly onPress: (id: NodeId) => void
}
const NODE_TYPES = { step: StepNode }

/** The drawing while a couple's time runs ahead on it: what is passed is lit, what they never come to is dim. */
export function WalkedDrawing({ document, couple, told, clock, goesAlong, onPress }: Props) {
  const { step } = useDesigner()
  const laid = useLaid(document)
  const { outline, drawn } = laid
  const ways = useMemo(() => waysTaken(outline, told), [outline, told])
  const dim = useMemo(() => waysNotTaken(drawn, ways), [drawn, ways])
  const passed = told.filter(({ at }) => at !== null && at <= clock).length
  // A drawing changes when something happens, not with every tick of the clock.
  const walked = useMemo(() => walkedBy(told, ways, passed), [told, ways, passed])
  const visits = useMemo(() => visitsBy(told, passed), [told, passed])
  const first = useMemo(() => visitsBy(told, 0), [told])
  const lanes = useMemo(() => lanesOf(drawn, first, couple.zone), [drawn, first, couple])
  const shown = useShown({ outline, drawn, found: NOT_JUDGED, visits, couple, press: onPress })
  const steps = useMemo(
    () => shown.map((one) => ({ ...one, off: !visits.has(one.id), walk: walkOf(one.id, walked, visits) })),
    [shown, walked, visits],
  )
  return (
    <SeenDrawing
      of={laid}
      lanes={lanes}
      steps={steps}
      types={NODE_TYPES}
      dim={dim}
      lit={walked.ways}
      follow={goesAlong ? walked.last : step}
    />
  )
}

function walkOf(id: NodeId, { steps, last }: Walked, visits: ReadonlyMap<NodeId, ToldStep>): Walk {
  if (id === last) return 'here'
  if (steps.has(id)) return 'passed'
  return visits.has(id) ? 'ahead' : 'never'
}
