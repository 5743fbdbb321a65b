import { Command } from 'cmdk'
import { Check, ChevronsUpDown } from 'lucide-react'
import { Popover } from 'radix-ui'
import { useId, useState } from 'react'
import { classNames } from './class-names.ts'
import { useField, useFieldLabel } from './Field.tsx'
import { Icon } from './Icon.tsx'
import { CONTROL, CONTROL_SIZE, type ControlSize } from './Input.tsx'
import type { Choice } from './Select.tsx'

/** One of many: type to find it. */
export function Combobox({
  choices,
  value,
  label,
  placeholder = 'Choose',
  search = 'Type to find',
  none = 'Nothing by that name.',
  size = 'md',
  disabled = false,
  onChange,
}: {
  readonly choices: readonly (Choice & { readonly aside?: string })[]
  readonly value: string | null
  /** Its name where no Field gives one. */
  readonly label?: string
  readonly placeholder?: string
  readonly search?: string
  readonly none?: string
  readonly size?: ControlSize
  readonly disabled?: boolean
  readonly onChange: (value: string) => void
}) {
  const [open, setOpen] = useState(false)
  const listId = useId()
  const field = useField()
  const labelledBy = useFieldLabel()
  const chosen = choices.find((choice) => choice.value === value)
  const valueId = `${listId}-value`
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger
        {...field}
        disabled={disabled}
        aria-haspopup="dialog"
        {...(label
          ? { 'aria-label': `${label}: ${chosen?.label ?? placeholder}` }
          : labelledBy && { 'aria-labelledby': `${labelledBy} ${valueId}` })}
        className={classNames(CONTROL, CONTROL_SIZE[size], 'flex items-center gap-2 text-left')}
      >
        <span
          id={valueId}
          className={classNames('min-w-0 flex-1 truncate', !chosen && 'text-muted-foreground')}
        >
          {chosen?.label ?? placeholder}
        </span>
        <Icon of={ChevronsUpDown} size={14} className="text-muted-foreground" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          aria-label={search}
          align="start"
          sideOffset={4}
          collisionPadding={12}
          className="z-[var(--z-popover)] w-[max(var(--radix-popover-trigger-width),240px)] data-[state=open]:animate-appear overflow-hidden rounded-md border border-border bg-popover text-popover-foreground shadow-md"
        >
          <Command label={search}>
            <Command.Input
              placeholder={search}
              className="h-10 w-full border-b border-border bg-transparent px-3 text-ui outline-none touch:h-11 touch:text-lead"
            />
            <Command.List label={search} className="max-h-64 overflow-y-auto p-1">
              <Command.Empty className="px-2 py-3 text-muted-foreground">{none}</Command.Empty>
              {choices.map((choice) => (
                <Command.Item
                  key={choice.value}
                  value={choice.label}
                  {...(choice.disabled && { disabled: true })}
                  onSelect={() => {
                    onChange(choice.value)
                    setOpen(false)
                  }}
                  className="flex min-h-[30px] items-center gap-2 rounded-[4px] px-2 touch:min-h-11 data-[disabled=true]:opacity-[.48] data-[selected=true]:bg-selected"
                >
                  <Icon of={Check} size={14} className={choice.value === value ? 'text-link' : 'invisible'} />
                  <span className="min-w-0 flex-1 truncate">{choice.label}</span>
                  {choice.aside && <span className="text-small text-muted-foreground">{choice.aside}</span>}
                </Command.Item>
              ))}
            </Command.List>
          </Command>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}
