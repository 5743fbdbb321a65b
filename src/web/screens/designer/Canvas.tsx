import { useReactFlow } from '@xyflow/react'
import { type PointerEvent, useMemo, useRef } from 'react'
import type { NodeId } from '../../../core/ids.ts'
import type { NewStep } from '../../../core/journey/edit/new-step.ts'
import type { Place } from '../../../core/journey/edit/places.ts'
import { forksOf } from '../../../core/journey/forks.ts'
import { Icon } from '../../../ui/Icon.tsx'
import { type Group, iconOfNew } from './AddMenu.tsx'
import { useBuilding } from './building.ts'
import { useDesigner } from './context.ts'
import { Drawing } from './Drawing.tsx'
import type { Lane } from './lanes.ts'
import type { Drawn, Way } from './layout.ts'
import { Palette } from './Palette.tsx'
import { type Shown, StepNode } from './StepNode.tsx'
import { type Pull, usePull } from './usePull.ts'
import { useWaysInSight } from './useWaysInSight.ts'
import { plusOf, WayPoint } from './Ways.tsx'
import { exitWord, nameOf } from './words.ts'

const NODE_TYPES = { step: StepNode }

export type CanvasProps = {
  readonly drawn: Drawn
  readonly lanes: readonly Lane[]
  readonly shown: readonly Shown[]
  /** The ways the chosen couple does not go. */
  readonly dim: ReadonlySet<string>
  /** The step that is kept in sight. */
  readonly follow: NodeId | null
  readonly openWay: string | null
  readonly onDropNew: (step: NewStep, way: Way) => void
  readonly onLead: (way: Way, to: NodeId) => void
  readonly onAddAfterChosen: (step: NewStep) => void
  readonly onMore: (near: Element, first?: Group) => void
}

/** The drawing one works on: steps can be pulled onto its ways, and its ways led elsewhere. */
export function Canvas(props: CanvasProps) {
  const { drawn, lanes, shown, openWay } = props
  const { journeyId } = useDesigner()
  const { outline, mayEdit, askWhat } = useBuilding()
  const legality = useMemo(() => legalityIn(outline), [outline])
  const { pull, begin, wasPulled } = usePull(drawn, legality, (what, over) => {
    if (what.is === 'way') return props.onLead(what.way, over as NodeId)
    const way = drawn.ways.find((one) => one.id === over)
    if (way) props.onDropNew(what.step, way)
  })
  const takes = pull?.what.is === 'way' ? pull.over : null
  const steps = useMemo(
    () => (takes === null ? shown : shown.map((one) => (one.id === takes ? { ...one, takes: true } : one))),
    [shown, takes],
  )
  const onAdd = useRef((place: Place, near: Element) => void (wasPulled() || askWhat(place, near)))
  onAdd.current = (place, near) => void (wasPulled() || askWhat(place, near))
  const add = useMemo(() => (place: Place, near: Element) => onAdd.current(place, near), [])
  const lead = useMemo(() => (way: Way, event: PointerEvent) => begin({ is: 'way', way }, event), [begin])
  return (
    <Drawing
      name={journeyId}
      drawn={drawn}
      lanes={lanes}
      steps={steps}
      types={NODE_TYPES}
      dim={props.dim}
      follow={props.follow}
      onWays={
        <WayPoints
          drawn={drawn}
          over={pull?.over ?? openWay}
          pulled={pull?.what.is === 'new' ? pull.what.step : null}
          isLegal={legality}
          onAdd={add}
          onPull={lead}
        />
      }
      before={
        <>
          {mayEdit && (
            <Palette
              onAdd={(one) => void (wasPulled() || props.onAddAfterChosen(one))}
              onPull={(one, event) => begin({ is: 'new', step: one }, event)}
              onMore={props.onMore}
            />
          )}
          {pull && <Ghost pull={pull} />}
        </>
      }
    />
  )
}

/** The words and pluses of the ways in sight. */
function WayPoints({
  drawn,
  over,
  pulled,
  isLegal,
  onAdd,
  onPull,
}: {
  readonly drawn: Drawn
  readonly over: string | null
  readonly pulled: NewStep | null
  readonly isLegal: (step: NewStep, way: Way) => boolean
  readonly onAdd: (place: Place, near: Element) => void
  readonly onPull: (way: Way, event: PointerEvent) => void
}) {
  const { outline, mayEdit } = useBuilding()
  return useWaysInSight(drawn).map((way) => {
    const node = outline.node(way.from)
    if (!node) return null
    const word = exitWord(node, way.exit)
    return (
      <WayPoint
        key={way.id}
        way={way}
        word={word}
        label={`Add a step after ${nameOf(node)}${word === '' ? '' : `, ${word}`}`}
        on={over === way.id}
        lit={pulled !== null && isLegal(pulled, way)}
        mayEdit={mayEdit}
        onAdd={onAdd}
        onPull={onPull}
      />
    )
  })
}

/** Steps go onto any way; what ends a path only where nothing follows, and a meeting only where branches run side by side. */
function legalityIn(outline: ReturnType<typeof useBuilding>['outline']) {
  let forks: ReturnType<typeof forksOf> | null = null
  return (step: NewStep, way: Way): boolean => {
    if (step.key === 'end') return way.to === null || outline.node(way.to)?.kind === 'end'
    if (step.key !== 'join') return true
    forks ??= forksOf(outline)
    return Boolean(forks.frameAt(way.from)) || outline.node(way.from)?.kind === 'fork'
  }
}

/** What the hand holds: the new step, or the line from the way that is led elsewhere. */
function Ghost({ pull }: { readonly pull: Pull }) {
  const { flowToScreenPosition } = useReactFlow()
  if (pull.what.is === 'new')
    return (
      <div
        aria-hidden="true"
        className="pointer-events-none fixed z-[var(--z-tooltip)] flex h-9 items-center gap-2 rounded-md border border-ring bg-card px-3 font-medium shadow-md"
        style={{ left: pull.x + 12, top: pull.y + 8 }}
      >
        <Icon of={iconOfNew(pull.what.step)} />
        {pull.what.step.label}
      </div>
    )
  const from = flowToScreenPosition(plusOf(pull.what.way))
  return (
    <svg aria-hidden="true" className="pointer-events-none fixed inset-0 z-[var(--z-tooltip)] size-full">
      <line
        x1={from.x}
        y1={from.y}
        x2={pull.x}
        y2={pull.y}
        strokeWidth={1.5}
        strokeDasharray="4 4"
        className={pull.over ? 'stroke-ring' : 'stroke-muted-foreground'}
      />
    </svg>
  )
}
