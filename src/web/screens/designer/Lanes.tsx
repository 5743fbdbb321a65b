import { useViewport, type Viewport } from '@xyflow/react'
import { classNames } from '../../../ui/class-names.ts'
import type { Lane } from './lanes.ts'
import { type Drawn, STEP_HEIGHT, STEP_WIDTH } from './layout.ts'

/** Phases as lanes across the drawing; their names stay at its edge however far one has gone. */
export function Lanes({ lanes, drawn }: { readonly lanes: readonly Lane[]; readonly drawn: Drawn }) {
  const view = useViewport()
  return (
    <>
      <div aria-hidden="true" className="pointer-events-none absolute inset-0 z-0 overflow-hidden">
        {lanes.slice(1).map(({ top }) => (
          <div
            key={top}
            className="absolute inset-x-0 border-t border-border-strong"
            style={{ transform: `translateY(${Math.round(top * view.zoom + view.y)}px)` }}
          />
        ))}
      </div>
      <div aria-hidden="true" className="pointer-events-none absolute inset-0 z-[4] overflow-hidden">
        {lanes.map((lane, index) => {
          const place = nameAt(lane, lanes[index + 1], drawn, view)
          return place && <Name key={lane.top} lane={lane} place={place} />
        })}
      </div>
    </>
  )
}

const LEFT = 92
const NAME_WIDTH = 168
/** With the two lines of its days, and by itself. */
const NAME_HEIGHT = { withDays: 58, alone: 34 }
const PLATE_HEIGHT = 24
const SEARCHED_PX = 800
const PX_PER_LETTER = 6.4
const plateWidth = ({ phase, from, to }: Lane): number =>
  Math.round(((phase?.length ?? 0) + (from?.length ?? 0) + (to?.length ?? 0) + 6) * PX_PER_LETTER)

/** Where a name stands: on two lines beside the drawing, or on one line of a plate. */
export type NamePlace = Rect & { readonly isPlate: boolean }

/**
 * Under its line, or at the upper edge while one is inside the lane; the next one pushes it out. A name takes the room
 * it finds: where steps stand at the edge, or the lane is low, its plate goes where it covers nothing, or to the edge
 * when it would cover something everywhere. A lane too low for a plate is not named: it would lie on the next.
 */
export function nameAt(lane: Lane, next: Lane | undefined, drawn: Drawn, view: Viewport): NamePlace | null {
  const line = lane.top * view.zoom + view.y
  const nextLine = next ? next.top * view.zoom + view.y : Number.POSITIVE_INFINITY
  if (lane.phase === null || nextLine < 0 || nextLine - line < PLATE_HEIGHT) return null
  const topFor = (height: number): number => Math.round(Math.max(line, Math.min(0, nextLine - height)))
  const height = lane.from === null ? NAME_HEIGHT.alone : NAME_HEIGHT.withDays
  const beside = { left: LEFT, top: topFor(height), width: NAME_WIDTH, height }
  if (nextLine - line >= height && isFree(drawn, view, beside)) return { ...beside, isPlate: false }
  const plate = { top: topFor(PLATE_HEIGHT), width: plateWidth(lane), height: PLATE_HEIGHT, isPlate: true }
  for (let left = LEFT; left <= LEFT + SEARCHED_PX; left += 40)
    if (isFree(drawn, view, { ...plate, left })) return { ...plate, left }
  return { ...plate, left: LEFT }
}

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
  place: { left, top, isPlate },
}: {
  readonly lane: Lane
  readonly place: NamePlace
}) {
  const until = to !== null && to !== from ? to : null
  return (
    <div
      data-lane={isPlate ? 'plate' : 'free'}
      className={classNames(
        'absolute left-0',
        isPlate
          ? 'flex max-w-[60%] items-baseline gap-2 rounded-b-xs border border-t-0 border-border-strong bg-background px-2'
          : 'w-[168px] pt-2',
      )}
      style={{ transform: `translate(${left}px, ${top}px)`, ...(isPlate && { height: PLATE_HEIGHT }) }}
    >
      <b
        className={classNames(
          'block truncate font-display font-medium italic',
          isPlate ? 'text-ui leading-[22px]' : 'text-h3',
        )}
      >
        {phase}
      </b>
      {from !== null && (
        <span className="block text-micro whitespace-nowrap text-muted-foreground">
          {from}
          {until !== null && (
            <>
              {isPlate ? ' ' : <br />}
              to {until}
            </>
          )}
        </span>
      )}
    </div>
  )
}
