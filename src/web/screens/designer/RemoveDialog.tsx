import { useState } from 'react'
import type { NodeId } from '../../../core/ids.ts'
import { lostWith, remove, removeBranch } from '../../../core/journey/edit/edits.ts'
import { branchAt, type Edited, followerAt, mainExit, type Place } from '../../../core/journey/edit/places.ts'
import type { Outline } from '../../../core/journey/outline.ts'
import { Button } from '../../../ui/Button.tsx'
import { RadioGroup } from '../../../ui/Checkbox.tsx'
import { Dialog, DialogClose } from '../../../ui/Dialog.tsx'
import { Field } from '../../../ui/Field.tsx'
import { Select } from '../../../ui/Select.tsx'
import { useBuilding } from './building.ts'
import { registry } from './registry.ts'
import { exitWord, nameOf } from './words.ts'

export type Asking =
  | { readonly is: 'step'; readonly id: NodeId }
  | { readonly is: 'branch'; readonly place: Place }
type Props = {
  readonly onClose: () => void
  readonly onRemove: (label: string, edited: Edited) => void
}

/** What goes along is said before it goes, and where its couples are to go. */
export function RemoveDialog({ asking, ...rest }: Props & { readonly asking: Asking }) {
  return asking.is === 'step' ? (
    <RemoveStep id={asking.id} {...rest} />
  ) : (
    <RemoveBranch place={asking.place} {...rest} />
  )
}

function RemoveStep({ id, onClose, onRemove }: Props & { readonly id: NodeId }) {
  const { outline } = useBuilding()
  const node = outline.node(id)
  const [keep, setKeep] = useState(() => (node ? (mainExit(outline, node) ?? '') : ''))
  if (!node) return null
  const lost = lostWith(outline, id, keep)
  const exits = outline.exits(node).filter((exit) => followerAt(outline, { from: id, exit }) !== null)
  return (
    <Dialog
      open
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
            {lost.length === 0 ? 'Remove the step' : `Remove ${lost.length + 1} steps`}
          </Button>
        </>
      }
    >
      <RadioGroup
        label="The way that stays"
        value={keep}
        onChange={setKeep}
        choices={exits.map((exit) => ({
          value: exit,
          label: exitWord(node, exit) || 'the way on',
        }))}
      />
      <Lost outline={outline} steps={lost} />
    </Dialog>
  )
}

function RemoveBranch({ place, onClose, onRemove }: Props & { readonly place: Place }) {
  const { outline } = useBuilding()
  const node = outline.node(place.from)
  const { steps, leadsTo } = branchAt(outline, place)
  const [to, setTo] = useState<string>(leadsTo[0] ?? ENDS)
  if (!node) return null
  const gone = new Set(steps)
  const others = outline.journey.nodes.filter(
    (one) => !gone.has(one.id) && one.kind !== 'trigger' && one.kind !== 'goal' && one.id !== node.id,
  )
  const word = exitWord(node, place.exit) || place.exit
  return (
    <Dialog
      open
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
            {steps.length === 1 ? 'Remove the step' : `Remove ${steps.length} steps`}
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
      <Lost outline={outline} steps={steps} />
    </Dialog>
  )
}

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
