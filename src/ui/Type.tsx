import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'

/** How a screen says how things stand: one or two sentences, the first thing on it. */
export function Lede({
  dense = false,
  children,
}: {
  readonly dense?: boolean
  readonly children: ReactNode
}) {
  return (
    <h1
      tabIndex={-1}
      className={classNames(
        'mt-1 max-w-[860px] font-display tracking-display text-pretty [&_b]:font-bold',
        dense ? 'text-lede-dense' : 'text-lede-dense md:text-h1',
      )}
    >
      {children}
    </h1>
  )
}

export function Eyebrow({ children }: { readonly children: ReactNode }) {
  return (
    <p
      className={classNames(
        'text-micro font-strong tracking-eyebrow text-muted-foreground uppercase',
        REACHABLE,
      )}
    >
      {children}
    </p>
  )
}

/** A link that stands alone in a small line: under a finger it is as tall as any other thing to press. */
const REACHABLE =
  'touch:[&_a]:relative touch:[&_a]:after:absolute touch:[&_a]:after:-inset-x-2 touch:[&_a]:after:-inset-y-3.5'

/** A number or word that opens the list behind it. It dresses the link inside. */
export const DOOR =
  'underline decoration-border-strong decoration-dotted decoration-[1.5px] underline-offset-[0.22em] hover:decoration-current hover:decoration-solid rounded-xs'
export const LINK = 'font-medium text-link underline-offset-[3px] hover:underline rounded-xs'

/** The city of a time, always said, always quieter than the time. */
export const Zone = ({ children }: { readonly children: ReactNode }) => (
  <span className="font-normal text-muted-foreground">{children}</span>
)

/** A section is an ink rule, a serif head and rows: lines do the work of boxes. */
export function Section({
  title,
  meta,
  level = 2,
  children,
}: {
  readonly title: string
  readonly meta?: ReactNode
  readonly level?: 2 | 3
  readonly children: ReactNode
}) {
  const Head = level === 2 ? 'h2' : 'h3'
  return (
    <section className="border-t border-rule pt-2">
      <div className="flex min-h-7 items-baseline gap-2">
        <Head className="font-display text-h3 font-medium">{title}</Head>
        {meta && (
          <div className={classNames('ml-auto text-small text-muted-foreground', REACHABLE)}>{meta}</div>
        )}
      </div>
      {children}
    </section>
  )
}

/** For a thing (a wedding, a message, a template), never for grouping. */
export function Card({ pad = true, children }: { readonly pad?: boolean; readonly children: ReactNode }) {
  return (
    <article className={classNames('overflow-hidden rounded-md border border-border bg-card', pad && 'p-4')}>
      {children}
    </article>
  )
}
