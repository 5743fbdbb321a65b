import type { NodeProps } from '@xyflow/react'
import { memo, useState } from 'react'
import type { NodeId } from '../../../core/ids.ts'
import { classNames } from '../../../ui/class-names.ts'
import type { IconShape } from '../../../ui/Icon.tsx'
import { DOOR } from '../../../ui/Type.tsx'
import { BECAME, type Is } from '../designer/modes.ts'
import { TileIcon } from '../designer/StepNode.tsx'
import type { Tile } from '../designer/words.ts'
import { doorName, WORDS } from './figures.ts'

/** A step with what became of those who came to it. Flat, so that one that did not change is not drawn again. */
export type Counted = {
  readonly id: NodeId
  readonly title: string
  readonly tile: Tile
  readonly icon: IconShape
  readonly onOpen: (node: NodeId, is: Is) => void
} & { readonly [is in Is]: number }

/** The same card as when it is built; its second line holds numbers, and every number is a door. */
export const CountedStep = memo(function CountedStep({ data }: NodeProps & { readonly data: Counted }) {
  const { id, title, waiting } = data
  const became = BECAME.filter((is) => data[is] > 0)
  const moves = useMoves(waiting)
  const isQuiet = waiting === 0 && became.length === 0
  return (
    <div
      data-step={id}
      className={classNames(
        'pointer-events-auto relative flex h-[50px] w-[304px] items-center gap-2.5 rounded-md border pr-2 pl-2.5',
        isQuiet ? 'border-border bg-background' : 'border-border-strong bg-card shadow-xs',
      )}
    >
      {moves > 0 && (
        <span
          key={moves}
          data-pulse
          aria-hidden="true"
          className="pointer-events-none absolute -inset-px animate-pulse-once rounded-md motion-reduce:hidden"
        />
      )}
      <TileIcon tile={data.tile} icon={data.icon} />
      <div className="min-w-0 flex-1">
        <p
          className={classNames(
            'truncate leading-[18px]',
            isQuiet ? 'font-book text-muted-foreground' : 'font-strong',
          )}
        >
          {title}
        </p>
        <p className="flex items-center gap-2.5 text-micro whitespace-nowrap text-muted-foreground">
          {became.map((is) => (
            <span key={is} className={is === 'failed' ? 'text-danger-text' : ''}>
              <button
                type="button"
                aria-label={`${data[is].toLocaleString()}, ${title}: ${WORDS[is]}`}
                data-door={doorName(id, is)}
                onClick={() => data.onOpen(id, is)}
                className={`${DOOR} nopan relative font-strong text-foreground after:absolute after:-inset-x-2 after:-inset-y-1.5`}
              >
                {data[is].toLocaleString()}
              </button>{' '}
              {WORDS[is]}
            </span>
          ))}
          {isQuiet && 'nobody in this time'}
        </p>
      </div>
      {waiting > 0 && (
        <button
          type="button"
          aria-label={`${waiting.toLocaleString()}, ${title}: ${WORDS.waiting}`}
          data-door={doorName(id, 'waiting')}
          onClick={() => data.onOpen(id, 'waiting')}
          className="nopan flex h-8 min-w-8 shrink-0 items-center justify-center rounded-[6px] bg-plan-mark px-2 font-strong text-background tabular-nums hover:underline"
        >
          {waiting.toLocaleString()}
        </button>
      )}
    </div>
  )
})

/** How often somebody has come or gone while one looked on: the step pulses then, once for each. */
function useMoves(waiting: number): number {
  const [seen, setSeen] = useState({ waiting, moves: 0 })
  if (seen.waiting === waiting) return seen.moves
  const next = { waiting, moves: seen.moves + 1 }
  setSeen(next)
  return next.moves
}
