import { ReactFlowProvider } from '@xyflow/react'
import { useCallback, useMemo } from 'react'
import type { NodeId } from '../../../core/ids.ts'
import type { Journey } from '../../../core/journey/graph.ts'
import { type Outline, outlineOf } from '../../../core/journey/outline.ts'
import { useDesigner } from '../designer/context.ts'
import { Drawing } from '../designer/Drawing.tsx'
import { lanesOf } from '../designer/lanes.ts'
import { type Drawn, layout } from '../designer/layout.ts'
import { registry } from '../designer/registry.ts'
import { useWaysInSight } from '../designer/useWaysInSight.ts'
import { WayWords } from '../designer/Ways.tsx'
import { exitWord, iconOf, nameOf, tileOf } from '../designer/words.ts'
import { type Counted, CountedStep } from './CountedStep.tsx'
import { type Figures, type Gone, type Is, shareOf } from './figures.ts'

type Props = {
  readonly document: Journey
  readonly figures: (node: NodeId) => Figures
  readonly ways: readonly Gone[]
  readonly onOpen: (node: NodeId, is: Is) => void
}
const NODE_TYPES = { step: CountedStep }
const NOBODY = new Map()

/** What is live, drawn as it was built, with the couples in it as numbers. */
export const CountedDrawing = (props: Props) => (
  <ReactFlowProvider>
    <Board {...props} />
  </ReactFlowProvider>
)

function Board({ document, figures, ways, onOpen }: Props) {
  const { journeyId, couple } = useDesigner()
  const outline = useMemo(() => outlineOf(document, registry), [document])
  const drawn = useMemo(() => layout(outline), [outline])
  const lanes = useMemo(
    () => (couple ? lanesOf(document, drawn, NOBODY, couple.zone) : []),
    [document, drawn, couple],
  )
  const steps = useMemo(
    () =>
      outline.journey.nodes.map(
        (node): Counted => ({
          id: node.id,
          title: nameOf(node),
          tile: tileOf(node),
          icon: iconOf(node),
          onOpen,
          ...figures(node.id),
        }),
      ),
    [outline, figures, onOpen],
  )
  const dim = useMemo(() => {
    const gone = new Set(ways.filter(({ runs }) => runs > 0).map(({ from, exit }) => `${from}.${exit}`))
    return new Set(gone.size === 0 ? [] : drawn.ways.filter(({ id }) => !gone.has(id)).map(({ id }) => id))
  }, [drawn, ways])
  return (
    <Drawing
      name={journeyId}
      drawn={drawn}
      lanes={lanes}
      steps={steps}
      types={NODE_TYPES}
      dim={dim}
      follow={null}
      onWays={<Shares drawn={drawn} outline={outline} ways={ways} />}
    />
  )
}

/** Its word and the share of those who went it. */
function Shares({
  drawn,
  outline,
  ways,
}: {
  readonly drawn: Drawn
  readonly outline: Outline
  readonly ways: readonly Gone[]
}) {
  const wordOf = useCallback(
    ({ from, exit }: { readonly from: NodeId; readonly exit: string }) => {
      const node = outline.node(from)
      const exits = node ? drawn.ways.filter((way) => way.from === from).length : 0
      const share = exits > 1 ? shareOf(ways, from, exit) : ''
      const word = node ? exitWord(node, exit) : ''
      return [word, share].filter((part) => part !== '').join(', ')
    },
    [outline, drawn, ways],
  )
  return <WayWords ways={useWaysInSight(drawn)} wordOf={wordOf} />
}
