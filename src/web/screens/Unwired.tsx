import type { ReactNode } from 'react'
import { Button } from '../../ui/Button.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { Eyebrow, Lede } from '../../ui/Type.tsx'

/**
 * A room whose walls stand and whose data is not connected yet: it says so, says what will be here, and where
 * the same thing can be had meanwhile. Each screen replaces this with its own when its data arrives.
 */
export function Unwired({
  name,
  lede,
  meanwhile,
  next,
  children,
}: {
  readonly name: string
  readonly lede: ReactNode
  /** A command that does today what this room will do. */
  readonly meanwhile?: string
  /** Where one can go on in the app already. */
  readonly next?: ReactNode
  readonly children: ReactNode
}) {
  return (
    <>
      <Eyebrow>{name}</Eyebrow>
      <Lede>{lede}</Lede>
      <div className="mt-5 max-w-[860px]">
        <EmptyState
          title="This part is not here yet"
          action={
            <>
              {next}
              <Button asChild>
                <a href="/mailbox">Open the captured mailbox</a>
              </Button>
            </>
          }
        >
          <p>{children}</p>
          {meanwhile && (
            <p className="mt-3">
              On the command line, today:
              <code className="mx-auto mt-1 block w-fit rounded-xs bg-sunken px-1.5 py-0.5 font-mono text-small text-foreground [overflow-wrap:anywhere]">
                {meanwhile}
              </code>
            </p>
          )}
        </EmptyState>
      </div>
    </>
  )
}
