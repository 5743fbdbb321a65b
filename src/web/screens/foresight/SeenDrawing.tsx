import { ReactFlowProvider } from '@xyflow/react'
import { useMemo } from 'react'
import type { Journey } from '../../../core/journey/graph.ts'
import { type Outline, outlineOf } from '../../../core/journey/outline.ts'
import { useDesigner } from '../designer/context.ts'
import { Drawing, type DrawingProps, type StepOnDrawing } from '../designer/Drawing.tsx'
import { type Drawn, layout, type Way } from '../designer/layout.ts'
import { registry } from '../designer/registry.ts'
import { useWaysInSight } from '../designer/useWaysInSight.ts'
import { WayWords } from '../designer/Ways.tsx'
import { exitWord } from '../designer/words.ts'

type Laid = { readonly outline: Outline; readonly drawn: Drawn }

export const useLaid = (document: Journey): Laid =>
  useMemo(() => {
    const outline = outlineOf(document, registry)
    return { outline, drawn: layout(outline) }
  }, [document])

/** A journey to look at: its steps as they are given, its ways with their words, and nothing to change. */
export function SeenDrawing<Step extends StepOnDrawing>({
  of,
  alsoOn = nothing,
  ...rest
}: Omit<DrawingProps<Step>, 'name' | 'drawn' | 'onWays'> & {
  readonly of: Laid
  /** What a way says behind its word. */
  readonly alsoOn?: (way: Way) => string
}) {
  const { journeyId } = useDesigner()
  return (
    <ReactFlowProvider>
      <Drawing {...rest} name={journeyId} drawn={of.drawn} onWays={<Words of={of} alsoOn={alsoOn} />} />
    </ReactFlowProvider>
  )
}
const nothing = (): string => ''

function Words({
  of: { outline, drawn },
  alsoOn,
}: {
  readonly of: Laid
  readonly alsoOn: (way: Way) => string
}) {
  return (
    <WayWords
      ways={useWaysInSight(drawn)}
      wordOf={(way) => {
        const node = outline.node(way.from)
        return [node ? exitWord(node, way.exit) : '', alsoOn(way)].filter((part) => part !== '').join(', ')
      }}
    />
  )
}
