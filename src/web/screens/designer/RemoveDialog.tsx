import { useState } from 'react'
import type { NodeId } from '../../../core/ids.ts'
import { remove, removeBranch } from '../../../core/journey/edit/edits.ts'
import { branchAt, type Edited, followerAt, type Place } from '../../../core/journey/edit/places.ts'
import type { Outline } from '../../../core/journey/outline.ts'
import { Button } from '../../../ui/Button.tsx'
import { RadioGroup } from '../../../ui/Checkbox.tsx'
import { DialogClose, Sheet } from '../../../ui/Dialog.tsx'
import { Field } from '../../../ui/Field.tsx'
import { Select } from '../../../ui/Select.tsx'
import { useBuilding } from './building.ts'
import { registry } from './registry.ts'
import type { Asking } from './removing.ts'
import { exitWord, nameOf } from './words.ts'

type Props = {
  /** What goes along, marked on the drawing as well. */
  readonly goes: readonly NodeId[]
  readonly onKeep: (exit: string) => void
  readonly onClose: () => void
  readonly onRemove: (label: string, edited: Edited) => void
}

/** What goes along is said, and marked on the drawing beside, before it goes; and where its couples are to go. */
export function RemoveDialog({ asking, ...rest }: Props & { readonly asking: Asking }) {
  return asking.is === 'step' ? (
    <RemoveStep id={asking.id} keep={asking.keep} {...rest} />
  ) : (
    <RemoveBranch place={asking.place} {...rest} />
  )
}

function RemoveStep({
  id,
  keep,
  goes,
  onKeep,
  onClose,
  onRemove,
}: Props & { readonly id: NodeId; readonly keep: string | null }) {
  const { outline } = useBuilding()
  const node = outline.node(id)
  if (!node) return null
  const exits = outline.exits(node).filter((exit) => followerAt(outline, { from: id, exit }) !== null)
  return (
    <Sheet
      open
      clear
      onOpenChange={onClose}
      title={`Remove “${nameOf(node)}”`}
      description="Several ways lead on from here. One of them stays: couples who came here go there."
      actions={
        <>
          <DialogClose>
            <Button>Leave it</Button>
          </DialogClose>
          <Button
            look="danger"
            onClick={() => onRemove(`Remove “${nameOf(node)}”`, remove(outline.journey, registry, id, keep))}
          >
            {toldCount(goes)}
          </Button>
        </>
      }
    >
      <RadioGroup
        label="The way that stays"
        value={keep ?? ''}
        onChange={onKeep}
        choices={exits.map((exit) => ({
          value: exit,
          label: exitWord(node, exit) || 'the way on',
        }))}
      />
      <Lost outline={outline} steps={goes.slice(1)} />
    </Sheet>
  )
}

function RemoveBranch({ place, goes, onClose, onRemove }: Props & { readonly place: Place }) {
  const { outline } = useBuilding()
  const node = outline.node(place.from)
  const { leadsTo } = branchAt(outline, place)
  const [to, setTo] = useState<string>(leadsTo[0] ?? ENDS)
  if (!node) return null
  const gone = new Set(goes)
  const others = outline.journey.nodes.filter(
    (one) => !gone.has(one.id) && one.kind !== 'trigger' && one.kind !== 'goal' && one.id !== node.id,
  )
  const word = exitWord(node, place.exit) || place.exit
  return (
    <Sheet
      open
      clear
      onOpenChange={onClose}
      title={`Remove the branch “${word}”`}
      actions={
        <>
          <DialogClose>
            <Button>Leave it</Button>
          </DialogClose>
          <Button
            look="danger"
            onClick={() =>
              onRemove(
                `Remove the branch “${word}”`,
                removeBranch(outline.journey, registry, place, to === ENDS ? null : (to as NodeId)),
              )
            }
          >
            {toldCount(goes)}
          </Button>
        </>
      }
    >
      <Field label="Where do its couples go?">
        <Select
          value={to}
          onChange={(event) => setTo(event.target.value)}
          choices={[
            ...others.map((one) => ({ value: one.id as string, label: nameOf(one) })),
            { value: ENDS, label: 'Nowhere: their path ends there' },
          ]}
        />
      </Field>
      <Lost outline={outline} steps={goes} />
    </Sheet>
  )
}

const toldCount = (goes: readonly NodeId[]): string =>
  goes.length === 1 ? 'Remove the step' : `Remove ${goes.length} steps`

/** No step can be called so. */
const ENDS = '!'
const TOLD_MAX = 6

function Lost({ outline, steps }: { readonly outline: Outline; readonly steps: readonly NodeId[] }) {
  if (steps.length === 0) return null
  const names = steps.slice(0, TOLD_MAX).flatMap((id) => outline.node(id) ?? [])
  return (
    <div className="mt-4">
      <p className="font-strong">
        {steps.length === 1 ? 'This step goes with it' : 'These steps go with it'}
      </p>
      <ul className="mt-1 list-disc pl-5 text-muted-foreground">
        {names.map((one) => (
          <li key={one.id}>{nameOf(one)}</li>
        ))}
        {steps.length > TOLD_MAX && <li>and {steps.length - TOLD_MAX} more</li>}
      </ul>
    </div>
  )
}
