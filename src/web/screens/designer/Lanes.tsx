import { useViewport, type Viewport } from '@xyflow/react'
import { classNames } from '../../../ui/class-names.ts'
import type { Lane } from './lanes.ts'
import { type Drawn, STEP_HEIGHT, STEP_WIDTH } from './layout.ts'

/**
 * Phases as lanes across the drawing; their names stay at its edge however far one has gone. A name takes the room it
 * finds: two lines beside the drawing, or one line on its own plate where steps stand at the edge.
 */
export function Lanes({ lanes, drawn }: { readonly lanes: readonly Lane[]; readonly drawn: Drawn }) {
  const view = useViewport()
  return (
    <>
      <div aria-hidden="true" className="pointer-events-none absolute inset-0 z-0 overflow-hidden">
        {lanes.slice(1).map((lane) => (
          <div
            key={lane.phase}
            className="absolute inset-x-0 border-t border-border-strong"
            style={{ transform: `translateY(${Math.round(lane.top * view.zoom + view.y)}px)` }}
          />
        ))}
      </div>
      <div aria-hidden="true" className="pointer-events-none absolute inset-0 z-[4] overflow-hidden">
        {lanes.map((lane, index) => {
          const top = nameTop(lane, lanes[index + 1], view)
          return (
            <Name
              key={lane.phase}
              lane={lane}
              top={top}
              left={freeLeft(drawn, view, top, plateWidth(lane))}
            />
          )
        })}
      </div>
    </>
  )
}

const LEFT = 92
const NAME = { width: 168, height: 58 }
const PLATE_HEIGHT = 24

/** Under its line, or at the upper edge while one is inside the lane; the next one pushes it out. */
export function nameTop(
  lane: Lane,
  next: Lane | undefined,
  { y, zoom }: Pick<Viewport, 'y' | 'zoom'>,
): number {
  const line = lane.top * zoom + y
  const nextLine = next ? next.top * zoom + y : Number.POSITIVE_INFINITY
  return Math.round(Math.max(line, Math.min(0, nextLine - NAME.height)))
}

/**
 * How far from the left the name finds room: null for its two lines at the edge; else where its plate covers nothing,
 * or the edge when it would cover something everywhere.
 */
export function freeLeft(drawn: Drawn, view: Viewport, top: number, width: number): number | null {
  if (isFree(drawn, view, { left: LEFT, top, ...NAME })) return null
  for (let left = LEFT; left <= LEFT + SEARCHED_PX; left += 40)
    if (isFree(drawn, view, { left, top, width, height: PLATE_HEIGHT })) return left
  return LEFT
}
const SEARCHED_PX = 800
const PX_PER_LETTER = 6.4
const plateWidth = ({ phase, from, to }: Lane): number =>
  Math.round((phase.length + (from?.length ?? 0) + (to?.length ?? 0) + 6) * PX_PER_LETTER)

type Rect = { readonly left: number; readonly top: number; readonly width: number; readonly height: number }
function isFree(drawn: Drawn, { x, y, zoom }: Viewport, { left, top, width, height }: Rect): boolean {
  const covers = (from: number, to: number, above: number, below: number): boolean =>
    from * zoom + x < left + width &&
    to * zoom + x > left &&
    above * zoom + y < top + height &&
    below * zoom + y > top
  for (const spot of drawn.spots.values())
    if (covers(spot.x - STEP_WIDTH / 2, spot.x + STEP_WIDTH / 2, spot.y, spot.y + STEP_HEIGHT)) return false
  return !drawn.ways.some(
    ({ start, end, lane }) =>
      covers(lane - 12, lane + 12, start.y, end.y) ||
      covers(Math.min(start.x, lane), Math.max(start.x, lane), start.y, start.y + 26),
  )
}

function Name({
  lane: { phase, from, to },
  top,
  left,
}: {
  readonly lane: Lane
  readonly top: number
  readonly left: number | null
}) {
  const free = left === null
  const until = to !== null && to !== from ? to : null
  return (
    <div
      data-lane={free ? 'free' : 'plate'}
      className={classNames(
        'absolute left-0',
        free
          ? 'w-[168px] pt-2'
          : 'flex max-w-[60%] items-baseline gap-2 rounded-b-xs border border-t-0 border-border-strong bg-background px-2',
      )}
      style={{ transform: `translate(${left ?? LEFT}px, ${top}px)`, ...(!free && { height: PLATE_HEIGHT }) }}
    >
      <b
        className={classNames(
          'block truncate font-display font-medium italic',
          free ? 'text-h3' : 'text-ui leading-[22px]',
        )}
      >
        {phase}
      </b>
      {from !== null && (
        <span className="block text-micro whitespace-nowrap text-muted-foreground">
          {from}
          {until !== null && (
            <>
              {free ? <br /> : ' '}
              to {until}
            </>
          )}
        </span>
      )}
    </div>
  )
}
