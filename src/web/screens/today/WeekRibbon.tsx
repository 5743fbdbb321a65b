import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { classNames } from '../../../ui/class-names.ts'
import { Diamond } from '../../../ui/Thread.tsx'
import { firstNames, shortDay } from '../../times.ts'
import { type Outlook, type RibbonDay, type TodayFigures, weekOf } from './words.ts'

/** The week at a glance: how much goes out on each day, and whose wedding it is. */
export function WeekRibbon({
  outlook,
  figures,
}: {
  readonly outlook: Outlook
  readonly figures: TodayFigures
}) {
  return (
    <ol
      aria-label="The next seven days"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: on a phone it scrolls, and what scrolls must be reachable by key.
      tabIndex={0}
      className="-mx-5 mt-5 flex overflow-x-auto border-y border-border px-5 -outline-offset-2 md:mx-0 md:grid md:grid-cols-7 md:overflow-visible md:px-0"
    >
      {weekOf(outlook, figures).map((day, index) => (
        <OneDay key={day.on} of={day} isToday={index === 0} />
      ))}
    </ol>
  )
}

const BEADS_MAX = 14
const WEDDINGS_MAX = 3

function OneDay({
  of: { on, messages, gone, about, weddings },
  isToday,
}: {
  readonly of: RibbonDay
  readonly isToday: boolean
}) {
  const works = weddings.length > 0
  return (
    <li
      className={classNames(
        'relative min-h-[104px] w-[124px] shrink-0 px-3 py-2.5 md:w-auto md:min-w-0',
        !isToday && 'border-l border-border',
        works &&
          !isToday &&
          'bg-[repeating-linear-gradient(135deg,transparent_0_6px,color-mix(in_srgb,var(--border)_55%,transparent)_6px_7px)]',
        isToday &&
          'pl-0 before:absolute before:-top-px before:right-3 before:left-0 before:h-0.5 before:bg-now',
      )}
    >
      <p className={classNames('text-small', isToday ? 'font-strong text-now' : 'text-muted-foreground')}>
        {isToday ? `Today, ${shortDay(on)}` : shortDay(on)}
      </p>
      <p className="font-display text-h2">
        <ToThem of={on} isToday={isToday} some={messages > 0}>
          {about && <span className="mr-1 font-inter text-small text-muted-foreground">about</span>}
          {messages.toLocaleString()}
          <span
            className={classNames(
              'ml-1.5 font-inter text-small text-muted-foreground',
              !isToday && 'sr-only',
            )}
          >
            {messages === 1 ? 'message' : 'messages'}
            {!isToday && ` on ${shortDay(on)}`}
          </span>
        </ToThem>
      </p>
      <p aria-hidden="true" className="flex h-2.5 gap-[3px] overflow-hidden">
        {Array.from({ length: Math.min(messages, BEADS_MAX) }, (_, at) => (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: a bead is its place.
            key={at}
            className={classNames(
              'size-[7px] shrink-0 rounded-[1.5px] border-[1.5px]',
              at < gone ? 'border-thread-past bg-thread-past' : 'border-plan-mark',
            )}
          />
        ))}
      </p>
      <ul className="mt-1.5 grid gap-0.5">
        {weddings.slice(0, WEDDINGS_MAX).map((one) => (
          <li key={one.wedding} className="flex min-w-0 items-center gap-1.5 text-small">
            <Diamond small />
            <span className="sr-only">Wedding of </span>
            <Link
              to="/clients/$clientId"
              params={{ clientId: one.client }}
              className="min-w-0 truncate rounded-xs hover:underline"
            >
              {firstNames(one.names)}
            </Link>
          </li>
        ))}
        {weddings.length > WEDDINGS_MAX && (
          <li className="text-small text-muted-foreground">{weddings.length - WEDDINGS_MAX} more</li>
        )}
      </ul>
    </li>
  )
}

const DOOR_OF_A_DAY =
  'rounded-xs hover:underline hover:decoration-dotted hover:underline-offset-4 touch:relative touch:after:absolute touch:after:-inset-2.5'

/** A count is the door to what it counts: today's stand below, those of another day among what is planned. */
function ToThem({
  of,
  isToday,
  some,
  children,
}: {
  readonly of: string
  readonly isToday: boolean
  readonly some: boolean
  readonly children: ReactNode
}) {
  if (!some) return <span>{children}</span>
  return isToday ? (
    <a href="#going-out" className={DOOR_OF_A_DAY}>
      {children}
    </a>
  ) : (
    <Link to="/messages" search={{ is: 'planned', on: of }} className={DOOR_OF_A_DAY}>
      {children}
    </Link>
  )
}
