import { CalendarDays, ChevronLeft, ChevronRight } from 'lucide-react'
import { Popover } from 'radix-ui'
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { IconButton } from './Button.tsx'
import { classNames } from './class-names.ts'
import { useField, useFieldLabel } from './Field.tsx'
import { Icon } from './Icon.tsx'
import { CONTROL, CONTROL_SIZE, type ControlSize } from './Input.tsx'
import {
  addMonths,
  type Day,
  dayAfterKey,
  dayInMonth,
  isDay,
  monthOf,
  tellDay,
  tellDayInFull,
  tellMonth,
  weekdayName,
  weeksOf,
} from './month.ts'
import { Diamond } from './Thread.tsx'

/**
 * A calendar day. Closed it reads as people say it, weekday first; open it can be typed or picked. `today` is
 * given: the kit has no clock. `wedding` marks the day as the one everything hangs on.
 */
export function DateField({
  value,
  today,
  label,
  placeholder = 'No date yet',
  wedding = false,
  disabled = false,
  size = 'md',
  firstWeekday = 1,
  min,
  max,
  onChange,
}: {
  readonly value: Day | null
  readonly today: Day
  readonly label?: string
  readonly placeholder?: string
  readonly wedding?: boolean
  readonly disabled?: boolean
  readonly size?: ControlSize
  readonly firstWeekday?: number
  readonly min?: Day
  readonly max?: Day
  readonly onChange: (day: Day | null) => void
}) {
  const [open, setOpen] = useState(false)
  const field = useField()
  const labelledBy = useFieldLabel()
  const valueId = useId()
  const take = (day: Day) => {
    onChange(day)
    setOpen(false)
  }
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger
        {...field}
        disabled={disabled}
        {...(label
          ? { 'aria-label': `${label}: ${value ? tellDayInFull(value) : placeholder}` }
          : labelledBy && { 'aria-labelledby': `${labelledBy} ${valueId}` })}
        className={classNames(CONTROL, CONTROL_SIZE[size], 'flex items-center gap-2 text-left')}
      >
        {wedding && <Diamond small />}
        <span
          id={valueId}
          className={classNames('min-w-0 flex-1 truncate', !value && 'text-muted-foreground')}
        >
          {value ? <time dateTime={value}>{tellDay(value)}</time> : placeholder}
        </span>
        <Icon of={CalendarDays} size={14} className="text-muted-foreground" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          aria-label={label ?? 'Choose a day'}
          align="start"
          sideOffset={4}
          collisionPadding={12}
          className="z-[var(--z-popover)] data-[state=open]:animate-appear rounded-md border border-border bg-popover p-3 text-popover-foreground shadow-md"
        >
          <Sheet
            shown={value ?? today}
            {...{ value, today, wedding, firstWeekday, min, max }}
            onType={onChange}
            onTake={take}
          />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}

function Sheet({
  shown,
  value,
  today,
  wedding,
  firstWeekday,
  min,
  max,
  onType,
  onTake,
}: {
  readonly shown: Day
  readonly value: Day | null
  readonly today: Day
  readonly wedding: boolean
  readonly firstWeekday: number
  readonly min: Day | undefined
  readonly max: Day | undefined
  readonly onType: (day: Day | null) => void
  readonly onTake: (day: Day) => void
}) {
  const [at, setAt] = useState(shown)
  const grid = useRef<HTMLTableElement>(null)
  const walked = useRef(false)
  const month = monthOf(at)
  const allowed = (day: Day): boolean => (!min || day >= min) && (!max || day <= max)
  useEffect(() => {
    if (walked.current) grid.current?.querySelector<HTMLElement>(`[data-day="${at}"]`)?.focus()
  }, [at])
  const walk = (event: KeyboardEvent) => {
    const next = dayAfterKey(at, event.key, firstWeekday)
    if (!next) return
    event.preventDefault()
    walked.current = true
    setAt(next)
  }
  const turn = (months: number) => {
    walked.current = false
    setAt(dayInMonth(at, addMonths(month, months)))
  }
  return (
    <div className="w-[252px] touch:w-[308px]">
      <input
        type="date"
        aria-label="Type the date"
        defaultValue={value ?? ''}
        min={min}
        max={max}
        onChange={(event) => {
          const typed = event.target.value
          if (typed === '') onType(null)
          else if (isDay(typed) && allowed(typed)) {
            walked.current = false
            setAt(typed)
            onType(typed)
          }
        }}
        className={classNames(CONTROL, CONTROL_SIZE.md, '[&::-webkit-calendar-picker-indicator]:hidden')}
      />
      <div className="mt-2 flex items-center">
        <IconButton
          look="ghost"
          size="sm"
          icon={ChevronLeft}
          label="The month before"
          onClick={() => turn(-1)}
        />
        <p aria-live="polite" className="flex-1 text-center font-display text-h3 font-medium">
          {tellMonth(month)}
        </p>
        <IconButton
          look="ghost"
          size="sm"
          icon={ChevronRight}
          label="The month after"
          onClick={() => turn(1)}
        />
      </div>
      <table
        ref={grid}
        aria-label={tellMonth(month)}
        className="mt-1 w-full border-separate border-spacing-0"
        onKeyDown={walk}
      >
        <thead>
          <tr>
            {Array.from({ length: 7 }, (_, index) => ((firstWeekday - 1 + index) % 7) + 1).map((index) => (
              <th
                key={index}
                abbr={weekdayName(index, 'long')}
                scope="col"
                className="h-7 text-micro font-strong text-muted-foreground"
              >
                {weekdayName(index, 'narrow')}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeksOf(month, firstWeekday).map((week) => (
            <tr key={week[0]}>
              {week.map((day) => {
                const chosen = day === value
                const outside = monthOf(day).month !== month.month
                return (
                  <td key={day} className="p-0 text-center">
                    <button
                      type="button"
                      data-day={day}
                      aria-pressed={chosen}
                      tabIndex={day === at ? 0 : -1}
                      disabled={!allowed(day)}
                      aria-label={`${tellDayInFull(day)}${day === today ? ', today' : ''}`}
                      onClick={() => onTake(day)}
                      className={classNames(
                        'relative inline-flex size-8 items-center justify-center rounded-sm hover:bg-muted disabled:opacity-[.48] touch:size-11',
                        outside && 'text-muted-foreground',
                        chosen && !wedding && 'bg-primary text-primary-foreground hover:bg-primary-hover',
                        chosen && wedding && 'bg-rose-surface font-bold text-rose-text hover:bg-rose-surface',
                        day === today &&
                          'font-bold after:absolute after:bottom-1 after:h-0.5 after:w-3 after:rounded-full after:bg-now',
                      )}
                    >
                      {Number(day.slice(8))}
                    </button>
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
