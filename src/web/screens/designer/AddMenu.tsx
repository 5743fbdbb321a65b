import { Command } from 'cmdk'
import { Blocks, ClipboardPaste } from 'lucide-react'
import { Popover } from 'radix-ui'
import type { Clip } from '../../../core/journey/edit/clip.ts'
import { insert } from '../../../core/journey/edit/edits.ts'
import { type NewStep, newSteps } from '../../../core/journey/edit/new-step.ts'
import type { Place } from '../../../core/journey/edit/places.ts'
import type { Outline } from '../../../core/journey/outline.ts'
import { PIECES } from '../../../templates/pieces.ts'
import { Icon, type IconShape } from '../../../ui/Icon.tsx'
import { Eyebrow } from '../../../ui/Type.tsx'
import { registry } from './registry.ts'
import { iconOf, iconOfModule } from './words.ts'

export const STEPS: readonly NewStep[] = [...newSteps(registry), ...PIECES]
export const iconOfNew = (step: NewStep): IconShape => {
  if (step.group === 'Pieces') return Blocks
  const first = step.clip.nodes[0]
  return step.key.startsWith('module:') || !first ? iconOfModule(step.key.slice(7)) : iconOf(first)
}
const GROUPS = ['Messages', 'Time', 'Ways', 'Doing', 'Pieces', 'Ends'] as const
export type Group = (typeof GROUPS)[number]
const TOLD: Partial<Record<Group, string>> = { Pieces: 'Pieces, several steps at once' }
/** Only these depend on where they are put; all others go anywhere. */
const PICKY = new Set(['end', 'join'])

/** Everything that can be added here: type to find it. What cannot stand here says why. */
export function AddMenu({
  outline,
  place,
  near,
  inHand,
  first,
  onAdd,
  onClose,
}: {
  readonly outline: Outline
  readonly place: Place
  readonly near: Element | null
  readonly inHand: Clip | null
  /** The group that stands first. */
  readonly first: Group | null
  readonly onAdd: (clip: Clip, label: string) => void
  readonly onClose: () => void
}) {
  const groups = first === null ? GROUPS : [first, ...GROUPS.filter((group) => group !== first)]
  const whyNot = (step: NewStep): string | null => {
    if (!PICKY.has(step.key)) return null
    const edited = insert(outline.journey, registry, place, step.clip)
    return edited.ok ? null : edited.why
  }
  return (
    <Popover.Root open onOpenChange={(open) => !open && onClose()}>
      <Popover.Anchor virtualRef={{ current: near ?? document.body }} />
      <Popover.Portal>
        <Popover.Content
          aria-label="Add a step"
          side="right"
          align="start"
          sideOffset={10}
          collisionPadding={12}
          onCloseAutoFocus={(event) => event.preventDefault()}
          className="z-[var(--z-popover)] w-[min(340px,calc(100vw-24px))] overflow-hidden rounded-md border border-border bg-popover text-popover-foreground shadow-md data-[state=open]:animate-appear"
        >
          <Command label="Add a step" loop filter={fit}>
            <Command.Input
              autoFocus
              placeholder="Email, wait, if …"
              className="h-10 w-full border-b border-border bg-transparent px-3 outline-none touch:h-12 touch:text-lead"
            />
            <Command.List className="max-h-[min(420px,60vh)] overflow-y-auto p-1">
              <Command.Empty className="px-2 py-3 text-muted-foreground">Nothing by that name.</Command.Empty>
              {inHand && (
                <Item
                  icon={ClipboardPaste}
                  label={`Paste ${inHand.nodes.length === 1 ? 'the step' : `${inHand.nodes.length} steps`} in hand`}
                  about="What was copied or cut"
                  words={['paste', 'insert']}
                  onSelect={() => onAdd(inHand, 'Paste')}
                />
              )}
              {groups.map((group) => (
                <Command.Group
                  key={group}
                  heading={
                    <span className="block px-2 pt-2 pb-1">
                      <Eyebrow>{TOLD[group] ?? group}</Eyebrow>
                    </span>
                  }
                >
                  {STEPS.filter((step) => step.group === group).map((step) => {
                    const not = whyNot(step)
                    return (
                      <Item
                        key={step.key}
                        icon={iconOfNew(step)}
                        label={step.label}
                        about={not ?? step.about}
                        words={step.words}
                        disabled={not !== null}
                        onSelect={() => onAdd(step.clip, `Add “${step.label}”`)}
                      />
                    )
                  })}
                </Command.Group>
              ))}
            </Command.List>
          </Command>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}

/** How well a step fits what is typed: by its name first, then by a word of it, then by other words for it. */
export function fit(label: string, typed: string, words: readonly string[] = []): number {
  const [name, wanted] = [label.toLowerCase(), typed.trim().toLowerCase()]
  if (name === wanted) return 1
  if (name.startsWith(wanted)) return 0.9
  if (name.split(' ').some((word) => word.startsWith(wanted))) return 0.8
  if (words.some((word) => word.toLowerCase().startsWith(wanted))) return 0.6
  if (
    words.some((word) =>
      word
        .toLowerCase()
        .split(' ')
        .some((part) => part.startsWith(wanted)),
    )
  )
    return 0.5
  return name.includes(wanted) ? 0.3 : 0
}

function Item({
  icon,
  label,
  about,
  words,
  disabled = false,
  onSelect,
}: {
  readonly icon: IconShape
  readonly label: string
  readonly about: string
  readonly words: readonly string[]
  readonly disabled?: boolean
  readonly onSelect: () => void
}) {
  return (
    <Command.Item
      value={label}
      keywords={[...words]}
      disabled={disabled}
      onSelect={onSelect}
      className="flex min-h-9 items-start gap-2.5 rounded-[4px] px-2 py-1.5 aria-disabled:opacity-[.6] aria-selected:bg-muted touch:min-h-11"
    >
      <Icon of={icon} className="mt-0.5 text-muted-foreground" />
      <span className="min-w-0">
        <span className="block font-medium">{label}</span>
        <span className="block text-small text-muted-foreground">{about}</span>
      </span>
    </Command.Item>
  )
}
