import type { Node as FlowNode, NodeProps } from '@xyflow/react'
import { OctagonAlert, Trash2, TriangleAlert } from 'lucide-react'
import { memo } from 'react'
import type { NodeId } from '../../../core/ids.ts'
import { Badge } from '../../../ui/Badge.tsx'
import { classNames } from '../../../ui/class-names.ts'
import { Icon, type IconShape } from '../../../ui/Icon.tsx'
import { useChoiceOf } from './choice.ts'
import type { Tile } from './words.ts'

export type Walk = 'passed' | 'here' | 'ahead' | 'never'

/** What a step shows on the drawing. Flat, so that one that did not change is not drawn again. */
export type Shown = {
  readonly id: NodeId
  readonly title: string
  /** Its moment for the chosen couple, or why there is none. */
  readonly when: string
  readonly rule: string
  readonly tile: Tile
  readonly icon: IconShape
  /** Not on the way of the chosen couple. */
  readonly off: boolean
  readonly critical: boolean
  readonly errors: number
  readonly warnings: number
  readonly takes: boolean
  /** It would go with what somebody is asked about. */
  readonly goes: boolean
  /** Where they are on it while their time runs ahead; null while nothing runs. */
  readonly walk: Walk | null
  readonly onPress: (id: NodeId, more: boolean) => void
}
export type ShownNode = FlowNode<Shown, 'step'>

const TILE: { readonly [tile in Tile]: string } = {
  speaks: 'bg-primary-tone-surface text-primary-tone-text',
  logic: 'bg-plan-surface text-plan-text',
  team: 'bg-tile text-tile-foreground',
  start: 'bg-primary text-primary-foreground',
}
export const TileIcon = ({ tile, icon }: { readonly tile: Tile; readonly icon: IconShape }) => (
  <span
    aria-hidden="true"
    className={classNames('flex size-8 shrink-0 items-center justify-center rounded-[6px]', TILE[tile])}
  >
    <Icon of={icon} />
  </span>
)

/** A step that would go, on the drawing and in the list. */
export const GOES = 'border-dashed border-danger-mark'
export const GoesBadge = () => (
  <Badge tone="danger" icon={Trash2}>
    goes
  </Badge>
)

const WALK: { readonly [walk in Walk]: string } = {
  passed: 'border-plan-mark',
  here: 'border-plan-mark shadow-[0_0_0_3px_color-mix(in_srgb,var(--plan-mark)_45%,transparent)]',
  ahead: 'border-dashed border-plan-mark',
  never: 'border-border bg-background',
}
const TOLD: { readonly [walk in Walk]: string } = {
  passed: 'passed',
  here: 'they are here',
  ahead: 'ahead',
  never: 'not on their path',
}

const OF_WEDDING = / the wedding$/

export const StepNode = memo(function StepNode({ data }: NodeProps<ShownNode>) {
  const { id, title, when, rule, errors, warnings, off } = data
  const { chosen, marked, entry } = useChoiceOf(id)
  return (
    <button
      type="button"
      id={`step-${id}`}
      data-step={id}
      tabIndex={entry ? 0 : -1}
      aria-pressed={chosen}
      onClick={(event) => data.onPress(id, event.shiftKey)}
      className={classNames(
        'nopan pointer-events-auto relative flex h-[50px] w-[304px] items-center gap-2.5 rounded-md border bg-card pr-3 pl-2.5 text-left',
        data.goes
          ? GOES
          : chosen || marked
            ? 'border-ring shadow-[0_0_0_2px_var(--ring),var(--shadow-sm)]'
            : data.walk === null
              ? 'border-border-strong shadow-xs hover:border-input'
              : WALK[data.walk],
        data.takes && 'ring-2 ring-ring',
      )}
    >
      {data.walk === 'passed' || data.walk === 'here' ? (
        <span className="flex size-8 shrink-0 items-center justify-center rounded-[6px] bg-plan-mark text-background">
          <Icon of={data.icon} />
        </span>
      ) : (
        <TileIcon tile={data.tile} icon={data.icon} />
      )}
      <span className="min-w-0 flex-1">
        <span
          title={title}
          className={classNames(
            'block truncate leading-[18px]',
            off ? 'font-book text-muted-foreground' : 'font-strong',
            data.goes && 'line-through decoration-danger-mark',
          )}
        >
          {title}
          {data.walk !== null && <span className="sr-only"> ({TOLD[data.walk]})</span>}
          {data.critical && (
            <span
              aria-hidden="true"
              className="ml-1.5 inline-flex size-[11px] items-center justify-center rounded-full border-[1.5px] border-foreground align-[-1px] after:size-1 after:rounded-full after:bg-foreground"
            />
          )}
        </span>
        <span className="flex justify-between gap-2 text-micro whitespace-nowrap text-muted-foreground">
          {when !== '' && (
            <span className={classNames('shrink-0', !off && 'font-medium text-foreground')}>{when}</span>
          )}
          <span className="min-w-0 truncate">
            {rule.replace(OF_WEDDING, '')}
            {/* Most rules hang on the wedding: where there is little room it goes without saying. */}
            {OF_WEDDING.test(rule) && <span className="sr-only"> the wedding</span>}
          </span>
        </span>
      </span>
      {data.goes && (
        <span className="absolute -top-2.5 -right-2 rounded-xs shadow-[0_0_0_2px_var(--background)]">
          <GoesBadge />
        </span>
      )}
      {!data.goes && errors + warnings > 0 && (
        <span className="absolute -top-2.5 -right-2 rounded-xs shadow-[0_0_0_2px_var(--background)]">
          <Badge tone={errors > 0 ? 'danger' : 'warning'} icon={errors > 0 ? OctagonAlert : TriangleAlert}>
            {errors + warnings}
            <span className="sr-only"> to mend</span>
          </Badge>
        </span>
      )}
    </button>
  )
})
