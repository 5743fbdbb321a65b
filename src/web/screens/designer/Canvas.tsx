import '@xyflow/react/dist/base.css'
import {
  Background,
  BackgroundVariant,
  MiniMap,
  ReactFlow,
  type ReactFlowState,
  useReactFlow,
  useStore,
  useViewport,
  type Viewport,
  ViewportPortal,
} from '@xyflow/react'
import { Maximize, Minus, Plus } from 'lucide-react'
import { type PointerEvent, useEffect, useMemo, useRef } from 'react'
import type { NodeId } from '../../../core/ids.ts'
import type { NewStep } from '../../../core/journey/edit/new-step.ts'
import type { Place } from '../../../core/journey/edit/places.ts'
import { forksOf } from '../../../core/journey/forks.ts'
import { Icon } from '../../../ui/Icon.tsx'
import { isDark, useTheme } from '../../../ui/theme/theme.ts'
import { iconOfNew } from './AddMenu.tsx'
import { useBuilding } from './building.ts'
import { useDesigner } from './context.ts'
import { Lanes } from './Lanes.tsx'
import type { Lane } from './lanes.ts'
import type { Drawn, Way } from './layout.ts'
import { STEP_HEIGHT, STEP_WIDTH } from './layout.ts'
import { Palette } from './Palette.tsx'
import { type Shown, type ShownNode, StepNode } from './StepNode.tsx'
import { type Pull, usePull } from './usePull.ts'
import { plusOf, WayLines, WayPoint } from './Ways.tsx'
import { exitWord, nameOf } from './words.ts'

const NODE_TYPES = { step: StepNode }
const NONE: [] = []
const MINIMAP_OVER = 12
const ZOOM = { min: 0.1, max: 1.5 }
const TOP = 28

export type CanvasProps = {
  readonly drawn: Drawn
  readonly lanes: readonly Lane[]
  readonly shown: readonly Shown[]
  readonly takes: NodeId | null
  readonly openWay: string | null
  readonly onDropNew: (step: NewStep, way: Way) => void
  readonly onLead: (way: Way, to: NodeId) => void
  readonly onAddAfterChosen: (step: NewStep) => void
  readonly onMore: (near: Element) => void
}

/** The drawing one works on: steps, ways, phases, and everything to move about in it. */
export function Canvas(props: CanvasProps) {
  const { drawn, lanes, shown, openWay } = props
  const { journeyId, step } = useDesigner()
  const { outline, mayEdit, askWhat, visits } = useBuilding()
  const flow = useReactFlow<ShownNode>()
  const theme = useTheme()
  const frame = useRef<HTMLDivElement>(null)
  const legality = useMemo(() => legalityIn(outline), [outline])
  const { pull, begin, wasPulled } = usePull(drawn, legality, (what, over) => {
    if (what.is === 'way') return props.onLead(what.way, over as NodeId)
    const way = drawn.ways.find((one) => one.id === over)
    if (way) props.onDropNew(what.step, way)
  })
  const nodes = useNodes(shown, drawn, pull?.what.is === 'way' ? pull.over : null)
  const dim = useMemo(
    () =>
      new Set(
        visits.size === 0
          ? []
          : drawn.ways
              .filter((way) => !visits.has(way.from) || (way.to !== null && !visits.has(way.to)))
              .map((way) => way.id),
      ),
    [drawn, visits],
  )
  useFollowing(step, drawn, frame)
  const onAdd = useRef((place: Place, near: Element) => void (wasPulled() || askWhat(place, near)))
  onAdd.current = (place, near) => void (wasPulled() || askWhat(place, near))
  const add = useMemo(() => (place: Place, near: Element) => onAdd.current(place, near), [])
  const lead = useMemo(() => (way: Way, event: PointerEvent) => begin({ is: 'way', way }, event), [begin])
  return (
    <div ref={frame} className="relative h-full min-w-0 flex-1 bg-background" data-designer-canvas>
      <ReactFlow
        nodes={nodes}
        edges={NONE}
        nodeTypes={NODE_TYPES}
        nodeOrigin={ORIGIN}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        elementsSelectable={false}
        disableKeyboardA11y
        onlyRenderVisibleElements
        panOnScroll
        zoomOnDoubleClick={false}
        panActivationKeyCode="Space"
        minZoom={ZOOM.min}
        maxZoom={ZOOM.max}
        colorMode={isDark(theme) ? 'dark' : 'light'}
        proOptions={{ hideAttribution: true }}
        aria-label="Drawing of the journey"
        onInit={(instance) => {
          const width = frame.current?.clientWidth ?? 1_000
          void instance.setViewport(rememberedView(journeyId) ?? { x: width / 2, y: TOP, zoom: 1 })
        }}
        onMoveEnd={(_, view) => rememberView(journeyId, view)}
      >
        <Background
          variant={BackgroundVariant.Dots}
          gap={24}
          size={1}
          bgColor="var(--background)"
          color="var(--border)"
        />
        <Lanes lanes={lanes} />
        <ViewportPortal>
          <WayLines drawn={drawn} dim={dim} />
          <WayPoints
            drawn={drawn}
            over={pull?.over ?? openWay}
            pulled={pull?.what.is === 'new' ? pull.what.step : null}
            isLegal={legality}
            onAdd={add}
            onPull={lead}
          />
        </ViewportPortal>
        {shown.length > MINIMAP_OVER && (
          <MiniMap<ShownNode>
            position="top-right"
            pannable
            zoomable
            ariaLabel={`Map of the journey, ${shown.length} steps`}
            className="!m-4 overflow-hidden rounded-sm border border-border !bg-popover shadow-sm max-md:hidden"
            style={MAP_SIZE}
            nodeColor={(node) => (node.data.tile === 'start' ? 'var(--primary)' : 'var(--thread-future)')}
            maskColor="color-mix(in srgb, var(--background) 55%, transparent)"
            maskStrokeColor="var(--ring)"
            nodeStrokeWidth={0}
            nodeBorderRadius={8}
          />
        )}
      </ReactFlow>
      <Zoomer onFit={() => void flow.fitView({ padding: 0.1, maxZoom: 1, duration: calm(220) })} />
      {mayEdit && (
        <Palette
          onAdd={(one) => void (wasPulled() || props.onAddAfterChosen(one))}
          onPull={(one, event) => begin({ is: 'new', step: one }, event)}
          onMore={props.onMore}
        />
      )}
      {pull && <Ghost pull={pull} />}
    </div>
  )
}

/** The words and pluses of the ways in sight, and a little beyond: what is far away is not drawn. */
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
  const seen = useStore(inSight)
  const [left, top, right, bottom] = seen.split(' ').map(Number) as [number, number, number, number]
  return drawn.ways.map((way) => {
    const { x, y } = plusOf(way)
    const node = outline.node(way.from)
    if (!node || x < left || x > right || y < top || y > bottom) return null
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

/** What part of the drawing is in sight, in steps of half a screen: it changes seldom while one pans. */
const SIGHT_PX = 600
function inSight({ transform: [x, y, zoom], width, height }: ReactFlowState): string {
  const step = (value: number, by: number): number => Math.floor(value / SIGHT_PX + by) * SIGHT_PX
  return [
    step(-x / zoom, -1),
    step(-y / zoom, -1),
    step((width - x) / zoom, 2),
    step((height - y) / zoom, 2),
  ].join(' ')
}

const ORIGIN: [number, number] = [0.5, 0]
const MAP_SIZE = { width: 104, height: 168 }
const calm = (ms: number): number => (matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : ms)

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

/** Steps for the library; one that has not changed stays the very same object and is not drawn again. */
function useNodes(shown: readonly Shown[], drawn: Drawn, takes: string | null): ShownNode[] {
  const kept = useRef(new Map<string, ShownNode>())
  return useMemo(() => {
    const next = new Map<string, ShownNode>()
    for (const one of shown) {
      const position = drawn.spots.get(one.id) ?? { x: 0, y: 0 }
      const data = one.id === takes ? { ...one, takes: true } : one
      const before = kept.current.get(one.id)
      const isSame =
        before !== undefined &&
        before.position.x === position.x &&
        before.position.y === position.y &&
        isEqual(before.data, data)
      next.set(
        one.id,
        isSame
          ? before
          : { id: one.id, type: 'step', position, data, width: STEP_WIDTH, height: STEP_HEIGHT },
      )
    }
    kept.current = next
    return [...next.values()]
  }, [shown, drawn, takes])
}
const isEqual = (a: Shown, b: Shown): boolean =>
  (Object.keys(b) as (keyof Shown)[]).every((key) => a[key] === b[key])

/** The chosen step is always in sight; the drawing moves no further than it must. */
function useFollowing(step: NodeId | null, drawn: Drawn, frame: { current: HTMLDivElement | null }): void {
  const flow = useReactFlow()
  const latest = useRef(drawn)
  latest.current = drawn
  useEffect(() => {
    const spot = step === null ? undefined : latest.current.spots.get(step)
    const box = frame.current
    if (!spot || !box) return
    const { x, y, zoom } = flow.getViewport()
    const left = (spot.x - STEP_WIDTH / 2) * zoom + x
    const top = spot.y * zoom + y
    const [width, height] = [STEP_WIDTH * zoom, STEP_HEIGHT * zoom]
    const dx = left < 84 ? 84 - left : Math.min(0, box.clientWidth - 24 - (left + width))
    const dy = top < 24 ? 24 - top : Math.min(0, box.clientHeight - 64 - (top + height))
    if (dx !== 0 || dy !== 0) void flow.setViewport({ x: x + dx, y: y + dy, zoom }, { duration: calm(140) })
  }, [step, flow, frame])
}

function Zoomer({ onFit }: { readonly onFit: () => void }) {
  const { zoom } = useViewport()
  const flow = useReactFlow()
  const cell =
    'relative flex h-7 items-center justify-center text-muted-foreground hover:bg-muted hover:text-foreground touch:h-11'
  return (
    <div className="absolute right-4 bottom-3 z-[5] flex divide-x divide-border overflow-hidden rounded-sm border border-border bg-popover shadow-sm max-md:hidden">
      <button
        type="button"
        aria-label="Nearer"
        className={`${cell} w-[30px]`}
        onClick={() => void flow.zoomIn({ duration: calm(140) })}
      >
        <Icon of={Plus} size={14} />
      </button>
      <button
        type="button"
        aria-label={`${Math.round(zoom * 100)} percent; back to full size`}
        className={`${cell} w-11 text-small`}
        onClick={() => void flow.zoomTo(1, { duration: calm(140) })}
      >
        {Math.round(zoom * 100)}
      </button>
      <button
        type="button"
        aria-label="Further"
        className={`${cell} w-[30px]`}
        onClick={() => void flow.zoomOut({ duration: calm(140) })}
      >
        <Icon of={Minus} size={14} />
      </button>
      <button type="button" aria-label="All of it" className={`${cell} w-[30px]`} onClick={onFit}>
        <Icon of={Maximize} size={14} />
      </button>
    </div>
  )
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

const VIEW = 'designer-view:'
function rememberView(journey: string, view: Viewport): void {
  try {
    sessionStorage.setItem(VIEW + journey, JSON.stringify(view))
  } catch {
    // A browser that keeps nothing forgets where one looked, and nothing else.
  }
}
function rememberedView(journey: string): Viewport | null {
  try {
    const { x, y, zoom } = JSON.parse(sessionStorage.getItem(VIEW + journey) ?? 'null') as Viewport
    return [x, y, zoom].every(Number.isFinite) ? { x, y, zoom } : null
  } catch {
    return null
  }
}
