import { OctagonAlert, Plus, TriangleAlert } from 'lucide-react'
import type { NodeId } from '../../../core/ids.ts'
import { Badge } from '../../../ui/Badge.tsx'
import { IconButton } from '../../../ui/Button.tsx'
import { classNames } from '../../../ui/class-names.ts'
import { useBuilding } from './building.ts'
import { useChoiceOf } from './choice.ts'
import type { Lane } from './lanes.ts'
import type { Drawn } from './layout.ts'
import { GOES, GoesBadge, type Shown, TileIcon } from './StepNode.tsx'
import { exitWord, nameOf } from './words.ts'

/** The same journey as a list: for a phone, and for whoever reads rather than looks. */
export function StepList({
  drawn,
  lanes,
  shown,
  onPress,
  onAdd,
}: {
  readonly drawn: Drawn
  readonly lanes: readonly Lane[]
  readonly shown: readonly Shown[]
  readonly onPress: (id: NodeId, more: boolean) => void
  readonly onAdd: (id: NodeId, near: Element) => void
}) {
  const { outline, mayEdit } = useBuilding()
  /** By which way one comes here, where it is not simply the next step. */
  const comesBy = (id: NodeId, before: NodeId | undefined): string => {
    const into = outline.into(id)
    const words = into.flatMap((way) => {
      const node = outline.node(way.from)
      if (!node || way.from === id) return []
      const word = exitWord(node, way.exit)
      const isNext = into.length === 1 && way.from === before
      return isNext && word === ''
        ? []
        : [`${isNext ? '' : `after “${nameOf(node)}”`}${word && !isNext ? ', ' : ''}${word}`]
    })
    return words.length > 2 ? `${words.slice(0, 2).join('; ')} …` : words.join('; ')
  }
  const laneOf = (id: NodeId | undefined): Lane | undefined => {
    const y = id === undefined ? undefined : drawn.spots.get(id)?.y
    return y === undefined ? undefined : lanes.findLast(({ top }) => top <= y)
  }
  return (
    <ol aria-label="Steps of the journey" className="max-w-[640px] pt-2 pb-6 max-md:px-4">
      {shown.map((one, index) => {
        const by = comesBy(one.id, shown[index - 1]?.id)
        const node = outline.node(one.id)
        const goesOn = node !== undefined && outline.exits(node).length > 0
        const lane = laneOf(one.id)
        return (
          <li key={one.id} className="relative pl-4">
            {lane && lane !== laneOf(shown[index - 1]?.id) && <PhaseHead lane={lane} isFirst={index === 0} />}
            <span
              aria-hidden="true"
              className={classNames(
                'absolute left-[3px] w-px bg-border-strong',
                index === 0 ? 'top-1/2' : 'top-0',
                index === shown.length - 1 ? 'bottom-1/2' : 'bottom-0',
              )}
            />
            {by !== '' && <p className="pt-1.5 text-small text-muted-foreground">{by}</p>}
            <div className="flex items-center gap-1 py-1">
              <Row one={one} onPress={onPress} />
              {mayEdit && goesOn && (
                <IconButton
                  look="ghost"
                  icon={Plus}
                  label={`Add a step after ${one.title}`}
                  onClick={(event) => onAdd(one.id, event.currentTarget)}
                />
              )}
            </div>
          </li>
        )
      })}
      {drawn.spots.size === 0 && <li>No step yet.</li>}
    </ol>
  )
}

function PhaseHead({
  lane: { phase, from, to },
  isFirst,
}: {
  readonly lane: Lane
  readonly isFirst: boolean
}) {
  if (phase === null) return null
  return (
    <p className={classNames('flex flex-wrap items-baseline gap-x-2 pb-1', !isFirst && 'pt-4')}>
      <b className="font-display text-h3 font-medium italic">{phase}</b>
      {from !== null && (
        <span className="text-small text-muted-foreground">
          {from}
          {to !== from && ` to ${to}`}
        </span>
      )}
    </p>
  )
}

function Row({
  one,
  onPress,
}: {
  readonly one: Shown
  readonly onPress: (id: NodeId, more: boolean) => void
}) {
  const { chosen, marked } = useChoiceOf(one.id)
  return (
    <button
      type="button"
      id={`step-${one.id}`}
      data-step={one.id}
      aria-pressed={chosen}
      onClick={(event) => onPress(one.id, event.shiftKey)}
      className={classNames(
        'flex min-h-[54px] min-w-0 flex-1 items-center gap-3 rounded-md border bg-card px-3 py-1.5 text-left',
        one.goes
          ? GOES
          : chosen || marked
            ? 'border-ring shadow-[0_0_0_1px_var(--ring)]'
            : 'border-border-strong shadow-xs',
      )}
    >
      <TileIcon tile={one.tile} icon={one.icon} />
      <span className="min-w-0 flex-1">
        <span
          className={classNames(
            'block',
            one.off ? 'text-muted-foreground' : 'font-strong',
            one.goes && 'line-through decoration-danger-mark',
          )}
        >
          {one.title}
        </span>
        <span className="block text-small text-muted-foreground">
          {[one.when, one.rule].filter(Boolean).join(' · ')}
        </span>
      </span>
      {one.goes && <GoesBadge />}
      {!one.goes && one.errors + one.warnings > 0 && (
        <Badge
          tone={one.errors > 0 ? 'danger' : 'warning'}
          icon={one.errors > 0 ? OctagonAlert : TriangleAlert}
        >
          {one.errors + one.warnings}
          <span className="sr-only"> to mend</span>
        </Badge>
      )}
    </button>
  )
}
