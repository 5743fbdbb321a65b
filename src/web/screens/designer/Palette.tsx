import { Blocks, Ellipsis } from 'lucide-react'
import type { PointerEvent } from 'react'
import type { NewStep } from '../../../core/journey/edit/new-step.ts'
import { Icon } from '../../../ui/Icon.tsx'
import { type Group, iconOfNew, STEPS } from './AddMenu.tsx'

const SHORT: { readonly [key: string]: string } = {
  wait: 'Wait',
  await: 'Until',
  condition: 'If',
  split: 'Split',
  task: 'Task',
  approval: 'Approval',
  goal: 'Goal',
  'module:email': 'Email',
  'module:sms': 'SMS',
  'module:form': 'Form',
}
const MESSAGES = STEPS.filter((step) => step.group === 'Messages').slice(0, 7)
const OTHERS = ['wait', 'await', 'condition', 'split', 'task', 'approval', 'goal'].flatMap(
  (key) => STEPS.find((step) => step.key === key) ?? [],
)
const CELL =
  'flex w-[52px] cursor-grab flex-col items-center gap-0.5 rounded-sm pt-1.5 pb-1 text-[10.5px] leading-[14px] text-muted-foreground hover:bg-muted hover:text-foreground active:cursor-grabbing'

/** What is added most: press it to add after the chosen step, or pull it onto a way. */
export function Palette({
  onAdd,
  onPull,
  onMore,
}: {
  readonly onAdd: (step: NewStep) => void
  readonly onPull: (step: NewStep, event: PointerEvent) => void
  readonly onMore: (near: Element, first?: Group) => void
}) {
  const cell = (step: NewStep) => (
    <button
      key={step.key}
      type="button"
      title={`${step.label}: ${step.about}`}
      className={CELL}
      onClick={() => onAdd(step)}
      onPointerDown={(event) => onPull(step, event)}
    >
      <Icon of={iconOfNew(step)} />
      {SHORT[step.key] ?? step.label.split(' ').at(-1)}
    </button>
  )
  return (
    <div
      role="toolbar"
      aria-label="Add a step"
      aria-orientation="vertical"
      className="absolute top-1/2 left-3 z-[5] flex max-h-[calc(100%-24px)] -translate-y-1/2 flex-col items-center gap-px overflow-y-auto rounded-[10px] border border-border bg-popover p-1 shadow-sm max-md:hidden"
    >
      {MESSAGES.map(cell)}
      <hr className="my-1 w-9 border-border" />
      {OTHERS.map(cell)}
      <hr className="my-1 w-9 border-border" />
      <button
        type="button"
        title="Pieces: several steps that belong together"
        className={CELL.replace('cursor-grab ', '')}
        onClick={(event) => onMore(event.currentTarget, 'Pieces')}
      >
        <Icon of={Blocks} />
        Pieces
      </button>
      <button
        type="button"
        title="Everything that can be added"
        className={CELL.replace('cursor-grab ', '')}
        onClick={(event) => onMore(event.currentTarget)}
      >
        <Icon of={Ellipsis} />
        More
      </button>
    </div>
  )
}
