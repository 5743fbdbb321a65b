import { Check, Eye, Pause, SkipForward, TriangleAlert, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'
import { Icon, type IconShape } from './Icon.tsx'

/**
 * The thread everything hangs on: solid is past, dashed is planned, rose is now, the diamond is the wedding. It
 * is an ordered list, and each bead says its state in words to those who do not see it.
 */
export type Bead =
  | 'done'
  | 'planned'
  | 'key'
  | 'you'
  | 'skipped'
  | 'held'
  | 'risk'
  | 'failed'
  | 'wedding'
  | 'was'

type Look = { readonly says: string; readonly dress: string; readonly icon?: IconShape }
const LOOKS: { readonly [bead in Exclude<Bead, 'wedding' | 'was'>]: Look } = {
  done: { says: 'done', dress: 'border-thread-past bg-thread-past text-background', icon: Check },
  planned: { says: 'planned', dress: 'border-plan-mark bg-background' },
  key: { says: 'critical, has a deadline', dress: 'border-foreground bg-background' },
  you: { says: 'waits for you', dress: 'border-link bg-primary-tone-surface text-link', icon: Eye },
  skipped: {
    says: 'skipped',
    dress: 'border-border-strong bg-background text-muted-foreground',
    icon: SkipForward,
  },
  held: { says: 'held', dress: 'border-held-mark bg-held-surface text-held-text', icon: Pause },
  risk: {
    says: 'at risk',
    dress: 'border-warning-mark bg-warning-surface text-warning-text',
    icon: TriangleAlert,
  },
  failed: { says: 'failed', dress: 'border-danger-mark bg-danger-surface text-danger-text', icon: X },
}

export function Dot({ of }: { readonly of: Bead }) {
  if (of === 'wedding' || of === 'was')
    return (
      <span className="relative z-[1] inline-flex size-4 shrink-0 items-center justify-center">
        <Diamond hollow={of === 'was'} />
        <span className="sr-only">{of === 'was' ? 'a date it had' : 'the wedding'}</span>
      </span>
    )
  const { says, dress, icon } = LOOKS[of]
  return (
    <span
      className={classNames(
        'relative z-[1] inline-flex size-4 shrink-0 items-center justify-center rounded-full border-[1.5px]',
        dress,
      )}
    >
      {icon && <Icon of={icon} size={10} />}
      {of === 'key' && <span className="size-1.5 rounded-full bg-foreground" />}
      <span className="sr-only">{says}</span>
    </span>
  )
}

export function Diamond({
  small = false,
  hollow = false,
}: {
  readonly small?: boolean
  readonly hollow?: boolean
}) {
  return (
    <span
      aria-hidden="true"
      className={classNames(
        'inline-block shrink-0 rotate-45 rounded-[1.5px]',
        small ? 'size-2' : 'size-[11px]',
        hollow ? 'bg-card shadow-[inset_0_0_0_1.5px_var(--wedding)]' : 'bg-wedding',
      )}
    />
  )
}

export function Thread({
  label,
  when = 'day',
  children,
}: {
  readonly label: string
  /** What stands before the thread: a day with its hour, or the hour alone. */
  readonly when?: 'day' | 'hour'
  readonly children: ReactNode
}) {
  return (
    <ol
      aria-label={label}
      className={classNames(
        when === 'day' ? '[--when:200px]' : '[--when:128px]',
        'relative [&>li:first-child]:before:top-4 [&>li:last-child]:before:bottom-auto [&>li:last-child]:before:h-4',
      )}
    >
      {children}
    </ol>
  )
}

/** One thing on the thread: when, what, how it stands. On a phone the moment goes below the words. */
export function ThreadRow({
  bead,
  when,
  zone,
  dateTime,
  past = false,
  icon,
  end,
  sub,
  children,
  more,
}: {
  readonly bead: Bead
  readonly when: string
  readonly zone?: string
  readonly dateTime?: string
  readonly past?: boolean
  readonly icon?: IconShape
  readonly end?: ReactNode
  readonly sub?: ReactNode
  readonly children: ReactNode
  /** What an open row shows below itself: the margin note and the actions. */
  readonly more?: ReactNode
}) {
  return (
    <li
      className={classNames(
        'relative grid grid-cols-[16px_minmax(0,1fr)_auto] items-start gap-x-3 py-2 before:absolute before:top-0 before:bottom-0 before:left-[7px] before:border-l-[1.5px] md:grid-cols-[var(--when)_16px_minmax(0,1fr)_auto] md:gap-x-4 md:before:left-[calc(var(--when)+23px)]',
        past
          ? 'before:border-solid before:border-thread-past'
          : 'before:border-dashed before:border-thread-future',
        more !== undefined &&
          'my-1.5 -mx-3 rounded-md border border-border bg-card px-3 pb-3.5 shadow-sm before:-top-2 before:-bottom-2 before:left-[19px] md:-mx-4 md:px-4 md:before:left-[calc(var(--when)+39px)]',
      )}
    >
      <time
        dateTime={dateTime}
        className="order-4 col-start-2 col-end-4 text-muted-foreground md:order-none md:col-auto md:text-foreground"
      >
        <span className="md:font-medium">{when}</span>
        {zone && <span className="text-muted-foreground"> {zone}</span>}
      </time>
      <span className="mt-0.5 flex">
        <Dot of={bead} />
      </span>
      <span className={classNames('min-w-0', more === undefined && 'md:truncate')}>
        {icon && (
          <Icon
            of={icon}
            size={16}
            className="mr-1.5 hidden align-[-3px] text-muted-foreground md:inline-block"
          />
        )}
        <span className={past ? 'font-book' : 'font-strong'}>{children}</span>
        {sub && <span className="ml-2 hidden text-muted-foreground md:inline">{sub}</span>}
      </span>
      {end && <span className="flex h-5 items-center gap-1">{end}</span>}
      {more && (
        <div className="order-5 col-start-2 col-end-4 mt-2 min-w-0 md:col-start-3 md:col-end-5">{more}</div>
      )}
    </li>
  )
}

/** The name of what begins here: a phase of the story. */
export function ThreadHead({
  past = false,
  children,
}: {
  readonly past?: boolean
  readonly children: ReactNode
}) {
  return (
    <li
      className={classNames(
        'relative grid h-9 grid-cols-[16px_auto_minmax(0,1fr)] items-end gap-x-3 pb-1.5 before:absolute before:top-0 before:bottom-0 before:left-[7px] before:border-l-[1.5px] md:grid-cols-[var(--when)_16px_minmax(0,1fr)] md:gap-x-4 md:before:left-[calc(var(--when)+23px)]',
        past
          ? 'before:border-solid before:border-thread-past'
          : 'before:border-dashed before:border-thread-future',
      )}
    >
      <h3 className="col-start-2 text-micro font-strong tracking-eyebrow whitespace-nowrap text-muted-foreground uppercase md:col-start-1">
        {children}
      </h3>
      <span aria-hidden="true" className="col-start-3 mb-1.5 h-px bg-border" />
    </li>
  )
}

/** Between what was and what comes. */
export function NowLine({ children }: { readonly children: ReactNode }) {
  return (
    <li className="relative z-[2] my-0.5 grid h-6 before:hidden grid-cols-[16px_auto_minmax(0,1fr)] items-center gap-x-3 text-small font-bold text-now md:grid-cols-[var(--when)_16px_minmax(0,1fr)] md:gap-x-4">
      <span className="order-2 whitespace-nowrap md:order-1">{children}</span>
      <span className="order-1 flex justify-center md:order-2">
        <span className="size-[11px] rounded-full bg-now shadow-[0_0_0_3px_var(--background)]" />
      </span>
      <span className="order-3 h-px bg-now" />
    </li>
  )
}

/** A sentence comes with straight quotes; it is set in those of a book. */
const curly = (said: ReactNode): ReactNode =>
  typeof said === 'string' ? said.replace(/"([^"]*)"/g, '“$1”') : said

/** The margin note: one sentence, then its evidence as a plain list. */
export function Why({
  evidence = [],
  children,
}: {
  readonly evidence?: readonly { readonly term: string; readonly is: ReactNode }[]
  readonly children: ReactNode
}) {
  return (
    <div className="relative py-1 pl-[18px] before:absolute before:top-1.5 before:bottom-1.5 before:left-0 before:w-0.5 before:rounded-full before:bg-info-mark">
      <p className="font-display text-sentence italic text-pretty">{curly(children)}</p>
      {evidence.length > 0 && (
        <dl className="mt-2 grid grid-cols-[80px_minmax(0,1fr)] gap-x-3 md:grid-cols-[104px_minmax(0,1fr)] gap-y-0.5 text-small leading-5">
          {evidence.map(({ term, is }) => (
            <div key={term} className="contents">
              <dt className="text-muted-foreground">{term}</dt>
              <dd>{curly(is)}</dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  )
}
