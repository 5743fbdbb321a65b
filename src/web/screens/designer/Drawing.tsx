import '@xyflow/react/dist/base.css'
import {
  Background,
  BackgroundVariant,
  MiniMap,
  type NodeTypes,
  ReactFlow,
  useReactFlow,
  useViewport,
  type Viewport,
  ViewportPortal,
} from '@xyflow/react'
import { Maximize, Minus, Plus } from 'lucide-react'
import { type ReactNode, type Ref, useCallback, useEffect, useImperativeHandle, useMemo, useRef } from 'react'
import type { NodeId } from '../../../core/ids.ts'
import { classNames } from '../../../ui/class-names.ts'
import { Icon, type IconShape } from '../../../ui/Icon.tsx'
import { Tooltip } from '../../../ui/Tooltip.tsx'
import { isDark, useTheme } from '../../../ui/theme/theme.ts'
import { Lanes } from './Lanes.tsx'
import type { Lane } from './lanes.ts'
import { type Drawn, STEP_HEIGHT, STEP_WIDTH } from './layout.ts'
import type { Shown } from './StepNode.tsx'
import { type Box, nearView, openingView } from './sight.ts'
import { calm, QUICK_MS, useSights } from './useSights.ts'
import { WayLines } from './Ways.tsx'

const NONE: [] = []
const MINIMAP_OVER = 12
const ZOOM = { min: 0.1, max: 1.5 }

/** What every step on a drawing tells, whatever it looks like. */
export type StepOnDrawing = { readonly id: NodeId; readonly tile: Shown['tile'] }
export type DrawingProps<Step extends StepOnDrawing> = {
  /** Under which name the place one looked at is remembered. */
  readonly name: string
  readonly drawn: Drawn
  readonly lanes: readonly Lane[]
  readonly steps: readonly Step[]
  readonly types: NodeTypes
  /** The ways that are not gone. */
  readonly dim: ReadonlySet<string>
  /** The ways that have been gone. */
  readonly lit?: ReadonlySet<string>
  /** This step is always in sight; the drawing moves no further than it must. */
  readonly follow: NodeId | null
  /** Where one looks first, if not from the beginning. */
  readonly opensAt?: NodeId | null
  /** What is drawn along with the ways. */
  readonly onWays: ReactNode
  /** What stands before the canvas. */
  readonly before?: ReactNode
  readonly frame?: Ref<HTMLDivElement>
}

/** Steps, ways and phases, and everything to move about in them: the same whether one builds, tries or watches. */
export function Drawing<Step extends StepOnDrawing>(props: DrawingProps<Step>) {
  const { name, drawn, lanes, steps, follow, types, opensAt = null } = props
  const theme = useTheme()
  const frame = useRef<HTMLDivElement>(null)
  useImperativeHandle(props.frame, () => frame.current as HTMLDivElement)
  const nodes = useNodes(steps, drawn)
  const bringIntoSight = useFollowing(follow, drawn, frame)
  const boxOf = (): Box => ({
    width: frame.current?.clientWidth ?? 1_000,
    height: frame.current?.clientHeight ?? 800,
  })
  const sights = useSights({ drawn, follow, boxOf })
  const opening = (): Viewport => {
    const first = opensAt === null ? undefined : drawn.spots.get(opensAt)
    return first ? nearView([first], boxOf()) : openingView(drawn, boxOf())
  }
  return (
    <div
      ref={frame}
      tabIndex={-1}
      className="@container relative h-full min-w-0 flex-1 bg-background outline-none"
      data-designer-canvas
    >
      <ReactFlow
        nodes={nodes}
        edges={NONE}
        nodeTypes={types}
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
        onInit={(instance) =>
          void instance.setViewport(rememberedView(name) ?? opening()).then(bringIntoSight)
        }
        onMoveEnd={(_, view) => rememberView(name, view)}
      >
        <Background
          variant={BackgroundVariant.Dots}
          gap={24}
          size={1}
          bgColor="var(--background)"
          color="var(--border)"
        />
        <Lanes lanes={lanes} drawn={drawn} />
        <ViewportPortal>
          <WayLines drawn={drawn} dim={props.dim} {...(props.lit && { lit: props.lit })} />
          {props.onWays}
        </ViewportPortal>
        {steps.length > MINIMAP_OVER && (
          <MiniMap
            position="top-right"
            pannable
            zoomable
            ariaLabel={`Map of the journey, ${steps.length} steps`}
            className="!m-4 overflow-hidden rounded-sm border border-border !bg-popover shadow-sm @max-[1080px]:hidden"
            style={drawn.width > drawn.height ? WIDE_MAP : TALL_MAP}
            nodeColor={({ data }) => (data.tile === 'start' ? 'var(--primary)' : 'var(--thread-future)')}
            maskColor="color-mix(in srgb, var(--background) 55%, transparent)"
            maskStrokeColor="var(--ring)"
            maskStrokeWidth={1.5}
            nodeStrokeWidth={0}
            nodeBorderRadius={8}
          />
        )}
      </ReactFlow>
      <Zoomer sights={sights} />
      {props.before}
    </div>
  )
}

const ORIGIN: [number, number] = [0.5, 0]
const TALL_MAP = { width: 104, height: 168 }
const WIDE_MAP = { width: 168, height: 104 }

type Placed<Step> = {
  id: string
  type: string
  position: { x: number; y: number }
  data: Step & Record<string, unknown>
  width: number
  height: number
}

/** Steps for the library; one that has not changed stays the very same object and is not drawn again. */
function useNodes<Step extends StepOnDrawing>(steps: readonly Step[], drawn: Drawn): Placed<Step>[] {
  const kept = useRef(new Map<string, Placed<Step>>())
  return useMemo(() => {
    const next = new Map<string, Placed<Step>>()
    for (const one of steps) {
      const position = drawn.spots.get(one.id) ?? { x: 0, y: 0 }
      const before = kept.current.get(one.id)
      const isSame =
        before !== undefined &&
        before.position.x === position.x &&
        before.position.y === position.y &&
        isEqual(before.data, one)
      next.set(
        one.id,
        isSame
          ? before
          : {
              id: one.id,
              type: 'step',
              position,
              data: one as Step & Record<string, unknown>,
              width: STEP_WIDTH,
              height: STEP_HEIGHT,
            },
      )
    }
    kept.current = next
    return [...next.values()]
  }, [steps, drawn])
}
const isEqual = <Step extends StepOnDrawing>(a: Step, b: Step): boolean =>
  (Object.keys(b) as (keyof Step)[]).every((key) => a[key] === b[key])

function useFollowing(
  step: NodeId | null,
  drawn: Drawn,
  frame: { current: HTMLDivElement | null },
): () => void {
  const flow = useReactFlow()
  const latest = useRef(drawn)
  latest.current = drawn
  const bring = useCallback(() => {
    const spot = step === null ? undefined : latest.current.spots.get(step)
    const box = frame.current
    if (!spot || !box) return
    const { x, y, zoom } = flow.getViewport()
    const left = (spot.x - STEP_WIDTH / 2) * zoom + x
    const top = spot.y * zoom + y
    const [width, height] = [STEP_WIDTH * zoom, STEP_HEIGHT * zoom]
    const dx = left < 84 ? 84 - left : Math.min(0, box.clientWidth - 24 - (left + width))
    const dy = top < 24 ? 24 - top : Math.min(0, box.clientHeight - 64 - (top + height))
    if (dx !== 0 || dy !== 0)
      void flow.setViewport({ x: x + dx, y: y + dy, zoom }, { duration: calm(QUICK_MS) })
  }, [step, flow, frame])
  useEffect(bring, [bring])
  return bring
}

function Zoomer({ sights }: { readonly sights: ReturnType<typeof useSights> }) {
  const { zoom } = useViewport()
  const flow = useReactFlow()
  return (
    <div className="absolute right-4 bottom-3 z-[5] flex divide-x divide-border overflow-hidden rounded-sm border border-border bg-popover shadow-sm max-md:hidden">
      <SightButton label="Nearer" sightKey="+" icon={Plus} onClick={sights.in} />
      <button
        type="button"
        aria-label={`${Math.round(zoom * 100)} percent; back to full size`}
        className={classNames(CELL, 'w-11 text-small')}
        onClick={() => void flow.zoomTo(1, { duration: calm(QUICK_MS) })}
      >
        {Math.round(zoom * 100)}
      </button>
      <SightButton label="Further" sightKey="-" icon={Minus} onClick={sights.out} />
      <SightButton label="All of it" sightKey="F" icon={Maximize} onClick={sights.whole} />
    </div>
  )
}

const CELL =
  'relative flex h-7 items-center justify-center text-muted-foreground hover:bg-muted hover:text-foreground touch:h-11'

function SightButton({
  label,
  sightKey,
  icon,
  onClick,
}: {
  readonly label: string
  readonly sightKey: string
  readonly icon: IconShape
  readonly onClick: () => void
}) {
  return (
    <Tooltip label={label} keys={[sightKey]}>
      <button type="button" aria-label={label} className={classNames(CELL, 'w-[30px]')} onClick={onClick}>
        <Icon of={icon} size={14} />
      </button>
    </Tooltip>
  )
}

const VIEW = 'designer-view:'
function rememberView(name: string, view: Viewport): void {
  try {
    sessionStorage.setItem(VIEW + name, JSON.stringify(view))
  } catch {
    // A browser that keeps nothing forgets where one looked, and nothing else.
  }
}
function rememberedView(name: string): Viewport | null {
  try {
    const { x, y, zoom } = JSON.parse(sessionStorage.getItem(VIEW + name) ?? 'null') as Viewport
    return [x, y, zoom].every(Number.isFinite) ? { x, y, zoom } : null
  } catch {
    return null
  }
}
