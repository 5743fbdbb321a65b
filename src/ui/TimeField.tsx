import { type KeyboardEvent, useId, useState } from 'react'
import { classNames } from './class-names.ts'
import { useField, Wrong } from './Field.tsx'
import { CONTROL, CONTROL_SIZE, type ControlSize } from './Input.tsx'
import { isWhole, readTime, type TimeOfDay, timeAfterKey, timeProblem } from './time-of-day.ts'

/** Where the arrows begin in a field that is empty. */
const MORNING: TimeOfDay = '09:00'

/**
 * A time of day, typed and shown on the clock of 24 hours like every other time in the app; the browser's own field
 * would follow its language into AM and PM. In a form it goes by its `name` and begins with `defaultValue`;
 * elsewhere `value` is what stands and `onChange` hears of another. `onUnclear` hears when what is typed is no time.
 */
export function TimeField({
  value,
  defaultValue,
  size = 'md',
  onChange,
  onUnclear,
  ...rest
}: {
  readonly value?: TimeOfDay | null
  readonly defaultValue?: TimeOfDay | undefined
  readonly name?: string
  readonly size?: ControlSize
  readonly disabled?: boolean
  readonly 'aria-label'?: string
  readonly onChange?: (at: TimeOfDay | null) => void
  readonly onUnclear?: (unclear: boolean) => void
}) {
  const field = useField()
  const wrongId = useId()
  const [own, setOwn] = useState(defaultValue ?? '')
  const at = value === undefined ? own : (value ?? '')
  // Over another time than it was typed over, what was typed is stale: somebody undid, or the arrows walked on.
  const [typed, setTyped] = useState<{ text: string; over: string; left: boolean } | null>(null)
  const text = typed?.over === at ? typed.text : at
  const isUnclear = typed?.over === at && typed.left && timeProblem(text) !== null
  const saysWrong = isUnclear && !field['aria-invalid']

  const keep = (next: TimeOfDay | '') => {
    setOwn(next)
    if (next !== at) onChange?.(next === '' ? null : next)
  }
  const type = (next: string) => {
    setTyped({ text: next, over: at, left: false })
    onUnclear?.(false)
    const read = isWhole(next) ? readTime(next) : null
    if (read || next.trim() === '') keep(read ?? '')
  }
  const leave = () => {
    if (typed?.over !== at) return
    const read = readTime(text)
    const unclear = timeProblem(text) !== null
    setTyped(unclear ? { ...typed, left: true } : null)
    onUnclear?.(unclear)
    if (!unclear) keep(read ?? '')
  }
  const walk = (event: KeyboardEvent) => {
    if (event.key === 'Enter') return leave()
    const from = readTime(text)
    const next = timeAfterKey(from ?? MORNING, event.key)
    if (!next) return
    event.preventDefault()
    setTyped(null)
    onUnclear?.(false)
    keep(from ? next : MORNING)
  }
  return (
    <>
      <input
        type="text"
        autoComplete="off"
        spellCheck={false}
        placeholder="hh:mm"
        {...field}
        {...rest}
        value={text}
        onChange={({ target }) => type(target.value)}
        onBlur={leave}
        onKeyDown={walk}
        aria-invalid={isUnclear || field['aria-invalid']}
        aria-describedby={
          [field['aria-describedby'], saysWrong && wrongId].filter(Boolean).join(' ') || undefined
        }
        className={classNames(CONTROL, CONTROL_SIZE[size], 'tabular-nums')}
      />
      <Wrong id={wrongId}>{saysWrong ? timeProblem(text) : null}</Wrong>
    </>
  )
}
