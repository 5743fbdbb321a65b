import { Eye, EyeOff } from 'lucide-react'
import { type ComponentProps, useState } from 'react'
import { classNames } from './class-names.ts'
import { useField } from './Field.tsx'
import { Icon, type IconShape } from './Icon.tsx'

export const CONTROL =
  'w-full rounded-sm border border-input bg-card text-foreground transition-[border-color,box-shadow] focus-visible:border-ring focus-visible:shadow-[0_0_0_3px_var(--selected)] focus-visible:outline-none aria-invalid:border-danger-mark disabled:cursor-not-allowed disabled:border-border disabled:bg-muted disabled:text-muted-foreground'
/** Under 16 px a phone's browser zooms into the field, so touch gets 16. */
export const CONTROL_SIZE = {
  md: 'h-8 px-2.5 text-ui touch:h-11 touch:text-lead',
  touch: 'h-11 px-3 text-phone touch:text-lead',
}
export type ControlSize = keyof typeof CONTROL_SIZE

type InputProps = Omit<ComponentProps<'input'>, 'className' | 'size'> & {
  readonly size?: ControlSize
  readonly icon?: IconShape
}

export function Input({ size = 'md', icon, ...rest }: InputProps) {
  const field = useField()
  const input = (
    <input {...field} {...rest} className={classNames(CONTROL, CONTROL_SIZE[size], icon && 'pl-8')} />
  )
  if (!icon) return input
  return (
    <span className="relative block">
      <Icon
        of={icon}
        size={14}
        className="pointer-events-none absolute top-1/2 left-2.5 -translate-y-1/2 text-muted-foreground"
      />
      {input}
    </span>
  )
}

export function TextArea({ rows = 3, ...rest }: Omit<ComponentProps<'textarea'>, 'className'>) {
  const field = useField()
  return (
    <textarea
      {...field}
      rows={rows}
      {...rest}
      className={classNames(CONTROL, 'block px-2.5 py-2 text-ui touch:text-lead')}
    />
  )
}

/** A password one may look at while typing it: fewer mistakes, and fewer resets. */
export function PasswordInput({ size = 'md', ...rest }: Omit<InputProps, 'type' | 'icon'>) {
  const [shown, setShown] = useState(false)
  const field = useField()
  return (
    <span className="relative block">
      <input
        spellCheck={false}
        autoCapitalize="off"
        {...field}
        {...rest}
        type={shown ? 'text' : 'password'}
        className={classNames(CONTROL, CONTROL_SIZE[size], 'pr-11')}
      />
      <button
        type="button"
        aria-label="Show the password"
        aria-pressed={shown}
        onClick={() => setShown(!shown)}
        className="absolute inset-y-0 right-0 flex w-10 items-center justify-center rounded-sm text-muted-foreground hover:text-foreground"
      >
        <Icon of={shown ? EyeOff : Eye} size={16} />
      </button>
    </span>
  )
}
