import { ReactFlowProvider } from '@xyflow/react'
import { useMemo } from 'react'
import type { NodeId } from '../../../core/ids.ts'
import type { Journey } from '../../../core/journey/graph.ts'
import { outlineOf } from '../../../core/journey/outline.ts'
import type { FutureStep } from '../../../core/run/forecast.ts'
import type { ChosenCouple } from '../designer/context.ts'
import { useDesigner } from '../designer/context.ts'
import { Drawing } from '../designer/Drawing.tsx'
import { NOT_JUDGED } from '../designer/judge.ts'
import { lanesOf } from '../designer/lanes.ts'
import { type Drawn, layout } from '../designer/layout.ts'
import { registry } from '../designer/registry.ts'
import { StepNode, type Walk } from '../designer/StepNode.tsx'
import { visitsBy, type Walked, walkedBy, waysNotTaken, waysTaken } from '../designer/taken.ts'
import { useShown } from '../designer/useShown.ts'
import { useWaysInSight } from '../designer/useWaysInSight.ts'
import { WayWords } from '../designer/Ways.tsx'
import { exitWord } from '../designer/words.ts'

type Props = {
  readonly document: Journey
  readonly couple: ChosenCouple
  readonly told: readonly FutureStep[]
  readonly clock: number
  /** The drawing goes along with the clock. */
  readonly goesAlong: boolean
  readonly onPress: (id: NodeId) => void
}
const NODE_TYPES = { step: StepNode }

/** The drawing while a couple's time runs ahead on it: what is passed is lit, what they never come to is dim. */
export const WalkedDrawing = (props: Props) => (
  <ReactFlowProvider>
    <Board {...props} />
  </ReactFlowProvider>
)

function Board({ document, couple, told, clock, goesAlong, onPress }: Props) {
  const { journeyId, step } = useDesigner()
  const outline = useMemo(() => outlineOf(document, registry), [document])
  const drawn = useMemo(() => layout(outline), [outline])
  const ways = useMemo(() => waysTaken(outline, told), [outline, told])
  const dim = useMemo(() => waysNotTaken(drawn, ways), [drawn, ways])
  const passed = told.filter(({ at }) => at !== null && at <= clock).length
  // A drawing changes when something happens, not with every tick of the clock.
  const walked = useMemo(() => walkedBy(told, ways, passed), [told, ways, passed])
  const visits = useMemo(() => visitsBy(told, passed), [told, passed])
  const first = useMemo(() => visitsBy(told, 0), [told])
  const lanes = useMemo(() => lanesOf(document, drawn, first, couple.zone), [document, drawn, first, couple])
  const shown = useShown({ outline, drawn, found: NOT_JUDGED, visits, couple, press: onPress })
  const steps = useMemo(
    () => shown.map((one) => ({ ...one, off: !visits.has(one.id), walk: walkOf(one.id, walked, visits) })),
    [shown, walked, visits],
  )
  return (
    <Drawing
      name={journeyId}
      drawn={drawn}
      lanes={lanes}
      steps={steps}
      types={NODE_TYPES}
      dim={dim}
      lit={walked.ways}
      follow={goesAlong ? walked.last : step}
      onWays={<Words drawn={drawn} outline={outline} />}
    />
  )
}

function Words({
  drawn,
  outline,
}: {
  readonly drawn: Drawn
  readonly outline: ReturnType<typeof outlineOf>
}) {
  return (
    <WayWords
      ways={useWaysInSight(drawn)}
      wordOf={({ from, exit }) => {
        const node = outline.node(from)
        return node ? exitWord(node, exit) : ''
      }}
    />
  )
}

function walkOf(id: NodeId, { steps, last }: Walked, visits: ReadonlyMap<NodeId, FutureStep>): Walk {
  if (id === last) return 'here'
  if (steps.has(id)) return 'passed'
  return visits.has(id) ? 'ahead' : 'never'
}
