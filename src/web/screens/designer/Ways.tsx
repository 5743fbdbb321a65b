import { Plus } from 'lucide-react'
import { memo, type PointerEvent } from 'react'
import type { Place } from '../../../core/journey/edit/places.ts'
import { classNames } from '../../../ui/class-names.ts'
import { Icon } from '../../../ui/Icon.tsx'
import { type Drawn, STEP_WIDTH, type Way } from './layout.ts'

const BEND = 10
const OUT = 16

/** Down, aside into its column, down, and in: with rounded corners. */
export function pathOf({ start, end, lane, round }: Way): string {
  if (round) {
    return `M${start.x} ${start.y}V${start.y + OUT}H${lane}V${end.y}H${end.x}`
  }
  const out = start.y + OUT
  const into = end.y - OUT
  const first = corner(start.x, lane, out)
  const second = corner(lane, end.x, into)
  return `M${start.x} ${start.y}${first}${second}V${end.y}`
}

/** From one column into another at this height. */
function corner(from: number, to: number, y: number): string {
  const by = Math.min(BEND, Math.abs(to - from) / 2)
  if (by < 1) return ''
  const side = to > from ? 1 : -1
  return `V${y - by}Q${from} ${y} ${from + side * by} ${y}H${to - side * by}Q${to} ${y} ${to} ${y + by}`
}

/** Where the "+" of a way is: in its own column, where nothing else runs. */
export function plusOf(way: Way): { x: number; y: number } {
  if (way.to === null) return way.end
  if (way.round) return { x: way.lane, y: (way.start.y + OUT + way.end.y) / 2 }
  const top = way.lane === way.start.x ? way.start.y : way.start.y + OUT
  const bottom = way.lane === way.end.x ? way.end.y : way.end.y - OUT
  const hasWord = way.lane === way.start.x
  return {
    x: way.lane,
    y: isTight(way)
      ? bottom - 8
      : bottom - top < 60
        ? hasWord
          ? bottom - 14
          : (top + bottom) / 2 + 4
        : (top + bottom) / 2,
  }
}

/** Straight down and aside within one row: the word and the "+" have little room one above the other. */
const isTight = ({ lane, start, end }: Way): boolean =>
  lane === start.x && lane !== end.x && end.y - OUT - start.y < 60

/** On the stretch that is this way's alone, before it turns down: there the word belongs to no other. */
function wordAt(way: Way): { x: number; y: number } {
  const y = way.start.y + OUT
  const far = way.lane - way.parts
  return {
    x:
      Math.abs(far) < 60 ? way.lane : way.lane - Math.sign(far) * Math.min(Math.abs(far) / 2, WORD_FROM_TURN),
    y: isTight(way) ? way.start.y + 12 : Math.abs(far) < 1 ? y + 2 : y,
  }
}
const WORD_FROM_TURN = 120

export const WayLines = memo(function WayLines({
  drawn,
  dim,
  lit = NONE,
}: {
  readonly drawn: Drawn
  /** Not gone. */
  readonly dim: ReadonlySet<string>
  /** Gone already. */
  readonly lit?: ReadonlySet<string>
}) {
  const { left, width, height } = drawn
  // What is lit lies over what is not: where ways meet, the one that was gone is seen whole.
  const ways = lit.size === 0 ? drawn.ways : drawn.ways.toSorted((a, b) => rankOf(a) - rankOf(b))
  function rankOf({ id }: Way): number {
    return lit.has(id) ? 2 : dim.has(id) ? 0 : 1
  }
  const margin = STEP_WIDTH
  return (
    <svg
      aria-hidden="true"
      className="pointer-events-none absolute overflow-visible"
      style={{ left: 0, top: 0, width: width + margin, height: height + margin }}
      data-left={left}
    >
      {ways.map((way) => (
        <path
          key={way.id}
          d={pathOf(way)}
          fill="none"
          strokeWidth={lit.has(way.id) ? 2.5 : 1.5}
          {...(lit.has(way.id) && { 'data-lit': way.id })}
          className={
            lit.has(way.id)
              ? 'stroke-plan-mark'
              : dim.has(way.id)
                ? 'stroke-border-strong'
                : 'stroke-linen-500'
          }
          {...(!way.main && isDashed(way) && { strokeDasharray: '2 4', strokeLinecap: 'round' })}
        />
      ))}
    </svg>
  )
})

const NONE: ReadonlySet<string> = new Set()

/** Ways one hopes not to go: time that ran out, what was refused. */
const isDashed = ({ exit, round }: Way): boolean => round || /^(timeout|failed|refused|skipped)$/.test(exit)

const WayWord = ({ at, word }: { readonly at: { x: number; y: number }; readonly word: string }) => (
  <span
    className="pointer-events-none absolute flex h-[18px] items-center rounded-xs bg-background px-1.5 text-micro font-medium whitespace-nowrap text-muted-foreground"
    style={{ left: at.x, top: at.y, transform: 'translate(-50%, -50%)' }}
  >
    {/* As on the cards: where there is little room it goes without saying of what. */}
    {word.replace(/ the wedding\b/, '')}
  </span>
)

/** The words of ways one only looks at. */
export const WayWords = ({
  ways,
  wordOf,
}: {
  readonly ways: readonly Way[]
  readonly wordOf: (way: Way) => string
}) =>
  ways.map((way) => {
    const word = wordOf(way)
    return word === '' ? null : <WayWord key={way.id} at={wordAt(way)} word={word} />
  })

type PlusProps = {
  readonly way: Way
  readonly word: string
  readonly label: string
  readonly on: boolean
  readonly lit: boolean
  readonly mayEdit: boolean
  readonly onAdd: (place: Place, at: Element) => void
  readonly onPull: (way: Way, event: PointerEvent) => void
}

/** A way's word, and the place where a step can be added. A pull leads it to another step. */
export const WayPoint = memo(function WayPoint({
  way,
  word,
  label,
  on,
  lit,
  mayEdit,
  onAdd,
  onPull,
}: PlusProps) {
  const plus = plusOf(way)
  const at = wordAt(way)
  return (
    <>
      {word !== '' && <WayWord at={at} word={word} />}
      {mayEdit && (
        <button
          type="button"
          tabIndex={-1}
          data-way={way.id}
          aria-label={label}
          onClick={(event) => onAdd({ from: way.from, exit: way.exit }, event.currentTarget)}
          onPointerDown={(event) => onPull(way, event)}
          className={classNames(
            'nopan pointer-events-auto absolute -mt-2.5 -ml-2.5 flex size-5 items-center justify-center rounded-full border after:absolute after:-inset-1.5 touch:after:-inset-3',
            on
              ? 'scale-125 border-primary bg-primary text-primary-foreground'
              : lit
                ? 'border-primary bg-primary-tone-surface text-primary-tone-text'
                : 'border-border-strong bg-card text-muted-foreground hover:border-primary hover:bg-primary hover:text-primary-foreground',
          )}
          style={{ left: plus.x, top: plus.y }}
        >
          <Icon of={Plus} size={12} />
        </button>
      )}
    </>
  )
})
