import { Check, Minus } from 'lucide-react'
import { Checkbox as Radix, RadioGroup as RadixRadio, Switch as RadixSwitch } from 'radix-ui'
import { type ReactNode, useId } from 'react'
import { classNames } from './class-names.ts'
import { useField, useFieldLabel } from './Field.tsx'
import { Icon } from './Icon.tsx'
import type { Choice } from './Select.tsx'

const BOX =
  'relative inline-flex size-4 shrink-0 items-center justify-center border border-input bg-card transition-colors disabled:cursor-not-allowed disabled:opacity-[.48] after:absolute after:-inset-1 touch:after:-inset-[15px]'

/** A mark and its words: the words are part of what one may press. */
function Labelled({
  id,
  children,
  mark,
}: {
  readonly id: string
  readonly mark: ReactNode
  readonly children: ReactNode
}) {
  return (
    <span className="inline-flex min-h-6 items-center gap-1.5 touch:min-h-11">
      {mark}
      <label htmlFor={id} className="cursor-pointer">
        {children}
      </label>
    </span>
  )
}

type Tick = boolean | 'mixed'
type TickProps = {
  readonly checked?: Tick
  readonly defaultChecked?: boolean
  readonly disabled?: boolean
  readonly name?: string
  readonly onChange?: (checked: boolean) => void
}

/** `mixed` is "some of them"; pressing it takes all. Without words it needs `label`. */
export function Checkbox({
  children,
  label,
  checked,
  onChange,
  ...rest
}: TickProps & { readonly children?: ReactNode; readonly label?: string }) {
  const id = useId()
  const mark = (
    <Radix.Root
      id={id}
      {...(label && { 'aria-label': label })}
      {...(checked !== undefined && { checked: checked === 'mixed' ? 'indeterminate' : checked })}
      onCheckedChange={(now) => onChange?.(now === true)}
      {...rest}
      className={classNames(
        BOX,
        'group rounded-[4px] data-[state=checked]:border-primary data-[state=checked]:bg-primary data-[state=checked]:text-primary-foreground data-[state=indeterminate]:border-primary data-[state=indeterminate]:bg-primary data-[state=indeterminate]:text-primary-foreground',
      )}
    >
      <Radix.Indicator>
        <Icon of={Check} size={12} className="group-data-[state=indeterminate]:hidden" />
        <Icon of={Minus} size={12} className="hidden group-data-[state=indeterminate]:block" />
      </Radix.Indicator>
    </Radix.Root>
  )
  return children ? (
    <Labelled id={id} mark={mark}>
      {children}
    </Labelled>
  ) : (
    mark
  )
}

/** On or off, at once. What needs a "save" is a checkbox. */
export function Switch({
  children,
  checked,
  onChange,
  ...rest
}: Omit<TickProps, 'checked'> & { readonly checked?: boolean; readonly children: ReactNode }) {
  const id = useId()
  return (
    <Labelled
      id={id}
      mark={
        <RadixSwitch.Root
          id={id}
          {...(checked !== undefined && { checked })}
          {...(onChange && { onCheckedChange: onChange })}
          {...rest}
          className="relative h-[18px] w-8 shrink-0 rounded-full bg-input transition-colors disabled:cursor-not-allowed disabled:opacity-[.48] data-[state=checked]:bg-primary"
        >
          <RadixSwitch.Thumb className="block size-3.5 translate-x-0.5 rounded-full bg-card transition-transform duration-[var(--duration-quick)] data-[state=checked]:translate-x-4 data-[state=checked]:bg-primary-foreground" />
        </RadixSwitch.Root>
      }
    >
      {children}
    </Labelled>
  )
}

/** One of two to four, all in view. In a Field it takes its name from there. */
export function RadioGroup({
  label,
  choices,
  value,
  defaultValue,
  disabled,
  onChange,
}: {
  readonly label?: string
  readonly choices: readonly Choice[]
  readonly value?: string
  readonly defaultValue?: string
  readonly disabled?: boolean
  readonly onChange?: (value: string) => void
}) {
  const prefix = useId()
  const { id, ...field } = useField() as ReturnType<typeof useField> & { id?: string }
  const labelledBy = useFieldLabel()
  return (
    <RadixRadio.Root
      {...(id && { id })}
      {...field}
      {...(label ? { 'aria-label': label } : labelledBy && { 'aria-labelledby': labelledBy })}
      {...(value !== undefined && { value })}
      {...(defaultValue !== undefined && { defaultValue })}
      {...(disabled && { disabled })}
      {...(onChange && { onValueChange: onChange })}
      className="flex flex-wrap gap-x-4 gap-y-1"
    >
      {choices.map((choice) => (
        <Labelled
          key={choice.value}
          id={`${prefix}-${choice.value}`}
          mark={
            <RadixRadio.Item
              id={`${prefix}-${choice.value}`}
              value={choice.value}
              {...(choice.disabled && { disabled: true })}
              className={classNames(
                BOX,
                'rounded-full data-[state=checked]:border-5 data-[state=checked]:border-primary',
              )}
            />
          }
        >
          {choice.label}
        </Labelled>
      ))}
    </RadixRadio.Root>
  )
}
