import type { ReactNode } from 'react'

/** What would be here, and the next step towards it. */
export function EmptyState({
  title,
  level = 2,
  action,
  children,
}: {
  readonly title: string
  readonly level?: 2 | 3 | 4
  readonly action?: ReactNode
  readonly children?: ReactNode
}) {
  const Head = `h${level}` as const
  return (
    <div className="rounded-md border border-dashed border-border-strong px-6 py-5 text-center">
      <Head className="font-display text-[20px] leading-7 font-medium text-balance">{title}</Head>
      {children && (
        <div className="mx-auto mt-1 max-w-[60ch] text-muted-foreground text-pretty">{children}</div>
      )}
      {action && <div className="mt-3 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  )
}
