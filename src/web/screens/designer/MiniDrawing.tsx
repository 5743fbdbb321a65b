import type { NodeId } from '../../../core/ids.ts'
import { useChoiceOf } from './choice.ts'
import type { Drawn, Spot } from './layout.ts'
import { STEP_HEIGHT, STEP_WIDTH } from './layout.ts'
import type { Shown } from './StepNode.tsx'
import { pathOf } from './Ways.tsx'

/** The whole drawing at a glance, above the list on a phone: to look at, and to touch a part of it. */
export function MiniDrawing({
  drawn,
  shown,
  onPress,
}: {
  readonly drawn: Drawn
  readonly shown: readonly Shown[]
  readonly onPress: (id: NodeId) => void
}) {
  const pad = 40
  const { left, width, height } = drawn
  return (
    <svg
      role="img"
      aria-label={`Drawing of the journey, ${shown.length} steps; the list below says the same`}
      viewBox={`${left - pad} ${-pad} ${width + 2 * pad} ${height + 2 * pad}`}
      preserveAspectRatio="xMidYMid meet"
      className="h-[150px] w-full border-b border-border bg-sunken"
    >
      {drawn.ways.map((way) => (
        <path key={way.id} d={pathOf(way)} fill="none" strokeWidth={6} className="stroke-border-strong" />
      ))}
      {shown.map((one) => {
        const spot = drawn.spots.get(one.id)
        if (!spot) return null
        return <Mark key={one.id} one={one} spot={spot} onPress={onPress} />
      })}
    </svg>
  )
}

function Mark({
  one,
  spot,
  onPress,
}: {
  readonly one: Shown
  readonly spot: Spot
  readonly onPress: (id: NodeId) => void
}) {
  const { chosen } = useChoiceOf(one.id)
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a shortcut for fingers; the list below is the way for everybody.
    <rect
      x={spot.x - STEP_WIDTH / 2}
      y={spot.y}
      width={STEP_WIDTH}
      height={STEP_HEIGHT}
      rx={10}
      {...(one.goes && { strokeDasharray: '24 16' })}
      strokeWidth={6}
      className={
        chosen && !one.goes
          ? 'fill-primary stroke-primary'
          : one.errors > 0 || one.goes
            ? 'fill-danger-surface stroke-danger-mark'
            : one.off
              ? 'fill-sunken stroke-border-strong'
              : 'fill-tile stroke-input'
      }
      onClick={() => onPress(one.id)}
    />
  )
}
