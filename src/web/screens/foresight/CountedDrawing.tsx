import { useCallback, useMemo } from 'react'
import type { NodeId } from '../../../core/ids.ts'
import type { Journey } from '../../../core/journey/graph.ts'
import { useDesigner } from '../designer/context.ts'
import { lanesOf } from '../designer/lanes.ts'
import type { Way } from '../designer/layout.ts'
import type { Is } from '../designer/modes.ts'
import { iconOf, nameOf, tileOf } from '../designer/words.ts'
import { type Counted, CountedStep } from './CountedStep.tsx'
import { type Figures, type Gone, shareOf } from './figures.ts'
import { SeenDrawing, useLaid } from './SeenDrawing.tsx'

type Props = {
  readonly document: Journey
  readonly figures: (node: NodeId) => Figures
  readonly ways: readonly Gone[]
  readonly onOpen: (node: NodeId, is: Is) => void
}
const NODE_TYPES = { step: CountedStep }
const NOBODY = new Map()

/** What is live, drawn as it was built, with the couples in it as numbers. */
export function CountedDrawing({ document, figures, ways, onOpen }: Props) {
  const { couple } = useDesigner()
  const laid = useLaid(document)
  const { outline, drawn } = laid
  const lanes = useMemo(() => lanesOf(drawn, NOBODY, couple?.zone ?? null), [drawn, couple])
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
  /** The share of those who went it, where there was another way to go. */
  const share = useCallback(
    ({ from, exit }: Way) =>
      drawn.ways.filter((way) => way.from === from).length > 1 ? shareOf(ways, from, exit) : '',
    [drawn, ways],
  )
  return (
    <SeenDrawing
      of={laid}
      lanes={lanes}
      steps={steps}
      types={NODE_TYPES}
      dim={dim}
      follow={null}
      opensAt={mostAt(steps.filter(({ id }) => outline.node(id)?.kind !== 'join'))}
      alsoOn={share}
    />
  )
}

/** Where most of them wait; where nobody does, the beginning is as good as any. */
function mostAt(steps: readonly Counted[]): NodeId | null {
  const most = steps.reduce<Counted | null>(
    (best, one) => (one.waiting > (best?.waiting ?? 0) ? one : best),
    null,
  )
  return most?.id ?? null
}
