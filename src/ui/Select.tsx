import { ChevronDown } from 'lucide-react'
import type { ComponentProps } from 'react'
import { classNames } from './class-names.ts'
import { useField } from './Field.tsx'
import { Icon } from './Icon.tsx'
import { CONTROL, CONTROL_SIZE, type ControlSize } from './Input.tsx'

export type Choice = { readonly value: string; readonly label: string; readonly disabled?: boolean }

/**
 * One of a few. The system's own list: on a phone it is the wheel people know, and it needs no script. More than
 * a dozen choices ask for a Combobox.
 */
export function Select({
  choices,
  size = 'md',
  look = 'field',
  placeholder,
  ...rest
}: Omit<ComponentProps<'select'>, 'className' | 'size' | 'children'> & {
  readonly choices: readonly Choice[]
  readonly size?: ControlSize
  /** `quiet`: in a row that is mostly read and seldom changed, the words alone until somebody comes near. */
  readonly look?: 'field' | 'quiet'
  readonly placeholder?: string
}) {
  const field = useField()
  return (
    <span className="relative block">
      <select
        {...field}
        {...(placeholder &&
          rest.value === undefined &&
          rest.defaultValue === undefined && { defaultValue: '' })}
        {...rest}
        className={classNames(
          CONTROL,
          CONTROL_SIZE[size],
          'appearance-none pr-8',
          look === 'quiet' &&
            'not-focus-visible:not-aria-invalid:not-hover:border-transparent not-focus-visible:not-hover:bg-transparent',
        )}
      >
        {placeholder && (
          <option value="" disabled>
            {placeholder}
          </option>
        )}
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value} disabled={choice.disabled}>
            {choice.label}
          </option>
        ))}
      </select>
      <Icon
        of={ChevronDown}
        size={14}
        className="pointer-events-none absolute top-1/2 right-2.5 -translate-y-1/2 text-muted-foreground"
      />
    </span>
  )
}
