import { Button } from './Button.tsx'

/** The end of a page of a longer list: how far one is, and the way on. */
export function LoadMore({
  shown,
  total,
  noun,
  busy = false,
  onMore,
}: {
  readonly shown: number
  /** null when counting all would cost too much. */
  readonly total: number | null
  readonly noun: string
  readonly busy?: boolean
  /** null at the end. */
  readonly onMore: (() => void) | null
}) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-3 py-3 text-small text-muted-foreground">
      <span aria-live="polite">
        {shown.toLocaleString()}
        {total !== null && ` of ${total.toLocaleString()}`} {noun}
        {onMore === null && ', the end'}
      </span>
      {onMore && (
        <Button size="sm" busy={busy} onClick={onMore}>
          Show more
        </Button>
      )}
    </div>
  )
}
